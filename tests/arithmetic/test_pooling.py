"""Pooling equals the lecture decks, ONNX Runtime, TensorFlow and the published rules."""

import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.arithmetic.errors import ShapeError
from core.arithmetic.geometry import ceil_output_size, output_size
from core.arithmetic.pooling import PICKS, PoolSpec, max_unpool, pool, pool_gradient

ONNX = json.loads(Path(__file__).with_name("pooling_onnxruntime.json").read_text())
"""Computed once with ONNX Runtime; the file says with which version."""
KINDS = ("max", "average", "min", "l2", "global_max", "global_average")
RAMP = np.arange(16.0).reshape(4, 4, 1)
CS231N = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], dtype=float)


def plane(rows: list[list[float]]) -> np.ndarray:
    return np.array(rows, dtype=float)[..., None]


def pooled(image: np.ndarray, **spec: object) -> list:
    return pool(image, PoolSpec(**spec)).output[..., 0].tolist()


# The decks


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("max", [[5, 7], [13, 15]]),
        ("average", [[2.5, 4.5], [10.5, 12.5]]),
        ("min", [[0, 2], [8, 10]]),
        ("global_max", [[15]]),
        ("global_average", [[7.5]]),
    ],
)
def test_oslos_feature_map(kind, expected):
    assert pooled(RAMP, kind=kind) == expected


def test_the_figure_of_cs231n():
    assert pooled(CS231N[..., None]) == [[6, 8], [3, 4]]


def test_l2_is_the_root_of_the_sum_of_squares():
    assert pooled(plane([[3, 4], [0, 0]]), kind="l2") == [[5]]


# Other libraries


@pytest.mark.parametrize("case", ONNX["cases"], ids=lambda case: f"{case['kind']}")
def test_onnx_runtime_gives_the_same_values_and_indices(case):
    names = ("kind", "size", "stride", "padding", "ceil_mode", "count_include_pad")
    result = pool(plane(case["x"]), PoolSpec(**{name: case[name] for name in names}))
    # ONNX Runtime computes in float32, and the file keeps five decimals.
    assert np.allclose(result.output[..., 0], case["output"], rtol=1e-6, atol=2e-5)
    if "indices" in case:
        assert result.argmax is not None
        assert result.argmax[..., 0].tolist() == case["indices"]


def test_the_cases_of_onnx_runtime_cover_what_it_is_asked_for():
    combinations = {
        (case["kind"], case["ceil_mode"], case["count_include_pad"]) for case in ONNX["cases"]
    }
    for kind in ("max", "l2"):
        assert {(kind, True), (kind, False)} <= {c[:2] for c in combinations}
    assert {("average", ceil, pad) for ceil in (True, False) for pad in (True, False)} <= (
        combinations
    )


SIZES = st.integers(1, 4)
IMAGES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)).flatmap(
    lambda shape: st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).integers(-20, 21, shape).astype(float)
    )
)


def tf_pool(x, spec: PoolSpec):
    """TensorFlow's op; a minimum is the maximum of the negative numbers."""
    ops = {"max": tf.nn.max_pool2d, "min": tf.nn.max_pool2d, "average": tf.nn.avg_pool2d}
    sign = -1 if spec.kind == "min" else 1
    return sign * ops[spec.kind](sign * x, spec.size, spec.steps, spec.padding.upper())


@given(
    IMAGES,
    st.sampled_from(["max", "average", "min"]),
    st.tuples(SIZES, SIZES),
    st.tuples(SIZES, SIZES),
    st.sampled_from(["valid", "same"]),
)
@settings(max_examples=150, deadline=None)
def test_tensorflow_gives_the_same_output_and_gradient(image, kind, size, stride, padding):
    spec = PoolSpec(kind=kind, size=size, stride=stride, padding=padding)
    try:
        result = pool(image, spec)
    except ShapeError:
        assert padding == "valid"
        assert size[0] > image.shape[0] or size[1] > image.shape[1]
        return
    x = tf.constant(image[None])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf_pool(x, spec)
    assert np.allclose(result.output, y.numpy()[0])
    upstream = np.random.default_rng(0).normal(size=result.output.shape)
    gradient = tape.gradient(y, x, output_gradients=tf.constant(upstream[None]))
    assert np.allclose(pool_gradient(result, upstream), gradient.numpy()[0])


