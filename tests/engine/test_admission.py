"""The list of runs, as it stands inside of a scheduler."""

from collections import deque
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from core.engine import admission, topics


def scheduler(slots=1, clients=("app",)):
    """What the list needs of a scheduler."""
    kept = {}
    return SimpleNamespace(
        workers={n: SimpleNamespace(resources={"training": 1}) for n in range(slots)},
        clients=set(clients),
        _broker=SimpleNamespace(_topics=kept),
    )


def test_as_many_runs_as_slots_begin_and_the_others_stand_in_the_order_of_coming():
    two = scheduler(slots=2)
    runs = ["a", "b", "c", "d"]
    assert [admission.place(run, "app", (), two) for run in runs] == [0, 0, 1, 2]
    assert admission.waiting(two) == 2
    admission.leave("a", two)
    assert [admission.place(run, "app", (), two) for run in "bcd"] == [0, 0, 1]
    admission.leave("c", two)
    assert admission.place("d", "app", (), two) == 0
    assert admission.waiting(two) == 0


def test_without_a_worker_even_the_first_waits():
    none = scheduler(slots=0)
    assert admission.place("a", "app", (), none) == 1
    none.workers = scheduler().workers
    assert admission.place("a", "app", (), none) == 0


def test_the_runs_of_an_app_that_is_gone_leave_the_list():
    shared = scheduler(clients=("one", "other"))
    assert admission.place("a", "one", (), shared) == 0
    assert admission.place("b", "other", (), shared) == 1
    shared.clients.discard("one")
    assert admission.place("b", "other", (), shared) == 0


def test_what_a_run_told_is_kept_for_a_while_and_then_let_go(monkeypatch):
    shared = scheduler(clients=("one", "other"))
    now = 1000.0
    monkeypatch.setattr(admission.time, "monotonic", lambda: now)
    shared._broker._topics |= {"run-a": 1, "run-b": 2, "other": 3}
    admission.place("a", "one", ("run-a", "run-a-never-used"), shared)
    admission.place("b", "other", ("run-b",), shared)
    admission.leave("a", shared)
    shared.clients.discard("other")
    admission.waiting(shared)
    now += admission.KEEP_SECONDS - 1
    admission.waiting(shared)
    assert shared._broker._topics.keys() == {"run-a", "run-b", "other"}
    now += 2
    admission.waiting(shared)
    assert shared._broker._topics.keys() == {"other"}


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["ask", "leave"]), st.integers(0, 6)), max_size=60),
)
def test_never_more_runs_than_slots_and_nobody_is_overtaken(slots, moves):
    shared = scheduler(slots)
    waiting, running = [], set()
    for move, number in moves:
        run = str(number)
        if move == "leave":
            admission.leave(run, shared)
            running.discard(run)
            waiting = [other for other in waiting if other != run]
            continue
        if run not in waiting and run not in running:
            waiting.append(run)
        place = admission.place(run, "app", (), shared)
        if place == 0 and run in waiting:
            waiting.remove(run)
            running.add(run)
        assert (place == 0) == (run in running)
        assert len(running) <= slots
        if place:
            assert place <= waiting.index(run) + 1


def test_grown_idle_workers_are_found_that_somebody_starts_again():
    def worker(address, memory, **more):
        facts = {
            "resources": {"training": 1},
            "nanny": "here",
            "processing": {},
            "memory_limit": 100,
            "metrics": {"memory": memory},
        }
        return SimpleNamespace(address=address, **(facts | more))

    workers = [
        worker("small", 50),
        worker("grown", 70),
        worker("busy", 70, processing={"run": 1}),
        worker("alone", 70, nanny=None),
        worker("boundless", 70, memory_limit=0),
        worker("answers", 70, resources={"inference": 1}),
        worker("new", 0, metrics={}),
    ]
    held = SimpleNamespace(workers={w.address: w for w in workers})
    assert admission.bloated(0.6, held) == ["grown"]


def test_only_the_latest_messages_of_a_topic_are_kept():
    topic = SimpleNamespace(events=deque([1, 2, 3, 4], maxlen=100))
    held = SimpleNamespace(_broker=SimpleNamespace(_topics={"looks": topic}))
    topics.keep_few("looks", 3, held)
    topic.events.append(5)
    assert list(topic.events) == [3, 4, 5]
    topics.drop("looks", held)
    topics.drop("looks", held)
    assert not held._broker._topics
