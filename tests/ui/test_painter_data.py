"""What the browser is sent to paint on, and of the cells of the worked example."""

import json

import numpy as np

from core.images.runs import decode_runs
from core.lessons.masks import MasksLesson
from core.lessons.masks_case import MasksCase, Subject, drawn, start_of
from core.ui.components.cells import cells_data
from core.ui.components.painter import painter_data, remark
from core.vision.metrics import compare


def case_of(**settings):
    lesson = MasksLesson(**settings)
    subject = drawn(lesson)
    return MasksCase(lesson, subject, start_of(lesson, subject))


def test_masks_travel_as_runs_and_measures_as_terms():
    case = case_of()
    sent = painter_data(case)
    json.dumps(sent)
    np.testing.assert_array_equal(decode_runs(sent["truth"], (128, 128)), case.subject.truth)
    np.testing.assert_array_equal(decode_runs(sent["mask"], (128, 128)), case.start)
    (iou, *_) = sent["measures"]
    assert iou["formula"] == "TP / (TP + FP + FN)"
    assert (iou["top"], iou["bottom"]) == ([[1, "TP"]], [[1, "TP"], [1, "FP"], [1, "FN"]])
    assert sent["boundary"]["value"] == round(case.outlines.f, 6)
    assert sent["boundary"]["line"][1].startswith("P = ")
    assert not sent["poll"]


def test_what_is_awaited_is_asked_for_again_and_nothing_can_be_painted():
    picture = np.zeros((30, 40, 3), np.uint8)
    subject = Subject("Photo", picture, None, "U2-Net-p is being asked.")
    sent = painter_data(MasksCase(MasksLesson(mask_truth="method"), subject, None))
    assert (sent["truth"], sent["mask"], sent["boundary"]) == (None, None, None)
    assert sent["poll"]
    assert not sent["failed"]
    assert sent["says"] == "U2-Net-p is being asked."


def test_conventions_are_said():
    nothing = "-".join(["000000"] * 6)
    empty = case_of(mask_truth="example", mask_true_cells=nothing, mask_said_cells=nothing)
    assert "Both masks are empty" in remark(empty)
    assert "precision is 1" in remark(case_of(mask_start="empty", mask_diameter=60))
    assert "recall is 1" in remark(case_of(mask_truth="example", mask_true_cells=nothing))
    assert remark(case_of(mask_right=1, mask_down=0)) == ""


def test_every_cell_is_marked_with_its_kind():
    truth, said = np.array([[1, 1], [0, 0]], bool), np.array([[1, 0], [1, 0]], bool)
    true, predicted, counted = cells_data(compare(truth, said))["boards"]
    assert [cell["text"] for cell in counted["cells"]] == ["TP", "FN", "FP", "TN"]
    assert [cell["inside"] for cell in true["cells"]] == [True, True, False, False]
    assert [cell["text"] for cell in predicted["cells"]] == ["1", "0", "1", "0"]
    looks = {cell["text"]: cell["look"] for cell in counted["cells"]}
    assert looks["FP"] != looks["FN"]


def test_who_paints_without_seeing_the_truth_gets_no_remark_either():
    sent = painter_data(case_of(mask_start="empty", mask_shows="painted"))
    assert sent["blind"]
    assert "Set Shown to errors" in sent["remark"]
    assert painter_data(case_of(mask_start="empty"), conceal=True)["remark"] == ""
