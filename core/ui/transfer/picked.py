"""A picture to look at with a run's model: a held-out one, the current image, an upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.images import ImageError, decode_image
from core.images.decode import MAX_BYTES
from core.training import Run
from core.ui import current_image
from core.ui.training.trying import as_learnt

Pixels = npt.NDArray[np.uint8]
Chosen = tuple[Pixels, str]
"""The picture as the model takes it, and what it is called."""
HELD_OUT, CURRENT, UPLOAD = "held-out picture", "current image", "upload"


def choose(run: Run[Any], *, key: str, on_change: Callable[[], None]) -> Chosen | None:
    """Draw the chooser; None as long as nothing is chosen.

    Args:
        run: whose pictures, and for whose model.
        key: begins the keys of all widgets.
        on_change: called when another picture was chosen.
    """
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        source = st.segmented_control(
            "Picture", (HELD_OUT, CURRENT, UPLOAD), default=HELD_OUT, key=f"{key}_source",
            required=True, wrap=True, on_change=on_change,
        )  # fmt: skip
    if source == CURRENT:
        photo = current_image.photo()
        return as_learnt(photo.pixels, run.pictures()), photo.title
    if source == UPLOAD:
        return _uploaded(run, key, on_change)
    with row:
        return _held_out(run, key, on_change)


def _held_out(run: Run[Any], key: str, on_change: Callable[[], None]) -> Chosen:
    """A picture that the model has not learnt from; those of validation come first."""
    dataset, split = run.pictures(), run.split()
    places = np.concatenate([split.validation, split.test]).tolist()
    names = dataset.class_names
    if st.session_state.get(f"{key}_place") not in places:
        st.session_state[f"{key}_place"] = places[0]
    place = st.select_slider(
        "Which", places, key=f"{key}_place", on_change=on_change, width=320,
        format_func=lambda index: f"{names[dataset.labels[index]]}, {index}",
        help="Validation pictures, then test pictures, with their class and number.",
    )  # fmt: skip
    return dataset.images[place], f"{names[dataset.labels[place]]}, picture {place}"


def _uploaded(run: Run[Any], key: str, on_change: Callable[[], None]) -> Chosen | None:
    uploaded = st.file_uploader(
        "A picture", key=f"{key}_file", max_upload_size=MAX_BYTES // 2**20, on_change=on_change
    )
    if uploaded is None:
        return None
    try:
        picture = decode_image(uploaded.getvalue())
    except ImageError as error:
        st.error(str(error), icon=":material/broken_image:")
        return None
    return as_learnt(picture, run.pictures()), uploaded.name
