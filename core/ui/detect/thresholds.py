"""The view "thresholds": how many boxes there are at every confidence, and at every IoU."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.curves import Axis, Chart, Curve, Mark
from core.lessons.detect_case import DetectCase, confidences
from core.ui import curves
from core.vision.candidates import Candidates, Choice, choose

_CONFIDENCES = tuple(np.arange(2, 100, 2) / 100)
_IOUS = tuple(np.arange(0, 101, 5) / 100)


def show_thresholds(case: DetectCase) -> None:
    """Two curves for the first picture: the thresholds against the number of boxes."""
    one = case.looked[0]
    if one.candidates is None:
        st.caption("The curves come with the answer.")
        return
    choice = case.lesson.choice
    kept, likely, by_iou = _counts(
        f"{one.digest} {case.lesson.det_method} {case.lesson.side}", choice, one.candidates
    )
    stops = np.array(_CONFIDENCES)
    left, right = st.columns(2)
    with left:
        curves.show(
            Chart(
                axes=(Axis("loss", "Boxes by confidence", low=0),),
                curves=(
                    Curve("after suppression", stops, np.array(kept, float), number=0),
                    Curve("sure enough", stops, np.array(likely, float), number=1, shown=True),
                ),
                marks=(Mark(choice.confidence, "now"),),
                x_title="Confidence",
            ),
            key="detect_confidence",
        )
    with right:
        curves.show(
            Chart(
                axes=(Axis("loss", "Boxes by IoU threshold", low=0),),
                curves=(Curve("boxes", np.array(_IOUS), np.array(by_iou, float), number=0),),
                marks=(Mark(choice.iou, "now"),),
                x_title="IoU threshold",
            ),
            key="detect_iou",
        )
    st.caption(
        f"{one.title}. Nothing here asks the network again: all of its "
        f"{one.candidates.total:,} candidates are known, and each point of the curves chooses "
        "among them. The gap between the two curves on the left is what suppression takes away."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _counts(
    mark: str, choice: Choice, _candidates: Candidates
) -> tuple[list[int], list[int], list[int]]:
    """Boxes at each confidence, candidates at each confidence, boxes at each IoU."""
    del mark
    kept = confidences(_candidates, _CONFIDENCES, choice)
    likely = confidences(_candidates, _CONFIDENCES, replace(choice, iou=1.0))
    by_iou = [len(choose(_candidates, replace(choice, iou=iou))) for iou in _IOUS]
    return kept, likely, by_iou
