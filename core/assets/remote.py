"""Files of the network: where they come from, and where they are kept once they are here.

They are kept where Keras itself looks for them: a script that calls
`keras.datasets.mnist.load_data()` finds what was fetched here, and what such a script has
fetched is found here. TensorFlow and Keras are not needed for that, only their addresses, file
names and checksums.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

MIRROR = "RECEPTIVE_DATA_MIRROR"
"""Environment variable: an address whose folder holds all files, asked instead of theirs."""


class DownloadError(ValueError):
    """A file that could not be fetched; its text is meant for the person at the page."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file, known to the last bit.

    Attributes:
        addresses: where it is, the first choice first.
        place: its path below the shelf, with slashes.
        size: its length in bytes.
        sha256: 64 hexadecimal digits.
        shelf: the folder in Keras' own: "datasets", or "models" for weights.
    """

    addresses: tuple[str, ...]
    place: str
    size: int
    sha256: str
    shelf: str = "datasets"

    @property
    def name(self) -> str:
        """What the file is called where it comes from."""
        return urllib.parse.urlsplit(self.addresses[0]).path.rpartition("/")[2]

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return keras_home() / self.shelf / self.place

    @property
    def here(self) -> bool:
        """Whether a file of this length lies there that was not refused on reading."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        return found.st_size == self.size and (self.path, found.st_mtime_ns) not in _REFUSED

    def sources(self) -> tuple[str, ...]:
        """The addresses to ask, in turn."""
        mirror = os.environ.get(MIRROR, "")
        if not mirror:
            return self.addresses
        return (f"{mirror.rstrip('/')}/{self.name}",)


def keras_home() -> Path:
    """Keras' folder: `KERAS_HOME`, or `.keras` at home, or below `/tmp` where neither works."""
    stated = os.environ.get("KERAS_HOME")
    home = Path(stated).expanduser() if stated else Path.home() / ".keras"
    with contextlib.suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
    if os.access(home, os.W_OK):
        return home
    fallback = Path("/tmp")  # noqa: S108 - the very place that Keras falls back to
    return (fallback if fallback.is_dir() else Path(tempfile.gettempdir())) / ".keras"


def host_of(address: str) -> str:
    """The name of the machine in an address."""
    return urllib.parse.urlsplit(address).hostname or address


def megabytes(count: int) -> str:
    """Bytes as megabytes for the screen, never 0.

    Example:
        >>> megabytes(170_498_071), megabytes(29_515)
        ('170 MB', '0.03 MB')
    """
    value = count / 1e6
    return f"{value:.0f} MB" if value >= 10 else f"{max(value, 0.01):.2g} MB"


def read_checked(file: RemoteFile, title: str) -> bytes:
    """A file's content, checked.

    Args:
        file: which one.
        title: what it belongs to, for messages.

    Raises:
        DownloadError: it is not here, or is another one.
    """
    try:
        content = file.path.read_bytes()
    except OSError as error:
        raise DownloadError(
            f"{title} is not here yet: {megabytes(file.size)} have to be downloaded. Download "
            "it, or choose another one."
        ) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        _REFUSED.add((file.path, file.path.stat().st_mtime_ns))
        raise DownloadError(
            f"The file {file.shelf}/{file.place} in Keras' folder is not the one expected: its "
            f"checksum is off. Download {title} again, or choose another one."
        )
    return content


_REFUSED: set[tuple[Path, int]] = set()
"""Files of the right length with another content, and when they were written."""
