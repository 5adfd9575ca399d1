"""Detections judged one after the other: pictures, the curve, the list, every definition."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.lessons.boxes_case import METHOD_TITLES, WORDS, BoxesCase, Judged, Row
from core.lessons.boxes_charts import sum_in_words
from core.lessons.boxes_lines import say
from core.ui.components.source import Component
from core.ui.pictures import png_address

code = Component("precision", "colour", "axes", "player", "overlap")

MOST_ROWS = 300
"""Detections that can be stepped through."""
MOST_TILES = 12
"""Pictures that stand side by side."""


def precision(case: BoxesCase, judged: Judged, *, key: str, on_pin: Callable[[], None]) -> None:
    """Show the detections of a class; stepping and pointing happen in the browser.

    Args:
        case: settings and numbers.
        judged: the class that is listed.
        key: the component's key; `st.session_state[key]` holds `pin` (detections drawn).
        on_pin: called when another number of detections was drawn by hand.
    """
    code.mount(key=key, data=precision_data(case, judged), on_pin_change=on_pin)


def precision_data(case: BoxesCase, judged: Judged) -> dict[str, Any]:
    """What the browser is sent: boxes, rows and averages of every step."""
    rows = judged.rows[:MOST_ROWS]
    shown = _tiles(case, rows)
    return {
        "label": str(judged.label),
        "positives": judged.matching.positives,
        "total": len(judged.rows),
        "tiles": [_tile(case, judged, image) for image in shown],
        "more": len({r["image"] for r in (*case.example.truth, *case.example.detections)})
        - len(shown),
        "rows": [_row(case, row) for row in rows],
        "methods": [
            {"name": name, "title": title, "sum": sum_in_words(judged.curve, name)}
            for name, title in METHOD_TITLES.items()
        ],
        "averages": [_averages(judged, drawn) for drawn in range(len(rows) + 1)],
        "drawn": min(case.drawn, len(rows)),
    }


def _tiles(case: BoxesCase, rows: tuple[Row, ...]) -> list[Hashable]:
    """Pictures with a detection of the class first, in the order of all pictures."""
    said = list(dict.fromkeys(row.image for row in rows))
    rest = [image for image in case.both.images if image not in set(said)]
    chosen = set([*said, *rest][:MOST_TILES])
    return [image for image in case.both.images if image in chosen]


def _tile(case: BoxesCase, judged: Judged, image: Hashable) -> dict[str, Any]:
    truth = case.example.truth
    objects = judged.matching.objects.tolist()
    return {
        "name": str(image),
        "size": list(_size(case, image)),
        "src": _source(case.example.pictures, image),
        "truth": [
            {"index": n, "box": list(truth[n]["box"])}
            for n in objects
            if truth[n]["image"] == image
        ],
    }


def _size(case: BoxesCase, image: Hashable) -> tuple[float, float]:
    """Width and height of a picture; what its boxes need where nobody says."""
    if image in case.example.sizes:
        return case.example.sizes[image]
    records = (*case.example.truth, *case.example.detections)
    reach = np.array([record["box"][2:] for record in records if record["image"] == image])
    width, height = reach.max(0).tolist()
    return max(width * 1.05, 1.0), max(height * 1.05, 1.0)


def _source(pictures: Mapping[Hashable, npt.NDArray[np.uint8]], image: Hashable) -> str:
    if image not in pictures:
        return ""
    pixels = pictures[image]
    return _encoded(pixels.tobytes(), pixels.shape)


@lru_cache(maxsize=64)
def _encoded(data: bytes, shape: tuple[int, ...]) -> str:
    picture = np.frombuffer(data, np.uint8).reshape(shape)
    return png_address(picture)


def _row(case: BoxesCase, row: Row) -> dict[str, Any]:
    return {
        "image": str(row.image),
        "box": list(case.example.detections[row.index]["box"]),
        "truth": row.truth if row.kind in ("hit", "double", "ignored", "low") else None,
        "kind": row.kind,
        "word": WORDS[row.kind],
        "why": row.why,
        "texts": [
            str(row.rank),
            str(row.image),
            say(row.score),
            say(row.iou) if row.truth is not None else "-",
            WORDS[row.kind],
            str(row.hits),
            str(row.wrong),
            f"{row.hits}/{row.hits + row.wrong} = {say(row.precision)}"
            if row.precision is not None
            else "-",
            f"{row.hits}/{round(row.hits / row.recall)} = {say(row.recall)}"
            if row.recall
            else ("-" if row.recall is None else "0"),
        ],
        "precision": row.precision,
        "recall": row.recall,
    }


def _averages(judged: Judged, drawn: int) -> list[float | None]:
    found = judged.averages(drawn)
    return [None if np.isnan(found[name]) else float(found[name]) for name in METHOD_TITLES]
