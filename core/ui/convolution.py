"""Views of the page "Convolution"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core import numbers
from core.arithmetic.errors import ShapeError
from core.arithmetic.facts import LayerFacts, layer_facts
from core.arithmetic.on_photo import Display, picture, respond
from core.arithmetic.terms import cell_terms, sentence
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, build
from core.ui import current_image, downloads, predict, refresh, state, typed
from core.ui.components import matrix as matrix_view
from core.ui.components.source import said
from core.ui.components.stage import code as stage_code
from core.ui.components.stage import stage
from core.ui.controls import Controls
from core.ui.pictures import crisp, png
from core.ui.predict import Conceal

STAGE = "stage"
HIDEABLE = (
    "image", "height", "width", "channels", "seed", "kernel", "filters", "stride", "padding",
    "pad", "dilation", "groups", "bias", "flip", "transposed", "apart", "cell", "edits",
)  # fmt: skip


def load_components() -> None:
    """Send the code of the page's components, once."""
    stage_code.load()
    matrix_view.code.load()


def draw_main(controls: Controls[ConvolutionLesson]) -> None:
    """The four sliders of every lecture, in a row that wraps on a phone."""
    now = controls.lesson
    pad = "pad_height" if now.padding == "amount" else None
    names = ["kernel_height", "stride_height", pad, "dilation_height"]
    if now.apart:
        pad_width = "pad_width" if pad else None
        names += ["kernel_width", "stride_width", pad_width, "dilation_width"]
    controls.row(*[name for name in names if name])


