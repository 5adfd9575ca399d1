"""The controls of the next run, grouped by what they are about."""

from __future__ import annotations

import streamlit as st

from core.architecture import yolov8
from core.architecture.detector import BOX_NUMBERS, convolutions, parameters
from core.lessons.detector import DetectorLesson
from core.ui import refresh
from core.ui.controls import Controls

HIDEABLE = ("detector", "kerascv", "objects", "shown")
"""Families of controls that a link may hide."""

SLOW = (
    "On two cores its graph takes about half a minute before the first step; with the usual "
    "scenes boxes are there after one minute, good ones after two."
)


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
        if controls.lesson.is_yolov8:
            controls.draw("kerascv_box_weight", "kerascv_class_weight")
        else:
            controls.draw("detector_loss", "detector_box_weight")
            controls.draw("detector_empty_weight", "detector_class_weight")
        controls.draw("detector_optimizer", "detector_rate")
        controls.draw("detector_schedule", "detector_warmup")
    with st.expander("Epochs and batches", icon=":material/repeat:"):
        controls.draw("detector_batch", "detector_epochs", "detector_seed")
    with st.expander("Regularisation", icon=":material/blur_on:"):
        controls.draw("detector_flip")
        if not controls.lesson.is_yolov8:
            controls.draw("detector_dropout")
        controls.draw("detector_decay")
    controls.settle()


def _network(controls: Controls[DetectorLesson]) -> None:
    controls.draw("detector_network")
    if controls.lesson.is_yolov8:
        controls.draw("kerascv_width", "kerascv_depth")
        st.caption(_yolov8_in_numbers(controls.lesson))
        return
    controls.draw("detector_cell", "detector_boxes", "detector_width", "detector_depth")
    controls.draw("detector_norm")
    st.caption(_grid_in_numbers(controls.lesson))


def _grid_in_numbers(lesson: DetectorLesson) -> str:
    network, side, kinds = lesson.network, lesson.side, lesson.objects_kinds
    cells = side // network.stride
    numbers = cells**2 * network.boxes * (BOX_NUMBERS + kinds)
    sees = convolutions(network, side, 3, kinds)[-1].sees
    return (
        f"{cells} x {cells} cells x {network.boxes} x (5 + {kinds}) = {numbers:,} numbers a "
        f"picture; {parameters(network, side, kinds):,} parameters. A cell sees "
        f"{sees} x {sees} pixels."
    )


def _yolov8_in_numbers(lesson: DetectorLesson) -> str:
    side, kinds = lesson.side, lesson.objects_kinds
    maps = [side // stride for stride in yolov8.STRIDES]
    summed, every = " + ".join(f"{cells} x {cells}" for cells in maps), yolov8.points(side)
    numbers = every * (yolov8.BOX_CHANNELS + kinds)
    return (
        f"{summed} = {every} cells x (4 x 16 + {kinds}) = {numbers:,} numbers a picture; "
        f"{yolov8.parameters(lesson.yolov8, kinds):,} parameters. {SLOW}"
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
