"""A file made for a download is there when the browser asks for it."""

import threading
import time
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from core.ui import held_files
from core.ui.held_files import held, hold_button


@pytest.fixture
def storage(monkeypatch):
    storage = MemoryMediaFileStorage("/media")
    server = SimpleNamespace(media_file_mgr=MediaFileManager(storage))
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    session = SimpleNamespace(
        session_id="a session", pages_manager=SimpleNamespace(main_script_hash="")
    )
    monkeypatch.setattr(held_files, "get_script_run_ctx", lambda **_: session)
    return storage


def pressed(make, mimetype="text/csv", name="run.csv"):
    """What Streamlit does where a button is pressed: the name of the stored file."""
    files = runtime.get_instance().media_file_mgr
    address = files.execute_deferred(files.add_deferred(make, mimetype, "0.1", name))
    return address.removeprefix("/media/")


def busy_hall(runs=5):
    """Script runs of other sessions end."""
    for _ in range(runs):
        runtime.get_instance().media_file_mgr.remove_orphaned_files()


def test_streamlit_alone_lets_go_of_it(storage):
    """Should this ever fail, `held_files` is no longer needed."""
    file = pressed(lambda: b"epoch,loss")
    busy_hall()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(file)


@pytest.mark.parametrize("content", [b"epoch,loss", "epoch,loss \N{EN DASH} one"])
def test_a_held_file_outlives_the_runs_of_others(storage, content):
    file = pressed(held(lambda: content, "text/csv", "run.csv"))
    pressed(held(lambda: b"another", "text/plain", "other.txt"), "text/plain", "other.txt")
    busy_hall()
    data = content.encode() if isinstance(content, str) else content
    assert storage.get_file(file).content == data


def test_a_held_file_outlives_the_runs_of_the_whole_page(storage):
    """Each of them lets go of all that the session holds."""
    file = pressed(held(lambda: b"epoch,loss", "text/csv", "run.csv"))
    for _ in range(3):
        runtime.get_instance().media_file_mgr.clear_session_refs("a session")
        busy_hall()
    assert storage.get_file(file).content == b"epoch,loss"


def drawn(made, mimetype="text/csv", name="run.csv"):
    """What Streamlit does where a button is drawn: the name that a click will come with."""
    return runtime.get_instance().media_file_mgr.add_deferred(made, mimetype, "0.1", name)


def test_streamlit_alone_forgets_the_button_from_before(storage):
    """Should this ever fail, `hold_button` is no longer needed."""
    clicked = drawn(lambda: b"epoch,loss")
    drawn(lambda: b"epoch,loss")
    busy_hall(runs=1)
    with pytest.raises(MediaFileStorageError, match="not found"):
        runtime.get_instance().media_file_mgr.execute_deferred(clicked)


def test_a_click_on_a_button_that_is_being_drawn_anew_brings_its_file(storage):
    made = held(lambda: b"epoch,loss", "text/csv", "run.csv")
    clicked = drawn(made)
    hold_button(made)
    for _ in range(3):
        again = held(lambda: b"another", "text/csv", "run.csv")
        drawn(again)
        hold_button(again)
        busy_hall()
    address = runtime.get_instance().media_file_mgr.execute_deferred(clicked)
    assert storage.get_file(address.removeprefix("/media/")).content == b"epoch,loss"


def test_a_button_is_forgotten_in_the_end(storage):
    def wait_for(seconds):
        made = held(lambda: b"epoch,loss", "text/csv", "run.csv")
        clicked = drawn(made)
        hold_button(made, seconds)
        return clicked

    files = runtime.get_instance().media_file_mgr
    long, short = wait_for(60), wait_for(0.01)
    drawn(lambda: b"in their place")
    end = time.monotonic() + 20
    while time.monotonic() < end and short in files._deferred_callables:
        busy_hall()
        time.sleep(0.02)
    assert short not in files._deferred_callables
    assert long in files._deferred_callables


def test_hundreds_of_buttons_cost_no_thread_each(storage):
    before = threading.active_count()
    for _ in range(300):
        made = held(lambda: b"epoch,loss", "text/csv", "run.csv")
        drawn(made)
        hold_button(made)
    assert threading.active_count() <= before + 2


def test_it_goes_in_the_end(storage):
    file = pressed(held(lambda: b"epoch,loss", "text/csv", "run.csv", seconds=0.01))
    end = time.monotonic() + 20
    while time.monotonic() < end:
        busy_hall()
        try:
            storage.get_file(file)
        except MediaFileStorageError:
            return
        time.sleep(0.02)
    pytest.fail("the file is still there")


def test_a_failure_to_make_it_is_told_as_ever(storage):
    def fails():
        raise ValueError("no numbers")

    with pytest.raises(MediaFileStorageError, match="no numbers"):
        pressed(held(fails, "text/csv", "run.csv"))


def test_an_app_that_has_ended_holds_nothing_and_says_nothing(storage, monkeypatch):
    """A timer that goes off then would print its error under the shell's prompt."""
    told = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    pressed(held(lambda: b"epoch,loss", "text/csv", "run.csv", seconds=0.3))
    monkeypatch.undo()
    monkeypatch.setattr(threading, "excepthook", told.append)
    for timer in threading.enumerate():
        if isinstance(timer, threading.Timer) and timer.interval <= 0.3:
            timer.join(20)
    assert not told