@given(IMAGES, st.tuples(SIZES, SIZES), st.tuples(SIZES, SIZES))
@settings(max_examples=100, deadline=None)
def test_tensorflow_finds_the_maxima_at_the_same_places(image, size, stride):
    if size[0] > image.shape[0] or size[1] > image.shape[1]:
        return
    result = pool(image, PoolSpec(size=size, stride=stride))
    _, places = tf.nn.max_pool_with_argmax(
        tf.constant(image[None].astype(np.float32)), size, stride, "VALID"
    )
    # TensorFlow counts the channels, too: (row * width + column) * channels + channel.
    channels = image.shape[2]
    ours = result.argmax * channels + np.arange(channels)
    assert np.array_equal(ours, places.numpy()[0])


@given(IMAGES, st.sampled_from(KINDS))
@settings(max_examples=60, deadline=None)
def test_gradients_are_slopes(image, kind):
    """Against differences, where no two values are equal."""
    apart = image + np.linspace(0, 0.4, image.size).reshape(image.shape)
    spec = PoolSpec(kind=kind, size=2, stride=1, padding="same")
    result = pool(apart, spec)
    upstream = np.random.default_rng(1).normal(size=result.output.shape)
    gradient = pool_gradient(result, upstream)
    step = 1e-6
    for place in np.random.default_rng(2).integers(0, image.shape, (5, 3)).tolist():
        moved = [apart.copy(), apart.copy()]
        moved[0][tuple(place)] += step
        moved[1][tuple(place)] -= step
        up, down = ((pool(m, spec).output * upstream).sum() for m in moved)
        assert gradient[tuple(place)] == pytest.approx((up - down) / (2 * step), abs=1e-3)


# Sizes


