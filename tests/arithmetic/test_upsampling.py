"""Up-sampling equals Keras' and TensorFlow's, and its trace gives every value again."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.errors import ShapeError
from core.arithmetic.upsampling import (
    bilinear_kernel,
    is_even_overlap,
    pixel_shuffle,
    upsample_bilinear,
    upsample_nearest,
    upsample_transposed,
)

FACTORS = st.integers(1, 4)
IMAGES = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3)).flatmap(
    lambda shape: st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).normal(size=shape)
    )
)


def keras_up(image: np.ndarray, factor: int, how: str) -> np.ndarray:
    layer = keras.layers.UpSampling2D(factor, interpolation=how, dtype="float64")
    return keras.ops.convert_to_numpy(layer(image[None]))[0]


@given(IMAGES, FACTORS)
@settings(max_examples=60, deadline=None)
def test_keras_repeats_the_same_values(image, factor):
    assert np.array_equal(
        upsample_nearest(image, factor).output, keras_up(image, factor, "nearest")
    )


@given(IMAGES, FACTORS)
@settings(max_examples=60, deadline=None)
def test_keras_interpolates_the_same_values(image, factor):
    # Keras resizes in float32.
    ours = upsample_bilinear(image, factor).output
    assert np.allclose(ours, keras_up(image, factor, "bilinear"), atol=1e-5)


@given(IMAGES, FACTORS)
@settings(max_examples=60, deadline=None)
def test_aligned_corners_are_those_of_tensorflow(image, factor):
    size = [n * factor for n in image.shape[:2]]
    expected = tf.compat.v1.image.resize_bilinear(image[None], size, align_corners=True)
    ours = upsample_bilinear(image, factor, align_corners=True).output
    assert np.allclose(ours, expected.numpy()[0], atol=1e-5)


def test_the_example_of_pytorchs_documentation():
    """`torch.nn.Upsample` of 1 2 / 3 4, twice as large, in both ways."""
    image = np.array([[1.0, 2], [3, 4]])[..., None]
    assert upsample_bilinear(image, 2).output[..., 0].tolist() == [
        [1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4],
    ]  # fmt: skip
    aligned = upsample_bilinear(image, 2, align_corners=True).output[..., 0]
    # The documentation prints four decimals.
    assert np.allclose(
        aligned,
        [
            [1, 1.3333, 1.6667, 2], [1.6667, 2, 2.3333, 2.6667],
            [2.3333, 2.6667, 3, 3.3333], [3, 3.3333, 3.6667, 4],
        ],
        atol=5e-5,
    )  # fmt: skip


@given(IMAGES, FACTORS, st.integers(1, 6), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_keras_transposes_the_same_way(image, factor, size, seed):
    kernel = np.random.default_rng(seed).normal(size=(size, size))
    channels = image.shape[2]
    expected = []
    for c in range(channels):
        layer = keras.layers.Conv2DTranspose(
            1, size, strides=factor, padding="same", use_bias=False, dtype="float64"
        )
        layer.build((None, *image.shape[:2], 1))
        layer.set_weights([kernel[:, :, None, None]])
        one = layer(image[None, :, :, c : c + 1])
        expected.append(keras.ops.convert_to_numpy(one)[0, ..., 0])
    result = upsample_transposed(image, kernel, factor)
    assert np.allclose(result.output, np.stack(expected, axis=-1))


@given(IMAGES, FACTORS, st.integers(1, 2))
@settings(max_examples=60, deadline=None)
def test_tensorflow_shuffles_the_same_way(image, factor, channels):
    deep = np.random.default_rng(0).normal(size=(*image.shape[:2], channels * factor**2))
    expected = tf.nn.depth_to_space(deep[None], factor) if factor > 1 else deep[None]
    assert np.array_equal(pixel_shuffle(deep, factor).output, np.asarray(expected)[0])


def test_a_shuffle_needs_a_square_of_channels():
    with pytest.raises(ShapeError, match="Use 4 channels or another factor"):
        pixel_shuffle(np.ones((2, 2, 3)), 2)


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_a_tent_interpolates_away_from_the_border(factor):
    image = np.random.default_rng(factor).normal(size=(6, 6, 2))
    kernel = bilinear_kernel(2 * factor - factor % 2)
    inside = slice(factor, -factor)
    assert np.allclose(
        upsample_transposed(image, kernel, factor).output[inside, inside],
        upsample_bilinear(image, factor).output[inside, inside],
    )


@given(
    IMAGES,
    FACTORS,
    st.sampled_from(["nearest", "bilinear", "aligned", "transposed", "shuffle"]),
)
@settings(max_examples=100, deadline=None)
def test_the_trace_gives_every_value_again(image, factor, how):
    ways = {
        "nearest": lambda: upsample_nearest(image, factor),
        "bilinear": lambda: upsample_bilinear(image, factor),
        "aligned": lambda: upsample_bilinear(image, factor, align_corners=True),
        "transposed": lambda: upsample_transposed(image, bilinear_kernel(3), factor),
        "shuffle": lambda: pixel_shuffle(image, 1),
    }
    result = ways[how]()
    assert np.allclose(result.links.apply(image), result.output.ravel())


@given(st.integers(1, 6), st.integers(1, 4))
@settings(deadline=None)
def test_checkerboards_come_from_kernels_that_the_stride_does_not_divide(size, factor):
    """Odena et al. 2016: away from the border, all places are reached equally often, or not."""
    overlap = upsample_transposed(np.ones((16, 16, 1)), np.ones((size, size)), factor).overlap
    inside = overlap[6:-6, 6:-6]  # no kernel reaches further than 6 pixels
    assert (len(np.unique(inside)) == 1) == is_even_overlap(size, factor)


def test_the_checkerboard_of_a_3_by_3_kernel_and_stride_2():
    overlap = upsample_transposed(np.ones((4, 4, 1)), np.ones((3, 3)), 2).overlap
    # Along an axis, kernels at 0, 2, 4... of three places each meet at every second place.
    along = np.array([1, 1, 2, 1, 2, 1, 2, 1])
    assert overlap.tolist() == np.outer(along, along).tolist()
