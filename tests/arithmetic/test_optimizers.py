"""Every update rule against Keras, step by step, and its arithmetic computed anew."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.arithmetic.descent import (
    Trace,
    descend,
    gaussian_noise,
    rows_of,
    shuffled_batches,
)
from core.arithmetic.errors import ShapeError
from core.arithmetic.optimizers import RULES, OptimizerSpec, Pace, clipped
from core.arithmetic.surfaces import SURFACES, bowl

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
GENTLE = ("bowl", "line", "logistic", "himmelblau", "saddle", "beale")
STEPS = 25
FLIES_APART = OptimizerSpec(
    "momentum",
    0.03125,
    momentum=0.5,
    pace=Pace("warmup", drop=1.0, every=1, warmup=2, steps=25),
)


def single(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers that float32 holds exactly: Keras keeps hyper-parameters in it."""
    return st.floats(low, high, width=32).map(float)


@st.composite
def specs(draw: st.DrawFn) -> OptimizerSpec:
    return OptimizerSpec(
        rule=draw(st.sampled_from(sorted(RULES))),
        learning_rate=draw(single(2**-10, 2**-4)),
        momentum=draw(single(0.125, 0.96875)),
        rho=draw(single(0.5, 0.984375)),
        beta_1=draw(single(0, 0.96875)),
        beta_2=draw(single(0.5, 0.9990234375)),
        weight_decay=draw(st.sampled_from([0.0, 0.125, 0.5])),
        decay=draw(st.sampled_from(["decoupled", "l2"])),
        clipping=draw(st.sampled_from(["off", "norm", "value"])),
        clip=draw(single(0.125, 4)),
        pace=Pace(
            draw(st.sampled_from(["constant", "step", "exponential", "cosine", "warmup"])),
            drop=draw(single(0.125, 1)),
            every=draw(st.integers(1, 20)),
            warmup=draw(st.integers(1, 20)),
            steps=STEPS,
        ),
    )


def a_little_faster(spec: OptimizerSpec) -> OptimizerSpec:
    """With a learning rate that float32 does not tell from the given one."""
    return replace(spec, learning_rate=spec.learning_rate * (1 + 1e-7))


def keras_rate(spec: OptimizerSpec) -> Any:
    from keras.optimizers import schedules

    pace, rate = spec.pace, spec.learning_rate
    if pace.schedule in ("step", "exponential"):
        return schedules.ExponentialDecay(
            rate, pace.every, pace.drop, staircase=pace.schedule == "step"
        )
    if pace.schedule == "cosine":
        return schedules.CosineDecay(rate, pace.steps)
    if pace.schedule == "warmup":
        rest = max(pace.steps - pace.warmup, 1)
        return schedules.CosineDecay(0.0, rest, warmup_target=rate, warmup_steps=pace.warmup)
    return rate


def keras_optimizer(spec: OptimizerSpec, clip_by: str = "clipnorm") -> Any:
    import keras

    decay = None if spec.decay == "l2" and spec.rule != "adamw" else spec.weight_decay or None
    options: dict[str, Any] = {"learning_rate": keras_rate(spec), "weight_decay": decay}
    if spec.rule == "adamw":
        options["weight_decay"] = spec.weight_decay
    if spec.clipping == "norm":
        options[clip_by] = spec.clip
    if spec.clipping == "value":
        options["clipvalue"] = spec.clip
    if spec.rule in ("momentum", "nesterov"):
        options |= {"momentum": spec.momentum, "nesterov": spec.rule == "nesterov"}
    if spec.rule == "rmsprop":
        options["rho"] = spec.rho
    if spec.rule in ("adam", "adamw"):
        options |= {"beta_1": spec.beta_1, "beta_2": spec.beta_2}
    return getattr(keras.optimizers, RULES[spec.rule].keras)(**options)


