"""A page learns within a moment what can be downloaded, and how far a download is."""

import threading

import numpy as np
import pytest

from core.assets import jobs, reach
from core.assets.downloads import Download
from core.assets.reach import REACH, Reach, ask, why_not
from core.assets.remote import MIRROR

CONTENT = np.random.default_rng(2).integers(0, 256, 700_000, dtype=np.uint8).tobytes()


def test_an_answer_is_remembered(monkeypatch):
    asked = []
    known = Reach(lambda address: asked.append(address) or "gone")
    assert known.reason("a", patience=10) == "gone"
    assert known.reason("a") == "gone"
    assert known.reason("b", patience=10) == "gone"
    assert asked == ["a", "b"]
    monkeypatch.setattr(reach, "REMEMBERED_S", 0.0)
    known.reason("a", patience=10)
    assert asked == ["a", "b", "a"]


def test_a_page_does_not_wait_for_a_silent_network():
    silence = threading.Event()
    asked = []

    def hang(address):
        asked.append(address)
        silence.wait()
        return "gone"

    known = Reach(hang)
    assert known.reason("a", patience=0) == ""
    assert known.reason("a", patience=0) == ""
    silence.set()
    assert known.reason("a", patience=10) == "gone"
    assert asked == ["a"]


def test_what_was_known_holds_until_something_else_is_known(monkeypatch):
    silence = threading.Event()
    silence.set()
    known = Reach(lambda _: silence.wait() and "gone")
    assert known.reason("a", patience=10) == "gone"
    monkeypatch.setattr(reach, "REMEMBERED_S", 0.0)
    silence.clear()
    assert known.reason("a", patience=0) == "gone"
    silence.set()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, ""),
        (404, "its server answers 404 (Not Found)"),
        (503, "its server answers 503 (Service Unavailable)"),
        # Such a server may well answer the download itself.
        (405, ""),
        (501, ""),
    ],
)
def test_a_server_is_asked_for_the_head_alone(stand_in, status, reason):
    file = stand_in.offer("a.bin", CONTENT)
    stand_in.statuses["/a.bin"] = status
    assert ask(file.addresses[0]) == reason
    assert stand_in.requests == [("HEAD", "/a.bin", "")]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a", "http:///nowhere"])
def test_no_way_is_told_in_a_few_words(address):
    assert ask(address) == "there is no network, or it is blocked"


def test_only_the_web_is_asked():
    assert ask("file:///etc/passwd") == "its address is none of the web"


def test_it_is_known_why_a_set_cannot_be_downloaded(stand_in, monkeypatch):
    download = Download("Letters", (stand_in.offer("a.bin", CONTENT),))
    assert why_not(download, patience=10) == "there is no network, or it is blocked"
    monkeypatch.delenv(MIRROR)
    REACH.forget()
    assert why_not(download, patience=10) == ""


def test_a_download_goes_on_in_the_background(stand_in, online):
    stand_in.gate = threading.Event()
    download = Download("Letters", (stand_in.offer("a.bin", CONTENT),))
    assert jobs.current("letters") is None
    job = jobs.start("letters", download)
    assert job.standing == jobs.Standing("running", 0, 700_000)
    # A second person who asks for it watches the same one.
    assert jobs.start("letters", download) is job
    assert jobs.current("letters") is job
    stand_in.gate.set()
    assert job.wait(30) == jobs.Standing("done", 700_000, 700_000)
    assert job.standing.share == 1.0
    assert download.here


def test_a_download_that_fails_says_why_and_can_be_started_again(stand_in, online):
    download = Download("Letters", (stand_in.offer("a.bin", CONTENT),))
    stand_in.statuses["/a.bin"] = 404
    failed = jobs.start("failing", download).wait(30)
    assert failed.state == "failed"
    assert "answers 404" in failed.error
    stand_in.statuses.clear()
    assert jobs.start("failing", download).wait(30).state == "done"


def test_a_download_can_be_stopped_and_goes_on_there(stand_in, online):
    file = stand_in.offer("a.bin", CONTENT)
    stand_in.gate = threading.Event()
    job = jobs.start("stopping", Download("Letters", (file,)))
    job.stop()
    stand_in.gate.set()
    standing = job.wait(30)
    assert standing.state == "stopped"
    assert 0 < standing.done < 700_000
    stand_in.requests.clear()
    assert jobs.start("stopping", Download("Letters", (file,))).wait(30).state == "done"
    assert stand_in.requests[0][2].startswith("bytes=")
