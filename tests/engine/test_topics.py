"""Topics on a real scheduler: nothing that was told is missed, however late one listens."""

import threading

import pytest

from core.engine import Engine, EngineSettings

WAIT = 30


@pytest.fixture(scope="module")
def engine():
    running = Engine(EngineSettings())
    yield running
    running.close()


class Heard:
    """Messages in the order of coming."""

    def __init__(self):
        self.messages = []
        self._news = threading.Condition()

    def __call__(self, message):
        with self._news:
            self.messages.append(message)
            self._news.notify_all()

    def until(self, count):
        with self._news:
            assert self._news.wait_for(lambda: len(set(self.messages)) >= count, WAIT)
        return list(dict.fromkeys(self.messages))


def test_who_listens_hears_the_past_first_and_then_what_comes(engine):
    for number in range(5):
        engine.tell("steps", number)
    heard = Heard()
    engine.listen("steps", heard)
    for number in range(5, 10):
        engine.tell("steps", number)
    assert heard.until(10) == list(range(10))


def test_nothing_is_missed_while_somebody_begins_to_listen(engine):
    def tell():
        for number in range(300):
            engine.tell("crowded", number)

    telling = threading.Thread(target=tell)
    telling.start()
    listeners = [Heard() for _ in range(8)]
    for heard in listeners:
        engine.listen("crowded", heard)
    telling.join(WAIT)
    for heard in listeners:
        assert heard.until(300) == list(range(300))


def test_who_leaves_hears_no_more_and_takes_nobody_along(engine):
    leaving, staying = Heard(), Heard()
    leave = engine.listen("talk", leaving)
    engine.listen("talk", staying)
    engine.tell("talk", 1)
    assert leaving.until(1) == staying.until(1) == [1]
    leave()
    leave()
    engine.tell("talk", 2)
    assert staying.until(2) == [1, 2]
    assert leaving.messages == [1]
    again = Heard()
    engine.listen("talk", again)
    engine.tell("talk", 3)
    assert again.until(3) == staying.until(3) == [1, 2, 3]


def test_the_last_one_to_leave_can_come_back(engine):
    first, second = Heard(), Heard()
    leave = engine.listen("alone", first)
    engine.tell("alone", 1)
    first.until(1)
    leave()
    engine.tell("alone", 2)
    engine.listen("alone", second)
    engine.tell("alone", 3)
    assert second.until(3) == [1, 2, 3]
