"""Own pictures as a data set: a zip with a folder for each class, or files with class names.

Nothing is ever written to the disk, so that no path in an archive can lead anywhere.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import PIL.Image

from core.data.archives import (
    UnreadableError,
    UploadError,
    check_arrived,
    check_entries,
    cleaned,
    folder_of,
    is_wanted,
    megabytes_up,
    names_a_picture,
    open_zip,
    read_entry,
    shown,
)
from core.data.dataset import Dataset
from core.data.resizing import fitted
from core.images import ImageError, decode_image
from core.images.decode import FORMATS

MAX_IMAGES = 5_000
"""Most pictures of one upload."""

MAX_PIXELS = 2_000_000_000
"""Most pixels that are decoded for one upload: 200 MB of photos have about half of them."""

MAX_ARRAY_BYTES = 400_000_000
"""Most bytes that the resized pictures may take together."""

MAX_CLASSES = 100
"""Most classes of one upload."""

SMALLEST_SIDE, LARGEST_SIDE = 8, 256
"""Bounds of the side that pictures are resized to, in pixels."""

ROOMY_BYTES = 100_000_000
"""Bytes that the pictures take at most where their side is left open."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that should have been a picture and could not be used, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class PixelBudget:
    """Pixels that are decoded for one upload, whatever they are decoded for."""

    pixels: int = 0

    def size(self, content: bytes) -> tuple[int, int]:
        """Width and height, as the header states them.

        Raises:
            UploadError: there have been too many by now.
        """
        width, height = stated_size(content)
        self.pixels += width * height
        if self.pixels > MAX_PIXELS:
            raise UploadError(
                f"The pictures have more than {MAX_PIXELS // 10**6:,} million pixels together, "
                "too many to decode here. Make them smaller and try again."
            )
        return width, height


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


def read_zip(data: bytes, side: int | None = None) -> Upload:
    """Read a zip with a folder for each class.

    The class of a picture is the folder that it lies in: `cats/1.jpg` and
    `photos/train/cats/1.jpg` are both of the class "cats". File names say nothing else: the
    bytes decide what is a picture. Hidden files, `__MACOSX`, links, archives within the
    archive and files outside of any folder are ignored.

    Args:
        data: the archive, at most `MAX_TOTAL_BYTES`.
        side: height and width that every picture is resized to, in pixels, `SMALLEST_SIDE`
            to `LARGEST_SIDE`; the proportions are not kept. None takes the largest picture's
            long side, as far as `LARGEST_SIDE` and `ROOMY_BYTES` allow.

    Returns:
        Images (n, side, side, 3) uint8, RGB; the classes in alphabetical order.

    Raises:
        UploadError: the archive is broken, locked, hostile or too large, or fewer than two
            classes or fewer than two pictures of a class could be read.
    """
    _check_side(side)
    check_arrived(len(data))
    with open_zip(data) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        check_entries(entries)
        wanted = [entry for entry in entries if is_wanted(entry)]
        items = [
            _Item(
                folder_of(entry.filename), entry.filename, partial(read_entry, archive, entry)
            )
            for entry in wanted
        ]
        return _build(items, side, ignored=len(entries) - len(wanted))


def read_files(files: Sequence[tuple[str, bytes]], side: int | None = None) -> Upload:
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
    check_arrived(sum(len(content) for _, content in files))
    items = [
        _Item(cleaned(name), f"file {number}", partial(bytes, content))
        for number, (name, content) in enumerate(files, start=1)
    ]
    nameless = sum(not item.class_name for item in items)
    if nameless:
        raise UploadError(f"{nameless:,} files have no class. Give every file a class name.")
    return _build(items, side, ignored=0)


def read_folder(files: Sequence[tuple[str, bytes]], side: int | None = None) -> Upload:
    """Make a data set of a folder with a folder for each class.

    Args:
        files: path, with slashes, and bytes of each file, at most `MAX_TOTAL_BYTES` together.
            The class of a picture is the folder that it lies in, as in `read_zip`.
        side: as in `read_zip`.

    Returns:
        Images (n, side, side, 3) uint8, RGB; the classes in alphabetical order.

    Raises:
        UploadError: as in `read_files`.
    """
    _check_side(side)
    check_arrived(sum(len(content) for _, content in files))
    items = [
        _Item(folder_of(path), path, partial(bytes, content))
        for path, content in files
        if names_a_picture(path)
    ]
    return _build(items, side, ignored=len(files) - len(items))


def _check_side(side: int | None) -> None:
    if side is not None and not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise UploadError(
            f"side {side} is out of bounds. Use {SMALLEST_SIDE} to {LARGEST_SIDE} pixels."
        )


def _build(items: Sequence[_Item], side: int | None, *, ignored: int) -> Upload:
    _check_count(len(items), side or SMALLEST_SIDE)
    side = side or _roomy_side(items)
    # One array from the start: stacking a list would hold every picture twice.
    images = np.empty((len(items), side, side, 3), np.uint8)
    kept: list[str] = []
    sizes: list[tuple[int, int]] = []
    skipped: list[Skipped] = []
    pixels = 0
    for item in items:
        try:
            content = item.read()
            stated = stated_size(content)
            pixels += stated[0] * stated[1]
            _check_pixels(pixels)
            picture = decode_image(content)
            images[len(kept)] = fitted(picture, side, side)
        except (UnreadableError, ImageError) as error:
            skipped.append(Skipped(shown(cleaned(item.name)), str(error)))
            continue
        kept.append(item.class_name)
        sizes.append(upright(stated, picture))
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
        original_hw=np.array(sizes, dtype=np.int64),
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
            f"{count:,} pictures of {side} x {side} take {megabytes_up(needed)} MB; at most "
            f"{megabytes_up(MAX_ARRAY_BYTES)} MB work. Use fewer pictures, or a side of "
            f"{int((MAX_ARRAY_BYTES / 3 / count) ** 0.5)} or less."
        )


def stated_size(content: bytes) -> tuple[int, int]:
    """Width and height as the picture's header states them; 0, 0 where there is no such."""
    try:
        with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            return picture.size
    # A broken header can raise nearly anything; `decode_image` then refuses it in words.
    except Exception:
        return 0, 0


def upright(stated: tuple[int, int], picture: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """Height and width before decoding reduced the picture, turned as the picture is."""
    height, width = picture.shape[:2]
    short, long = sorted(stated)
    return (long, short) if height > width else (short, long)


def _roomy_side(items: Sequence[_Item]) -> int:
    """The side that no picture loses anything by, as far as there is room."""
    room = int((ROOMY_BYTES / 3 / max(len(items), 1)) ** 0.5)
    longest = SMALLEST_SIDE
    for item in items:
        with contextlib.suppress(UnreadableError):  # told when it is read for good
            longest = max(longest, *stated_size(item.read()))
        if longest >= room:
            break
    return max(min(longest, room, LARGEST_SIDE), SMALLEST_SIDE)


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
