"""Answers are asked for once, in the background, and what nobody wants is not asked."""

import threading
import time

import numpy as np
import pytest

from core.engine.connection import EngineError
from core.vision import asking
from core.vision import looks as module
from core.vision.bringing import HERE, Bringing
from core.vision.challenges import UNCHANGED
from core.vision.looks import TOGETHER, Looks
from core.vision.question import Question
from core.vision.spec import ClassifySpec

PICTURE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
SPEC = ClassifySpec()
PATIENCE = 10
TURNS = [Question.of("a", SPEC, UNCHANGED.at("rotation", d)) for d in range(-180, 181, 15)]


class Network:
    """Stands in for the engine: notes what it is asked, and answers with sums of pixels."""

    def __init__(self):
        self.asked = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.failure = None
        self.standing = [HERE]

    def judge(self, engine, pixels, spec):
        self.asked.append(len(pixels))
        self.may_answer.wait(PATIENCE)
        if self.failure:
            raise self.failure
        logits = np.zeros((len(pixels), 1000), np.float32)
        logits[:, 0] = pixels.sum((1, 2, 3), dtype=np.int64)
        return logits, (0.0, 1.0, 5.0)

    def bring(self, engine, entry, *, again=False):
        return self.standing.pop(0) if len(self.standing) > 1 else self.standing[0]


@pytest.fixture
def network(monkeypatch):
    stand_in = Network()
    monkeypatch.setattr(module, "judge", stand_in.judge)
    monkeypatch.setattr(asking, "bring", stand_in.bring)
    before = set(threading.enumerate())
    yield stand_in
    # Who still asks must not find the real network once this stand-in is gone.
    stand_in.may_answer.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)


@pytest.fixture
def looks(network):
    return Looks(lambda: None)


def wanted(looks, questions, **options):
    looks.want(questions, PICTURE, **options)
    looks.wait(questions, PATIENCE)
    return looks.want(questions, PICTURE)


def test_asking_does_not_wait_and_the_answer_is_there_later(looks, network):
    network.may_answer.clear()
    question = TURNS[0]
    begun = time.monotonic()
    assert looks.want([question], PICTURE) == {}
    assert not looks.is_warm(SPEC.network)
    assert time.monotonic() - begun < PATIENCE
    network.may_answer.set()
    looks.wait([question], PATIENCE)
    assert set(looks.want([question], PICTURE)) == {question}
    assert looks.is_warm(SPEC.network)


def test_the_same_is_asked_once_however_many_want_it(looks, network):
    first = wanted(looks, TURNS)
    asked = list(network.asked)
    again = wanted(looks, TURNS)
    assert len(first) == len(TURNS)
    assert network.asked == asked
    for question in TURNS:
        np.testing.assert_array_equal(first[question], again[question])
    # Three single ones measure the network when it is warm; the rest goes in groups.
    assert asked.count(1) == 3 + (sum(asked) - 3) % TOGETHER
    assert max(asked) == TOGETHER


def test_each_question_gets_the_answer_to_its_own_picture(looks, network):
    from core.vision.prepare import resized

    answers = wanted(looks, TURNS)
    for question, logits in answers.items():
        pixels = resized(question.changes.apply(PICTURE), 224, "crop")
        assert logits[0] == np.float32(pixels.sum(dtype=np.int64))


def test_what_is_urgent_comes_first(looks, network):
    network.may_answer.clear()
    looks.want(TURNS[:1], PICTURE)  # keeps the network busy
    while not network.asked:
        time.sleep(0.001)
    looks.want(TURNS[1:], PICTURE)
    looks.want([TURNS[12]], PICTURE, urgent=True)
    network.may_answer.set()
    looks.wait([TURNS[12]], PATIENCE)
    known = looks.want(TURNS, PICTURE)
    assert TURNS[12] in known
    looks.wait(TURNS, PATIENCE)
    # The first, measured three times, then the urgent one alone.
    assert network.asked[:5] == [1, 1, 1, 1, 1]


def test_what_nobody_repeats_is_forgotten(looks, network, monkeypatch):
    monkeypatch.setattr(Looks, "forgotten_after", -1.0)
    looks.want(TURNS, PICTURE)
    looks.wait(TURNS, PATIENCE)
    assert looks.want(TURNS[:1], PICTURE) == {}
    assert network.asked == []


def test_a_failure_is_told_and_nothing_is_asked_until_somebody_says_so(looks, network):
    network.failure = EngineError("The process that answers has ended.")
    assert wanted(looks, TURNS) == {}
    assert looks.failure(SPEC.network) == "The process that answers has ended."
    asked = list(network.asked)
    assert wanted(looks, TURNS) == {}
    assert network.asked == asked
    network.failure = None
    looks.try_again(SPEC.network)
    assert looks.failure(SPEC.network) == ""
    assert len(wanted(looks, TURNS)) == len(TURNS)


def test_a_network_that_is_fetched_is_watched_and_then_asked(looks, network, monkeypatch):
    monkeypatch.setattr(asking, "LOOK_AGAIN_S", 0.01)
    network.standing = [Bringing("coming", 3, 14), Bringing("coming", 9, 14), HERE]
    seen = []
    monkeypatch.setattr(
        asking, "bring", lambda *_, **__: seen.append(network.standing.pop(0)) or seen[-1]
    )
    assert len(wanted(looks, TURNS[:1])) == 1
    assert [standing.done for standing in seen] == [3, 9, 0]
    assert looks.coming(SPEC.network) is None


def test_a_network_that_cannot_be_fetched_says_why(looks, network):
    network.standing = [Bringing("failed", error="There is no network.")]
    assert wanted(looks, TURNS[:1]) == {}
    assert looks.failure(SPEC.network) == "There is no network."
    assert network.asked == []


def test_speed_is_measured_once_a_network_is_warm(looks, network):
    assert looks.network_ms(SPEC.network) is None
    wanted(looks, TURNS[:1])
    assert looks.network_ms(SPEC.network) == 5.0


def test_only_so_many_answers_are_kept(looks, network, monkeypatch):
    monkeypatch.setattr(Looks, "most_kept", 10)
    looks.want(TURNS, PICTURE)
    looks.wait(TURNS, PATIENCE)
    assert len(looks._known) == 10


def test_questions_are_equal_for_equal_answers():
    hot = ClassifySpec(temperature=5)
    named = ClassifySpec(scaling="lite")
    assert Question.of("a", SPEC) == Question.of("a", hot) == Question.of("a", named)
    assert Question.of("a", SPEC) != Question.of("b", SPEC)
    assert Question.of("a", SPEC) != Question.of("a", ClassifySpec(scaling="unit"))
    assert Question.of("a", SPEC) != Question.of("a", SPEC, UNCHANGED.at("light", 1))
