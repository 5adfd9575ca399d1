"""What the texts of the presets say is what happens."""

import math

import numpy as np
import pytest

from core.lessons import backprop, softmax
from core.lessons.descent_case import DescentCase, build
from core.presets import PRESETS


def case(slug: str) -> DescentCase:
    return build(PRESETS[slug].lesson)  # type: ignore[arg-type]


def kinds(slug: str) -> list[str]:
    return [racer.verdict.kind for racer in case(slug).racers]


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("step-down-the-hill", ["arrives"]),
        ("rate-too-small", ["crawls"]),
        ("rate-too-big", ["diverges"]),
        ("three-rates", ["crawls", "arrives", "diverges"]),
        ("cliff-without-clipping", ["thrown"]),
        ("cliff-with-clipping", ["arrives"]),
        ("saddle-ridge", ["rests"]),
    ],
)
def test_verdicts(slug, expected):
    assert kinds(slug) == expected


def test_on_a_round_bowl_the_path_is_straight():
    points = case("step-down-the-hill").racers[0].trace.points
    crosses = points[:, 0] * points[0, 1] - points[:, 1] * points[0, 0]
    np.testing.assert_allclose(crosses, 0, atol=1e-12)


def test_at_the_limit_y_jumps_back_and_forth():
    points = case("at-the-limit").racers[0].trace.points
    np.testing.assert_allclose(np.abs(points[:, 1]), 1.6)
    assert abs(points[-1, 0]) < 0.01


def test_the_long_valley_shrinks_as_the_closed_forms_say():
    """99/101 a step without momentum, 9/11 with it; the settings are rounded to 4 digits."""
    plain, polyak = (racer.trace for racer in case("condition-100").racers)
    first = np.hypot(*plain.points[0])
    assert np.hypot(*plain.points[-1]) / first == pytest.approx((99 / 101) ** 80, rel=0.02)
    # A double eigenvalue: the distance is the power times a line in the number of steps.
    assert np.hypot(*polyak.points[-1]) / first < 2 * 80 * (9 / 11) ** 80


def test_no_step_with_clipping_is_longer_than_rate_times_bound():
    steps = np.diff(case("cliff-with-clipping").racers[0].trace.points, axis=0)
    assert np.hypot(*steps.T).max() <= 0.04 + 1e-12
    wild = np.diff(case("cliff-without-clipping").racers[0].trace.points, axis=0)
    assert np.hypot(*wild.T).max() > 3


def test_the_falling_rate_comes_to_rest():
    points = case("decaying-rate").racers[0].trace.points
    early, late = (
        np.hypot(*np.diff(part, axis=0).T).max() for part in (points[50:100], points[-10:])
    )
    assert late < early / 20


def test_the_racers_part_and_all_come_near_a_minimum():
    whole = case("optimisation-strategies")
    assert len(whole.racers) == 6
    for racer in whole.racers:
        minimum = whole.surface.nearest_minimum(tuple(racer.trace.points[-1]))
        assert minimum is not None
        assert np.hypot(*(racer.trace.points[-1] - minimum)) < 0.7


def test_what_remembers_its_speed_gets_on_in_the_valley():
    plain, momentum, _ = (r.trace.losses[-1] for r in case("momentum-in-the-valley").racers)
    assert momentum < plain / 5


def test_many_minima():
    one, other = (racer.trace for racer in case("many-minima").racers)
    assert one.losses[-1] == pytest.approx(7.96, abs=0.01)
    assert other.losses[-1] < 1.1


def test_decay_in_the_gradient_leads_elsewhere_than_decay_of_the_weights():
    coupled, decoupled = (r.trace.points[-1] for r in case("adamw-against-l2").racers)
    assert np.hypot(*(coupled - decoupled)) > 0.3


def network(slug: str) -> backprop.BackpropCase:
    return backprop.build(PRESETS[slug].lesson)  # type: ignore[arg-type]


def test_the_presets_of_the_tiny_network():
    assert network("many-updates").made.values["L"] < 0.01
    assert network("rate-of-hundred").lost is not None
    assert network("xor").curve[-1][1] < 0.01
    assert network("xor-linear").curve[-1][1] == pytest.approx(math.log(2), abs=0.05)
    slow = network("slow-when-wrong").made
    assert slow.values["p"] == pytest.approx(0.998, abs=1e-3)
    assert max(abs(g) for g in slow.gradients.values() if abs(g) < 1) < 0.02
    assert network("dead-unit").made.values["h1"] == 0
    alike = network("symmetric-start").made.network
    assert (alike.w11, alike.v1) == (alike.w12, alike.v2)
    assert network("saturated").made.slopes["dh1/dz1"] == pytest.approx(0.0005, abs=1e-4)


def scores(slug: str) -> softmax.SoftmaxCase:
    return softmax.build(PRESETS[slug].lesson)  # type: ignore[arg-type]


def test_the_presets_of_softmax():
    assert scores("cs-notes").made.loss == pytest.approx(1.04, abs=5e-3)
    assert scores("cs-slides").made.loss == pytest.approx(2.04, abs=5e-3)
    assert scores("knows-nothing").made.loss == pytest.approx(2.303, abs=5e-4)
    assert scores("overflow").naive.broken
    assert scores("overflow").made.shifted.tolist() == [-666, -333, 0]
    assert scores("half-precision").naive.broken
    wrong = scores("confident-and-wrong").made
    assert wrong.loss == pytest.approx(14, abs=0.01)
    assert wrong.gradients[0] == pytest.approx(-1, abs=1e-4)
    assert scores("cold").made.probabilities[0] > 0.85
    sure = scores("smoothing").made
    assert sure.gradients[0] > 0
    assert sure.targets[0] == pytest.approx(0.92)
