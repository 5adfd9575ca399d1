"""Networks whose weights come from a hub: fetched beside the answers, not before them."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Literal

from core.assets.remote import keras_home
from core.vision.worker.networks import kept, network
from core.zoo.entry import ZooError

State = Literal["running", "done", "failed"]


@dataclass(slots=True)
class _Fetch:
    """One network on its way.

    Attributes:
        state: how far it is.
        error: why it failed, as a sentence.
        begun: when, in seconds since 1970, as files have it.
    """

    state: State = "running"
    error: str = ""
    begun: float = field(default_factory=time)


_fetches: dict[str, _Fetch] = {}
_lock = threading.Lock()


def standing(slug: str, again: bool = False) -> tuple[State, int, str]:
    """Have a network fetched and loaded, and say how far that is.

    Args:
        slug: of the zoo.
        again: whether to begin anew where it has failed.

    Returns:
        The state, the bytes that have come so far, and why it failed.
    """
    with _lock:
        known = _fetches.get(slug)
        lost = known is not None and known.state == "done" and slug not in kept()
        if known is None or lost or (again and known.state == "failed"):
            known = _fetches[slug] = _Fetch()
            threading.Thread(target=_bring, args=(slug, known), daemon=True).start()
    return known.state, _arrived(known.begun) if known.state == "running" else 0, known.error


def _bring(slug: str, fetch: _Fetch) -> None:
    try:
        network(slug)
    except ZooError as error:
        fetch.error, fetch.state = str(error), "failed"
    # Without this everybody would wait for ever.
    except Exception as error:
        fetch.error, fetch.state = f"{type(error).__name__}: {error}", "failed"
        raise
    else:
        fetch.state = "done"


def _arrived(since: float) -> int:
    """Bytes of the files that have grown in the hubs' folders since a moment."""
    arrived = 0
    for folder in _folders():
        for path in folder.rglob("*"):
            try:
                stat = path.stat()
            except OSError:  # renamed meanwhile
                continue
            if path.is_file() and stat.st_mtime >= since:
                arrived += stat.st_size
    return arrived


def _folders() -> tuple[Path, ...]:
    """Where Keras and Kaggle put what they fetch."""
    kaggle = os.environ.get("KAGGLEHUB_CACHE") or Path.home() / ".cache" / "kagglehub"
    return keras_home() / "models", Path(kaggle)
