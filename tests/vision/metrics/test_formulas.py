"""The quotients on the screen are the metrics, scikit-learn's and Keras' among them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from sklearn import metrics

from core.vision.metrics import compare
from core.vision.metrics.formulas import MEASURES, counts_of

SKLEARN = {
    "iou": metrics.jaccard_score,
    "dice": metrics.f1_score,
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
}


@given(arrays(bool, (5, 6)), arrays(bool, (5, 6)))
def test_every_quotient_is_the_metric_and_scikit_learns(truth, painted):
    found = compare(truth, painted)
    counts = counts_of(found)
    confused = metrics.confusion_matrix(truth.ravel(), painted.ravel(), labels=[False, True])
    assert [counts[kind] for kind in ("TN", "FP", "FN", "TP")] == confused.ravel().tolist()
    for slug, measure in MEASURES.items():
        assert measure.value(counts) == getattr(found, slug)
        if slug in SKLEARN:
            theirs = SKLEARN[slug](truth.ravel(), painted.ravel(), zero_division=1)
            assert measure.value(counts) == pytest.approx(theirs)
    right = metrics.accuracy_score(truth.ravel(), painted.ravel())
    assert MEASURES["pixel_accuracy"].value(counts) == pytest.approx(right)


def test_a_line_has_letters_numbers_and_the_result():
    counts = {"TP": 812, "FP": 40, "FN": 95, "TN": 0}
    assert MEASURES["iou"].line(counts) == (
        "IoU = TP / (TP + FP + FN) = 812 / (812 + 40 + 95) = 0.857"
    )
    assert MEASURES["dice"].filled(counts) == "2*812 / (2*812 + 40 + 95)"
    assert MEASURES["precision"].formula == "TP / (TP + FP)"


def test_of_nothing_it_is_one_by_convention():
    counts = {"TP": 0, "FP": 0, "FN": 0, "TN": 9}
    assert all(measure.value(counts) == 1 for measure in MEASURES.values())
    assert [m.slug for m in MEASURES.values() if not m.is_of_nothing(counts)] == [
        "pixel_accuracy"
    ]


@pytest.mark.tf
def test_keras_takes_the_mean_over_background_and_object():
    import keras

    generator = np.random.default_rng(0)
    truth, painted = generator.random((2, 20, 20)) < 0.3
    mean = keras.metrics.MeanIoU(num_classes=2)
    mean.update_state(truth.ravel().astype(int), painted.ravel().astype(int))
    both = [MEASURES["iou"].value(counts_of(compare(*masks)))
            for masks in ((truth, painted), (~truth, ~painted))]  # fmt: skip
    assert float(mean.result()) == pytest.approx(np.mean(both), rel=1e-6)