def draw_settings(controls: Controls[ConvolutionLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    numbers_tab, border_tab, layer_tab, more_tab = st.tabs(["Input", "Border", "Layer", "More"])
    with numbers_tab:
        controls.draw("image")
        _own_numbers(controls, "image")
        controls.pair("height", *_across(now, "width"))
        controls.pair("channels", "filters")
        controls.draw("kernel")
        _own_numbers(controls, "kernel")
    with border_tab:
        controls.draw("padding")
        if now.padding == "sides":
            controls.pair("pad_top", "pad_bottom")
            controls.pair("pad_left", "pad_right")
        controls.draw("padding_mode", disabled=now.transposed)
        if now.padding_mode == "constant" and not now.transposed:
            controls.draw("padding_value")
    with layer_tab:
        controls.draw("flip", "transposed")
        if now.transposed:
            controls.pair("output_padding_height", *_across(now, "output_padding_width"))
        controls.draw("groups", "bias")
        if now.bias:
            controls.draw("bias_value")
    with more_tab:
        controls.draw("apart", "seed", "filter", "cell", "edits")
        typed.say_problem(controls.lesson, "edits")
        st.button("Take back the last change of a cell", on_click=_undo, disabled=not now.edits)


def _across(lesson: ConvolutionLesson, name: str) -> tuple[str, ...]:
    return (name,) if lesson.apart else ()


def _own_numbers(controls: Controls[ConvolutionLesson], which: str) -> None:
    if getattr(controls.lesson, which) == "own":
        controls.draw(f"{which}_numbers")
        typed.say_problem(controls.lesson, f"{which}_numbers")


def _undo() -> None:
    typed.take_back(state.current(ConvolutionLesson), "edits")


def case_of(lesson: ConvolutionLesson) -> ConvolutionCase:
    """The lesson's numbers, with the current image where it asks for it."""
    photo = current_image.photo().pixels if lesson.image == "photo" else None
    return build(typed.readable(lesson), photo)


def facts_of(case: ConvolutionCase) -> LayerFacts:
    """What stands beside the stage."""
    lesson = case.lesson
    return layer_facts(
        lesson.input_hw,
        lesson.channels,
        lesson.filters,
        lesson.conv_spec(),
        has_bias=lesson.bias,
    )


def draw_stage(case: ConvolutionCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The stage, with its messages taken into the lesson."""
    stage(
        case,
        key=STAGE,
        conceal=conceal,
        large=large,
        settle=settle,
        on_edit=_edited,
        on_pin=_pinned,
        on_filter=_filter_chosen,
    )


def _edited() -> None:
    if message := said(STAGE, "edit"):
        typed.change_cell(state.current(ConvolutionLesson), "edits", message)


def _pinned() -> None:
    cell, _, shown = said(STAGE, "pin").partition(";")
    if shown:
        lesson = state.current(ConvolutionLesson)
        state.assign(lesson.with_value("cell", cell).with_value("filter", int(shown)))
        refresh.everything()


def _filter_chosen() -> None:
    if shown := said(STAGE, "filter"):
        lesson = state.current(ConvolutionLesson)
        state.assign(lesson.with_value("filter", int(float(shown))))
        refresh.everything()


def ask(case: ConvolutionCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    answered = predict.ask(_questions(case), case=_name(case.lesson))
    if "size" not in answered:
        return "size"
    return "" if "value" in answered else "values"


def guessed(case: ConvolutionCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case.lesson))


def _name(lesson: ConvolutionLesson) -> str:
    """Another name for other numbers; pointing at another filter keeps the guesses."""
    return f"{hash(lesson.with_value('filter', 1)):x}"


def _questions(case: ConvolutionCase) -> Sequence[predict.Question]:
    facts = facts_of(case)
    row, column = case.chosen_cell
    f = case.lesson.shown_filter
    total = float(case.result.output[row, column, f])
    terms = cell_terms(case.result, case.kernel, case.lesson.conv_spec(), row, column, f)
    height, width, _ = facts.output_shape
    return (
        predict.Question(
            "size",
            "How large is the output?",
            (height, width),
            ("Height", "Width"),
            f"Height: {facts.rows.outputs.text}. Width: {facts.columns.outputs.text}.",
        ),
        predict.Question(
            "parameters",
            "How many parameters does the layer have?",
            (facts.parameters.value,),
            ("Parameters",),
            facts.parameters.text,
        ),
        predict.Question(
            "value",
            f"What is output [{row}, {column}] of filter {f + 1}?",
            (total,),
            ("Value",),
            sentence(terms, float(case.result.bias[f]), total),
        ),
    )


def show_facts(case: ConvolutionCase) -> None:
    """Formula, parameters, cost and reach, each with its arithmetic."""
    facts = facts_of(case)
    left, right = st.columns(2)
    with left:
        st.markdown("**Output size**")
        st.latex(facts.rows.outputs.latex)
        if facts.columns.outputs.text != facts.rows.outputs.text:
            st.latex(facts.columns.outputs.latex)
        st.caption(f"Height, then width where it differs: ${facts.rows.rule_latex}$")
    with right:
        st.markdown(
            f"**Parameters** `{facts.parameters.text}`  \n"
            f"**Multiply-adds** `{facts.multiply_adds.text}`  \n"
            f"**Parameters as a dense layer** `{facts.dense.text}`"
        )
    st.markdown("\n".join(f"- {remark}" for remark in facts.sentences))


KINDS: dict[matrix_view.Kind, str] = {
    "im2col": "Windows as rows (im2col)",
    "toeplitz": "Sparse matrix (Toeplitz)",
}


def show_matrix(case: ConvolutionCase) -> None:
    """The convolution as one matrix product; its values wait until all guesses are in."""
    hidden = predict.on() and not guessed(case)
    with st.container(horizontal=True):
        kind = st.segmented_control(
            "Product", KINDS, default="im2col", format_func=KINDS.__getitem__, required=True,
            key="matrix_kind", label_visibility="collapsed",
        )  # fmt: skip
        channel = 0
        if kind == "toeplitz" and case.lesson.channels > 1:
            channel = st.selectbox("Channel", range(case.lesson.channels), key="matrix_channel")
    cells = matrix_view.size(case, kind)
    if cells > matrix_view.MOST_ENTRIES:
        st.info(
            f"This matrix has {cells:,} entries; up to {matrix_view.MOST_ENTRIES:,} are drawn. "
            "Make the input or the kernel smaller."
        )
        return
    matrix_view.matrix(case, kind, channel, hidden=hidden, key="matrix")


@st.cache_data(max_entries=32, show_spinner=False)
def _photo_response(
    _pixels: current_image.Pixels,
    digest: str,
    planes: tuple[float, ...],
    lesson: ConvolutionLesson,
    display: Display,
) -> tuple[current_image.Pixels, current_image.Pixels, tuple[float, float]]:
    weights = np.array(planes).reshape(*lesson.kernel_hw, 3)
    answer = respond(_pixels, weights, lesson.conv_spec())
    extremes = float(answer.response.min()), float(answer.response.max())
    return answer.before, picture(answer.response, display), extremes


def show_photo(case: ConvolutionCase) -> None:
    """The shown filter on the whole current image, channel by channel."""
    shown = current_image.photo()
    display: Display = st.segmented_control(
        "Show as",
        ["stretch", "clip", "signed"],
        default="stretch",
        required=True,
        key="photo_display",
        help="stretch: smallest number black, largest white; clip: cut at 0 and 255; signed: 0 "
        "is mid-grey.",
    )
    try:
        before, after, (low, high) = _photo_response(
            shown.pixels, shown.digest, _rgb_planes(case), _bare(case.lesson), display
        )
    except ShapeError as error:
        st.info(f"This picture is too small for these settings: {error}")
        return
    left, right = st.columns(2)
    with left:
        size = f"{before.shape[0]} x {before.shape[1]}"
        crisp(before, alt=f"{shown.title} before", caption=f"{shown.title}, {size}")
    with right:
        size = f"{after.shape[0]} x {after.shape[1]}"
        extremes = f"values {numbers.format_number(round(low, 2))} to "
        extremes += numbers.format_number(round(high, 2))
        crisp(after, alt=f"{shown.title} after", caption=f"Filtered, {size}, {extremes}")
    downloads.button("Filtered photo (PNG)", lambda: png(after), "filtered.png")
    st.caption(
        "Red, green and blue are filtered one by one with the shown filter"
        + (", each with its own channel's weights." if _has_three(case) else ".")
    )


def _rgb_planes(case: ConvolutionCase) -> tuple[float, ...]:
    """(kh, kw, 3) weights, flat: the filter's three channels, or its first one thrice."""
    lesson, f = case.lesson, case.lesson.shown_filter
    if lesson.transposed:
        seen, filters = lesson.channels // lesson.groups, lesson.filters // lesson.groups
        first = f // filters * seen  # channel of the filter's group
        bank = case.kernel[:, :, f % filters, first : first + seen]
    else:
        bank = case.kernel[..., f]
    planes = bank if _has_three(case) else bank[:, :, [0, 0, 0]]
    return tuple(float(value) for value in planes.reshape(-1))


def _has_three(case: ConvolutionCase) -> bool:
    """Whether a filter has three planes of weights, one each for red, green and blue."""
    return case.lesson.channels // case.lesson.groups == 3


def _bare(lesson: ConvolutionLesson) -> ConvolutionLesson:
    """Without what does not change the photo's result, so that the cache serves more."""
    return lesson.model_copy(update={"cell": "", "edits": "", "height": 32, "width": 32})
