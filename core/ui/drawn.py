"""How a drawing becomes a picture like MNIST's, step by step."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.images.drawn import BOX, SIDE, MnistSteps
from core.ui.pictures import crisp

_WIDTH_PX = 168


def show_steps(steps: MnistSteps) -> None:
    """Three pictures side by side, each with what was done.

    Args:
        steps: from `core.images.drawn.mnist_steps`.
    """
    titles = ("Cut out", f"Fitted into {BOX} x {BOX}", f"Centred in {SIDE} x {SIDE}")
    pictures = (steps.cut, steps.fitted, steps.picture)
    row = st.container(horizontal=True)
    for title, picture, words in zip(titles, pictures, steps.sentences, strict=True):
        with row.container(width=_WIDTH_PX):
            st.markdown(f"**{title}**")
            crisp(_square(picture), alt=f"{title}. {words}", caption=words, side=2 * _WIDTH_PX)


def _square(picture: np.ndarray) -> np.ndarray:
    """The picture in the middle of a black square, so that the three stand at one height."""
    height, width = picture.shape
    side = max(height, width)
    square = np.zeros((side, side), dtype=np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = picture
    return square
