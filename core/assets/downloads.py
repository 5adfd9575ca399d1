"""Fetching files from the network: with progress, checked, taken up again where it broke."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.assets.locking import locked
from core.assets.remote import (
    MIRROR,
    DownloadError,
    RemoteFile,
    host_of,
    megabytes,
    read_checked,
)

TIMEOUT_S = 20.0
"""Longest silence of a server, in seconds."""

ATTEMPTS = 4
"""How often a broken connection is taken up again before it is told."""

_CHUNK = 1 << 18
_SPARE_BYTES = 50_000_000

Progress = Callable[[int, int], None]
"""Is called with the bytes that are here and the bytes in all; may raise to stop."""


@dataclass(frozen=True, slots=True)
class Download:
    """All files of one thing, such as a data set.

    Attributes:
        title: its name, for messages.
        files: what has to be here.
    """

    title: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def here(self) -> bool:
        """Whether nothing has to be fetched any more."""
        return all(file.here for file in self.files)

    @property
    def host(self) -> str:
        """Where it comes from."""
        return host_of(self.files[0].sources()[0])

    def read(self) -> list[bytes]:
        """The files' contents, each checked.

        Raises:
            DownloadError: a file is not here, or is another one.
        """
        return [read_checked(file, self.title) for file in self.files]

    def fetch(self, progress: Progress | None = None) -> None:
        """Fetch what is not here; see `fetch_all`."""
        fetch_all(self, progress)


def fetch_all(download: Download, progress: Progress | None = None) -> None:
    """Fetch what is not here of a data set or a model.

    Args:
        download: the files.
        progress: told the bytes of all files together. What it raises ends the download.

    Raises:
        DownloadError: a file could not be fetched; what arrived of it is kept.
    """
    before = 0
    for file in download.files:
        fetch(file, _shifted(progress, before, download.size))
        before += file.size
        if progress:
            progress(before, download.size)


def fetch(file: RemoteFile, progress: Progress | None = None) -> Path:
    """Fetch one file, unless it is here.

    It grows beside its place, under a name that ends in `.part`, and moves there when its
    checksum is right; a broken download goes on where it stopped. Of two callers, in one
    process or in two, the second waits for the first.

    Args:
        file: what to fetch.
        progress: told how far it is. What it raises ends the download; the part stays.

    Returns:
        Where it lies now.

    Raises:
        DownloadError: it could not be fetched, or is not the file that it should be.
    """
    target = file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.with_name(f".{target.name}.lock")):
            if not (file.here and _sha256(target) == file.sha256):
                part = target.with_name(f"{target.name}.part")
                _check_room(file, part)
                _receive(file, part, progress or (lambda _, __: None))
                part.replace(target)
    # The network's errors are told apart where they arise; what is left is the disk's.
    except OSError as error:
        raise _no_writing(target, error) from error
    return target


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, _: progress(before + done, total)


def _check_room(file: RemoteFile, part: Path) -> None:
    free = shutil.disk_usage(part.parent).free
    needed = file.size - _length(part) + _SPARE_BYTES
    if free < needed:
        raise DownloadError(
            f"{file.name} needs {megabytes(needed)} in {part.parent}, where {megabytes(free)} "
            "are free. Make room, or set KERAS_HOME to another folder."
        )


def _receive(file: RemoteFile, part: Path, progress: Progress) -> None:
    """Fill the part from the first address that gives the right file."""
    failures = []
    for address in file.sources():
        try:
            _receive_from(address, file, part, progress)
        except DownloadError as error:
            failures.append(error)
        else:
            return
    raise failures[0]


def _receive_from(address: str, file: RemoteFile, part: Path, progress: Progress) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        if _length(part) > file.size:
            part.unlink()
        if _length(part) == file.size:
            break
        try:
            _append(address, file, part, progress)
        except (http.client.HTTPException, OSError) as error:
            if attempt == ATTEMPTS or _is_final(error):
                raise _told(error, address, file, _length(part)) from error
    if _length(part) < file.size:
        raise _broken(address, file, _length(part))
    _check_sum(address, file, part)


def _append(address: str, file: RemoteFile, part: Path, progress: Progress) -> None:
    """Take up the download at the end of the part, or at the start where the server wants."""
    begin = _length(part)
    headers = {"Accept-Encoding": "identity"}
    if begin:
        headers["Range"] = f"bytes={begin}-"
    with _opened(address, headers) as answer:
        begin = begin if answer.status == http.client.PARTIAL_CONTENT else 0
        length = answer.headers.get("Content-Length")
        if length is not None and begin + int(length) != file.size:
            raise _other_length(address, file, begin + int(length))
        with _writing(part, "ab" if begin else "wb") as out:
            for done in _copied(answer, out, begin):
                if done > file.size:
                    raise _other_length(address, file, done)
                progress(done, file.size)


def _writing(part: Path, mode: str) -> IO[bytes]:
    try:
        return part.open(mode)
    except OSError as error:  # not to be taken for one of the network
        raise _no_writing(part, error) from error


def _copied(answer: http.client.HTTPResponse, out: IO[bytes], begin: int) -> Iterator[int]:
    """Copy chunk by chunk; gives the length so far."""
    done = begin
    while chunk := answer.read(_CHUNK):
        try:
            out.write(chunk)
        except OSError as error:  # as above: a full disk
            raise _no_writing(Path(out.name), error) from error
        done += len(chunk)
        yield done


def _no_writing(path: Path, error: OSError) -> DownloadError:
    return DownloadError(
        f"{path} cannot be written ({error.strerror or error}). Make room, or set KERAS_HOME "
        "to a folder that can be written to."
    )


@contextlib.contextmanager
def _opened(address: str, headers: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise DownloadError(
            f"{address!r} is no address that data can come from. Let {MIRROR} begin with "
            "http:// or https://."
        )
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked above
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        raise
    with answer:
        yield answer


def _is_final(error: Exception) -> bool:
    """Whether asking once more would bring the same answer."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code < http.client.INTERNAL_SERVER_ERROR
    return isinstance(error, urllib.error.URLError)


