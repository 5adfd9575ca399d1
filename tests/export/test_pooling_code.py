"""Generated scripts, run on their own in a clean process, give the numbers of the page."""

import ast
import random

import numpy as np
import pytest

from core.export.pooling_code import pooling_script
from core.lessons.base import bounds, options
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import PoolingCase, build
from core.presets import PRESETS
from tests.export.clean_process import outputs_of

PHOTO = np.random.default_rng(7).integers(0, 256, (40, 50, 3), dtype=np.uint8)
RANDOM_LESSONS = 120


def random_case(seed: int) -> PoolingCase:
    draw = random.Random(seed)
    values: dict[str, object] = {
        "pool_numbers": "1 -2.25 0.1 / 5 7 9",
        "pool_edits": draw.choice(["", "x.0.0.0=-3.5 g.0.0.0=7"]),
    }
    for name, info in PoolingLesson.model_fields.items():
        if info.annotation is bool:
            values[name] = draw.random() < 0.4
        elif info.annotation is int:
            values[name] = min(draw.choice(bounds(PoolingLesson, name)), 12)
        elif choices := options(PoolingLesson, name):
            values[name] = draw.choice(choices)
    return build(PoolingLesson.nearest(values)[0], PHOTO)


@pytest.fixture(scope="module")
def cases() -> dict[str, PoolingCase]:
    named = {f"case-{p.slug}": build(p.lesson, PHOTO) for p in PRESETS.for_page("pooling")}
    return named | {f"case-{seed:03d}": random_case(seed) for seed in range(RANDOM_LESSONS)}


@pytest.fixture(scope="module")
def outputs(cases, tmp_path_factory) -> dict[str, np.ndarray]:
    folder = tmp_path_factory.mktemp("pooling")
    scripts = ((name, pooling_script(case)) for name, case in cases.items())
    return outputs_of(scripts, folder, book_each=15)


def test_every_script_gives_the_numbers_of_its_page(cases, outputs):
    assert {name.removesuffix("-book") for name in outputs} == set(cases)
    assert sum(name.endswith("-book") for name in outputs) > 5
    for name, output in outputs.items():
        case = cases[name.removesuffix("-book")]
        expected = case.last.ravel() if case.lesson.pool_shows == "flatten" else case.last
        assert output.shape == expected.shape, name
        # Keras interpolates in float32.
        assert np.allclose(output, expected, rtol=1e-4, atol=1e-4), name


def test_the_random_lessons_cover_the_ways_of_writing_a_script(cases):
    lessons = [case.lesson for case in cases.values()]
    for name in ("pool_kind", "pool_shows", "pool_padding", "pool_border"):
        for choice in options(PoolingLesson, name):
            assert sum(getattr(lesson, name) == choice for lesson in lessons) >= 5, choice
    assert {lesson.back for lesson in lessons if lesson.pool_shows == "unpool"} == {
        "max", "nearest", "bilinear", "transposed", "shuffle",
    }  # fmt: skip


def test_scripts_are_ascii_and_end_with_the_output():
    script = pooling_script(build(PoolingLesson(pool_shows="unpool")))
    names = {
        target.id
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert "output" in names
    assert script.isascii()
    assert all(len(line) <= 100 for line in script.splitlines())
