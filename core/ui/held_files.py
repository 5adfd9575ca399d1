"""Files made for a download stay until the browser has had time to fetch them.

Streamlit (1.67) makes a file when its button is pressed, sends its address, and lets go of it
after the next two script runs of whatever session. With a page that refreshes itself, or with
twenty people at their sliders, that can be sooner than the browser asks for it: the download
fails. What a session holds goes sooner: with the next run of its whole page. So each file has
an owner of its own, who is no session.
"""

from __future__ import annotations

import copy
import itertools
import threading
from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

SECONDS = 60.0
"""How long a file stays."""

_numbers = itertools.count()


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
            owner.session_id = f"held-{next(_numbers)}"
            # Whoever presses the button does so in a thread that belongs to no session.
            keep = threading.Thread(target=_keep, args=(data, mimetype, name))
            add_script_run_ctx(keep, owner)
            keep.start()
            keep.join()
            let_go = threading.Timer(seconds, _let_go, (owner.session_id,))
            let_go.daemon = True
            let_go.start()
        return data

    return made


def _keep(data: bytes, mimetype: str, name: str) -> None:
    """Keep a file as Streamlit will store it, for the owner that this thread belongs to."""
    if runtime.exists():
        files = runtime.get_instance().media_file_mgr
        files.add(data, mimetype, "", file_name=name or None, is_for_static_download=True)


def _let_go(owner: str) -> None:
    if runtime.exists():  # else the app has ended meanwhile
        runtime.get_instance().media_file_mgr.clear_session_refs(owner)
