"""What stands below the stage of the page "Pooling and unpooling"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.antialiasing import Blur, ShiftTest, blur_pool, shift, shift_test
from core.arithmetic.chain import Chain, Grid, Join
from core.arithmetic.errors import ShapeError
from core.arithmetic.links import link
from core.arithmetic.on_photo import Display, picture, reduced
from core.arithmetic.pooling import PoolSpec, max_unpool, pool
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import PoolingCase, made_larger, pooled
from core.lessons.pooling_chain import by
from core.ui import current_image
from core.ui.components.chain import chain
from core.ui.pictures import crisp
from core.ui.pooling import facts_of, overlap_words

FloatArray = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

SHIFT_SIDE = 256
"""Long side of the photo in the translation test, in pixels."""
PHOTO_SIDE = 384
"""Long side of the photo that is pooled, in pixels."""
DETAIL = 48
"""Side of the part that is shown larger, in pixels of the photo."""


def show_facts(case: PoolingCase) -> None:
    """Formula, cost, what is kept, and the dense layer behind."""
    facts = facts_of(case)
    left, right = st.columns(2)
    with left:
        st.markdown("**Output size**")
        st.latex(facts.rows.latex)
        if facts.columns.text != facts.rows.text:
            st.latex(facts.columns.latex)
        st.caption(
            "Height, then width where it differs: $o = \\lfloor (i + P - k) / s \\rfloor + 1$, "
            "or $\\lceil\\;\\rceil$ where the last window may hang over."
        )
    with right:
        st.markdown(
            "**Parameters** `0`  \n"
            f"**Values kept** `{facts.kept}`  \n"
            f"**Values read by all windows** `{facts.reads.text}`"
        )
        units = case.lesson.pool_units
        st.markdown(
            f"| Parameters of a dense layer of {units} on | |\n|---|---|\n"
            f"| the flattened input | `{facts.dense_before.text}` |\n"
            f"| the flattened pooled map | `{facts.dense.text}` |\n"
            f"| a global pooling, 1 value a channel | `{facts.dense_global.text}` |\n"
        )
    remarks = list(facts.sentences)
    if case.lesson.pool_shows == "unpool":
        remarks.append(_back_words(case))
    st.markdown("\n".join(f"- {remark}" for remark in remarks))


def _back_words(case: PoolingCase) -> str:
    lesson = case.lesson
    words = {
        "max": "Unpooling puts each value back to its remembered place; all others stay 0. It "
        "restores the size and the places, not the numbers.",
        "nearest": "Nearest repeats each value: blocks, and nothing to learn.",
        "bilinear": "Bilinear mixes the four nearest values by their distance: smooth, and "
        "nothing to learn.",
        "shuffle": f"A shuffle moves {lesson.pool_factor**2} channels into the pixels of one: "
        "no number changes, no places overlap.",
    }
    return words.get(lesson.back) or overlap_words(lesson)


def show_shift(case: PoolingCase) -> None:
    """The same layer on the shifted input: what changes, and by how much."""
    lesson = case.lesson
    down, right = lesson.pool_shift_down, lesson.pool_shift_right
    test = shift_test(case.image, lambda image: pooled(lesson, image), down, right)
    chain(
        _shift_chain(case, test),
        key="shift_chain",
        plain=True,
        on_edit=_nothing,
        on_pin=_nothing,
    )
    st.markdown(_shift_words(lesson, test))
    with st.spinner("Measuring on the photo"):
        _show_comparison(case)


def _nothing() -> None:
    """The grids of the test take no changes: those of the stage do."""


def _shift_chain(case: PoolingCase, test: ShiftTest) -> Chain:
    lesson = case.lesson
    change = test.after - test.before
    n = change.size
    here = link(np.arange(n), np.arange(n), places=n, size=n)
    down, right = lesson.pool_shift_down, lesson.pool_shift_right
    grids = (
        Grid("shifted input", f"Input, shifted by {down} down, {right} right", test.shifted),
        Grid("after", f"Pooled after the shift {by(test.after)}", test.after),
        Grid("before", "Pooled before it", test.before),
        Grid("change", "Change", change, scale="change"),
    )
    joins = (Join(1, 3, here, "place"), Join(2, 3, here, "place"))
    return Chain(grids, joins, 3, ("\u2192", "\u2212", "="))


def _shift_words(lesson: PoolingLesson, test: ShiftTest) -> str:
    words = (
        f"**Before pooling {test.input_changed:.0%} of the values changed, after it "
        f"{test.output_changed:.0%}.** What leaves the picture on one side comes back on the "
        "other, so that only the shift makes a difference."
    )
    if lesson.is_global:
        return f"{words} One window over the whole plane does not see where a value is."
    step_down, step_right = lesson.stride_hw
    whole = (
        lesson.pool_shift_down % step_down == 0 and lesson.pool_shift_right % step_right == 0
    )
    if whole and (lesson.pool_shift_down or lesson.pool_shift_right):
        return (
            f"{words} The shift is a multiple of the stride: apart from the border the pooled "
            "map is the same map, moved. That is equivariance, not invariance."
        )
    return (
        f"{words} The shift is no multiple of the stride {step_down} x {step_right}: windows "
        "now hold other pixels."
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """One line of the comparison: how much an output changes, on the numbers and a photo."""

    name: str
    numbers: tuple[float, float] | None
    photo: tuple[float, float]


def _show_comparison(case: PoolingCase) -> None:
    """Stride, average, maximum and blurred maximum under the same shift."""
    lesson, photo = case.lesson, current_image.photo()
    down, right = lesson.pool_shift_down, lesson.pool_shift_right
    size, stride = (
        (lesson.size_hw, lesson.stride_hw) if not lesson.is_global else ((2, 2), (2, 2))
    )
    on_photo = _photo_measures(photo.pixels, photo.digest, size, stride, (down, right))
    lines = []
    for name, measured in on_photo:
        own = _measured(case.image, name, size, stride, (down, right))
        lines.append(_Measure(name, own, measured))
    st.markdown(
        f"| Window {size[0]} x {size[1]}, stride {stride[0]} x {stride[1]} | "
        f"Numbers above: values changed | mean change | {photo.title}: values changed | "
        "mean change |\n|---|---:|---:|---:|---:|\n"
        + "".join(
            f"| {line.name} | {_pair(line.numbers)} | {_pair(line.photo)} |\n" for line in lines
        )
    )
    st.caption(
        "Mean change: mean absolute difference, in standard deviations of the layer's output; "
        "the smaller, the steadier. Stride alone drops values without looking at them; pooling "
        "looks at all of them; a blur before dropping is the steadiest (Zhang 2019)."
    )


def _pair(measured: tuple[float, float] | None) -> str:
    return (
        "too small | too small"
        if measured is None
        else f"{measured[0]:.0%} | {measured[1]:.2f}"
    )


LAYERS = (
    "Stride alone",
    "Average",
    "Maximum",
    "Maximum, blurred 1 2 1",
    "Maximum, blurred 1 4 6 4 1",
)


def _measured(
    image: FloatArray,
    name: str,
    size: tuple[int, int],
    stride: tuple[int, int],
    moved: tuple[int, int],
) -> tuple[float, float] | None:
    """(share of changed values, mean change) of one layer; None where no window fits."""
    kind = "average" if name == "Average" else "max"
    window = (1, 1) if name == "Stride alone" else size
    spec = PoolSpec(kind=kind, size=window, stride=stride)
    blurs: dict[str, Blur] = {LAYERS[3]: "tri-3", LAYERS[4]: "bin-5"}

    def layer(given: FloatArray) -> FloatArray:
        if name in blurs:
            return blur_pool(given, spec, blurs[name], "edge").output
        return pool(given, spec).output

    try:
        test = shift_test(image, layer, *moved)
    except ShapeError:
        return None
    return test.output_changed, test.output_distance


@st.cache_data(max_entries=64, show_spinner=False)
def _photo_measures(
    _pixels: Pixels,
    digest: str,
    size: tuple[int, int],
    stride: tuple[int, int],
    moved: tuple[int, int],
) -> list[tuple[str, tuple[float, float]]]:
    small = reduced(_pixels, SHIFT_SIDE).astype(np.float64)
    found = [(name, _measured(small, name, size, stride, moved)) for name in LAYERS]
    return [(name, measured) for name, measured in found if measured is not None]


def show_photo(case: PoolingCase) -> None:
    """The layer on the whole current image: pooled, made larger again, shifted."""
    part = st.segmented_control(
        "Show",
        ["pooled", "back to size", "shifted"],
        default="pooled",
        required=True,
        key="pool_photo_part",
        label_visibility="collapsed",
    )
    lesson, photo = _bare(case.lesson), current_image.photo()
    try:
        before, after, how = _on_photo(photo.pixels, photo.digest, lesson, part)
    except ShapeError as error:
        st.info(f"This picture does not go with these settings: {error}")
        return
    _show_pair(before, after, photo.title, how)


def _show_pair(before: Pixels, after: Pixels, title: str, how: str) -> None:
    left, right = st.columns(2)
    with left:
        crisp(before, alt=f"{title} before", caption=f"{title}, {_size(before)}")
    with right:
        crisp(after, alt=f"{title} after: {how}", caption=f"{how}, {_size(after)}")
    st.markdown("**The middle, larger**")
    left, right = st.columns(2)
    scale = after.shape[0] / before.shape[0]
    with left:
        crisp(_middle(before, DETAIL), alt=f"Middle of {title} before")
    with right:
        crisp(_middle(after, max(round(DETAIL * scale), 4)), alt=f"Middle of {title} after")


def _size(image: Pixels) -> str:
    return f"{image.shape[0]} x {image.shape[1]}"


def _middle(image: Pixels, side: int) -> Pixels:
    """The square in the middle."""
    rows, columns = (min(side, n) for n in image.shape[:2])
    top, left = (image.shape[0] - rows) // 2, (image.shape[1] - columns) // 2
    return image[top : top + rows, left : left + columns]


def _bare(lesson: PoolingLesson) -> PoolingLesson:
    """Without what does not change the photo's result, so that the cache serves more."""
    plain = {"pool_cell": "", "pool_edits": "", "pool_numbers": "", "pool_input": "ramp"}
    return lesson.model_copy(update=plain | {"pool_height": 16, "pool_width": 16})


