"""The page "Boxes": its boxes, its lines of arithmetic, its examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import METHOD_TITLES, build
from core.lessons.boxes_charts import sum_in_words
from core.lessons.boxes_examples import Example
from core.lessons.boxes_lines import LINES, MEASURES, say, spelled
from core.presets import PRESETS
from core.vision.metrics import PrecisionRecall, average_precision


def lines(lesson):
    case = build(lesson)
    return {line.key: spelled(line, case.values, plus_one=lesson.plus_pixel) for line in LINES}


def test_the_arithmetic_is_written_out():
    said = lines(PRESETS["iou-one-seventh"].lesson)
    assert said["area_a"] == "(6 - 4) * (5 - 3) = 2 * 2 = 4"
    assert said["sw"] == "max(0, min(6, 7) - max(4, 5)) = 1"
    assert said["union"] == "4 + 4 - 1 = 7"
    assert said["iou"] == "1 / 7 = 0.1429"
    assert said["giou"] == "0.1429 - (9 - 7) / 9 = -0.07937"
    assert said["apart"] == "(-1)^2 + (-1)^2 = 2"


def test_with_plus_one_a_pixel_is_added_everywhere():
    said = lines(PRESETS["iou-one-seventh"].lesson.with_value("plus_pixel", True))
    assert said["area_a"] == "(6 - 4 + 1) * (5 - 3 + 1) = 3 * 3 = 9"
    assert said["iou"] == "4 / 14 = 0.2857"


@given(st.tuples(*[st.integers(-9, 999)] * 8), st.booleans(), st.booleans())
def test_boxes_of_any_link_lie_on_the_board(numbers, grid, plus):
    one, two = (",".join(map(str, part)) for part in (numbers[:4], numbers[4:]))
    lesson = BoxesLesson(
        box_one=one, box_two=two, box_board="grid" if grid else "picture", plus_pixel=plus
    )
    width, height = lesson.size
    for x1, y1, x2, y2 in lesson.boxes:
        assert 0 <= x1 <= x2 <= width - plus
        assert 0 <= y1 <= y2 <= height - plus
    case = build(lesson)
    assert all(np.isfinite(case.values[name]) for name in MEASURES)


@pytest.mark.parametrize(
    ("slug", "shared", "union"),
    [
        ("iou-threshold", 20, 40),
        ("iou-one-third", 15, 45),
        ("iou-one-seventh", 1, 7),
        ("iou-nothing-shared", 0, 18),
        ("iou-contained", 6, 70),
        ("iou-shapes-differ", 9, 39),
        ("iou-plus-one", 12, 20),
    ],
)
def test_the_presets_show_what_they_say(slug, shared, union):
    case = build(PRESETS[slug].lesson)
    assert (case.values["shared"], case.values["union"]) == (shared, union)
    assert case.values["iou"] == shared / union
    assert case.hit == (shared / union >= case.lesson.match_at)
    if slug == "iou-shapes-differ":
        assert case.values["ciou"] < case.values["diou"] == case.values["iou"]
    if slug == "iou-nothing-shared":
        assert case.values["giou"] < 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (76800.0, "76800"), (1 / 3, "0.3333"), (-2.5, "-2.5"),
        (123.456, "123.46"), (10.125, "10.13"), (0.00012345, "0.0001235"), (1e-10, "0"),
        (1.5e-5, "1.5e-05"),
    ],
)  # fmt: skip
def test_numbers_for_a_person(value, text):
    assert say(value) == text


# Average precision


def test_five_detections_by_hand():
    judged = build(PRESETS["ap-by-hand"].lesson).judged
    assert [row.kind for row in judged.rows] == ["hit", "low", "double", "hit", "hit"]
    assert [(row.hits, row.wrong) for row in judged.rows] == [
        (1, 0), (1, 1), (1, 2), (2, 2), (3, 2),
    ]  # fmt: skip
    assert judged.missed == ()
    sums = {name: sum_in_words(judged.curve, name) for name in METHOD_TITLES}
    assert sums == {
        "lecture": "1/3 * 1 + 1/3 * 1/2 + 1/3 * 3/5 = 0.7",
        "every-point": "1/3 * 1 + 1/3 * 0.6 + 1/3 * 3/5 = 0.7333",
        "11-point": "(4 * 1 + 7 * 0.6) / 11 = 0.7455",
        "101-point": "(34 * 1 + 67 * 0.6) / 101 = 0.7347",
    }


def test_the_published_list_has_its_published_numbers():
    judged = build(PRESETS["ap-published"].lesson).judged
    assert "".join("T" if row.kind == "hit" else "F" for row in judged.rows) == (
        "TFTFFFFFFTFTTTFFFFFFFFTF"
    )
    averages = judged.averages(24)
    assert averages["every-point"] == pytest.approx(0.2457, abs=5e-5)
    assert averages["11-point"] == pytest.approx(0.2684, abs=5e-5)


def test_averages_of_a_part_are_those_of_the_shorter_list():
    case = build(BoxesLesson(ap_example="shapes", ap_invented=20))
    judged = case.judged
    for drawn in (0, 1, 5, len(judged.rows)):
        said = [case.example.detections[row.index] for row in judged.rows[:drawn]]
        truth = [r for r in case.example.truth if r["label"] == judged.label]
        for method, value in judged.averages(drawn).items():
            expected = average_precision(said, truth, 0.5, method, rule="voc")
            assert value == pytest.approx(expected)


def test_shapes_without_mistakes_are_found_perfectly():
    lesson = BoxesLesson(
        ap_example="shapes", ap_shift=0, ap_missed=0, ap_doubled=0, ap_invented=0
    )
    case = build(lesson)
    assert len(case.example.detections) == len(case.example.truth)
    assert set(case.means.values()) == {1.0}
    assert case.example.evaluation.summary.ap == pytest.approx(1)
    nothing = build(lesson.with_value("ap_missed", 100))
    assert nothing.example.detections == ()
    assert set(nothing.means.values()) == {0.0}


def test_a_slider_of_the_scenes_moves_what_it_names_alone():
    lesson = BoxesLesson(ap_example="shapes", ap_doubled=0, ap_missed=0, ap_invented=0)
    some = build(lesson).example.detections
    missed = build(lesson.with_value("ap_missed", 40)).example.detections
    doubled = build(lesson.with_value("ap_doubled", 100)).example.detections
    assert 0 < len(missed) < len(some)
    assert all(record in some for record in missed)
    assert len(doubled) == 2 * len(some)
    assert all(record in doubled for record in some)


def test_doubles_are_false_and_scores_only_sort():
    judged = build(PRESETS["ap-doubles"].lesson).judged
    assert sum(row.kind == "double" for row in judged.rows) > 3
    case = build(BoxesLesson(ap_example="shapes"))
    records = [r | {"score": r["score"] ** 3 / 2} for r in case.example.detections]
    other = Example(case.example.truth, tuple(records), case.example.sizes)
    again = build(BoxesLesson(ap_example="files"), other)
    assert again.means == case.means


def test_another_class_is_listed_by_its_name():
    lesson = BoxesLesson(ap_example="shapes", ap_label="triangle")
    assert build(lesson).judged.label == "triangle"
    assert build(lesson.with_value("ap_label", "no such")).judged.label == "circle"
    assert build(BoxesLesson(ap_example="files")).judged is None


def test_long_sums_are_shortened():
    curve = PrecisionRecall(np.ones(30, bool), 30)
    assert sum_in_words(curve, "lecture").count("1/30 * 1") == 7
    assert "..." in sum_in_words(curve, "lecture")
    assert sum_in_words(PrecisionRecall(np.zeros(2, bool), 3), "lecture") == "0 = 0"
