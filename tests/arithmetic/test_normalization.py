"""Normalisation equals Keras' own layers and ops, the papers' figure and the closed forms."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.errors import ShapeError
from core.arithmetic.norm_steps import steps
from core.arithmetic.normalization import (
    KINDS,
    Running,
    fresh_running,
    normalize,
    running_history,
    share,
    undoing,
    update_running,
)

BLOCKS = st.tuples(*[st.integers(1, 4)] * 3, st.integers(1, 6)).flatmap(
    lambda shape: st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).normal(3, 2, shape)
    )
)
EPSILONS = st.sampled_from([1e-5, 1e-3, 0.1, 1.0])
# Some of Keras' ops compute in float32, whose rounding 1 / sqrt(1e-5) makes 300 times larger.
CLOSE = {"rtol": 2e-3, "atol": 2e-3}
FEW = settings(max_examples=60, deadline=None)


def affine(channels: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    return draw.normal(1, 0.5, channels), draw.normal(0, 1, channels)


def run(layer: keras.Layer, x: np.ndarray, weights: list[np.ndarray], **call: object):
    layer.build(x.shape)
    layer.set_weights(weights)
    return keras.ops.convert_to_numpy(layer(x, **call))


@given(BLOCKS, EPSILONS)
@FEW
def test_batch_norm_in_training_and_its_running_statistics(x, epsilon):
    gamma, beta = affine(x.shape[3])
    layer = keras.layers.BatchNormalization(epsilon=epsilon, momentum=0.9, dtype="float64")
    before = fresh_running(x.shape[3])
    expected = run(layer, x, [gamma, beta, before.mean, before.variance], training=True)
    result = normalize(x, "batch", gamma, beta, epsilon)
    assert np.allclose(result.output, expected, **CLOSE)
    after = update_running(before, x, 0.9)
    assert np.allclose(after.mean, layer.moving_mean, **CLOSE)
    assert np.allclose(after.variance, layer.moving_variance, **CLOSE)


@given(BLOCKS, EPSILONS)
@FEW
def test_batch_norm_at_inference(x, epsilon):
    gamma, beta = affine(x.shape[3])
    running = Running(affine(x.shape[3], 1)[1], np.abs(affine(x.shape[3], 2)[0]))
    layer = keras.layers.BatchNormalization(epsilon=epsilon, dtype="float64")
    expected = run(layer, x, [gamma, beta, running.mean, running.variance], training=False)
    result = normalize(x, "batch", gamma, beta, epsilon, running=running)
    assert np.allclose(result.output, expected, **CLOSE)
    assert result.inference


@given(BLOCKS, EPSILONS)
@FEW
def test_layer_norm_over_the_channels_of_a_position(x, epsilon):
    gamma, beta = affine(x.shape[3])
    layer = keras.layers.LayerNormalization(epsilon=epsilon, dtype="float64")
    expected = run(layer, x, [gamma, beta])
    ours = normalize(x, "layer", gamma, beta, epsilon, over="position").output
    assert np.allclose(ours, expected, **CLOSE)


@given(BLOCKS, EPSILONS)
@FEW
def test_layer_norm_over_a_whole_sample(x, epsilon):
    gamma, beta = affine(x.shape[3])
    layer = keras.layers.LayerNormalization(axis=(1, 2, 3), epsilon=epsilon, dtype="float64")
    wide = [np.broadcast_to(values, x.shape[1:]) for values in (gamma, beta)]
    expected = run(layer, x, wide)
    assert np.allclose(normalize(x, "layer", gamma, beta, epsilon).output, expected, **CLOSE)


@given(BLOCKS, EPSILONS, st.integers(1, 6))
@FEW
def test_group_norm_with_any_number_of_groups(x, epsilon, groups):
    channels = x.shape[3]
    gamma, beta = affine(channels)
    if channels % groups:
        with pytest.raises(ShapeError, match=f"{groups} groups cannot split {channels}"):
            normalize(x, "group", groups=groups)
        return
    layer = keras.layers.GroupNormalization(groups, epsilon=epsilon, dtype="float64")
    expected = run(layer, x, [gamma, beta])
    ours = normalize(x, "group", gamma, beta, epsilon, groups).output
    assert np.allclose(ours, expected, **CLOSE)


@given(BLOCKS, EPSILONS)
@FEW
def test_rms_norm_over_either(x, epsilon):
    gamma, _ = affine(x.shape[3])
    layer = keras.layers.RMSNormalization(epsilon=epsilon, dtype="float64")
    expected = run(layer, x, [gamma])
    ours = normalize(x, "rms", gamma, 0.0, epsilon, over="position").output
    assert np.allclose(ours, expected, **CLOSE)
    whole = keras.ops.rms_normalization(x, axis=(1, 2, 3), epsilon=epsilon)
    ours = normalize(x, "rms", 1.0, 0.0, epsilon).output
    assert np.allclose(ours, keras.ops.convert_to_numpy(whole), **CLOSE)


@given(BLOCKS, EPSILONS)
@FEW
def test_kinds_meet_at_their_ends(x, epsilon):
    """Wu & He 2018, section 3.1: 1 group is layer norm, C groups are instance norm."""
    channels = x.shape[3]
    one = normalize(x, "group", epsilon=epsilon, groups=1)
    assert np.allclose(one.output, normalize(x, "layer", epsilon=epsilon).output)
    all_apart = normalize(x, "group", epsilon=epsilon, groups=channels)
    instance = normalize(x, "instance", epsilon=epsilon)
    assert np.allclose(all_apart.output, instance.output)
    single = normalize(x[:1], "batch", epsilon=epsilon)
    assert np.allclose(single.output, instance.output[:1])


# What the figure of Wu & He shows


@pytest.mark.parametrize(
    ("kind", "over", "same", "sets", "count"),
    [
        ("batch", "sample", (3,), 6, 2 * 3 * 4),
        ("layer", "sample", (0,), 2, 3 * 4 * 6),
        ("layer", "position", (0, 1, 2), 24, 6),
        ("instance", "sample", (0, 3), 12, 12),
        ("rms", "sample", (0,), 2, 72),
        ("rms", "position", (0, 1, 2), 24, 6),
    ],
)
def test_which_cells_share_a_mean(kind, over, same, sets, count):
    """Two cells share one exactly if they agree along the axes that are not averaged over."""
    shape = (2, 3, 4, 6)
    numbers = share(shape, kind, over=over)
    places = np.argwhere(np.ones(shape, dtype=bool))
    keys = [tuple(place[list(same)]) for place in places]
    by_key = {}
    for key, number in zip(keys, numbers.ravel().tolist(), strict=True):
        assert by_key.setdefault(key, number) == number
    assert len(by_key) == len(set(by_key.values())) == sets
    assert set(by_key.values()) == set(range(sets))
    assert normalize(np.zeros(shape), kind, over=over).count == count


def test_groups_are_neighbouring_channels():
    numbers = share((2, 1, 1, 6), "group", 3)
    assert numbers[:, 0, 0].tolist() == [[0, 0, 1, 1, 2, 2], [3, 3, 4, 4, 5, 5]]


# Closed forms


@given(BLOCKS, st.sampled_from(KINDS))
@FEW
def test_every_set_gets_mean_0_and_variance_1(x, kind):
    result = normalize(x, kind, epsilon=0.0, groups=1)
    for number in range(len(result.means)):
        values = result.normalized[result.sets == number]
        if len(values) > 1 and values.any():
            assert (values**2).mean() == pytest.approx(1)
            assert kind == "rms" or values.mean() == pytest.approx(0, abs=1e-7)


@given(BLOCKS, st.sampled_from(KINDS[:4]), st.floats(0.5, 4), st.floats(-5, 5))
@FEW
def test_scale_and_offset_of_the_input_do_not_matter(x, kind, scale, offset):
    before = normalize(x, kind, epsilon=0.0, groups=1).output
    after = normalize(scale * x + offset, kind, epsilon=0.0, groups=1).output
    assert np.allclose(before, after, atol=1e-6)


def test_a_batch_of_one_number_says_nothing():
    """One cell a set: it is its own mean, whatever it was."""
    x = np.array([5.0, -3.0]).reshape(1, 1, 1, 2)
    assert normalize(x, "batch", 2.0, 7.0).output.ravel().tolist() == [7, 7]
    assert normalize(x, "batch", epsilon=0.0).output.ravel().tolist() == [0, 0]


@given(BLOCKS, EPSILONS)
@FEW
def test_gamma_and_beta_can_undo_a_batch_norm(x, epsilon):
    gamma, beta = undoing(normalize(x, "batch", epsilon=epsilon))
    assert np.allclose(normalize(x, "batch", gamma, beta, epsilon).output, x)


def test_running_statistics_forget_geometrically():
    """After n equal batches: mean * (1 - momentum^n), variance 1 * momentum^n + ..."""
    batch = np.array([2.0, 6.0]).reshape(2, 1, 1, 1)
    history = running_history([batch] * 20, 0.9)
    assert len(history) == 21
    for n, running in enumerate(history):
        assert running.mean[0] == pytest.approx(4 * (1 - 0.9**n))
        assert running.variance[0] == pytest.approx(0.9**n + 4 * (1 - 0.9**n))


# The algorithm


def test_the_algorithm_with_numbers():
    x = np.array([1.0, 2, 3, 6]).reshape(4, 1, 1, 1)
    lines = steps(normalize(x, "batch", 2.0, -1.0, 0.5), (3, 0, 0, 0))
    assert [line.slug for line in lines] == ["mean", "variance", "normalize", "scale"]
    assert [line.text for line in lines] == [
        "(1 + 2 + 3 + 6) / 4 = 3",
        "((1 - 3)^2 + (2 - 3)^2 + (3 - 3)^2 + (6 - 3)^2) / 4 = 3.5",
        "(6 - 3) / sqrt(3.5 + 0.5) = 1.5",
        "2 * 1.5 + (-1) = 2",
    ]
    assert [line.value for line in lines] == [3, 3.5, 1.5, 2]


def test_the_algorithm_of_rms_and_at_inference():
    x = np.array([3.0, 4.0]).reshape(1, 1, 1, 2)
    lines = steps(normalize(x, "rms", 2.0, epsilon=0.0), (0, 0, 0, 1))
    assert lines[0].text == "(3^2 + 4^2) / 2 = 12.5"
    assert lines[1].text == "4 / sqrt(12.5 + 0) = 1.131"
    kept = Running(np.array([1.0, 2.0]), np.array([4.0, 1.0]))
    lines = steps(normalize(x, "batch", epsilon=0.0, running=kept), (0, 0, 0, 0))
    assert [line.value for line in lines] == [1, 4, 1, 1]


@given(BLOCKS, st.sampled_from(KINDS), st.integers(0, 99))
@FEW
def test_the_last_line_is_the_output(x, kind, seed):
    result = normalize(x, kind, 1.5, groups=1)
    place = tuple(np.random.default_rng(seed).integers(0, x.shape).tolist())
    lines = steps(result, place)
    assert lines[-1].value == result.output[place]
    assert lines[-2].value == result.normalized[place]


# What is refused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"x": np.ones((2, 2)), "kind": "batch"}, "expected a block of shape"),
        ({"x": np.ones((0, 1, 1, 1)), "kind": "batch"}, "at least one cell"),
        ({"x": np.ones((1, 1, 1, 2)), "kind": "batch", "gamma": np.ones(3)}, "one gamma"),
        ({"x": np.ones((1, 1, 1, 4)), "kind": "group"}, "None groups cannot split"),
        ({"x": np.ones((1, 1, 1, 1)), "kind": "rms", "beta": 1.0}, "RMS norm has no beta"),
        (
            {"x": np.ones((1, 1, 1, 1)), "kind": "layer", "running": fresh_running(1)},
            "keeps no running statistics",
        ),
    ],
)
def test_what_does_not_fit_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        normalize(**arguments)


def test_only_a_batch_norm_can_be_undone():
    with pytest.raises(ValueError, match="no layer norm"):
        undoing(normalize(np.ones((1, 1, 1, 1)), "layer"))
