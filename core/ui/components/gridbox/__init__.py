"""A grid over a picture; press a cell and see the box grow out of it, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.arithmetic.detection_heads import TITLES, Part
from core.images import digest
from core.lessons.boxes_lines import say
from core.lessons.yolo_case import CellCase, Object, YoloCase
from core.lessons.yolo_lines import STEPS, lines_of
from core.ui.components.source import Component

code = Component("gridbox", "colour", "axes", "player", "overlap", "asking", "settle")

MOST_CLASSES = 5


def gridbox(
    case: YoloCase,
    *,
    key: str,
    conceal: bool = False,
    large: bool = False,
    settle: bool = False,
    on_pick: Callable[[], None],
    on_box: Callable[[], None],
    on_again: Callable[[], None],
    on_retry: Callable[[], None],
) -> None:
    """Show a cell; while the network's answer is awaited, the browser asks again.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `pick` ("4,2;..." row and column
            of a pressed cell) and `box` ("2;..." the box that was chosen, from 1).
        conceal: whether the audience still has to predict the numbers.
        large: for a projector; the grid then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_pick: called when a cell was chosen.
        on_box: called when a box was chosen.
        on_retry: called when a network that failed is to be asked again.
        on_again: called when it is time to look for the answer.
    """
    data = gridbox_data(case, conceal=conceal) | {
        "large": large, "focus": large, "settle": settle,
    }  # fmt: skip
    code.mount(
        key=key, data=data, on_pick_change=on_pick, on_box_change=on_box,
        on_again_change=on_again, on_retry_change=on_retry,
    )  # fmt: skip


def gridbox_data(case: YoloCase, *, conceal: bool = False) -> dict[str, Any]:
    """What the browser is sent."""
    cell = case.cell
    return {
        "says": case.says,
        "poll": case.waiting,
        "stamp": f"{case.answer is not None} {case.says}",
        "conceal": conceal,
        "cell": None if cell is None else _cell(cell, conceal=conceal),
    }


def _cell(cell: CellCase, *, conceal: bool) -> dict[str, Any]:
    place = cell.cell
    now = cell.decoded
    steps = STEPS[cell.shape.kind]
    heat = cell.confidence
    name = cell.class_names[now.best]
    return {
        "photo": digest(cell.pixels),
        "side": place.side,
        "grid": place.grid,
        "row": place.row,
        "column": place.column,
        "label": f"{cell.title}, grid of {place.grid} x {place.grid}, cell in row {place.row}, "
        f"column {place.column}. Arrow keys choose another one, space plays the steps.",
        "key": _key(cell),
        "heat": None if heat is None else np.round(heat, 2).tolist(),
        "boxes": [
            {
                "box": [_bounded(edge) for edge in box.box],
                "point": list(box.point),
                "prior": None if box.prior is None else list(box.prior),
                "title": _title(cell, number),
                "tag": f"{cell.class_names[box.best]} {_score(box.scores[box.best])}",
            }
            for number, box in enumerate(cell.boxes)
        ],
        "chosen": cell.chosen,
        "centred": cell.shape.kind in ("v1", "v3"),
        "frames": [
            {
                "key": step.key,
                "title": step.title,
                "says": step.says + ("" if conceal or step.key != "score" else _best(name)),
                "lines": [
                    {"key": s.key, "title": s.title, "text": s.text, "result": s.result}
                    for s in ([] if conceal else lines_of(step, now.values))
                ],
            }
            for step in steps
        ],
        "classes": [
            {
                "name": known, "share": share, "score": score,
                "text": f"{share:.3f} -> {score:.3f}",
            }
            for known, share, score in cell.ranked(MOST_CLASSES)
        ],
        "bins": _bins(cell),
        "object": None if cell.object is None else _object(cell.object),
        "vector": None if conceal else _vector(cell),
    }  # fmt: skip


def _score(score: float) -> str:
    """On the picture: three digits.

    Example:
        >>> _score(0.72009), _score(1e-6), _score(3.0)
        ('0.72', '< 0.001', '3')
    """
    return "< 0.001" if 0 < score < _LEAST else say(round(score, 3))


_LEAST = 0.0005


def _bounded(edge: float) -> float:
    """A place that SVG can draw, however large e^t becomes."""
    return min(max(edge, -1e5), 1e5)


def _best(name: str) -> str:
    return f" Here: {name}. Pale: the probability of a class, full: its score."


def _key(cell: CellCase) -> str:
    parts = [f"{cell.title}. Press a cell, or use the arrow keys. Blue: the cell."]
    if cell.anchors:
        parts.append("Green, dashed: the anchor.")
    parts.append("Orange: the centre and the box.")
    if len(cell.boxes) > 1:
        parts.append("Dotted: the cell's other boxes.")
    if cell.object is not None:
        parts.append("White: the shape that it is measured with.")
    if cell.confidence is not None:
        heat = cell.confidence
        row, column = np.unravel_index(int(heat.argmax()), heat.shape)
        parts.append(
            "Yellow: how sure each cell is that it holds an object; the surest is row "
            f"{row}, column {column}."
        )
    return " ".join(parts)


def _title(cell: CellCase, number: int) -> str:
    if cell.anchors:
        width, height = cell.anchors[number]
        return f"Anchor {number + 1}: {say(width)} x {say(height)}"
    return f"Box {number + 1}"


def _object(found: Object) -> dict[str, Any]:
    says = f"IoU with the {found.name}: {say(round(found.iou, 4))}. "
    if not found.here:
        says += "No shape has its centre in this cell, so in training none would ask it."
    elif found.target is None:
        says += "Its centre is in this cell: the cell is responsible for it."
    else:
        names = ("t_x", "t_y", "t_w", "t_h")
        wanted = ", ".join(f"{n} = {v:.2f}" for n, v in zip(names, found.target, strict=True))
        says += f"Its centre is in this cell. What would give exactly its box: {wanted}."
    return {"box": list(found.box), "says": says}


def _bins(cell: CellCase) -> list[dict[str, Any]] | None:
    if cell.bins is None:
        return None
    means = [cell.decoded.values[name] for name in ("el", "et", "er", "eb")]
    return [
        {"shares": np.round(shares, 5).tolist(), "mean": mean, "text": f"mean {mean:.3f} cells"}
        for shares, mean in zip(cell.bins, means, strict=True)
    ]


def _vector(cell: CellCase) -> dict[str, Any]:
    """The numbers of the cell, a line for each box; of YOLOv8 a line for each edge."""
    shape = cell.shape
    rows: list[dict[str, Any]] = []
    begin = 0
    by_edge = shape.kind == "v8"
    for part in shape.parts:
        name = part.name if by_edge else _row_name(cell, part)
        if not rows or rows[-1]["title"] != name:
            rows.append({"title": name, "parts": [], "now": _is_now(cell, part)})
        values = cell.vector[begin : begin + part.count]
        rows[-1]["parts"].append(_part(cell, part, begin, values.tolist()))
        begin += part.count
    return {
        "title": f"The {shape.a_cell} numbers of this cell: {written(shape.parts)}",
        "rows": rows,
        "legend": f"{TITLES[shape.kind]}: {shape.grids[0]} x {shape.grids[0]} x {shape.a_cell} "
        f"= {shape.numbers:,} numbers in this output. Blue: below 0, orange: above.",
    }


def _row_name(cell: CellCase, part: Part) -> str:
    if cell.shape.kind == "fcos":
        return "Point"
    return f"Box {part.box}" if part.box else "Cell"


def _is_now(cell: CellCase, part: Part) -> bool:
    return part.box == cell.chosen + 1 and len(cell.boxes) > 1


def _part(cell: CellCase, part: Part, begin: int, values: Sequence[float]) -> dict[str, Any]:
    return {
        "name": part.name,
        "meaning": part.meaning,
        "from": begin,
        "values": [round(value, 4) for value in values],
        "labels": list(cell.class_names) if part.name == "classes" else None,
    }


def written(parts: Sequence[Part]) -> str:
    """The numbers of a cell as a sum.

    Example:
        >>> from core.arithmetic.detection_heads import head
        >>> written(head("v1", [7], 2, 20).parts)
        '2 * 5 + 20'
        >>> written(head("v3", [13], 3, 80).parts)
        '3 * (5 + 80)'
        >>> written(head("v8", [80], 1, 80).parts)
        '4 * 16 + 80'
    """
    boxes = max(part.box for part in parts)
    classes = next(part for part in parts if part.name == "classes")
    if classes.box == 0:
        return f"{boxes} * 5 + {classes.count}"
    if any(part.name == "left" for part in parts):
        return f"4 * {parts[0].count} + {classes.count}"
    if any(part.name == "centre-ness" for part in parts):
        return f"4 + 1 + {classes.count}"
    return f"{boxes} * (5 + {classes.count})"
