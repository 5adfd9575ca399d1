"""The view "facts": areas, and how far two methods agree, with the pixels counted."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.lessons.masks_pictures import counted
from core.lessons.segment_case import SegmentCase
from core.ui.components import tiles
from core.ui.components.sight import percent
from core.ui.components.tiles import Tile
from core.vision.metrics import Comparison, match_boundaries

SIDE_PX = 300


def show_facts(case: SegmentCase) -> None:
    """What the object has of the picture; of two methods the counted pixels and measures."""
    if case.comparison is not None:
        _compared(case, case.comparison)
        return
    mask = case.masks[0]
    if mask is None:
        st.caption("The numbers come with the answer.")
        return
    inside = int((mask > 0.5).sum())
    st.latex(
        r"\text{area} = \frac{\text{pixels of the object}}{H \times W} = "
        rf"\frac{{{inside:,}}}{{{mask.shape[0]} \times {mask.shape[1]}}} = "
        rf"{inside / mask.size:.4f}".replace(",", r"{,}")
    )
    st.caption(
        "Choose a second method beside the stage: its mask is then compared with this one, "
        "pixel by pixel."
    )


def _compared(case: SegmentCase, found: Comparison) -> None:
    one, other = (part.title for part in case.segmented)
    st.caption(f"{one} is taken for the truth here, {other} for the prediction.")
    hits, extra, missed, neither = found.counts
    st.latex(
        rf"\text{{IoU}} = \frac{{TP}}{{TP + FP + FN}} = \frac{{{hits}}}"
        rf"{{{hits} + {extra} + {missed}}} = {found.iou:.4f},\quad "
        rf"\text{{Dice}} = \frac{{2\,TP}}{{2\,TP + FP + FN}} = {found.dice:.4f}"
    )
    outline = match_boundaries(found.truth, found.predicted)
    st.markdown(
        "| measure | of what | value |\n|---|---|--:|\n"
        f"| pixel accuracy | (TP + TN) / all, {neither:,} pixels in neither | "
        f"{percent(found.pixel_accuracy)} |\n"
        f"| precision | TP / (TP + FP) | {percent(found.precision)} |\n"
        f"| recall | TP / (TP + FN) | {percent(found.recall)} |\n"
        f"| boundary F | outlines within {outline.tolerance_px:.0f} px of each other | "
        f"{outline.f:.3f} |"
    )
    tiles.show(
        np.stack([counted(case.picture, found)]),
        [
            Tile(
                "Green: both. Blue: missed (FN). Orange: too much (FP).",
                alt=f"{hits:,} pixels of both masks, {missed:,} of {one} alone, {extra:,} of "
                f"{other} alone.",
            )
        ],
        key="segment_counted",
        alt="Pixels counted",
        side_px=SIDE_PX,
    )
    if found.pixel_accuracy > 0.9 and found.iou < 0.5:
        st.caption(
            "Most pixels are background in both, so that pixel accuracy is high whatever the "
            "object is taken for. IoU leaves them out."
        )
