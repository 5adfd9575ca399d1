"""Classes are understood as they are written; a slider of counts agrees with each choice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons.detect import FACES, KNOWN, DetectLesson, parse_classes
from core.lessons.detect_case import TITLES, class_names, confidences
from core.numbers import NumbersError
from core.vision.candidates import Candidates, Choice, choose
from core.vision.classify import Stages
from core.zoo.detectors import DETECTORS


def test_classes_are_read_in_any_case_and_spacing():
    assert parse_classes(" Person ,  wine   GLASS,") == ("person", "wine glass")
    assert parse_classes("") == ()
    assert DetectLesson(det_classes="tv or monitor").classes == ("TV or monitor",)


@pytest.mark.parametrize(
    ("text", "hint"), [("persn", "Do you mean person?"), ("zzz", "knows the class 'zzz'.")]
)
def test_a_class_that_nobody_knows_is_told_with_the_nearest(text, hint):
    with pytest.raises(NumbersError) as told:
        parse_classes(text)
    assert hint in str(told.value)
    lesson = DetectLesson(det_classes=text)
    assert lesson.text_problem("det_classes") == str(told.value)
    assert lesson.classes == ()  # until it is mended, all are shown


@given(st.lists(st.sampled_from(KNOWN), unique=True, max_size=5))
def test_what_is_listed_is_read_back(names):
    assert parse_classes(", ".join(names)) == tuple(names)


def test_every_detector_has_a_title_and_classes():
    assert set(TITLES) == {*DETECTORS, FACES}
    assert class_names(FACES) == ("face",)
    assert all(set(entry.class_names) <= set(KNOWN) for entry in DETECTORS.values())


def test_the_side_is_a_question_of_the_network_that_takes_any():
    assert DetectLesson(det_side="288").side == 288
    assert DetectLesson(det_method="yolov8-m-voc", det_side="288").side is None


def test_counts_over_confidences_are_those_of_each_choice():
    rng = np.random.default_rng(4)
    corners = rng.uniform(0, 60, (50, 2))
    boxes = np.concatenate([corners, corners + rng.uniform(5, 40, (50, 2))], axis=1)
    said = Candidates(
        boxes.astype(np.float32), rng.random((50, 2), np.float32), ("a", "b"), (100, 100), 50,
        Stages(0, 0, 0, 0, 0), 0.0,
    )  # fmt: skip
    stops = (0.1, 0.5, 0.9)
    counts = confidences(said, stops, Choice(iou=0.3))
    assert counts == [len(choose(said, Choice(stop, 0.3))) for stop in stops]
    assert counts == sorted(counts, reverse=True)
