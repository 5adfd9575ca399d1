"""Scripts of the page "Image as numbers", run in a clean process, give the page's planes."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import PIL.Image
import pytest

from core.export.notebook import notebook
from core.export.pixels_code import OWN_FILE, pixels_script
from core.images.colour import SPACES
from core.images.samples import SAMPLES
from core.images.scale import METHODS
from core.lessons.pixels import PixelCase, PixelLesson, build
from core.presets import PRESETS
from tests.export.test_convolution_code import run_alone

STORED = [sample for sample in SAMPLES.values() if sample.as_stored]
OWN = np.random.default_rng(8).integers(0, 256, (90, 61, 3), dtype=np.uint8)
EDITS = "x.0.0.0=7 x.3.2.1=300 x.3.2.2=-4 x.2.2.2=8.6 x.999.0.0=1"
TOLERANCE = {"rgb": 0, "grey": 1e-3, "hsv": 0.01, "lab": 0.01, "ycrcb": 1e-3}
CHECK = """
assert vector.shape == (planes.size,)
assert vector.tolist() == planes.reshape(-1).tolist()
output = planes
"""


def lesson(**values: object) -> PixelLesson:
    return PixelLesson(**{"top": 1, "left": 2, **values})  # type: ignore[arg-type]


def named_cases() -> Iterator[tuple[str, PixelCase, str | None]]:
    """Name, case and the file that the script reads."""
    chelsea = SAMPLES["chelsea"]
    for sample in STORED:
        pixels = sample.load()
        for method in METHODS:
            yield f"{sample.slug}-{method}", build(lesson(method=method), pixels), sample.file
    photo = chelsea.load()
    for space in SPACES:
        for bits in range(1, 9):
            case = build(lesson(space=space, bits=bits, rows=16, columns=16), photo)
            yield f"{space}-{bits}", case, chelsea.file
        yield f"own-{space}", build(lesson(space=space, side=61), OWN), None
        triples = build(lesson(picture="triples", space=space, changes=EDITS), photo)
        yield f"triples-{space}", triples, chelsea.file
    for method in METHODS:
        yield f"enlarged-{method}", build(lesson(method=method, side=128), OWN), None
    yield "changed", build(lesson(changes=EDITS, top=0, left=0), photo), chelsea.file
    yield "changed-bits", build(lesson(changes=EDITS, bits=2, top=0), photo), chelsea.file
    for preset in PRESETS.for_page("image"):
        for slug in ("chelsea", "brick"):
            case = build(preset.lesson, SAMPLES[slug].load())
            yield f"preset-{preset.slug}-{slug}", case, SAMPLES[slug].file


@dataclass
class Outcome:
    """What the clean process made of the scripts."""

    cases: dict[str, PixelCase]
    outputs: dict[str, np.ndarray]
    failures: dict[str, str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> Outcome:
    folder = tmp_path_factory.mktemp("pixels")
    PIL.Image.fromarray(OWN).save(folder / OWN_FILE)
    cases = {}
    for number, (name, case, file) in enumerate(named_cases()):
        script = pixels_script(case, file) + CHECK
        cases[f"case-{name}"] = case
        (folder / f"case-{name}.py").write_text(script, encoding="ascii")
        if number % 30 == 0:
            book = notebook("Pixels", script, "Made for a test.")
            (folder / f"case-{name}-book.ipynb").write_bytes(book)
            cases[f"case-{name}-book"] = case
    run_alone(folder)
    with np.load(folder / "outputs.npz") as outputs:
        found = dict(outputs)
    return Outcome(cases, found, json.loads((folder / "failures.json").read_text()))


@pytest.mark.tf
def test_every_script_runs_and_prints(outcome):
    assert outcome.failures == {}
    assert set(outcome.outputs) == set(outcome.cases)
    assert len(outcome.cases) > 5 * len(STORED) + 5 * 8


@pytest.mark.tf
def test_every_script_gives_the_planes_of_the_page(outcome):
    wrong = {}
    for name, case in outcome.cases.items():
        expected = np.stack([plane.values for plane in case.planes], axis=-1)
        output = outcome.outputs[name]
        if output.shape != expected.shape:
            wrong[name] = f"{output.shape} instead of {expected.shape}"
            continue
        off = np.abs(output - expected).max()
        if off > TOLERANCE[case.lesson.space]:
            wrong[name] = f"off by {off}"
    assert wrong == {}


@pytest.mark.tf
def test_the_triples_come_out_as_in_the_deck(outcome):
    triples = outcome.outputs["case-preset-coimbra-triples-chelsea"]
    assert triples.tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    grey = outcome.outputs["case-triples-grey"]
    assert grey.shape == (1, 3, 1)
    assert np.rint(grey[0, 1:, 0]).tolist() == [150, 29]


@pytest.mark.parametrize("slug", SAMPLES)
def test_a_sample_says_whether_its_file_stores_what_is_shown(slug):
    sample = SAMPLES[slug]
    with PIL.Image.open(sample.path) as image:
        stored = np.asarray(image.convert("RGB"))
    shown = sample.load()
    same = stored.shape == shown.shape and np.array_equal(stored, shown)
    assert sample.as_stored == same


def script_of(file: str | None = "chelsea.png", **values: object) -> str:
    return pixels_script(build(lesson(**values), OWN), file)


def imported(script: str) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_a_script_imports_only_what_it_uses():
    assert imported(script_of()) == {"Path", "cv2", "keras", "numpy", "skimage"}
    assert imported(script_of(None)) == {"cv2", "keras", "numpy"}
    assert imported(script_of(picture="triples")) == {"numpy"}
    assert imported(script_of(picture="triples", space="hsv")) == {"cv2", "numpy"}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("bits", [1, 8])
def test_a_script_is_short_plain_text(space, bits):
    script = script_of(space=space, bits=bits, changes=EDITS)
    assert script.isascii()
    assert script.endswith("\n")
    assert len(script.splitlines()) < 50
    assert max(map(len, script.splitlines())) <= 96


def test_the_steps_are_those_of_the_page_in_order():
    script = script_of(bits=4, changes="x.1.1.1=9")
    steps = ["load_img", "cv2.resize", ">> 4", "small[1, 1, 1] = 9", "window =", "planes ="]
    places = [script.index(step) for step in steps]
    assert places == sorted(places)


def test_all_bits_need_no_step():
    assert ">>" not in script_of(bits=8)


def test_the_own_image_is_read_from_the_downloaded_file():
    assert f'path = "{OWN_FILE}"' in script_of(None)
    assert "skimage" not in script_of(None)
