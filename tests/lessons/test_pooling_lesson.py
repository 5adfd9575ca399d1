"""The lesson "Pooling and unpooling": whatever is asked for, there is a chain of grids."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.chain import related, sentence, terms
from core.lessons.base import bounds, options
from core.lessons.pooling import LARGEST_OUTPUT, PoolingLesson
from core.lessons.pooling_case import PoolingCase, build
from core.numbers import NumbersError

PHOTO = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)
FIELDS = PoolingLesson.model_fields


def any_values(seed: int) -> dict[str, Any]:
    """Values for every field, each within its bounds."""
    draw = random.Random(seed)
    values: dict[str, Any] = {"pool_edits": draw.choice(["", "x.0.0.0=-3.5 g.0.0.0=7"])}
    for name, info in FIELDS.items():
        if info.annotation is bool:
            values[name] = draw.random() < 0.4
        elif info.annotation is int:
            values[name] = draw.choice(bounds(PoolingLesson, name))
        elif choices := options(PoolingLesson, name):
            values[name] = draw.choice(choices)
    values["pool_numbers"] = "1 -2.25 0.1 / 5 7 9 | 2 2 / 3 3"
    return values


def any_case(seed: int) -> PoolingCase:
    return build(PoolingLesson.nearest(any_values(seed))[0], PHOTO)


@given(st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_every_lesson_has_a_result(seed):
    lesson, _ = PoolingLesson.nearest(any_values(seed))
    assert lesson.problem() is None
    case = build(lesson, PHOTO)
    assert case.image.shape == (lesson.pool_height, lesson.pool_width, lesson.pool_channels)
    assert max(case.last.shape[:2]) <= max(LARGEST_OUTPUT, case.last.shape[1] * (
        lesson.pool_shows == "flatten"))  # fmt: skip
    for grid in case.chain.grids:
        assert grid.values.size
        assert np.isfinite(grid.values[~grid.added]).all()


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_ranges_offer_what_has_a_result_and_nothing_else(seed):
    lesson, _ = PoolingLesson.nearest(any_values(seed))
    for name in ("pool_size", "pool_pad", "pool_stride", "pool_factor", "pool_channels"):
        offered = lesson.choices(name)
        for value in bounds(PoolingLesson, name):
            changed = PoolingLesson(**lesson.model_dump() | {name: value})
            try:
                build(changed, PHOTO)
                possible = changed.problem() is None
            except ValueError:
                possible = False
            assert (value in offered) == possible


@given(st.integers(0, 10**9))
@settings(max_examples=80, deadline=None)
def test_every_cell_is_explained_by_what_it_is_made_of(seed):
    """The joins give the values of their targets again, rule by rule."""
    chain = any_case(seed).chain
    draw = random.Random(seed)
    for join in chain.joins:
        target = chain.grids[join.target].values
        for _ in range(10):
            place = tuple(draw.randrange(n) for n in target.shape)
            found = terms(chain, join, place)
            values = [term.value for term in found if term.weight]
            rule = {
                "max": lambda v=values: max(v),
                "min": lambda v=values: min(v),
                "mean": lambda v=values: sum(v) / len(v),
                "l2": lambda v=values: sum(x * x for x in v) ** 0.5,
                "sum": lambda f=found: sum(t.weight * t.value for t in f),
                "copy": lambda f=found: f[0].value if f else 0.0,
                "place": lambda p=place, t=target: float(t[p]),
            }[join.rule]
            assert rule() == pytest.approx(target[place])
            if join.rule == "copy":
                assert len({term.value for term in found}) <= 1
            if join.picks is not None:
                assert (
                    place
                    in related(chain, join.source, _picked(chain, join, place))[join.target]
                )


def _picked(chain, join, place):
    """The cell of the source that the value was taken from, by its index."""
    source, target = chain.grids[join.source], chain.grids[join.target]
    flat = int(join.picks[np.ravel_multi_index(place, target.values.shape)])
    row, column = divmod(flat, source.inner_hw[1])
    cell = (row + source.origin[0], column + source.origin[1], place[2])
    assert source.values[cell] == target.values[place]
    assert source.marked[cell]
    return cell


def test_sentences_say_how_a_value_comes_about():
    def last(**settings: Any) -> str:
        chain = build(PoolingLesson(**settings)).chain
        return sentence(chain, len(chain.grids) - 1, (0, 1, 0))

    assert last() == "max(2, 3, 6, 7) = 7, at index 7: row 1, column 3"
    assert last(pool_kind="average") == "(2 + 3 + 6 + 7) / 4 = 4.5"
    assert last(pool_kind="l2", pool_input="ones") == "sqrt(1^2 + 1^2 + 1^2 + 1^2) = 2"
    assert last(pool_kind="min") == "min(2, 3, 6, 7) = 2, at index 2: row 0, column 2"
    assert last(pool_shows="unpool") == "0: no window took its value here"
    assert last(pool_shows="unpool", pool_back="nearest") == "pooled [0, 0] = 5"
    assert last(pool_shows="unpool", pool_back="bilinear") == "0.75*5 + 0.25*7 = 5.5"
    assert last(pool_shows="gradient", pool_kind="average") == "0.25*1 = 0.25"
    padded = last(pool_kind="average", pool_size=3, pool_pad=1)
    assert padded == "(1 + 2 + 3 + 5 + 6 + 7) / 6 = 4"
    counted = last(pool_kind="average", pool_size=3, pool_pad=1, pool_count=True)
    assert counted.startswith("(0 + 0 + 0 + 1 + 2 + 3")
    assert counted.endswith("/ 9 = 2.667")


def test_a_cell_lights_what_it_is_made_of_and_what_it_goes_into():
    chain = build(PoolingLesson(pool_shows="unpool")).chain
    lit = related(chain, 1, (0, 0, 0))
    assert lit[0] == {(0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 0)}
    assert lit[2] == {(1, 1, 0)}
    assert related(chain, 2, (0, 0, 0)) == (frozenset(), frozenset(), frozenset())
    gradient = build(PoolingLesson(pool_shows="gradient")).chain
    assert related(gradient, 0, (3, 3, 0))[2] == {(3, 3, 0)}


def test_without_remembered_places_nearest_takes_over():
    assert PoolingLesson(pool_kind="average").back == "nearest"
    assert PoolingLesson(pool_blur="tri-3").back == "nearest"
    assert PoolingLesson(pool_kind="global_max").back == "max"
    case = build(PoolingLesson(pool_kind="average", pool_shows="unpool"))
    assert "no places were remembered" in case.chain.grids[-1].title


def test_pins_outside_of_the_grid_fall_back():
    assert build(PoolingLesson(pool_cell="1,0,0")).chosen_cell == (1, 0, 0)
    assert build(PoolingLesson(pool_cell="5,0,0")).chosen_cell == (0, 0, 0)


def test_unreadable_texts_are_told():
    lesson = PoolingLesson(pool_input="own", pool_numbers="1 2 / 3", pool_edits="y=1")
    assert "Row 2 has 1 numbers" in lesson.text_problem("pool_numbers")
    assert "not a changed cell" in lesson.text_problem("pool_edits")
    assert lesson.text_problem("pool_cell") is None
    with pytest.raises(NumbersError):
        build(lesson)


def test_without_a_photo_the_photo_is_missed():
    with pytest.raises(ValueError, match="Choose one first"):
        build(PoolingLesson(pool_input="photo"))
