"""What the components of descent, backpropagation and softmax are sent."""

import json
import re

import numpy as np
import pytest

from core.arithmetic.optimizers import RULES
from core.arithmetic.surfaces import SURFACES
from core.lessons import backprop, softmax
from core.lessons.descent import LANES, DescentLesson
from core.lessons.descent_case import build
from core.ui.components.backprop import backprop_data
from core.ui.components.descent import descent_data, significant
from core.ui.components.softmax import board_data, naive_in_words

EVERYBODY = {f"optimizer_{lane}": rule for lane, rule in zip(LANES, RULES, strict=True)}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_descent_is_json_with_finite_numbers(surface):
    for steps in (1, 60):
        lesson = DescentLesson(surface=surface, rate_a=10.0, descent_steps=steps, **EVERYBODY)
        data = descent_data(build(lesson))
        assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_every_hole_of_the_arithmetic_has_its_column():
    lesson = DescentLesson(
        gradient_clipping="norm", shrink=0.1, gradient_noise=0.5, rate_schedule="cosine",
        descent_steps=5, **EVERYBODY,
    )  # fmt: skip
    for racer in descent_data(build(lesson))["racers"]:
        for row in racer["rows"]:
            for name in re.findall(r"\{(\w+)-?\}", row["numbers"]):
                assert name in {*racer["columns"], "rate", "w", "t"}, (racer["name"], name)
            assert row["name"] in {*racer["columns"], "rate", "w"}
        assert {len(column) for column in racer["columns"].values()} == {5}


def test_rings_stay_within_the_picture_and_are_closed():
    data = descent_data(build(DescentLesson(surface="himmelblau")))
    assert len(data["ground"]["levels"]) == len(data["ground"]["rings"])
    for rings in data["ground"]["rings"]:
        for ring in rings:
            assert ring[:2] == ring[-2:]
            assert min(ring) >= 0
            assert max(ring) <= 1000


def test_zooming_in_shows_a_part_round_the_minimum():
    whole = descent_data(build(DescentLesson()))["window"]
    part = descent_data(build(DescentLesson(zoom=8.0)))["window"]
    assert part[1] - part[0] == pytest.approx((whole[1] - whole[0]) / 8)
    assert np.mean(part[:2]) == pytest.approx(0)
    wide = descent_data(build(DescentLesson(zoom=0.5)))["window"]
    assert wide[1] - wide[0] == pytest.approx((whole[1] - whole[0]) * 2)


def test_a_concealed_descent_sends_no_step():
    data = descent_data(build(DescentLesson(optimizer_b="adam")), conceal="values")
    for racer in data["racers"]:
        assert len(racer["path"]) == len(racer["losses"]) == 1
        assert set(racer["columns"]) == {"gradient"}
        assert (racer["how"], racer["sentence"]) == ("", "")


def test_batches_travel_along():
    data = descent_data(build(DescentLesson(surface="logistic", mini_batch=4, descent_steps=9)))
    assert [len(batch) for batch in data["batches"]] == [4] * 9
    assert descent_data(build(DescentLesson(surface="logistic")))["batches"] is None


def test_six_digits():
    values = np.array([1 / 3, 123456789.0, -1e-12, 0.0])
    assert significant(values) == [0.333333, 123457000.0, -1e-12, 0.0]


def test_most_lessons_are_small_enough_for_a_phone():
    """Half of what a page of Streamlit weighs itself would be 1.4 MB; 40 KB is one picture."""
    for lesson, most in (
        (DescentLesson(), 15_000),
        (DescentLesson(optimizer_b="adam", optimizer_c="momentum"), 40_000),
        (DescentLesson(surface="rastrigin"), 60_000),
    ):
        assert len(json.dumps(descent_data(build(lesson)))) < most


# The tiny network


@pytest.mark.parametrize("loss", ["squared", "half_squared", "cross_entropy"])
@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "relu", "linear"])
def test_a_network_is_json_with_finite_numbers(loss, kind):
    for updates, weight in ((0, 0.7), (500, 0.7), (50, 100.0)):
        lesson = backprop.BackpropLesson(
            error=loss, hidden_activation=kind, output_activation=kind, gate="xor",
            updates_done=updates, v_one=weight, step_rate=100.0,
        )  # fmt: skip
        data = backprop_data(backprop.build(lesson))
        assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_every_step_lights_what_the_graph_draws():
    data = backprop_data(backprop.build(backprop.BackpropLesson()))
    drawn = {*data["given"], *data["parameters"], *data["values"]}
    for step in data["steps"]:
        assert set(step["lit"]) <= drawn
    for parameter in data["parameters"].values():
        assert {factor["place"] for factor in parameter["chain"]} <= drawn


def test_a_first_layer_weight_has_five_factors_and_an_output_weight_three():
    data = backprop_data(backprop.build(backprop.BackpropLesson()))
    assert [factor["place"] for factor in data["parameters"]["w21"]["chain"]] == [
        "L", "p", "v1", "h1", "x2",
    ]  # fmt: skip
    assert len(data["parameters"]["v2"]["chain"]) == 3


def test_a_concealed_network_sends_nothing_that_is_computed():
    data = backprop_data(backprop.build(backprop.BackpropLesson()), conceal="values")
    assert (data["values"], data["gradients"], data["curve"]) == ({}, {}, [])
    assert all(p["after"] == "" and p["chain"] == [] for p in data["parameters"].values())
    assert data["given"]["x1"]["text"] == "1"


def test_the_curve_holds_the_present_update():
    for updates in (0, 7, 333, 5000):
        data = backprop_data(backprop.build(backprop.BackpropLesson(updates_done=updates)))
        assert updates in [place for place, _ in data["curve"]]
        assert len(data["curve"]) < 250


# Softmax


@pytest.mark.parametrize("shift", [-2000.0, 0.0, 2000.0])
@pytest.mark.parametrize("count", [2, 10])
def test_a_table_is_json_with_finite_numbers(shift, count):
    lesson = softmax.SoftmaxLesson(class_count=count, shift_all=shift, temperature=0.01)
    data = board_data(softmax.build(lesson))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert len(data["names"]) == len(data["bases"]) == count
    assert [len(column["texts"]) for column in data["columns"]].count(1) == 2


def test_a_concealed_table_keeps_logits_and_label():
    data = board_data(softmax.build(softmax.SoftmaxLesson()), conceal="values")
    known = [column["key"] for column in data["columns"] if "?" not in column["texts"]]
    assert known == ["logits", "targets"]
    assert data["naive"]["rows"] == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "Nothing breaks here"),
        ({"shift_all": 100.0}, "e^102 is more than 3.403e+38"),
        ({"shift_all": -1000.0}, "0 / 0 is not a number"),
        ({"logit_a": -500.0}, "log 0 is minus infinity"),
        (
            {"shift_all": 0.0, "logit_a": 11.0, "logit_b": 11.0, "number_format": "float16"},
            "their sum does not",
        ),
    ],
    ids=["fine", "overflow", "underflow", "log 0", "sum"],
)
def test_why_the_naive_form_breaks(settings, words):
    lesson = softmax.SoftmaxLesson(**settings)
    assert words in naive_in_words(softmax.build(lesson))


def test_names_are_those_of_the_lesson_and_then_of_cifar():
    assert softmax.SoftmaxLesson(class_names="cat, dog").names == ("cat", "dog", "bird")
    assert softmax.SoftmaxLesson(class_count=2).names == ("plane", "car")
