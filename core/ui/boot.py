"""What happens once, when the server starts: mends, and warm imports, never collected."""

from __future__ import annotations

import gc
import importlib
import threading

import streamlit as st

from core.engine.memory import few_arenas
from core.ui import references, sending

AT_ONCE = (
    "core.export.convolution_code",
    "core.lessons.convolution",
    "core.lessons.pixels",
    "core.presets",
)
"""What the first page needs anyway."""
LATER = ("nbformat", "pandas", "plotly.graph_objects", "scipy.sparse")
"""What a view may need: imported when the first page stands, so that it stands sooner."""
_PAUSE = 4.0
"""Seconds until then."""


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Import what pages need and keep it out of every later collection.

    Streamlit collects garbage after each rerun; walking the imported modules then costs more
    than the page itself (95 ms against 16 ms of CPU, measured).
    """
    few_arenas()
    sending.mend()
    references.mend()
    load(AT_ONCE)
    later = threading.Timer(_PAUSE, load, args=(LATER,))
    later.daemon = True
    later.start()
    return later


def load(modules: tuple[str, ...]) -> None:
    """Import the modules, then freeze everything that is there."""
    for name in modules:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
