"""Label maps: closed forms, and Keras' own MeanIoU."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.vision.metrics import (
    MetricError,
    class_ious,
    confusion,
    iou,
    label_accuracy,
    mean_iou,
)

MAPS = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.just(n),
        arrays(np.uint8, (2, 5, 7), elements=st.integers(0, n - 1)),
        arrays(np.uint8, (2, 5, 7), elements=st.integers(0, n - 1)),
    )
)


def test_a_worked_example():
    labels = np.array([[0, 0, 0], [1, 1, 2]])
    said = np.array([[0, 0, 1], [1, 2, 2]])
    np.testing.assert_array_equal(confusion(labels, said, 3), [[2, 1, 0], [0, 1, 1], [0, 0, 1]])
    np.testing.assert_allclose(class_ious(labels, said, 3), [2 / 3, 1 / 3, 1 / 2])
    assert mean_iou(labels, said, 3) == pytest.approx((2 / 3 + 1 / 3 + 1 / 2) / 3)
    assert label_accuracy(labels, said) == pytest.approx(4 / 6)


def test_a_class_that_nobody_has_does_not_count():
    labels = np.array([0, 0, 1, 1])
    assert np.isnan(class_ious(labels, labels, 3)[2])
    assert mean_iou(labels, labels, 3) == 1
    # Predicted once and never there: IoU 0, and it counts.
    assert class_ious(labels, [0, 0, 1, 2], 3)[2] == 0


@given(MAPS)
def test_the_iou_of_a_class_is_that_of_its_masks(maps):
    classes, labels, said = maps
    for index, value in enumerate(class_ious(labels, said, classes)):
        here, there = labels == index, said == index
        if np.isnan(value):
            assert not (here.any() or there.any())
        else:
            assert value == pytest.approx(iou(here, there))


def test_what_is_ignored_does_not_count():
    labels, said = np.array([[0, 1, 255, 255]]), np.array([[0, 1, 0, 1]])
    assert mean_iou(labels, said, 2, ignore=255) == 1
    assert label_accuracy(labels, said, ignore=255) == 1
    assert mean_iou([[255]], [[0]], 2, ignore=255) == 1


def test_what_is_no_label_map_is_said():
    with pytest.raises(MetricError, match="2 x 2 pixels and 4 values do not lie over"):
        mean_iou(np.zeros((2, 2), int), np.zeros(4, int), 2)
    with pytest.raises(MetricError, match=r"go from 0 to 255; 21 classes are 0 to 20"):
        mean_iou([[0, 255]], [[0, 0]], 21)
    with pytest.raises(MetricError, match="predictions go from -1 to 0"):
        mean_iou([[0, 0]], [[0, -1]], 2)
    with pytest.raises(MetricError, match="take the largest of each pixel first"):
        mean_iou([[0, 1]], [[0.2, 0.8]], 2)
    with pytest.raises(MetricError, match="0 classes do not work"):
        mean_iou([[0]], [[0]], 0)


@pytest.mark.tf
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ignore", [None, 3])
def test_mean_iou_is_keras(seed, ignore):
    import keras

    rng = np.random.default_rng(seed)
    # Of seven classes the last two are never there.
    labels, said = rng.integers(0, 5, (2, 3, 16, 16))
    metric = keras.metrics.MeanIoU(7, ignore_class=ignore)
    metric.update_state(labels, said)
    assert mean_iou(labels, said, 7, ignore=ignore) == pytest.approx(float(metric.result()))
    for index in range(5):
        one = keras.metrics.IoU(7, [index], ignore_class=ignore)
        one.update_state(labels, said)
        ours = np.nan_to_num(class_ious(labels, said, 7, ignore=ignore)[index])
        assert ours == pytest.approx(float(one.result()))
