"""Own pictures with masks as a data set: a zip, or files; and a small zip to begin with.

Nothing is ever written to the disk, so that no path in an archive can lead anywhere.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from core.data.archives import (
    Candidate,
    UnreadableError,
    UploadError,
    candidates,
    check_arrived,
    cleaned,
    is_visible,
    megabytes_up,
    parts_of,
)
from core.data.mask_classes import Classes, Named, RawMask, classes_of, merged, read_mask
from core.data.mask_pairing import Pair, may_be_paired, paired
from core.data.masked import MaskedSet, largest_classes
from core.data.resizing import fitted
from core.data.spec import OWN
from core.data.uploads import (
    MAX_ARRAY_BYTES,
    MAX_IMAGES,
    PixelBudget,
    Skipped,
    upright,
)
from core.images import ImageError, decode_image
from core.images.masks import encode_mask
from core.zoo.segmenters import voc_palette

Pixels = npt.NDArray[np.uint8]

FEWEST_PAIRS = 3
"""One each for training, validation and test."""
SMALLEST_SIDE, LARGEST_SIDE = 32, 256
"""Bounds of the side that all are brought to, as of `SceneSpec.image_size`."""
SIDE = 64
NAMES, LABELMAP, README = "classes.txt", "labelmap.txt", "README.txt"
_COLOUR = re.compile(r"\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*(?::|$)")
_MOST_WORDS = 100_000
"""Bytes of a file of names."""


@dataclass(frozen=True, slots=True)
class MaskUpload:
    """What became of an upload of pictures with masks.

    Attributes:
        dataset: the pairs that could be read, in the order of their pictures' paths.
        skipped: files that could not be used, and why.
        ignored: number of files that were never meant as pictures or masks.
        said: sentences on how the masks were read: what their numbers became, what is void.
    """

    dataset: MaskedSet
    skipped: tuple[Skipped, ...]
    ignored: int
    said: tuple[str, ...]

    @property
    def report(self) -> str:
        """What was read and what was not, as one sentence."""
        text = f"{len(self.dataset):,} pictures with masks of "
        text += f"{len(self.dataset.class_names)} classes"
        if self.skipped:
            text += f"; {_files(len(self.skipped))} could not be used (the first: "
            text += f"{self.skipped[0].name})"
        if self.ignored:
            text += f"; {_files(self.ignored)} of another kind passed over"
        return text + "."


def read_zip(data: bytes, side: int = SIDE) -> MaskUpload:
    """Read a zip of pictures and masks.

    Which mask belongs to which picture is told from folders and names, see
    `core.data.mask_pairing`; what a mask's numbers mean, from all masks together, see
    `core.data.mask_classes`. A `classes.txt`, one name a line, or CVAT's `labelmap.txt` names
    the classes.

    Args:
        data: the archive, at most `MAX_TOTAL_BYTES`.
        side: height and width that all are brought to, `SMALLEST_SIDE` to `LARGEST_SIDE`:
            pictures by the mean over areas, masks by the nearest pixel. The proportions are
            not kept.

    Returns:
        Images (n, side, side, 3) and masks (n, side, side), both uint8, with `OWN` as slug.

    Raises:
        UploadError: the archive is broken, locked, hostile or too large, or fewer than
            `FEWEST_PAIRS` pairs could be read.
    """
    _check_side(side)
    with candidates(data) as (files, passed):
        return _build(files, side, passed)


def read_files(files: Sequence[tuple[str, bytes]], side: int = SIDE) -> MaskUpload:
    """Read single files, or those of a folder.

    Args:
        files: path, or name, and bytes of each, at most `MAX_TOTAL_BYTES` together.
        side: as in `read_zip`.

    Raises:
        UploadError: as in `read_zip`.
    """
    _check_side(side)
    check_arrived(sum(len(content) for _, content in files))
    return _build(
        [Candidate(path, partial(bytes, content)) for path, content in files], side, 0
    )


def as_zip(masked: MaskedSet, most: int | None = None) -> bytes:
    """Pictures and masks as a zip that `read_zip` reads again, pixel by pixel the same.

    Masks are PNG with VOC's palette, so that they can be looked at.

    Args:
        masked: at most 255 classes.
        most: only the first so many.
    """
    palette = voc_palette(len(masked.class_names))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(NAMES, "\n".join(masked.class_names) + "\n")
        archive.writestr(README, _readme(masked))
        for place in range(min(most or len(masked), len(masked))):
            image = masked.images[place]
            bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.shape[2] == 3 else image
            archive.writestr(f"images/{place:05d}.png", cv2.imencode(".png", bgr)[1].tobytes())
            mask = encode_mask(masked.masks[place], palette)
            archive.writestr(f"masks/{place:05d}.png", mask)
    return buffer.getvalue()


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _readme(masked: MaskedSet) -> str:
    return (
        "Pictures with masks, as the page U-Net of Receptive reads them.\n\n"
        "images/      pictures\n"
        "masks/       PNG with a palette: the number of a pixel is its class\n"
        "classes.txt  names of the classes, from number 0 on\n\n"
        f"Source: {masked.source}. Licence: {masked.licence}.\n"
    )


def _check_side(side: int) -> None:
    if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise UploadError(
            f"side {side} is out of bounds. Use {SMALLEST_SIDE} to {LARGEST_SIDE} pixels."
        )


def _build(files: Sequence[Candidate], side: int, passed: int) -> MaskUpload:
    visible = [file for file in files if is_visible(file.path)]
    pairable = [file for file in visible if may_be_paired(file.path)]
    words = {parts_of(file.path)[-1].lower(): file for file in visible}
    named = _named(words)
    texts = sum(name in words for name in (NAMES, LABELMAP, README.lower()))
    pairs, left = paired(pairable)
    _check_room(len(pairs), side)
    images, raws, skipped = _read_all(pairs, side)
    skipped += left
    _check_enough(len(raws), skipped)
    try:
        classes = classes_of(raws, named)
    except UnreadableError as error:
        raise UploadError(str(error)) from error
    several = sum(len(pair.masks) > 1 for pair in pairs)
    said = classes.said
    if several:
        said += (f"Of {several:,} pictures the masks of single objects were laid together.",)
    ignored = passed + len(files) - len(pairable) - texts
    dataset = _dataset(images[: len(raws)], raws, classes)
    return MaskUpload(dataset, tuple(skipped), ignored, said)


def _dataset(
    images: Pixels,
    raws: Sequence[RawMask],
    classes: Classes,
) -> MaskedSet:
    return MaskedSet(
        slug=OWN,
        title="Own pictures with masks",
        images=images,
        labels=largest_classes(classes.masks),
        class_names=classes.names,
        source="uploaded",
        licence="the uploader's",
        original_hw=np.array([raw.original_hw for raw in raws], np.int64),
        masks=classes.masks,
    )


def _read_all(pairs: Sequence[Pair], side: int) -> tuple[Pixels, list[RawMask], list[Skipped]]:
    """Pictures (n, side, side, 3), of which the first ones are filled, and their masks."""
    images = np.empty((len(pairs), side, side, 3), np.uint8)
    raws: list[RawMask] = []
    skipped: list[Skipped] = []
    budget = PixelBudget()
    for pair in pairs:
        try:
            picture, size_hw = _picture(pair.picture, budget)
            masks = (_mask(file, pair.picture, size_hw, side, budget) for file in pair.masks)
            raws.append(merged(masks))
        except _Unusable as error:
            skipped.append(error.skipped)
            continue
        images[len(raws) - 1] = fitted(picture, side, side)
    return images, raws, skipped


class _Unusable(Exception):  # noqa: N818 - a file is passed over
    def __init__(self, file: Candidate, reason: object) -> None:
        super().__init__(str(reason))
        self.skipped = Skipped(file.name, str(reason))


def _picture(file: Candidate, budget: PixelBudget) -> tuple[Pixels, tuple[int, int]]:
    """A picture, and its height and width before it was reduced."""
    try:
        content = file.read()
        stated = budget.size(content)
        picture = decode_image(content)
    except (UnreadableError, ImageError) as error:
        raise _Unusable(file, error) from error
    return picture, upright(stated, picture)


def _mask(
    file: Candidate,
    picture: Candidate,
    size_hw: tuple[int, int],
    side: int,
    budget: PixelBudget,
) -> RawMask:
    try:
        content = file.read()
        budget.size(content)
        raw = read_mask(content, side)
    except UnreadableError as error:
        raise _Unusable(file, error) from error
    if raw.original_hw != size_hw:
        (height, width), (high, wide) = raw.original_hw, size_hw
        raise _Unusable(
            file,
            f"It has {width} x {height} pixels, its picture {picture.name} {wide} x {high}. "
            "A mask belongs to its picture pixel by pixel: bring it to the picture's size "
            "without averaging (nearest neighbour).",
        )
    return raw


def _check_room(count: int, side: int) -> None:
    if count > MAX_IMAGES:
        raise UploadError(
            f"The upload has {count:,} pairs; at most {MAX_IMAGES:,} work. Use fewer."
        )
    needed = count * side * side * 4
    if needed > MAX_ARRAY_BYTES:
        raise UploadError(
            f"{count:,} pictures with masks of {side} x {side} take {megabytes_up(needed)} MB; "
            f"at most {megabytes_up(MAX_ARRAY_BYTES)} MB work. Use fewer, or a side of "
            f"{int((MAX_ARRAY_BYTES / 4 / count) ** 0.5)} or less."
        )


def _check_enough(count: int, skipped: Sequence[Skipped]) -> None:
    if count >= FEWEST_PAIRS:
        return
    lost = [f" Not used: {file.name}. {file.reason}" for file in skipped[:1]]
    raise UploadError(
        f"{count} pairs of picture and mask could be read; at least {FEWEST_PAIRS} are needed, "
        "one each for training, validation and test. Put pictures in a folder 'images' and "
        "masks of the same names in a folder 'masks', or name the mask of a.jpg a_mask.png."
        f"{''.join(lost)}"
    )


# Names


def _named(words: dict[str, Candidate]) -> Named:
    """What `classes.txt` and `labelmap.txt` say; a file that is no text says nothing."""
    listed = tuple(line for line in map(cleaned, _lines(words.get(NAMES))) if line)
    listed = listed if len(set(listed)) == len(listed) else ()
    by_colour = {}
    for line in _lines(words.get(LABELMAP)):
        name, _, rest = line.partition(":")
        levels = rest.split(":")[0].split(",")
        if (
            cleaned(name)
            and len(levels) == 3
            and all(level.strip().isdigit() for level in levels)
        ):
            red, green, blue = (min(int(level), 255) for level in levels)
            by_colour[red, green, blue] = cleaned(name)
    return Named(listed, by_colour)


def _lines(file: Candidate | None) -> list[str]:
    if file is None:
        return []
    try:
        content = file.read()
    except UnreadableError:
        return []
    if len(content) > _MOST_WORDS:
        return []
    text = content.decode("utf-8-sig", errors="replace")
    return [line.strip() for line in text.splitlines() if not line.lstrip().startswith("#")]
