"""COCO's twelve numbers are pycocotools'."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from core.vision.metrics import average_precision, coco_summary
from core.vision.metrics.coco import CocoSummary, coco_evaluation


def theirs(detections, truth):
    """pycocotools' numbers of the same lists, and its precision at all places."""
    images = sorted({r["image"] for r in [*detections, *truth]})
    labels = sorted({r["label"] for r in [*detections, *truth]})
    with contextlib.redirect_stdout(io.StringIO()):
        known = COCO()
        known.dataset = {
            "info": {},
            "images": [{"id": image} for image in images],
            "categories": [{"id": label} for label in labels],
            "annotations": [
                {
                    "id": number,
                    "image_id": r["image"],
                    "category_id": r["label"],
                    "bbox": xywh(r["box"]),
                    "area": r.get("area", area(r["box"])),
                    "iscrowd": int(r.get("crowd", False)),
                }
                for number, r in enumerate(truth, start=1)
            ],
        }
        known.createIndex()
        results = [
            {
                "image_id": r["image"],
                "category_id": r["label"],
                "bbox": xywh(r["box"]),
                "score": r["score"],
            }
            for r in detections
        ]
        judge = COCOeval(known, known.loadRes(results), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return judge


def xywh(box):
    return [box[0], box[1], box[2] - box[0], box[3] - box[1]]


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def disturbed(seed, count=60, crowds=True):
    """Boxes of all sizes, most of them found twice or badly; scores with many ties."""
    generator = np.random.default_rng(seed)
    truth, detections = [], []
    for _ in range(count):
        left, top = generator.integers(0, 200, 2)
        width, height = generator.integers(8, 160, 2)
        record = {
            "image": int(generator.integers(1, 7)),
            "label": int(generator.integers(1, 4)),
            "box": tuple(map(int, (left, top, left + width, top + height))),
        }
        told = {"crowd": bool(crowds and generator.random() < 0.1)}
        if generator.random() < 0.5:
            told["area"] = float(area(record["box"]) * generator.uniform(0.3, 1))
        truth.append(record | told)
        for _ in range(int(generator.integers(0, 4))):
            box = np.array(record["box"]) + generator.integers(-6, 7, 4)
            box[2:] = np.maximum(box[2:], box[:2] + 1)
            label = record["label"] if generator.random() < 0.9 else 4
            score = float(generator.integers(1, 12)) / 12
            detections.append(
                record | {"box": tuple(map(int, box)), "label": label, "score": score}
            )
    return detections, truth


@pytest.mark.parametrize("seed", range(4))
def test_twelve_numbers_of_scenes_with_crowds_and_ties(seed):
    detections, truth = disturbed(seed)
    expected = theirs(detections, truth).stats
    np.testing.assert_allclose(coco_summary(detections, truth), expected, atol=1e-9)
    assert 0.1 < expected[0] < 0.9  # or it would say little


def test_the_first_number_is_the_mean_of_ten_thresholds():
    detections, truth = disturbed(5)
    levels = coco_evaluation(detections, truth).by_threshold
    values = theirs(detections, truth).eval["precision"][:, :, :, 0, 2]
    expected = [level[level > -1].mean() for level in values]
    np.testing.assert_allclose(levels, expected, atol=1e-9)
    assert np.mean(levels) == pytest.approx(coco_summary(detections, truth).ap)


def test_more_than_a_hundred_detections_of_an_image():
    detections, truth = disturbed(9, 250, crowds=False)
    for record in [*detections, *truth]:
        record["image"], record["label"] = 1, 1
    expected = theirs(detections, truth).stats
    np.testing.assert_allclose(coco_summary(detections, truth), expected, atol=1e-9)


@st.composite
def lists(draw):
    """Few boxes at few places: objects without detections, detections without objects."""
    places = st.tuples(
        st.integers(0, 6), st.integers(0, 6), st.integers(1, 6), st.integers(1, 6)
    )

    def record(scored):
        x, y, w, h = draw(places)
        made = {
            "image": draw(st.integers(1, 3)),
            "label": draw(st.integers(1, 2)),
            "box": (x, y, x + w, y + h),
        }
        return made | ({"score": draw(st.integers(1, 4)) / 4} if scored else {})

    truth = [record(scored=False) for _ in range(draw(st.integers(0, 6)))]
    return [record(scored=True) for _ in range(draw(st.integers(1, 9)))], truth


@settings(max_examples=60)
@given(lists())
def test_twelve_numbers_of_any_small_lists(both):
    detections, truth = both
    np.testing.assert_allclose(
        coco_summary(detections, truth), theirs(detections, truth).stats, atol=1e-9
    )


@settings(max_examples=40)
@given(lists(), st.sampled_from([0, 5]))
def test_101_points_at_one_threshold(both, threshold):
    """AP50 and AP75 of all labels, by `average_precision`."""
    detections, truth = both
    values = theirs(detections, truth).eval["precision"][threshold, :, :, 0, 2]
    known = values[values > -1]
    ours = average_precision(detections, truth, 0.5 + 0.05 * threshold, "101-point")
    if known.size:
        assert ours == pytest.approx(known.mean(), abs=1e-9)
    else:
        assert np.isnan(ours)


def test_nothing_to_measure_is_minus_1():
    box = {"image": 1, "label": 1, "box": (0, 0, 10, 10)}
    assert coco_summary([], []) == CocoSummary(*[-1.0] * 12)
    assert coco_summary([box | {"score": 0.5}], []) == CocoSummary(*[-1.0] * 12)
    summary = coco_summary([box | {"score": 0.5}], [box])
    # One small object, found: no medium and no large one to measure.
    assert summary == CocoSummary(1, 1, 1, 1, -1, -1, 1, 1, 1, 1, -1, -1)
