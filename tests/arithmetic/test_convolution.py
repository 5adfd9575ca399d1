"""Convolution against the lecture decks, TensorFlow, SciPy and OpenCV."""

from __future__ import annotations

import os
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import signal

from core.arithmetic.convolution import ConvSpec, convolve
from core.arithmetic.errors import ShapeError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
MANY = settings(max_examples=250, deadline=None)


def grid(text: str) -> np.ndarray:
    """`1 2 / 3 4` as (rows, columns)."""
    return np.array([[float(word) for word in row.split()] for row in text.split("/")])


PENN = grid("3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1")
PENN_KERNEL = grid("0 1 2 / 2 2 0 / 0 1 2")
CROSS = grid("1 0 0 0 1 / 0 1 0 1 0 / 0 0 1 0 0 / 0 1 0 1 0 / 1 0 0 0 1")
BINARY = grid("1 1 1 0 0 / 0 1 1 1 0 / 0 0 1 1 1 / 0 0 1 1 0 / 0 1 1 0 0")
GREY = grid(
    "60 113 56 139 85 / 73 121 54 84 128 / 131 99 70 129 127 / 80 57 115 69 134 / "
    "104 126 123 95 130"
)

DECKS = [
    ("Oslo pattern 1", CROSS, "1 0 0 / 0 1 0 / 0 0 1", {}, "3 0 1 / 0 3 0 / 1 0 3"),
    ("Oslo pattern 2", CROSS, "0 0 1 / 0 1 0 / 1 0 0", {}, "1 0 3 / 0 3 0 / 3 0 1"),
    ("Oslo pattern 3", CROSS, "1 0 1 / 0 1 0 / 1 0 1", {}, "3 0 3 / 0 5 0 / 3 0 3"),
    ("Penn", PENN, PENN_KERNEL, {}, "12 12 17 / 10 17 19 / 9 6 14"),
    ("Penn flipped", PENN, PENN_KERNEL, {"flip": True}, "18 20 19 / 10 9 17 / 11 8 14"),
    ("Penn stride 2", PENN, PENN_KERNEL, {"stride": 2}, "12 17 / 9 14"),
    ("Penn dilation 2", PENN, PENN_KERNEL, {"dilation": 2}, "14"),
    (
        "NTU zeros",
        PENN,
        PENN_KERNEL,
        {"padding": 1},
        "6 14 17 11 3 / 14 12 12 17 11 / 8 10 17 19 13 / 11 9 6 14 12 / 6 4 4 6 4",
    ),
    (
        "NTU ones",
        PENN,
        PENN_KERNEL,
        {"padding": 1, "padding_mode": "constant", "padding_value": 1.0},
        "11 17 20 14 8 / 16 12 12 17 15 / 10 10 17 19 17 / 13 9 6 14 16 / 11 7 7 9 9",
    ),
    (
        "NTU reflect",
        PENN,
        PENN_KERNEL,
        {"padding": 1, "padding_mode": "reflect"},
        "12 16 24 16 16 / 14 12 12 17 17 / 10 10 17 19 23 / 11 9 6 14 16 / 8 4 8 12 14",
    ),
    (
        "zeros, stride 2",
        PENN,
        PENN_KERNEL,
        {"padding": 1, "stride": 2},
        "6 17 3 / 8 17 13 / 6 4 4",
    ),
    ("Coimbra", BINARY, "1 0 1 / 0 1 0 / 1 0 1", {}, "4 3 4 / 2 4 3 / 2 3 4"),
    (
        "Coimbra padding",
        GREY,
        "0 -1 0 / -1 5 -1 / 0 -1 0",
        {"padding": 1},
        "114 328 -26 470 158 / 53 266 -61 -30 344 / 403 116 -47 295 244 / "
        "108 -135 256 -128 344 / 314 346 279 153 421",
    ),
]


