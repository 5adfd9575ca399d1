"""Memory of a process: what it gives back between two pieces of work, how it is laid out."""

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


_M_ARENA_MAX = -8
ARENAS = 2
"""Places from which the threads of a process take memory, where glibc decides."""


def few_arenas(count: int = ARENAS) -> None:
    """Let all threads take their memory from a few places; where the C library can (glibc).

    It has up to eight for each core otherwise, and gives each new thread the one that was used
    least lately. Streamlit begins a thread for each rerun: what stays of one, such as the
    events of a run, then keeps a whole region from being given back or used by another thread.

    Args:
        count: how many; those that are there already stay.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, count)
