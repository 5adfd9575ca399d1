"""Non-maximum suppression: by hand, against OpenCV and TensorFlow."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.metrics import MetricError, nms, suppress

ROW = [(0, 0, 10, 10), (1, 0, 11, 10), (20, 0, 30, 10)]
"""The first two share 9 of 11 columns: IoU 9 / 11."""


@st.composite
def scenes(draw):
    """Whole boxes with scores of few different values, so that there are ties."""
    count = draw(st.integers(1, 15))
    corners = draw(
        st.lists(
            st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 12)] * 2),
            min_size=count,
            max_size=count,
        )
    )
    boxes = [(x, y, x + w, y + h) for x, y, w, h in corners]
    scores = draw(st.lists(st.integers(1, 6), min_size=count, max_size=count))
    return np.array(boxes, float), np.array(scores) / 8


def test_the_surest_stays_and_takes_its_neighbour_away():
    done = suppress(ROW, [0.8, 0.9, 0.7], 0.5)
    assert done.kept == (1, 2)
    first = done.steps[0]
    assert [(m.index, m.iou, m.suppressed) for m in first.meetings] == [
        (0, 9 / 11, True),
        (2, 0, False),
    ]
    assert (done.suppressor(0), done.suppressor(2)) == (1, None)


def test_exactly_at_the_threshold_a_box_stays():
    boxes, scores = [(0, 0, 10, 10), (0, 0, 10, 5)], [0.9, 0.8]
    assert nms(boxes, scores, 0.5).tolist() == [0, 1]
    assert nms(boxes, scores, 0.49).tolist() == [0]


def test_of_equal_scores_the_first_one_goes_first():
    assert nms(ROW[:2], [0.5, 0.5], 0.5).tolist() == [0]
    assert nms(ROW[1::-1], [0.5, 0.5], 0.5).tolist() == [0]


def test_classes_leave_each_other_alone():
    assert nms(ROW, [0.8, 0.9, 0.7], 0.5, ["cat", "dog", "dog"]).tolist() == [1, 0, 2]
    assert suppress(ROW, [0.8, 0.9, 0.7], 0.5, [0, 1, 1]).kept == (1, 0, 2)


@given(scenes(), st.sampled_from([0.0, 0.3, 0.5, 0.77]))
def test_the_kept_boxes_are_opencvs(scene, threshold):
    boxes, scores = scene
    wh = [(x, y, right - x, bottom - y) for x, y, right, bottom in boxes.astype(int).tolist()]
    theirs = cv2.dnn.NMSBoxes(wh, scores.tolist(), 0.0, threshold)
    assert nms(boxes, scores, threshold).tolist() == list(theirs)
    assert list(suppress(boxes, scores, threshold).kept) == list(theirs)


def test_the_kept_boxes_are_tensorflows():
    import tensorflow as tf

    generator = np.random.default_rng(0)
    corners = generator.uniform(0, 60, (300, 2))
    boxes = np.hstack([corners, corners + generator.uniform(5, 30, (300, 2))])
    scores = generator.permutation(300) / 300
    for threshold in (0.2, 0.5, 0.8):
        theirs = tf.image.non_max_suppression(boxes[:, [1, 0, 3, 2]], scores, 300, threshold)
        assert nms(boxes, scores, threshold).tolist() == theirs.numpy().tolist()


@given(scenes(), st.sampled_from(["linear", "gaussian"]))
def test_soft_scores_are_opencvs(scene, rule):
    boxes, scores = scene
    wh = [(x, y, right - x, bottom - y) for x, y, right, bottom in boxes.astype(int).tolist()]
    method = {"linear": 1, "gaussian": 2}[rule]
    lowered, _ = cv2.dnn.softNMSBoxes(wh, scores.tolist(), 0.01, 0.4, 0, 0.5, method)
    ours = suppress(boxes, scores, 0.4, rule=rule, sigma=0.5, least=0.01).scores
    np.testing.assert_allclose(ours, np.ravel(lowered), rtol=1e-4)


def test_soft_nms_lowers_what_hard_nms_removes():
    linear = suppress(ROW[:2], [0.8, 0.9], 0.5, rule="linear")
    assert linear.kept == (1, 0)
    assert linear.scores == pytest.approx((0.9, 0.8 * (1 - 9 / 11)))
    gaussian = suppress(ROW[:2], [0.8, 0.9], 0.5, rule="gaussian", sigma=0.5)
    assert gaussian.scores[1] == pytest.approx(0.8 * np.exp(-((9 / 11) ** 2) / 0.5))
    dropped = suppress(ROW[:2], [0.8, 0.9], 0.5, rule="linear", least=0.2)
    assert (dropped.kept, dropped.dropped) == ((1,), (0,))


def test_no_box_is_no_problem():
    assert nms([], [], 0.5).tolist() == []
    assert suppress([], [], 0.5).kept == ()


def test_refusals():
    with pytest.raises(MetricError, match=r"3 boxes come with scores of shape \(2,\)"):
        nms(ROW, [0.1, 0.2], 0.5)
    with pytest.raises(MetricError, match=r"threshold of 1.5 does not work. Use 0 to 1"):
        nms(ROW, [0.1, 0.2, 0.3], 1.5)
    with pytest.raises(MetricError, match="'softer' is no rule"):
        suppress(ROW, [0.1, 0.2, 0.3], 0.5, rule="softer")
    with pytest.raises(MetricError, match="sigma 0 does not work"):
        suppress(ROW, [0.1, 0.2, 0.3], 0.5, rule="gaussian", sigma=0)
