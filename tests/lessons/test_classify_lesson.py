"""What is asked for each setting, and what the answers come to."""

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from core.lessons.base import options, stops
from core.lessons.classify import CLASSIFIERS, NONE, ClassifyLesson
from core.lessons.classify_case import (
    MOST_CURVES,
    WORK_SIDE,
    Answered,
    ClassifyCase,
    changes_in_words,
    working,
)
from core.lessons.classify_charts import challenge_chart
from core.lessons.classify_words import remarks
from core.vision.challenges import CHALLENGES, UNCHANGED
from core.vision.question import Question
from core.zoo.imagenet import names
from core.zoo.registry import ZOO

LITE = "efficientnet-lite0"
PHOTO = data.chelsea()


def logits_for(**chances):
    """(1000,) logits whose softmax has these probabilities at classes c0, c1..."""
    rest = (1 - sum(chances.values())) / (1000 - len(chances))
    shares = np.full(1000, rest)
    for name, share in chances.items():
        shares[int(name[1:])] = share
    return np.log(shares).astype(np.float32)


def case_of(lesson, curve=None, base=None, now=None, **more):
    places = len(CHALLENGES[lesson.challenge].stops)
    answered = Answered(LITE, lesson.class_temperature, now, base, curve or {}, places, **more)
    shown = lesson.changes.apply(PHOTO)
    return ClassifyCase(lesson, "Chelsea", PHOTO, shown, [answered])


def test_every_classifier_of_the_zoo_can_be_chosen_and_every_challenge_has_its_slider():
    assert set(CLASSIFIERS) == {slug for slug, entry in ZOO.items() if entry.classes}
    assert options(ClassifyLesson, "second_classifier") == (NONE, *CLASSIFIERS)
    for slug, entry in CHALLENGES.items():
        assert stops(ClassifyLesson, f"hard_{slug}") == entry.stops
        assert getattr(ClassifyLesson(), f"hard_{slug}") == entry.neutral


def test_at_rest_nothing_is_done_to_the_picture():
    assert ClassifyLesson().changes.positions == ()
    assert ClassifyLesson().changes.bare() == UNCHANGED
    assert changes_in_words(ClassifyLesson()) == ""


def test_every_position_of_the_slider_is_asked_and_the_present_one_too():
    lesson = ClassifyLesson(challenge="rotation", hard_rotation=15.0, hard_light=-2.0)
    asked = lesson.questions("photo", LITE)
    assert list(asked) == sorted(CHALLENGES["rotation"].stops)
    dark = UNCHANGED.at("light", -2)
    assert asked[0] == Question.of("photo", lesson.spec(LITE), dark)
    assert asked[90] == Question.of("photo", lesson.spec(LITE), dark.at("rotation", 90))
    between = lesson.with_value("hard_rotation", 7.0).questions("photo", LITE)
    assert set(between) == {*asked, 7.0}


@given(st.floats(0.1, 20))
def test_temperature_and_k_ask_nothing_new(temperature):
    lesson = ClassifyLesson(hard_shear=10.0, challenge="shear")
    other = lesson.model_copy(update={"class_temperature": temperature, "top_count": 17})
    assert lesson.questions("photo", LITE) == other.questions("photo", LITE)


def test_the_same_network_twice_is_one():
    assert ClassifyLesson(second_classifier=LITE).networks == (LITE,)
    assert ClassifyLesson(second_classifier="mobilenet-v2").networks == (LITE, "mobilenet-v2")


def test_changes_are_said_in_words():
    lesson = ClassifyLesson(hard_rotation=30.0, hard_light=-1.5)
    assert changes_in_words(lesson) == "light -1.5 stops, rotation 30 degrees"


# Answers


@given(st.integers(0, 1000), st.sampled_from([0.1, 0.5, 1.0, 3.0, 20.0]))
def test_the_arithmetic_of_each_row_is_that_of_scipy(seed, temperature):
    logits = np.random.default_rng(seed).normal(0, 3, 1000).astype(np.float32)
    answered = Answered(LITE, temperature, logits, None, {}, 25)
    theirs = scipy.special.softmax(logits.astype(np.float64) / temperature)
    rows = answered.rows(20)
    assert [row.index for row in rows] == list(np.argsort(-logits, kind="stable")[:20])
    for row in rows:
        assert row.probability == pytest.approx(theirs[row.index], rel=1e-4)
        assert row.power / answered.total == pytest.approx(theirs[row.index], rel=1e-4)
        assert row.name == names()[row.index]
        assert row.before is None
    assert rows[0].power == 1


