"""COCO's JSON: annotations of pictures, and lists of detections.

Boxes are xywh in pixels there. Source: Lin et al. 2014 and the data format published with COCO.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from core.vision.annotations.read import (
    AnnotationError,
    Annotations,
    Reading,
    box_of,
    number_of,
    numbers_of,
    text_of,
)
from core.vision.metrics.records import Record


def read_coco(data: bytes | str) -> Annotations:
    """Ground truth: an object with `images`, `annotations` and `categories`.

    Args:
        data: the file's content.

    Returns:
        Labels are the categories' names, images their ids.

    Raises:
        AnnotationError: it is no JSON of that form, with line and column.
    """
    document = _parsed(data)
    if not isinstance(document, dict) or not isinstance(document.get("annotations"), list):
        raise AnnotationError(
            'the file holds no ground truth of COCO: that is an object with "annotations".'
        )
    reading = Reading()
    _read_categories(document.get("categories"), reading)
    _read_images(document.get("images"), reading)
    for place, entry in enumerate(document["annotations"]):
        _read_entry(entry, f"annotation {place}", reading, reading.names, scored=False)
    return reading.result()


def read_coco_results(data: bytes | str, names: Mapping[int, str] | None = None) -> Annotations:
    """Detections: a list of `image_id`, `category_id`, `bbox`, `score`.

    Args:
        data: the file's content.
        names: of the categories, as the ground truth gives them; an id without a name stays.

    Raises:
        AnnotationError: it is no JSON of that form, with line and column.
    """
    document = _parsed(data)
    if not isinstance(document, list):
        raise AnnotationError("the file holds no detections of COCO: those are a list.")
    reading = Reading()
    for place, entry in enumerate(document):
        _read_entry(entry, f"detection {place}", reading, names or {}, scored=True)
    return reading.result()


def write_coco(
    records: Sequence[Record], sizes: Mapping[Hashable, tuple[float, float]] | None = None
) -> str:
    """Ground truth as JSON that COCO's tools read.

    Args:
        records: boxes with `image` and `label`; ids of images that are no whole number above 0
            become one, and the id is the file's name.
        sizes: (width, height) of the pictures.
    """
    sizes = sizes or {}
    images, labels = _ids(records, "image"), _ids(records, "label")
    document = {
        "images": [
            {"id": number, "file_name": str(image)} | _sized(sizes.get(image))
            for image, number in images.items()
        ],
        "categories": [{"id": number, "name": str(name)} for name, number in labels.items()],
        "annotations": [
            {
                "id": place,
                "image_id": images[record["image"]],
                "category_id": labels[record["label"]],
                "bbox": _xywh(record["box"]),
                "area": float(record.get("area", _area(record["box"]))),
                "iscrowd": int(bool(record.get("crowd"))),
            }
            for place, record in enumerate(records, start=1)
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def write_coco_results(
    detections: Sequence[Record], ground_truth: Sequence[Record] = ()
) -> str:
    """Detections as COCO's list.

    Args:
        detections: boxes with `image`, `label` and `score`.
        ground_truth: what `write_coco` was given, so that the ids are the same.
    """
    both = [*ground_truth, *detections]
    images, labels = _ids(both, "image"), _ids(both, "label")
    entries = [
        {
            "image_id": images[record["image"]],
            "category_id": labels[record["label"]],
            "bbox": _xywh(record["box"]),
            "score": float(record["score"]),
        }
        for record in detections
    ]
    return json.dumps(entries, indent=1) + "\n"


def _parsed(data: bytes | str) -> Any:  # noqa: ANN401 - JSON holds anything
    try:
        return json.loads(text_of(data))
    except json.JSONDecodeError as error:
        raise AnnotationError(
            f"the file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, AnnotationError):
            raise
        raise AnnotationError("the file is not JSON that boxes are written in.") from None


def _read_categories(entries: object, reading: Reading) -> None:
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        try:
            reading.names[int(entry["id"])] = str(entry["name"])
        except (KeyError, TypeError, ValueError):
            reading.skip(f"category {place}", 'it has no "id" and "name"')


def _read_images(entries: object, reading: Reading) -> None:
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        number, name = entry.get("id"), entry.get("file_name")
        if isinstance(number, (int, str)) and isinstance(name, str):
            reading.files[number] = name
        try:
            size = number_of(entry["width"]), number_of(entry["height"])
            reading.sizes[entry["id"]] = size
        except (KeyError, TypeError, ValueError):
            continue  # a size is of use, and not needed


def _read_entry(
    entry: Any,  # noqa: ANN401 - JSON holds anything
    where: str,
    reading: Reading,
    names: Mapping[int, str],
    *,
    scored: bool,
) -> None:
    try:
        image, category = entry["image_id"], int(entry["category_id"])
        x, y, width, height = numbers_of(entry["bbox"], 4)
        record: dict[str, Any] = {
            "image": image if isinstance(image, (int, str)) else str(image),
            "box": box_of(x, y, x + width, y + height),
            "label": names.get(category, category),
        }
        if scored:
            record["score"] = number_of(entry["score"])
        else:
            record["crowd"] = bool(entry.get("iscrowd", 0))
            if "area" in entry:
                record["area"] = number_of(entry["area"])
    except KeyError as error:
        reading.skip(where, f"it has no {error.args[0]!r}")
    except TypeError:
        reading.skip(where, "it is no entry with image_id, category_id and bbox")
    except ValueError as error:
        reading.skip(where, str(error))
    else:
        reading.add(record)


def _ids(records: Sequence[Record], name: str) -> dict[Hashable, int]:
    """A whole number above 0 for every value: its own where all have one."""
    values = list(dict.fromkeys(record[name] for record in records))
    if all(type(value) is int and value > 0 for value in values):
        return {value: value for value in values}
    return {value: number for number, value in enumerate(values, start=1)}


def _sized(size: tuple[float, float] | None) -> dict[str, float]:
    return {} if size is None else {"width": size[0], "height": size[1]}


def _xywh(box: Sequence[float]) -> list[float]:
    left, top, right, bottom = map(float, box)
    return [left, top, right - left, bottom - top]


def _area(box: Sequence[float]) -> float:
    _, _, width, height = _xywh(box)
    return width * height
