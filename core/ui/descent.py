"""Views of the page "Descent"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.arithmetic.optimizers import RULES
from core.arithmetic.stability import best_momentum, best_rate, limit
from core.arithmetic.verdicts import NAMES, brief
from core.export.descent_code import descent_script
from core.export.descent_picture import descent_gif, descent_png
from core.export.descent_table import descent_csv
from core.lessons.descent import LANES, DescentLesson
from core.lessons.descent_case import DescentCase, build
from core.ui import downloads, page, predict, refresh, state
from core.ui.components.descent import code, descent
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal

STAGE = "descent_stage"
HIDEABLE = (
    "surface", "curvature", "condition", "tilt", "optimizer", "rate", "beta", "rho",
    "descent_steps", "start", "gradient", "clip", "shrink", "mini_batch", "noise_seed", "zoom",
    "shown",
)  # fmt: skip
ROOM = 4
"""Controls that fit side by side above the stage; the others stand in the settings."""


def load_components() -> None:
    """Send the code of the page's component, once."""
    code.load()


def draw_main(controls: Controls[DescentLesson]) -> None:
    """Learning rates, steps, and what else there is room for, in one row."""
    controls.row(*_main(controls.lesson))


def _main(lesson: DescentLesson) -> list[str]:
    """The fields whose controls stand above the stage."""
    names = [f"rate_{lane}" for lane in lesson.lanes[: ROOM - 1]] + ["descent_steps"]
    if {lesson.rule(lane) for lane in lesson.lanes} & {"momentum", "nesterov"}:
        names.append("beta_velocity")
    if lesson.surface == "bowl":
        names.append("condition")
    return names[:ROOM]


def draw_settings(controls: Controls[DescentLesson]) -> None:
    """All other settings, in tabs."""
    surface, racers, gradient, more = st.tabs(["Surface", "Racers", "Gradient", "More"])
    with surface:
        _surface_settings(controls)
    with racers:
        _racer_settings(controls)
    with gradient:
        _gradient_settings(controls)
    with more:
        _more_settings(controls)


def _surface_settings(controls: Controls[DescentLesson]) -> None:
    now = controls.lesson
    controls.react("surface", _surface_chosen)
    controls.draw("surface")
    st.caption(now.landscape().explanation)
    if now.surface == "bowl":
        if "condition" not in _main(now):
            controls.draw("condition")
        controls.draw("curvature", "tilt")
    controls.draw("start", "zoom")
    st.button("Start and learning rates that suit", on_click=_suit)


def _racer_settings(controls: Controls[DescentLesson]) -> None:
    """Those who take part, and one more to be chosen."""
    now = controls.lesson
    free = next((lane for lane in LANES if lane not in now.lanes), None)
    for lane in LANES:
        if lane in now.lanes:
            controls.draw(f"optimizer_{lane}")
            if f"rate_{lane}" not in _main(now):
                controls.draw(f"rate_{lane}")
        elif lane == free:
            controls.react(f"optimizer_{lane}", lambda: _joined(free))
            controls.draw(f"optimizer_{lane}")
    with st.expander("Race"):
        st.button("Learning rates: a tenth, this, ten times", on_click=_race_rates)
        st.button("All seven optimisers", on_click=_race_all)
        st.button("A alone", on_click=_alone, disabled=len(now.lanes) == 1)


def _gradient_settings(controls: Controls[DescentLesson]) -> None:
    now = controls.lesson
    controls.draw("gradient_clipping")
    if now.gradient_clipping != "off":
        controls.draw("clip_bound")
    controls.draw("mini_batch" if now.landscape().examples else "gradient_noise")
    controls.draw("noise_seed", "shrink")
    if now.shrink:
        controls.draw("shrink_as")


def _more_settings(controls: Controls[DescentLesson]) -> None:
    now = controls.lesson
    rules = {now.rule(lane) for lane in now.lanes}
    if rules & {"momentum", "nesterov"} and "beta_velocity" not in _main(now):
        controls.draw("beta_velocity")
    if rules & {"adam", "adamw"}:
        controls.pair("beta_mean", "beta_square")
    if "rmsprop" in rules:
        controls.draw("rho_square")
    controls.draw("rate_schedule")
    if now.rate_schedule in ("step", "exponential"):
        controls.pair("rate_drop", "rate_every")
    if now.rate_schedule == "warmup":
        controls.draw("rate_warmup")
    controls.draw("shown_step", "shown_lane")


