"""The tiny network against GradientTape, differences, and its own words."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.arithmetic.backprop_steps import chain, chain_line, steps
from core.arithmetic.tiny_network import (
    ACTIVATE,
    PARAMETERS,
    Example,
    Network,
    loss_of,
    mean_loss,
    nudged,
    run,
    train,
)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
KNOWN = {"exp": math.exp, "tanh": math.tanh, "log": math.log}
number = st.floats(-3, 3).map(lambda value: round(value, 3))
XOR = tuple(Example(a, b, a != b) for a in (0, 1) for b in (0, 1))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, Example]:
    loss = draw(st.sampled_from(["squared", "half_squared", "cross_entropy"]))
    kinds = st.sampled_from(sorted(ACTIVATE))
    output = "sigmoid" if loss == "cross_entropy" else draw(kinds)
    network = Network(
        **{name: draw(number) for name in PARAMETERS},
        hidden=draw(kinds), output=output, loss=loss,
    )  # fmt: skip
    target = st.floats(0, 1) if loss == "cross_entropy" else number
    return network, Example(draw(number), draw(number), draw(target))


def away_from_corners(network: Network, example: Example) -> bool:
    """Whether no ReLU stands at 0, where it has no slope."""
    values = run(network, example).values
    return min(abs(values[name]) for name in ("z1", "z2", "z")) > 1e-3


@pytest.mark.tf
@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_value_and_gradient_is_that_of_gradient_tape(case):
    import tensorflow as tf

    network, example = case
    assume(away_from_corners(network, example))
    functions = {
        "sigmoid": tf.sigmoid, "tanh": tf.tanh, "relu": tf.nn.relu, "linear": tf.identity,
    }  # fmt: skip
    n = {k: tf.Variable(v, dtype=tf.float64) for k, v in network.parameters.items()}
    x1, x2 = (tf.Variable(v, dtype=tf.float64) for v in (example.x1, example.x2))
    y = tf.constant(example.y, tf.float64)
    with tf.GradientTape() as tape:
        z1 = n["w11"] * x1 + n["w21"] * x2 + n["b1"]
        z2 = n["w12"] * x1 + n["w22"] * x2 + n["b2"]
        h1, h2 = functions[network.hidden](z1), functions[network.hidden](z2)
        z = n["v1"] * h1 + n["v2"] * h2 + n["c"]
        p = functions[network.output](z)
        if network.loss == "cross_entropy":
            loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)
        else:
            loss = (p - y) ** 2 * (0.5 if network.loss == "half_squared" else 1)
    inner = {"z1": z1, "h1": h1, "z2": z2, "h2": h2, "z": z}
    wanted = n | {"x1": x1, "x2": x2} | inner
    found = tape.gradient(loss, wanted)
    made = run(network, example)
    for name, value in (inner | {"p": p, "L": loss}).items():
        assert made.values[name] == pytest.approx(float(value), rel=1e-12, abs=1e-14)
    for name, gradient in found.items():
        assert made.gradients[name] == pytest.approx(float(gradient), rel=1e-9, abs=1e-13), name


@pytest.mark.tf
@settings(max_examples=15, deadline=None)
@given(cases(), st.sampled_from([0.125, 0.5, 1.0]))
def test_an_update_is_that_of_keras_sgd(case, rate):
    import keras

    network, example = case
    assume(away_from_corners(network, example))
    weights = keras.Variable(np.array(list(network.parameters.values())), dtype="float64")
    optimizer = keras.optimizers.SGD(rate)
    optimizer.build([weights])
    made = run(network, example)
    gradients = np.array([made.gradients[name] for name in PARAMETERS])
    optimizer.apply([keras.ops.convert_to_tensor(gradients)], [weights])
    ours = list(made.updated(rate).parameters.values())
    np.testing.assert_allclose(weights.numpy(), ours, rtol=1e-12, atol=1e-12)


@settings(deadline=None)
@given(cases())
def test_a_nudge_says_the_same(case):
    network, example = case
    assume(away_from_corners(network, example))
    made = run(network, example)
    for name in PARAMETERS:
        # Differences of numbers up to 1e3 over 2e-6 leave about 1e-7 of them.
        size = max(1.0, abs(made.values["L"]))
        assert nudged(network, example, name) == pytest.approx(
            made.gradients[name], rel=1e-4, abs=1e-6 * size
        )


@settings(deadline=None)
@given(cases())
def test_a_gradient_is_the_product_of_its_factors(case):
    made = run(*case)
    for name in (*PARAMETERS, "p", "z", "h1", "z1", "h2", "z2"):
        product = math.prod(factor.value for factor in chain(made, name))
        assert product == pytest.approx(made.gradients[name], rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(cases(), st.sampled_from([0.1, 1.0]))
def test_what_is_written_comes_to_the_number_beside_it(case, rate):
    made = run(*case)
    for step in steps(made, rate, write=repr):
        for line in step.lines:
            value = eval(line.numbers, KNOWN)
            assert value == pytest.approx(line.value, rel=1e-9, abs=1e-12), line


def test_the_steps_come_in_the_order_in_which_they_can_be_done():
    made = run(Network(*[0.5] * 9), Example(1, 2, 0))
    found = steps(made, 0.1)
    assert [step.key for step in found[:7]] == ["z1", "h1", "z2", "h2", "z", "p", "L"]
    assert [step.phase for step in found] == ["forward"] * 7 + ["backward"] * 17 + ["update"]
    keys = [step.key for step in found]
    assert len(set(keys)) == len(keys) == 25
    for later, earlier in (("dL/dw11", "dL/dz1"), ("dL/dz1", "dL/dh1"), ("dL/dh1", "dL/dz")):
        assert keys.index(later) > keys.index(earlier)
    update = {line.symbols.split(" ")[0]: line.value for line in found[-1].lines}
    assert update == made.updated(0.1).parameters


def test_a_chain_in_words():
    network = Network(0.4, 0.3, 0.1, -0.2, 0.6, 0.2, 0.7, -0.5, 0.2)
    line = chain_line(run(network, Example(1.0, 0.5, 1.0)), "w21")
    assert line.symbols == "dL/dw21 = dL/dp * dp/dz * dz/dh1 * dh1/dz1 * dz1/dw21"
    assert line.numbers.endswith("* 0.7 * 0.2253 * 0.5")


def test_cross_entropy_and_sigmoid_cancel_also_where_the_answer_is_entirely_wrong():
    network = Network(0, 0, 0, 0, 0, 0, 0, 0, 800.0, loss="cross_entropy")
    made = run(network, Example(0, 0, 0))
    assert made.values["p"] == 1
    assert made.values["L"] == 800
    assert made.gradients["z"] == 1
    assert made.slopes["dL/dp"] == math.inf
    assert "log(1 + exp" in steps(made, 0.1)[6].lines[0].numbers
    right = run(network, Example(0, 0, 1))
    assert (right.values["L"], right.gradients["z"]) == (0, 0)


def test_squared_error_and_sigmoid_hardly_learn_where_the_answer_is_entirely_wrong():
    """Nielsen 2015, chapter 3: the slowdown that cross-entropy takes away."""
    wrong = [0.0] * 8 + [6.0]
    squared = run(Network(*wrong), Example(0, 0, 0))
    entropy = run(Network(*wrong, loss="cross_entropy"), Example(0, 0, 0))
    assert abs(squared.gradients["c"]) < 0.01
    assert entropy.gradients["c"] == pytest.approx(0.9975, abs=1e-4)


@pytest.mark.parametrize(("loss", "p", "y", "expected"), [
    ("squared", 0.8, 1.0, 0.04),
    ("half_squared", 0.8, 1.0, 0.02),
    ("cross_entropy", 0.8, 1.0, -math.log(0.8)),
    ("cross_entropy", 0.8, 0.0, -math.log(0.2)),
])  # fmt: skip
def test_losses(loss, p, y, expected):
    z = math.log(p / (1 - p))
    network = Network(*[0.0] * 9, loss=loss)
    assert loss_of(network, z, p, y) == pytest.approx(expected)


def test_a_dead_relu_learns_nothing():
    network = Network(-1, -1, -1, 1, 1, 0, 1, 1, 0, hidden="relu", output="linear")
    made = run(network, Example(1, 1, 5))
    assert made.values["h1"] == 0
    assert [made.gradients[name] for name in ("w11", "w21", "b1")] == [0, 0, 0]
    assert made.gradients["w12"] != 0


def test_equal_units_stay_equal():
    """Goodfellow et al. 2016, section 8.4: the initial weights have to break the symmetry."""
    network = Network(0.5, 0.5, 0, 0.5, 0.5, 0, 0.5, 0.5, 0)
    for after in train(network, XOR, 1.0, 200).networks:
        n = after.parameters
        assert (n["w11"], n["w21"], n["b1"], n["v1"]) == (
            n["w12"], n["w22"], n["b2"], n["v2"],
        )  # fmt: skip


def test_xor_is_learned_by_hidden_units_and_never_without_them():
    """Rumelhart, Hinton & Williams 1986; Minsky & Papert 1969."""
    start = Network(0.4, 0.3, 0.1, -0.2, 0.6, 0.2, 0.7, -0.5, 0.2, loss="cross_entropy")
    history = train(start, XOR, 5.0, 3000)
    last = history.networks[-1]
    for example in XOR:
        assert round(run(last, example).values["p"]) == example.y
    straight = Network(*start.parameters.values(), hidden="linear", loss="cross_entropy")
    end = train(straight, XOR, 0.1, 3000).networks[-1]
    assert mean_loss(end, XOR) > 0.65  # log 2 = 0.693 is to know nothing


def test_updates_that_explode_end_there():
    wild = Network(*[0.5] * 9, hidden="linear", output="linear")
    history = train(wild, (Example(1, 1, 0),), 5.0, 100)
    assert history.lost
    assert 1 < len(history.networks) < 20
    for network in history.networks:
        assert np.isfinite(list(network.parameters.values())).all()
