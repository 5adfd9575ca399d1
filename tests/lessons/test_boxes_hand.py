"""Boxes drawn by hand: text and back, what they lie on, and what they are worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.lessons.boxes import MOST_BOXES, BoxesLesson
from core.lessons.boxes_case import build
from core.lessons.boxes_examples import SIDE
from core.lessons.boxes_hand import HandBox, drawn, read, written

number = st.integers(0, 9999)
box = st.builds(
    HandBox, st.integers(0, 5), st.tuples(number, number, number, number),
    st.none() | st.integers(1, 100),
)  # fmt: skip


def judged(**values):
    return build(BoxesLesson(ap_example="hand", **values))


@given(st.lists(box, max_size=MOST_BOXES))
def test_a_text_and_its_boxes_are_the_same(boxes):
    text = written(boxes)
    assert BoxesLesson(hand_boxes=text).hand_boxes == text
    assert read(text) == tuple(boxes)


@pytest.mark.parametrize("text", ["0:1,2,3", "x:1,2,3,4", "0@:1,2,3,4", "0:1,2,3,4;", "None"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValidationError):
        BoxesLesson(hand_boxes=text)


def test_more_boxes_than_a_link_carries_are_refused():
    with pytest.raises(ValidationError):
        BoxesLesson(hand_boxes=written([HandBox(0, (0, 0, 5, 5))] * (MOST_BOXES + 1)))


def test_two_hits_of_three_objects_and_a_miss_between_them():
    """By hand: precision 1, 1/2, 2/3 at recall 1/3, 1/3, 2/3. MLC's sum is 1/3 + 2/9 = 5/9."""
    case = judged(
        hand_boxes="0:10,10,50,50;0:60,10,100,50;0:10,60,50,100;"
        "0@90:10,10,50,50;0@80:110,60,150,100;0@70:60,10,100,50"
    )
    rows = case.judged.rows
    assert [row.kind for row in rows] == ["hit", "low", "hit"]
    assert [row.score for row in rows] == [0.9, 0.8, 0.7]
    assert case.judged.curve.average("lecture") == pytest.approx(5 / 9)
    assert case.judged.missed == (2,)


def test_paper_begins_with_the_small_examples_first_picture():
    case = judged()
    assert [row.kind for row in case.judged.rows] == ["hit", "double", "hit"]
    assert judged(hand_boxes="none").judged is None


def test_a_scene_begins_with_its_own_boxes_and_finding_them_all_is_worth_one():
    lesson = BoxesLesson(ap_example="hand", hand_on="scene")
    sheet = drawn(lesson, None)
    assert sheet.picture.shape == (SIDE, SIDE, 3)
    assert len(sheet.boxes) >= 3
    assert {one.score for one in sheet.boxes} == {None}
    for one in sheet.boxes:  # something is drawn in each: it is no even ground
        x1, y1, x2, y2 = one.box
        assert sheet.picture[y1:y2, x1:x2].std() > 10
    said = [HandBox(one.label, one.box, 90) for one in sheet.boxes]
    case = judged(hand_on="scene", hand_boxes=written([*sheet.boxes, *said]))
    assert set(case.means.values()) == {1.0}


def test_what_lies_beyond_the_picture_is_cut_off_or_left_out():
    photo = np.zeros((40, 60, 3), np.uint8)
    lesson = BoxesLesson(
        ap_example="hand", hand_on="image", hand_classes="cat",
        hand_boxes="3:50,30,90,90;0:70,0,80,10;0@0:20,10,5,2",
    )  # fmt: skip
    sheet = drawn(lesson, photo)
    assert sheet.size == (60, 40)
    assert sheet.boxes == (HandBox(0, (50, 30, 60, 40)), HandBox(0, (5, 2, 20, 10), 1))


def test_names_of_classes_are_told_apart():
    assert BoxesLesson(hand_classes=" cup, plate ,cup,,").hand_names == ("cup", "plate")
    assert BoxesLesson(hand_classes=" , ").hand_names == ("object",)
