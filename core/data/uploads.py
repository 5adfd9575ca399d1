"""Own pictures as a data set: a zip with a folder for each class, or files with class names.

Nothing is ever written to the disk, so that no path in an archive can lead anywhere. What an
archive states of itself is checked before anything is unpacked, and again while reading: its
directory may lie.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import PIL.Image

from core.data.dataset import DataError, Dataset
from core.data.resizing import fitted
from core.images import ImageError, decode_image
from core.images.decode import FORMATS, MAX_BYTES

MAX_IMAGES = 5_000
"""Most pictures of one upload."""

MAX_TOTAL_BYTES = 200_000_000
"""Most bytes of one upload: as it arrives, and again unpacked."""

MAX_ENTRIES = 20_000
"""Most entries of a zip, with its folders and whatever an operating system adds."""

MAX_RATIO = 100
"""Largest ratio of unpacked to packed bytes; pictures are packed already and reach about 1."""

MAX_PIXELS = 2_000_000_000
"""Most pixels that are decoded for one upload: 200 MB of photos have about half of them."""

MAX_ARRAY_BYTES = 400_000_000
"""Most bytes that the resized pictures may take together."""

MAX_CLASSES = 100
"""Most classes of one upload."""

SMALLEST_SIDE, LARGEST_SIDE = 8, 256
"""Bounds of the side that pictures are resized to, in pixels."""

_RATIO_FREE_BYTES = 10_000_000
"""A small drawing may well shrink a thousandfold; below this size that harms nobody."""

_CHUNK = 1 << 20
_DIRECTORY_SIGNATURE = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


class UploadError(DataError):
    """An upload that makes no data set; its text is meant for the person at the page."""


class _UnreadableError(Exception):
    """One picture that cannot be used; the others can. The text is the reason."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that should have been a picture and could not be used, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of an upload.

    Attributes:
        dataset: the pictures that could be read.
        skipped: the files that could not, in the upload's order.
        ignored: number of files that were never meant as pictures of a class: hidden files,
            what operating systems add, links, archives, and files outside of any folder.
    """

    dataset: Dataset
    skipped: tuple[Skipped, ...]
    ignored: int

    @property
    def report(self) -> str:
        """What was read and what was not, as one sentence."""
        classes = len(self.dataset.class_names)
        text = f"{len(self.dataset):,} pictures in {classes} classes"
        if self.skipped:
            text += f"; {len(self.skipped):,} could not be read (the first: "
            text += f"{self.skipped[0].name})"
        if self.ignored:
            text += f"; {self.ignored:,} other files were ignored"
        return text + "."


@dataclass(frozen=True, slots=True)
class _Item:
    """A file on its way in: its class, its name, and how to get its bytes."""

    class_name: str
    name: str
    read: Callable[[], bytes]


def read_zip(data: bytes, side: int) -> Upload:
    """Read a zip with a folder for each class.

    The class of a picture is the folder that it lies in: `cats/1.jpg` and
    `photos/train/cats/1.jpg` are both of the class "cats". File names say nothing else: the
    bytes decide what is a picture. Hidden files, `__MACOSX`, links, archives within the
    archive and files outside of any folder are ignored.

    Args:
        data: the archive, at most `MAX_TOTAL_BYTES`.
        side: height and width that every picture is resized to, in pixels, `SMALLEST_SIDE`
            to `LARGEST_SIDE`; the proportions are not kept.

    Returns:
        Images (n, side, side, 3) uint8, RGB; the classes in alphabetical order.

    Raises:
        UploadError: the archive is broken, locked, hostile or too large, or fewer than two
            classes or fewer than two pictures of a class could be read.
    """
    _check_side(side)
    _check_arrived(len(data))
    with _open_zip(data) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check_entries(entries)
        wanted = [entry for entry in entries if _is_wanted(entry)]
        items = [
            _Item(_folder(entry), entry.filename, partial(_read, archive, entry))
            for entry in wanted
        ]
        return _build(items, side, ignored=len(entries) - len(wanted))


def read_files(files: Sequence[tuple[str, bytes]], side: int) -> Upload:
    """Make a data set of single files.

    Args:
        files: class name and bytes of each picture, at most `MAX_TOTAL_BYTES` together.
        side: as in `read_zip`.

    Returns:
        Images (n, side, side, 3) uint8, RGB; the classes in alphabetical order.

    Raises:
        UploadError: too many or too large files, a class without a name, or fewer than two
            classes or fewer than two pictures of a class could be read.
    """
    _check_side(side)
    _check_arrived(sum(len(content) for _, content in files))
    items = [
        _Item(_clean(name), f"file {number}", partial(bytes, content))
        for number, (name, content) in enumerate(files, start=1)
    ]
    nameless = sum(not item.class_name for item in items)
    if nameless:
        raise UploadError(f"{nameless:,} files have no class. Give every file a class name.")
    return _build(items, side, ignored=0)


def _check_side(side: int) -> None:
    if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise UploadError(
            f"side {side} is out of bounds. Use {SMALLEST_SIDE} to {LARGEST_SIDE} pixels."
        )


def _check_arrived(length: int) -> None:
    if length > MAX_TOTAL_BYTES:
        raise UploadError(
            f"The upload has {_megabytes(length)} MB; at most {_megabytes(MAX_TOTAL_BYTES)} MB "
            "work. Use fewer or smaller pictures."
        )


def _open_zip(data: bytes) -> zipfile.ZipFile:
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


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse by the directory alone; nothing is unpacked here."""
    escaping = next((entry for entry in entries if _escapes(entry)), None)
    if escaping is not None:
        raise UploadError(
            f"The zip has an entry that points outside of it ({_shown(escaping.filename)!r}). "
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
            f"The zip unpacks to {_megabytes(unpacked)} MB; at most "
            f"{_megabytes(MAX_TOTAL_BYTES)} MB work. Use fewer or smaller pictures."
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


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    parts = _parts(entry)
    if len(parts) < 2 or not parts[-2]:
        return False
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    archive = parts[-1].lower().endswith((".zip", ".gz", ".tar", ".7z", ".rar"))
    return not hidden and not archive and not _is_special(entry)


def _is_special(entry: zipfile.ZipInfo) -> bool:
    """Whether a Unix archiver stored a link or a device; the upper half holds `st_mode`."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind not in (0, stat.S_IFREG)


def _parts(entry: zipfile.ZipInfo) -> list[str]:
    parts = entry.filename.replace("\\", "/").split("/")
    return [_clean(part) for part in parts if part not in ("", ".")]


def _folder(entry: zipfile.ZipInfo) -> str:
    return _parts(entry)[-2]


def _clean(name: str) -> str:
    """A name fit for the screen: macOS stores accents apart, and a name may hide controls."""
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(c for c in composed if unicodedata.category(c)[0] != "C")
    return visible.strip()[:60]


def _shown(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "..."


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack one file, chunk by chunk; stop when it has more than its header states."""
    if entry.compress_type not in _METHODS:
        # bzip2 and LZMA unpack without a limit on what one chunk may become.
        raise _UnreadableError("It is packed by a method other than Deflate.")
    if entry.file_size > MAX_BYTES:
        raise _UnreadableError(f"It has {entry.file_size:,} bytes; at most {MAX_BYTES:,} work.")
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                if len(content) > entry.file_size:
                    raise _UnreadableError("It is larger than the zip states.")
    # RuntimeError: the local header says encrypted although the directory does not.
    except (*_BROKEN, RuntimeError) as error:
        raise _UnreadableError("It is damaged in the zip.") from error
    return bytes(content)


def _build(items: Sequence[_Item], side: int, *, ignored: int) -> Upload:
    _check_count(len(items), side)
    # One array from the start: stacking a list would hold every picture twice.
    images = np.empty((len(items), side, side, 3), np.uint8)
    kept: list[str] = []
    skipped: list[Skipped] = []
    pixels = 0
    for item in items:
        try:
            content = item.read()
            pixels += _stated_pixels(content)
            _check_pixels(pixels)
            images[len(kept)] = fitted(decode_image(content), side)
        except (_UnreadableError, ImageError) as error:
            skipped.append(Skipped(_shown(_clean(item.name)), str(error)))
            continue
        kept.append(item.class_name)
    _check_classes(Counter(kept), skipped)
    class_names = tuple(sorted(set(kept)))
    places = {name: label for label, name in enumerate(class_names)}
    dataset = Dataset(
        slug="own",
        title="Own pictures",
        images=images[: len(kept)],
        labels=np.array([places[name] for name in kept], dtype=np.int64),
        class_names=class_names,
        source="uploaded",
        licence="the uploader's",
    )
    return Upload(dataset, tuple(skipped), ignored)


def _check_count(count: int, side: int) -> None:
    if count > MAX_IMAGES:
        raise UploadError(
            f"The upload has {count:,} files; at most {MAX_IMAGES:,} pictures work. Use fewer."
        )
    needed = count * side * side * 3
    if needed > MAX_ARRAY_BYTES:
        raise UploadError(
            f"{count:,} pictures of {side} x {side} take {_megabytes(needed)} MB; at most "
            f"{_megabytes(MAX_ARRAY_BYTES)} MB work. Use fewer pictures, or a side of "
            f"{int((MAX_ARRAY_BYTES / 3 / count) ** 0.5)} or less."
        )


def _stated_pixels(content: bytes) -> int:
    """Pixels as the picture's header states them; 0 where there is no such header."""
    try:
        with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
    # A broken header can raise nearly anything; `decode_image` then refuses it in words.
    except Exception:
        return 0
    return width * height


def _check_pixels(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        raise UploadError(
            f"The pictures have more than {MAX_PIXELS // 10**6:,} million pixels together, too "
            "many to decode here. Make them smaller and try again."
        )


def _check_classes(counts: Counter[str], skipped: Sequence[Skipped]) -> None:
    lost = f" {len(skipped):,} files could not be read." if skipped else ""
    if len(counts) < 2:
        found = f"only one class ({next(iter(counts))!r})" if counts else "no picture"
        raise UploadError(
            f"The upload has {found} that could be read; at least 2 classes are needed, each "
            f"in a folder of its own.{lost}"
        )
    if len(counts) > MAX_CLASSES:
        raise UploadError(
            f"The upload has {len(counts):,} classes; at most {MAX_CLASSES} work. Use fewer "
            "folders."
        )
    small = sorted(name for name, count in counts.items() if count < 2)
    if small:
        raise UploadError(
            f"Only one picture of {_listed(small)} could be read; every class needs at least "
            f"2.{lost}"
        )


def _listed(names: Iterable[str]) -> str:
    first, *others = names
    return f"{first!r}" if not others else f"{first!r} and of {len(others)} more classes"


def _megabytes(count: int) -> str:
    """Megabytes, rounded up so that a number over a limit never reads as the limit."""
    return f"{-(-count // 10**6):,}"
