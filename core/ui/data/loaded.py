"""The pictures that a lesson's settings stand for."""

from __future__ import annotations

import streamlit as st

from core.data import Dataset, Split
from core.data.spec import OWN, DataSpec
from core.data.uploads import Upload
from core.lessons.data import DataFields

_UPLOAD, _MISSED = "_own_upload", "_missed_pictures"


def upload() -> Upload | None:
    """What the person has uploaded last, in this session."""
    known: Upload | None = st.session_state.get(_UPLOAD)
    return known


def keep(uploaded: Upload) -> None:
    """Let these be the person's own pictures from now on."""
    st.session_state[_UPLOAD] = uploaded


def own() -> Dataset | None:
    """The person's own pictures, as large as they are kept; None before an upload."""
    known = upload()
    return known.dataset if known else None


def dataset_of(lesson: DataFields, pictures: Dataset | None = None) -> Dataset:
    """The pictures that these settings stand for; made once and kept within a bound.

    Args:
        lesson: the settings.
        pictures: own pictures, where they are not those of this session.

    Raises:
        DataError: they are not here.
    """
    spec = lesson.data_spec()
    if spec.dataset != OWN:
        return spec.pictures()
    given = pictures or own()
    if given is None:
        return spec.pictures()
    return _made_one_size(given.digest, spec.model_dump_json(), given)


def parts_of(lesson: DataFields, pictures: Dataset | None = None) -> tuple[Dataset, Split]:
    """The pictures, and which of them are for training, validation and test.

    Raises:
        DataError: they are not here, or too few to be divided.
    """
    dataset = dataset_of(lesson, pictures)
    spec = lesson.data_spec()
    shares = (spec.training_share, spec.validation_share, spec.split_seed)
    return dataset, _divided(dataset.digest, shares, dataset, spec)


def missed(lesson: DataFields) -> None:
    """Remember that the page has said that these pictures are not here."""
    st.session_state[_MISSED] = lesson.dataset


def come(lesson: DataFields) -> None:
    """The pictures are here: run the whole page again where it has said that they are not.

    A download may end between two parts of the page, or while nobody watches it.
    """
    if st.session_state.pop(_MISSED, None) == lesson.dataset:
        st.rerun()


@st.cache_resource(max_entries=2, scope="session", show_spinner=False)
def _made_one_size(digest: str, settings: str, _given: Dataset) -> Dataset:
    """In the session's own cache: pictures of one person are nobody else's business."""
    return DataSpec.model_validate_json(settings).pictures(_given)


@st.cache_resource(max_entries=64, show_spinner=False)
def _divided(
    digest: str, shares: tuple[float, float, int], _dataset: Dataset, _spec: DataSpec
) -> Split:
    return _spec.divide(_dataset)
