"""Data sets are kept within a bound, and built once however many ask."""

import threading

import numpy as np
import pytest

from core.data import Dataset
from core.data.recent import Recent


def of(kilobytes: int) -> Dataset:
    images = np.zeros((kilobytes, 25, 40, 1), np.uint8)
    return Dataset("toy", "Toy", images, np.zeros(kilobytes, int), ("a",), "me", "CC0")


def test_what_is_kept_is_not_built_again():
    recent = Recent(10_000)
    first = recent.get("a", lambda: of(3))
    assert recent.get("a", lambda: of(4)) is first
    assert recent.size == 3000


def test_the_oldest_makes_room():
    recent = Recent(10_000)
    for key in "abc":
        recent.get(key, lambda: of(3))
    recent.get("a", lambda: of(9))  # used again, so b is the oldest now
    recent.get("d", lambda: of(3))
    assert recent.size == 9000
    built = []
    for key in "acd":
        recent.get(key, lambda: built.append(1) or of(3))
    assert not built
    recent.get("b", lambda: built.append(1) or of(3))
    assert built


def test_the_latest_is_kept_even_where_it_is_too_large():
    recent = Recent(1000)
    recent.get("a", lambda: of(1))
    large = recent.get("b", lambda: of(5))
    assert recent.get("b", lambda: of(1)) is large
    assert recent.size == 5000


def test_sets_that_share_their_pictures_count_once():
    recent = Recent(10_000)
    whole = recent.get("a", lambda: of(6))
    recent.get("b", lambda: whole)
    assert recent.size == 6000


def test_of_many_who_ask_at_once_one_builds():
    recent, gate, built = Recent(10_000), threading.Event(), []

    def build():
        gate.wait()
        built.append(1)
        return of(1)

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(recent.get("a", build))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert len({id(dataset) for dataset in found}) == 1


def test_a_failure_is_not_kept():
    recent = Recent(10_000)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 / 0)
    assert len(recent.get("a", lambda: of(2))) == 2


def test_a_set_may_be_built_of_another_one():
    recent = Recent(10_000)
    part = recent.get("part", lambda: recent.get("whole", lambda: of(5)).subset([0, 1]))
    assert len(part) == 2
    assert recent.size == 7000
