"""The view "training": one network without and with the pipeline, and draws at the test."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import engine
from core.augment import AugmentError
from core.augment.averaging import JudgedTwice, judge
from core.augment.safety import shown_by, verdict
from core.data.dataset import DataError
from core.engine import EngineError
from core.lessons.augmentation import AugmentationLesson
from core.lessons.augmentation_case import AugmentationCase
from core.lessons.augmentation_runs import compared, outcome_of, run_specs
from core.training import Run, RunError
from core.training.chain import Chain
from core.ui import curves
from core.ui.components import tiles
from core.ui.training import charts
from core.ui.training.session import TRAINING
from core.ui.training.status import status_line

_PAIR = "_augment_pair"
_JUDGED = "_augment_judged"
_EVERY = 0.8
"""Seconds between two looks at runs that go."""
_CHART_PX = 230
_SHOWN = 8
_MOST_TEST = 400
"""Test pictures that are asked about several times."""
_DRAWS = (2, 4, 8, 16, 32)


def show(case: AugmentationCase) -> None:
    """The button, the curves over one another, what came of it, and draws at the test."""
    lesson = case.lesson
    pair: Chain | None = st.session_state.get(_PAIR)
    st.markdown(
        f"The same small network learns twice from **{lesson.help_images} pictures** "
        f"({lesson.help_data}): as they are, and drawn anew in every epoch by the pipeline "
        "above. Weights and order begin alike. More settings under Runs, on the right."
    )
    st.caption(verdict(lesson.pipeline, shown_by(lesson.help_data)))
    if lesson.unreadable():
        st.warning("There is no pipeline to train with: see above.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        going = pair is not None and pair.going
        st.button(
            "Train without and with", type="primary", icon=":material/play_arrow:",
            key="augment_train", on_click=_start, args=(lesson,), disabled=going,
        )  # fmt: skip
        if going and pair:
            st.button("Stop", icon=":material/stop:", key="augment_stop", on_click=pair.stop)
    if sentence := TRAINING.said():
        st.error(sentence, icon=":material/error:")
    if pair is None:
        return
    _follow(pair)
    if not pair.going:
        _ended(pair)


def _start(lesson: AugmentationLesson) -> None:
    """Callback: hand the first run in; the second follows."""
    TRAINING.be_here()
    try:
        plain, later = run_specs(lesson)
        st.session_state[_PAIR] = Chain((plain, later), TRAINING.session())
    except RunError as error:
        TRAINING.say(str(error))
        return
    st.session_state.pop(_JUDGED, None)


def _follow(pair: Chain) -> None:
    """State and curves; drawn again and again while something goes."""
    going = pair.going

    @st.fragment(run_every=_EVERY if going else None)
    def look() -> None:
        for run in pair.runs:
            st.markdown(f"**{run.name.capitalize()}** · {status_line(run)}")
            if run.state == "failed":
                st.error(run.reason)
        if pair.problem:
            st.info(pair.problem)
        measured = [run for run in pair.runs if run.step]
        if measured:
            curves.show(charts.overlay(measured), key="augment_curves", height_px=_CHART_PX)
        if going and not pair.going:
            st.rerun()

    look()


def _ended(pair: Chain) -> None:
    """What came of it."""
    runs = pair.runs
    if [run.state for run in runs] != ["finished", "finished"]:
        return
    outcomes = [outcome_of(run.series()) for run in runs]
    st.markdown(compared(*outcomes))
    st.caption(
        "Training accuracy is measured on the pictures as they were drawn: harder ones, so it "
        "lies lower with the pipeline. Both runs stand on the page Training too, under Compare."
    )
    _at_the_test(*runs)


# Test-time augmentation


def _at_the_test(without: Run, with_it: Run) -> None:
    """Ask about several draws of each test picture, and take the mean."""
    st.markdown("**Test-time augmentation**: several draws of each test picture, and the mean")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draws = st.select_slider(
            "Draws of each picture", _DRAWS, 8, key="augment_tta", width=260
        )
        asked = st.button(
            "Judge the test pictures", icon=":material/gavel:", key="augment_judge"
        )
    if asked:
        with st.spinner("The network answers...", show_time=True):
            st.session_state[_JUDGED] = _judged([without, with_it], with_it, draws)
    known: list[JudgedTwice] | str | None = st.session_state.get(_JUDGED)
    if isinstance(known, str):
        st.warning(known)
    elif known:
        _judgements(known, with_it)


def _judged(runs: list[Run], with_it: Run, draws: int) -> list[JudgedTwice] | str:
    """Both models judged, or why that does not work."""
    try:
        return [
            judge(
                engine.connect(), run.model or b"", run.spec, with_it.spec.augments,
                draws=draws, most=_MOST_TEST,
            )
            for run in runs
        ]  # fmt: skip
    except (AugmentError, EngineError, DataError) as error:
        return str(error)


def _judgements(judged: list[JudgedTwice], with_it: Run) -> None:
    for column, one, name in zip(
        st.columns(2), judged, ("Trained without", "Trained with"), strict=True
    ):
        gained = 100 * (one.averaged_accuracy - one.accuracy)
        column.metric(
            f"{name}: right of {len(one.labels)}, mean of {one.draws} draws",
            f"{one.averaged_accuracy:.1%}",
            f"{gained:+.1f} points against {one.accuracy:.1%} of one look",
            delta_color="normal" if abs(gained) >= 0.05 else "off",
        )
    _changed(judged[-1], with_it)


def _changed(one: JudgedTwice, run: Run) -> None:
    """Pictures about which the mean says something else than one look."""
    mended, spoiled = one.mended[:_SHOWN], one.spoiled[:_SHOWN]
    rows = np.concatenate([mended, spoiled])
    if not len(rows):
        st.caption("The mean says the same as one look, picture by picture.")
        return
    dataset = run.pictures()
    names = dataset.class_names
    captions = []
    for row in rows.tolist():
        plain, mean = (names[int(part[row].argmax())] for part in (one.plain, one.averaged))
        truth = names[int(one.labels[row])]
        captions.append(tiles.Tile(f"{plain} → {mean}", f"it is {truth}", mean == truth))
    groups = [
        tiles.Group("Mended by the mean", len(mended), f"{len(one.mended)} in all"),
        tiles.Group("Spoiled by the mean", len(spoiled), f"{len(one.spoiled)} in all"),
    ]
    tiles.show(
        dataset.images[one.indices[rows]], captions, key="augment_changed",
        alt="Test pictures", groups=[group for group in groups if group.size], side_px=84,
    )  # fmt: skip
