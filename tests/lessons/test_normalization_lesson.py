"""The lesson "Normalisation": whatever is asked for, there is a block and a result."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.lessons.base import bounds, options, stops
from core.lessons.normalization import NormLesson
from core.lessons.normalization_case import (
    HISTOGRAM_SIDE,
    build,
    history_of,
    large_block,
    training_batches,
)
from core.numbers import NumbersError
from core.presets import PRESETS

PHOTO = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)
FIELDS = NormLesson.model_fields


def any_values(seed: int) -> dict[str, Any]:
    """Values for every field, each within its bounds."""
    draw = random.Random(seed)
    values: dict[str, Any] = {"norm_numbers": "1 -2.25 / 5 7 | 2 2 ; 3 3"}
    values["norm_edits"] = draw.choice(["", "x.0.0.0.0=-3.5 g.0=7 b.1=2"])
    for name, info in FIELDS.items():
        if info.annotation is int:
            values[name] = draw.choice(bounds(NormLesson, name))
        elif info.annotation is float:
            values[name] = draw.choice(stops(NormLesson, name))
        elif choices := options(NormLesson, name):
            values[name] = draw.choice(choices)
    return values


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_every_lesson_has_a_result(seed):
    lesson, _ = NormLesson.nearest(any_values(seed))
    assert lesson.problem() is None
    case = build(lesson, PHOTO)
    assert case.block.shape == case.output.shape == lesson.shape
    assert all(np.isfinite(line.values).all() for line in case.lines)
    slugs = [line.slug for line in case.lines if line.slug != "activation"]
    mean = [] if lesson.norm_kind == "rms" else ["mean"]
    assert slugs == [*mean, "variance", "normalize", "scale"]
    assert (case.lines[0].slug == "activation") == (lesson.norm_place == "after")
    assert (case.lines[-1].slug == "activation") == (lesson.norm_place == "before")


@given(st.integers(0, 10**9))
@settings(max_examples=80, deadline=None)
def test_the_lines_follow_from_each_other(seed):
    lesson, _ = NormLesson.nearest(any_values(seed))
    case = build(lesson, PHOTO)
    by_slug = {line.slug: line.values for line in case.lines}
    x = np.maximum(case.block, 0) if lesson.norm_place == "after" else case.block
    mean = by_slug.get("mean", 0)
    root = np.sqrt(by_slug["variance"] + lesson.norm_epsilon)
    expected = np.divide(x - mean, root, out=np.zeros_like(x), where=root > 0)
    assert np.allclose(by_slug["normalize"], expected)
    scaled = case.result.gamma * expected + case.result.beta
    assert np.allclose(by_slug["scale"], scaled)
    final = np.maximum(scaled, 0) if lesson.norm_place == "before" else scaled
    assert np.allclose(case.output, final)


def test_groups_follow_the_channels():
    lesson, notices = NormLesson.nearest(
        {"norm_kind": "group", "norm_channels": 6, "norm_groups": 4}
    )
    assert lesson.norm_groups in (3, 6)
    assert "4 groups cannot split 6 channels" in notices[0]
    assert NormLesson(norm_kind="group", norm_channels=6).choices("norm_groups") == [1, 2, 3, 6]
    assert NormLesson(norm_channels=6).choices("norm_groups") == list(range(1, 9))


def test_decimal_sliders_keep_what_a_link_says():
    assert NormLesson(norm_gamma=0.37).positions("norm_gamma").count(0.37) == 1
    assert 7 in NormLesson(norm_batches=7).choices("norm_batches")


def test_numbers_of_the_algorithm_preset():
    """1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9) / 4."""
    lesson = PRESETS["norm-algorithm"].lesson
    assert isinstance(lesson, NormLesson)
    result = build(lesson).result
    assert result.x.ravel().tolist() == [1, 2, 3, 6]
    assert (result.means.tolist(), result.variances.tolist()) == ([3], [3.5])
    expected = np.array([-2, -1, 0, 3]) / np.sqrt(3.501)
    assert np.allclose(result.output.ravel(), expected)


def test_what_presets_say_is_so():
    def output(slug: str, **changes: Any) -> np.ndarray:
        lesson = PRESETS[slug].lesson
        return build(NormLesson(**lesson.model_dump() | changes), PHOTO).output

    def block(slug: str) -> np.ndarray:
        return build(PRESETS[slug].lesson, PHOTO).block

    columns = output("norm-features")[:, 0, 0]
    assert np.allclose(columns, columns[:, :1], atol=1e-3)
    learned = output("norm-learnable")
    assert np.allclose(learned.mean(axis=(0, 1, 2)), 1)
    assert np.allclose(learned.std(axis=(0, 1, 2)), 2, atol=2e-3)
    assert np.allclose(output("norm-undo"), block("norm-undo"))
    assert np.allclose(output("norm-one-cell"), 0.5)
    assert not np.allclose(output("norm-one-cell", norm_kind="layer"), 0.5)
    alone = output("norm-one-picture")
    assert np.allclose(alone, output("norm-one-picture", norm_kind="instance"))
    three = output("norm-others-matter")[:3].ravel()
    assert np.ptp(three) < 0.06
    settled = output("norm-inference")
    assert np.abs(settled - output("norm-inference", norm_phase="training")).max() < 0.8
    early = output("norm-inference-too-soon")
    assert np.allclose(early, block("norm-inference-too-soon"), rtol=0.4, atol=0.9)
    plain = {"norm_stretch": 1.0, "norm_move": 0.0}
    assert np.allclose(output("norm-scale-is-lost"), output("norm-scale-is-lost", **plain),
                       atol=2e-3)  # fmt: skip
    spreads = output("norm-epsilon").std(axis=(0, 1, 2))
    assert spreads.argmin() == 2
    zeros = (output("norm-before") == 0).mean()
    assert 0.3 < zeros < 0.7
    assert (output("norm-after") < 0).any()


def test_training_batches_are_drawn_alike():
    lesson = NormLesson(norm_batches=50)
    batches = training_batches(lesson, build(lesson).block)
    assert len(batches) == 50
    assert len({batch.tobytes() for batch in batches}) == 50
    own = NormLesson(norm_input="counting", norm_batches=20)
    block = build(own).block
    rows = {sample.tobytes() for sample in block}
    assert {s.tobytes() for batch in training_batches(own, block) for s in batch} <= rows
    assert training_batches(NormLesson(norm_kind="layer"), block) == []


def test_running_statistics_come_near_those_of_many_batches():
    lesson = NormLesson(norm_batches=400, norm_momentum=0.95, norm_phase="inference")
    block = build(lesson).block
    running = history_of(lesson, block)[-1]
    many = np.concatenate(training_batches(lesson, block))
    assert np.allclose(running.mean, many.mean(axis=(0, 1, 2)), atol=0.5)


def test_a_larger_block_is_of_the_same_kind():
    for kind in options(NormLesson, "norm_input"):
        lesson = NormLesson(norm_input=kind, norm_numbers="1 2 | 3 4 ; 5 6 | 7 8")
        large = large_block(lesson, PHOTO)
        assert large.shape == (3, HISTOGRAM_SIDE, HISTOGRAM_SIDE, 4)
    random_block = large_block(NormLesson())
    assert random_block[..., 1].mean() > random_block[..., 2].mean()


def test_a_pin_outside_falls_back_and_texts_are_told():
    assert build(NormLesson(norm_cell="2,1,1,3")).chosen_cell == (2, 1, 1, 3)
    assert build(NormLesson(norm_cell="5,0,0,0")).chosen_cell == (0, 0, 0, 0)
    lesson = NormLesson(norm_input="own", norm_numbers="1 2 / 3", norm_edits="q")
    assert "Row 2 has 1 numbers" in lesson.text_problem("norm_numbers")
    assert "not a changed cell" in lesson.text_problem("norm_edits")
    with pytest.raises(NumbersError):
        build(lesson)
    with pytest.raises(ValueError, match="Choose one first"):
        build(NormLesson(norm_input="photo"))
