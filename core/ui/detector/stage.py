"""The stage: buttons, how the run goes, its curves."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.architecture.yolov8 import Yolov8
from core.charts import LOSS
from core.curves import Axis, Chart, Curve
from core.lessons.detector import DetectorLesson
from core.training import RunError
from core.training.detection import DetectionSpec
from core.ui import curves, state
from core.ui.detector import curves_of, pictures
from core.ui.training import charts, steering
from core.ui.training.session import DETECTOR, AnyRun
from core.ui.training.steering import button

CHART_PX, PARTS_PX = 180, 260
AP = Axis("precision", "Average precision", low=0, high=1)
PART, IOU = Axis("parts", "Loss by part", log=True), Axis("iou", "Mean IoU", low=0, high=1)
_WORDS = {"box": "Boxes", "objectness": "Objectness", "class": "Classes"}


def buttons(run: AnyRun | None) -> None:
    """Start, or what can be asked of the run that goes."""
    with st.container(horizontal=True, key="run_buttons"):
        if not DETECTOR.busy:
            button("Start", "play_arrow", start, primary=True, help="Train with the settings.")
            wait = "Begin, and wait before the first batch: go on batch by batch."
            button("Start paused", "skip_next", start_paused, help=wait)
        elif run is not None and not run.ended:
            steering.buttons(DETECTOR, run)
        if run is not None:
            again = "Back to the same initial weights, with the settings as they are now."
            button("Rewind", "replay", rewind, help=again)


def start() -> None:
    """Callback: train with the page's settings."""
    _begin(paused=False)


def start_paused() -> None:
    """Callback: begin and wait before the first batch."""
    _begin(paused=True)


def rewind() -> None:
    """Callback: end what goes, and begin again from the same weights, paused."""
    run = DETECTOR.going() or DETECTOR.shown()
    if run and not run.ended:
        run.stop()
        run.wait(5)
    _begin(paused=True)


def _begin(*, paused: bool) -> None:
    lesson = state.current(DetectorLesson)
    try:
        spec = lesson.run_spec()
    except (RunError, ValueError) as error:
        DETECTOR.say(str(error))
    else:
        DETECTOR.start(spec, pictures.own(lesson), name=name_of(spec), paused=paused)
    st.rerun()


def name_of(spec: DetectionSpec) -> str:
    """What tells a run apart in a list, behind its number."""
    if isinstance(spec.detector, Yolov8):
        return f"YOLOv8, width {spec.detector.width}"
    boxes = "1 box" if spec.detector.boxes == 1 else f"{spec.detector.boxes} boxes"
    return f"{spec.box_loss}, {boxes} a cell, width {spec.detector.width}"


def show(lesson: DetectorLesson) -> None:
    """Everything above the views."""
    run = DETECTOR.going() or DETECTOR.shown()
    buttons(run)
    if sentence := DETECTOR.said():
        st.error(sentence, icon=":material/error:")
    if lesson.side != lesson.objects_side:
        st.caption(
            f":material/straighten: {lesson.objects_side} pixels are no whole number of cells "
            f"of {lesson.coarsest}: pictures of {lesson.side} x {lesson.side} are used."
        )
    if run is None:
        soon = "a minute" if lesson.is_yolov8 else "half a minute"
        st.info(
            "Press **Start**: a detector learns where shapes are and what they are, and you "
            f"watch its boxes tighten below. The first ones are seen within {soon}, good ones "
            "within two.",
            icon=":material/play_circle:",
        )
        return
    steering.tell(run)
    steering.live_controls(DETECTOR, run)
    curves.show(chart(run), key="learning_curves", height_px=CHART_PX)


def chart(run: AnyRun) -> Chart:
    """Loss, on a logarithmic scale, and average precision."""
    whole = charts.learning(run, rate=False)
    if run.spec.finds:
        return whole
    loss = tuple(curve for curve in whole.curves if curve.axis == LOSS.slug)
    return replace(
        whole,
        axes=(replace(LOSS, log=True), AP),
        curves=(*loss, *_precision(run)),
    )


def losses(run: AnyRun) -> None:
    """What the loss is the sum of, and how well the boxes that answer fit."""
    if run.spec.finds:
        st.info("The search for a learning rate is seen in its curve above.")
        return
    batches = curves_of.batches(run)
    fit = Curve(
        "Boxes that answer for an object", batches.steps, batches.values[curves_of.IOU],
        axis=IOU.slug, smoothing=charts.SMOOTHING,
    )  # fmt: skip
    panels = Chart((PART, IOU), (*_parts(run), fit), x_high=run.step)
    curves.show(panels, key="detector_parts", height_px=PARTS_PX)
    st.caption(_sum(run))


def _sum(run: AnyRun) -> str:
    """What the loss is the sum of."""
    box, empty, named = run.spec.weights
    curves_are = (
        "The curves have their weights in them. Full lines: training, batch by batch, "
        "smoothed; points: all validation pictures after each epoch. Right: IoU of the boxes "
        "of those cells that answer for an object with that object, training pictures."
    )
    if isinstance(run.spec.detector, Yolov8):
        return (
            f"Loss = {box:g} x boxes + {named:g} x classes, divided by how much of the batch's "
            "objects is answered for. Which cells answer is decided anew in every step: those "
            "whose box and class fit best already (task-aligned assignment), ten at most for "
            f"an object. {curves_are}"
        )
    return (
        f"Loss = {box:g} x boxes + objectness (empty cells x {empty:g}) + {named:g} x classes, "
        f"summed over a picture's cells. {curves_are}"
    )


def _precision(run: AnyRun) -> list[Curve]:
    """AP50 and AP of all validation pictures, and of a part of them as it goes."""
    ends, looks = curves_of.epochs(run), curves_of.looks(run)
    found = []
    for number, (name, column) in enumerate((("AP50", "ap50"), ("AP@[.5:.95]", "ap"))):
        found += [
            Curve(name, ends.steps, ends.values[column], "validation", AP.slug, number=number,
                  points=True),
            Curve(f"{name}, a part, live", looks.steps, looks.values[column], "validation",
                  AP.slug, number=number, shown=False),
        ]  # fmt: skip
    return found


def _parts(run: AnyRun) -> list[Curve]:
    """Each part of the loss: batch by batch, smoothed, and of the validation pictures."""
    batches, ends = curves_of.batches(run), curves_of.epochs(run)
    found = []
    for number, part in enumerate(curves_of.parts_of(run)):
        name = _WORDS[part]
        found += [
            Curve(name, batches.steps, batches.values[part], axis=PART.slug, number=number,
                  smoothing=charts.SMOOTHING),
            Curve(name, ends.steps, ends.values[part], "validation", PART.slug, number=number,
                  points=True),
        ]  # fmt: skip
    return found
