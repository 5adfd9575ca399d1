"""Memory of a process between two pieces of work."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back(*, collect: bool = True) -> None:
    """Give back to the system what is not in use; where its C library can (glibc).

    Args:
        collect: first look for what is only referred to in circles, such as a network and its
            compiled steps. No thread of the process runs meanwhile.
    """
    if collect:
        gc.collect()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
