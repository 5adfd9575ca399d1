"""Confusion matrices agree with Keras, scikit-image and what is known by hand."""

import math

import numpy as np
import pytest
import scipy.sparse
import skimage.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.confusion import Confusion, confusion, in_cell

LABELS = st.integers(1, 8).flatmap(
    lambda classes: st.tuples(
        st.just(classes),
        st.lists(
            st.tuples(st.integers(0, classes - 1), st.integers(0, classes - 1)), max_size=80
        ),
    )
)
# Two classes: 40 of 50 ill people found, 5 of 100 healthy ones called ill.
TEST_OF_AN_ILLNESS = Confusion(np.array([[95, 5], [10, 40]]))


def split(pairs):
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(LABELS)
@settings(deadline=None)
def test_counts_are_those_of_a_sparse_matrix_that_adds_up(labels):
    classes, pairs = labels
    actual, predicted = split(pairs)
    shape = (classes, classes)
    expected = scipy.sparse.coo_array((np.ones(len(pairs)), (actual, predicted)), shape=shape)
    found = confusion(actual, predicted, classes)
    assert np.array_equal(found.counts, expected.toarray())
    assert found.total == len(pairs)


def test_shares_are_those_of_scikit_image():
    rng = np.random.default_rng(0)
    actual, predicted = rng.integers(0, 6, (2, 500))
    expected = skimage.metrics.contingency_table(actual, predicted, normalize=True).toarray()
    found = confusion(actual, predicted, 6)
    np.testing.assert_allclose(found.counts / found.total, expected)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)


@pytest.mark.tf
def test_everything_agrees_with_keras():
    import keras

    rng = np.random.default_rng(1)
    classes = 7
    actual = rng.integers(0, classes, 400)
    predicted = np.where(rng.random(400) < 0.6, actual, rng.integers(0, classes, 400))
    found = confusion(actual, predicted, classes)
    hot = keras.utils.to_categorical
    sure = hot(predicted, classes)

    def measured(metric):
        metric.update_state(hot(actual, classes), sure)
        return np.asarray(metric.result())

    for c in range(classes):
        recall = measured(keras.metrics.Recall(class_id=c, thresholds=0.5))
        precision = measured(keras.metrics.Precision(class_id=c, thresholds=0.5))
        assert found.recall[c] == pytest.approx(float(recall), rel=1e-5)
        assert found.precision[c] == pytest.approx(float(precision), rel=1e-5)
    f1 = measured(keras.metrics.F1Score())
    np.testing.assert_allclose(found.f1, f1, rtol=1e-5)
    macro = measured(keras.metrics.F1Score(average="macro"))
    assert found.macro_f1 == pytest.approx(float(macro), rel=1e-5)
    accuracy = measured(keras.metrics.CategoricalAccuracy())
    assert found.accuracy == pytest.approx(float(accuracy), rel=1e-6)


def test_a_test_of_an_illness_by_hand():
    found = TEST_OF_AN_ILLNESS
    assert found.recall.tolist() == [0.95, 0.8]  # specificity and sensitivity
    assert found.precision.tolist() == pytest.approx([95 / 105, 40 / 45])
    assert found.accuracy == 135 / 150
    assert found.macro_recall == pytest.approx(0.875)
    assert found.f1[1] == pytest.approx(2 * 0.8 * (8 / 9) / (0.8 + 8 / 9))
    assert found.shares.tolist() == [[0.95, 0.05], [0.2, 0.8]]


@given(LABELS)
@settings(deadline=None)
def test_f1_is_the_harmonic_mean_wherever_both_are_defined(labels):
    classes, pairs = labels
    found = confusion(*split(pairs), classes)
    both = found.right > 0
    mean = 2 / (1 / found.recall[both] + 1 / found.precision[both])
    np.testing.assert_allclose(found.f1[both], mean)
    assert np.all((found.f1[~both] == 0) | np.isnan(found.f1[~both]))


@given(LABELS)
@settings(deadline=None)
def test_exchanging_labels_and_predictions_exchanges_precision_and_recall(labels):
    classes, pairs = labels
    actual, predicted = split(pairs)
    one, other = confusion(actual, predicted, classes), confusion(predicted, actual, classes)
    np.testing.assert_array_equal(one.recall, other.precision)
    np.testing.assert_array_equal(one.f1, other.f1)
    assert np.array_equal(one.counts, other.counts.T)


def test_what_is_not_defined_is_nan_and_left_out_of_means():
    found = Confusion(np.array([[4, 0, 0], [2, 2, 0], [0, 0, 0]]))
    assert found.recall[:2].tolist() == [1, 0.5]
    assert math.isnan(found.recall[2])
    assert math.isnan(found.precision[2])
    assert math.isnan(found.f1[2])
    assert found.macro_recall == 0.75
    assert found.macro_precision == pytest.approx((4 / 6 + 1) / 2)
    nothing = Confusion(np.zeros((2, 2), np.int64))
    assert math.isnan(nothing.accuracy)
    assert math.isnan(nothing.macro_f1)


def test_a_perfect_classifier_has_ones_everywhere():
    found = Confusion(np.diag([3, 1, 7]))
    assert found.accuracy == found.macro_f1 == found.macro_precision == found.macro_recall == 1
    assert found.mix_ups(3) == []


@given(LABELS, st.integers(1, 6))
@settings(deadline=None)
def test_mix_ups_are_the_largest_counts_beside_the_diagonal(labels, most):
    classes, pairs = labels
    found = confusion(*split(pairs), classes)
    cells = found.mix_ups(most)
    counts = [int(found.counts[cell]) for cell in cells]
    others = found.counts[~np.eye(classes, dtype=bool)]
    assert counts == sorted((int(c) for c in others if c), reverse=True)[:most]
    assert all(row != column for row, column in cells)


@given(LABELS)
@settings(deadline=None)
def test_a_cell_holds_as_many_examples_as_it_counts(labels):
    classes, pairs = labels
    actual, predicted = split(pairs)
    counts = confusion(actual, predicted, classes).counts
    for row in range(classes):
        for column in range(classes):
            members = in_cell(actual, predicted, row, column)
            assert len(members) == counts[row, column]
            assert set(actual[members]) <= {row}
            assert set(predicted[members]) <= {column}


@pytest.mark.parametrize(
    ("actual", "predicted", "words"),
    [
        ([0, 1], [0], "2 labels and 1 predictions cannot be compared"),
        ([0, 3], [0, 1], "label 3 is no class: there are 3, 0 to 2"),
        ([0, 1], [0, -1], "prediction -1 is no class"),
    ],
)
def test_labels_that_do_not_fit_are_refused_in_words(actual, predicted, words):
    with pytest.raises(ValueError, match=words):
        confusion(np.array(actual), np.array(predicted), 3)


def test_a_matrix_that_counts_nothing_sensible_is_refused():
    with pytest.raises(ValueError, match=r"as many rows as columns.*\(2, 3\)"):
        Confusion(np.zeros((2, 3), np.int64))
    with pytest.raises(ValueError, match="no number in it is below 0"):
        Confusion(np.array([[1, -1], [0, 0]]))
