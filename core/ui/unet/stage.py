"""The stage: buttons, how the run goes, its curves."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.charts import LOSS
from core.curves import Chart
from core.lessons.unet import UNetLesson
from core.training import RunError
from core.training.segmentation import SegmentationSpec
from core.ui import curves, state
from core.ui.training import charts, steering
from core.ui.training.session import UNET, AnyRun
from core.ui.training.steering import button
from core.ui.unet import pairs

CHART_PX = 190
WITH, WITHOUT = "With skips", "Without skips"


def buttons(run: AnyRun | None) -> None:
    """Start, both at once, or what can be asked of the run that goes."""
    with st.container(horizontal=True, key="run_buttons"):
        if not UNET.busy:
            button("Start", "play_arrow", start, primary=True, help="Train with the settings.")
            text = "The same network with skip connections and without, one after the other."
            button("With and without skips", "compare_arrows", start_both, help=text)
        elif run is not None and not run.ended:
            steering.buttons(UNET, run)
        if run is not None:
            again = "Back to the same initial weights, with the settings as they are now."
            button("Rewind", "replay", rewind, help=again)


def start() -> None:
    """Callback: train with the page's settings."""
    _begin(paused=False)


def start_both() -> None:
    """Callback: two runs that differ in the skip connections alone."""
    lesson = state.current(UNetLesson)
    count = len(UNET.runs())
    try:
        specs = [_named(lesson, count + 1, skips=True), _named(lesson, count + 2, skips=False)]
        UNET.start_all(specs, pairs.own(lesson))
    except (RunError, ValueError) as error:
        UNET.say(str(error))
    st.rerun()


def _named(lesson: UNetLesson, number: int, *, skips: bool) -> SegmentationSpec:
    network = lesson.network.model_copy(update={"skips": skips})
    return lesson.run_spec(
        encoder="unet", unet=network, name=f"{number}. {WITH if skips else WITHOUT}"
    )


def rewind() -> None:
    """Callback: end what goes, and begin again from the same weights, paused."""
    if chain := UNET.chain():
        chain.stop()
    run = UNET.going() or UNET.shown()
    if run and not run.ended:
        run.stop()
        run.wait(5)
    _begin(paused=True)


def _begin(*, paused: bool) -> None:
    lesson = state.current(UNetLesson)
    try:
        spec = lesson.run_spec()
    except (RunError, ValueError) as error:
        UNET.say(str(error))
    else:
        UNET.start(spec, pairs.own(lesson), name=name_of(spec), paused=paused)
    st.rerun()


def name_of(spec: SegmentationSpec) -> str:
    """What tells a run apart in a list, behind its number."""
    if spec.encoder == "lite0":
        return "Lite0, " + ("frozen" if spec.encoder_frozen else "trained")
    skips = WITH if spec.unet.skips else WITHOUT
    return f"{skips.lower()}, depth {spec.unet.depth}, {spec.mask_loss}"


def show(lesson: UNetLesson) -> None:
    """Everything above the views."""
    run = UNET.going() or UNET.shown()
    buttons(run)
    if sentence := UNET.said():
        st.error(sentence, icon=":material/error:")
    _say_side(lesson)
    if run is None:
        st.info(
            "Press **Start**: a U-Net learns the class of every pixel, and you watch its masks "
            "sharpen below.",
            icon=":material/play_circle:",
        )
        return
    steering.tell(run)
    _to_come()
    steering.live_controls(UNET, run)
    curves.show(_chart(run), key="learning_curves", height_px=CHART_PX)


def _chart(run: AnyRun) -> Chart:
    """Loss, on a logarithmic scale, and mean IoU.

    In the first epochs batch norm's statistics are not those of the pictures yet, and the
    validation loss is a hundred times as high.
    """
    chart = charts.learning(run, rate=False)
    axes = tuple(replace(axis, log=axis.slug == LOSS.slug) for axis in chart.axes)
    return replace(chart, axes=axes)


def _say_side(lesson: UNetLesson) -> None:
    if lesson.side != lesson.scene_side:
        st.caption(
            f":material/straighten: {lesson.scene_side} pixels do not go through this network: "
            f"pictures of {lesson.side} x {lesson.side} are used."
        )


def _to_come() -> None:
    """What follows by itself."""
    if (chain := UNET.chain()) and chain.to_come:
        names = ", then ".join(spec.name.partition(". ")[2].lower() for spec in chain.to_come)
        st.caption(f":material/playlist_play: Next: {names}. Stop ends all of them.")
