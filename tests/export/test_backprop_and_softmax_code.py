"""Scripts of the pages "Backpropagation" and "Softmax", run in a clean process."""

import ast
import json
import random

import numpy as np
import pytest

from core.arithmetic.tiny_network import PARAMETERS
from core.export.backprop_code import backprop_script
from core.export.notebook import notebook
from core.export.softmax_code import softmax_script
from core.lessons import backprop, softmax
from core.lessons.base import options
from core.presets import PRESETS
from tests.export.test_convolution_code import run_alone

RANDOM = 40
KERAS_ORDER = ("w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2", "c")
"""Kernel of the hidden layer row by row, its bias, kernel and bias of the output."""


def random_network(seed: int) -> backprop.BackpropLesson:
    draw = random.Random(seed)
    values: dict[str, object] = {
        name: round(draw.uniform(-2, 2), 2)
        for name in ("x_one", "x_two", *backprop.FIELDS.values())
    }
    for name in ("hidden_activation", "output_activation", "error", "gate"):
        values[name] = draw.choice(options(backprop.BackpropLesson, name))
    values |= {
        "y_target": round(draw.uniform(0, 1), 2),
        "step_rate": draw.choice([0.01, 0.1]),
        "updates_done": draw.choice([0, 0, 1, 6]),
    }
    return backprop.BackpropLesson(**values)  # type: ignore[arg-type]


def random_scores(seed: int) -> softmax.SoftmaxLesson:
    draw = random.Random(seed)
    values: dict[str, object] = {
        f"logit_{letter}": round(draw.uniform(-9, 9), 1) for letter in softmax.LETTERS
    }
    values |= {
        "class_count": draw.randint(2, 10),
        "right_class": draw.randint(1, 10),
        "temperature": draw.choice([0.1, 0.5, 1.0, 1.0, 3.0]),
        "smoothing_share": draw.choice([0.0, 0.0, 0.1, 0.5, 1.0]),
        "shift_all": draw.choice([0.0, 0.0, 12.0, 100.0, 1000.0, -1000.0]),
        "number_format": draw.choice(["float16", "float32", "float64"]),
    }
    return softmax.SoftmaxLesson(**values)  # type: ignore[arg-type]


def networks() -> dict[str, backprop.BackpropCase]:
    lessons = {f"network-{seed:02d}": random_network(seed) for seed in range(RANDOM)}
    lessons |= {
        f"network-{p.slug}": p.lesson  # type: ignore[misc]
        for p in PRESETS.for_page("backprop")
        if p.lesson.updates_done < 500  # type: ignore[attr-defined]
    }
    cases = {name: backprop.build(lesson) for name, lesson in lessons.items()}
    # No script follows an explosion digit by digit.
    return {name: case for name, case in cases.items() if case.made.values["L"] < 1e3}


def scores() -> dict[str, softmax.SoftmaxCase]:
    lessons = {f"scores-{seed:02d}": random_scores(seed) for seed in range(RANDOM)}
    lessons |= {f"scores-{p.slug}": p.lesson for p in PRESETS.for_page("softmax")}  # type: ignore[misc]
    return {name: softmax.build(lesson) for name, lesson in lessons.items()}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Outputs of all scripts by name, and what failed."""
    folder = tmp_path_factory.mktemp("scripts")
    texts = {name: backprop_script(case) for name, case in networks().items()}
    texts |= {name: softmax_script(case) for name, case in scores().items()}
    for name, script in texts.items():
        (folder / f"case-{name}.py").write_text(script, encoding="ascii")
        if name.endswith("-00"):
            book = notebook("Numbers", script, "Made for a test.")
            (folder / f"case-{name}-book.ipynb").write_bytes(book)
    run_alone(folder)
    with np.load(folder / "outputs.npz") as found:
        outputs = {name.removeprefix("case-"): numbers for name, numbers in found.items()}
    return outputs, json.loads((folder / "failures.json").read_text())


@pytest.mark.tf
def test_every_script_of_the_network_has_the_pages_numbers(outcome):
    outputs, failures = outcome
    assert failures == {}
    cases = networks()
    assert len(cases) > RANDOM
    assert outputs["network-00-book"].tolist() == outputs["network-00"].tolist()
    for name, case in cases.items():
        made, found = case.made, outputs[name]
        after = made.updated(case.lesson.step_rate).parameters
        expected = [made.values["p"], made.values["L"]]
        expected += [made.gradients[n] for n in KERAS_ORDER] + [after[n] for n in KERAS_ORDER]
        assert len(found) == len(expected) == 20
        # The learning rate is float32 in Keras: 1e-8 of each step, up to 200 of them.
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6, err_msg=name)
    assert set(KERAS_ORDER) == set(PARAMETERS)


@pytest.mark.tf
def test_every_script_of_softmax_has_the_pages_numbers(outcome):
    outputs, _ = outcome
    cases = scores()
    assert outputs["scores-00-book"].tolist() == pytest.approx(
        outputs["scores-00"].tolist(), nan_ok=True
    )
    for name, case in cases.items():
        made = case.made
        expected = np.concatenate(
            [made.probabilities, [made.loss], made.gradients, case.naive.probabilities]
        )
        # Half precision keeps three digits, and its sum may be added up in another order.
        loose = 5e-3 if case.lesson.number_format == "float16" else 1e-6
        count = case.lesson.class_count
        np.testing.assert_allclose(
            outputs[name][: 2 * count + 1], expected[: 2 * count + 1],
            rtol=1e-9, atol=1e-12, err_msg=name,
        )  # fmt: skip
        np.testing.assert_allclose(
            outputs[name][2 * count + 1 :], expected[2 * count + 1 :], rtol=loose, err_msg=name
        )


def test_scripts_are_plain_and_their_lines_fit():
    texts = [backprop_script(case) for case in networks().values()]
    texts += [softmax_script(case) for case in scores().values()]
    for script in texts:
        assert script.isascii()
        assert max(map(len, script.splitlines())) <= 96
        imported = {
            alias.name
            for node in ast.walk(ast.parse(script))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported == {"keras", "numpy", "tensorflow"}


def test_the_first_scripts_say_what_is_set():
    script = backprop_script(backprop.build(backprop.BackpropLesson(updates_done=3)))
    assert "np.array([[0.4, -0.2], [0.3, 0.6]])" in script
    assert "keras.optimizers.SGD(0.5)" in script
    assert "for update in range(3):" in script
    script = softmax_script(softmax.build(softmax.SoftmaxLesson(smoothing_share=0.1)))
    assert "from_logits=True, label_smoothing=0.1" in script
    assert "    2.0, 1.0, 0.1\n" in script
