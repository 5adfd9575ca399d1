"""Anchors of the page "Boxes": the worked example step by step, and grids over scenes."""

import pytest
from pydantic import ValidationError

from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_anchors import anchors_case
from core.vision.anchors import BACKGROUND, IGNORED


def test_the_books_claims_one_after_the_other():
    owners = [anchors_case(BoxesLesson(anchor_claims=made)).owner.tolist() for made in range(4)]
    assert owners == [
        [BACKGROUND] * 5,
        [BACKGROUND] * 4 + [1],
        [BACKGROUND, 0, BACKGROUND, BACKGROUND, 1],
        [BACKGROUND, 0, 1, BACKGROUND, 1],
    ]


def test_the_books_offsets_are_written_out():
    """Printed there: 1.40, 10.0, 2.59, 7.18."""
    lines = anchors_case(BoxesLesson()).arithmetic(1)
    assert [line.rpartition(" = ")[2] for line in lines] == ["1.4", "10", "2.594", "7.175"]
    # The dog's centre is 0.31 of 728 pixels, the anchor's 0.275; it is a quarter wide.
    assert lines[0] == "x: (225.68 - 200.2) / 182 / 0.1 = 1.4"
    assert anchors_case(BoxesLesson()).arithmetic(0) == []


def test_words_say_why():
    found = anchors_case(BoxesLesson())
    assert found.verdict(1) == "Belongs to dog: of all free anchors its best, IoU 0.1417."
    assert found.verdict(2).startswith("Belongs to cat: IoU 0.5657 >= 0.5")
    assert found.verdict(3) == "Background: IoU 0.2059 with cat, threshold 0.5."
    later = anchors_case(BoxesLesson(anchor_claims=1))
    assert later.verdict(2).startswith("Not claimed yet")
    ignoring = anchors_case(BoxesLesson(anchor_rule="yolo"))
    assert ignoring.owner[2] == IGNORED
    assert ignoring.verdict(2).startswith("Ignored: IoU 0.5657 with cat")


def test_a_grid_has_anchors_in_every_cell_and_every_shape_has_its_own():
    lesson = BoxesLesson(anchor_on="scene", anchor_set="grid", anchor_cells=6)
    found = anchors_case(lesson)
    assert len(found.anchors) == 6 * 6 * 5
    assert {claim.truth for claim in found.made if claim.reason == "best"} == set(
        range(len(found.names))
    )
    assert len(set(found.names)) == len(found.names)


def test_anchors_of_boxes_that_were_drawn():
    lesson = BoxesLesson(
        ap_example="hand", hand_boxes="0:40,30,120,90;0@90:0,0,9,9", anchor_on="drawn",
        anchor_set="grid", anchor_cells=1, anchor_sizes="0.5", anchor_ratios="1.33",
    )  # fmt: skip
    found = anchors_case(lesson)
    assert found.names == ("cup",)
    # 0.5 * sqrt(1.33) of 120 pixels wide and 0.5 / sqrt(1.33) high, round the middle: 60 * 60.
    wide, high = 60 * 1.33**0.5, 60 / 1.33**0.5
    assert found.matching.ious[0, 0] == pytest.approx(wide * high / (80 * 60))
    none = anchors_case(lesson.model_copy(update={"hand_boxes": "none"}))
    assert none.names == ()
    assert none.verdict(0) == "There is no object: everything is background."


@pytest.mark.parametrize("sizes", ["0", "0.5,", "1,2,3,4,5,6", "a", "-1", "0.5;0.2"])
def test_sizes_that_are_none_are_refused(sizes):
    with pytest.raises(ValidationError):
        BoxesLesson(anchor_sizes=sizes)


def test_sizes_and_ratios_are_read():
    lesson = BoxesLesson(anchor_sizes="0.75, 0.5 ,0.25", anchor_ratios="1,2.5")
    assert (lesson.sizes, lesson.ratios) == ((0.75, 0.5, 0.25), (1, 2.5))
