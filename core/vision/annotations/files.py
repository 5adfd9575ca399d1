"""Several files together, each read by its ending."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from core.vision.annotations.coco_json import read_coco, read_coco_results
from core.vision.annotations.read import AnnotationError, Annotations, Skipped, text_of
from core.vision.annotations.voc_xml import read_voc, read_voc_results
from core.vision.annotations.yolo_text import read_yolo

MOST_FILES = 2000
_NAMES = ("classes.txt", "labels.txt")
_VOC_RESULTS = re.compile(r"^comp\d+_det_[^_]*_(.+)$")
_MOST_TOLD = 200


def read_files(
    files: Sequence[tuple[str, bytes]],
    *,
    scored: bool,
    names: Mapping[int, str] | None = None,
    size: tuple[float, float] = (640, 480),
) -> Annotations:
    """All boxes of some files.

    `.json` is COCO; `.xml` VOC; `.txt` YOLO, but comp4_det_val_cup.txt VOC's detections of
    cups; classes.txt or any `.names` gives the names of YOLO's classes, a line each.

    Args:
        files: name and content of each.
        scored: whether they are detections.
        names: of the classes, where the files do not give any.
        size: (width, height) of the pictures, for YOLO's shares of them.

    Raises:
        AnnotationError: no file holds a box that can be read; it says why of the first.
    """
    if len(files) > MOST_FILES:
        raise AnnotationError(f"{len(files):,} files are too many. Use at most {MOST_FILES:,}.")
    names = dict(names or {}) | _class_names(files)
    parts: list[Annotations] = []
    refused: list[Skipped] = []
    for name, content in files:
        if _is_names(name):
            continue
        try:
            parts.append(_placed(name, _read(name, content, scored, names, size)))
        except AnnotationError as error:
            refused.append(Skipped(name, str(error)))
    whole = _joined(parts, refused, names)
    if not whole.records and whole.skipped:
        first = whole.skipped[0]
        raise AnnotationError(f"no box could be read. {first.where}: {first.reason}")
    return whole


def _read(
    name: str,
    content: bytes,
    scored: bool,
    names: Mapping[int, str],
    size: tuple[float, float],
) -> Annotations:
    path = PurePath(name)
    ending = path.suffix.lower()
    if ending == ".json":
        return read_coco_results(content, names) if scored else read_coco(content)
    if ending == ".xml":
        if scored:
            raise AnnotationError("VOC's XML is ground truth; its detections are text files.")
        return read_voc(content, name)
    if ending == ".txt":
        if scored and (voc := _VOC_RESULTS.match(path.stem)):
            return read_voc_results(content, voc[1])
        return read_yolo(content, path.stem, size, names, scored=scored)
    raise AnnotationError(
        f"the ending {ending or 'none'!r} is not known. Use .json (COCO), .xml (VOC) or .txt "
        "(YOLO, VOC's detections)."
    )


def _is_names(name: str) -> bool:
    path = PurePath(name)
    return path.name.lower() in _NAMES or path.suffix.lower() == ".names"


def _class_names(files: Sequence[tuple[str, bytes]]) -> dict[int, str]:
    for name, content in files:
        if _is_names(name):
            lines = [line.strip() for line in text_of(content).splitlines()]
            return dict(enumerate(line for line in lines if line))
    return {}


def _placed(name: str, part: Annotations) -> Annotations:
    """The same, with the file's name at what was left out."""
    told = tuple(Skipped(f"{name}, {skip.where}", skip.reason) for skip in part.skipped)
    return replace(part, skipped=told)


def _joined(
    parts: Sequence[Annotations], refused: Sequence[Skipped], names: Mapping[int, str]
) -> Annotations:
    told = [*refused, *(skip for part in parts for skip in part.skipped)]
    known = dict(names)
    for part in parts:
        known |= part.names
    return Annotations(
        tuple(record for part in parts for record in part.records),
        {image: size for part in parts for image, size in part.sizes.items()},
        known,
        tuple(told[:_MOST_TOLD]),
        sum(part.more_skipped for part in parts) + max(len(told) - _MOST_TOLD, 0),
        {image: name for part in parts for image, name in part.files.items()},
    )
