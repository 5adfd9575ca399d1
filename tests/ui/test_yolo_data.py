"""What the components of the page "Inside YOLO" are sent."""

import json

import pytest

from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import build
from core.ui.components.gridbox import gridbox_data
from core.ui.components.suppressing import rule_in_words, suppressing_data
from core.ui.yolo.facts import remarks
from core.ui.yolo.output import block


def marks_at(walk, place):
    """The marks at a place of the walk; each place says what it changes."""
    marks = {}
    for one in walk["places"][: place + 1 or None]:
        marks |= one["changed"]
    return [marks[n] for n in range(len(walk["boxes"]))]


@pytest.mark.parametrize("kind", ["v1", "v3", "fcos", "v8"])
def test_a_cell_is_sent_with_its_vector_in_lines(kind):
    case = build(YoloLesson(yolo_head=kind))
    data = json.loads(json.dumps(gridbox_data(case)))["cell"]
    parts = [part for row in data["vector"]["rows"] for part in row["parts"]]
    values = [value for part in parts for value in part["values"]]
    assert values == pytest.approx(case.cell.vector.tolist(), abs=1e-4)
    titles = [row["title"] for row in data["vector"]["rows"]]
    assert (
        titles
        == {
            "v1": ["Box 1", "Box 2", "Cell"],
            "v3": ["Box 1", "Box 2", "Box 3"],
            "fcos": ["Point"],
            "v8": ["left", "top", "right", "bottom", "classes"],
        }[kind]
    )
    assert (data["bins"] is not None) == (kind == "v8")


def test_a_box_of_any_size_can_be_drawn():
    case = build(YoloLesson(yolo_tw=4, yolo_th=4))
    assert case.cell.decoded.box[2] > 3000
    sent = gridbox_data(case)["cell"]
    assert max(map(abs, sent["boxes"][0]["box"])) <= 1e5


def test_concealed_neither_lines_nor_places_are_sent():
    lesson = YoloLesson(yolo_shows="suppression")
    walk = suppressing_data(build(lesson), conceal=True)["walk"]
    assert len(walk["places"]) == 1
    frames = gridbox_data(build(YoloLesson()), conceal=True)["cell"]["frames"]
    assert not any(frame["lines"] for frame in frames)
    assert gridbox_data(build(YoloLesson()), conceal=True)["cell"]["vector"] is None


def test_the_rule_is_said_exactly():
    lesson = YoloLesson(yolo_shows="suppression", nms_iou=0.45)
    assert "IoU > 0.45) is suppressed. Exactly 0.45 stays" in rule_in_words(lesson)
    soft = lesson.model_copy(update={"nms_rule": "gaussian", "nms_classwise": False})
    assert "of any class gets its score times e^(-IoU^2 / 0.5)" in rule_in_words(soft)
    linear = lesson.model_copy(update={"nms_rule": "linear"})
    assert "with IoU > 0.45 gets its score times 1 - IoU" in rule_in_words(linear)


def test_who_has_met_whom_is_sent():
    walk = suppressing_data(build(YoloLesson(yolo_shows="suppression")))["walk"]
    marks = marks_at(walk, 2)
    assert [mark["state"] for mark in marks] == [
        "now", "gone", "waits", "waits", "meets", "waits", "meets", "waits",
    ]  # fmt: skip
    assert marks[1]["iou"] == "0.7467"
    assert marks[2]["says"] == "another class"


@pytest.mark.parametrize("kind", ["v1", "v3", "fcos", "v8"])
def test_every_head_has_its_remarks(kind):
    lesson = YoloLesson(yolo_head=kind, yolo_tx=4, yolo_tw=3, yolo_left=15, yolo_spread=4)
    texts = remarks(build(lesson))
    assert any("leaves the picture" in text for text in texts)
    assert any("The surest class is circle" in text for text in texts)


def test_the_vector_of_voc():
    text = block(build(YoloLesson()).own)
    assert 'aria-label="The 30 numbers of one cell: 2 * 5 + 20"' in text
    assert "10-29" in text
