"""The view "steps": how each method came to its answer."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.lessons.segment import Method
from core.lessons.segment_case import SegmentCase, Segmented
from core.lessons.segment_steps import chart, steps
from core.ui import curves
from core.ui.components import tiles
from core.ui.components.tiles import Tile

SIDE_PX = 240
CHART_PX = 200
_HOW: dict[Method, str] = {
    "saliency": "A network of 119 convolutions, a U of U's, trained on photos in which people "
    "had outlined what stands out. It says from 0 to 1 how much; the threshold is ours.",
    "deeplab": "A ResNet whose last convolutions are dilated, so that the maps stay larger; "
    "pyramids of dilation see near and far. It tells 20 classes and the background.",
    "threshold": "Grey levels alone. Otsu takes the level at which the two classes differ "
    "most: w0 w1 (m0 - m1)^2, shares and means of both sides.",
    "kmeans": "Each pixel goes to the nearest of k colours, each colour moves to the mean of "
    "its pixels, and so on until nothing changes. It knows nothing of objects.",
    "watershed": "Water rises from the markers; where two waters meet is a border. Too many "
    "markers, and one object falls apart.",
    "grabcut": "Five colours describe the inside of the box and five the outside; a cut "
    "through the picture parts both where colours change. Then the colours are learnt anew.",
    "superpixels": "k-means in colour and place, each patch looking only around itself. "
    "Patches are no objects: they are what other methods begin with.",
}


def show_steps(case: SegmentCase) -> None:
    """Pictures and curves on the way, of one or two methods."""
    for place, one in enumerate(case.segmented):
        if len(case.segmented) > 1:
            st.markdown(f"**{one.title}**")
        st.caption(_HOW[one.method])
        _show(case, one, place)


def _show(case: SegmentCase, one: Segmented, place: int) -> None:
    found = steps(case.picture, one)
    if not found:
        st.caption("The steps come with the answer.")
        return
    tiles.show(
        np.stack([step.picture for step in found]),
        [Tile(step.title, step.detail) for step in found],
        key=f"segment_steps_{place}",
        alt=f"Steps of {one.title}",
        side_px=SIDE_PX,
    )
    if (curve := chart(one)) is not None:
        curves.show(curve, key=f"segment_curve_{place}", height_px=CHART_PX)