def keras_path(trace: Trace, optimizer: Any, noise: np.ndarray | None = None) -> np.ndarray:
    """The same descent by Keras, with weights in float64, gradients by GradientTape's rules."""
    import keras

    spec = trace.spec
    weights = keras.Variable(trace.points[0], dtype="float64")
    optimizer.build([weights])
    path = [weights.numpy().copy()]
    for step in range(trace.steps):
        x, y = path[-1]
        gradient = trace.surface.gradient((x, y)) + spec.l2 * path[-1]
        if noise is not None:
            gradient = gradient + noise[step]
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weights])
        path.append(weights.numpy().copy())
    return np.array(path)


@pytest.fixture
def float64():
    """Keras in float64, as the page computes; its usual float32 would hide what differs."""
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(before)


@pytest.mark.tf
@settings(
    max_examples=120, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(specs(), st.sampled_from(GENTLE), st.booleans())
@example(spec=FLIES_APART, slug="himmelblau", noisy=False)
def test_every_step_is_that_of_keras(float64, spec, slug, noisy):
    surface = SURFACES[slug]
    noise = gaussian_noise(STEPS, 0.3, 5) if noisy else None
    trace = descend(surface, surface.start, spec, STEPS, noise=noise)
    path = keras_path(trace, keras_optimizer(spec), noise)
    # Adagrad's 0.1 and the schedules' pi are float32 in Keras: 1e-7 of a step, and whatever
    # becomes of that where a descent flies apart; all else is the same to the last digits.
    moved = descend(surface, surface.start, a_little_faster(spec), STEPS, noise=noise)
    far = np.maximum.accumulate(np.abs(trace.points).max(axis=1))
    allowed = 2e-6 * np.maximum(far, 1)[:, None]
    both = min(len(trace.points), len(moved.points))
    allowed = allowed[:both] + np.abs(moved.points[:both] - trace.points[:both])
    assert (np.abs(trace.points - path)[:both] <= allowed).all()


@pytest.mark.tf
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("clipping", ["off", "norm", "value"])
def test_with_a_constant_rate_keras_and_the_page_agree_to_the_last_digits(
    float64, rule, clipping
):
    spec = OptimizerSpec(
        rule, 0.015625, momentum=0.875, rho=0.875, beta_1=0.875, beta_2=0.9921875,
        weight_decay=0.125, clipping=clipping, clip=3.0,
    )  # fmt: skip
    surface = SURFACES["himmelblau"]
    trace = descend(surface, surface.start, spec, 100)
    path = keras_path(trace, keras_optimizer(spec))
    loose = rule == "adagrad"  # whose accumulator begins with 0.1 in float32
    np.testing.assert_allclose(trace.points, path, rtol=0, atol=1e-8 if loose else 1e-11)


@pytest.mark.tf
@pytest.mark.parametrize("rule", RULES)
def test_in_float32_as_keras_usually_is_the_numbers_on_the_screen_are_the_same(rule):
    import keras

    surface = bowl()
    spec = OptimizerSpec(rule, 0.1)
    trace = descend(surface, surface.start, spec, 30)
    weights = keras.Variable(np.float32(surface.start))
    optimizer = keras_optimizer(spec)
    optimizer.build([weights])
    for step in range(30):
        x, y = weights.numpy().tolist()
        optimizer.apply([keras.ops.convert_to_tensor(surface.gradient((x, y)))], [weights])
        # 30 roundings to 7 digits, of weights up to 2.2
        np.testing.assert_allclose(weights.numpy(), trace.points[step + 1], atol=3e-5)


@pytest.mark.tf
@pytest.mark.parametrize("clip_by", ["clipnorm", "global_clipnorm"])
def test_one_tensor_is_clipped_alike_by_itself_and_globally(float64, clip_by):
    surface = SURFACES["beale"]
    spec = OptimizerSpec("sgd", 0.0625, clipping="norm", clip=0.5)
    trace = descend(surface, surface.start, spec, 40)
    path = keras_path(trace, keras_optimizer(spec, clip_by))
    np.testing.assert_allclose(trace.points, path, rtol=0, atol=1e-7)


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=2),
    st.floats(0.01, 50),
)
def test_clipping_by_norm_keeps_the_direction_and_by_value_does_not_exceed(gradient, bound):
    whole = np.array(gradient)
    by_norm, by_value = clipped(whole, "norm", bound), clipped(whole, "value", bound)
    assert np.hypot(*by_norm) <= bound * (1 + 1e-12)
    assert abs(by_norm[0] * whole[1] - by_norm[1] * whole[0]) <= 1e-9 * max(
        np.abs(whole).max(), 1
    )
    assert np.abs(by_value).max() <= bound
    if np.hypot(*whole) <= bound:
        np.testing.assert_allclose(by_norm, whole, atol=1e-300)
        np.testing.assert_allclose(by_value, whole)
    assert clipped(whole, "off", bound) is whole