@pytest.mark.parametrize(
    ("image", "kernel", "options", "expected"),
    [case[1:] for case in DECKS],
    ids=[case[0] for case in DECKS],
)
def test_gives_the_numbers_of_the_decks(
    image: np.ndarray, kernel: np.ndarray | str, options: dict[str, Any], expected: str
) -> None:
    weights = grid(kernel) if isinstance(kernel, str) else kernel
    result = convolve(image[..., None], weights[..., None, None], ConvSpec(**options))
    np.testing.assert_array_equal(result.output[..., 0], grid(expected))


def test_first_products_of_the_worked_example() -> None:
    result = convolve(PENN[..., None], PENN_KERNEL[..., None, None], ConvSpec())
    window = result.padded[np.ix_(result.rows.taps[0], result.columns.taps[0])][..., 0]
    np.testing.assert_array_equal(window * PENN_KERNEL, grid("0 3 4 / 0 0 0 / 0 1 4"))


@pytest.mark.parametrize(
    ("size", "channels", "filters", "expected"),
    [(32, 3, 1, (28, 28, 1)), (32, 3, 6, (28, 28, 6)), (28, 6, 10, (24, 24, 10))],
)
def test_shapes_of_penns_layers(
    size: int, channels: int, filters: int, expected: tuple[int, int, int]
) -> None:
    image = np.ones((size, size, channels))
    kernel = np.ones((5, 5, channels, filters))
    output = convolve(image, kernel, ConvSpec(kernel_size=5)).output
    assert output.shape == expected
    # All ones: every value counts its taps.
    np.testing.assert_array_equal(output, np.full(expected, 25.0 * channels))


def test_bias_is_added_to_its_filter() -> None:
    image, kernel = PENN[..., None], np.stack([PENN_KERNEL, PENN_KERNEL], -1)[:, :, None]
    output = convolve(image, kernel, ConvSpec(), bias=[100, -1]).output
    assert output[0, 0].tolist() == [112, 11]


# Oracles over random layers


@st.composite
def layers(
    draw: st.DrawFn, *, strides: int = 3, dilations: int = 3
) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
    """Image (H, W, Cin), kernel (kh, kw, Cin / groups, Cout), bias, and spec fields."""
    pair = st.tuples(st.integers(1, 4), st.integers(1, 4))
    taps = draw(pair)
    dilation = draw(st.tuples(st.integers(1, dilations), st.integers(1, dilations)))
    stride = draw(st.tuples(st.integers(1, strides), st.integers(1, strides)))
    extra = draw(st.tuples(st.integers(0, 6), st.integers(0, 6)))
    height, width = ((k - 1) * d + 1 + e for k, d, e in zip(taps, dilation, extra, strict=True))
    groups = draw(st.integers(1, 3))
    seen, each = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image = numbers.integers(-9, 10, (height, width, groups * seen)).astype(float)
    kernel = numbers.integers(-9, 10, (*taps, seen, groups * each)).astype(float)
    bias = numbers.integers(-9, 10, groups * each).astype(float)
    fields = {
        "kernel_size": taps,
        "stride": stride,
        "dilation": dilation,
        "groups": groups,
    }
    return image, kernel, bias, fields


SIDES = st.tuples(
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
)


