"""Models against what the rows promise: shapes, counts, names, training, and the decks."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.architecture import (
    INITIALIZERS,
    PRESETS,
    Architecture,
    ArchitectureError,
    decode,
    totals,
    trace,
)
from core.architecture.functional import FUNCTIONAL
from core.models.build import build
from core.models.positions import Positions
from tests.architecture.networks import SHAPES, fitting

pytestmark = [pytest.mark.tf, pytest.mark.slow]

MNIST = (28, 28, 1)
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def fresh():
    """Names and graphs of earlier models do not pile up."""
    keras.backend.clear_session()


def counts(weights) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


def parts_of(model, name):
    """The layers of a row: `conv_1`, `conv_1_norm`, but not those of `conv_10`."""
    return [la for la in model.layers if la.name == name or la.name.startswith(f"{name}_")]


def assert_agrees(network: Architecture, shape, classes: int, **settings) -> None:
    """The trace says of every row what Keras says of its layers."""
    rows = trace(network, shape, classes)
    model = build(network, shape, classes, **settings)
    for row in rows[1:]:
        parts = parts_of(model, row.name)
        if not row.on:
            assert parts == []
            continue
        assert tuple(parts[-1].output.shape[1:]) == row.shape, row.name
        assert counts(w for part in parts for w in part.trainable_weights) == row.trainable
        assert counts(w for part in parts for w in part.non_trainable_weights) == row.fixed
        if row.kind != "transformer":
            given = sum(int(np.prod(part.output.shape[1:])) for part in parts)
            assert given == row.values, row.name
    size = totals(rows)
    assert model.count_params() == size.parameters
    assert counts(model.trainable_weights) == size.trainable
    assert model.output_shape == (None, classes)


@pytest.mark.parametrize("shape", [MNIST, (32, 32, 3), (64, 64, 3)])
@pytest.mark.parametrize("slug", PRESETS)
def test_trace_and_keras_agree_on_every_preset(slug, shape):
    for order in ("before", "after"):
        assert_agrees(PRESETS[slug].architecture, shape, 7, norm_order=order)


@settings(max_examples=60)
@given(
    st.data(),
    SHAPES,
    st.integers(2, 12),
    st.sampled_from(["before", "after"]),
    st.sampled_from(list(INITIALIZERS)),
)
def test_trace_and_keras_agree_on_networks_drawn_at_random(data, shape, classes, order, begin):
    keras.backend.clear_session()
    network = data.draw(fitting(shape))
    assert_agrees(network, shape, classes, norm_order=order, initializer=begin)


@settings(max_examples=15)
@given(st.data(), SHAPES)
def test_networks_drawn_at_random_train_a_step(data, shape):
    """Also those whose gradients take other ways: dilation, strides, depthwise, attention."""
    keras.backend.clear_session()
    network = data.draw(fitting(shape))
    model = build(network, shape, 3, head_dropout=0.1)
    images = RNG.integers(0, 256, (4, *shape), dtype=np.uint8)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss)
    before = [w.numpy() for w in model.trainable_weights]
    value = model.train_on_batch(images, np.array([0, 1, 2, 0]))
    assert np.isfinite(value)
    changed = [
        not np.array_equal(a, w.numpy())
        for a, w in zip(before, model.trainable_weights, strict=True)
    ]
    assert changed[-1]  # the output's bias sees a gradient whatever stands before it


@pytest.mark.parametrize("slug", PRESETS)
def test_every_preset_learns(slug):
    """Left or right half bright: twenty steps on 32 such images make the loss smaller."""
    keras.utils.set_random_seed(1)
    model = build(PRESETS[slug].architecture, MNIST, 2)
    labels = np.arange(32) % 2
    images = RNG.integers(0, 60, (32, *MNIST), dtype=np.uint8)
    images[labels == 0, :, :14] += 150
    images[labels == 1, :, 14:] += 150
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.002), loss)
    losses = model.fit(images, labels, epochs=20, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


def test_layers_are_named_after_their_rows():
    network = decode("conv-n1_residual_residual-s2_pool_flatten_dense")
    names = [layer.name for layer in build(network, MNIST, 10).layers]
    assert names[:5] == ["image", "rescale", "conv_1", "conv_1_norm", "conv_1_activation"]
    assert {"residual_1_conv_1", "residual_1_norm_1", "residual_1_add"} <= set(names)
    assert {"residual_2_skip", "residual_2_skip_norm", "residual_2_conv_2"} <= set(names)
    assert names[-5:] == ["pool_1", "flatten_1", "dense_1", "head_dropout", "output"]


@pytest.mark.parametrize(
    ("order", "kinds"),
    [
        ("before", ["Conv2D", "BatchNormalization", "Activation"]),
        ("after", ["Conv2D", "Activation", "BatchNormalization"]),
    ],
)
def test_batch_norm_stands_where_the_run_wants_it(order, kinds):
    model = build(decode("conv-n1_flatten"), MNIST, 10, norm_order=order)
    assert [type(layer).__name__ for layer in parts_of(model, "conv_1")] == kinds


def test_a_skip_of_equal_size_adds_the_very_input():
    """With weights of zero the branch gives nothing, and relu(x + 0) is x for images."""
    network = decode("residual-f3-n0")
    rows = Architecture(rows=(*network.rows, *decode("flatten").rows))
    model = build(rows, (4, 4, 3), 2, initializer="zeros")
    images = RNG.uniform(0, 255, (2, 4, 4, 3)).astype("float32")
    tap = keras.Model(model.input, model.get_layer("residual_1_activation_2").output)
    np.testing.assert_allclose(tap(images), images / 255, rtol=1e-6)


def test_without_skip_a_branch_of_zeros_gives_nothing():
    model = build(decode("residual-f3-n0-i0_flatten"), (4, 4, 3), 2, initializer="zeros")
    tap = keras.Model(model.input, model.get_layer("flatten_1").output)
    assert not np.any(tap(np.full((1, 4, 4, 3), 200.0)))


@pytest.mark.parametrize("stride", [2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size", [8, 9])
def test_a_1x1_convolution_with_a_stride_gives_what_keras_gives(stride, padding, size):
    network = decode(f"conv-f5-k1-s{stride}-p{padding}-alinear_flatten")
    model = build(network, (size, size, 3), 2)
    images = RNG.uniform(0, 255, (2, size, size, 3)).astype("float32")
    kernel, bias = model.get_layer("conv_1").get_weights()
    expected = keras.ops.conv(images / 255, kernel, stride, padding) + bias
    tap = keras.Model(model.input, model.get_layer("conv_1").output)
    np.testing.assert_allclose(tap(images), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("network", ["conv-k1-s2_flatten", "residual-s2_flatten"])
def test_no_1x1_convolution_has_a_stride(network):
    """Its gradient kills the process where a batch is odd: see `core.architecture.plan`."""
    model = build(decode(network), (28, 28, 8), 2)
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    narrow = [layer for layer in convolutions if layer.kernel_size == (1, 1)]
    assert narrow
    assert all(layer.strides == (1, 1) for layer in narrow)


def test_pictures_are_taken_as_they_are():
    """Raw 0..255, of whatever type; the first layer makes 0..1 of them."""
    model = build(decode("flatten"), (2, 2, 1), 3)
    raw = np.array([0, 51, 102, 255], dtype=np.uint8).reshape(1, 2, 2, 1)
    np.testing.assert_allclose(
        model.get_layer("rescale")(raw).numpy().ravel(), [0, 0.2, 0.4, 1], rtol=1e-6
    )
    np.testing.assert_allclose(model(raw), model(raw.astype("float32")), rtol=1e-6)


def test_logits_are_not_squeezed():
    model = build(decode("flatten"), (2, 2, 1), 3, initializer="ones")
    np.testing.assert_allclose(model(np.full((1, 2, 2, 1), 255.0)), [[4, 4, 4]], rtol=1e-6)


def test_augmentation_changes_raw_images_in_training_alone():
    turned = keras.layers.RandomFlip("horizontal", seed=1)
    model = build(decode("flatten"), (1, 2, 1), 2, augmentation=[turned])
    assert [layer.name for layer in model.layers[:3]] == ["image", turned.name, "rescale"]
    images = np.array([[[[0.0], [255.0]]]] * 64)
    tap = keras.Model(model.input, model.get_layer("rescale").output)
    assert np.array_equal(tap(images, training=False).numpy(), images / 255)
    flipped = tap(images, training=True).numpy()[:, 0, 0, 0]
    assert set(flipped) == {0.0, 1.0}


def test_the_head_always_has_its_dropout():
    for rate in (0.0, 0.5):
        layer = build(decode("flatten"), MNIST, 2, head_dropout=rate).get_layer("head_dropout")
        assert layer.rate == rate


def weights_of(seed: int, **settings):
    keras.utils.set_random_seed(seed)
    model = build(PRESETS["lenet"].architecture, MNIST, 10, **settings)
    return [w.numpy() for w in model.trainable_weights]


def test_the_seed_decides_the_weights():
    for one, other in zip(weights_of(3), weights_of(3), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(weights_of(3)[0], weights_of(4)[0])


def test_with_a_seed_of_its_own_dropout_changes_no_first_weight():
    plain = weights_of(3, dropout_seed=3)
    dropped = weights_of(3, head_dropout=0.5, dropout_seed=3)
    for one, other in zip(plain, dropped, strict=True):
        np.testing.assert_array_equal(one, other)


INPUTS, OUTPUTS = 400, 120
EXPECTED = {
    "glorot_uniform": 2 / (INPUTS + OUTPUTS),
    "glorot_normal": 2 / (INPUTS + OUTPUTS),
    "he_uniform": 2 / INPUTS,
    "he_normal": 2 / INPUTS,
    "lecun_uniform": 1 / INPUTS,
    "lecun_normal": 1 / INPUTS,
    "orthogonal": 1 / INPUTS,  # columns of length 1 over 400 rows
    "normal_small": 0.01**2,
    "normal_large": 1.0,
    "zeros": 0.0,
    "ones": 0.0,
}


@pytest.mark.parametrize("slug", INITIALIZERS)
def test_initialisers_draw_with_the_variance_of_their_paper(slug):
    """The 400 x 120 weights of LeNet's first dense layer; 48,000 draws err by about 1 %."""
    kernel = weights_of(0, initializer=slug)[4]
    assert kernel.shape == (INPUTS, OUTPUTS)
    assert kernel.var() == pytest.approx(EXPECTED[slug], rel=0.05)
    if slug == "orthogonal":
        np.testing.assert_allclose(kernel.T @ kernel, np.eye(OUTPUTS), atol=1e-5)
    if slug == "ones":
        assert kernel.min() == kernel.max() == 1


