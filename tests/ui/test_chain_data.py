"""What the browser looks up in the chain's data is what Python computed."""

import json
import random

import numpy as np
import pytest

from core.arithmetic.chain import related
from core.lessons.base import bounds, options
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import PoolingCase, build
from core.ui.components.chain import chain_data

SEEDS = range(60)
PHOTO = np.random.default_rng(11).integers(0, 256, (30, 44, 3), dtype=np.uint8)


def case_of(seed: int) -> PoolingCase:
    draw = random.Random(seed)
    values: dict[str, object] = {"pool_numbers": "1 -2.25 0.1 / 5 7 9"}
    for name, info in PoolingLesson.model_fields.items():
        if info.annotation is bool:
            values[name] = draw.random() < 0.4
        elif info.annotation is int:
            values[name] = min(draw.choice(bounds(PoolingLesson, name)), 9)
        elif choices := options(PoolingLesson, name):
            values[name] = draw.choice(choices)
    return build(PoolingLesson.nearest(values)[0], PHOTO)


def sources(data: dict, join: dict, cell: tuple[int, int, int]) -> list[tuple]:
    """As chain.js finds them: [(plane, row, column, weight)] of a (plane, row, column)."""
    plane, row, column = cell
    target, source = data["grids"][join["target"]], data["grids"][join["source"]]
    place = row * target["columns"] + column
    if not join["each"]:
        place = place * len(target["planes"]) + plane
    found = []
    for i in range(join["starts"][place], join["starts"][place + 1]):
        flat, planes = join["sources"][i], len(source["planes"])
        own, at = (plane, flat) if join["each"] else (flat % planes, flat // planes)
        weight = 1 if join["weights"] is None else join["weights"][i]
        found.append((own, at // source["columns"], at % source["columns"], weight))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_links_and_rules_give_the_values_again(seed):
    case = case_of(seed)
    data = json.loads(json.dumps(chain_data(case.chain), allow_nan=False))
    draw = random.Random(seed)
    for join in data["joins"]:
        target, source = data["grids"][join["target"]], data["grids"][join["source"]]
        for _ in range(12):
            cell = (
                draw.randrange(len(target["planes"])),
                draw.randrange(target["rows"]),
                draw.randrange(target["columns"]),
            )
            expected = target["planes"][cell[0]][cell[1] * target["columns"] + cell[2]]
            terms = [
                (w, source["planes"][p][r * source["columns"] + c])
                for p, r, c, w in sources(data, join, cell)
            ]
            values = [value for weight, value in terms if weight]
            rule = {
                "max": lambda v=values: max(v),
                "min": lambda v=values: min(v),
                "mean": lambda v=values: sum(v) / len(v),
                "l2": lambda v=values: sum(x * x for x in v) ** 0.5,
                "sum": lambda t=terms: sum(w * x for w, x in t),
                "copy": lambda v=values: v[0] if v else 0.0,
                "place": lambda e=expected: e,
            }[join["rule"]]
            # Numbers and weights are rounded to six decimals for the wire.
            assert rule() == pytest.approx(expected, rel=1e-5, abs=1e-3)
            lit = related(case.chain, join["target"], (cell[1], cell[2], cell[0]))
            for p, r, c, _ in sources(data, join, cell):
                assert (r, c, p) in lit[join["source"]]


@pytest.mark.parametrize("seed", SEEDS)
def test_marks_are_where_windows_took_their_values(seed):
    case = case_of(seed)
    data = chain_data(case.chain)
    for join in data["joins"]:
        if join["picks"] is None:
            continue
        target, source = data["grids"][join["target"]], data["grids"][join["source"]]
        (top, left), planes = source["origin"], len(target["planes"])
        places = [set() for _ in range(planes)]
        for number, flat in enumerate(join["picks"]):
            row, column = flat // source["inner"] + top, flat % source["inner"] + left
            places[number % planes].add(row * source["columns"] + column)
        assert [set(taken) for taken in source["taken"]] == places
        assert not set().union(*places) & set(source["pad"])


def test_the_random_lessons_use_what_the_stage_can_show():
    cases = [case_of(seed).lesson for seed in SEEDS]
    for shows in options(PoolingLesson, "pool_shows"):
        assert sum(lesson.pool_shows == shows for lesson in cases) >= 5, shows
    assert len({lesson.pool_kind for lesson in cases}) == 6
    assert sum(lesson.blurs for lesson in cases) >= 5


def test_what_is_to_be_guessed_is_hidden():
    case = build(PoolingLesson())
    data = chain_data(case.chain, conceal="size")
    assert [grid["conceal"] for grid in data["grids"]] == ["", "size"]
    assert data["grids"][1]["title"] == "Pooled ? x ?"
    assert data["grids"][0]["taken"] == []
    assert data["legend"] == []
    data = chain_data(case.chain, conceal="values")
    assert data["grids"][1]["title"] == "Pooled 2 x 2 x 1"
    assert data["grids"][1]["conceal"] == "values"


def test_padding_that_never_wins_is_written_as_infinity():
    data = chain_data(build(PoolingLesson(pool_pad=1)).chain)
    assert data["grids"][0]["blank"] == "-\u221e"
    assert data["grids"][0]["planes"][0][:7] == [None] * 7
    low = chain_data(build(PoolingLesson(pool_pad=1, pool_kind="min")).chain)
    assert low["grids"][0]["blank"] == "\u221e"
    assert [entry["kind"] for entry in data["legend"]] == ["padding", "taken"]
