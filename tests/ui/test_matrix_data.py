"""The matrix that is drawn, times the vector beside it, is the product at its right."""

import json

import numpy as np
import pytest

from core.lessons.convolution import ConvolutionLesson, build
from core.ui.components import matrix as view

SEEDS = range(60)


def table(part: dict) -> np.ndarray:
    """(rows, columns) of what is sent as [row, column, value]; the rest is 0."""
    out = np.zeros((part["rows"], part["columns"]))
    for row, column, value in part["entries"]:
        assert out[row, column] == 0
        out[row, column] = value
    return out


@pytest.fixture
def data_of(monkeypatch):
    """Gives what the component would be sent."""

    def shown(case, kind, channel=0):
        sent = {}
        monkeypatch.setattr(view.code, "mount", lambda **given: sent.update(given))
        view.matrix(case, kind, channel, hidden=False, key="matrix")
        assert sent["key"] == "matrix"
        return sent["data"]

    return shown


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_times_weights_are_the_output_before_the_bias(seed, convolution_case, data_of):
    case = convolution_case(seed)
    data = data_of(case, "im2col")
    product = table(data["left"]) @ table(data["vector"])
    assert product == pytest.approx(table(data["product"]), abs=1e-2, rel=1e-5)
    f = case.lesson.shown_filter
    expected = case.result.output[..., f].reshape(-1, 1) - case.result.bias[f]
    assert table(data["product"]) == pytest.approx(expected, abs=1e-5)
    assert data["outputColumns"] == case.result.output.shape[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sparse_matrices_of_all_channels_add_up(seed, convolution_case, data_of):
    case = convolution_case(seed)
    total = np.zeros((case.result.rows.outputs * case.result.columns.outputs, 1))
    for channel in range(case.lesson.channels):
        data = data_of(case, "toeplitz", channel)
        product = table(data["left"]) @ table(data["vector"])
        assert product == pytest.approx(table(data["product"]), abs=1e-2, rel=1e-5)
        total += table(data["product"])
        assert data["channel"] == channel
        padded = case.result.padded[..., channel].reshape(-1, 1)
        assert table(data["vector"]) == pytest.approx(padded, abs=1e-6)
    f = case.lesson.shown_filter
    expected = case.result.output[..., f].reshape(-1, 1) - case.result.bias[f]
    assert total == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["im2col", "toeplitz"])
def test_the_size_is_counted_before_anything_is_drawn(seed, kind, convolution_case, data_of):
    case = convolution_case(seed)
    lesson = case.lesson
    channel = lesson.shown_filter // (lesson.filters // lesson.groups)
    channel *= lesson.channels // lesson.groups
    assert view.size(case, kind) == len(data_of(case, kind, channel)["left"]["entries"])


@pytest.mark.parametrize("kind", ["im2col", "toeplitz"])
def test_the_data_is_json_with_finite_numbers(kind, convolution_case, data_of):
    for seed in SEEDS:
        data = data_of(convolution_case(seed), kind)
        assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_worked_example_as_windows(data_of):
    data = data_of(build(ConvolutionLesson()), "im2col")
    assert table(data["left"])[0].tolist() == [3, 3, 2, 0, 0, 1, 3, 1, 2]
    assert table(data["vector"])[:, 0].tolist() == [0, 1, 2, 2, 2, 0, 0, 1, 2]
    assert table(data["product"])[:, 0].tolist() == [12, 12, 17, 10, 17, 19, 9, 6, 14]
    assert data["titles"]["left"] == "Windows as rows, 9 x 9"
    assert data["columnOf"] == [[[0], [1], [2]], [[3], [4], [5]], [[6], [7], [8]]]


def test_a_single_output_is_one_row(data_of):
    data = data_of(build(ConvolutionLesson(dilation_height=2)), "toeplitz")
    assert (data["left"]["rows"], data["left"]["columns"]) == (1, 25)
    assert data["product"]["entries"] == [[0, 0, 14]]


def test_columns_of_the_windows_find_their_weight(data_of):
    case = build(ConvolutionLesson(channels=2, kernel="random", kernel_height=2))
    data = data_of(case, "im2col")
    vector = table(data["vector"])[:, 0]
    for i, row in enumerate(data["columnOf"]):
        for j, places in enumerate(row):
            for c, place in enumerate(places):
                assert vector[place] == case.kernel[i, j, c, 0]


def test_the_sparse_matrix_of_the_guide(data_of):
    """Dumoulin & Visin 2016, section 4.1: a 3x3 kernel on 4x4 is a 4 x 16 matrix."""
    case = build(ConvolutionLesson(height=4, width=4))
    data = data_of(case, "toeplitz")
    matrix = table(data["left"])
    assert matrix.shape == (4, 16)
    weights = [0, 1, 2, 0, 2, 2, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0]
    assert matrix[0].tolist() == weights
    assert matrix[3].tolist() == [0] * 5 + weights[:11]
    assert len(data["left"]["entries"]) == 4 * 9
