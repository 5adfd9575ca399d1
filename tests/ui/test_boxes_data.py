"""What the components of the page "Boxes" are sent."""

import json

import pytest

from core.export.boxes_code import boxes_script
from core.export.boxes_picture import curve_gif
from core.export.boxes_table import judged_csv
from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import build
from core.lessons.boxes_examples import Example
from core.lessons.boxes_lines import LINES
from core.presets import PRESETS
from core.ui.boxes.facts import remarks
from core.ui.components.boxes import boxes_data
from core.ui.components.precision import MOST_ROWS, MOST_TILES, precision_data


@pytest.mark.parametrize("preset", PRESETS.for_page("boxes"), ids=lambda preset: preset.slug)
def test_every_preset_is_json_with_finite_numbers(preset):
    case = build(preset.lesson)
    stage, curve = boxes_data(case), precision_data(case, case.judged)
    assert json.loads(json.dumps([stage, curve], allow_nan=False)) == [stage, curve]
    assert len(curve["averages"]) == len(curve["rows"]) + 1
    shown = {tile["name"] for tile in curve["tiles"]}
    assert {row["image"] for row in curve["rows"]} <= shown
    needed = {hole for line in LINES for hole in (line.key,)}
    assert needed <= set(stage["values"])


def test_formats_of_the_two_boxes():
    data = boxes_data(build(BoxesLesson(box_one="3,2,6,5")))
    written = {entry["name"]: entry["a"] for entry in data["formats"]}
    # Of a board 12 wide and 9 high.
    assert written["xywh"] == [3, 2, 3, 3]
    assert written["centre"] == [4.5, 3.5, 3, 3]
    assert written["yolo"] == pytest.approx([4.5 / 12, 3.5 / 9, 3 / 12, 3 / 9])
    assert written["voc"] == [4, 3, 6, 5]


def test_a_last_pixel_makes_the_box_one_wider_in_every_format():
    case = build(BoxesLesson(box_one="3,2,6,5", plus_pixel=True))
    written = {entry["name"]: entry["a"] for entry in boxes_data(case)["formats"]}
    assert written["xywh"] == [3, 2, 4, 4]
    assert written["voc"] == [4, 3, 7, 6]
    assert "last pixel" in boxes_data(case)["note"]


def test_a_concealed_stage_sends_no_number():
    data = boxes_data(build(BoxesLesson()), conceal="values")
    assert data["values"] == {}


def test_long_lists_are_cut_and_pictures_too():
    truth = tuple({"image": n, "box": (0, 0, 9, 9), "label": "cup"} for n in range(400))
    said = tuple(record | {"score": 1 - n / 500} for n, record in enumerate(truth))
    case = build(BoxesLesson(ap_example="files"), Example(truth, said, {}))
    data = precision_data(case, case.judged)
    assert (len(data["rows"]), data["total"]) == (MOST_ROWS, 400)
    assert (len(data["tiles"]), data["more"]) == (MOST_TILES, 400 - MOST_TILES)
    assert data["tiles"][0]["size"] == pytest.approx([9.45, 9.45])


CUP = {"image": "a/b.jpg", "box": (0, 0, 9, 9), "label": "cup"}
SAID = CUP | {"score": 0.5}
ODD = {
    "only detections": Example((), (SAID | {"label": "mug 'x' \u00e9"},), {}),
    "only ground truth": Example((CUP,), (), {}),
    "other classes": Example((CUP,), (SAID | {"label": 3},), {}),
    "a crowd": Example((CUP | {"crowd": True},), (SAID,), {}),
    "without area": Example(
        (CUP | {"box": (0, 0, 0, 0)},), (SAID | {"box": (0, 0, 0, 0)},), {}
    ),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("rule", ["voc", "coco"])
def test_odd_lists_are_shown_and_taken_home(name, rule):
    case = build(BoxesLesson(ap_example="files", ap_rule=rule), ODD[name])
    for label in case.both.labels:
        judged = case.judge(label)
        data = precision_data(case, judged)
        assert json.loads(json.dumps(data, allow_nan=False)) == data
        assert [row["kind"] for row in data["rows"]] in (
            [], ["miss"], ["ignored"], ["low"],
        )  # fmt: skip
        assert len(judged_csv(case, judged).splitlines()) == 1 + len(judged.rows)
        assert curve_gif(judged, "dark").startswith(b"GIF")
    space: dict = {}
    exec(boxes_script(case), space)
    assert space["output"][4:].tolist() == [0, 0, 0, 0]


def test_remarks_say_what_is_special():
    def said(slug):
        return " ".join(remarks(build(PRESETS[slug].lesson)))

    assert "its gradient says nothing" in said("iou-nothing-shared")
    assert "One box lies within the other" in said("iou-contained")
    # Two boxes of 2 x 2 share one cell: 1 / 7, and with the edges as pixels 4 / 14.
    assert "IoU is 0.1429 without + 1 and 0.2857 with it" in said("iou-one-seventh")
    # 4 x 4 pixels each, 3 x 4 shared: 12 / 20; as lines 6 / 12.
    assert "IoU is 0.6 with + 1 and 0.5 without" in said("iou-plus-one")
    assert "One of them is a hit at 0.55, the other is not" in said("iou-plus-one")
    same = BoxesLesson(box_one="1,1,4,4", box_two="1,1,4,4")
    assert "all four measures are 1" in " ".join(remarks(build(same)))
