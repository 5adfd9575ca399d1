"""Grids of numbers as text, there and back."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.numbers import (
    Edit,
    NumbersError,
    apply_edits,
    format_edits,
    format_grid,
    format_number,
    parse_bank,
    parse_edits,
    parse_grid,
    parse_number,
    parse_planes,
)

VALUES = st.floats(-1e6, 1e6) | st.integers(-1000, 1000).map(float)
GRIDS = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=VALUES)
EDITS = st.builds(
    Edit,
    st.sampled_from("xkb"),
    st.lists(st.integers(0, 40), min_size=1, max_size=4).map(tuple),
    VALUES,
)
MANY = settings(max_examples=300, deadline=None)


@given(VALUES)
@MANY
def test_numbers_come_back_exactly(value: float) -> None:
    assert parse_number(format_number(value)) == value


@given(GRIDS)
@MANY
def test_grids_come_back_exactly(grid: np.ndarray) -> None:
    np.testing.assert_array_equal(parse_grid(format_grid(grid)), grid)


@given(st.lists(st.lists(GRIDS, min_size=1, max_size=3), min_size=1, max_size=3))
@MANY
def test_banks_come_back_exactly(bank: list[list[np.ndarray]]) -> None:
    text = " ; ".join(" | ".join(map(format_grid, planes)) for planes in bank)
    back = parse_bank(text)
    assert [len(planes) for planes in back] == [len(planes) for planes in bank]
    for planes, expected in zip(back, bank, strict=True):
        for plane, grid in zip(planes, expected, strict=True):
            np.testing.assert_array_equal(plane, grid)


@given(st.lists(EDITS, max_size=8))
@MANY
def test_edits_come_back_with_the_latest_value(edits: list[Edit]) -> None:
    latest = {(edit.grid, edit.index): edit.value for edit in edits}
    back = parse_edits(format_edits(edits))
    assert {(edit.grid, edit.index): edit.value for edit in back} == latest
    assert len(back) == len(latest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 2 / 3 4", [[1, 2], [3, 4]]),
        ("1,2\n3,4", [[1, 2], [3, 4]]),
        ("  1   2/3 4 / ", [[1, 2], [3, 4]]),
        ("-0.5 1e3", [[-0.5, 1000]]),
        ("7", [[7]]),
    ],
)
def test_ways_to_write_a_grid(text: str, expected: list[list[float]]) -> None:
    assert parse_grid(text).tolist() == expected


def test_planes_and_filters() -> None:
    assert [plane.tolist() for plane in parse_planes("1 | 2 3")] == [[[1]], [[2, 3]]]
    bank = parse_bank("1 | 2 ; 3 | 4")
    assert [[plane.tolist() for plane in planes] for planes in bank] == [
        [[[1]], [[2]]],
        [[[3]], [[4]]],
    ]


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (-0.5, "-0.5"), (1e6, "1000000")])
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no number"),
        (" / ", "There is no number"),
        ("1 two", "'two' is not a number"),
        ("1/9 x", "'x' is not a number"),
        ("1 2 / 3", "Row 2 has 1 numbers, row 1 has 2"),
        ("nan", "out of range"),
        ("inf", "out of range"),
        ("1e7", "1e7 is out of range. Use numbers between -1e6 and 1e6"),
    ],
)
def test_errors_say_where(text: str, message: str) -> None:
    with pytest.raises(NumbersError, match=message):
        parse_grid(text)


@pytest.mark.parametrize(
    "text", ["x.0=", "x=1", "0.0=1", "x.-1=2", "xx.1=2", "x.a=1", "x.1 =2"]
)
def test_edits_that_cannot_be_read(text: str) -> None:
    with pytest.raises(NumbersError, match=r"is not a changed cell. Write x.row"):
        parse_edits(text)


def test_edit_to_no_number() -> None:
    with pytest.raises(NumbersError, match="'y' is not a number"):
        parse_edits("x.0=y")


@given(st.text(max_size=40))
@MANY
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_grid, parse_planes, parse_bank, parse_edits):
        with suppress(NumbersError):
            assert len(parse(text)) or not text.strip()


def test_edits_land_in_their_cells_and_others_are_passed_over() -> None:
    grids = {"x": np.zeros((2, 2)), "b": np.zeros(1)}
    apply_edits(grids, parse_edits("x.0.1=5 x.2.0=7 x.0=8 b.0=-1 q.0.0=9"))
    assert grids["x"].tolist() == [[0, 5], [0, 0]]
    assert grids["b"].tolist() == [-1]
