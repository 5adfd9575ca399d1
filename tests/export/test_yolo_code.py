"""What the page "Inside YOLO" gives to take home: its script runs alone, its files add up."""

import csv
import io
import json

import numpy as np
import pytest

from core.export.yolo_code import yolo_script
from core.export.yolo_table import cell_csv, cell_json, meetings_csv, walk_json
from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import build, needs_network
from core.presets import PRESETS
from tests.lessons.test_yolo_lesson import network

SHAPES = YoloLesson(yolo_shows="suppression", nms_subject="shapes")
CASES = {
    **{
        preset.slug: build(preset.lesson)
        for preset in PRESETS.for_page("yolo")
        if not needs_network(preset.lesson)
    },
    "linear": build(SHAPES.model_copy(update={"nms_rule": "linear", "nms_classwise": False})),
    "photo": build(
        YoloLesson(yolo_subject="photo", yolo_scale="fine", yolo_row=5, yolo_column=9),
        network([(26, 5, 9, 0, 2)]),
    ),
    "photo-boxes": build(
        YoloLesson(yolo_shows="suppression", nms_subject="photo"),
        network([(13, 5, 5, 0, 1), (13, 5, 6, 0, 1), (26, 2, 2, 1, 0)]),
    ),
    "nothing": build(SHAPES.model_copy(update={"nms_score": 0.95})),
}


@pytest.mark.parametrize("name", CASES)
def test_the_script_gives_the_pages_numbers(name, capsys):
    case = CASES[name]
    source = yolo_script(case)
    assert source.isascii()
    assert max(map(len, source.splitlines())) <= 100
    space: dict = {}
    exec(compile(source, name, "exec"), space)
    if case.lesson.yolo_shows == "cell":
        decoded = case.cell.decoded
        expected = [*decoded.box, decoded.scores[decoded.best]]
        assert case.cell.class_names[decoded.best] in capsys.readouterr().out
    else:
        expected = [*case.walk.kept, *case.walk.suppression.scores]
    np.testing.assert_allclose(space["output"], expected, rtol=1e-9, atol=1e-9)


def test_there_is_no_script_before_the_network_has_answered():
    assert yolo_script(build(YoloLesson(yolo_subject="photo"))) == ""


@pytest.mark.parametrize("kind", ["v1", "v3", "fcos", "v8"])
def test_the_cell_as_a_table_and_as_json(kind):
    cell = build(YoloLesson(yolo_head=kind)).cell
    rows = list(csv.DictReader(io.StringIO(cell_csv(cell))))
    assert [float(row["value"]) for row in rows] == pytest.approx(cell.vector.tolist())
    document = json.loads(cell_json(cell))
    assert document["boxes"][document["chosen"] - 1]["box"] == list(cell.decoded.box)
    assert document["steps"][0]["lines"] == ["side of a cell = 416 / 7 = 59.43"]


def test_every_meeting_as_a_table():
    walk = build(YoloLesson(yolo_shows="suppression")).walk
    rows = list(csv.DictReader(io.StringIO(meetings_csv(walk))))
    assert len(rows) == 4 + 2 + 2 + 1
    assert (rows[0]["kept"], rows[0]["met"], rows[0]["suppressed"]) == ("1", "2", "1")
    assert float(rows[0]["iou"]) == pytest.approx(10260 / 13740)
    kept = json.loads(walk_json(walk))["kept"]
    assert [one["number"] for one in kept] == [1, 3, 5, 6, 7, 8]
