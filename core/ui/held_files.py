"""What a download needs stays until the browser has had time to ask for it.

Streamlit (1.67) makes a file when its button is pressed, sends its address, and lets go of it
after the next two script runs of whatever session. With a page that refreshes itself, or with
twenty people at their sliders, that can be sooner than the browser asks for it: the download
fails. What a session holds goes sooner: with the next run of its whole page. Likewise each
drawing of a button has a name of its own, under which Streamlit knows how to make the file; a
click on a button that is just being drawn anew comes with the name from before, which is
forgotten as soon as any session's run ends. So each file, and each such name, has an owner of
its own, who is no session.
"""

from __future__ import annotations

import copy
import heapq
import itertools
import threading
import time
from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

SECONDS = 60.0
"""How long a file stays."""

_numbers = itertools.count()
_due: list[tuple[float, str]] = []
"""When which owner lets go, the next one first."""
_due_lock = threading.Lock()


def held(
    make: Callable[[], bytes | str], mimetype: str, name: str, seconds: float = SECONDS
) -> Callable[[], bytes]:
    """A maker of the same file that keeps what it has made for a while.

    Args:
        make: gives the file's content.
        mimetype: of the file; the button has to be given the same.
        name: of the file; likewise.
        seconds: how long it is kept.
    """
    session = get_script_run_ctx(suppress_warning=True)

    def made() -> bytes:
        content = make()
        data = content.encode() if isinstance(content, str) else content
        if session is not None and runtime.exists():
            owner = copy.copy(session)
            owner.session_id = _new_owner()
            # Whoever presses the button does so in a thread that belongs to no session.
            keep = threading.Thread(target=_keep, args=(data, mimetype, name))
            add_script_run_ctx(keep, owner)
            keep.start()
            keep.join()
            _let_go_later(owner.session_id, seconds)
        return data

    return made


def _keep(data: bytes, mimetype: str, name: str) -> None:
    """Keep a file as Streamlit will store it, for the owner that this thread belongs to."""
    if runtime.exists():
        files = runtime.get_instance().media_file_mgr
        files.add(data, mimetype, "", file_name=name or None, is_for_static_download=True)


def hold_button(made: Callable[[], bytes], seconds: float = SECONDS) -> None:
    """Let a button that was just drawn answer for a while, whatever is drawn in its place.

    Args:
        made: the maker that the button was given.
        seconds: how long a click may be on its way.
    """
    if not runtime.exists():
        return
    files = runtime.get_instance().media_file_mgr
    owner = _new_owner()
    with files._lock:
        named = {
            name: name
            for name, entry in files._deferred_callables.items()
            if entry["callable"] is made
        }
        if named:
            files._files_by_session_and_coord[owner].update(named)
    if named:
        _let_go_later(owner, seconds)


def _new_owner() -> str:
    return f"held-{next(_numbers)}"


def _let_go_later(owner: str, seconds: float) -> None:
    """One thread waits for all of them: a slider that is dragged draws buttons by the dozen."""
    with _due_lock:
        heapq.heappush(_due, (time.monotonic() + seconds, owner))
        if _due[0][1] == owner:
            _wake(seconds)


def _let_go_of_due() -> None:
    now = time.monotonic()
    with _due_lock:
        over = []
        while _due and _due[0][0] <= now:
            over.append(heapq.heappop(_due)[1])
        if _due:
            _wake(_due[0][0] - now)
    if runtime.exists():  # else the app has ended meanwhile
        files = runtime.get_instance().media_file_mgr
        for owner in over:
            files.clear_session_refs(owner)


def _wake(seconds: float) -> None:
    timer = threading.Timer(seconds, _let_go_of_due)
    timer.daemon = True
    timer.start()