def _assign(lesson: DescentLesson) -> None:
    state.assign(lesson)
    refresh.everything()


def _surface_chosen() -> None:
    _assign(state.current(DescentLesson).suited())


def _suit() -> None:
    _assign(state.current(DescentLesson).suited())


def _joined(lane: str) -> None:
    """A new racer comes with a learning rate that suits the surface."""
    lesson = state.current(DescentLesson)
    rate = lesson.landscape().rate_for(lesson.rule(lane))
    _assign(lesson.with_value(f"rate_{lane}", rate))


def _race_rates() -> None:
    lesson = _bare(state.current(DescentLesson))
    values = {"shown_lane": "a"}
    rates = {
        f"rate_{lane}": min(max(float(f"{lesson.rate_a * times:.3g}"), 1e-5), 10.0)
        for lane, times in (("a", 0.1), ("b", 1.0), ("c", 10.0))
    }
    rules = {f"optimizer_{lane}": lesson.optimizer_a for lane in "bc"}
    _assign(lesson.model_copy(update=values | rates | rules))


def _race_all() -> None:
    lesson = state.current(DescentLesson)
    rules = {f"optimizer_{lane}": rule for lane, rule in zip(LANES, RULES, strict=True)}
    _assign(lesson.model_copy(update=rules).suited_rates())


def _alone() -> None:
    _assign(_bare(state.current(DescentLesson)))


def _bare(lesson: DescentLesson) -> DescentLesson:
    """A without the others."""
    off = {f"optimizer_{lane}": "off" for lane in LANES[1:]}
    return lesson.model_copy(update=off | {"shown_lane": "a"})


def case_of(lesson: DescentLesson) -> DescentCase:
    """The lesson's numbers."""
    return build(lesson)


