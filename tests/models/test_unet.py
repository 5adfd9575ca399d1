"""A U-Net of Keras has the shapes, crops and weights that the ladder says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.architecture.unet import PUBLISHED, UNet, ladder, nearest_sizes, parameters

pytestmark = pytest.mark.tf
UPS = ("transposed", "bilinear", "unpooling")


@pytest.mark.slow
def test_the_published_network_is_built_as_published():
    from core.models.unet import build

    model = build(PUBLISHED, (572, 572, 1), 2)
    assert model.output_shape == (None, 388, 388, 2)
    assert model.count_params() == parameters(PUBLISHED, 1, 2) == 31_030_658
    crops = [layer.cropping for layer in model.layers if "crop" in layer.name]
    assert crops == [((c, c), (c, c)) for c in (4, 16, 40, 88)]


@pytest.mark.parametrize("up", UPS)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize("norm", [True, False])
def test_every_layer_has_the_size_of_its_rung(up, padding, skips, norm):
    from core.models.unet import build

    unet = UNet(depth=2, width=4, up=up, padding=padding, skips=skips, norm=norm)
    side = nearest_sizes(unet, 64)[-1]
    model = build(unet, (side, side, 3), 5)
    rungs = ladder(unet, (side, side), 3, 5)
    for rung in rungs[1:]:
        assert model.get_layer(rung.name).output.shape[1:] == (*rung.side_hw, rung.channels)
    assert model.count_params() == parameters(unet, 3, 5)
    pictures = np.random.default_rng(0).integers(0, 256, (2, side, side, 3))
    logits = np.asarray(model(pictures.astype(np.float32)))
    assert logits.shape == (2, *rungs[-1].side_hw, 5)
    assert np.isfinite(logits).all()


def test_unpooling_puts_the_maxima_back_where_they_were():
    from core.models.pooling import MaxSwitches, MaxUnpooling

    maps = np.array([[1, 2, 9, 0], [4, 3, 0, 0], [5, 5, 0, 0], [5, 5, 0, 0]], np.float32)
    maps = maps[None, ..., None]
    marks = np.asarray(MaxSwitches()(maps))[0, ..., 0]
    # Of equal ones the first.
    assert marks.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    pooled = np.array([[40, 90], [50, 7]], np.float32)[None, ..., None]
    wide = np.asarray(MaxUnpooling()(pooled, marks[None, ..., None]))[0, ..., 0]
    assert wide.tolist() == [[0, 0, 90, 0], [40, 0, 0, 0], [50, 0, 7, 0], [0, 0, 0, 0]]


@settings(max_examples=20)
@given(arrays(np.float32, (2, 6, 8, 3), elements=st.integers(-5, 5).map(float)))
def test_the_places_are_tensorflows(maps):
    import tensorflow as tf

    from core.models.pooling import MaxSwitches, MaxUnpooling

    pooled, flat = tf.nn.max_pool_with_argmax(maps, 2, 2, "SAME", include_batch_in_index=True)
    expected = np.zeros(maps.size, np.float32)
    expected[flat.numpy().ravel()] = pooled.numpy().ravel()
    ours = MaxUnpooling()(pooled, MaxSwitches()(maps))
    np.testing.assert_array_equal(np.asarray(ours), expected.reshape(maps.shape))


def test_a_saved_network_answers_as_before(tmp_path):
    import keras

    from core.models.unet import build

    model = build(UNet(depth=2, width=4, up="unpooling"), (32, 32, 3), 3)
    model.save(tmp_path / "unet.keras")
    again = keras.saving.load_model(tmp_path / "unet.keras", compile=False, safe_mode=True)
    pictures = np.random.default_rng(0).uniform(0, 255, (2, 32, 32, 3)).astype(np.float32)
    np.testing.assert_allclose(model(pictures), again(pictures), atol=1e-6)


def test_gradients_reach_every_weight():
    import tensorflow as tf

    from core.models.unet import build

    for up in UPS:
        model = build(UNet(depth=2, width=4, up=up), (16, 16, 3), 3)
        with tf.GradientTape() as tape:
            noise = tf.random.stateless_uniform((4, 16, 16, 3), (0, 1), 0, 255)
            loss = tf.reduce_sum(tf.square(model(noise, training=True)))
        gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
        assert all(float(tf.reduce_max(tf.abs(gradient))) > 0 for gradient in gradients)
