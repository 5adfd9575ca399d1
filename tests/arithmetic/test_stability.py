"""Closed forms on the bowl against walks on it, and what is said of a walk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.arithmetic.descent import Trace, descend
from core.arithmetic.optimizers import OptimizerSpec
from core.arithmetic.stability import (
    LINEAR,
    best_momentum,
    best_rate,
    factor,
    limit,
    shrinkage,
    step_matrix,
)
from core.arithmetic.surfaces import SURFACES, bowl
from core.arithmetic.verdicts import verdict


def walk(spec: OptimizerSpec, steps: int = 100, slug: str = "bowl") -> Trace:
    return descend(SURFACES[slug], SURFACES[slug].start, spec, steps)


@given(st.floats(0.001, 1.5), st.floats(0.2, 4), st.floats(1, 100), st.integers(1, 40))
def test_each_step_multiplies_both_distances_by_one_minus_rate_times_curvature(
    rate, curvature, condition, steps
):
    trace = descend(bowl(curvature, condition), (1.0, 1.0), OptimizerSpec("sgd", rate), steps)
    k = np.arange(steps + 1)
    along = factor(rate, curvature / condition) ** k
    across = factor(rate, curvature) ** k
    np.testing.assert_allclose(trace.points[:, 0], along, rtol=1e-9, atol=1e-12)
    # (1 - rate * curvature) may be a small difference: its error counts k times.
    np.testing.assert_allclose(trace.points[:, 1], across, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", LINEAR)
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("curvature", [0.5, 2.0, 30.0])
def test_the_limit_is_where_the_eigenvalues_cross_one(rule, momentum, curvature):
    most = limit(rule, curvature, momentum)
    assert most is not None
    below, above = (
        shrinkage(OptimizerSpec(rule, most * share, momentum=momentum), curvature)
        for share in (0.999, 1.001)
    )
    assert below < 1 < above


@pytest.mark.parametrize("rule", LINEAR)
def test_the_matrix_makes_the_steps_of_the_rule(rule):
    spec = OptimizerSpec(rule, 0.3, momentum=0.8)
    trace = descend(bowl(2.0, 1.0), (1.0, 0.5), spec, 12)
    matrix, state = step_matrix(rule, 0.3, 0.8, 2.0), np.array([1.0, 0.0])
    for step in range(12):
        state = matrix @ state
        assert state[0] == pytest.approx(trace.points[step + 1, 0], abs=1e-12)


def test_rules_that_divide_by_the_gradient_have_no_limit():
    assert limit("adam", 2.0) is None
    with pytest.raises(ValueError, match="no multiple of the gradient"):
        step_matrix("adam", 0.1, 0.9, 2.0)


@pytest.mark.parametrize(("low", "high"), [(0.2, 2.0), (1.0, 100.0), (3.0, 3.0)])
def test_the_best_rate_and_the_best_momentum_are_the_best(low, high):
    """The factors that Goh 2017 gives: (k - 1) / (k + 1) and (sqrt k - 1) / (sqrt k + 1)."""
    condition = high / low
    rate = best_rate(low, high)
    shrink = max(abs(factor(rate, low)), abs(factor(rate, high)))
    assert shrink == pytest.approx((condition - 1) / (condition + 1))
    for other in (0.9 * rate, 1.1 * rate):
        assert max(abs(factor(other, low)), abs(factor(other, high))) > shrink
    rate, momentum = best_momentum(low, high)
    root = np.sqrt(condition)
    spec = OptimizerSpec("momentum", rate, momentum=momentum)
    shrink = max(shrinkage(spec, low), shrinkage(spec, high))
    # A double eigenvalue: its square root of rounding errors is 1e-8.
    assert shrink == pytest.approx((root - 1) / (root + 1), abs=1e-6)


# What is said


def test_too_large_a_rate_is_explained_with_its_numbers():
    said = verdict(walk(OptimizerSpec("sgd", 1.1)))
    assert said.kind == "diverges"
    assert (
        "With learning rate 1.1 on curvature 2 each step multiplies the distance by "
        "1 - 1.1 * 2 = -1.2: it grows. The limit is 2 / 2 = 1."
    ) in said.sentence


def test_a_good_rate_arrives_and_a_small_one_crawls():
    assert verdict(walk(OptimizerSpec("sgd", 0.9))).kind == "arrives"
    small = verdict(walk(OptimizerSpec("sgd", 0.001)))
    assert small.kind == "crawls"
    assert "1 - 0.001 * 2 = 0.998: it shrinks" in small.sentence


def test_at_the_limit_the_distance_stays():
    said = verdict(walk(OptimizerSpec("sgd", 1.0), 40))
    assert "1 - 1 * 2 = -1: it stays" in said.sentence


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("momentum", "The limit is 2 * (1 + 0.9) / 2 = 1.9."),
        ("nesterov", "The limit is 2 * (1 + 0.9) / (2 * (1 + 2 * 0.9)) = 0.6786."),
    ],
)
def test_momentum_has_another_limit(rule, words):
    fits, does_not = (1.85, 1.95) if rule == "momentum" else (0.66, 0.7)
    said = verdict(walk(OptimizerSpec(rule, does_not)))
    assert said.kind == "diverges"
    assert words in said.sentence
    assert verdict(walk(OptimizerSpec(rule, fits), 300)).kind in ("arrives", "moves")


def test_numbers_beyond_all_bounds():
    said = verdict(walk(OptimizerSpec("sgd", 0.1), slug="rosenbrock"))
    assert said.kind == "overflows"
    assert "larger than a computer can write down" in said.sentence


def test_at_the_cliff_one_step_throws_the_weights_out_and_clipping_keeps_them():
    cliff = SURFACES["cliff"]
    wild = descend(cliff, (5.0, -2.2), OptimizerSpec("sgd", 0.2), 100)
    said = verdict(wild)
    assert said.kind == "thrown"
    assert "threw the weights" in said.sentence
    kept = OptimizerSpec("sgd", 0.2, clipping="norm", clip=0.2)
    assert verdict(descend(cliff, (5.0, -2.2), kept, 100)).kind == "arrives"


def test_a_start_on_the_ridge_of_the_saddle_rests_in_the_saddle():
    """Nesterov 2004, example 1.2.2."""
    trace = descend(SURFACES["saddle"], (1.0, 0.0), OptimizerSpec("sgd", 0.2), 100)
    assert verdict(trace).kind == "rests"
    np.testing.assert_allclose(trace.points[-1], 0, atol=1e-9)


def test_rmsprop_with_a_constant_rate_bounces_round_the_minimum():
    said = verdict(walk(OptimizerSpec("rmsprop", 0.3)))
    assert said.kind == "bounces"
    assert "learning rate" not in said.sentence


def test_what_is_clipped_or_decays_is_not_judged_by_the_closed_form():
    for spec in (
        OptimizerSpec("sgd", 1.1, clipping="norm", clip=0.5),
        OptimizerSpec("sgd", 1.1, weight_decay=0.1),
    ):
        assert "multiplies" not in verdict(walk(spec)).sentence


def test_the_step_that_reached_one_percent():
    trace = walk(OptimizerSpec("sgd", 0.5))
    reached = verdict(trace).reached
    assert reached is not None
    assert trace.losses[reached] <= 0.01 * trace.losses[0] < trace.losses[reached - 1]
    assert verdict(walk(OptimizerSpec("sgd", 0.001))).reached is None
