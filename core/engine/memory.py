"""Memory of a worker between two pieces of work."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Give back to the system what is not in use; where its C library can (glibc)."""
    gc.collect()  # a network and its compiled steps refer to each other
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
