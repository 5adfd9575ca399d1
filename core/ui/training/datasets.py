"""The pictures and the network of the next run, and the pictures of those that were."""

from __future__ import annotations

import streamlit as st

from core.data.dataset import DataError, Dataset
from core.data.spec import OWN, DataSpec
from core.lessons.training import TrainingLesson
from core.training import Run

_OWN = "_own_pictures"


def of(run: Run) -> Dataset:
    """The pictures that a run learns from."""
    return run.spec.data.load(run.own)[0]


def own() -> Dataset | None:
    """The person's own pictures."""
    pictures: Dataset | None = st.session_state.get(_OWN)
    return pictures


def training_pictures(lesson: TrainingLesson) -> int:
    """How many pictures the next run trains on; 0 where they are not here yet."""
    return _count(lesson.data_spec(), own() if lesson.dataset == OWN else None)


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={Dataset: lambda d: d.digest})
def _count(spec: DataSpec, pictures: Dataset | None) -> int:
    try:
        return len(spec.load(pictures)[1].training)
    except DataError:
        return 0


def show_data() -> None:
    """Choose, see and divide the pictures."""


def show_network() -> None:
    """Choose a network, or put one together row by row."""
