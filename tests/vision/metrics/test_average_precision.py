"""Matching, precision and recall, and four definitions of average precision."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from core.vision.metrics import METHODS, MetricError, PrecisionRecall, average_precision
from core.vision.metrics.average_precision import average_precisions, matched
from core.vision.metrics.records import as_arrays

UNIT = (0, 0, 10, 10)
PUBLISHED = "TFTFFFFFFTFTTTFFFFFFFFTF"
"""24 detections of 15 objects, sorted: Padilla et al. 2020, "A survey on performance metrics
for object-detection algorithms", table II."""


def thing(image=0, box=UNIT, label="cup", **more):
    return {"image": image, "box": box, "label": label, **more}


def said(score, image=0, box=UNIT, label="cup"):
    return thing(image, box, label, score=score)


def verdicts(detections, truth, threshold=0.5, rule="voc", **more):
    done = matched(as_arrays(detections, truth), "cup", threshold, rule=rule, **more)
    return [
        (int(index), done.verdict(place, threshold))
        for place, index in enumerate(done.detections)
    ]


def curve(letters, positives):
    return PrecisionRecall(np.array([letter == "T" for letter in letters], bool), positives)


# The definitions


def test_the_published_example_has_its_published_numbers():
    found = curve(PUBLISHED, 15)
    assert found.average("every-point") == pytest.approx(0.2457, abs=5e-5)
    assert found.average("11-point") == pytest.approx(0.2684, abs=5e-5)
    assert found.precision[-1] == pytest.approx(0.2916, abs=1e-4)
    assert found.recall[-1] == pytest.approx(0.4666, abs=1e-4)


def test_five_detections_by_hand():
    # Precision 1, 1/2, 1/3, 1/2, 3/5 at recall 1/3, 1/3, 1/3, 2/3, 1.
    found = curve("TFFTT", 3)
    assert found.average("lecture") == pytest.approx((1 + 1 / 2 + 3 / 5) / 3)
    assert found.average("every-point") == pytest.approx((1 + 3 / 5 + 3 / 5) / 3)
    assert found.average("11-point") == pytest.approx((4 * 1 + 7 * 0.6) / 11)
    assert found.average("101-point") == pytest.approx((34 * 1 + 67 * 0.6) / 101)


def test_the_lectures_sum_written_out():
    """MLC: sum over k of [Recall(k) - Recall(k+1)] * Precision(k), Recall(n) = 0."""
    found = curve(PUBLISHED, 15)
    recall = [*found.recall[::-1], 0.0]
    precision = [*found.precision[::-1], 1.0]
    total = sum((recall[k] - recall[k + 1]) * precision[k] for k in range(len(recall) - 1))
    assert found.average("lecture") == pytest.approx(total)


@given(st.lists(st.booleans(), min_size=1, max_size=30).filter(any))
def test_the_lectures_average_is_scikit_learns(hits):
    scores = np.arange(len(hits), 0, -1.0)
    theirs = average_precision_score(hits, scores)
    assert PrecisionRecall(np.array(hits), sum(hits)).average("lecture") == pytest.approx(
        theirs
    )


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 5))
def test_the_definitions_keep_their_order(hits, missed):
    positives = sum(hits) + missed
    found = PrecisionRecall(np.array(hits, bool), positives)
    values = {method: found.average(method) for method in METHODS}
    if not positives:
        assert all(math.isnan(value) for value in values.values())
        return
    assert all(0 <= value <= 1 for value in values.values())
    assert values["lecture"] <= values["every-point"] + 1e-12
    # 101 samples of a falling curve lie above its area by at most one sample.
    assert 0 <= values["101-point"] - values["every-point"] + 0.01 <= 0.02 + 1e-9


def test_three_of_ten_reach_recall_three_tenths():
    # np.arange(0, 1.1, 0.1)[3] is 0.30000000000000004: compared so, the point would be lost.
    assert curve("TTT", 10).average("11-point") == pytest.approx(4 / 11)


# Matching


def test_the_second_box_on_an_object_is_a_double():
    truth = [thing()]
    rows = verdicts([said(0.5), said(0.9, box=(0, 0, 10, 8))], truth)
    assert rows == [(1, "hit"), (0, "double")]


def test_a_detection_counts_from_the_threshold_on():
    truth, half = [thing()], [said(0.9, box=(0, 0, 10, 5))]
    assert verdicts(half, truth, 0.5) == [(0, "hit")]
    assert verdicts(half, truth, 0.51) == [(0, "low")]
    assert verdicts([said(0.9, image=1)], truth) == [(0, "miss")]


