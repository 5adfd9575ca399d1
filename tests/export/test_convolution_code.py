"""Generated scripts, run on their own in a clean process, give the numbers of the page."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from core.arithmetic.patterns import PATTERNS
from core.export.convolution_code import convolution_script
from core.export.notebook import notebook
from core.kernels import BANKS
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, build
from tests.export.clean_process import run_alone

RANDOM_LESSONS = 200
NOTEBOOKS = 12


def lesson(**values: object) -> ConvolutionCase:
    return build(ConvolutionLesson(**values))  # type: ignore[arg-type]


NAMED = {
    "start": {},
    "flip": {"flip": True},
    "asymmetric-padding": {"padding": "sides", "pad_top": 2, "pad_right": 1},
    "same-reflect": {"padding": "same", "padding_mode": "reflect", "kernel_height": 4},
    "same-even-kernel": {"padding": "same", "kernel_height": 4, "stride_height": 2},
    "wrap": {"pad_height": 5, "padding_mode": "wrap"},
    "constant": {"pad_height": 1, "padding_mode": "constant", "padding_value": -0.1},
    "stride-and-dilation": {"height": 12, "stride_height": 2, "dilation_height": 3},
    "strides-apart": {"apart": True, "stride_height": 3, "stride_width": 2},
    "depthwise": {"channels": 4, "filters": 4, "groups": 4, "image": "random"},
    "groups-and-bias": {"channels": 4, "filters": 2, "groups": 2, "bias": True},
    "transposed": {"transposed": True, "stride_height": 2, "padding": "same"},
    "transposed-valid-gaps": {
        "transposed": True, "stride_height": 5, "padding": "valid", "bias": True,
    },
    "transposed-cut": {"transposed": True, "stride_height": 2, "pad_height": 3},
    "transposed-output-padding": {
        "transposed": True, "stride_height": 4, "output_padding_height": 3, "bias": True,
    },
    "transposed-dilated-output-padding": {
        "transposed": True, "dilation_height": 4, "output_padding_height": 3, "bias": True,
        "pad_height": 2, "kernel": "random",
    },
    "transposed-dilated-strided": {
        "transposed": True, "dilation_height": 2, "stride_height": 3, "flip": True,
        "kernel": "random",
    },
    "transposed-groups": {
        "transposed": True, "channels": 4, "filters": 6, "groups": 2, "kernel": "random",
        "image": "random", "bias": True, "edits": "b.4=0.5",
    },
}  # fmt: skip


def named_cases() -> Iterator[tuple[str, ConvolutionCase]]:
    for name, values in NAMED.items():
        yield name, lesson(**values)
    size = {"height": 27, "width": 32, "apart": True, "channels": 3, "seed": 5}
    for slug in PATTERNS:
        yield f"large-{slug}", lesson(image=slug, edits="x.3.4.1=0.5 x.0.0.0=-7", **size)
    for slug in BANKS:
        bank = {"kernel": slug, "kernel_height": 11, "channels": 6, "filters": 6, "height": 12}
        yield f"bank-{slug}", lesson(edits="k.1.2.3.4=0.3", **bank)
        yield f"bank-transposed-{slug}", lesson(transposed=True, **bank)
    yield (
        "many-edits",
        lesson(image="random", edits=" ".join(f"x.{i}.{i}.0=0.1" for i in range(30)), **size),
    )


@dataclass
class Outcome:
    """What the clean process made of the scripts."""

    cases: dict[str, ConvolutionCase]
    outputs: dict[str, np.ndarray]
    failures: dict[str, str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory, make_case) -> Outcome:
    folder = tmp_path_factory.mktemp("scripts")
    cases = {f"case-{name}": case for name, case in named_cases()}
    cases |= {f"case-{seed:04d}": make_case(seed) for seed in range(RANDOM_LESSONS)}
    for number, (name, case) in enumerate(cases.items()):
        script = convolution_script(case)
        (folder / f"{name}.py").write_text(script, encoding="ascii")
        if number % (len(cases) // NOTEBOOKS) == 0:
            book = notebook("A convolution", script, "Made for a test.")
            (folder / f"{name}-book.ipynb").write_bytes(book)
    run_alone(folder)
    cases |= {p.stem: cases[p.stem.removesuffix("-book")] for p in folder.glob("*.ipynb")}
    with np.load(folder / "outputs.npz") as outputs:
        found = dict(outputs)
    return Outcome(cases, found, json.loads((folder / "failures.json").read_text()))


@pytest.mark.tf
def test_every_script_runs_and_prints(outcome):
    assert outcome.failures == {}
    assert set(outcome.outputs) == set(outcome.cases)
    assert len(outcome.cases) > RANDOM_LESSONS + len(NAMED) + NOTEBOOKS


@pytest.mark.tf
def test_every_script_gives_the_numbers_of_the_page(outcome):
    wrong = {}
    for name, case in outcome.cases.items():
        output, expected = outcome.outputs[name], case.result.output
        if output.shape != expected.shape:
            wrong[name] = f"{output.shape} instead of {expected.shape}"
        elif not np.allclose(output, expected, rtol=1e-12, atol=1e-9):
            wrong[name] = f"off by {np.abs(output - expected).max()}"
    assert wrong == {}


@pytest.mark.tf
def test_the_lectures_example_comes_out_of_keras(outcome):
    expected = [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    mirrored = [[18, 20, 19], [10, 9, 17], [11, 8, 14]]
    assert outcome.outputs["case-start"][..., 0].tolist() == expected
    assert outcome.outputs["case-flip"][..., 0].tolist() == mirrored


def test_random_lessons_cover_what_they_should(make_case):
    lessons = [make_case(seed).lesson for seed in range(RANDOM_LESSONS)]
    specs = [one.conv_spec() for one in lessons]
    seen = {
        "transposed": sum(spec.transposed for spec in specs),
        "flip": sum(spec.flip for spec in specs),
        "groups": sum(spec.groups > 1 for spec in specs),
        "transposed groups": sum(spec.groups > 1 and spec.transposed for spec in specs),
        "apart": sum(spec.stride[0] != spec.stride[1] for spec in specs),
        "both": sum(max(spec.stride) > 1 and max(spec.dilation) > 1 for spec in specs),
        "output padding": sum(bool(spec.output_padding and any(spec.output_padding))
                              for spec in specs),
        "bias": sum(one.bias for one in lessons),
    }  # fmt: skip
    seen |= {mode: sum(spec.padding_mode == mode for spec in specs)
             for mode in ("zeros", "constant", "reflect", "edge", "wrap")}  # fmt: skip
    seen |= {kind: sum(one.padding == kind for one in lessons)
             for kind in ("amount", "sides", "valid", "same")}  # fmt: skip
    assert min(seen.values()) >= 8, seen


def test_scripts_import_only_numpy_and_keras(make_case):
    for seed in range(60):
        script = convolution_script(make_case(seed))
        assert script.isascii()
        imported = {
            alias.name
            for node in ast.walk(ast.parse(script))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported == {"numpy", "keras"}


def test_the_first_script_is_short_and_in_order():
    script = convolution_script(lesson())
    lines = script.splitlines()
    assert len(lines) < 35
    assert max(map(len, lines)) <= 96
    parts = [
        "import keras",
        "image =",
        "kernel =",
        "layer =",
        "set_weights",
        "output =",
        "print(",
    ]
    places = [script.index(part) for part in parts]
    assert places == sorted(places)
    assert "[0, 1, 2]," in script


def test_a_refused_combination_says_why():
    script = convolution_script(lesson(height=12, stride_height=2, dilation_height=3))
    assert "# TensorFlow refuses stride and dilation in one layer," in script
    assert "dilation_rate" not in script
    assert "(7, 7), strides=(2, 2)" in script


def test_dilation_alone_stays_with_keras():
    assert "dilation_rate=(2, 2)" in convolution_script(lesson(dilation_height=2))


def test_same_with_other_numbers_than_zeros_is_worked_out():
    case = lesson(padding="same", padding_mode="edge", kernel_height=4)
    assert 'np.pad(image, ((1, 2), (1, 2), (0, 0)), mode="edge")' in convolution_script(case)


def test_large_random_input_is_drawn_not_listed():
    script = convolution_script(lesson(image="random", height=30, width=30, seed=3))
    assert "np.random.default_rng(3).integers(0, 10, (32, 32, 6))" in script
    assert len(script) < 1200