@given(layers(), SIDES)
@MANY
def test_is_the_sum_of_products_written_as_loops(layer: Any, sides: Any) -> None:
    image, kernel, bias, fields = layer
    result = convolve(image, kernel, ConvSpec(padding=sides, **fields), bias)
    padded = np.pad(image, (*sides, (0, 0)))
    seen, each = kernel.shape[2], kernel.shape[3] // fields["groups"]
    (down, across), (far, wide) = fields["stride"], fields["dilation"]
    for row, column, f in np.ndindex(*result.output.shape):
        total = bias[f]
        for i, j, c in np.ndindex(*kernel.shape[:3]):
            channel = (f // each) * seen + c
            value = padded[row * down + i * far, column * across + j * wide, channel]
            total += kernel[i, j, c, f] * value
        assert result.output[row, column, f] == total


@pytest.mark.tf
@given(layers(), SIDES)
@MANY
def test_equals_tensorflow_with_explicit_padding(layer: Any, sides: Any) -> None:
    import tensorflow as tf

    image, kernel, bias, fields = layer
    expected = tf.nn.conv2d(
        image[None],
        kernel,
        strides=fields["stride"],
        padding=[[0, 0], *map(list, sides), [0, 0]],
        dilations=fields["dilation"],
    )
    result = convolve(image, kernel, ConvSpec(padding=sides, **fields), bias)
    np.testing.assert_array_equal(result.output, expected[0].numpy() + bias)


@pytest.mark.tf
@given(layers(), st.sampled_from(["valid", "same"]))
@MANY
def test_equals_tensorflow_with_named_padding(layer: Any, padding: Any) -> None:
    import tensorflow as tf

    image, kernel, _, fields = layer
    expected = tf.nn.conv2d(
        image[None], kernel, fields["stride"], padding.upper(), dilations=fields["dilation"]
    )
    result = convolve(image, kernel, ConvSpec(padding=padding, **fields))
    np.testing.assert_array_equal(result.output, expected[0].numpy())


@pytest.mark.tf
@given(layers())
@MANY
def test_same_on_inputs_smaller_than_the_kernel(layer: Any) -> None:
    import tensorflow as tf

    image, kernel, _, fields = layer
    small = image[:2, :1]
    spec = ConvSpec(padding="same", **fields)
    expected = tf.nn.conv2d(
        small[None], kernel, fields["stride"], "SAME", dilations=fields["dilation"]
    )
    np.testing.assert_array_equal(convolve(small, kernel, spec).output, expected[0].numpy())


MODES = ["zeros", "constant", "reflect", "edge", "wrap"]


@pytest.mark.tf
@given(layers(), SIDES, st.sampled_from(MODES), st.integers(-9, 9))
@MANY
def test_padding_modes(layer: Any, sides: Any, mode: Any, value: int) -> None:
    import tensorflow as tf

    image, kernel, _, fields = layer
    least = min(image.shape[:2]) - (mode == "reflect")
    sides = tuple(tuple(min(n, least) for n in pair) for pair in sides)
    width = [*map(list, sides), [0, 0]]
    if mode in ("edge", "wrap"):
        padded = np.pad(image, width, mode=mode)
    elif mode == "reflect":
        padded = tf.pad(image, width, "REFLECT").numpy()
    else:
        filler = float(value) if mode == "constant" else 0.0
        padded = tf.pad(image, width, constant_values=filler).numpy()
    spec = ConvSpec(padding=sides, padding_mode=mode, padding_value=float(value), **fields)
    result = convolve(image, kernel, spec)
    np.testing.assert_array_equal(result.padded, padded)
    expected = tf.nn.conv2d(
        padded[None], kernel, fields["stride"], "VALID", dilations=fields["dilation"]
    )
    np.testing.assert_array_equal(result.output, expected[0].numpy())


@given(layers(dilations=1), st.booleans())
@MANY
def test_flip_is_scipys_convolution(layer: Any, flip: bool) -> None:
    image, kernel, _, fields = layer
    fields |= {"groups": 1}
    oracle = signal.convolve2d if flip else signal.correlate2d
    (down, across) = fields["stride"]
    expected = oracle(image[..., 0], kernel[..., 0, 0], mode="valid")[::down, ::across]
    result = convolve(image[..., :1], kernel[..., :1, :1], ConvSpec(flip=flip, **fields))
    np.testing.assert_array_equal(result.output[..., 0], expected)


def stuffed(kernel: np.ndarray, dilation: tuple[int, int]) -> np.ndarray:
    """The kernel with zeros between its taps: what dilation means.

    TensorFlow's transposed convolution on a CPU has no dilation of its own.
    """
    down, across = dilation
    height, width = kernel.shape[:2]
    shape = ((height - 1) * down + 1, (width - 1) * across + 1, *kernel.shape[2:])
    out = np.zeros(shape)
    out[::down, ::across] = kernel
    return out


def transposed_kernel(kernel: np.ndarray, groups: int) -> np.ndarray:
    """(kh, kw, Cin / groups, Cout) to Keras' transposed (kh, kw, Cout / groups, Cin)."""
    height, width, seen, filters = kernel.shape
    split = kernel.reshape(height, width, seen, groups, filters // groups)
    return split.transpose(0, 1, 4, 3, 2).reshape(height, width, filters // groups, -1)


@pytest.mark.tf
@given(layers(), st.sampled_from(["valid", "same"]), st.data())
@MANY
def test_transposed_equals_keras(layer: Any, padding: Any, data: st.DataObject) -> None:
    import keras

    image, kernel, bias, fields = layer
    groups, stride = fields["groups"], fields["stride"]
    weights = transposed_kernel(kernel, groups)
    wide = stuffed(weights, fields["dilation"])
    extra = data.draw(st.none() | st.tuples(*(st.integers(0, s - 1) for s in stride)))
    if extra and padding == "same":
        # TensorFlow accepts only sizes that "same" leads back to the input.
        reach = wide.shape[:2]
        extra = tuple(
            min(max(e, 1 - r % 2), s - r % 2)
            for e, r, s in zip(extra, reach, stride, strict=True)
        )
        if any(e >= s for e, s in zip(extra, stride, strict=True)):
            extra = None
    spec = ConvSpec(transposed=True, padding=padding, output_padding=extra, **fields)
    parts = [
        keras.ops.conv_transpose(inputs[None], part, stride, padding, output_padding=extra)
        for inputs, part in zip(
            np.split(image, groups, axis=2), np.split(wide, groups, axis=3), strict=True
        )
    ]
    expected = np.concatenate([np.asarray(part)[0] for part in parts], axis=2) + bias
    np.testing.assert_array_equal(convolve(image, weights, spec, bias).output, expected)


@pytest.mark.tf
@given(layers(), SIDES)
@MANY
def test_transposed_is_the_gradient_of_the_convolution(layer: Any, sides: Any) -> None:
    """Transposed from the output back to the input, the output padding telling which size."""
    import tensorflow as tf

    image, kernel, _, fields = layer
    forward = convolve(image, kernel, ConvSpec(padding=sides, **fields))
    upstream = np.random.default_rng(1).integers(-9, 10, forward.output.shape).astype(float)
    wide = stuffed(kernel, fields["dilation"])
    variable = tf.constant(image[None])
    with tf.GradientTape() as tape:
        tape.watch(variable)
        explicit = [[0, 0], *map(list, sides), [0, 0]]
        # TensorFlow has no gradient of grouped convolutions on a CPU: group by group.
        parts = [
            tf.nn.conv2d(inputs, weights, fields["stride"], explicit)
            for inputs, weights in zip(
                tf.split(variable, fields["groups"], axis=3),
                np.split(wide, fields["groups"], axis=3),
                strict=True,
            )
        ]
        output = tf.concat(parts, axis=3)
    expected = tape.gradient(output, variable, output_gradients=upstream[None])[0].numpy()
    rest = tuple(
        (size + sum(pad) - reach) % s
        for size, pad, reach, s in zip(
            image.shape, sides, wide.shape, fields["stride"], strict=False
        )
    )
    spec = ConvSpec(transposed=True, padding=sides, output_padding=rest, **fields)
    # The stored kernel is the same: (kh, kw, out / groups, in) of the transposed layer.
    np.testing.assert_array_equal(convolve(upstream, kernel, spec).output, expected)


@pytest.mark.tf
def test_transposed_layer_of_keras() -> None:
    import keras

    numbers = np.random.default_rng(3)
    image = numbers.integers(-9, 10, (5, 4, 2)).astype(np.float32)
    layer = keras.layers.Conv2DTranspose(3, (3, 2), strides=(2, 3), padding="same")
    expected = np.asarray(layer(image[None]))[0]
    kernel, bias = (np.asarray(weight) for weight in layer.weights)
    spec = ConvSpec(kernel_size=(3, 2), stride=(2, 3), padding="same", transposed=True)
    assert expected.shape == (10, 12, 3)
    np.testing.assert_allclose(convolve(image, kernel, spec, bias).output, expected, atol=1e-4)


def test_photo_sized_call_equals_opencv() -> None:
    numbers = np.random.default_rng(0)
    image = numbers.integers(0, 256, (512, 512, 3)).astype(float)
    kernel = numbers.integers(-3, 4, (3, 3, 3, 8)).astype(float)
    output = convolve(image, kernel, ConvSpec(padding=1)).output
    for f in range(8):
        expected = sum(
            cv2.filter2D(image[..., c], cv2.CV_64F, kernel[..., c, f], None, (-1, -1), 0,
                         cv2.BORDER_CONSTANT)
            for c in range(3)
        )  # fmt: skip
        np.testing.assert_array_equal(output[..., f], expected)


# What does not fit


ONE = np.ones((5, 5, 1))


@pytest.mark.parametrize(
    ("image", "kernel", "options", "message"),
    [
        (np.ones((5, 5)), np.ones((3, 3, 1, 1)), {}, r"got shape \(5, 5\).*last axis of 1"),
        (np.ones((0, 5, 1)), np.ones((3, 3, 1, 1)), {}, "at least one pixel"),
        (ONE, np.ones((3, 3)), {}, r"\(height, width, channels, filters\).*\(3, 3\)"),
        (ONE, np.ones((3, 3, 2, 1)), {}, r"expected a kernel of shape \(3, 3, 1, 1\)"),
        (ONE, np.ones((2, 3, 1, 1)), {}, r"\(3, 3, 1, 1\).*got shape \(2, 3, 1, 1\)"),
        (ONE, np.ones((3, 3, 1, 4)), {"groups": 2}, "2 groups cannot split 1 channels"),
        (
            ONE,
            np.ones((3, 3, 1, 1)),
            {"dilation": 3},
            "spans 7 pixels; the padded input has 5. Use kernel <= 2 or dilation <= 2 or "
            "padding of 2 more pixels",
        ),
        (
            np.ones((2, 2, 1)),
            np.ones((3, 3, 1, 1)),
            {"transposed": True, "padding": 2},
            "padding cuts 4 pixels from an output of 4",
        ),
    ],
)
def test_misfits_say_what_would_fit(
    image: np.ndarray, kernel: np.ndarray, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ShapeError, match=message):
        convolve(image, kernel, ConvSpec(**options))


def test_remedies_of_the_message_work() -> None:
    for options in ({"kernel_size": 2, "dilation": 3}, {"dilation": 2}):
        spec = ConvSpec(**options)
        assert spec.plan(5, 5)[0].outputs == 1 + (options["dilation"] == 3)
    assert ConvSpec(dilation=3, padding=1).plan(5, 5)[0].outputs == 1


def test_wrong_number_of_biases() -> None:
    with pytest.raises(ShapeError, match=r"each of the 1 filters.*\(2,\)"):
        convolve(ONE, np.ones((3, 3, 1, 1)), ConvSpec(), bias=[1, 2])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel_size": 0}, "greater than or equal to 1"),
        ({"stride": (1, 0)}, "greater than or equal to 1"),
        ({"padding": -1}, "greater than or equal to 0"),
        ({"padding": "full"}, "padding"),
        ({"transposed": True, "padding_mode": "wrap"}, "Use padding_mode 'zeros'"),
        ({"output_padding": 1}, "needs a transposed convolution"),
        ({"transposed": True, "stride": 2, "output_padding": 2}, "Use output_padding <= 1"),
        ({"padding_value": float("nan")}, "finite"),
        ({"strides": 2}, "Extra inputs are not permitted"),
    ],
)
def test_settings_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ConvSpec(**options)


def test_one_number_means_both_axes_and_all_sides() -> None:
    spec = ConvSpec(kernel_size=3, stride=2, dilation=np.int64(1), padding=1)
    assert (spec.kernel_size, spec.stride, spec.dilation) == ((3, 3), (2, 2), (1, 1))
    assert spec.padding == ((1, 1), (1, 1))
    assert ConvSpec(padding=(1, (2, 3))).padding == ((1, 1), (2, 3))