def _told(error: Exception, address: str, file: RemoteFile, done: int) -> DownloadError:
    host = host_of(address)
    if isinstance(error, urllib.error.HTTPError):
        return DownloadError(
            f"{host} answers {error.code} ({error.reason}) when asked for {file.name}: it may "
            "have moved. What needs no download works meanwhile."
        )
    if done:
        return _broken(address, file, done)
    return DownloadError(unreachable(host, f"{file.name} ({megabytes(file.size)})"))


def unreachable(host: str, what: str) -> str:
    """What to say when there is no way to a machine."""
    return (
        f"{host} cannot be reached, so {what} cannot be fetched: there is no network, or it is "
        "blocked. What needs no download works meanwhile."
    )


def _broken(address: str, file: RemoteFile, done: int) -> DownloadError:
    return DownloadError(
        f"The connection to {host_of(address)} broke after {megabytes(done)} of "
        f"{megabytes(file.size)} of {file.name}. Start the download again: it goes on from "
        "there."
    )


def _other_length(address: str, file: RemoteFile, length: int) -> DownloadError:
    return DownloadError(
        f"{host_of(address)} sends {length:,} bytes as {file.name} instead of {file.size:,}: "
        "the file was changed, or a login page of the network stands in between."
    )


def _check_sum(address: str, file: RemoteFile, part: Path) -> None:
    found = _sha256(part)
    if found != file.sha256:
        part.unlink()
        raise DownloadError(
            f"What {host_of(address)} sent as {file.name} is not the file expected (SHA-256 "
            f"{found[:12]}..., expected {file.sha256[:12]}...) and was thrown away. Try again; "
            "if it stays so, the file was changed."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
