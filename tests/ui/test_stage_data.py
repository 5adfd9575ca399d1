"""What the browser computes from the stage's data is what `convolve` found."""

import json

import numpy as np
import pytest

from core.lessons.convolution import ConvolutionLesson, build
from core.ui.components.stage import stage_data

SEEDS = range(80)


def recompute(data: dict, row: int, column: int, f: int) -> float:
    """The sum as stage.js adds it up, tap by tap, from what it was sent."""
    width = len(data["columnPadding"])
    kernel_height, kernel_width = data["kernelSize"]
    planes = data["weights"][f]
    first = f // data["filtersPerGroup"] * len(planes)
    total = 0.0 if data["bias"] is None else data["bias"][f]
    for c, weights in enumerate(planes):
        for i in range(kernel_height):
            for j in range(kernel_width):
                place = data["rowTaps"][row][i] * width + data["columnTaps"][column][j]
                total += data["input"][first + c][place] * weights[i * kernel_width + j]
    return total


@pytest.mark.parametrize("seed", SEEDS)
def test_taps_inputs_and_weights_add_up_to_the_output(seed, convolution_case):
    case = convolution_case(seed)
    data = stage_data(case)
    rows, columns, filters = case.result.output.shape
    assert (len(data["rowTaps"]), len(data["columnTaps"])) == (rows, columns)
    assert len(data["output"]) == len(data["weights"]) == filters
    places = np.random.default_rng(seed).integers(0, (rows, columns, filters), (40, 3))
    corners = [(0, 0, 0), (rows - 1, columns - 1, filters - 1)]
    for row, column, f in [*corners, *places.tolist()]:
        expected = case.result.output[row, column, f]
        sent = data["output"][f][row * columns + column]
        assert sent == pytest.approx(expected, abs=1e-6)
        assert recompute(data, row, column, f) == pytest.approx(expected, rel=1e-5, abs=1e-3)


def test_the_random_lessons_use_what_the_stage_can_show(convolution_case):
    lessons = [convolution_case(seed).lesson for seed in SEEDS]
    assert min(
        sum(lesson.transposed and lesson.groups > 1 for lesson in lessons),
        sum(not lesson.transposed and lesson.groups > 1 for lesson in lessons),
        sum(lesson.flip for lesson in lessons),
        sum(lesson.bias for lesson in lessons),
        sum(not lesson.bias for lesson in lessons),
        sum(lesson.mode == "reflect" for lesson in lessons),
        sum(lesson.mode == "wrap" for lesson in lessons),
    ) >= 4  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_sources_say_which_input_pixel_a_padded_cell_repeats(seed, convolution_case):
    case = convolution_case(seed)
    data = stage_data(case)
    padded, image, mode = case.result.padded, case.image, case.lesson.mode
    added = case.lesson.padding_value if mode == "constant" else 0.0
    for r, row in enumerate(data["rowSource"]):
        for c, column in enumerate(data["columnSource"]):
            expected = image[row, column] if min(row, column) >= 0 else added
            # Between the pixels of a transposed convolution, and around it, there are zeros.
            assert np.array_equal(padded[r, c], np.broadcast_to(expected, padded[r, c].shape))


@pytest.mark.parametrize("seed", SEEDS)
def test_padding_flags_leave_exactly_the_input_unflagged(seed, convolution_case):
    case = convolution_case(seed)
    data = stage_data(case)
    for flags, source, size, plan in (
        (data["rowPadding"], data["rowSource"], case.image.shape[0], case.result.rows),
        (data["columnPadding"], data["columnSource"], case.image.shape[1], case.result.columns),
    ):
        assert len(flags) == len(source) == plan.padded
        own = [place for place, flag in zip(source, flags, strict=True) if not flag]
        # A stride of a transposed convolution may cut input away: the rest stands in order.
        assert own == sorted(set(own))
        if plan.before >= 0 and plan.after >= 0:
            assert own == list(range(size))


