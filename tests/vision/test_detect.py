"""What is found in known photos, through the engine; thresholds without it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from core.assets import path
from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.vision import detect as asking
from core.vision.candidates import MOST_FOUND, Candidates, Choice, choose
from core.vision.classify import Stages
from core.vision.detect import DetectError, candidates, detect, letterbox
from core.vision.letterbox import letterbox_of, put_in
from core.vision.metrics import box_iou, nms
from core.zoo.detectors import COCO_CLASSES, DETECTORS, TINY, VOC_OBJECTS
from core.zoo.entry import ZooError


@pytest.fixture(scope="module")
def engine():
    path(TINY)  # fetched where it is not here yet
    running = Engine(EngineSettings())
    yield running
    running.close()


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize(
    ("photo", "label", "known"),
    # Read off the photos: where the person, the cup and the cat are.
    [
        ("astronaut", "person", (45, 20, 400, 512)),
        ("coffee", "cup", (165, 15, 418, 300)),
        ("chelsea", "cat", (0, 0, 451, 300)),
    ],
)
def test_known_objects_are_found_where_they_are(engine, monkeypatch, photo, label, known):
    monkeypatch.setattr(asking, "connect", lambda: engine)
    found = detect(getattr(data, photo)())
    assert found.labels[0] == label
    assert set(found.labels) == {label}
    assert found.scores[0] >= 0.25
    assert box_iou(found.boxes[0], known) > 0.6
    height, width = getattr(data, photo)().shape[:2]
    assert (found.boxes >= 0).all()
    assert (found.boxes <= [width, height, width, height]).all()
    assert (np.diff(found.scores) <= 0).all()


@pytest.mark.tf
@pytest.mark.slow
def test_all_candidates_come_with_their_place_in_the_maps(engine):
    said = candidates(engine, data.coffee(), side=416)
    # Two maps of 13 x 13 and 26 x 26 cells with three anchors each.
    assert len(said) == said.total == 3 * (13**2 + 26**2) == 2_535
    assert said.scores.shape == (2_535, 80)
    assert said.class_names == COCO_CLASSES
    for index in (0, 506, 507, 2_534, int(said.confidence.argmax())):
        number, row, column, anchor = said.place(index)
        head = said.heads[number]
        undone = letterbox(data.coffee(), side=416).undo(head.boxes[row, column, anchor])
        np.testing.assert_allclose(said.boxes[index], undone, atol=1e-3)
        np.testing.assert_array_equal(said.scores[index], head.scores[row, column, anchor])
    assert said.stages.network_ms > 0
    again = candidates(engine, data.coffee(), side=416)
    np.testing.assert_array_equal(again.scores, said.scores)


@pytest.mark.tf
@pytest.mark.slow
def test_a_small_and_a_plain_picture_have_an_answer(engine):
    said = candidates(engine, np.full((3, 5, 3), 90, np.uint8))
    assert np.isfinite(said.boxes).all()
    assert len(choose(said, Choice(0.9))) == 0


@pytest.mark.parametrize(
    ("picture", "side", "said"),
    [
        (np.zeros((9, 9), np.uint8), None, r"uint8 of shape \(9, 9\).* repeat a grey one"),
        (np.zeros((9, 9, 3)), None, "float64"),
        (np.zeros((0, 9, 3), np.uint8), None, r"\(0, 9, 3\)"),
        (np.zeros((9, 9, 3), np.uint8), 400, "no picture of 400 x 400 .* 384, 416, 512"),
    ],
)
def test_what_cannot_be_looked_at_is_said(picture, side, said):
    with pytest.raises(DetectError, match=said):
        candidates(None, picture, side=side)


def test_a_wrong_name_is_told_with_the_right_ones():
    with pytest.raises(ZooError, match=r"'yolov9' finds no objects\. Try yolov3-tiny"):
        detect(data.coffee(), model="yolov9")


def test_the_tables_have_the_classes_that_were_published():
    # Source: Lin et al. 2014 (80 things), Everingham et al. 2015 (20 objects).
    assert (len(COCO_CLASSES), len(set(COCO_CLASSES)), len(VOC_OBJECTS)) == (80, 80, 20)
    assert [COCO_CLASSES[n] for n in (0, 15, 41, 79)] == ["person", "cat", "cup", "toothbrush"]
    assert set(VOC_OBJECTS) <= set(COCO_CLASSES)


# The letterbox


sizes = st.integers(1, 3000)


@given(sizes, sizes, st.sampled_from([224, 416, 640]), st.sampled_from(["middle", "top-left"]))
def test_a_letterbox_holds_all_of_the_picture_and_is_undone(height, width, side, corner):
    box = letterbox_of(height, width, side, corner)
    left, top, right, bottom = box.inside
    assert 0 <= left < right <= side
    assert 0 <= top < bottom <= side
    assert side in (right - left, bottom - top)
    whole = box.undo(np.array([left, top, right, bottom], np.float32))
    np.testing.assert_allclose(whole, [0, 0, width, height], atol=1e-3 * max(width, height))
    if corner == "middle":
        assert abs(left - (side - right)) <= 1
        assert abs(top - (side - bottom)) <= 1


def test_what_is_not_picture_is_filled_and_what_is_comes_in_unchanged():
    picture = np.random.default_rng(0).integers(0, 256, (32, 64, 3), dtype=np.uint8)
    square = put_in(picture, letterbox_of(32, 64, 64), 127)
    np.testing.assert_array_equal(square[16:48], picture)
    assert (square[:16] == 127).all()
    assert (square[48:] == 127).all()


# Thresholds


def made(boxes, scores, size=(100, 100)):
    """Candidates of three classes."""
    return Candidates(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(scores, np.float32).reshape(-1, 3),
        ("cat", "dog", "cup"),
        size,
        len(boxes),
        Stages(0, 0, 0, 0, 0),
        0.0,
    )


TWO_AND_A_HALF = made(
    [(10, 10, 50, 50), (12, 10, 52, 50), (60, 60, 90, 90), (0, 0, 4, 4)],
    [(0.9, 0.1, 0), (0.2, 0.8, 0), (0.3, 0.3, 0.6), (0.05, 0.01, 0.02)],
)


def test_class_by_class_or_not_by_hand():
    # The first two have IoU 38 x 40 / (2 x 1600 - 1520) = 0.905.
    apart = choose(TWO_AND_A_HALF, Choice(0.25, 0.45))
    assert apart.labels == ("cat", "dog", "cup")
    together = choose(TWO_AND_A_HALF, Choice(0.25, 0.45, classwise=False))
    assert together.labels == ("cat", "cup")
    assert (together.likely, together.wanted, together.suppressed) == (3, 3, 1)
    assert choose(TWO_AND_A_HALF, Choice(0.25, 0.91, classwise=False)).labels[1] == "dog"


def test_what_was_found_is_taken_apart_in_one_line():
    found = choose(TWO_AND_A_HALF, Choice(0.25, 0.45, classwise=False))
    boxes, scores, labels = found
    np.testing.assert_array_equal(boxes, [(10, 10, 50, 50), (60, 60, 90, 90)])
    np.testing.assert_allclose(scores, [0.9, 0.6])
    assert labels == ("cat", "cup")
    assert len(found) == 2


def test_a_candidate_exactly_at_the_confidence_stays():
    assert len(choose(TWO_AND_A_HALF, Choice(0.6))) == 3
    assert len(choose(TWO_AND_A_HALF, Choice(0.61))) == 2


def test_every_likely_class_counts_where_that_is_wanted():
    found = choose(TWO_AND_A_HALF, Choice(0.25, every_class=True))
    assert sorted(zip(found.labels, found.indices.tolist(), strict=True)) == [
        ("cat", 0), ("cat", 2), ("cup", 2), ("dog", 1), ("dog", 2),
    ]  # fmt: skip


def test_the_class_filter_comes_before_suppression():
    found = choose(TWO_AND_A_HALF, Choice(0.25, classwise=False, classes=("dog", "cup")))
    assert found.labels == ("dog", "cup")
    assert (found.likely, found.wanted, found.suppressed) == (3, 2, 0)


def test_boxes_end_with_the_picture_and_those_beside_it_are_none():
    said = made(
        [(-20, -5, 30, 30), (-50, 10, -1, 20), (90, 90, 130, 140)],
        [(0.9, 0, 0), (0.9, 0, 0), (0.8, 0, 0)],
    )
    found = choose(said, Choice(0.5))
    np.testing.assert_array_equal(found.boxes, [(0, 0, 30, 30), (90, 90, 100, 100)])
    assert found.indices.tolist() == [0, 2]


def test_an_empty_answer_stays_empty():
    found = choose(made([], []), Choice())
    assert (len(found), found.boxes.shape, found.counts()) == (0, (0, 4), {})
    assert found.records("a") == []


shares = st.floats(0, 1, width=32)


@given(st.integers(0, 40), st.integers(0, 2**32 - 1), shares, shares, st.booleans())
def test_choosing_is_confidence_then_nms(count, seed, confidence, iou, classwise):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 60, (count, 2))
    boxes = np.concatenate([corners, corners + rng.integers(1, 40, (count, 2))], axis=1)
    said = made(boxes, rng.random((count, 3), np.float32))
    found = choose(said, Choice(confidence, iou, classwise))
    likely = np.flatnonzero(said.scores.max(axis=1, initial=0) >= np.float32(confidence))
    best = said.scores.argmax(axis=1)[likely] if count else np.zeros(0, int)
    scores = said.scores.max(axis=1, initial=0)[likely].astype(float)
    kept = nms(said.boxes[likely], scores, iou, best if classwise else None)
    assert found.indices.tolist() == likely[kept].tolist()
    assert found.likely == len(likely)
    assert found.suppressed == len(likely) - len(kept)
    # More confidence never brings a box back.
    more = choose(said, Choice(min(confidence + 0.2, 1), iou, classwise))
    assert set(more.indices.tolist()) <= set(found.indices.tolist())


def test_there_is_an_end_to_how_many_are_given():
    across = np.arange(400)
    boxes = np.stack([across * 10, across * 0, across * 10 + 5, across * 0 + 5], axis=1)
    said = made(boxes, np.tile(np.float32([0.5, 0, 0]), (400, 1)), size=(4000, 10))
    found = choose(said, Choice(0.25))
    assert (len(found), found.suppressed) == (MOST_FOUND, 0)


def test_the_input_of_every_detector_is_one_of_its_sides():
    assert all(entry.side in entry.sides for entry in DETECTORS.values())
