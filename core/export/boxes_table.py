"""The judged list as a table, and the lists in the formats of COCO, VOC and YOLO."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Hashable, Iterable, Sequence
from pathlib import PurePath

from core.lessons.boxes_case import BoxesCase, Judged
from core.lessons.boxes_examples import Example
from core.numbers import format_number
from core.vision.annotations import write_coco, write_coco_results, write_voc, write_yolo
from core.vision.metrics.records import Record

COLUMNS = (
    "rank", "image", "score", "iou", "verdict", "tp", "fp", "precision", "recall", "left",
    "top", "right", "bottom",
)  # fmt: skip
_SIZE = (640.0, 480.0)


def judged_csv(case: BoxesCase, judged: Judged) -> str:
    """The sorted list of one class, a line for each detection; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in judged.rows:
        box = case.example.detections[row.index]["box"]
        writer.writerow(
            (
                row.rank, row.image, format_number(row.score), format_number(row.iou),
                row.kind, row.hits, row.wrong, _text(row.precision), _text(row.recall),
                *(format_number(float(edge)) for edge in box),
            )
        )  # fmt: skip
    return text.getvalue()


def truth_coco(example: Example) -> str:
    """Ground truth as COCO's JSON."""
    return write_coco(example.truth, example.sizes)


def detections_coco(example: Example) -> str:
    """Detections as COCO's list, with the ids of `truth_coco`."""
    return write_coco_results(example.detections, example.truth)


def truth_voc(example: Example) -> bytes:
    """Ground truth as a zip of VOC's XML, a file for each picture."""
    return _zipped(
        (f"{_name(image)}.xml", write_voc(records, _name(image), example.sizes.get(image)))
        for image, records in _by_image(example.truth, example)
    )


def both_yolo(example: Example) -> bytes:
    """Ground truth and detections as a zip of YOLO's text files, with classes.txt."""
    everything = (*example.truth, *example.detections)
    labels: list[Hashable] = list(dict.fromkeys(record["label"] for record in everything))
    files = [("classes.txt", "".join(f"{label}\n" for label in labels))]
    for folder, side in (("labels", example.truth), ("detections", example.detections)):
        files += [
            (
                f"{folder}/{_name(image)}.txt",
                write_yolo(records, example.sizes.get(image, _SIZE), labels),
            )
            for image, records in _by_image(side, example)
        ]
    return _zipped(files)


def _by_image(
    records: Sequence[Record], example: Example
) -> list[tuple[Hashable, list[Record]]]:
    """Every picture with its boxes, those without any too."""
    images = dict.fromkeys(r["image"] for r in (*example.truth, *example.detections))
    return [(image, [r for r in records if r["image"] == image]) for image in images]


def _name(image: Hashable) -> str:
    """A file's name that cannot lead out of its folder."""
    return PurePath(str(image)).name or "picture"


def _zipped(files: Iterable[tuple[str, str]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()


def _text(value: float | None) -> str:
    return "" if value is None else format_number(value)
