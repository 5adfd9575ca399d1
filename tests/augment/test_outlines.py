"""Boxes as outlines: areas and places by geometry, and by counting pixels."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augment.outlines import (
    area,
    bent,
    boxes_of,
    clip,
    filled,
    hull,
    outlines_of,
    uncovered,
    warped,
)
from core.augment.steps.geometry import Rotation, Translation, Zoom

BOX = st.tuples(
    st.integers(0, 40), st.integers(0, 30), st.integers(3, 20), st.integers(3, 20)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


def one(box, height=60, width=80):
    (outline,) = outlines_of(0, [box], height, width)
    return outline


def box_of(outline, keep=0.0):
    return boxes_of([outline], keep).xyxy


def test_a_box_is_its_own_outline():
    assert box_of(one((10, 20, 30, 25))).tolist() == [[10, 20, 30, 25]]


def test_what_lies_beyond_the_border_is_cut_off():
    assert box_of(one((-5, -5, 30, 90))).tolist() == [[0, 0, 30, 60]]


@given(BOX)
def test_area_and_filled_pixels_of_a_box_agree(box):
    polygon = one(box).polygon
    pixels = filled(polygon, 60, 80)
    assert area(polygon) == pixels.sum()
    assert area(hull(pixels)) == pixels.sum()


@given(BOX, st.floats(-180, 180))
def test_an_outline_turns_with_its_pixels(box, angle):
    """As many pixels as the turned rectangle has area, within its circumference."""
    matrix = Rotation.matrix(60, 80, angle)
    turned = warped(one(box), matrix, 60, 80)
    drawn = np.zeros((60, 80), np.float32)
    drawn[box[1] : box[3], box[0] : box[2]] = 1
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpAffine(drawn, matrix[:2], (80, 60), flags=flags) > 0
    round_it = 2 * (box[2] - box[0] + box[3] - box[1])
    assert abs(area(turned.polygon) - pixels.sum()) <= round_it
    if pixels.sum() > 60:
        rows, columns = np.nonzero(pixels)
        tight = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert np.abs(box_of(turned)[0] - tight).max() <= 1.5


def test_turning_four_times_by_30_degrees_is_turning_by_120():
    outline = one((30, 25, 50, 35))
    for _ in range(4):
        outline = warped(outline, Rotation.matrix(60, 80, 30.0), 60, 80)
    at_once = warped(one((30, 25, 50, 35)), Rotation.matrix(60, 80, 120.0), 60, 80)
    assert box_of(outline) == pytest.approx(box_of(at_once), abs=1e-4)


def test_a_shift_leaves_the_share_that_is_still_inside():
    # 20 wide from 60 on; 12 to the right of a picture 80 wide: 8 of 20 columns stay.
    moved = warped(one((60, 10, 80, 30)), Translation.matrix(60, 80, 0.0, 0.15), 60, 80)
    assert moved.seen == pytest.approx(0.4)
    assert box_of(moved).tolist() == [[72, 10, 80, 30]]
    kept, gone = boxes_of([moved], 0.4 - 1e-6), boxes_of([moved], 0.41)
    assert (len(kept.xyxy), kept.dropped.tolist()) == (1, [])
    assert (len(gone.xyxy), gone.dropped.tolist()) == (0, [[0, 0]])


def test_shares_multiply_on_the_way_and_a_box_does_not_come_back():
    out = warped(one((60, 10, 80, 30)), Translation.matrix(60, 80, 0.0, 0.125), 60, 80)
    back = warped(out, Translation.matrix(60, 80, 0.0, -0.125), 60, 80)
    assert back.seen == pytest.approx(0.5)
    assert box_of(back).tolist() == [[60, 10, 70, 30]]


def test_a_box_that_has_left_is_dropped_whatever_the_rule():
    away = warped(one((70, 10, 80, 30)), Translation.matrix(60, 80, 0.0, 0.5), 60, 80)
    assert boxes_of([away], 0.0).dropped.tolist() == [[0, 0]]


def test_zooming_in_keeps_the_middle():
    zoomed = warped(one((20, 15, 60, 45)), Zoom.matrix(60, 80, 2.0), 60, 80)
    assert zoomed.seen == pytest.approx(1.0)
    assert box_of(zoomed).tolist() == [[0, 0, 80, 60]]


def test_bending_without_a_way_changes_little():
    rows, columns = np.mgrid[:60, :80].astype(np.float32)
    same = bent(one((10, 20, 30, 25)), columns, rows)
    assert same.seen == pytest.approx(1.0)
    assert box_of(same).tolist() == [[10, 20, 30, 25]]


def test_bending_by_a_shift_is_a_shift():
    rows, columns = np.mgrid[:60, :80].astype(np.float32)
    moved = bent(one((60, 10, 80, 30)), columns - 12, rows)
    assert box_of(moved).tolist() == [[72, 10, 80, 30]]
    assert moved.seen == pytest.approx(0.4)


def test_what_is_covered_is_not_seen():
    visible = np.ones((60, 80), bool)
    visible[:, 25:] = False
    left = uncovered(one((20, 10, 30, 20)), visible)
    assert box_of(left).tolist() == [[20, 10, 25, 20]]
    assert left.seen == pytest.approx(0.5)
    assert uncovered(one((0, 0, 9, 9)), visible).seen == 1.0


def test_clipping_a_triangle():
    # The part of x + y <= 4 in [0, 2] x [0, 4]: 8 minus the corner of 2 x 2 / 2.
    triangle = np.array([[0, 0], [4, 0], [0, 4]], float)
    assert area(clip(triangle, 0, 0, 2, 4)) == pytest.approx(6.0)
    assert len(clip(triangle, 5, 5, 9, 9)) == 0
