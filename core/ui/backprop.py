"""Views of the page "Backpropagation"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.arithmetic.backprop_steps import chain_line
from core.arithmetic.tiny_network import PARAMETERS, nudged
from core.arithmetic.verdicts import brief
from core.export.backprop_code import backprop_script
from core.export.backprop_picture import backprop_gif, backprop_png
from core.export.backprop_table import backprop_csv
from core.lessons.backprop import FIELDS, INPUTS, BackpropCase, BackpropLesson, build
from core.ui import downloads, page, predict, refresh, state
from core.ui.components.backprop import backprop, code
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal

STAGE = "backprop_stage"
HIDEABLE = (
    "x", "y_target", "gate", "w", "b", "v", "c_out", "hidden_activation", "output_activation",
    "error", "step_rate", "updates_done", "pass_step",
)  # fmt: skip


def load_components() -> None:
    """Send the code of the page's component, once."""
    code.load()


def draw_main(controls: Controls[BackpropLesson]) -> None:
    """Learning rate, updates and the inputs, in a row that wraps on a phone."""
    inputs = () if controls.lesson.gate != "none" else ("x_one", "x_two")
    controls.row("step_rate", "updates_done", *inputs)


def draw_settings(controls: Controls[BackpropLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    network, weights, more = st.tabs(["Network", "Weights", "More"])
    with network:
        if now.gate == "none":
            controls.draw("y_target")
        controls.draw("hidden_activation", "error")
        controls.draw("output_activation", disabled=now.error == "cross_entropy")
        controls.draw("gate")
    with weights:
        if now.updates_done:
            st.caption("Before the first update. The graph shows them after all updates done.")
        for pair in ("w_one", "w_two", "b", "v"):
            names = [name for name in FIELDS.values() if name.rsplit("_", 1)[0] == pair]
            controls.pair(*names)
        controls.draw("c_out")
    with more:
        controls.draw("pass_step")
        st.button("Draw weights at random", on_click=_draw_weights, help="Glorot, as Keras.")
        st.button(
            "Go on from the weights shown",
            on_click=_keep_weights,
            disabled=not now.updates_done,
        )


def _assign(lesson: BackpropLesson) -> None:
    state.assign(lesson)
    refresh.everything()


def _draw_weights() -> None:
    """Glorot & Bengio 2010, equation 16: uniform up to sqrt(6 / (inputs + outputs))."""
    generator = np.random.default_rng()
    lesson = state.current(BackpropLesson)
    values = dict.fromkeys(FIELDS.values(), 0.0)
    for names, reach in ((("w11", "w21", "w12", "w22"), 6 / 4), (("v1", "v2"), 6 / 3)):
        for name in names:
            values[FIELDS[name]] = round(float(generator.uniform(-1, 1)) * reach**0.5, 1)
    _assign(lesson.model_copy(update={**values, "updates_done": 0}))


def _keep_weights() -> None:
    lesson = state.current(BackpropLesson)
    _assign(lesson.with_network(build(lesson).made.network))


def case_of(lesson: BackpropLesson) -> BackpropCase:
    """The lesson's numbers."""
    return build(lesson)


def draw_stage(case: BackpropCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The graph, with its messages taken into the lesson."""
    backprop(
        case,
        key=STAGE,
        conceal=conceal,
        large=large,
        settle=settle,
        on_edit=_edited,
        on_learn=_learned,
        on_pin=_pinned,
    )


def _edited() -> None:
    """A number in the graph was changed; after updates all weights are taken from the graph."""
    name, _, number = said(STAGE, "edit").partition("=")
    if not number:
        return
    lesson, value = state.current(BackpropLesson), float(number)
    if name in INPUTS:
        changed = lesson.with_value(INPUTS[name], value).with_value("gate", "none")
    elif lesson.updates_done:
        network = build(lesson).made.network
        changed = lesson.with_network(network.with_parameters({name: value}))
    else:
        changed = lesson.with_value(FIELDS[name], value)
    _assign(changed)


def _learned() -> None:
    if updates := said(STAGE, "learn"):
        _assign(state.current(BackpropLesson).with_value("updates_done", int(updates)))


def _pinned() -> None:
    if step := said(STAGE, "pin"):
        _assign(state.current(BackpropLesson).with_value("pass_step", int(step)))


# Predict first


def ask(case: BackpropCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    questions = _questions(case)
    done = predict.ask(questions, case=_name(case.lesson))
    return "" if len(done) == len(questions) else "values"


def guessed(case: BackpropCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case.lesson))


def _name(lesson: BackpropLesson) -> str:
    return f"{hash(lesson.with_value('pass_step', 1)):x}"


def _questions(case: BackpropCase) -> Sequence[predict.Question]:
    steps = {step.key: step for step in case.steps}
    first = steps["z1"].lines[0]
    gradient = chain_line(case.made, "v1")
    update = next(line for line in steps["update"].lines if line.symbols.startswith("v1 "))
    return (
        predict.Question(
            "sum", "What is z1, the sum of hidden unit 1?", (_rounded(first.value),), ("z1",),
            f"{first.symbols} = {first.numbers}.",
        ),
        predict.Question(
            "direction",
            "Will the update make the weight v1 larger (1), smaller (-1) or leave it (0)?",
            (float(-np.sign(gradient.value)),),
            ("-1, 0, 1",),
            f"{gradient.symbols} = {gradient.numbers} = {brief(gradient.value)}, and the step "
            f"goes against it: {update.numbers} = {brief(update.value)}.",
        ),
    )  # fmt: skip


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


# Taken home


def download(case: BackpropCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    look = downloads.theme()
    with menu:
        downloads.button("Picture (PNG)", lambda: backprop_png(case, look), "backprop.png")
        downloads.button(
            "Animation of the passes (GIF)", lambda: backprop_gif(case, look), "backprop.gif"
        )
        downloads.button("Every equation (CSV)", lambda: backprop_csv(case), "backprop.csv")


def show_code(here: page.Page, case: BackpropCase) -> None:
    """The Keras script with the same numbers."""
    downloads.show_script(here, case.lesson, backprop_script(case))


# Below the stage


def show_facts(case: BackpropCase) -> None:
    """All gradients with a check by nudging, and what the numbers say."""
    made, after = case.made, case.made.updated(case.lesson.step_rate).parameters
    lines = [
        "| | Value | Gradient | Nudged by 0.000001 | After the update |",
        "|---|---|---|---|---|",
    ]
    for name in PARAMETERS:
        value = getattr(made.network, name)
        nudge = brief(nudged(made.network, case.example, name))
        lines.append(
            f"| **{name}** | {brief(value)} | {brief(made.gradients[name])} | {nudge} "
            f"| {brief(after[name])} |"
        )
    st.markdown("\n".join(lines))
    st.caption(
        "Nudged: the parameter a little up and a little down, the change of the loss divided "
        "by the change of the parameter. That takes two forward passes for every parameter; "
        "the backward pass gives all nine at once."
    )
    st.markdown("\n".join(f"- {remark}" for remark in _remarks(case)))


def _remarks(case: BackpropCase) -> list[str]:
    made = case.made
    network, slopes = made.network, made.slopes
    example = case.example
    remarks = [
        f"({brief(example.x1)}, {brief(example.x2)}) should give {brief(example.y)} and gives "
        f"{brief(made.values['p'])}: loss {brief(made.values['L'])}."
    ]
    for j in "12":
        slope, total = slopes[f"dh{j}/dz{j}"], brief(made.values[f"z{j}"])
        if network.hidden == "relu" and slope == 0:
            remarks.append(
                f"Hidden unit {j} is off: z{j} = {total} is not above 0, so its slope is 0 and "
                f"w1{j}, w2{j} and b{j} learn nothing from this example."
            )
        elif network.hidden in ("sigmoid", "tanh") and slope < 0.05:
            remarks.append(
                f"Hidden unit {j} is saturated: the slope of {network.hidden} at z{j} = "
                f"{total} is {brief(slope)}. What comes back through it is multiplied by that."
            )
    if network.hidden == "sigmoid":
        remarks.append(
            "The slope of the sigmoid is at most 1/4. Each further layer of sigmoids "
            "multiplies the gradient by at most that: the vanishing gradient."
        )
    remarks += _output_remarks(case)
    if _symmetric(case):
        remarks.append(
            "Both hidden units have the same weights, so they get the same gradients and stay "
            "the same for ever. Weights begin at random to break this symmetry."
        )
    return remarks


def _output_remarks(case: BackpropCase) -> list[str]:
    made = case.made
    network, slope = made.network, made.slopes["dp/dz"]
    if network.loss == "cross_entropy":
        return [
            "Cross-entropy after a sigmoid: dL/dz is p - y, without the sigmoid's slope. The "
            "more wrong the answer, the larger the gradient."
        ]
    if network.output == "sigmoid" and slope < 0.1:
        return [
            f"The output's slope is {brief(slope)}: squared error after a saturated sigmoid "
            "hardly learns, however wrong the answer is. Cross-entropy does."
        ]
    return []


def _symmetric(case: BackpropCase) -> bool:
    n = case.made.network
    return (n.w11, n.w21, n.b1, n.v1) == (n.w12, n.w22, n.b2, n.v2)