def test_a_bound_of_nothing_is_refused():
    with pytest.raises(ShapeError, match="stops every step"):
        clipped(np.ones(2), "norm", 0.0)


@given(specs(), st.sampled_from(GENTLE), st.booleans(), st.integers(1, STEPS))
@settings(max_examples=150, deadline=None)
def test_the_arithmetic_that_is_shown_gives_the_number_beside_it(spec, slug, noisy, step):
    surface = SURFACES[slug]
    noise = gaussian_noise(STEPS, 0.3, 5) if noisy else None
    trace = descend(surface, surface.start, spec, STEPS, noise=noise)
    step = min(step, trace.steps)
    assert trace.rows[0].name == "gradient"
    assert trace.rows[-1].name == "w"
    for row in trace.rows:
        for axis in (0, 1):
            value = trace.value(row.name, step, axis)
            if row.numbers:
                text = trace.spelled(row, step, axis)
                computed = eval(text, {"sqrt": math.sqrt, "min": min, "max": max})
                # 1 - 0.999**t loses a few digits where t is small.
                assert computed == pytest.approx(value, rel=1e-9, abs=1e-12), (row, text)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_source_and_its_memory_in_its_rows(rule):
    entry = RULES[rule]
    assert "keras.optimizers" in entry.source
    assert entry.latex
    names = {row.name for row in entry.rows(OptimizerSpec(rule))}
    assert {*entry.begin, "step"} <= names


def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    """Kingma & Ba 2015, section 2.1: |step| is about alpha."""
    for slug in GENTLE:
        surface = SURFACES[slug]
        for start in ((1.3, -0.7), (-1.1, 0.4)):
            trace = descend(surface, start, OptimizerSpec("adam", 0.05), 1)
            moved = trace.points[1] - trace.points[0]
            np.testing.assert_allclose(moved, -0.05 * np.sign(trace.columns["gradient"][0]),
                                       rtol=1e-3)  # fmt: skip


def test_adamw_without_decay_is_adam_and_with_decay_is_keras_decay_of_adam():
    surface = SURFACES["beale"]
    for decay in (0.0, 0.1):
        paths = [
            descend(surface, surface.start, OptimizerSpec(rule, 0.05, weight_decay=decay), 50)
            for rule in ("adam", "adamw")
        ]
        np.testing.assert_array_equal(paths[0].points, paths[1].points)
    coupled = OptimizerSpec("adam", 0.05, weight_decay=0.1, decay="l2")
    apart = OptimizerSpec("adamw", 0.05, weight_decay=0.1, decay="l2")
    one, other = (descend(surface, surface.start, spec, 50) for spec in (coupled, apart))
    assert np.abs(one.points - other.points).max() > 0.01


def test_for_plain_descent_l2_and_decay_are_the_same():
    """Loshchilov & Hutter 2019, proposition 1."""
    surface = SURFACES["himmelblau"]
    decays = [
        descend(
            surface, surface.start, OptimizerSpec("sgd", 0.01, weight_decay=0.5, decay=kind), 50
        )
        for kind in ("decoupled", "l2")
    ]
    np.testing.assert_allclose(decays[0].points, decays[1].points, atol=1e-12)


def losses_on_a_bowl(rule: str, tilt: float, rate: float = 0.1) -> np.ndarray:
    surface = bowl(2.0, 50.0, tilt)
    return descend(surface, surface.start, OptimizerSpec(rule, rate), 40).losses


