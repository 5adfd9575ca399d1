"""The convolution lesson: whatever is asked for, there is a lesson that has a result."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.errors import ShapeError
from core.lessons.base import bounds, options
from core.lessons.convolution import ConvolutionLesson, build, small_photo
from core.numbers import NumbersError

PHOTO = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)
LARGEST = 64
FIELDS = ConvolutionLesson.model_fields
NUMBERS = tuple(name for name, info in FIELDS.items() if info.annotation is int)


def valid_values(name: str) -> st.SearchStrategy[Any]:
    """Values within the field's own type and bounds."""
    info = FIELDS[name]
    if info.annotation is bool:
        return st.booleans()
    if info.annotation is int:
        values = bounds(ConvolutionLesson, name)
        return st.integers(values[0], values[-1])
    if info.annotation is float:
        return st.integers(-200, 200).map(float)
    return st.sampled_from(options(ConvolutionLesson, name) or ("",))


ANY = st.fixed_dictionaries({}, optional={name: valid_values(name) for name in FIELDS}).map(
    lambda fields: ConvolutionLesson(**fields)
)
"""Lessons whose fields are fine one by one; together they may have no result."""

VALID = ANY.map(lambda lesson: ConvolutionLesson.nearest(lesson.model_dump())[0])


@given(ANY)
@settings(max_examples=500, deadline=None)
@example(  # Keras leaves room for a full stride: 10 * 7 = 70 pixels, not (10 - 1) * 7 + 1.
    ConvolutionLesson(
        transposed=True, padding="valid", height=10, width=10, stride_height=7, kernel_height=1
    )
)
@example(ConvolutionLesson(kernel="random", filters=7, transposed=True))
def test_problem_is_what_keeps_the_lesson_from_building(lesson: ConvolutionLesson) -> None:
    problem = lesson.problem()
    if problem is None:
        shape = build(lesson, PHOTO).result.output.shape
        assert 1 <= min(shape) <= max(shape[:2]) <= LARGEST
        assert shape[2] == lesson.filters
        return
    assert problem.endswith(".")
    if problem.startswith(("reflect can add", "wrap can add")):
        with suppress(ShapeError):  # the other axis may not fit at all
            plans = lesson.conv_spec().plan(*lesson.input_hw)
            most = [plan.size - problem.startswith("reflect") for plan in plans]
            added = [max(plan.before, plan.after) for plan in plans]
            assert any(n > m for n, m in zip(added, most, strict=True))
        return
    try:
        shape = build(lesson, PHOTO).result.output.shape
    except ValueError:
        return
    assert max(shape[:2]) > LARGEST


