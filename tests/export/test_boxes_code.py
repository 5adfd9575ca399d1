"""What the page "Boxes" gives to take home: its script runs alone, its files are read again."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.export.boxes_code import MOST, boxes_script
from core.export.boxes_picture import boxes_png, curve_gif, curve_png
from core.export.boxes_table import (
    COLUMNS,
    both_yolo,
    detections_coco,
    judged_csv,
    truth_coco,
    truth_voc,
)
from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import METHOD_TITLES, build
from core.lessons.boxes_examples import Example
from core.lessons.boxes_lines import MEASURES
from core.presets import PRESETS
from core.vision.annotations import read_coco, read_coco_results, read_files

SHAPES = BoxesLesson(ap_example="shapes", ap_scenes=3, ap_invented=12)
LESSONS = {
    **{preset.slug: preset.lesson for preset in PRESETS.for_page("boxes")},
    "coco": SHAPES.with_value("ap_rule", "coco"),
    "long": SHAPES.with_value("ap_scenes", 24).with_value("ap_doubled", 100),
    "nothing": BoxesLesson(ap_example="files"),
}


@pytest.mark.parametrize("name", LESSONS)
def test_the_script_gives_the_pages_numbers(name, capsys):
    case = build(LESSONS[name])
    source = boxes_script(case)
    assert source.isascii()
    assert max(map(len, source.splitlines())) <= 100
    space: dict = {}
    exec(compile(source, name, "exec"), space)
    averages = case.judged.averages(10**6) if case.judged else dict.fromkeys(METHOD_TITLES, 0.0)
    expected = [*(case.values[m] for m in MEASURES), *(averages[m] for m in METHOD_TITLES)]
    np.testing.assert_allclose(space["output"], expected, atol=1e-12)
    assert "IoU" in capsys.readouterr().out


def test_long_lists_are_given_as_verdicts():
    long = build(LESSONS["long"])
    assert len(long.judged.rows) + len(long.judged.matching.objects) > MOST
    assert "hits = np.array([" in boxes_script(long)


def test_files_are_read_again_as_the_same_lists():
    example = build(SHAPES).example
    truth = read_coco(truth_coco(example))
    said = read_coco_results(detections_coco(example), truth.names)
    for read, mine in ((truth.records, example.truth), (said.records, example.detections)):
        assert [(r["image"], r["label"]) for r in read] == [
            (r["image"], r["label"]) for r in mine
        ]
        np.testing.assert_allclose(
            [r["box"] for r in read], [r["box"] for r in mine], atol=1e-9
        )
    voc = read_files(unzipped(truth_voc(example)), scored=False)
    assert sorted(r["box"] for r in voc.records) == sorted(r["box"] for r in example.truth)
    files = unzipped(both_yolo(example))
    names = [f for f in files if f[0] == "classes.txt"]
    detections = [*names, *(f for f in files if f[0].startswith("detections/"))]
    yolo = read_files(detections, scored=True, size=(192, 192))
    assert len(yolo.records) == len(example.detections)
    # The same numbers come of them, but for the last digits of the text.
    again = [r | {"image": int(r["image"])} for r in yolo.records]
    other = Example(example.truth, tuple(again), example.sizes)
    case = build(BoxesLesson(ap_example="files"), other)
    assert case.means == pytest.approx(build(SHAPES).means)


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_the_list_as_a_table():
    case = build(BoxesLesson())
    lines = judged_csv(case, case.judged).splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[2].split(",")[:2] == ["2", "2"]
    assert lines[2].split(",")[4:9] == ["low", "1", "1", "0.5", "0.3333333333333333"]
    assert len(lines) == 6


def test_pictures_show_both_boxes_and_the_curve():
    case = build(BoxesLesson())
    for theme in ("light", "dark"):
        for data in (boxes_png(case, theme), curve_png(case.judged, theme)):
            with Image.open(io.BytesIO(data)) as picture:
                colours = picture.convert("RGB").getcolors(10**6)
                assert len(colours) > 20
    with Image.open(io.BytesIO(curve_gif(case.judged, "light"))) as film:
        assert film.n_frames == 6
