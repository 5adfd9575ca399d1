"""Anchors against the printed example of Dive into Deep Learning (14.4), and closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vision.anchors import (
    BACKGROUND,
    IGNORED,
    anchor_grid,
    boxes_of,
    match_anchors,
    offsets,
)
from core.vision.metrics import MetricError, box_iou

DOG, CAT = (0.1, 0.08, 0.52, 0.92), (0.55, 0.2, 0.9, 0.88)
ANCHORS = np.array(
    [(0, 0.1, 0.2, 0.3), (0.15, 0.2, 0.4, 0.4), (0.63, 0.05, 0.88, 0.98),
     (0.66, 0.45, 0.8, 0.8), (0.57, 0.3, 0.92, 0.9)]
)  # fmt: skip
PRINTED = (
    (1.40, 10.0, 2.59, 7.18), (-1.20, 0.269, 1.68, -1.57), (-0.571, -1.00, 0.0, 0.626)
)  # fmt: skip
"""Offsets of anchors 1, 2 and 4 as the book prints them, three digits."""


def test_the_books_five_anchors_go_to_background_dog_cat_background_cat():
    found = match_anchors(ANCHORS, [DOG, CAT], 0.5)
    assert found.owner.tolist() == [BACKGROUND, 0, 1, BACKGROUND, 1]
    assert [(c.anchor, c.truth, c.reason) for c in found.claims] == [
        (4, 1, "best"), (1, 0, "best"), (2, 1, "threshold"),
    ]  # fmt: skip
    assert found.counts == (3, 0, 2)
    assert found.claims[1].iou < 0.5, "the dog's anchor is its best, not a good one"


def test_the_books_offsets():
    found = offsets(ANCHORS[[1, 2, 4]], [DOG, CAT, CAT])
    np.testing.assert_allclose(found, PRINTED, rtol=4e-3, atol=1e-5)


def test_the_books_grid_has_five_anchors_a_pixel():
    height, width = 11, 14
    grid = anchor_grid(height, width, (0.75, 0.5, 0.25), (1, 2, 0.5), width / height)
    assert grid.shape == (height * width * 5, 4)
    # As the book has it, printed for pixel 250, 250 of a picture 561 high and 728 wide.
    x, y = 250.5 / 728, 250.5 / 561
    first = np.array([0.06, 0.07, 0.63, 0.82])
    one = anchor_grid(1, 1, (0.75, 0.5, 0.25), (1, 2, 0.5), 728 / 561)
    moved = one + np.array([x, y, x, y]) - 0.5
    np.testing.assert_allclose(moved[0], first, atol=0.005)


def test_an_anchor_is_as_large_and_as_wide_as_its_size_and_ratio_say():
    """On a picture of 200 x 100 an anchor of size 0.4 and ratio 4 is 80 x 20 pixels."""
    grid = anchor_grid(2, 4, (0.4, 0.2), (1, 4), 2.0) * [200, 100, 200, 100]
    sides = (grid[:, 2:] - grid[:, :2]).reshape(8, 3, 2)
    np.testing.assert_allclose(sides, np.tile([[40, 40], [20, 20], [80, 20]], (8, 1, 1)))
    centres = ((grid[:, 2:] + grid[:, :2]) / 2).reshape(8, 3, 2)[:, 0]
    assert centres.tolist() == [[x, y] for y in (25, 75) for x in (25, 75, 125, 175)]


def test_of_yolo_each_object_has_one_anchor_and_other_good_ones_are_ignored():
    found = match_anchors(ANCHORS, [DOG, CAT], 0.5, "yolo")
    assert found.owner.tolist() == [BACKGROUND, 0, IGNORED, BACKGROUND, 1]
    assert found.counts == (2, 1, 2)


def test_of_retinanet_what_is_a_little_below_is_ignored():
    truth = [(0, 0, 10, 10)]
    at = [(0, 0, 10, 10), (0, 0, 10, 5), (0, 0, 10, 4.5), (0, 0, 10, 4), (0, 0, 10, 3.9)]
    assert match_anchors(at, truth, 0.5, "retinanet").owner.tolist() == [
        0, 0, IGNORED, IGNORED, BACKGROUND,
    ]  # fmt: skip


corner = st.integers(0, 20)
side = st.integers(1, 12)
box = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), corner, corner, side, side)


@given(st.lists(box, min_size=1, max_size=12), st.lists(box, max_size=5))
def test_every_object_has_an_anchor_while_there_are_some_and_the_rest_its_best(anchors, truth):
    found = match_anchors(anchors, truth, 0.5)
    forced = [claim for claim in found.claims if claim.reason == "best"]
    assert len({c.anchor for c in forced}) == len({c.truth for c in forced}) == len(forced)
    assert len(forced) == min(len(anchors), len(truth))
    ious = np.zeros((len(anchors), len(truth)))
    for at, there in np.ndindex(ious.shape):
        ious[at, there] = box_iou(anchors[at], truth[there])
    taken = {claim.anchor for claim in forced}
    for at in range(len(anchors)):
        if at in taken:
            continue
        if truth and ious[at].max() >= 0.5:
            assert ious[at, found.owner[at]] == ious[at].max()
        else:
            assert found.owner[at] == BACKGROUND


@given(st.lists(st.tuples(box, box), min_size=1, max_size=8))
def test_offsets_lead_back_to_the_boxes(pairs):
    anchors, boxes = (np.array(part, np.float64) for part in zip(*pairs, strict=True))
    np.testing.assert_allclose(boxes_of(anchors, offsets(anchors, boxes)), boxes, atol=1e-9)


def test_what_does_not_work_is_refused():
    with pytest.raises(MetricError, match="threshold"):
        match_anchors(ANCHORS, [DOG], 0)
    with pytest.raises(MetricError, match="no rule"):
        match_anchors(ANCHORS, [DOG], 0.5, "best")
    with pytest.raises(MetricError, match="width or height"):
        offsets([(0, 0, 0, 1)], [(0, 0, 1, 1)])
    with pytest.raises(MetricError, match="above 0"):
        anchor_grid(2, 2, (0,), (1,))
    with pytest.raises(MetricError, match="fewer cells"):
        anchor_grid(100, 100, (0.1, 0.2, 0.3), (1,))
