"""Window positions against the relationships of the guide, and against plain loops."""

from __future__ import annotations

import re
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.arithmetic.errors import ShapeError
from core.arithmetic.geometry import (
    AxisPlan,
    output_size,
    pad_axis,
    plan_axis,
    plan_transposed_axis,
    same_padding,
    span,
)

MANY = settings(max_examples=300, deadline=None)
I = st.integers(1, 40)  # noqa: E741 - the guide's letters
K = st.integers(1, 11)
S = st.integers(1, 8)
P = st.integers(0, 10)
D = st.integers(1, 6)


def forward(i: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """Outputs of the plan, for an input that has at least one."""
    assume(i + 2 * p >= d * (k - 1) + 1)
    return plan_axis(i, k, stride=s, dilation=d, padding=(p, p)).outputs


def backward(i: int, k: int, s: int = 1, p: int = 0, a: int = 0) -> AxisPlan:
    return plan_transposed_axis(i, k, stride=s, padding=(p, p), output_padding=a)


@pytest.mark.parametrize(
    ("i", "k", "s", "p", "d", "expected"),
    [
        (4, 3, 1, 0, 1, 2),
        (5, 4, 1, 2, 1, 6),
        (5, 3, 1, 1, 1, 5),
        (5, 3, 1, 2, 1, 7),
        (5, 3, 2, 0, 1, 2),
        (5, 3, 2, 1, 1, 3),
        (6, 3, 2, 1, 1, 3),
        (7, 3, 1, 0, 2, 3),
        (32, 5, 1, 0, 1, 28),
        (28, 5, 1, 0, 1, 24),
        (224, 7, 2, 3, 1, 112),
        (227, 11, 4, 0, 1, 55),
    ],
)
def test_published_sizes(i: int, k: int, s: int, p: int, d: int, expected: int) -> None:
    assert output_size(i, k, stride=s, padding=2 * p, dilation=d) == expected
    assert plan_axis(i, k, stride=s, dilation=d, padding=(p, p)).outputs == expected


@pytest.mark.parametrize(
    ("i", "k", "s", "p", "a", "inserted", "border", "expected"),
    [
        (2, 3, 1, 0, 0, 0, (2, 2), 4),
        (6, 4, 1, 2, 0, 0, (1, 1), 5),
        (5, 3, 1, 1, 0, 0, (1, 1), 5),
        (7, 3, 1, 2, 0, 0, (0, 0), 5),
        (2, 3, 2, 0, 0, 1, (2, 2), 5),
        (3, 3, 2, 1, 0, 1, (1, 1), 5),
        (3, 3, 2, 1, 1, 1, (1, 2), 6),
    ],
)
def test_transposed_figures_of_the_guide(
    i: int, k: int, s: int, p: int, a: int, inserted: int, border: object, expected: int
) -> None:
    plan = backward(i, k, s, p, a)
    assert plan.outputs == expected
    assert (plan.before, plan.after) == border
    assert plan.stretch == inserted + 1


@given(I, K)
@MANY
def test_relationship_1_no_padding_unit_strides(i: int, k: int) -> None:
    assert forward(i, k) == (i - k) + 1


@given(I, K, P)
@MANY
def test_relationship_2_padding_unit_strides(i: int, k: int, p: int) -> None:
    assert forward(i, k, p=p) == (i - k) + 2 * p + 1


@given(I, st.integers(0, 5))
@MANY
def test_relationship_3_half_padding(i: int, n: int) -> None:
    assert forward(i, 2 * n + 1, p=n) == i


@given(I, K)
@MANY
def test_relationship_4_full_padding(i: int, k: int) -> None:
    assert forward(i, k, p=k - 1) == i + (k - 1)


@given(I, K, S)
@MANY
def test_relationships_5_and_7_strides_and_pooling(i: int, k: int, s: int) -> None:
    assert forward(i, k, s) == floor((i - k) / s) + 1


@given(I, K, S, P)
@MANY
def test_relationship_6_padding_and_strides(i: int, k: int, s: int, p: int) -> None:
    assert forward(i, k, s, p) == floor((i + 2 * p - k) / s) + 1


@given(I, K)
@MANY
def test_relationship_8_transposed(i: int, k: int) -> None:
    plan = backward(i, k)
    assert (plan.outputs, plan.before, plan.after) == (i + (k - 1), k - 1, k - 1)


@given(I, K, P)
@MANY
def test_relationship_9_padding_transposed(i: int, k: int, p: int) -> None:
    assume(i + (k - 1) - 2 * p >= 1)
    plan = backward(i, k, p=p)
    assert plan.outputs == i + (k - 1) - 2 * p
    assert (plan.before, plan.after) == (k - p - 1, k - p - 1)


@given(I, st.integers(0, 5))
@MANY
def test_relationship_10_half_padding_transposed(i: int, n: int) -> None:
    plan = backward(i, 2 * n + 1, p=n)
    assert (plan.outputs, plan.before, plan.after) == (i, n, n)


@given(I, K)
@MANY
def test_relationship_11_full_padding_transposed(i: int, k: int) -> None:
    assume(i > k - 1)
    plan = backward(i, k, p=k - 1)
    assert (plan.outputs, plan.before, plan.after) == (i - (k - 1), 0, 0)


@given(I, K, S, P)
@MANY
def test_relationships_12_and_13_strides_transposed(i: int, k: int, s: int, p: int) -> None:
    assume(s * (i - 1) + k - 2 * p >= 1)
    plan = backward(i, k, s, p)
    assert plan.outputs == s * (i - 1) + k - 2 * p
    assert plan.before == k - p - 1
    assert plan.stretched == i + (i - 1) * (s - 1)


@given(I, K, S, P)
@MANY
def test_relationship_14_back_to_the_size_it_came_from(i: int, k: int, s: int, p: int) -> None:
    assume(i + 2 * p >= k)
    a = (i + 2 * p - k) % s
    smaller = forward(i, k, s, p)
    plan = backward(smaller, k, s, p, a)
    assert plan.outputs == s * (smaller - 1) + a + k - 2 * p == i
    # The a zeros stand at the end only.
    assert plan.after - plan.before == a


@given(I, K, S, P, D)
@MANY
def test_relationship_15_dilation(i: int, k: int, s: int, p: int, d: int) -> None:
    assume(i + 2 * p - k - (k - 1) * (d - 1) >= 0)
    expected = floor((i + 2 * p - k - (k - 1) * (d - 1)) / s) + 1
    assert forward(i, k, s, p, d) == expected
    assert span(k, d) == k + (k - 1) * (d - 1)


@given(I, K, S, D, P, P)
@MANY
def test_positions_are_those_of_a_loop(
    i: int, k: int, s: int, d: int, before: int, after: int
) -> None:
    room = i + before + after
    windows, first = [], 0
    while first + (k - 1) * d < room:
        windows.append([first + tap * d for tap in range(k)])
        first += s
    if not windows:
        with pytest.raises(ShapeError, match=f"the padded input has {room}"):
            plan_axis(i, k, stride=s, dilation=d, padding=(before, after))
        return
    plan = plan_axis(i, k, stride=s, dilation=d, padding=(before, after))
    assert plan.taps.tolist() == windows
    assert plan.padded == room
    read = {place for window in windows for place in window}
    assert np.flatnonzero(plan.reached).tolist() == sorted(read)
    flipped = plan_axis(i, k, stride=s, dilation=d, padding=(before, after), flip=True)
    assert flipped.taps.tolist() == [window[::-1] for window in windows]


@given(I, K, S, D)
@MANY
def test_same_is_the_least_padding_for_its_size(i: int, k: int, s: int, d: int) -> None:
    plan = plan_axis(i, k, stride=s, dilation=d, padding="same")
    assert plan.outputs == ceil(i / s)
    total = plan.before + plan.after
    assert plan.after - plan.before in (0, 1)
    if total and i + total - 1 >= span(k, d):
        fewer = output_size(i, k, stride=s, padding=total - 1, dilation=d)
        assert fewer == plan.outputs - 1


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [(224, 3, 2, (0, 1)), (224, 7, 2, (2, 3)), (225, 3, 2, (1, 1)), (5, 3, 1, (1, 1))],
)
def test_same_padding_of_known_layers(
    size: int, kernel: int, stride: int, expected: tuple[int, int]
) -> None:
    assert same_padding(size, kernel, stride) == expected