@pytest.mark.parametrize("tilt", [30, 45, 90])
def test_turning_the_bowl_changes_nothing_for_rules_without_axes(tilt):
    for rule in ("sgd", "momentum", "nesterov"):
        # The start is rounded to four decimals.
        np.testing.assert_allclose(
            losses_on_a_bowl(rule, tilt), losses_on_a_bowl(rule, 0), rtol=2e-3, atol=1e-3
        )


def test_rules_with_a_scale_for_each_weight_notice_the_axes():
    for rule, rate in (("adam", 0.1), ("rmsprop", 0.1), ("adagrad", 0.5)):
        straight, diagonal = (losses_on_a_bowl(rule, tilt, rate) for tilt in (0, 45))
        assert diagonal[-1] > 3 * straight[-1]
        # By a right angle the axes only change places.
        np.testing.assert_allclose(losses_on_a_bowl(rule, 90, rate), straight, rtol=1e-3)


def test_schedules_at_their_corners():
    assert [Pace("step", 0.5, 10).factor(k) for k in (0, 9, 10, 25)] == [1, 1, 0.5, 0.25]
    assert Pace("exponential", 0.25, 10).factor(5) == 0.5
    cosine = Pace("cosine", steps=100)
    assert [round(cosine.factor(k), 12) for k in (0, 50, 100, 120)] == [1, 0.5, 0, 0]
    rising = Pace("warmup", warmup=10, steps=110)
    assert [round(rising.factor(k), 12) for k in (0, 5, 10, 60, 110)] == [0, 0.5, 1, 0.5, 0]
    assert Pace().factor(7) == 1


def test_batches_are_epochs_in_new_orders():
    batches = shuffled_batches(24, 5, 12, seed=3)
    assert [len(batch) for batch in batches] == [5, 5, 5, 5, 4] * 2 + [5, 5]
    for epoch in (batches[:5], batches[5:10]):
        assert sorted(np.concatenate(epoch).tolist()) == list(range(24))
    assert batches[0].tolist() != batches[5].tolist()
    again = shuffled_batches(24, 5, 12, seed=3)
    assert all((a == b).all() for a, b in zip(batches, again, strict=True))


def test_a_step_on_a_batch_takes_the_mean_of_its_examples():
    surface = SURFACES["line"]
    batches = shuffled_batches(24, 4, 10, seed=0)
    trace = descend(surface, (0.0, 0.0), OptimizerSpec("sgd", 0.1), 10, batches=batches)
    point = np.zeros(2)
    for batch in batches:
        assert surface.parts is not None
        point = point - 0.1 * surface.parts((point[0], point[1]))[batch].mean(axis=0)
    np.testing.assert_allclose(trace.points[-1], point)
    assert trace.rows[0].words == "gradient of the mini-batch"


def test_noise_is_as_large_as_it_says():
    noise = gaussian_noise(20_000, 0.5, seed=1)
    assert noise.shape == (20_000, 2)
    # The standard error of a standard deviation is sigma / sqrt(2 n).
    np.testing.assert_allclose(noise.std(axis=0), 0.5, atol=4 * 0.5 / math.sqrt(40_000))


def test_a_descent_that_overflows_ends_there():
    surface = SURFACES["rosenbrock"]
    trace = descend(surface, surface.start, OptimizerSpec("sgd", 0.1), 100)
    assert trace.overflowed
    assert trace.steps < 20
    assert np.isfinite(trace.points).all()
    assert np.isfinite(trace.losses).all()
    assert len(trace.losses) == len(trace.points) == trace.steps + 1
    assert all(len(column) == trace.steps for column in trace.columns.values())


def test_rows_say_what_was_done_to_the_gradient():
    spec = OptimizerSpec("sgd", weight_decay=0.1, decay="l2", clipping="norm",
                         pace=Pace("cosine"))  # fmt: skip
    names = [row.name for row in rows_of(spec, noisy=True, batched=False)]
    assert names == [
        "gradient", "noise", "noisy", "pulled", "norm", "clipped", "rate", "step", "w",
    ]  # fmt: skip
    decoupled = OptimizerSpec("sgd", weight_decay=0.1)
    names = [row.name for row in rows_of(decoupled, noisy=False, batched=False)]
    assert names == ["gradient", "step", "kept", "w"]
