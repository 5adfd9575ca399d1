"""The view "boundary": the outlines of both masks, and which of their pixels match."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.lessons.masks_case import MasksCase
from core.lessons.masks_pictures import outlined
from core.ui.components import tiles
from core.ui.components.tiles import Tile

SIDE_PX = 384


def show_boundary(case: MasksCase) -> None:
    """Both boundaries, their matches within the tolerance, and F."""
    lines, found = case.outlines, case.comparison
    if lines is None or found is None:
        st.caption("The boundaries come with the masks.")
        return
    if case.blind:
        st.caption("Hidden while the truth is not shown: set Shown to errors.")
        return
    right, said = int(lines.right.sum()), int(lines.predicted.sum())
    matched, true = int(lines.found.sum()), int(lines.truth.sum())
    within = f"within {lines.tolerance_px:.0f} px"
    st.caption(
        "The boundary of a mask is its inner rim. A pixel of one boundary matches where the "
        f"other passes {within} (tolerance: beside the stage, under Shown). IoU of the areas "
        f"is {found.iou:.3f}."
    )
    tiles.show(
        np.stack(outlined(case.subject.picture, lines, SIDE_PX)),
        [
            Tile(
                "True boundary",
                f"green: matched, {matched:,} of {true:,}; blue, hollow: missed",
            ),
            Tile(
                "Painted boundary",
                f"green: matched, {right:,} of {said:,}; orange, hollow: too much",
            ),
        ],
        key="masks_boundary",
        alt="Boundaries",
        side_px=SIDE_PX,
    )
    st.latex(
        rf"P = \frac{{{right}}}{{{said}}} = {lines.precision:.3f},\quad "
        rf"R = \frac{{{matched}}}{{{true}}} = {lines.recall:.3f},\quad "
        rf"F = \frac{{2 P R}}{{P + R}} = {lines.f:.3f}"
    )
    st.caption(
        "Two masks without any boundary, both empty or both the whole picture, have F = 1. "
        "What is cut off by the picture's edge has no boundary there."
    )
