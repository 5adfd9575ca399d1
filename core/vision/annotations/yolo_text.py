"""YOLO's text files: a file for each picture, a line for each box.

`class x y width height`, centre and sides as shares of the picture's sides; a detection has its
confidence behind them. Source: Redmon, Darknet's "Train YOLO on VOC".
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from core.vision.annotations.read import Annotations, Reading, box_of, number_of, text_of
from core.vision.metrics.records import Record


def read_yolo(
    data: bytes | str,
    image: Hashable,
    size: tuple[float, float],
    names: Mapping[int, str] | None = None,
    *,
    scored: bool = False,
) -> Annotations:
    """Boxes of one picture.

    Args:
        data: the file's content.
        image: the picture's id.
        size: its (width, height) in pixels. IoU is the same with any; areas are not.
        names: of the classes; a number without a name stays.
        scored: whether these are detections, with a sixth number on each line.

    Raises:
        AnnotationError: it is no text.
    """
    reading = Reading()
    reading.sizes[image] = size
    for number, line in enumerate(text_of(data).splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        try:
            record = _record(words, image, size, names or {}, scored=scored)
        except ValueError as error:
            reading.skip(f"line {number}", str(error))
        else:
            reading.add(record)
    return reading.result()


def write_yolo(
    records: Sequence[Record], size: tuple[float, float], labels: Sequence[Hashable]
) -> str:
    """Boxes of one picture as text.

    Args:
        records: its boxes; those with a `score` get a sixth number.
        size: (width, height) of the picture.
        labels: in the order of their numbers.
    """
    lines = []
    for record in records:
        left, top, right, bottom = map(float, record["box"])
        numbers = [
            (left + right) / 2 / size[0],
            (top + bottom) / 2 / size[1],
            (right - left) / size[0],
            (bottom - top) / size[1],
        ]
        if "score" in record:
            numbers.append(float(record["score"]))
        words = [str(labels.index(record["label"])), *(f"{value:.9g}" for value in numbers)]
        lines.append(" ".join(words))
    return "".join(f"{line}\n" for line in lines)


def _record(
    words: list[str],
    image: Hashable,
    size: tuple[float, float],
    names: Mapping[int, str],
    *,
    scored: bool,
) -> Record:
    wanted = 6 if scored else 5
    if len(words) != wanted:
        kind = "a detection has 6: class, x, y, width, height, confidence"
        plain = "a box has 5: class, x, y, width, height"
        raise ValueError(f"{len(words)} numbers; {kind if scored else plain}")
    if not words[0].isdecimal():
        raise ValueError(f"the class {words[0][:20]!r} is no whole number")
    x, y, width, height, *score = (number_of(word) for word in words[1:])
    if max(abs(x), abs(y), width, height) > 2:
        raise ValueError("the numbers are no shares of the picture's sides, 0 to 1")
    across, down = size
    box = box_of(
        (x - width / 2) * across,
        (y - height / 2) * down,
        (x + width / 2) * across,
        (y + height / 2) * down,
    )
    number = int(words[0])
    record: dict[str, Any] = {"image": image, "box": box, "label": names.get(number, number)}
    return record | {"score": score[0]} if scored else record