def test_every_kernel_takes_the_initialiser():
    network = decode(
        "conv_depthwise.conv_separable.conv_residual-f8-s2_patches-z2_transformer_flatten_dense"
    )
    model = build(network, (16, 16, 3), 4, initializer="ones")
    kernels = [w for w in model.trainable_weights if "kernel" in w.path]
    assert len(kernels) == 1 + 1 + 2 + 3 + 1 + 6 + 1 + 1
    for kernel in kernels:
        assert np.all(kernel.numpy() == 1), kernel.path


def test_two_layers_of_one_shape_do_not_begin_alike():
    """One initialiser object shared by two layers would draw the same numbers twice."""
    keras.utils.set_random_seed(0)
    model = build(
        decode("flatten_dense-u20_dense-u20_dense-u20"), MNIST, 3, initializer="normal_large"
    )
    one, other = (model.get_layer(f"dense_{n}").kernel.numpy() for n in (2, 3))
    assert not np.array_equal(one, other)


def test_positions_are_added_to_the_tokens():
    layer = Positions()
    tokens = RNG.normal(size=(2, 5, 3)).astype("float32")
    given = layer(tokens).numpy() - tokens
    np.testing.assert_allclose(given[0], layer.table.numpy(), atol=1e-6)
    np.testing.assert_allclose(given[0], given[1], atol=1e-6)