@given(I, K, S, D, P, P, st.data())
@MANY
def test_transposed_taps_invert_the_forward_ones(
    i: int, k: int, s: int, d: int, before: int, after: int, data: st.DataObject
) -> None:
    """Output j reads input m through weight t exactly if, forwards, m read j through t."""
    assume(i + before + after >= span(k, d))
    forwards = plan_axis(i, k, stride=s, dilation=d, padding=(before, after))
    rest = (i + before + after - span(k, d)) % s
    plan = plan_transposed_axis(
        forwards.outputs, k, stride=s, dilation=d, padding=(before, after), output_padding=rest
    )
    assert plan.outputs == i
    source = plan.source()
    links = {
        (int(source[place]), j, tap)
        for j, window in enumerate(plan.taps)
        for tap, place in enumerate(window)
        if source[place] >= 0
    }
    pixels = forwards.source()
    expected = {
        (m, int(pixels[place]), tap)
        for m, window in enumerate(forwards.taps)
        for tap, place in enumerate(window)
        if pixels[place] >= 0
    }
    assert links == expected


@given(I, P, P, st.sampled_from(["zeros", "constant", "reflect", "edge", "wrap"]))
@MANY
def test_source_says_which_pixel_is_shown(i: int, before: int, after: int, mode: str) -> None:
    most = i - (mode == "reflect")
    assume(max(before, after) <= most)
    plan = plan_axis(i, 1, padding=(before, after))
    pixels = np.arange(100, 100 + i)
    shown = pad_axis(pixels, 0, before, after, mode, constant=-1)
    source = plan.source(mode)
    assert [pixels[n] if n >= 0 else -1 for n in source] == shown.tolist()


