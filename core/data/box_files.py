"""Own pictures with boxes as a data set: a zip, or files; and a small zip to begin with.

Boxes come in COCO's JSON, VOC's XML or YOLO's text, see `core.vision.annotations`; a picture
is found by its file's name. Nothing is ever written to the disk, so that no path in an archive
can lead anywhere.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath

import cv2
import numpy as np
import numpy.typing as npt

from core.data.archives import (
    Candidate,
    UnreadableError,
    UploadError,
    candidates,
    check_arrived,
    is_visible,
    megabytes_up,
    parts_of,
    shown,
)
from core.data.boxed import BoxedSet, largest_labels
from core.data.resizing import fitted
from core.data.spec import OWN
from core.data.uploads import (
    MAX_ARRAY_BYTES,
    MAX_CLASSES,
    MAX_IMAGES,
    PixelBudget,
    Skipped,
    upright,
)
from core.images import ImageError, decode_image
from core.vision.annotations import (
    AnnotationError,
    Annotations,
    read_coco,
    read_voc,
    read_yolo,
    write_coco,
)

Pixels = npt.NDArray[np.uint8]
FEWEST_PICTURES = 3
"""One each for training, validation and test."""
SMALLEST_SIDE, LARGEST_SIDE = 32, 256
"""Bounds of the side that all are brought to, as of `BoxSceneSpec.image_size`."""
SIDE = 96
LEAST_PX = 1.0
"""Height and width, in the pixels of the reduced picture, below which a box is left out."""
STRETCH = 0.02
"""By how much the proportions that boxes were drawn in may differ from the picture's."""
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif", ".tif", ".tiff")
ANNOTATIONS = (".json", ".xml", ".txt")
CLASS_FILES = ("classes.txt", "labels.txt", "obj.names")
README = "README.txt"
BOXES_FILE = "annotations.json"


@dataclass(frozen=True, slots=True)
class BoxUpload:
    """What became of an upload of pictures with boxes.

    Attributes:
        dataset: the pictures that could be read, in the order of their paths.
        skipped: files and entries that could not be used, and why.
        ignored: number of files that were never meant as pictures or boxes.
    """

    dataset: BoxedSet
    skipped: tuple[Skipped, ...]
    ignored: int

    @property
    def report(self) -> str:
        """What was read and what was not, as one sentence."""
        boxes, classes = int(self.dataset.box_counts.sum()), len(self.dataset.class_names)
        kinds = "1 class" if classes == 1 else f"{classes} classes"
        text = f"{len(self.dataset):,} pictures with {boxes:,} boxes of {kinds}"
        if self.skipped:
            text += f"; {len(self.skipped):,} left out (the first: {self.skipped[0].name})"
        if self.ignored:
            text += f"; {self.ignored:,} files of another kind passed over"
        return text + "."


@dataclass(slots=True)
class _Given:
    """The boxes of one picture, in the pixels of the picture that they were drawn on.

    Attributes:
        size: (width, height) of that picture, where the annotations say it.
        boxes: xyxy.
        labels: of each.
    """

    size: tuple[float, float] | None = None
    boxes: list[Sequence[float]] = field(default_factory=list)
    labels: list[Hashable] = field(default_factory=list)


def read_zip(data: bytes, side: int = SIDE) -> BoxUpload:
    """Read a zip of pictures and annotations.

    Args:
        data: the archive, at most `MAX_TOTAL_BYTES`.
        side: height and width that all pictures are brought to, `SMALLEST_SIDE` to
            `LARGEST_SIDE`; the proportions are not kept, and boxes go with them.

    Raises:
        UploadError: the archive is broken, locked, hostile or too large, no file of boxes can
            be read, or fewer than `FEWEST_PICTURES` pictures have some.
    """
    _check_side(side)
    with candidates(data) as (files, passed):
        return _build(files, side, passed)


def read_files(files: Sequence[tuple[str, bytes]], side: int = SIDE) -> BoxUpload:
    """Read single files, or those of a folder.

    Args:
        files: path, or name, and bytes of each, at most `MAX_TOTAL_BYTES` together.
        side: as in `read_zip`.

    Raises:
        UploadError: as in `read_zip`.
    """
    _check_side(side)
    check_arrived(sum(len(content) for _, content in files))
    return _build([Candidate(path, partial(bytes, data)) for path, data in files], side, 0)


