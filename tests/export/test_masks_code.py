"""The script of the page "Masks" counts what the page counts; so do its files."""

import csv
import io
import json

import numpy as np
import pytest

from core.export.masks_code import PAINTED_FILE, TRUTH_FILE, masks_script
from core.export.masks_table import masks_csv, masks_json
from core.images.masks import encode_mask
from core.lessons.masks import MasksLesson
from core.lessons.masks_case import MasksCase, drawn, start_of


def case_of(**settings):
    lesson = MasksLesson(**settings)
    subject = drawn(lesson)
    return MasksCase(lesson, subject, start_of(lesson, subject))


def measures(case):
    found = case.comparison
    return [found.iou, found.dice, found.pixel_accuracy, found.precision, found.recall,
            case.outlines.f]  # fmt: skip


@pytest.mark.tf
@pytest.mark.parametrize(
    "settings",
    [{}, {"mask_truth": "example"}, {"mask_truth": "example", "mask_true_cells": "",
                                     "mask_said_cells": ""}],
    ids=["scene", "6x6", "empty"],
)  # fmt: skip
def test_the_script_has_the_numbers_of_the_page(settings, tmp_path, monkeypatch, capsys):
    case = case_of(mask_tolerance=2, **settings)
    (tmp_path / TRUTH_FILE).write_bytes(encode_mask(case.subject.truth))
    (tmp_path / PAINTED_FILE).write_bytes(encode_mask(case.mask))
    monkeypatch.chdir(tmp_path)
    script = masks_script(case)
    assert script.isascii()
    assert max(map(len, script.splitlines())) <= 100
    scope = {}
    exec(compile(script, "script", "exec"), scope)
    np.testing.assert_allclose(scope["output"], measures(case), atol=1e-9)
    printed = capsys.readouterr().out
    assert f"IoU = {case.comparison.counts[0]} / (" in printed
    keras, here = printed.split("mean IoU: Keras ")[1].split(", here ")
    assert float(keras) == pytest.approx(float(here), abs=1e-6)


def test_the_files_hold_counts_and_measures():
    case = case_of(mask_truth="example")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(masks_csv(case)))}
    assert rows["TP"]["value"] == "6"
    assert float(rows["iou"]["value"]) == 0.4
    assert rows["iou"]["counted"] == "TP / (TP + FP + FN) = 6 / (6 + 3 + 6)"
    found = json.loads(masks_json(case))
    assert found["counts"] == {"TP": 6, "FP": 3, "FN": 6, "TN": 21}
    assert found["measures"]["boundary_f"] == case.outlines.f
    assert found["settings"] == {"mask_truth": "example"}
