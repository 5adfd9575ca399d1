"""The page "Inside YOLO" as a case: cells, boxes of a network, suppression as a walk."""

import cv2
import numpy as np
import pytest
import tensorflow as tf

from core.arithmetic.receptive_field import receptive_fields
from core.lessons.yolo import BOXES, SIDE, YoloLesson
from core.lessons.yolo_case import build, needs_network
from core.lessons.yolo_examples import MOST_CANDIDATES, Answer, candidates, scene
from core.lessons.yolo_lines import STEPS, lines_of
from core.presets import PRESETS
from core.vision.metrics import box_iou, nms
from core.vision.yolo_head import decode_tiny

WALK = YoloLesson(yolo_shows="suppression")
SHAPES = WALK.model_copy(update={"nms_subject": "shapes", "nms_score": 0.01})


def network(sure=(), classes=3):
    """A network's answer: nothing anywhere, but for (grid, row, column, anchor, class)."""
    maps = [np.zeros((side, side, 3, 5 + classes), np.float32) for side in (13, 26)]
    for one in maps:
        one[..., 4] = -9
    for grid, row, column, anchor, label in sure:
        maps[grid == 26][row, column, anchor, 4:] = [4, *(-4,) * classes]
        maps[grid == 26][row, column, anchor, 5 + label] = 3
    heads = decode_tiny([one.reshape(*one.shape[:2], -1) for one in maps], SIDE)
    grey = np.full((SIDE, SIDE, 3), 127, np.uint8)
    return Answer("Grey", grey, heads, ("cat", "dog", "cup")[:classes])


@pytest.mark.parametrize("kind", STEPS)
def test_every_line_of_a_head_says_numbers_that_give_its_result(kind):
    cell = build(YoloLesson(yolo_head=kind, yolo_tx=0.5, yolo_ty=0.5)).cell
    for step in STEPS[kind]:
        for line in lines_of(step, cell.decoded.values):
            if line.text == "anchor":
                continue
            text = line.text.replace("^", "**")
            value = eval(text, {"e": np.e, "__builtins__": {}})
            # Each number in it is rounded to four digits.
            assert value == pytest.approx(float(line.result), rel=2e-3, abs=0.06)


@pytest.mark.parametrize("kind", STEPS)
def test_a_cell_has_all_numbers_of_its_parts(kind):
    cell = build(YoloLesson(yolo_head=kind)).cell
    assert len(cell.vector) == cell.shape.a_cell
    assert len(cell.boxes) == BOXES[kind] == cell.shape.boxes


def test_the_target_gives_the_shape_exactly():
    found = build(YoloLesson()).cell.object
    assert found.here
    tx, ty, tw, th = found.target
    near = YoloLesson.nearest({"yolo_tx": tx, "yolo_ty": ty, "yolo_tw": tw, "yolo_th": th})[0]
    assert build(near).cell.object.iou == pytest.approx(1, abs=1e-6)


def test_a_cell_without_a_centre_is_nobodys():
    found = build(YoloLesson(yolo_row=0, yolo_column=0)).cell.object
    assert not found.here
    assert found.target is None


def test_a_smaller_grid_and_fewer_boxes_take_the_last_one():
    lesson = YoloLesson(yolo_cells=3, yolo_row=8, yolo_column=1, yolo_box=3, yolo_head="v1")
    assert (lesson.row, lesson.column, lesson.box) == (2, 1, 1)
    cell = build(lesson).cell
    assert (cell.cell.row, cell.chosen) == (2, 1)
    assert YoloLesson(yolo_subject="photo", yolo_scale="fine", yolo_row=25).row == 25


def test_a_networks_cell():
    answer = network([(26, 5, 9, 1, 2)])
    lesson = YoloLesson(
        yolo_subject="photo", yolo_scale="fine", yolo_row=5, yolo_column=9, yolo_box=2
    )
    cell = build(lesson, answer).cell
    assert cell.decoded.point == (9.5 * 16, 5.5 * 16)
    assert cell.decoded.prior == (37, 58)
    assert cell.class_names[cell.decoded.best] == "cup"
    assert np.unravel_index(cell.confidence.argmax(), (26, 26)) == (5, 9)
    assert cell.ranked(1)[0][2] == pytest.approx(1 / (1 + np.exp(-4)) / (1 + np.exp(-3)))
    assert build(lesson).cell is None


def test_the_network_is_needed_for_what_is_on_the_stage():
    assert needs_network(YoloLesson(yolo_subject="photo"))
    assert not needs_network(WALK.model_copy(update={"yolo_subject": "photo"}))
    assert needs_network(WALK.model_copy(update={"nms_subject": "photo"}))


def test_a_networks_boxes_the_surest_first():
    answer = network([(13, 4, 4, 0, 1), (26, 5, 9, 1, 2)])
    lesson = WALK.model_copy(update={"nms_subject": "photo"})
    found = candidates(lesson, answer)
    assert len(found) == 2
    assert found.below == 2_535 - 2
    assert {found.names[label] for label in found.labels} == {"dog", "cup"}
    every = candidates(lesson.model_copy(update={"nms_score": 0.01}), network(classes=1))
    assert len(every) == 0
    all_of_a_class = network([(13, r, c, 0, 0) for r in range(13) for c in range(13)])
    many = candidates(lesson, all_of_a_class)
    assert (len(many), many.left_out) == (MOST_CANDIDATES, 169 - MOST_CANDIDATES)
    assert build(lesson).walk is None