@pytest.mark.parametrize("slug", PRESETS)
def test_a_saved_model_comes_back_the_same(slug, tmp_path):
    model = build(PRESETS[slug].architecture, MNIST, 10, head_dropout=0.3)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    images = RNG.integers(0, 256, (3, *MNIST), dtype=np.uint8)
    np.testing.assert_allclose(model(images), again(images), rtol=1e-5, atol=1e-6)


def test_what_does_not_fit_is_not_built():
    with pytest.raises(ArchitectureError, match=r"Row 2 \(dense_1\): Dense needs a vector"):
        build(decode("conv_dense"), MNIST, 10)
    with pytest.raises(ArchitectureError, match="'xavier' is no initialiser"):
        build(decode("flatten"), MNIST, 10, initializer="xavier")


@pytest.mark.parametrize("example", FUNCTIONAL.values(), ids=lambda example: example.slug)
def test_the_functional_examples_of_the_deck(example, capsys):
    """MLC: 551, 415,045 and 49,699 parameters."""
    made: dict = {}
    exec(compile(example.code, example.slug, "exec"), made)
    assert made["model"].count_params() == example.parameters
    if "sequential" in made:
        assert made["sequential"].count_params() == example.parameters
    assert f"{example.parameters:,}" in capsys.readouterr().out
    assert {551, 415_045, 49_699} == {e.parameters for e in FUNCTIONAL.values()}


def test_sizes_that_the_deck_gives_on_the_way():
    """MLC: the branches join at 41,344 and 3,104 values."""
    for slug, joined in (("shared-input", 41_344), ("two-inputs", 3_104)):
        made: dict = {}
        exec(FUNCTIONAL[slug].code.replace("model.summary()", ""), made)
        sizes = [la.output.shape[1] for la in made["model"].layers if "concat" in la.name]
        assert sizes == [joined]
