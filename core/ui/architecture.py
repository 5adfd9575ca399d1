"""The network of a page: chosen, put together row by row, and counted."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from core.architecture import trace
from core.lessons.architecture import ArchitectureFields
from core.ui import state
from core.ui.controls import Controls

L = TypeVar("L", bound=ArchitectureFields)


def draw_settings(controls: Controls[L]) -> None:
    """The named network, and how its weights begin."""
    controls.draw("network", "initializer", "norm_order")


def show(
    kind: type[ArchitectureFields], input_shape: tuple[int, int, int], classes: int
) -> None:
    """The rows with their shapes and parameters.

    Args:
        kind: the page's settings.
        input_shape: (height, width, channels) of an image.
        classes: outputs of the network.
    """
    rows = trace(state.current(kind).built(), input_shape, classes)
    st.dataframe(
        [
            {"row": row.name, "output": row.shape_text, "parameters": row.parameters,
             "arithmetic": row.arithmetic or row.problem}
            for row in rows
        ],
        hide_index=True,
    )  # fmt: skip


def load_components() -> None:
    """Send the code of the components of this view; call once a page."""