@given(VALID, st.sampled_from(NUMBERS))
@settings(max_examples=250, deadline=None)
def test_every_choice_of_a_slider_builds(lesson: ConvolutionLesson, name: str) -> None:
    values = lesson.choices(name)
    assert getattr(lesson, name) in values or name == "filter"
    within = bounds(ConvolutionLesson, name)
    assert set(values) <= set(within)
    for value in {values[0], values[-1], *values[:: max(len(values) // 4, 1)]}:
        changed = ConvolutionLesson(**lesson.model_dump() | {name: value})
        assert changed == lesson.with_value(name, value)
        assert changed.problem() is None
        assert build(changed, PHOTO).result.output.size > 0


@given(VALID, st.sampled_from([name for name in NUMBERS if name != "filter"]))
@settings(max_examples=200, deadline=None)
def test_choices_leave_nothing_out(lesson: ConvolutionLesson, name: str) -> None:
    chosen = set(lesson.choices(name))
    for value in set(bounds(ConvolutionLesson, name)) - chosen:
        assert lesson.with_value(name, value).problem() is not None


NONSENSE = st.dictionaries(
    st.sampled_from([*FIELDS, "unknown", ""]),
    st.text(max_size=12)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.sampled_from(
        ["own", "photo", "same", "reflect", "0,2", "1 2 / 3 4", "x.0.0.0=3", "32"]
    )
    | st.lists(st.integers(), max_size=2),
    max_size=12,
)


@given(NONSENSE)
@settings(max_examples=600, deadline=None)
def test_nearest_takes_any_link(values: dict[str, Any]) -> None:
    lesson, notices = ConvolutionLesson.nearest(values)
    assert lesson.problem() is None
    assert all(notice.endswith(".") for notice in notices)
    unreadable = lesson.text_problem("edits") or any(
        getattr(lesson, kind) == "own" and lesson.text_problem(f"{kind}_numbers")
        for kind in ("image", "kernel")
    )
    if unreadable:
        with pytest.raises(NumbersError):
            build(lesson, PHOTO)
    else:
        assert build(lesson, PHOTO).result.output.size > 0


@given(NONSENSE)
@settings(max_examples=400, deadline=None)
def test_notices_exactly_when_something_was_changed(values: dict[str, Any]) -> None:
    lesson, notices = ConvolutionLesson.nearest(values)
    wanted, refused = {}, 0
    for name in set(values) & set(FIELDS):
        try:
            wanted[name] = ConvolutionLesson.parse(name, values[name])
        except ValidationError:
            refused += 1
    changed = lesson != ConvolutionLesson(**wanted)
    assert bool(notices) == (changed or refused > 0)
    assert len(notices) >= refused


@given(VALID)
@settings(max_examples=200, deadline=None)
def test_a_lesson_with_a_result_stays_as_it_is(lesson: ConvolutionLesson) -> None:
    assert ConvolutionLesson.nearest(lesson.model_dump()) == (lesson, [])
    as_text = {name: str(value) for name, value in lesson.differences().items()}
    assert ConvolutionLesson.nearest(as_text) == (lesson, [])


def test_repair_changes_the_least_important_field_to_its_nearest_value() -> None:
    lesson, notices = ConvolutionLesson.nearest({"dilation_height": "4", "dilation_width": "4"})
    # A 3x3 kernel on 5 pixels has room for a dilation of 2.
    assert (lesson.dilation_height, lesson.kernel_height, lesson.height) == (2, 3, 5)
    assert notices == [
        "Dilation is now 2 instead of 4: the kernel spans 9 pixels and the padded input has 5."
    ]


def test_groups_are_repaired() -> None:
    lesson, notices = ConvolutionLesson.nearest({"groups": 2, "channels": 3, "filters": 3})
    assert lesson.groups in (1, 3)
    assert notices[0].startswith(f"Groups is now {lesson.groups} instead of 2")


@pytest.mark.parametrize(
    ("values", "notice"),
    [
        (
            {"height": "900"},
            "Input height cannot be '900': it is a number of at least 1 and of at most 32. "
            "It is now 5.",
        ),
        (
            {"flip": "maybe"},
            "True convolution cannot be 'maybe': it is true or false. It is now False.",
        ),
        (
            {"padding": "full"},
            "Padding cannot be 'full': it is one of amount, sides, valid, same. "
            "It is now amount.",
        ),
    ],
)
def test_refused_values_are_named_with_what_would_do(values: Any, notice: str) -> None:
    assert ConvolutionLesson.nearest(values) == (ConvolutionLesson(), [notice])


def test_the_stage_ends_at_64() -> None:
    # (32 - 1) * 2 + 2 = 64 rows, and one more with a kernel of 3.
    lesson = ConvolutionLesson(height=32, transposed=True, stride_height=2, kernel_height=2)
    assert build(lesson).result.output.shape == (64, 64, 1)
    problem = lesson.with_value("kernel_height", 3).problem()
    assert problem == "the output would have 65 pixels; the stage shows 64."


# Settings become a spec


def test_height_counts_for_both_axes_unless_apart() -> None:
    fields = {"height": 6, "width": 9, "stride_height": 2, "stride_width": 3, "pad_width": 4}
    together, apart = ConvolutionLesson(**fields), ConvolutionLesson(**fields, apart=True)
    assert (together.input_hw, together.stride_hw) == ((6, 6), (2, 2))
    assert (apart.input_hw, apart.stride_hw) == ((6, 9), (2, 3))
    assert together.padding_sides == ((0, 0), (0, 0))
    assert apart.padding_sides == ((0, 0), (4, 4))


def test_sides() -> None:
    lesson = ConvolutionLesson(padding="sides", pad_top=1, pad_right=3)
    assert lesson.conv_spec().padding == ((1, 0), (0, 3))


def test_spec_of_a_transposed_lesson() -> None:
    lesson = ConvolutionLesson(
        transposed=True,
        stride_height=2,
        padding_mode="reflect",
        output_padding_height=1,
    )
    assert lesson.conv_spec() == ConvSpec(
        stride=2, transposed=True, output_padding=1, padding=0, padding_value=1.0
    )
    keras = lesson.with_value("padding", "same").conv_spec()
    assert keras.output_padding is None


# Numbers


def test_own_numbers_fill_from_the_upper_left() -> None:
    lesson = ConvolutionLesson(
        image="own",
        image_numbers="1 2 / 3 4 | 5",
        height=3,
        channels=2,
        kernel="own",
        kernel_numbers="1 2 3 4 / 5 6 7 8 ; 9",
        kernel_height=2,
        filters=2,
    )
    case = build(lesson)
    assert case.image[..., 0].tolist() == [[1, 2, 0], [3, 4, 0], [0, 0, 0]]
    assert case.image[..., 1].tolist() == [[5, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert case.kernel[:, :, 0, 0].tolist() == [[1, 2], [5, 6]]
    assert case.kernel[:, :, 1, 0].tolist() == [[0, 0], [0, 0]]
    assert case.kernel[:, :, 0, 1].tolist() == [[9, 0], [0, 0]]


def test_own_weights_mean_the_same_when_transposed() -> None:
    """Filters by ; and channels by |, though Keras stores a transposed kernel otherwise."""
    lesson = ConvolutionLesson(
        transposed=True,
        kernel="own",
        kernel_numbers="1 | 2 ; 3 | 4 ; 5 | 6",
        kernel_height=1,
        channels=2,
        filters=3,
    )
    # (kh, kw, filters, channels)
    assert build(lesson).kernel[0, 0].tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("kernel", ["guide", "random", "patterns", "sobel"])
def test_filters_keep_their_weights_when_transposed(kernel: str) -> None:
    fields = {"kernel": kernel, "channels": 4, "filters": 6, "groups": 2, "image": "impulse"}
    forward = build(ConvolutionLesson(**fields)).kernel
    stored = build(ConvolutionLesson(**fields, transposed=True)).kernel
    assert (forward.shape, stored.shape) == ((3, 3, 2, 6), (3, 3, 3, 4))
    for f in range(6):
        for c in range(4):
            if c // 2 == f // 3:  # the same group
                np.testing.assert_array_equal(stored[:, :, f % 3, c], forward[:, :, c % 2, f])


def test_transposed_impulse_shows_the_pattern_of_each_filter() -> None:
    """One bright pixel is spread by each filter into the filter's own pattern."""
    lesson = ConvolutionLesson(image="impulse", kernel="patterns", filters=2, transposed=True)
    output = build(lesson).result.output
    assert output[2:5, 2:5, 0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert output[2:5, 2:5, 1].tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_edits_reach_input_weight_and_bias() -> None:
    lesson = ConvolutionLesson(
        image="ones", kernel="ones", bias=True, edits="x.0.0.0=10 k.2.2.0.0=-1 b.0=100"
    )
    # 7 ones, the changed pixel, the changed weight and the bias; elsewhere without the pixel.
    output = build(lesson).result.output[..., 0]
    assert output[0, 0] == 10 + 7 - 1 + 100
    assert output[2, 2] == 8 - 1 + 100


def test_without_bias_there_is_none() -> None:
    assert build(ConvolutionLesson()).bias is None
    assert build(ConvolutionLesson(bias=True, bias_value=2.5)).bias.tolist() == [2.5]


def test_photo_is_made_small() -> None:
    left_red = np.zeros((40, 40, 3), dtype=np.uint8)
    left_red[:, :20, 0] = 200
    small = small_photo(left_red, 2, 2, 3)
    assert small[..., 0].tolist() == [[200, 0], [200, 0]]
    assert not small[..., 1:].any()
    # Rec. 601: grey is 0.299 red.
    assert small_photo(left_red, 2, 2, 1)[..., 0].tolist() == [[60, 0], [60, 0]]
    six = small_photo(left_red, 2, 2, 6)
    assert six[0, 0].tolist() == [200, 0, 0, 60, 0, 0]


def test_photo_is_needed() -> None:
    with pytest.raises(ValueError, match="there is none"):
        build(ConvolutionLesson(image="photo"))


@pytest.mark.parametrize("transposed", [False, True])
def test_uneven_groups_are_refused_with_the_reason(transposed: bool) -> None:
    with pytest.raises(ShapeError, match="2 groups cannot split 3 channels and 3 filters"):
        build(ConvolutionLesson(channels=3, filters=3, groups=2, transposed=transposed))


def test_shown_filter_stays_among_the_filters() -> None:
    lesson = ConvolutionLesson(filters=3, filter=8)
    assert lesson.shown_filter == 2
    assert lesson.choices("filter") == [1, 2, 3]


@pytest.mark.parametrize("cell", ["", "0,0", "12,7"])
def test_cells(cell: str) -> None:
    assert ConvolutionLesson(cell=cell).cell == cell


@pytest.mark.parametrize("cell", ["0", "0,", "a,b", "123,1", "-1,0", "0,0,0"])
def test_no_cells(cell: str) -> None:
    with pytest.raises(ValidationError, match="cell"):
        ConvolutionLesson(cell=cell)


def test_differences_are_what_a_link_must_carry() -> None:
    lesson = ConvolutionLesson(height=7, flip=True, image="guide")
    assert lesson.differences() == {"height": 7, "flip": True}
    assert ConvolutionLesson.nearest(lesson.differences()) == (lesson, [])