@st.cache_data(max_entries=32, show_spinner=False)
def _on_photo(
    _pixels: Pixels, digest: str, lesson: PoolingLesson, part: str
) -> tuple[Pixels, Pixels, str]:
    before = reduced(_pixels, PHOTO_SIDE)
    image = before.astype(np.float64)
    small = pooled(lesson, image)
    if part == "back to size":
        return before, *_back_on_photo(lesson, image, small)
    if part == "shifted":
        down, right = lesson.pool_shift_down, lesson.pool_shift_right
        change = pooled(lesson, shift(image, down, right)) - small
        changed = float((np.abs(change) > 1e-9).mean())
        how = f"Change of the pooled picture, grey is none, {changed:.0%} changed"
        return before, picture(change, "signed"), how
    display: Display = "stretch" if lesson.pool_kind == "l2" else "clip"
    return before, picture(small, display), f"Pooled: {lesson.pool_kind}"


def _back_on_photo(
    lesson: PoolingLesson, image: FloatArray, small: FloatArray
) -> tuple[Pixels, str]:
    if lesson.back == "max":
        result = pool(image, lesson.pool_spec())
        if result.argmax is None:
            raise ShapeError("no places are remembered. Choose max or min.")
        again = max_unpool(small, result.argmax, image.shape)
        return picture(again, "clip"), "Pooled and unpooled to the remembered places"
    if lesson.back == "shuffle":
        raise ShapeError(
            f"a shuffle by {lesson.pool_factor} needs {lesson.pool_factor**2} channels, and "
            "a photo has 3. Choose another unpooling."
        )
    if max(small.shape[:2]) * lesson.pool_factor > 4 * PHOTO_SIDE:
        raise ShapeError(f"factor {lesson.pool_factor} makes it too large. Use a smaller one.")
    larger = made_larger(lesson, small, lesson.pool_factor).output
    display: Display = "stretch" if lesson.back == "transposed" else "clip"
    return picture(larger, display), f"Pooled and made larger: {lesson.back}"
