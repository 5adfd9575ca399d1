"""Files made for a download stay until the browser has had time to fetch them.

Streamlit (1.67) makes a file when its button is pressed, sends its address, and lets go of it
after the next two script runs of whatever session. With a page that refreshes itself, or with
twenty people at their sliders, that can be sooner than the browser asks for it: the download
fails.
"""

from __future__ import annotations

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
            place = f"held-{next(_numbers)}"
            keep = threading.Thread(target=_keep, args=(data, mimetype, name, place))
            let_go = threading.Timer(seconds, _keep, (b"", "text/plain", "", place))
            let_go.daemon = True
            # Whoever presses the button does so in a thread that belongs to no session.
            for thread in (keep, let_go):
                add_script_run_ctx(thread, session)
                thread.start()
            keep.join()
        return data

    return made


def _keep(data: bytes, mimetype: str, name: str, place: str) -> None:
    """Keep a file as Streamlit will store it, instead of what was kept at this place."""
    if not runtime.exists():  # the app has ended meanwhile
        return
    files = runtime.get_instance().media_file_mgr
    files.add(data, mimetype, place, file_name=name or None, is_for_static_download=True)
