"""Tables hold every number; settings files give the settings back."""

import csv
import json
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from core.arithmetic.convolution import convolve
from core.export.tables import (
    COLUMNS,
    SettingsFileError,
    convolution_csv,
    lesson_json,
    read_lesson_json,
)
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, build

KINDS = {
    "start": {},
    "many": {"channels": 3, "filters": 4, "bias": True, "pad_height": 1, "edits": "b.2=0.1"},
    "box": {"kernel": "box", "padding": "same", "padding_mode": "reflect"},
    "groups": {"channels": 4, "filters": 6, "groups": 2, "kernel": "random"},
    "transposed": {
        "channels": 4, "filters": 6, "groups": 2, "kernel": "random", "transposed": True,
        "stride_height": 2,
    },
}  # fmt: skip


def case_of(name: str) -> ConvolutionCase:
    return build(ConvolutionLesson(image="random", **KINDS[name]))  # type: ignore[arg-type]


def table(case: ConvolutionCase) -> pd.DataFrame:
    return pd.read_csv(StringIO(convolution_csv(case)))


@pytest.mark.parametrize("name", KINDS)
def test_every_grid_reads_back_number_by_number(name):
    case = case_of(name)
    rows = table(case)
    assert tuple(rows.columns) == COLUMNS
    for grid, expected, axes in (
        ("input", case.image, ["row", "column", "channel"]),
        ("padded", case.result.padded, ["row", "column", "channel"]),
        ("output", case.result.output, ["row", "column", "filter"]),
    ):
        part = rows[rows.grid == grid]
        found = np.full(expected.shape, np.nan)
        found[tuple(part[axis].astype(int) for axis in axes)] = part.value
        assert (found == expected).all()
        assert len(part) == expected.size


@pytest.mark.parametrize("name", KINDS)
def test_sums_are_equal(name):
    case = case_of(name)
    sums = table(case).groupby("grid").value.sum()
    assert sums["weights"] == pytest.approx(case.kernel.sum(), abs=1e-9)
    assert sums["output"] == pytest.approx(case.result.output.sum(), abs=1e-9)
    assert ("bias" in sums) == (case.bias is not None)
    if case.bias is not None:
        assert sums["bias"] == pytest.approx(case.bias.sum())


@pytest.mark.parametrize("name", ["groups", "transposed"])
def test_weights_name_the_channel_and_filter_that_they_join(name):
    """Dense weights, zero outside of the groups, give the same output without groups."""
    case = case_of(name)
    lesson, rows = case.lesson, table(case)
    weights = rows[rows.grid == "weights"]
    axes = ("filter", "channel") if lesson.transposed else ("channel", "filter")
    depth = (6, 4) if lesson.transposed else (4, 6)
    dense = np.zeros((*lesson.kernel_hw, *depth))
    dense[tuple(weights[axis].astype(int) for axis in ("row", "column", *axes))] = weights.value
    spec = lesson.conv_spec().model_copy(update={"groups": 1})
    np.testing.assert_allclose(
        convolve(case.image, dense, spec).output, case.result.output, atol=1e-12
    )


def test_lines_end_alike_and_are_read_by_the_csv_module():
    text = convolution_csv(case_of("start"))
    assert "\r" not in text
    assert {len(row) for row in csv.reader(StringIO(text))} == {len(COLUMNS)}


def test_settings_come_back():
    lesson = ConvolutionLesson(image="ramp", stride_height=2, bias=True, edits="x.0.0.0=5")
    assert read_lesson_json(lesson_json(lesson), ConvolutionLesson) == (lesson, [])


def test_only_differences_are_written():
    document = json.loads(lesson_json(ConvolutionLesson(stride_height=2)))
    assert document == {"page": "convolution", "version": 1, "settings": {"stride_height": 2}}


def test_settings_without_result_are_repaired_and_said():
    wanted = {"kernel_height": 9, "stride_height": "x", "colour": 1}
    text = json.dumps({"page": "convolution", "version": 1, "settings": wanted})
    lesson, notices = read_lesson_json(text, ConvolutionLesson)
    assert lesson.problem() is None
    assert lesson.stride_height == 1
    assert len(notices) == 3
    assert "There is no setting 'colour' here." in notices


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON: line 1"),
        ("{", "not JSON: line 1"),
        ("[1, 2]", "holds no settings"),
        ("5", "holds no settings"),
        ("{}", "holds no settings"),
        ('{"page": "convolution", "version": 1, "settings": []}', "holds no settings"),
        (
            '{"page": "pooling", "version": 1, "settings": {}}',
            "'pooling', not of 'convolution'",
        ),
        ('{"page": "convolution", "settings": {}}', "version is None"),
        ('{"page": "convolution", "version": 2, "settings": {}}', "version is 2"),
        ('{"page": "convolution", "version": true, "settings": {}}', "version is True"),
        ("[" * 100_000, "not JSON"),
        ("9" * 10_000, "not JSON"),
        (" " * 1_000_001, "too long"),
    ],
)
def test_other_files_are_refused_in_one_sentence(text, words):
    with pytest.raises(ValueError, match=words) as caught:
        read_lesson_json(text, ConvolutionLesson)
    assert isinstance(caught.value, SettingsFileError)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 140