def draw_stage(case: DescentCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The surface, with its messages taken into the lesson."""
    descent(
        case,
        key=STAGE,
        conceal=conceal,
        large=large,
        settle=settle,
        on_start=_start_moved,
        on_pin=_pinned,
    )


def _start_moved() -> None:
    place, _, how = said(STAGE, "start").partition(";")
    if not place:
        return
    state.assign(state.current(DescentLesson).with_value("start", place))
    if how == "drag":  # the settings and the link follow when the flag is put down
        refresh.stage()
    else:
        refresh.everything()


def _pinned() -> None:
    lane, _, step = said(STAGE, "pin").partition(";")
    if step:
        lesson = state.current(DescentLesson)
        _assign(lesson.with_value("shown_lane", lane).with_value("shown_step", int(step)))


# Predict first


def ask(case: DescentCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    questions = _questions(case)
    done = predict.ask(questions, case=_name(case.lesson))
    return "" if len(done) == len(questions) else "values"


def guessed(case: DescentCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case.lesson))


def _name(lesson: DescentLesson) -> str:
    """Another name for other numbers; pointing and zooming keep the guesses."""
    shown = {"shown_step": 1, "shown_lane": "a", "zoom": 1.0}
    return f"{hash(lesson.model_copy(update=shown)):x}"


def _questions(case: DescentCase) -> Sequence[predict.Question]:
    trace, (one, two) = case.racers[0].trace, case.surface.axes
    questions = []
    if trace.steps:
        after = tuple(float(f"{value:.4g}") for value in trace.points[1])
        spelled = [
            f"{axis} = {trace.spelled(trace.rows[-1], 1, n)}"
            for n, axis in enumerate(case.surface.axes)
        ]
        questions.append(
            predict.Question(
                "place",
                f"Where is A after one step? Its gradient is "
                f"({brief(float(trace.columns['gradient'][0, 0]))}, "
                f"{brief(float(trace.columns['gradient'][0, 1]))}).",
                after,
                (one, two),
                "; ".join(spelled) + ".",
            )
        )
    away = [r for r in case.racers if r.verdict.kind in ("diverges", "overflows", "thrown")]
    questions.append(
        predict.Question(
            "away",
            f"How many of the {len(case.racers)} end up further out than they began?"
            if len(case.racers) > 1
            else "Does A end up further out than it began (1) or not (0)?",
            (float(len(away)),),
            ("Racers",) if len(case.racers) > 1 else ("0 or 1",),
            " ".join(f"{r.lane.upper()}: {r.verdict.sentence}" for r in case.racers),
        )
    )
    return questions


# Taken home


def download(case: DescentCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    look = downloads.theme()
    with menu:
        downloads.button("Picture (PNG)", lambda: descent_png(case, look), "descent.png")
        downloads.button(
            "Animation, step by step (GIF)", lambda: descent_gif(case, look), "descent.gif"
        )
        downloads.button("Every step (CSV)", lambda: descent_csv(case), "descent.csv")


def show_code(here: page.Page, case: DescentCase) -> None:
    """The Keras script that takes the same steps."""
    downloads.show_script(here, case.lesson, descent_script(case))


# Below the stage


def show_facts(case: DescentCase) -> None:
    """Who came how far, how large the learning rate may be, and the formulas."""
    st.latex(case.surface.latex)
    st.markdown(_table(case))
    st.markdown("\n".join(f"- {text}" for text in _remarks(case)))
    for rule in dict.fromkeys(r.trace.spec.rule for r in case.racers):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{RULES[rule].title}**", width=110)
            st.latex(RULES[rule].latex)
        st.caption(f"Source: {RULES[rule].source}.")


def _table(case: DescentCase) -> str:
    """Markdown: a row for each racer."""
    one, two = case.surface.axes
    lines = [
        f"| | Learning rate | {one} | {two} | Loss | 1 % of the loss after | Verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for racer in case.racers:
        trace, x_y = racer.trace, racer.trace.points[-1]
        reached = racer.verdict.reached
        lines.append(
            f"| **{racer.lane.upper()}** {racer.title} | {brief(trace.spec.learning_rate)} "
            f"| {brief(x_y[0])} | {brief(x_y[1])} | {brief(trace.losses[-1])} "
            f"| {'-' if reached is None else f'{reached} steps'} "
            f"| {NAMES[racer.verdict.kind]} |"
        )
    return "\n".join(lines)


def _remarks(case: DescentCase) -> list[str]:
    remarks = [f"{r.lane.upper()}: {r.verdict.sentence}" for r in case.racers]
    remarks.append(_curvature_remark(case))
    lesson = case.lesson
    rules = [r.trace.spec.rule for r in case.racers]
    if {"adam", "adamw"} <= set(rules) and (not lesson.shrink or lesson.shrink_as != "l2"):
        remarks.append(
            "AdamW does here what Adam does: without decay it is Adam, and Keras decouples the "
            "weight_decay of every optimiser. Let the decay come as l2 to see them part."
        )
    if case.batches is not None:
        remarks.append(
            f"{case.surface.examples} examples in batches of {lesson.mini_batch}: "
            f"{-(-case.surface.examples // lesson.mini_batch)} steps an epoch. The loss shown "
            "is that of all examples."
        )
    if lesson.gradient_clipping == "norm":
        remarks.append(
            "Keras' clipnorm clips each weight tensor by itself; here the two weights are one "
            "tensor. global_clipnorm takes all tensors of a network together."
        )
    return [remark for remark in remarks if remark]


def _curvature_remark(case: DescentCase) -> str:
    """What the curvature at the minimum allows."""
    trace = case.racers[0].trace
    x, y = trace.points[int(np.argmin(trace.losses))].tolist()
    place = case.surface.nearest_minimum((x, y))
    if place is None:
        low, high = case.surface.curvatures(case.start)
        where = "at the start"
    else:
        low, high = case.surface.curvatures(place)
        where = f"at the minimum ({brief(place[0])}, {brief(place[1])})"
    if high <= 0:
        return ""
    most = limit("sgd", high)
    text = (
        f"The largest curvature {where} is {brief(high)}: there plain descent stays with "
        f"learning rates below 2 / {brief(high)} = {brief(most or 0)}."
    )
    if low > 0 and place is not None:
        rate, momentum = best_momentum(low, high)
        text += (
            f" The condition number is {brief(high / low)}. Fastest without momentum: "
            f"{brief(best_rate(low, high))}; with momentum {brief(momentum)}: {brief(rate)}."
        )
    return text
