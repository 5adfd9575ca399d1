"""Which of many files is the mask of which picture: told from folders and names.

What people have: `images/a.jpg` beside `masks/a.png`, `train/a.jpg` beside
`train_masks/a_mask.gif`, `a.jpg` beside `a_mask.png`, `a.jpg` beside `a.png`, VOC's
`JPEGImages/a.jpg` beside `SegmentationClass/a.png`, and `7/images/a.png` beside a mask for
each object in `7/masks`, as the cells of the Data Science Bowl 2018 are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from core.data.archives import Candidate, parts_of
from core.data.uploads import Skipped

IMAGE_WORDS = frozenset(
    {
        "image", "images", "img", "imgs", "picture", "pictures", "photo", "photos",
        "jpegimages", "input", "inputs",
    }
)  # fmt: skip
"""Folders of pictures have one of these in their name."""
MASK_WORDS = frozenset(
    {
        "mask", "masks", "label", "labels", "annotation", "annotations", "segmentation",
        "segmentations", "segmentationclass", "seg", "segs", "gt", "groundtruth", "target",
        "targets", "trimaps",
    }
)  # fmt: skip
"""Folders of masks have one of these in their name."""
PASSED_OVER = frozenset({"segmentationobject"})
"""VOC's numbers of single objects; their classes are in `SegmentationClass`."""
SUFFIXES = (
    ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".avif",
)  # fmt: skip
"""Of files that may be a picture or a mask."""
_JPEG = (".jpg", ".jpeg")
_MASK_NAME = re.compile(r"(?P<stem>.+)[ ._-](?:masks?|labels?|seg(?:mentation)?|gt)$")
_WORD = re.compile(r"[a-z0-9]+")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and the mask that belongs to it, or one mask for each of its objects."""

    picture: Candidate
    masks: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file belongs.

    Attributes:
        role: "picture" or "mask" by a folder's name, else empty.
        folders: those that have no role, in lower case.
        stem: the file's name without its ending, in lower case.
        ending: that, with its dot.
    """

    role: str
    folders: Key
    stem: str
    ending: str


def may_be_paired(path: str) -> bool:
    """Whether a path has the ending of a picture, and is not one of VOC's single objects."""
    *folders, name = (part.lower() for part in parts_of(path))
    return name.endswith(SUFFIXES) and not PASSED_OVER & set(folders)


def paired(candidates: Iterable[Candidate]) -> tuple[list[Pair], list[Skipped]]:
    """Bring pictures and masks together.

    Args:
        candidates: files whose path `may_be_paired`.

    Returns:
        The pairs in the order of their pictures, and the files that are left over.
    """
    every = list(candidates)
    common = _common([parts_of(candidate.path)[:-1] for candidate in every])
    placed = [(candidate, _place(candidate.path, common)) for candidate in every]
    pictures: dict[Key, Candidate] = {}
    masks: dict[Key, Candidate] = {}
    skipped: list[Skipped] = []
    for candidate, place in placed:
        if _is_mask(place):
            continue
        key = (*place.folders, place.stem)
        if key not in pictures:
            pictures[key] = candidate
        elif not place.role and (lossless := _lossless(pictures[key], candidate)):
            masks[key] = lossless
            pictures[key] = pictures[key] if lossless is candidate else candidate
        else:
            skipped.append(_second(candidate, pictures[key]))
    for candidate, place in placed:
        if _is_mask(place):
            key = _key_of_mask(place, pictures)
            if key in masks:
                skipped.append(_second(candidate, masks[key]))
            else:
                masks[key] = candidate
    found = [Pair(pictures[key], (masks[key],)) for key in pictures if key in masks]
    lonely = {key: picture for key, picture in pictures.items() if key not in masks}
    lost = {key: mask for key, mask in masks.items() if key not in pictures}
    for key, objects in _objects(pictures, lost).items():
        if key in lonely:
            found.append(Pair(lonely.pop(key), tuple(lost.pop(other) for other in objects)))
    skipped += [Skipped(c.name, "It is a picture without a mask.") for c in lonely.values()]
    skipped += [Skipped(c.name, "It is a mask without a picture.") for c in lost.values()]
    return found, skipped


def _common(folders: Sequence[Sequence[str]]) -> int:
    """How many outer folders all files have in common: their names tell nothing apart."""
    levels = zip(*folders, strict=False)
    return len(list(takewhile(lambda level: len(set(level)) == 1, levels)))


def _place(path: str, common: int) -> _Place:
    *folders, name = (part.lower() for part in parts_of(path)[common:])
    stem, _, ending = name.rpartition(".")
    roles = [_role(folder) for folder in folders]
    last = max((at for at, role in enumerate(roles) if role), default=-1)
    if last < 0:
        return _Place("", tuple(folders), stem, f".{ending}")
    # "train_masks" is where the masks of "train" are.
    words = [w for w in _WORD.findall(folders[last]) if w not in IMAGE_WORDS | MASK_WORDS]
    rest = ["_".join(words)] if words else []
    kept = (*folders[:last], *rest, *folders[last + 1 :])
    return _Place(roles[last], kept, stem, f".{ending}")


def _role(folder: str) -> str:
    words = set(_WORD.findall(folder))
    if words & MASK_WORDS or folder.replace("_", "") in MASK_WORDS:
        return "mask"
    return "picture" if words & IMAGE_WORDS else ""


def _is_mask(place: _Place) -> bool:
    return place.role == "mask" or (not place.role and bool(_MASK_NAME.match(place.stem)))


def _key_of_mask(place: _Place, pictures: dict[Key, Candidate]) -> Key:
    """The picture's key; of `masks/a_mask.png` that of `a` where there is no `a_mask`."""
    key = (*place.folders, place.stem)
    short = _MASK_NAME.match(place.stem)
    return (*place.folders, short["stem"]) if short and key not in pictures else key


def _lossless(one: Candidate, other: Candidate) -> Candidate | None:
    """Of `a.jpg` and `a.png` the latter; None where it is not just one of both."""
    found = [c for c in (one, other) if not c.path.lower().endswith(_JPEG)]
    return found[0] if len(found) == 1 else None


def _second(candidate: Candidate, first: Candidate) -> Skipped:
    return Skipped(candidate.name, f"It has the same name as {first.name}, which was taken.")


def _objects(
    pictures: Mapping[Key, Candidate], lost: Mapping[Key, Candidate]
) -> dict[Key, list[Key]]:
    """Masks without a picture, by the only picture of their folder, not of the outermost."""
    counts = Counter(key[:-1] for key in pictures)
    only = {key[:-1]: key for key in pictures if len(key) > 1 and counts[key[:-1]] == 1}
    found: dict[Key, list[Key]] = {}
    for key in lost:
        if key[:-1] in only:
            found.setdefault(only[key[:-1]], []).append(key)
    return found