def test_reflection_of_1234() -> None:
    assert pad_axis(np.array([1, 2, 3, 4]), 0, 2, 2, "reflect").tolist() == [
        3, 2, 1, 2, 3, 4, 3, 2,
    ]  # fmt: skip


def test_negative_padding_crops() -> None:
    assert pad_axis(np.array([1, 2, 3, 4]), 0, -1, 2, "zeros").tolist() == [2, 3, 4, 0, 0]


@given(I, K, P, D)
@MANY
def test_remedies_in_the_message_work(i: int, k: int, p: int, d: int) -> None:
    assume(i + p < span(k, d))
    missing = span(k, d) - i - p
    with pytest.raises(ShapeError) as caught:
        output_size(i, k, padding=p, dilation=d)
    message = str(caught.value)
    assert f"padding of {missing} more pixels" in message
    assert output_size(i, k, padding=p + missing, dilation=d) == 1
    kernel = re.search(r"kernel <= (\d+)", message)
    assert kernel
    assert output_size(i, int(kernel[1]), padding=p, dilation=d) >= 1
    with pytest.raises(ShapeError):
        output_size(i, int(kernel[1]) + 1, padding=p, dilation=d)
    if dilation := re.search(r"dilation <= (\d+)", message):
        assert output_size(i, k, padding=p, dilation=int(dilation[1])) >= 1
        with pytest.raises(ShapeError):
            output_size(i, k, padding=p, dilation=int(dilation[1]) + 1)


def test_padding_that_cuts_everything() -> None:
    with pytest.raises(ShapeError, match="padding of at most 2 pixels"):
        plan_transposed_axis(1, 3, padding=(2, 1))
    assert plan_transposed_axis(1, 3, padding=(1, 1)).outputs == 1
