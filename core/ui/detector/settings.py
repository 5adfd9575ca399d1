"""The controls of the next run, grouped by what they are about."""

from __future__ import annotations

import streamlit as st

from core.architecture.detector import BOX_NUMBERS, convolutions, parameters
from core.lessons.detector import DetectorLesson
from core.ui import refresh
from core.ui.controls import Controls

HIDEABLE = ("detector", "objects", "shown")
"""Families of controls that a link may hide."""


def draw() -> None:
    """All controls of the next run, and of how boxes are shown."""
    controls = Controls(DetectorLesson, refresh.SETTINGS, refresh.everything)
    controls.note_ranges()
    controls.show_notices()
    with st.expander("Boxes shown", expanded=True, icon=":material/visibility:"):
        controls.draw("shown_confidence", "shown_overlap")
        controls.pair("shown_truth", "shown_grid")
    with st.expander("Scenes", icon=":material/photo_library:"):
        _scenes(controls)
    with st.expander("Network", icon=":material/account_tree:"):
        _network(controls)
    with st.expander("Loss and optimiser", icon=":material/trending_down:"):
        controls.draw("detector_loss")
        controls.draw("detector_box_weight", "detector_empty_weight", "detector_class_weight")
        controls.draw("detector_optimizer", "detector_rate")
        controls.draw("detector_schedule", "detector_warmup")
    with st.expander("Epochs and batches", icon=":material/repeat:"):
        controls.draw("detector_batch", "detector_epochs", "detector_seed")
    with st.expander("Regularisation", icon=":material/blur_on:"):
        controls.draw("detector_flip", "detector_dropout", "detector_decay")
    controls.settle()


def _network(controls: Controls[DetectorLesson]) -> None:
    controls.draw("detector_cell", "detector_boxes", "detector_width", "detector_depth")
    controls.draw("detector_norm")
    lesson = controls.lesson
    network, side, kinds = lesson.network, lesson.side, lesson.objects_kinds
    cells = side // network.stride
    numbers = cells**2 * network.boxes * (BOX_NUMBERS + kinds)
    sees = convolutions(network, side, 3, kinds)[-1].sees
    st.caption(
        f"{cells} x {cells} cells x {network.boxes} x (5 + {kinds}) = {numbers:,} numbers a "
        f"picture; {parameters(network, side, kinds):,} parameters. A cell sees "
        f"{sees} x {sees} pixels."
    )


def _scenes(controls: Controls[DetectorLesson]) -> None:
    controls.draw("objects_data")
    if controls.lesson.objects_data == "own":
        controls.draw("objects_side")
        st.caption("Upload pictures and their boxes below, under Data.")
    else:
        controls.draw("objects_count", "objects_side", "objects_kinds")
        controls.pair("objects_fewest", "objects_most")
        controls.pair("objects_smallest", "objects_largest")
        controls.draw("objects_background", "objects_noise", "objects_overlap", "objects_seed")
    controls.pair("objects_training_percent", "objects_validation_percent")
