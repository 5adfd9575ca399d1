"""What happens once, when the server starts: warm imports, frozen out of garbage collection."""

from __future__ import annotations

import gc
import importlib

import streamlit as st

WARM = (
    "core.export.convolution_code",
    "core.lessons.convolution",
    "core.lessons.pixels",
    "core.presets",
    "cv2",
    "pandas",
    "segno",
)
"""What the pages need at once; they would import it at the first visit anyway."""


@st.cache_resource(show_spinner=False)
def warm_up() -> bool:
    """Import what pages need, then keep it out of every later collection.

    Streamlit collects garbage after each rerun; walking the imported modules then costs more
    than the page itself (95 ms against 16 ms of CPU, measured).
    """
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    return True
