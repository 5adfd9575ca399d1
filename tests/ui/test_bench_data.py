"""What the components of the page "Kernels" are sent."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from core.arithmetic.convolution import ConvSpec, convolve
from core.images.filtering import MIDDLE
from core.kernels import KERNELS
from core.lessons.kernels import KernelLesson, with_suited
from core.lessons.kernels_case import KernelCase, build
from core.lessons.kernels_learning import learn
from core.ui.components.bench import bench_data, kernel_facts
from core.ui.components.grids import Grid, grids_data
from core.ui.components.learning import FRAMES, frame_steps, learning_data
from core.ui.components.plots import Compass, Field, Lines
from core.ui.pictures import png_address

PHOTO = np.random.default_rng(2).integers(0, 256, (24, 34, 3), dtype=np.uint8)


def data_of(case: KernelCase, *, conceal: bool = False) -> dict:
    data = bench_data(case, identity="x", title="Noise", conceal=conceal)
    return json.loads(json.dumps(data, allow_nan=False))


def picture_of(address: str) -> np.ndarray:
    assert address.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


@pytest.mark.parametrize("border", ["zeros", "constant", "reflect", "edge", "wrap"])
@pytest.mark.parametrize("named", ["sobel-x", "roberts-up", "box"])
def test_taps_find_the_photos_pixels_and_add_up_to_the_answer(border, named):
    """Exactly the sum that the browser shows, for every pixel of the photo."""
    lesson = KernelLesson(named=named, taps=5, border=border, border_value=31)
    case = build(lesson, PHOTO)
    data = data_of(case)
    weights = np.reshape(data["weights"], (data["rows"], data["columns"]))
    photo = case.before.astype(float)
    answers = np.zeros_like(photo)
    for row, column in np.ndindex(photo.shape):
        for i, j in np.ndindex(weights.shape):
            r, c = data["rowSource"][row + i], data["columnSource"][column + j]
            value = data["outside"] if r < 0 or c < 0 else photo[r, c]
            answers[row, column] += weights[i, j] * value
    spec = ConvSpec(kernel_size=weights.shape, padding="same", padding_mode=border,
                    padding_value=31)  # fmt: skip
    exact = convolve(photo[..., None], case.kernel.weights[:, :, None, None], spec).output
    np.testing.assert_allclose(
        answers / data["scale"] + data["offset"], exact[..., 0], atol=1e-5
    )


@pytest.mark.parametrize("colours", ["grey", "channels"])
@pytest.mark.parametrize("display", ["clip", "absolute", "stretch", "signed"])
def test_the_picture_after_is_the_answer(colours, display):
    case = build(KernelLesson(colours=colours, display=display), PHOTO)
    data = data_of(case)
    picture = picture_of(data["after"])
    response = case.filtered.response
    assert data["map"] == ("signed" if display == "signed" else "plain")
    if display == "clip":
        np.testing.assert_array_equal(picture, np.rint(response).clip(0, 255))
    elif display == "signed":
        values = (picture.astype(float) - MIDDLE) / MIDDLE * data["reach"]
        half = data["reach"] / MIDDLE / 2 + 1e-9
        assert np.abs(values - case.filtered.strongest).max() <= half
        assert data["ends"] == [f"-{data['reach']:g}", "0", f"{data['reach']:g}"]
    assert data["channels"] == (1 if colours == "grey" else 3)


def test_what_is_cut_is_said():
    data = data_of(build(KernelLesson(named="outline", display="clip"), PHOTO))
    assert "% below 0" in data["cut"]
    assert "% above 255" in data["cut"]
    data = data_of(build(KernelLesson(named="box", display="clip"), PHOTO))
    assert data["cut"].endswith("Nothing is cut.")


def test_concealed_answers_are_not_sent():
    case = build(KernelLesson(), PHOTO)
    data = data_of(case, conceal=True)
    assert (data["after"], data["cut"], data["facts"], data["ends"]) == ("", "", "", [])
    assert "filtered" not in vars(case)  # not even computed


def test_the_facts_under_the_kernel():
    def facts(**values: object) -> str:
        return kernel_facts(build(with_suited(KernelLesson(**values)), PHOTO))  # type: ignore[arg-type]

    assert (
        facts(named="sobel-x") == "Sum 0. 9 multiplications a pixel, 6 as a column and a row."
    )
    assert facts(named="pillow-smooth").startswith("Sum 13, divided by 13.")
    assert facts(named="pillow-emboss").startswith("Sum 0, then +128.")
    assert facts(named="laplacian") == "Sum 0. 9 multiplications a pixel."
    assert facts(named="gabor", phase=90.0).startswith("Sum ")


@pytest.mark.parametrize("slug", KERNELS)
def test_settings_that_are_sent_back_are_those_on_show(slug):
    lesson = with_suited(KernelLesson(named=slug, probe="3,4"))
    data = data_of(build(lesson, PHOTO))
    again, notices = KernelLesson.nearest(data["settings"])
    assert (again, notices) == (lesson, [])


def test_a_photo_travels_without_loss():
    np.testing.assert_array_equal(picture_of(png_address(PHOTO)), PHOTO)
    np.testing.assert_array_equal(picture_of(png_address(PHOTO[..., 0])), PHOTO[..., 0])


def test_grids():
    grid = Grid("Kernel", np.array([[1 / 3, -2.0]]), "=")
    assert grids_data([grid])["grids"] == [
        {"title": "Kernel", "sign": "=", "rows": 1, "columns": 2, "values": [0.3333333, -2.0]}
    ]


# Learning


def test_all_steps_are_sent():
    case = learn(KernelLesson(learn_steps=30), PHOTO)
    data = json.loads(json.dumps(learning_data(case, known=False), allow_nan=False))
    kernels = np.reshape(data["kernels"], (31, 3, 3))
    np.testing.assert_allclose(kernels, case.descent.kernels, rtol=1e-5)
    np.testing.assert_allclose(data["errors"], case.descent.errors, rtol=1e-5)
    slopes = np.reshape(data["slopes"], (31, 3, 3))
    np.testing.assert_allclose(kernels[1:], kernels[:-1] - 0.1 * slopes[:-1], atol=1e-4)
    assert data["plain"]
    assert data["least"] == 0
    assert data["ended"] == ""


def test_the_sheet_holds_input_target_and_every_frame():
    case = learn(KernelLesson(learn_steps=10), PHOTO)
    data = learning_data(case, known=True)
    rows, columns = data["places"]
    sheet = picture_of(data["sprite"])
    assert sheet.shape == (rows * (1 + len(data["frames"])), 2 * columns)
    wanted = case.task.wanted.reshape(rows, columns)
    reach = np.abs(wanted).max()
    levels = np.rint(wanted / reach * MIDDLE) + MIDDLE
    np.testing.assert_array_equal(sheet[:rows, columns:], levels)
    last = case.task.answers(case.descent.kernels[-1])
    expected = np.rint((last - wanted) / reach * MIDDLE).clip(-MIDDLE, MIDDLE) + MIDDLE
    np.testing.assert_array_equal(sheet[-rows:, columns:], expected)


@pytest.mark.parametrize("steps", [1, 10, 39, 40, 100, 200])
def test_frames_begin_and_end_with_the_descent(steps):
    frames = frame_steps(steps)
    assert (frames[0], frames[-1]) == (0, steps)
    assert frames == sorted(set(frames))
    assert len(frames) <= FRAMES + 1


def test_a_descent_that_ran_away_can_be_sent():
    case = learn(KernelLesson(learn_rate=2.0, learn_steps=200), PHOTO)
    data = json.loads(json.dumps(learning_data(case, known=False), allow_nan=False))
    assert "the weights have run away" in data["ended"]
    assert max(data["errors"]) > 1e6


# Figures


def test_figures_are_sent_with_their_words():
    x = np.array([0.0, 0.5, 1.0])
    lines = Lines("Title", "Words", x, "metres", "m", {"a": x * 2, "b": x / 3}).data()
    assert lines["series"] == [
        {"name": "a", "y": [0.0, 1.0, 2.0]},
        {"name": "b", "y": [0.0, 0.1667, 0.3333]},
    ]
    compass = Compass("Title", "Words", x, x).data()
    field = Field("Title", "Words", x, "waves", np.outer(x, x)).data()
    assert field["side"] ** 2 == len(field["values"])
    assert field["high"] == 1
    for panel in (lines, compass, field):
        assert panel["alt"] == "Words"
        json.dumps(panel, allow_nan=False)
