"""Zip archives from outside: checked before anything is unpacked, and again while reading.

Their directory may lie, so what it states is not enough.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from core.data.dataset import DataError
from core.images.decode import MAX_BYTES

MAX_TOTAL_BYTES = 200_000_000
"""Most bytes of one upload: as it arrives, and again unpacked."""

MAX_ENTRIES = 20_000
"""Most entries of a zip, with its folders and whatever an operating system adds."""

MAX_RATIO = 100
"""Largest ratio of unpacked to packed bytes; pictures are packed already and reach about 1."""

_RATIO_FREE_BYTES = 10_000_000
"""A small drawing may well shrink a thousandfold; below this size that harms nobody."""

_CHUNK = 1 << 20
_DIRECTORY_SIGNATURE = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


class UploadError(DataError):
    """An upload that makes no data set; its text is meant for the person at the page."""


class UnreadableError(Exception):
    """One picture that cannot be used; the others can. The text is the reason."""


def check_arrived(length: int) -> None:
    """Refuse an upload that is too large as it comes.

    Raises:
        UploadError: it has more than `MAX_TOTAL_BYTES`.
    """
    if length > MAX_TOTAL_BYTES:
        most = megabytes_up(MAX_TOTAL_BYTES)
        raise UploadError(
            f"The upload has {megabytes_up(length)} MB; at most {most} MB work. Use fewer or "
            "smaller pictures."
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a picture, a mask or a list of boxes.

    Attributes:
        path: as it came.
        read: gives its bytes.
    """

    path: str
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The path, as it fits into a sentence."""
        return shown("/".join(parts_of(self.path)))


@contextmanager
def candidates(data: bytes) -> Iterator[tuple[list[Candidate], int]]:
    """The files of an archive, and how many of its entries are links or devices.

    They can be read within the `with` statement alone.

    Args:
        data: the archive, at most `MAX_TOTAL_BYTES`.

    Raises:
        UploadError: it is broken, locked, hostile or too large.
    """
    check_arrived(len(data))
    with open_zip(data) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        check_entries(entries)
        files = [
            Candidate(entry.filename, partial(read_entry, archive, entry))
            for entry in entries
            if not is_special(entry)
        ]
        yield files, len(entries) - len(files)


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open an archive; no entry of it is read.

    Raises:
        UploadError: it is no archive, or has far too many entries.
    """
    # Every entry of the directory begins with this signature, whatever number of entries the
    # archive states: counting it bounds the memory that opening takes.
    count = data.count(_DIRECTORY_SIGNATURE)
    if count > MAX_ENTRIES:
        raise UploadError(
            f"The zip has about {count:,} entries; at most {MAX_ENTRIES:,} work. "
            "Use fewer files."
        )
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    # A broken directory raises BadZipFile, struct.error, OverflowError, UnicodeDecodeError,
    # NotImplementedError...: a list of types would be wrong with the next release.
    except Exception as error:
        raise UploadError(
            f"The file ({len(data):,} bytes) is no zip archive, or it is damaged. Pack the "
            "folders again as .zip and try again."
        ) from error


def check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse by the directory alone; nothing is unpacked here."""
    escaping = next((entry for entry in entries if _escapes(entry)), None)
    if escaping is not None:
        raise UploadError(
            f"The zip has an entry that points outside of it ({shown(escaping.filename)!r}). "
            "Pack the folders again, without absolute paths and without '..'."
        )
    locked = sum(bool(entry.flag_bits & _ENCRYPTED) for entry in entries)
    if locked:
        raise UploadError(
            f"{locked:,} of {len(entries):,} files in the zip are locked by a password. Pack "
            "them again without one."
        )
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_TOTAL_BYTES:
        raise UploadError(
            f"The zip unpacks to {megabytes_up(unpacked)} MB; at most "
            f"{megabytes_up(MAX_TOTAL_BYTES)} MB work. Use fewer or smaller pictures."
        )
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > _RATIO_FREE_BYTES and unpacked > MAX_RATIO * packed:
        raise UploadError(
            f"The zip unpacks {packed:,} bytes to {unpacked:,}, more than {MAX_RATIO} times as "
            "many: pictures do not do that. Pack JPEG or PNG pictures."
        )


def _escapes(entry: zipfile.ZipInfo) -> bool:
    """Whether the name is an absolute path or climbs up; with slashes of either kind."""
    # `orig_filename` still has what Python cuts off behind a null byte.
    name = entry.orig_filename.replace("\\", "/")
    return name.startswith("/") or bool(re.match(r"[A-Za-z]:", name)) or ".." in name.split("/")


def is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry may be a picture of a class."""
    return names_a_picture(entry.filename) and not is_special(entry)


def names_a_picture(path: str) -> bool:
    """Whether a path leads to a file in a folder that no operating system has added."""
    parts = parts_of(path)
    return len(parts) > 1 and bool(parts[-2]) and is_visible(path)


def is_visible(path: str) -> bool:
    """Whether a file is neither hidden, nor added by an operating system, nor an archive."""
    parts = parts_of(path)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    archive = parts[-1:] and parts[-1].lower().endswith((".zip", ".gz", ".tar", ".7z", ".rar"))
    return bool(parts) and not hidden and not archive


def is_special(entry: zipfile.ZipInfo) -> bool:
    """Whether a Unix archiver stored a link or a device; the upper half holds `st_mode`."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind not in (0, stat.S_IFREG)


def parts_of(path: str) -> list[str]:
    """Folders and name of a path, with slashes of either kind, fit for the screen."""
    parts = path.replace("\\", "/").split("/")
    return [cleaned(part) for part in parts if part not in ("", ".")]


def folder_of(path: str) -> str:
    """The folder that a file lies in: the class of a picture."""
    return parts_of(path)[-2]


def cleaned(name: str) -> str:
    """A name fit for the screen: macOS stores accents apart, and a name may hide controls."""
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(c for c in composed if unicodedata.category(c)[0] != "C")
    return visible.strip()[:60]


def shown(name: str) -> str:
    """A name as it fits into a sentence."""
    return name if len(name) <= 60 else name[:57] + "..."


def read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most_bytes: int = MAX_BYTES
) -> bytes:
    """Unpack one file, chunk by chunk; stop when it has more than its header states.

    Raises:
        UnreadableError: it is larger than `most_bytes`, damaged, or packed otherwise.
    """
    if entry.compress_type not in _METHODS:
        # bzip2 and LZMA unpack without a limit on what one chunk may become.
        raise UnreadableError("It is packed by a method other than Deflate.")
    if entry.file_size > most_bytes:
        raise UnreadableError(f"It has {entry.file_size:,} bytes; at most {most_bytes:,} work.")
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                if len(content) > entry.file_size:
                    raise UnreadableError("It is larger than the zip states.")
    # RuntimeError: the local header says encrypted although the directory does not.
    except (*_BROKEN, RuntimeError) as error:
        raise UnreadableError("It is damaged in the zip.") from error
    return bytes(content)


def megabytes_up(count: int) -> str:
    """Megabytes, rounded up so that a number over a limit never reads as the limit."""
    return f"{-(-count // 10**6):,}"