@given(st.integers(1, 30), st.integers(1, 8), st.integers(1, 8), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_a_last_window_starts_in_the_input_or_before_it(size, window, stride, pad):
    """The rule, by counting starts; and never fewer windows than without `ceil_mode`."""
    pad = min(pad, window // 2)
    starts = []
    start = -pad
    # A further window is taken while pixels are left that no window before it has covered.
    while start < size and (not starts or starts[-1] + window < size + pad):
        starts.append(start)
        start += stride
    try:
        outputs = ceil_output_size(size, window, stride=stride, before=pad, after=pad)
    except ShapeError:
        assert window >= size + 2 * pad + stride
        return
    assert outputs == len(starts)
    if window <= size + 2 * pad:
        assert outputs - output_size(size, window, stride=stride, padding=2 * pad) in (0, 1)


@pytest.mark.parametrize(
    ("size", "window", "stride", "pad", "floor", "ceil"),
    [
        (6, 3, 2, 0, 2, 3),
        (5, 2, 2, 0, 2, 3),
        (4, 2, 2, 0, 2, 2),
        # The third window would start at 3 + 1 - 1 = 3, behind the input: not taken.
        (3, 2, 2, 1, 2, 2),
        # GoogLeNet's first pooling, 112 to 56 (Szegedy et al. 2015, table 1).
        (112, 3, 2, 0, 55, 56),
    ],
)
def test_published_sizes(size, window, stride, pad, floor, ceil):
    assert output_size(size, window, stride=stride, padding=2 * pad) == floor
    assert ceil_output_size(size, window, stride=stride, before=pad, after=pad) == ceil


def test_what_hangs_over_is_not_counted():
    # 3 x 3, window 2: the last column of windows holds 1 x 2, 2 x 1 or 1 x 1 pixels.
    result = pool(np.ones((3, 3, 1)), PoolSpec(kind="average", ceil_mode=True))
    assert result.output[..., 0].tolist() == [[1, 1], [1, 1]]
    assert result.divisors.tolist() == [[4, 2], [2, 1]]


def test_padding_counts_only_if_asked_for():
    image = np.full((2, 2, 1), 4.0)
    padded = {"kind": "average", "size": 2, "stride": 2, "padding": 1}
    assert pooled(image, **padded) == [[4, 4], [4, 4]]
    assert pooled(image, **padded, count_include_pad=True) == [[1, 1], [1, 1]]


def test_padding_never_wins():
    assert pooled(plane([[-3.0]]), padding=1, stride=1) == [[-3, -3], [-3, -3]]
    assert pooled(plane([[3.0]]), kind="min", padding=1, stride=1) == [[3, 3], [3, 3]]


# What is given back


@given(IMAGES, st.sampled_from(KINDS), st.tuples(SIZES, SIZES), SIZES, st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_output_can_be_retraced(image, kind, size, stride, ceil):
    spec = PoolSpec(
        kind=kind, size=size, stride=stride, padding=(size[0] // 2, 0), ceil_mode=ceil
    )
    try:
        result = pool(image, spec)
    except ShapeError:
        return
    height, width, channels = result.output.shape
    windows, padded = result.windows, result.padded.reshape(-1, channels)
    for place in range(height * width):
        sources, weights = windows.of(place)
        values = padded[sources[weights == 1]]
        row, column = divmod(place, width)
        assert len(sources) == result.rows.taps.shape[1] * result.columns.taps.shape[1]
        assert kind != "average" or weights.sum() == result.divisors[row, column]
        rule = {
            "max": values.max(axis=0),
            "global_max": values.max(axis=0),
            "min": values.min(axis=0),
            "l2": np.sqrt((values**2).sum(axis=0)),
            "average": values.sum(axis=0) / result.divisors[row, column],
            "global_average": values.mean(axis=0),
        }[kind]
        assert np.allclose(result.output[row, column], rule)
    if kind in PICKS:
        flat = result.image.reshape(-1, channels)
        assert np.array_equal(
            np.take_along_axis(flat, result.argmax.reshape(-1, channels), axis=0),
            result.output.reshape(-1, channels),
        )
    else:
        assert result.argmax is None


def test_the_first_of_equal_values_is_taken():
    assert pool(np.zeros((2, 2, 1)), PoolSpec()).argmax.tolist() == [[[0]]]


# Unpooling


def test_what_was_largest_returns_to_its_place():
    result = pool(CS231N[..., None], PoolSpec())
    back = max_unpool(result.output, result.argmax, CS231N.shape)
    assert back[..., 0].tolist() == [[0, 0, 0, 0], [0, 6, 0, 8], [3, 0, 0, 0], [0, 0, 0, 4]]


def test_unpooling_the_example_of_pytorchs_documentation():
    """`torch.nn.MaxUnpool2d`: 1..16 in 4 x 4, pool 2, then into 4 x 4 and into 5 x 5."""
    image = np.arange(1.0, 17).reshape(4, 4, 1)
    result = pool(image, PoolSpec())
    assert result.output[..., 0].tolist() == [[6, 8], [14, 16]]
    assert max_unpool(result.output, result.argmax, (4, 4))[..., 0].tolist() == [
        [0, 0, 0, 0], [0, 6, 0, 8], [0, 0, 0, 0], [0, 14, 0, 16],
    ]  # fmt: skip
    larger = max_unpool(result.output, result.argmax, (5, 5))
    assert larger[..., 0].tolist() == [
        [0, 0, 0, 0, 0], [6, 0, 8, 0, 0], [0, 0, 0, 14, 0], [16, 0, 0, 0, 0], [0, 0, 0, 0, 0],
    ]  # fmt: skip


@given(IMAGES, SIZES)
@settings(max_examples=80, deadline=None)
def test_pooling_what_was_unpooled_gives_the_same_maxima(image, size):
    if size > min(image.shape[:2]):
        return
    positive = image + 21  # unpooling leaves zeros, which must not win
    result = pool(positive, PoolSpec(size=size))
    back = max_unpool(result.output, result.argmax, positive.shape)
    assert np.array_equal(pool(back, PoolSpec(size=size)).output, result.output)
    assert np.count_nonzero(back) == result.output.size


@pytest.mark.parametrize(
    ("values", "indices", "shape", "words"),
    [
        (np.ones((2, 2, 1)), np.zeros((1, 2, 1), int), (4, 4), "do not fit"),
        (np.ones((2, 2, 1)), np.zeros((2, 2, 1), int), (4, 4, 3), "do not fit"),
        (np.ones((1, 1, 1)), np.full((1, 1, 1), 16), (4, 4), "outside of a plane of 4 x 4"),
    ],
)
def test_what_cannot_be_unpooled_is_refused(values, indices, shape, words):
    with pytest.raises(ShapeError, match=words):
        max_unpool(values, indices, shape)


# What is refused


def test_padding_is_at_most_half_of_the_window():
    with pytest.raises(ValidationError, match="padding 2 is more than half of the window 3"):
        PoolSpec(size=3, padding=2)
    assert PoolSpec(size=3, padding=1).padding == ((1, 1), (1, 1))


def test_same_does_not_hang_over():
    with pytest.raises(ValidationError, match="already gives"):
        PoolSpec(padding="same", ceil_mode=True)


def test_a_window_larger_than_the_input_is_refused():
    with pytest.raises(ShapeError, match="kernel 5"):
        pool(np.ones((4, 4, 1)), PoolSpec(size=5))
    with pytest.raises(ShapeError, match="Use a window <= 5"):
        pool(np.ones((4, 4, 1)), PoolSpec(size=6, stride=2, ceil_mode=True))


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ShapeError, match="one number for each output value"):
        pool_gradient(pool(RAMP, PoolSpec()), np.ones((4, 4, 1)))


def test_global_kinds_pass_all_other_settings_over():
    spec = PoolSpec(kind="global_max", size=3, stride=2, padding=1, ceil_mode=True)
    assert pool(RAMP, spec).output.tolist() == [[[15]]]
