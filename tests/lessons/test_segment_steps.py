"""The steps show what the methods have computed."""

import numpy as np
import pytest
from skimage import data

from core.lessons.segment import SegmentLesson
from core.lessons.segment_case import Segmented, classical, segmented
from core.lessons.segment_steps import SIDE, chart, steps
from core.vision.classify import Stages
from core.vision.segment import Labelled, Salient
from core.zoo.segmenters import VOC_CLASSES

PHOTO = data.coffee()[::2, ::2]
METHODS = ("threshold", "kmeans", "watershed", "grabcut", "superpixels")
STAGES = Stages(0, 0, 0, 0, 1)


def answered(method, **settings):
    return segmented(method, classical(PHOTO, SegmentLesson(**settings).spec(method)))


@pytest.mark.parametrize("method", METHODS)
def test_pictures_of_one_answer_have_one_size(method):
    found = steps(PHOTO, answered(method))
    assert len(found) >= 2
    assert {step.picture.shape for step in found} == {(173, SIDE, 3)}
    assert all(step.picture.dtype == np.uint8 and step.title for step in found)


def test_every_round_of_the_cut_is_shown():
    one = answered("grabcut", seg_rounds=3)
    assert [step.title for step in steps(PHOTO, one)] == ["Round 1", "Round 2", "Round 3"]
    assert steps(PHOTO, one)[2].detail == f"{100 * one.answer.rounds[2].mean():.1f} %"


def test_networks_show_what_they_saw_and_said():
    flat = np.linspace(0, 0.75, 320 * 320, dtype=np.float32).reshape(320, 320)
    seen, said = steps(PHOTO, segmented("saliency", Salient(flat, flat, np.zeros(
        (320, 320, 3), np.uint8), STAGES)))  # fmt: skip
    assert seen.picture.shape == said.picture.shape
    assert said.detail == "up to 0.750"
    labels = np.zeros(PHOTO.shape[:2], np.uint8)
    sure = np.full(labels.shape, 0.5, np.float32)
    _, map_of_sureness = steps(
        PHOTO, segmented("deeplab", Labelled(labels, sure, VOC_CLASSES, STAGES))
    )
    assert np.unique(map_of_sureness.picture).tolist() == [128]


def test_otsus_curve_has_its_top_at_the_level():
    one = answered("threshold")
    found = chart(one)
    pixels, variance = found.curves
    assert variance.x[variance.y.argmax()] == pytest.approx(one.answer.level, abs=1)
    assert pixels.y.max() == 1
    assert found.marks[0].x == one.answer.level


def test_the_error_of_k_means_never_rises():
    found = chart(answered("kmeans"))
    assert (np.diff(found.curves[0].y) <= 1e-9).all()


def test_what_is_awaited_has_no_steps():
    waiting = Segmented("saliency", None)
    assert steps(PHOTO, waiting) == []
    assert chart(waiting) is None
    assert chart(answered("grabcut")) is None
