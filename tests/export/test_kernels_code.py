"""Scripts of the page "Kernels", run in a clean process, give the page's answers."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import PIL.Image
import pytest

from core.export.kernels_code import kernels_script
from core.export.kernels_picture import before_after, kernel_answer, kernel_png
from core.export.kernels_table import answers_csv, kernel_csv, learning_csv
from core.export.notebook import notebook
from core.export.pixels_code import OWN_FILE
from core.images.filtering import shown
from core.images.samples import SAMPLES
from core.kernels import KERNELS
from core.kernels.pasted import parse_kernel
from core.lessons.kernels import KernelLesson, with_suited
from core.lessons.kernels_case import KernelCase, build
from core.lessons.kernels_learning import learn
from core.palette import PALETTES, rgb
from core.presets import PRESETS
from tests.export.test_convolution_code import run_alone

OWN = np.random.default_rng(8).integers(0, 256, (90, 61, 3), dtype=np.uint8)
CHELSEA = SAMPLES["chelsea"]
CHECK = """
assert np.abs(same.reshape(output.shape) - output).max() <= 1e-9 * max(np.abs(output).max(), 1)
written = cv2.imread("filtered.png", cv2.IMREAD_UNCHANGED)
shown = picture if picture.ndim == 2 else picture[..., ::-1]
assert written.tolist() == shown.tolist()
"""


def named_cases() -> Iterator[tuple[str, KernelCase, str | None]]:
    """Name, case and the file that the script reads."""
    photo = CHELSEA.load()
    for slug in KERNELS:
        lesson = with_suited(KernelLesson(named=slug, resolution=96))
        yield slug, build(lesson, photo), CHELSEA.file
    for border in ("zeros", "constant", "reflect", "edge", "wrap"):
        for colours in ("grey", "channels"):
            lesson = KernelLesson(named="box", taps=4, border=border, colours=colours,
                                  border_value=40)  # fmt: skip
            yield f"{border}-{colours}", build(lesson, OWN), None
    for display in ("clip", "absolute", "stretch", "signed"):
        for colours in ("grey", "channels"):
            lesson = KernelLesson(display=display, colours=colours)
            yield f"{display}-{colours}", build(lesson, OWN), None
    own = KernelLesson(named="own", own_weights="1/3 -2 0.1 7", divide_by=3, add_offset=-9.5)
    yield "own", build(own, OWN), None
    column = KernelLesson(named="own", own_weights="1 / -1")
    yield "column", build(column, OWN), None
    yield "one", build(KernelLesson(named="own", own_weights="2", turn=1), OWN), None
    yield "turned", build(KernelLesson(turn=3, mirror="vertical", divide="absolute"), OWN), None
    yield "whole", build(KernelLesson(resolution=512), photo), CHELSEA.file
    for preset in PRESETS.for_page("kernels"):
        assert isinstance(preset.lesson, KernelLesson)
        lesson = preset.lesson.with_value("resolution", 64)
        yield f"preset-{preset.slug}", build(lesson, photo), CHELSEA.file


@dataclass
class Outcome:
    """What the clean process made of the scripts."""

    cases: dict[str, KernelCase]
    outputs: dict[str, np.ndarray]
    failures: dict[str, str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> Outcome:
    folder = tmp_path_factory.mktemp("kernels")
    PIL.Image.fromarray(OWN).save(folder / OWN_FILE)
    cases = {}
    for number, (name, case, file) in enumerate(named_cases()):
        script = kernels_script(case, file)
        ast.parse(script)
        cases[f"case-{name}"] = case
        if number % 10 == 0:
            book = notebook("Kernels", script + CHECK, "Made for a test.")
            (folder / f"case-{name}.ipynb").write_bytes(book)
        else:
            (folder / f"case-{name}.py").write_text(script + CHECK, encoding="ascii")
    run_alone(folder)
    with np.load(folder / "outputs.npz") as outputs:
        failures = json.loads((folder / "failures.json").read_text())
        return Outcome(cases, dict(outputs), failures)


@pytest.mark.tf
@pytest.mark.slow
def test_every_script_gives_the_answers_of_the_page(outcome):
    assert outcome.failures == {}
    assert set(outcome.outputs) == set(outcome.cases)
    for name, case in outcome.cases.items():
        expected = case.filtered.response
        slack = 1e-9 * max(float(np.abs(expected).max()), 1)
        np.testing.assert_allclose(outcome.outputs[name], expected, atol=slack, err_msg=name)


@pytest.mark.parametrize("slug", ["sobel-x", "gaussian", "pillow-emboss"])
def test_a_script_says_where_its_kernel_comes_from(slug):
    script = kernels_script(build(KernelLesson(named=slug), OWN), None)
    assert script.isascii()
    assert KERNELS[slug].source.split()[0] in script
    assert "cv2.filter2D(" in script
    assert "keras.layers.DepthwiseConv2D(" in script
    assert max(len(line) for line in script.splitlines()) <= 100


# Tables and pictures


def test_a_kernel_can_be_taken_home_and_pasted():
    for slug in KERNELS:
        kernel = with_suited(KernelLesson(named=slug)).kernel()
        text = kernel_csv(kernel)
        # A flat row of nine is how Pillow writes a square; no named kernel is one.
        np.testing.assert_array_equal(parse_kernel(text), kernel.weights)


@pytest.mark.parametrize("colours", ["grey", "channels"])
def test_every_pixel_and_its_answer_are_in_the_table(colours):
    case = build(KernelLesson(colours=colours), OWN)
    rows = list(csv.DictReader(io.StringIO(answers_csv(case))))
    shape = (90, 61, 1 if colours == "grey" else 3)
    assert [int(rows[-1][name]) for name in ("row", "column", "channel")] == [
        side - 1 for side in shape
    ]
    photo = np.array([int(row["photo"]) for row in rows]).reshape(shape)
    answers = np.array([float(row["answer"]) for row in rows]).reshape(shape)
    np.testing.assert_array_equal(np.squeeze(photo), case.before)
    np.testing.assert_array_equal(np.squeeze(answers), case.filtered.response)


def test_every_step_of_learning_is_in_the_table():
    case = learn(KernelLesson(learn_steps=10), OWN)
    rows = list(csv.DictReader(io.StringIO(learning_csv(case))))
    assert [int(row["step"]) for row in rows] == list(range(11))
    assert [float(row["error"]) for row in rows] == case.descent.errors.tolist()
    assert float(rows[4]["w[1 2]"]) == case.descent.kernels[4, 1, 2]


def test_the_answer_as_a_picture():
    case = build(KernelLesson(display="clip"), OWN)
    np.testing.assert_array_equal(kernel_answer(case, "light"), shown(case.filtered, "clip"))
    signed = build(KernelLesson(), OWN)
    picture = kernel_answer(signed, "dark")
    assert picture.shape == (90, 61, 3)
    highest = np.unravel_index(signed.filtered.response.argmax(), (90, 61))
    lowest = np.unravel_index(signed.filtered.response.argmin(), (90, 61))
    reach = signed.filtered.reach
    stops = PALETTES["dark"].diverging
    for place, end in ((highest, 1), (lowest, 0)):
        if abs(signed.filtered.response[place]) == reach:
            assert tuple(picture[place]) == rgb(stops[-end])
    both = before_after(case, "light")
    assert both.shape == (90, 2 * 61 + 4, 3)
    np.testing.assert_array_equal(both[:, :61, 1], case.before)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("slug", ["sobel-x", "gabor", "roberts-up", "identity"])
def test_the_kernel_as_a_picture(slug, theme):
    kernel = with_suited(KernelLesson(named=slug)).kernel()
    picture = PIL.Image.open(io.BytesIO(kernel_png(kernel, theme)))
    rows, columns = kernel.weights.shape
    assert picture.width - 24 == pytest.approx(44 * columns, rel=0.1)
    assert picture.height / picture.width == pytest.approx(rows / columns, rel=0.1)
    assert picture.getpixel((1, 1)) == rgb(PALETTES[theme].background)


def test_notebooks_have_a_cell_for_each_section():
    book = json.loads(notebook("Kernels", kernels_script(build(KernelLesson(), OWN), None), ""))
    assert len(book["cells"]) == 7
