"""Exported networks, run as they are, against what `core.models.build` makes."""

from __future__ import annotations

import ast
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.architecture import INITIALIZERS, PRESETS, ArchitectureError, decode
from core.architecture.rows import Residual
from core.export.model_code import ModelSpec, model_script, model_source
from core.export.notebook import sections
from tests.architecture.networks import SHAPES, fitting

pytestmark = [pytest.mark.tf, pytest.mark.slow]

MNIST = (28, 28, 1)


def run(script: str):
    """The model that a script makes."""
    names: dict = {"__name__": "__main__"}
    exec(compile(script, "model.py", "exec"), names)
    return names["model"]


def built(spec: ModelSpec, seed: int):
    import keras

    from core.models.build import build

    keras.utils.set_random_seed(seed)
    return build(
        spec.architecture,
        spec.input_shape,
        spec.classes,
        norm_order=spec.norm_order,
        initializer=spec.initializer,
        head_dropout=spec.head_dropout,
        dropout_seed=spec.dropout_seed,
    )


def assert_same(one, other) -> None:
    """Layer by layer the same settings, the same connections, the same first weights."""
    import keras

    given, expected = (
        json.loads(model.to_json(), object_hook=_unnamed) for model in (one, other)
    )
    if isinstance(one, keras.Sequential):
        layers = [part["config"] for part in given["config"]["layers"]]
        wanted = [part["config"] for part in expected["config"]["layers"]]
        assert layers == wanted
    else:
        assert given["config"] == expected["config"]
    assert len(one.weights) == len(other.weights)
    for mine, theirs in zip(one.weights, other.weights, strict=True):
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy(), mine.path)


def _unnamed(part: dict) -> dict:
    """A script's own class is in another module, and registered once more under its name."""
    own = str(part.get("registered_name")).endswith("Positions")
    return {k: v for k, v in part.items() if not (own and k in ("module", "registered_name"))}


@pytest.fixture(autouse=True)
def fresh():
    import keras

    keras.backend.clear_session()


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("slug", PRESETS)
def test_the_script_of_every_preset_makes_the_model(slug, order, capsys):
    spec = ModelSpec(
        PRESETS[slug].architecture,
        MNIST,
        10,
        norm_order=order,
        head_dropout=0.4,
        dropout_seed=5,
    )
    model = run(model_script(spec, seed=7))
    assert_same(model, built(spec, 7))
    assert f"{model.count_params():,}" in capsys.readouterr().out


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_initialiser_is_written_down(initializer, capsys):
    network = decode(
        "conv_depthwise.conv_separable.conv_residual-f8-s2_patches-z2_transformer-o0.1_flatten"
        "_dense-n1"
    )
    spec = ModelSpec(network, (12, 12, 3), 3, initializer=initializer, head_dropout=0.2)
    assert_same(run(model_script(spec, seed=2)), built(spec, 2))
    capsys.readouterr()


@settings(max_examples=30)
@given(st.data(), SHAPES, st.sampled_from(["before", "after"]), st.sampled_from([0.0, 0.3]))
def test_networks_drawn_at_random_are_written_down(data, shape, order, rate):
    import keras

    keras.backend.clear_session()
    spec = ModelSpec(
        data.draw(fitting(shape)), shape, 4, norm_order=order, head_dropout=rate,
        initializer=data.draw(st.sampled_from(list(INITIALIZERS))),
    )  # fmt: skip
    script = model_script(spec, seed=1).replace("model.summary()", "")
    assert_same(run(script), built(spec, 1))


@pytest.mark.parametrize("slug", [s for s in PRESETS if s not in ("resnet", "vit")])
def test_a_chain_can_be_written_as_sequential(slug, capsys):
    spec = ModelSpec(PRESETS[slug].architecture, MNIST, 10, dropout_seed=1)
    script = model_script(spec, seed=3, api="sequential")
    assert "keras.Sequential(" in script
    assert "shortcut" not in script
    assert_same(run(script), built(spec, 3))
    capsys.readouterr()


@pytest.mark.parametrize(("slug", "row"), [("resnet", "residual_1"), ("vit", "transformer_1")])
def test_a_skip_connection_is_no_chain(slug, row):
    spec = ModelSpec(PRESETS[slug].architecture, MNIST, 10)
    with pytest.raises(ArchitectureError, match=f"{row} has a skip connection"):
        model_source(spec, api="sequential")


def test_lenet_reads_as_a_person_writes_it():
    source = model_source(ModelSpec(PRESETS["lenet"].architecture, MNIST, 10))
    assert source.splitlines()[:3] == [
        "# Images of 28 x 28 x 1, values 0 to 255.",
        'inputs = keras.Input((28, 28, 1), name="image")',
        'x = layers.Rescaling(1 / 255, name="rescale")(inputs)  # 28 x 28 x 1',
    ]
    assert 'x = layers.AveragePooling2D(2, name="pool_1")(x)  # 14 x 14 x 6' in source
    assert 'outputs = layers.Dense(10, name="output")(x)  # 10' in source
    assert "# 61,706 parameters." in source


@settings(max_examples=60)
@given(st.data(), SHAPES)
def test_scripts_are_tidy(data, shape):
    """They parse, no line is long, and every section begins with a comment."""
    spec = ModelSpec(data.draw(fitting(shape)), shape, 3, norm_order="after")
    script = model_script(spec)
    ast.parse(script)
    assert max(map(len, script.splitlines())) <= 88
    assert all(section.startswith("# ") for section in sections(script))
    assert script.endswith("model.summary()\n")


def test_the_code_says_which_rows_it_came_from():
    source = model_source(ModelSpec(PRESETS["resnet"].architecture, MNIST, 10))
    blocks = [r for r in PRESETS["resnet"].architecture.rows if isinstance(r, Residual)]
    assert source.count("# Residual block.") == len(blocks)


def test_what_does_not_fit_is_not_written():
    with pytest.raises(ArchitectureError, match="Dense needs a vector"):
        model_script(ModelSpec(decode("dense"), MNIST, 10))
