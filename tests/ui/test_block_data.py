"""What the browser looks up in the block's data is what Python computed."""

import json
import random

import numpy as np
import pytest

from core.arithmetic.normalization import KINDS, share
from core.lessons.base import bounds, options, stops
from core.lessons.normalization import NormLesson
from core.lessons.normalization_case import NormCase, build
from core.ui.components.block import block_data
from core.ui.normalisation_views import histogram_stages, remarks

SEEDS = range(40)
PHOTO = np.random.default_rng(11).integers(0, 256, (30, 44, 3), dtype=np.uint8)


def case_of(seed: int) -> NormCase:
    draw = random.Random(seed)
    values: dict[str, object] = {"norm_numbers": "1 -2.25 / 5 7 | 2 2 ; 3 3"}
    for name, info in NormLesson.model_fields.items():
        if info.annotation is int:
            values[name] = draw.choice(bounds(NormLesson, name))
        elif info.annotation is float:
            values[name] = draw.choice(stops(NormLesson, name))
        elif choices := options(NormLesson, name):
            values[name] = draw.choice(choices)
    return build(NormLesson.nearest(values)[0], PHOTO)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_travel_as_they_are(seed):
    case = case_of(seed)
    data = json.loads(json.dumps(block_data(case), allow_nan=False))
    shape = tuple(data["shape"])
    assert np.allclose(np.reshape(data["raw"], shape), case.block, atol=1e-5)
    assert np.allclose(np.reshape(data["x"], shape), case.result.x, atol=1e-5)
    for sent, line in zip(data["lines"], case.lines, strict=True):
        assert np.allclose(np.reshape(sent["values"], shape), line.values, atol=1e-5)
    sets = np.reshape(data["sets"], shape)
    means = np.array(data["means"])[sets]
    expected = case.result.means[case.result.sets]
    assert np.allclose(means, expected, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_five_blocks_show_the_five_norms(seed):
    lesson = case_of(seed).lesson
    data = block_data(case_of(seed))
    assert [kind["slug"] for kind in data["kinds"]] == list(KINDS)
    for kind in data["kinds"]:
        groups = lesson.norm_groups
        groups = groups if lesson.norm_channels % groups == 0 else 1
        expected = share(lesson.shape, kind["slug"], groups, lesson.norm_over)
        assert kind["sets"] == expected.ravel().tolist()
        assert kind["words"]
        if kind["slug"] == lesson.norm_kind:
            assert kind["sets"] == data["sets"]


def test_a_pin_is_told_only_where_it_is():
    assert block_data(build(NormLesson(norm_cell="0,0,0,0")))["cell"] == "0,0,0,0"
    assert block_data(build(NormLesson(norm_cell="5,0,0,0")))["cell"] == ""
    assert block_data(build(NormLesson()))["cell"] == ""


def test_rms_norm_has_no_beta():
    data = block_data(build(NormLesson(norm_kind="rms", norm_beta=3.0)))
    assert data["beta"] is None
    assert [line["slug"] for line in data["lines"]] == ["variance", "normalize", "scale"]
    assert "mean square" in data["legend"]


def said(**settings: object) -> str:
    return " ".join(remarks(build(NormLesson(**settings))))


def test_remarks():
    assert "4 x mean and variance, each over 12 of 48 cells" in said()
    assert "8 running statistics that are not learned" in said()
    assert "Learned: 4 numbers, gamma of 4 channels" in said(norm_kind="rms")
    assert "batch norm is now instance norm" in said(norm_samples=1)
    one = said(norm_samples=1, norm_height=1, norm_width=1)
    assert "the output is beta, whatever comes in" in one
    assert "Layer norm computes the same at inference" in said(
        norm_kind="layer", norm_phase="inference"
    )
    assert "not what gamma and beta are" in said(norm_affine="undo")
    assert "are 0; beta decides how many" in said(norm_place="before")
    assert "mean takes it away" not in said(norm_place="before", norm_kind="layer")


def test_histograms_follow_the_order_of_the_layers():
    for place, titles in (
        ("alone", ["Block", "Behind the norm"]),
        ("before", ["Block", "Behind the norm", "Behind the ReLU"]),
        ("after", ["Block", "Behind the ReLU", "Behind the norm"]),
    ):
        stages = histogram_stages(build(NormLesson(norm_place=place)))
        assert [title for title, _ in stages] == titles
        by_title = dict(stages)
        norm = by_title["Behind the norm"]
        assert np.allclose(norm.mean(axis=(0, 1, 2)), 0, atol=1e-6)
        assert np.allclose(norm.std(axis=(0, 1, 2)), 1, atol=0.02)
        if place != "alone":
            assert by_title["Behind the ReLU"].min() == 0