def test_nothing_is_listed_while_it_is_awaited():
    waiting = case_of(ClassifyLesson())
    assert waiting.waiting
    assert waiting.answered[0].rows(5) == []
    assert waiting.answered[0].tracked(0) == []
    assert remarks(waiting, waiting.answered[0]) == []
    assert not case_of(ClassifyLesson(), failure="No.").waiting


def curve_over_light():
    """A class 7 that loses to 8 in the dark, and to 9 in bright light."""
    dark, normal, bright = logits_for(c8=0.7), logits_for(c7=0.6, c8=0.2), logits_for(c9=0.5)
    return {
        place: dark if place < -2 else bright if place > 3 else normal
        for place in CHALLENGES["light"].stops
    }, normal


def test_how_often_the_first_class_stays_first_is_counted():
    lesson = ClassifyLesson(challenge="light")
    curve, normal = curve_over_light()
    case = case_of(lesson, curve, normal, normal)
    answered = case.answered[0]
    assert not case.waiting
    # -2 to 3 in halves.
    assert answered.kept() == 11
    assert answered.tracked(0)[:1] == [7]
    assert set(answered.tracked(0)[:3]) == {7, 8, 9}
    assert len(answered.tracked(0)) <= MOST_CURVES
    assert any("stays first at 11 of 25 positions" in text for text in remarks(case, answered))
    part = {place: curve[place] for place in list(curve)[:4]}
    assert case_of(lesson, part, normal, normal).answered[0].kept() is None


def test_the_chart_has_a_curve_for_each_class_and_marks_the_position():
    lesson = ClassifyLesson(challenge="light", hard_light=-3.0)
    curve, normal = curve_over_light()
    chart = challenge_chart(case_of(lesson, curve, normal, curve[-3]))
    assert [mark.x for mark in chart.marks] == [-3.0]
    assert chart.x_title == "Light (stops)"
    by_name = {line.name: line for line in chart.curves}
    dark = by_name[names()[8]]
    assert dark.y[0] == pytest.approx(0.7, abs=1e-4)
    assert dark.y[list(dark.x).index(0)] == pytest.approx(0.2, abs=1e-4)
    assert len({line.number for line in chart.curves}) == len(chart.curves)


def test_a_class_has_one_colour_in_both_networks():
    lesson = ClassifyLesson(challenge="light", second_classifier="mobilenet-v2")
    curve, normal = curve_over_light()
    case = case_of(lesson, curve, normal, normal)
    flipped = dict(zip(curve, reversed(list(curve.values())), strict=True))
    other = Answered("mobilenet-v2", 1.0, normal, normal, flipped, 25)
    both = ClassifyCase(lesson, "Chelsea", PHOTO, PHOTO, [*case.answered, other])
    numbers: dict[str, set] = {}
    for line in challenge_chart(both).curves:
        numbers.setdefault(line.name, set()).add(line.number)
    assert all(len(found) == 1 for found in numbers.values())


def test_remarks_say_what_the_numbers_say():
    lesson = ClassifyLesson(class_temperature=2.0, seen_scaling="none")
    now = logits_for(c3=0.8, c4=0.1)
    case = case_of(lesson, now=now)
    texts = " ".join(remarks(case, case.answered[0]))
    # log(0.8 / 0.1) = 2.079, halved by the temperature: e^1.04 = 2.828.
    assert "2.079 apart as logits: e^(2.079 / 2) = 2.828 times as likely" in texts
    assert "T = 2 evens out" in texts
    assert "not the one that the network was trained with" in texts


def test_even_probabilities_have_the_entropy_of_a_thousand_classes():
    case = case_of(ClassifyLesson(), now=np.zeros(1000, np.float32))
    texts = " ".join(remarks(case, case.answered[0]))
    assert "Entropy 6.908: as unsure as a choice among e^6.908 = 1000" in texts


@given(st.integers(1, 900), st.integers(1, 900))
def test_the_picture_is_worked_on_at_a_size_of_its_own(height, width):
    made = working(np.zeros((height, width, 3), np.uint8))
    assert max(made.shape[:2]) <= WORK_SIDE
    assert max(made.shape[:2]) == min(max(height, width), WORK_SIDE)
    if max(height, width) <= WORK_SIDE:
        assert made.shape == (height, width, 3)
