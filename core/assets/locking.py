"""A lock that holds between threads and between processes: an open file, locked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        while True:  # it gives up after ten seconds
            with contextlib.suppress(OSError):
                return msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock, and hold it.

    The file stays: whoever removed it might take it from under somebody who waits. Closing
    it lets go, so a process that dies holds nothing.

    Args:
        path: an empty file, made where there is none.

    Raises:
        OSError: the file cannot be made.
    """
    with path.open("ab") as stream:
        _lock(stream.fileno())
        yield