def as_zip(boxed: BoxedSet) -> bytes:
    """Pictures and boxes as a zip that `read_zip` reads again: PNG and COCO's JSON."""
    buffer = io.BytesIO()
    height, width = boxed.images.shape[1:3]
    names = [f"{place:05d}.png" for place in range(len(boxed))]
    known = boxed.records(range(len(boxed)))
    records = [record | {"image": names[record["image"]]} for record in known]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        sizes: dict[Hashable, tuple[float, float]] = dict.fromkeys(names, (width, height))
        archive.writestr(BOXES_FILE, write_coco(records, sizes))
        archive.writestr(
            README,
            "Pictures with boxes, as the page Detector of Receptive reads them.\n\n"
            f"images/           pictures\n{BOXES_FILE}  boxes, as COCO writes them\n\n"
            f"Source: {boxed.source}. Licence: {boxed.licence}.\n",
        )
        for name, image in zip(names, boxed.images, strict=True):
            bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.shape[2] == 3 else image
            archive.writestr(f"images/{name}", cv2.imencode(".png", bgr)[1].tobytes())
    return buffer.getvalue()


def _check_side(side: int) -> None:
    if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise UploadError(
            f"side {side} is out of bounds. Use {SMALLEST_SIDE} to {LARGEST_SIDE} pixels."
        )


def _build(files: Sequence[Candidate], side: int, passed: int) -> BoxUpload:
    visible = [file for file in files if is_visible(file.path)]
    seen = [file for file in visible if _ending(file) in PICTURES]
    pictures, skipped = _by_stem(seen)
    notes = [file for file in visible if _is_notes(file, pictures)]
    _check_room(len(pictures), side)
    sizes: dict[str, tuple[int, int]] = {}
    budget = PixelBudget()
    images = np.empty((len(pictures), side, side, 3), np.uint8)
    kept: list[str] = []
    for stem, file in pictures.items():
        try:
            content = file.read()
            stated = budget.size(content)
            picture = decode_image(content)
        except (UnreadableError, ImageError) as error:
            skipped.append(Skipped(shown(file.name), str(error)))
            continue
        sizes[stem] = upright(stated, picture)
        images[len(kept)] = fitted(picture, side, side)
        kept.append(stem)
    given = _annotated(notes, sizes, _class_names(visible), skipped)
    used = [stem for stem in kept if _fits(stem, pictures[stem], given, sizes, skipped)]
    _check_enough(len(used), skipped)
    names, boxes, labels = _scaled(used, given, sizes, side, skipped)
    places = [kept.index(stem) for stem in used]
    dataset = BoxedSet(
        OWN, "Own pictures with boxes", images[places], largest_labels(boxes, labels), names,
        "uploaded", "the uploader's", boxes=boxes, box_labels=labels,
        original_hw=np.array([sizes[stem] for stem in used], np.int64),
    )  # fmt: skip
    told = len(seen) + len(notes) + sum(_is_names(file) for file in visible)
    return BoxUpload(dataset, tuple(skipped), max(passed + len(files) - told, 0))


# Files


def _ending(file: Candidate) -> str:
    return PurePath(file.path).suffix.lower()


def _stem(path: str) -> str:
    return PurePath(parts_of(path)[-1]).stem


def _is_names(file: Candidate) -> bool:
    name = parts_of(file.path)[-1].lower()
    return name in CLASS_FILES or name.endswith(".names")


def _is_notes(file: Candidate, pictures: Mapping[str, Candidate]) -> bool:
    """Whether a file may hold boxes: a text only where a picture has its name."""
    if _is_names(file) or _ending(file) not in ANNOTATIONS:
        return False
    return _ending(file) != ".txt" or _stem(file.path) in pictures


def _by_stem(files: Sequence[Candidate]) -> tuple[dict[str, Candidate], list[Skipped]]:
    """Pictures by their names without endings, by which annotations know them."""
    found: dict[str, Candidate] = {}
    skipped = []
    for file in sorted(files, key=lambda file: file.path):
        stem = _stem(file.path)
        if stem in found:
            reason = f"{found[stem].name} has the same name: boxes could not be told apart."
            skipped.append(Skipped(shown(file.name), reason))
        else:
            found[stem] = file
    return found, skipped


def _class_names(files: Sequence[Candidate]) -> dict[int, str]:
    """Names of YOLO's classes, a line each."""
    for file in files:
        if _is_names(file):
            try:
                text = file.read().decode("utf-8-sig", errors="replace")
            except UnreadableError:
                continue
            return dict(enumerate(line.strip() for line in text.splitlines() if line.strip()))
    return {}


# Boxes


def _annotated(
    notes: Sequence[Candidate],
    sizes: Mapping[str, tuple[int, int]],
    names: Mapping[int, str],
    skipped: list[Skipped],
) -> dict[str, _Given]:
    """The boxes of every picture that some file names, by its stem."""
    given: dict[str, _Given] = {}
    for file in notes:
        try:
            part = _read(file, sizes, names)
        except (AnnotationError, UnreadableError) as error:
            skipped.append(Skipped(shown(file.name), str(error)))
            continue
        skipped += [Skipped(f"{shown(file.name)}, {s.where}", s.reason) for s in part.skipped]
        _take(part, given)
    return given