def test_the_example_by_hand_says_the_rules():
    case = build(WALK)
    walk, boxes = case.walk, case.candidates.boxes
    assert float(box_iou(boxes[0], boxes[6])) == 0.5
    assert case.candidates.scores[2] == case.candidates.scores[3]
    assert walk.kept == (0, 2, 4, 5, 6, 7)
    says = [place.says for place in walk.places]
    assert "#4 has the same: of a tie the one given first goes first" in says[3]
    assert "suppresses #2 (IoU 0.7467): above 0.5" in says[2]
    assert walk.places[2].marks[6].says == "stays: 0.5 is not above 0.5"
    assert says[-1] == "Done: 6 of 8 boxes stay."
    # The fifth would be suppressed by the second, which is gone.
    assert float(box_iou(boxes[4], boxes[1])) > 0.5 > float(box_iou(boxes[4], boxes[0]))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.75])
def test_what_stays_is_what_nms_and_opencv_keep(seed, threshold):
    case = build(SHAPES.model_copy(update={"nms_seed": seed, "nms_iou": threshold}))
    found = case.candidates
    kept = nms(found.boxes, found.scores, threshold, found.labels)
    assert list(case.walk.kept) == kept.tolist()
    wh = [(x1, y1, x2 - x1, y2 - y1) for x1, y1, x2, y2 in found.boxes]
    theirs = cv2.dnn.NMSBoxesBatched(wh, found.scores, found.labels, 0.0, threshold)
    # OpenCV has another order among equal scores.
    if len(set(found.scores)) == len(found.scores):
        assert sorted(np.ravel(theirs).tolist()) == sorted(kept.tolist())


def test_exactly_at_the_threshold_a_box_stays_in_tensorflow_and_opencv_too():
    corners = np.array([(40, 60, 140, 180), (40, 60, 140, 120)], np.float32)
    scores = np.array([0.9, 0.55], np.float32)
    tensorflows = tf.image.non_max_suppression(corners[:, [1, 0, 3, 2]], scores, 9, 0.5)
    wh = np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
    opencvs = cv2.dnn.NMSBoxes(wh.tolist(), scores.tolist(), 0.0, 0.5)
    assert tensorflows.numpy().tolist() == np.ravel(opencvs).tolist() == [0, 1]
    assert nms(corners, scores, 0.5).tolist() == [0, 1]


def test_soft_nms_by_hand():
    """#2 meets all other dogs before it is its turn, and its score has a factor of each."""
    case = build(PRESETS["nms-soft-gaussian"].lesson)
    score = dict(zip(case.walk.kept, case.walk.suppression.scores, strict=True))
    boxes = case.candidates.boxes
    others = [float(box_iou(boxes[1], boxes[n])) for n in case.walk.kept if n in (0, 4, 5, 6)]
    assert score[1] == pytest.approx(0.8 * np.exp(-np.square(others).sum() / 0.5))
    assert case.walk.kept[-1] == 1


def test_how_far_a_cell_of_the_coarse_output_sees():
    """The notes say 318 pixels: 3 x 3 convolutions, five poolings of stride 2, one of 1."""
    steps = [*[(3, 1), (2, 2)] * 5, (3, 1), (2, 1), (3, 1), (1, 1), (3, 1), (1, 1)]
    last = receptive_fields([(window, stride, 1) for window, stride in steps])[-1]
    assert (last.size, last.jump) == (318, 32)


@pytest.mark.parametrize("rule", ["hard", "linear", "gaussian"])
def test_at_every_place_every_box_has_its_mark(rule):
    case = build(SHAPES.model_copy(update={"nms_rule": rule}))
    walk = case.walk
    assert len(walk.places) >= 2 + len(walk.kept)
    for before, after in zip(walk.places, walk.places[1:], strict=False):
        assert len(after.marks) == len(case.candidates)
        for one, other in zip(before.marks, after.marks, strict=True):
            assert other.score <= one.score
            if one.state in ("gone", "kept", "dropped"):
                assert other.state == one.state
    states = {mark.state for mark in walk.places[-1].marks}
    assert states <= {"kept", "now", "gone", "dropped"}
    if rule == "hard":
        assert "gone" in states
    else:
        assert "gone" not in states


def test_a_low_threshold_takes_a_neighbours_last_box():
    lesson = PRESETS["nms-neighbours"].lesson
    assert len(build(lesson).walk.lost) == 1
    assert build(lesson.model_copy(update={"nms_iou": 0.5})).walk.lost == ()


def test_without_classes_the_dog_on_the_cat_goes():
    case = build(PRESETS["nms-two-classes"].lesson)
    assert case.walk.suppression.suppressor(5) == 2
    assert build(WALK).walk.suppression.suppressor(5) is None


def test_nothing_above_the_confidence():
    case = build(WALK.model_copy(update={"nms_score": 0.95}))
    assert case.candidates.below == 8
    assert [place.says for place in case.walk.places] == [
        "None of 8 boxes reaches the confidence 0.95: lower it, or take another picture or "
        "another size of the input."
    ]


def test_crowded_shapes_cover_each_other():
    boxes = np.array(scene(5, crowded=True).boxes)
    shared = np.array([[float(box_iou(a, b)) for a in boxes] for b in boxes])
    assert (shared - np.eye(len(boxes)) > 0).any()


def test_the_own_head_is_the_sliders():
    case = build(YoloLesson(out_cells=7, out_boxes=2, out_classes=20))
    assert case.own.numbers == 1_470
    assert case.published["v3-tiny"].total_boxes == 2_535
