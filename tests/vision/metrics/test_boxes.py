"""Overlap of boxes: closed forms, the papers' formulas, and formats there and back."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.metrics import (
    FORMATS,
    MetricError,
    box_ciou,
    box_diou,
    box_giou,
    box_iou,
    compare_boxes,
    convert,
    iou,
)


@st.composite
def boxes(draw, least=1):
    left, top = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    return (
        left,
        top,
        left + draw(st.integers(least, 20)),
        top + draw(st.integers(least, 20)),
    )


def test_two_boxes_that_share_half_of_each():
    both = compare_boxes((0, 0, 10, 10), (5, 0, 15, 10))
    assert (both.intersection, both.union, both.iou) == (50, 150, 50 / 150)
    # The enclosing box is filled, so GIoU is IoU; the centres are 5 of sqrt(325) apart.
    assert both.giou == both.iou
    assert float(both.diou) == pytest.approx(1 / 3 - 25 / 325)


def test_two_squares_that_share_a_corner_cell():
    both = compare_boxes((0, 0, 2, 2), (1, 1, 3, 3))
    assert (both.intersection, both.union) == (1, 7)
    assert float(both.iou) == 1 / 7
    assert float(both.giou) == pytest.approx(1 / 7 - 2 / 9)  # 9 enclose, 2 are in neither
    assert float(both.diou) == pytest.approx(1 / 7 - 2 / 18)


def test_boxes_apart_have_iou_0_and_giou_below():
    both = compare_boxes((0, 0, 1, 1), (3, 0, 4, 1))
    assert both.iou == 0
    assert both.giou == -0.5  # Rezatofighi et al.: -(C - U) / C = -(4 - 2) / 4
    assert float(both.diou) == pytest.approx(-9 / 17)


def test_pixels_that_count_make_vocs_iou_larger():
    # 11 x 11 pixels each, 6 x 11 shared: 66 / (2 * 121 - 66).
    assert box_iou((0, 0, 10, 10), (5, 0, 15, 10), plus_one=True) == 66 / 176
    # Edges that touch share a column of pixels then, and nothing without.
    assert box_iou((0, 0, 1, 1), (1, 0, 2, 1)) == 0
    assert box_iou((0, 0, 1, 1), (1, 0, 2, 1), plus_one=True) == 2 / 6


@given(boxes(), boxes())
def test_iou_of_boxes_is_iou_of_their_pixels(a, b):
    masks = []
    for left, top, right, bottom in (a, b):
        mask = np.zeros((40, 40), bool)
        mask[top:bottom, left:right] = True
        masks.append(mask)
    assert box_iou(a, b) == iou(*masks)


@given(boxes(), boxes(), st.booleans())
def test_the_measures_are_the_papers(a, b, plus_one):
    """Written out once more, number by number, from the papers."""
    extra = 1 if plus_one else 0
    (w1, h1), (w2, h2) = ((x[2] - x[0] + extra, x[3] - x[1] + extra) for x in (a, b))
    overlap = box_iou(a, b, plus_one)
    c_w = max(a[2], b[2]) - min(a[0], b[0]) + extra
    c_h = max(a[3], b[3]) - min(a[1], b[1]) + extra
    shared = overlap * (w1 * h1 + w2 * h2) / (1 + overlap)
    union = w1 * h1 + w2 * h2 - shared
    assert box_giou(a, b, plus_one) == pytest.approx(overlap - (c_w * c_h - union) / c_w / c_h)
    apart = math.dist(
        ((a[0] + a[2]) / 2, (a[1] + a[3]) / 2), ((b[0] + b[2]) / 2, (b[1] + b[3]) / 2)
    )
    diou = overlap - apart**2 / (c_w**2 + c_h**2)
    assert box_diou(a, b, plus_one) == pytest.approx(diou)
    v = 4 / math.pi**2 * (math.atan(w1 / h1) - math.atan(w2 / h2)) ** 2
    alpha = v / (1 - overlap + v) if v else 0
    assert box_ciou(a, b, plus_one) == pytest.approx(diou - alpha * v)


def test_the_measures_are_keras_cvs():
    import keras_cv

    giou, ciou = keras_cv.losses.GIoULoss("xyxy"), keras_cv.losses.CIoULoss("xyxy")
    generator = np.random.default_rng(3)
    for left, top, width, height in generator.uniform(5, 40, (8, 4)).tolist():
        one = np.array([[left, top, left + width, top + height]], np.float32)
        other = generator.uniform(5, 40, (1, 4)).astype(np.float32)
        other[:, 2:] += other[:, :2]
        # Theirs are in float32.
        assert box_giou(one[0], other[0]) == pytest.approx(
            1 - float(giou(one, other)), abs=2e-5
        )
        # Their v squares 4 / pi^2 as well, so CIoU is compared where the shapes are the same.
        same = one * 1.2 + 3
        assert box_ciou(one[0], same[0]) == pytest.approx(1 - float(ciou(one, same)), abs=2e-5)


def test_many_boxes_are_compared_each_with_each():
    a = np.array([(0, 0, 10, 10), (20, 20, 30, 30)])
    b = np.array([(0, 0, 10, 10), (5, 0, 15, 10), (20, 20, 30, 25)])
    np.testing.assert_allclose(box_iou(a, b), [[1, 1 / 3, 0], [0, 0, 0.5]])
    np.testing.assert_allclose(box_iou(a[0], b), [1, 1 / 3, 0])
    np.testing.assert_allclose(box_iou(a, b[1]), [1 / 3, 0])
    assert box_iou(np.zeros((0, 4)), b).shape == (0, 3)


def test_a_box_without_area_overlaps_nothing():
    assert box_iou((2, 2, 2, 5), (0, 0, 9, 9)) == 0
    assert box_iou((2, 2, 2, 5), (2, 2, 2, 5)) == 0


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((0, 0, 5), "four numbers each"),
        ((5, 0, 2, 3), "box 0 is 5, 0, 2, 3: its right or bottom comes before its left"),
        ((0, 0, math.nan, 1), "box 0 holds 0, 0, nan, 1"),
    ],
)
def test_what_is_no_box_is_said(box, words):
    with pytest.raises(MetricError, match=words):
        box_iou(box, (0, 0, 1, 1))


def test_as_many_of_each_pair_up():
    with pytest.raises(MetricError, match="2 and 3 boxes do not pair up"):
        compare_boxes(np.ones((2, 4)), np.ones((3, 4)))


# Formats


def test_one_box_in_all_formats():
    # Columns 10 to 29, rows 20 to 59 of a picture 100 wide and 200 high.
    written = {name: convert((10, 20, 30, 60), "xyxy", name, (200, 100)) for name in FORMATS}
    assert {name: box.tolist() for name, box in written.items()} == {
        "xyxy": [10, 20, 30, 60],
        "xywh": [10, 20, 20, 40],
        "centre": [20, 40, 20, 40],
        "relative": [0.1, 0.1, 0.3, 0.3],
        "yolo": [0.2, 0.2, 0.2, 0.2],
        "voc": [11, 21, 30, 60],
    }


@given(boxes(), st.sampled_from(FORMATS), st.sampled_from(FORMATS))
def test_there_and_back_is_the_same_box(box, one, other):
    size = (73, 41)
    written = convert([box, box], "xyxy", one, size)
    back = convert(convert(written, one, other, size), other, "xyxy", size)
    np.testing.assert_allclose(back, [box, box], atol=1e-9)


def test_formats_that_do_not_exist_are_said():
    with pytest.raises(MetricError, match=r"'xyhw' is no format. Use one of xyxy, xywh"):
        convert((0, 0, 1, 1), "xyxy", "xyhw", (10, 10))
    with pytest.raises(MetricError, match="a picture of 0 x 10 has no pixel"):
        convert((0, 0, 1, 1), "xyxy", "yolo", (10, 0))