def test_voc_asks_for_the_best_object_only_and_coco_for_the_best_that_is_free():
    truth = [thing(), thing(box=(0, 0, 10, 8))]
    # Both lie best on the first object; the second one would do for either at 0.5.
    detections = [said(0.9), said(0.8, box=(0, 0, 10, 9.5))]
    assert verdicts(detections, truth, rule="voc") == [(0, "hit"), (1, "double")]
    assert verdicts(detections, truth, rule="coco") == [(0, "hit"), (1, "hit")]


def test_difficult_objects_count_for_nothing():
    truth = [thing(difficult=True), thing(box=(50, 0, 60, 10))]
    detections = [said(0.9), said(0.8), said(0.7, box=(50, 0, 60, 10))]
    assert verdicts(detections, truth) == [(0, "ignored"), (1, "ignored"), (2, "hit")]
    assert average_precision(detections, truth, 0.5, "every-point") == 1


def test_a_crowd_takes_any_number_of_detections():
    truth = [thing(box=(0, 0, 100, 100), crowd=True), thing(box=(200, 0, 210, 10))]
    # Each covers 1 % of the crowd and lies wholly in it.
    detections = [said(0.9), said(0.8, box=(50, 50, 60, 60)), said(0.7, box=(200, 0, 210, 10))]
    assert [v for _, v in verdicts(detections, truth, rule="coco")] == [
        "ignored", "ignored", "hit",
    ]  # fmt: skip


def test_ties_stay_in_the_order_of_the_list():
    truth = [thing(), thing(image=1)]
    rows = verdicts([said(0.5, image=1), said(0.5, image=2), said(0.5)], truth)
    assert rows == [(0, "hit"), (1, "miss"), (2, "hit")]


def test_counted_as_pixels_a_narrow_box_is_a_hit():
    truth, narrow = [thing(box=(0, 0, 3, 3))], [said(0.9, box=(0, 0, 3, 1))]
    assert verdicts(narrow, truth, 0.5) == [(0, "low")]  # 3 of 9
    assert verdicts(narrow, truth, 0.5, plus_one=True) == [(0, "hit")]  # 8 of 16
    assert average_precision(narrow, truth, 0.5, "lecture", plus_one=True) == 1


def test_a_mean_is_over_the_labels_that_are_there():
    truth = [thing(), thing(label="cat", image=1)]
    detections = [said(0.9), said(0.9, label="dog")]
    found = average_precisions(detections, truth, 0.5, "every-point")
    assert (found["cup"], found["cat"]) == (1, 0)
    assert math.isnan(found["dog"])
    assert average_precision(detections, truth, 0.5, "every-point") == 0.5


@pytest.mark.parametrize("method", METHODS)
def test_nothing_found_is_0_and_nothing_to_find_is_no_number(method):
    assert average_precision([], [thing()], 0.5, method) == 0
    assert math.isnan(average_precision([said(0.9)], [], 0.5, method))


@pytest.mark.parametrize(
    ("detections", "words"),
    [
        ([{"image": 0, "box": UNIT, "label": "cup"}], "detection 0 has no 'score'"),
        ([said(0.9), said(math.nan)], "detection 1: score is no finite number"),
        ([said("much")], "detection 0: score 'much' is no number"),
        ([said(0.9), said(0.9, box=(1, 2, 3))], "detection 1: the box .* has not four numbers"),
        ([said(0.9, box=(5, 0, 1, 1))], "detection 0: .*right or bottom comes before"),
        ([{"box": UNIT, "label": "cup", "score": 1}], "detection 0 has no 'image'"),
    ],
)
def test_what_is_no_detection_is_said(detections, words):
    with pytest.raises(MetricError, match=words):
        average_precision(detections, [thing()], 0.5, "lecture")


def test_more_pairs_than_memory_is_good_for_are_refused():
    truth = [thing() for _ in range(5000)]
    with pytest.raises(
        MetricError, match=r"25,000,000 pairs of boxes .* Use at most 20,000,000"
    ):
        average_precision([said(0.5)] * 5000, truth, 0.5, "every-point")


def test_refusals():
    with pytest.raises(MetricError, match=r"'12-point' is no method. Use one of every-point"):
        average_precision([], [thing()], 0.5, "12-point")
    with pytest.raises(MetricError, match="threshold of 0 does not work"):
        average_precision([], [thing()], 0, "lecture")
    with pytest.raises(MetricError, match=r"there is no label 'mug'. There are cup"):
        matched(as_arrays([], [thing()]), "mug", 0.5, rule="voc")