def _read(
    file: Candidate, sizes: Mapping[str, tuple[int, int]], names: Mapping[int, str]
) -> Annotations:
    content, stem = file.read(), _stem(file.path)
    if _ending(file) == ".json":
        return read_coco(content)
    if _ending(file) == ".xml":
        return read_voc(content, file.name)
    height, width = sizes.get(stem, (1, 1))
    return read_yolo(content, stem, (width, height), names)


def _take(part: Annotations, given: dict[str, _Given]) -> None:
    """Lay what a file says beside what the others have said."""
    stems = {image: _stem(name) for image, name in part.files.items()}
    for image, size in part.sizes.items():
        given.setdefault(stems.get(image, str(image)), _Given()).size = size
    for stem in stems.values():
        given.setdefault(stem, _Given())
    for record in part.records:
        if record.get("crowd"):
            continue
        image = record["image"]
        mine = given.setdefault(stems.get(image, str(image)), _Given())
        mine.boxes.append(record["box"])
        mine.labels.append(record["label"])


def _fits(
    stem: str,
    file: Candidate,
    given: Mapping[str, _Given],
    sizes: Mapping[str, tuple[int, int]],
    skipped: list[Skipped],
) -> bool:
    """Whether a picture is named by the annotations, and has the proportions that they say."""
    if stem not in given:
        reason = "No file of boxes names it. A picture without any object needs an empty one."
        skipped.append(Skipped(shown(file.name), reason))
        return False
    size, (height, width) = given[stem].size, sizes[stem]
    if size is None or not min(size):
        return True
    if abs(size[0] / size[1] / (width / height) - 1) > STRETCH:
        reason = (
            f"Its boxes are drawn on {size[0]:g} x {size[1]:g} pixels, and it has {width} x "
            f"{height}: other proportions. Use the picture that the boxes belong to."
        )
        skipped.append(Skipped(shown(file.name), reason))
        return False
    return True


def _scaled(
    used: Sequence[str],
    given: Mapping[str, _Given],
    sizes: Mapping[str, tuple[int, int]],
    side: int,
    skipped: list[Skipped],
) -> tuple[
    tuple[str, ...], tuple[npt.NDArray[np.float32], ...], tuple[npt.NDArray[np.int64], ...]
]:
    """Class names, and boxes and labels of each picture in the pixels of the reduced one."""
    names = _known(used, given)
    places = {name: place for place, name in enumerate(names)}
    boxes, labels = [], []
    for stem in used:
        mine = given[stem]
        height, width = sizes[stem]
        frame = mine.size if mine.size and min(mine.size) else (width, height)
        rows = np.array(mine.boxes, np.float64).reshape(-1, 4)
        rows = np.clip(rows / np.tile(frame, 2), 0, 1) * side
        large = (rows[:, 2:] - rows[:, :2] >= LEAST_PX).all(1)
        if lost := int((~large).sum()):
            reason = f"{lost} of its boxes are smaller than a pixel of {side} x {side}, or lie "
            skipped.append(Skipped(shown(stem), reason + "outside of the picture."))
        boxes.append(rows[large].astype(np.float32))
        kinds = np.array([places[str(label)] for label in mine.labels], np.int64)
        labels.append(kinds[large])
    return names, tuple(boxes), tuple(labels)


def _known(used: Sequence[str], given: Mapping[str, _Given]) -> tuple[str, ...]:
    """The classes that the pictures have, in the order of their names; two at least.

    Raises:
        UploadError: there is none, or there are too many.
    """
    names = sorted({str(label) for stem in used for label in given[stem].labels})
    if not names:
        raise UploadError("The files have no box for any of the pictures. Add some.")
    if len(names) > MAX_CLASSES:
        raise UploadError(
            f"The boxes have {len(names):,} classes; at most {MAX_CLASSES} work. Use fewer."
        )
    return tuple(names)


def _check_room(count: int, side: int) -> None:
    if count > MAX_IMAGES:
        raise UploadError(
            f"The upload has {count:,} pictures; at most {MAX_IMAGES:,} work. Use fewer."
        )
    needed = count * side * side * 3
    if needed > MAX_ARRAY_BYTES:
        raise UploadError(
            f"{count:,} pictures of {side} x {side} take {megabytes_up(needed)} MB; at most "
            f"{megabytes_up(MAX_ARRAY_BYTES)} MB work. Use fewer, or a side of "
            f"{int((MAX_ARRAY_BYTES / 3 / count) ** 0.5)} or less."
        )


def _check_enough(count: int, skipped: Sequence[Skipped]) -> None:
    if count >= FEWEST_PICTURES:
        return
    lost = [f" Not used: {file.name}. {file.reason}" for file in skipped[:1]]
    raise UploadError(
        f"{count} pictures with boxes could be read; at least {FEWEST_PICTURES} are needed, "
        "one each for training, validation and test. Add pictures and boxes together: "
        "one COCO file (.json), or a VOC (.xml) or YOLO file (.txt) for each picture, with "
        f"the picture's name.{''.join(lost)}"
    )