@pytest.mark.parametrize("seed", SEEDS)
def test_reached_flags_are_the_places_that_a_tap_reads(seed, convolution_case):
    data = stage_data(convolution_case(seed))
    for axis in ("row", "column"):
        read = {place for window in data[f"{axis}Taps"] for place in window}
        flags = data[f"{axis}Reached"]
        assert {place for place, flag in enumerate(flags) if flag} == read
    everything = all(data["rowReached"]) and all(data["columnReached"])
    assert everything != any(entry["kind"] == "unreached" for entry in data["legend"])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_data_is_json_with_finite_numbers(seed, convolution_case):
    data = stage_data(convolution_case(seed))
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_weights_of_the_worked_example_stand_in_reading_order():
    data = stage_data(build(ConvolutionLesson()))
    assert data["weights"] == [[[0, 1, 2, 2, 2, 0, 0, 1, 2]]]
    assert data["input"][0][:5] == [3, 3, 2, 1, 0]
    assert data["output"] == [[12, 12, 17, 10, 17, 19, 9, 6, 14]]
    assert data["bias"] is None
    assert data["legend"] == []
    assert data["titles"] == {
        "input": "Input 5 x 5 x 1",
        "kernel": "Kernel 3 x 3 x 1",
        "output": "Output 3 x 3 x 1",
    }


def test_a_mirrored_kernel_is_read_from_its_end():
    data = stage_data(build(ConvolutionLesson(flip=True)))
    assert data["rowTaps"][0] == [2, 1, 0]
    assert data["weights"] == [[[0, 1, 2, 2, 2, 0, 0, 1, 2]]]
    assert data["titles"]["kernel"].endswith("read mirrored")
    both = stage_data(build(ConvolutionLesson(flip=True, transposed=True)))
    assert "mirrored" not in both["titles"]["kernel"]


def test_a_stretched_input_marks_the_inserted_zeros():
    lesson = ConvolutionLesson(transposed=True, height=2, width=2, stride_height=2)
    data = stage_data(build(lesson))
    assert data["rowSource"] == [-1, -1, 0, -1, 1, -1, -1]
    assert data["rowPadding"] == [True, True, False, True, False, True, True]
    assert data["titles"]["input"] == "Input 2 x 2 x 1, stretched and padded to 7 x 7"
    assert data["legend"] == [{"kind": "padding", "text": "padding and inserted zeros"}]


def test_reflected_padding_has_a_source_and_is_still_padding():
    data = stage_data(build(ConvolutionLesson(pad_height=2, padding_mode="reflect")))
    assert data["rowSource"] == [2, 1, 0, 1, 2, 3, 4, 3, 2]
    assert data["rowPadding"] == [True, True, *[False] * 5, True, True]


def test_concealing_the_values_keeps_the_size():
    case = build(ConvolutionLesson())
    data = stage_data(case, conceal="values")
    assert data["conceal"] == "values"
    assert data["titles"]["output"] == "Output 3 x 3 x 1"


def test_concealing_the_size_sends_no_output():
    data = stage_data(build(ConvolutionLesson(height=7)), conceal="size")
    assert data["output"] == []
    assert data["titles"]["output"] == "Output ? x ? x 1"
    assert "5 x 3" not in json.dumps(data["titles"])


def test_a_projector_gets_large_cells_and_the_keyboard():
    data = stage_data(build(ConvolutionLesson()), large=True)
    assert (data["large"], data["focus"]) == (True, True)


def test_the_pinned_cell_and_the_shown_filter_travel_along():
    lesson = ConvolutionLesson(filters=3, filter=3, cell="1,2")
    data = stage_data(build(lesson))
    assert (data["filter"], data["cell"]) == (2, "1,2")
    assert data["titles"]["kernel"] == "Kernel 3 x 3 x 1, filter 3 of 3"
    assert stage_data(build(ConvolutionLesson(filters=2, filter=9)))["filter"] == 1
