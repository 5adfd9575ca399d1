"""Scripts of the page "Descent", run in a clean process, take the steps of the page."""

import ast
import json
import random
from collections.abc import Iterator

import numpy as np
import pytest

from core.arithmetic.optimizers import RULES
from core.arithmetic.surfaces import SURFACES
from core.export.descent_code import descent_script
from core.export.notebook import notebook
from core.lessons.base import options
from core.lessons.descent import LANES, DescentLesson
from core.lessons.descent_case import DescentCase, build
from tests.export.test_convolution_code import run_alone

RANDOM_LESSONS = 60


def lesson(**values: object) -> DescentLesson:
    return DescentLesson(**values)  # type: ignore[arg-type]


def random_lesson(seed: int) -> DescentLesson:
    """Any settings, with rates that suit: no script follows an explosion digit by digit."""
    draw = random.Random(seed)
    values: dict[str, object] = {
        "surface": draw.choice([slug for slug in SURFACES if slug != "cliff"]),
        "curvature": draw.choice([0.5, 2.0, 5.0]),
        "condition": draw.choice([1.0, 10.0, 100.0]),
        "tilt": draw.choice([0, 30, 75]),
        "descent_steps": draw.randint(1, 40),
        "beta_velocity": draw.choice([0.0, 0.5, 0.9]),
        "beta_square": draw.choice([0.9, 0.999]),
        "clip_bound": draw.choice([0.1, 1.0, 5.0]),
        "shrink": draw.choice([0.0, 0.0, 0.1]),
        "mini_batch": draw.choice([1, 5, 24]),
        "gradient_noise": draw.choice([0.0, 0.1]),
        "noise_seed": draw.randint(0, 99),
        "rate_drop": draw.choice([0.3, 0.9]),
        "rate_every": draw.randint(1, 20),
        "rate_warmup": draw.randint(1, 20),
    }
    for lane in LANES[: draw.randint(1, 3)]:
        values[f"optimizer_{lane}"] = draw.choice(list(RULES))
    for name in ("gradient_clipping", "shrink_as", "rate_schedule"):
        values[name] = draw.choice(options(DescentLesson, name))
    return lesson(**values).suited()


def named_cases() -> Iterator[tuple[str, DescentCase]]:
    everybody = {f"optimizer_{n}": rule for n, rule in zip(LANES, RULES, strict=True)}
    for slug in SURFACES:
        steps = 15 if slug == "cliff" else 40
        whole = lesson(surface=slug, descent_steps=steps, **everybody)
        yield slug, build(whole.suited())
    yield "tilted", build(lesson(tilt=30, start="1.5,-2"))
    yield (
        "cliff-clipped",
        build(lesson(surface="cliff", rate_a=0.2, gradient_clipping="norm", clip_bound=0.2)),
    )


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Cases by name, the outputs of their scripts, and what failed."""
    folder = tmp_path_factory.mktemp("scripts")
    cases = dict(named_cases())
    cases |= {f"{seed:03d}": build(random_lesson(seed)) for seed in range(RANDOM_LESSONS)}
    for name, case in cases.items():
        script = descent_script(case)
        (folder / f"case-{name}.py").write_text(script, encoding="ascii")
        if name in ("bowl", "logistic"):
            book = notebook("Descent", script, "Made for a test.")
            (folder / f"case-{name}-book.ipynb").write_bytes(book)
    run_alone(folder)
    with np.load(folder / "outputs.npz") as found:
        outputs = {name.removeprefix("case-"): paths for name, paths in found.items()}
    return cases, outputs, json.loads((folder / "failures.json").read_text())


@pytest.mark.tf
def test_every_script_takes_the_steps_of_the_page(outcome):
    cases, outputs, failures = outcome
    assert failures == {}
    assert {name.removesuffix("-book") for name in outputs} == set(cases)
    assert len(outputs) == len(cases) + 2
    for name, paths in outputs.items():
        case = cases[name.removesuffix("-book")]
        assert paths.shape == (len(case.racers), case.lesson.descent_steps + 1, 2)
        for racer, path in zip(case.racers, paths, strict=True):
            ours = racer.trace.points
            # Keras rounds momentum, betas and decay to float32, 1e-7 of each of 40 steps, and
            # narrow valleys stretch what is off a thousandfold.
            reach = max(float(np.abs(ours).max()), 1.0)
            np.testing.assert_allclose(
                path[: len(ours)], ours, atol=1e-4 * reach, err_msg=f"{name} {racer.title}"
            )


def test_scripts_are_plain_and_their_lines_fit():
    for _, case in named_cases():
        script = descent_script(case)
        assert script.isascii()
        assert max(map(len, script.splitlines())) <= 96
        imported = {
            alias.name
            for node in ast.walk(ast.parse(script))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported == {"keras", "numpy", "tensorflow"}


def test_the_first_script_is_short_and_names_what_is_set():
    script = descent_script(build(lesson(rate_a=0.3)))
    assert len(script.splitlines()) < 45
    assert '"A": keras.optimizers.SGD(learning_rate=0.3)' in script
    assert "(0.2 * x**2 + 2 * y**2) / 2" in script
    assert "keras.Variable([-2.2, 1.6], dtype=" in script


def test_clipping_decay_and_schedule_are_keras_own():
    script = descent_script(
        build(
            lesson(
                optimizer_a="adamw", rate_a=0.1, shrink=0.1, gradient_clipping="value",
                clip_bound=0.5, rate_schedule="step", rate_drop=0.5, rate_every=10,
            )
        )
    )  # fmt: skip
    assert "weight_decay=0.1" in script
    assert "clipvalue=0.5" in script
    assert "ExponentialDecay(0.1, 10, 0.5, staircase=True)" in script
    by_norm = descent_script(build(lesson(gradient_clipping="norm")))
    assert "clipnorm=1.0" in by_norm


def test_l2_goes_into_the_loss_of_those_who_take_it():
    values = {"optimizer_a": "adam", "optimizer_b": "adamw", "shrink": 0.2, "shrink_as": "l2"}
    script = descent_script(build(lesson(**values)))
    assert 'with_l2 = {"A"}' in script
    assert "height += 0.1 * keras.ops.sum(keras.ops.square(weights))" in script
    assert script.count("weight_decay=0.2") == 1
