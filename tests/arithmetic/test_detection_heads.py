"""What heads give, against the numbers of the papers."""

import pytest

from core.arithmetic.detection_heads import KINDS, KNOWN, HeadError, head, pyramid

PUBLISHED = {
    # slug: (side, numbers of a cell, boxes)
    "v1": (448, 30, 98),  # Redmon et al. 2016: 7 x 7 x 30, 98 boxes
    "v2": (416, 125, 845),  # Redmon & Farhadi 2017: 13 x 13 x 125
    "v3-tiny": (416, 255, 2_535),  # yolov3-tiny.cfg: filters=255, 13 x 13 and 26 x 26
    "v3": (416, 255, 10_647),  # Redmon & Farhadi 2018: three scales, 3 boxes each
    "v8": (640, 144, 8_400),  # Ultralytics 2023: the exported model gives (84, 8400)
    "fcos": (640, 85, 8_525),  # Tian et al. 2019: P3 to P7
}


@pytest.mark.parametrize("slug", KNOWN)
def test_published_heads(slug):
    side, a_cell, boxes = PUBLISHED[slug]
    shape = KNOWN[slug].at(side)
    assert (shape.a_cell, shape.total_boxes) == (a_cell, boxes)
    assert shape.numbers == a_cell * boxes // shape.boxes


def test_voc_has_1470_numbers():
    voc = head("v1", [7], 2, 20)
    assert voc.numbers == 7 * 7 * (2 * 5 + 20) == 1_470
    assert [part.name for part in voc.parts] == ["x, y", "sqrt w, h", "conf"] * 2 + ["classes"]


def test_v1_keeps_its_grid_at_any_input():
    assert KNOWN["v1"].at(1280) == KNOWN["v1"].at(320)
    assert KNOWN["v3"].at(608).total_boxes == 3 * (19**2 + 38**2 + 76**2) == 22_743


@pytest.mark.parametrize("kind", KINDS)
def test_a_class_more_costs_a_number_for_each_list_of_classes(kind):
    boxes = 3 if kind in ("v1", "v3") else 1
    more = head(kind, [5], boxes, 8).a_cell - head(kind, [5], boxes, 7).a_cell
    assert more == (3 if kind == "v3" else 1)


def test_what_does_not_divide_is_rounded_up():
    assert pyramid(640, (64, 128)) == (10, 5)
    assert pyramid(416, (64, 128)) == (7, 4)


def test_odd_heads_are_refused_with_what_works():
    with pytest.raises(HeadError, match="at least one"):
        head("v1", [7], 0, 20)
    with pytest.raises(HeadError, match="2 boxes of one point would be the same"):
        head("v8", [80], 2, 80)
