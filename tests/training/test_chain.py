"""Runs one after another, on a desk whose runs end when the test says so."""

import threading

import pytest

from core.training import Run, RunError, RunSpec
from core.training.chain import Chain

PATIENCE = 20
"""Seconds after which something hangs."""


class Held:
    """A desk that starts runs and lets them wait."""

    def __init__(self):
        self.runs = []
        self.came = threading.Condition()

    def start(self, spec, session, own=None):
        with self.came:
            self.runs.append(Run(spec, session, own))
            self.came.notify_all()
            return self.runs[-1]

    def nth(self, number):
        """The run with this number, as soon as it has been handed in."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.runs) >= number, PATIENCE)
            return self.runs[number - 1]


def specs(*names):
    return [RunSpec(name=name) for name in names]


def end(run, state="finished"):
    run.end(state, "")
    run.settle()


@pytest.fixture
def held():
    return Held()


def until_over(chain):
    done = threading.Event()
    for _ in range(PATIENCE * 100):
        if not chain.going:
            return
        done.wait(0.01)
    pytest.fail("it goes on")


def test_each_is_handed_in_when_the_one_before_has_ended(held):
    chain = Chain(specs("a", "b", "c"), "me", desk=held)
    assert [run.name for run in held.runs] == ["a"]
    assert [spec.name for spec in chain.to_come] == ["b", "c"]
    end(held.nth(1))
    assert held.nth(2).name == "b"
    assert len(held.runs) == 2
    end(held.nth(2))
    assert chain.going
    end(held.nth(3))
    until_over(chain)
    assert [run.name for run in chain.runs] == ["a", "b", "c"]
    assert chain.problem == ""


def test_one_that_fails_does_not_keep_the_others(held):
    chain = Chain(specs("a", "b"), "me", desk=held)
    end(held.nth(1), "failed")
    end(held.nth(2))
    until_over(chain)
    assert [run.state for run in chain.runs] == ["failed", "finished"]


def test_one_that_a_person_stops_ends_them_all(held):
    chain = Chain(specs("a", "b", "c"), "me", desk=held)
    held.nth(1).stop()
    held.nth(1).settle()
    until_over(chain)
    assert [run.name for run in held.runs] == ["a"]
    assert chain.to_come == ()


def test_stopping_the_chain_stops_what_goes(held):
    chain = Chain(specs("a", "b"), "me", desk=held)
    chain.stop()
    assert held.nth(1).state == "stopped"
    held.nth(1).settle()
    until_over(chain)
    assert len(held.runs) == 1


def test_a_spec_that_cannot_work_is_refused_before_anything_begins(held):
    too_large = RunSpec(name="b", batch_size=2048, data={"dataset": "faces"})
    with pytest.raises(RunError, match="A batch of 2048"):
        Chain([*specs("a"), too_large], "me", desk=held)
    assert held.runs == []


def test_what_is_refused_later_is_told(held):
    chain = Chain(specs("a", "b"), "me", desk=held)

    def refuse(*_):
        raise RunError("This session has a run already.")

    held.start = refuse
    end(held.nth(1))
    until_over(chain)
    assert chain.problem == "This session has a run already."
