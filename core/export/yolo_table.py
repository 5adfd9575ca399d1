"""The stage of the page "Inside YOLO" as tables: a cell's numbers and boxes, every meeting."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from core.lessons.yolo_case import CellCase
from core.lessons.yolo_lines import STEPS, lines_of
from core.lessons.yolo_suppression import Walk
from core.numbers import format_number


def cell_csv(cell: CellCase) -> str:
    """Every number of the cell, a line for each: place, box, part, value."""
    rows: list[Sequence[object]] = []
    place = 0
    for part in cell.shape.parts:
        for value in cell.vector[place : place + part.count].tolist():
            rows.append((place, part.box or "", part.name, format_number(value)))
            place += 1
    return _table(("place", "box", "part", "value"), rows)


def cell_json(cell: CellCase) -> str:
    """The cell with its boxes, and the arithmetic of the chosen one."""
    place = cell.cell
    document: dict[str, Any] = {
        "head": cell.shape.kind,
        "input": place.side,
        "grid": place.grid,
        "row": place.row,
        "column": place.column,
        "numbers": cell.vector.tolist(),
        "boxes": [
            {
                "box": list(box.box),
                "anchor": None if box.prior is None else list(box.prior),
                "objectness": box.objectness,
                "class": cell.class_names[box.best],
                "score": box.scores[box.best],
            }
            for box in cell.boxes
        ],
        "chosen": cell.chosen + 1,
        "steps": [
            {
                "step": step.title,
                "lines": [
                    f"{line.title} = {line.text} = {line.result}"
                    for line in lines_of(step, cell.decoded.values)
                ],
            }
            for step in STEPS[cell.shape.kind]
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def meetings_csv(walk: Walk) -> str:
    """Every meeting: which box is kept, whom it meets, at what IoU, what comes of it."""
    found = walk.candidates
    rows = [
        (
            number, step.kept + 1, found.names[found.labels[step.kept]],
            format_number(step.score), meeting.index + 1, format_number(meeting.iou),
            format_number(meeting.before), format_number(meeting.after),
            int(meeting.suppressed),
        )
        for number, step in enumerate(walk.suppression.steps, start=1)
        for meeting in step.meetings
    ]  # fmt: skip
    heads = (
        "step", "kept", "class", "score", "met", "iou", "before", "after", "suppressed",
    )  # fmt: skip
    return _table(heads, rows)


def walk_json(walk: Walk) -> str:
    """The boxes before, and those that stay."""
    found = walk.candidates
    before = [
        {"box": list(box), "score": score, "label": found.names[label]}
        for box, score, label in zip(found.boxes, found.scores, found.labels, strict=True)
    ]
    kept = [
        {"number": index + 1, "score": score, "box": list(found.boxes[index])}
        for index, score in zip(walk.kept, walk.suppression.scores, strict=True)
    ]
    document = {"size": list(found.size), "boxes": before, "kept": kept}
    return json.dumps(document, indent=1) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue()
