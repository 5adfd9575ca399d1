"""Downloads in the background: one for each thing, watched by as many as like to."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal, Protocol

from core.assets.downloads import Progress
from core.assets.reach import REACH
from core.assets.remote import DownloadError

State = Literal["running", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a download is.

    Attributes:
        state: whether it runs, and how it ended.
        done: bytes that are here.
        total: bytes in all.
        error: why it failed, as a sentence; empty otherwise.
    """

    state: State
    done: int
    total: int
    error: str = ""

    @property
    def share(self) -> float:
        """How much is here, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 1.0


class Fetchable(Protocol):
    """What can be downloaded: the files of a data set, or weights."""

    @property
    def size(self) -> int:
        """Bytes in all."""

    def fetch(self, progress: Progress | None = None) -> None:
        """Bring what is not here; raises `DownloadError`."""


class _StoppedError(Exception):
    """Somebody has stopped the download."""


class Job:
    """One download in a thread of its own. Nothing in it waits for a page."""

    def __init__(self, download: Fetchable) -> None:
        self._download = download
        self._standing = Standing("running", 0, download.size)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def standing(self) -> Standing:
        """How far it is."""
        return self._standing

    def start(self) -> None:
        """Begin; call once."""
        self._thread.start()

    def stop(self) -> None:
        """End it soon; what has arrived is kept for the next time."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> Standing:
        """Wait until it has ended, or for `timeout` seconds; gives how far it is."""
        self._thread.join(timeout)
        return self._standing

    def _run(self) -> None:
        try:
            self._download.fetch(self._note)
        except DownloadError as error:
            REACH.forget()
            self._end("failed", str(error))
        except _StoppedError:
            self._end("stopped")
        # Without this the page would wait for ever; the text is all that anybody gets to see.
        except Exception as error:
            self._end("failed", f"{type(error).__name__}: {error}")
            raise
        else:
            self._end("done")

    def _note(self, done: int, total: int) -> None:
        self._standing = Standing("running", done, total)
        if self._stop.is_set():
            raise _StoppedError

    def _end(self, state: State, error: str = "") -> None:
        self._standing = Standing(state, self._standing.done, self._standing.total, error)


_JOBS: dict[str, Job] = {}
_LOCK = threading.Lock()


def start(slug: str, download: Fetchable) -> Job:
    """Begin a download, or give the one that runs already under this name."""
    with _LOCK:
        job = _JOBS.get(slug)
        if job is None or job.standing.state != "running":
            job = _JOBS[slug] = Job(download)
            job.start()
        return job


def current(slug: str) -> Job | None:
    """The latest download under this name, running or ended; None before the first."""
    return _JOBS.get(slug)
