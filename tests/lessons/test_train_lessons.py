"""Settings of descent, backpropagation and softmax."""

import numpy as np
import pytest

from core.arithmetic.surfaces import SURFACES
from core.lessons.backprop import FIELDS, GATES, STEPS, BackpropLesson
from core.lessons.backprop import build as build_network
from core.lessons.base import stops
from core.lessons.descent import LANES, DescentLesson
from core.lessons.descent_case import build
from core.lessons.softmax import SoftmaxLesson
from core.lessons.softmax import build as build_softmax


def test_learning_rates_are_evenly_spaced_in_their_logarithm():
    rates = np.array(stops(DescentLesson, "rate_a"))
    assert (rates[0], rates[-1]) == (1e-4, 10)
    ratios = rates[1:] / rates[:-1]
    assert ratios.max() < 1.4
    assert {0.001, 0.01, 0.1, 0.9, 1.0, 1.1} <= set(rates.tolist())
    assert 0.1234 in DescentLesson(rate_a=0.1234).positions("rate_a")


def test_who_takes_part_and_with_what():
    lesson = DescentLesson(optimizer_c="adam", rate_c=0.3, beta_mean=0.5, shrink=0.1)
    assert lesson.lanes == ("a", "c")
    spec = lesson.spec("c")
    assert (spec.rule, spec.learning_rate, spec.beta_1) == ("adam", 0.3, 0.5)
    assert (spec.decoupled, spec.l2) == (0.1, 0)
    coupled = lesson.model_copy(update={"shrink_as": "l2"}).spec("c")
    assert (coupled.decoupled, coupled.l2) == (0, 0.1)


def test_the_schedule_ends_with_the_last_step():
    lesson = DescentLesson(rate_schedule="cosine", descent_steps=40)
    rates = build(lesson).racers[0].trace.rates
    assert rates[0] == 0.4
    assert rates[20] == pytest.approx(0.2)
    assert rates[-1] == pytest.approx(0.4 * 0.5 * (1 + np.cos(np.pi * 39 / 40)))


def test_the_start_is_the_surfaces_own_or_the_typed_one():
    for slug, surface in SURFACES.items():
        assert DescentLesson(surface=slug).start_point() == surface.start
    assert DescentLesson(start="-1.5,2").start_point() == (-1.5, 2.0)
    nearest, notices = DescentLesson.nearest({"start": "here"})
    assert nearest.start == ""
    assert "Start cannot be 'here'" in notices[0]


def test_rates_that_suit_are_the_surfaces_own():
    lesson = DescentLesson(
        surface="rosenbrock", optimizer_b="adam", optimizer_c="momentum", start="1,1", zoom=4.0
    ).suited()
    assert (lesson.rate_a, lesson.rate_b, lesson.rate_c) == (0.001, 0.05, 0.0002)
    assert (lesson.start, lesson.zoom) == ("", 1.0)


def test_the_bowl_has_the_shape_that_is_set():
    surface = DescentLesson(curvature=4.0, condition=8.0, tilt=30).landscape()
    np.testing.assert_allclose(surface.curvatures((0.0, 0.0)), [0.5, 4.0], atol=1e-8)


def test_noise_belongs_to_surfaces_without_examples_and_batches_to_those_with():
    noisy = build(DescentLesson(gradient_noise=1.0, mini_batch=2))
    assert noisy.batches is None
    assert "noise" in noisy.racers[0].trace.columns
    batched = build(DescentLesson(surface="line", gradient_noise=1.0, mini_batch=2))
    assert batched.batches is not None
    assert "noise" not in batched.racers[0].trace.columns


def test_everybody_meets_the_same_noise():
    case = build(DescentLesson(optimizer_b="adam", gradient_noise=0.5, noise_seed=3))
    one, other = (racer.trace.columns["noise"] for racer in case.racers)
    np.testing.assert_array_equal(one, other)
    again = build(DescentLesson(gradient_noise=0.5, noise_seed=4))
    assert (again.racers[0].trace.columns["noise"] != one).any()


def test_the_racer_shown_is_one_that_takes_part():
    assert build(DescentLesson(shown_lane="g")).shown.lane == "a"
    lesson = DescentLesson(shown_lane="b", optimizer_b="adagrad")
    assert build(lesson).shown.title == "Adagrad"


def test_there_are_as_many_lanes_as_fields():
    for lane in LANES:
        assert {f"optimizer_{lane}", f"rate_{lane}"} <= set(DescentLesson.model_fields)


# The tiny network


def test_the_gates_are_truth_tables():
    for gate, rule in {"and": all, "or": any, "xor": lambda bits: sum(bits) == 1}.items():
        for example in GATES[gate]:
            assert example.y == rule([bool(example.x1), bool(example.x2)])


def test_cross_entropy_takes_the_sigmoid_whatever_is_chosen():
    lesson = BackpropLesson(error="cross_entropy", output_activation="relu")
    assert build_network(lesson).made.network.output == "sigmoid"
    assert build_network(BackpropLesson(output_activation="relu")).made.network.output == "relu"


def test_examples_come_in_turns():
    turns = [
        build_network(BackpropLesson(gate="xor", updates_done=n)).turn for n in (0, 1, 3, 4, 6)
    ]
    assert turns == [0, 1, 3, 0, 2]


def test_going_on_from_a_network_keeps_its_weights_to_four_digits():
    lesson = BackpropLesson(updates_done=30)
    network = build_network(lesson).made.network
    onward = lesson.with_network(network)
    assert onward.updates_done == 0
    for name, field in FIELDS.items():
        assert getattr(onward, field) == pytest.approx(getattr(network, name), rel=1e-3)


def test_a_pass_always_has_as_many_steps():
    for gate in ("none", "xor"):
        for error in ("squared", "cross_entropy"):
            case = build_network(BackpropLesson(gate=gate, error=error))
            assert len(case.steps) == STEPS


# Softmax


def test_the_right_class_is_one_of_those_that_there_are():
    lesson = SoftmaxLesson(class_count=2, right_class=9)
    assert lesson.right == 1
    assert lesson.choices("right_class") == [1, 2]
    assert build_softmax(lesson).made.targets.tolist() == [0, 1]


def test_a_shift_is_added_to_all_logits():
    lesson = SoftmaxLesson(shift_all=50.0)
    np.testing.assert_allclose(lesson.logits(), [52, 51, 50.1])
