"""The picture, the crop and its planes as linked boards of pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from core.images.colour import Plane
from core.lessons.pixels import PixelCase
from core.ui.components.source import Component
from core.ui.pictures import png_address

code = Component("pixels", "colour", "numbers", "planes", "settle", "tables")

_TINTS = {
    ("rgb", "r"): ("#000000", "#FF0000"),
    ("rgb", "g"): ("#000000", "#00FF00"),
    ("rgb", "b"): ("#000000", "#0000FF"),
    ("hsv", "h"): ("#FF0000", "#FFFF00", "#00FF00", "#00FFFF", "#0000FF", "#FF00FF", "#FF0000"),
}
"""What a plane's numbers look like; all others are grey."""
_GREY = ("#000000", "#FFFFFF")


def boards(
    case: PixelCase,
    *,
    key: str,
    large: bool = False,
    settle: bool = False,
    on_edit: Callable[[], None],
    on_pin: Callable[[], None],
    on_crop: Callable[[], None],
) -> None:
    """Show a crop in numbers; pointing happens in the browser.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `edit` (text of one changed
            pixel, as `core.numbers.parse_edits` reads it), `pin` ("row,column;") and `crop`
            ("top,left").
        large: cells for a projector.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_edit: called when a pixel was changed.
        on_pin: called when a pixel was pinned or let go.
        on_crop: called when the crop was moved.
    """
    code.mount(
        key=key,
        data=boards_data(case, large=large) | {"settle": settle},
        on_edit_change=on_edit,
        on_pin_change=on_pin,
        on_crop_change=on_crop,
    )


def boards_data(case: PixelCase, *, large: bool = False) -> dict[str, Any]:
    """What the browser is sent: the picture, and the crop's numbers plane by plane."""
    lesson = case.lesson
    height, width = case.small.shape[:2]
    count = case.window.shape[0] * case.window.shape[1] * len(case.planes)
    return {
        "picture": png_address(case.small),
        "height": height,
        "width": width,
        "top": lesson.top,
        "left": lesson.left,
        "rows": lesson.rows,
        "columns": lesson.columns,
        "pixel": lesson.pixel,
        "space": lesson.space,
        "large": large,
        "colours": case.window.reshape(-1, 3).tolist(),
        "planes": [_plane(case, plane, c) for c, plane in enumerate(case.planes)],
        "grey": _plane(case, case.grey, None),
        "titles": {
            "whole": f"Picture, {height} x {width} x 3",
            "crop": f"Crop, {lesson.rows} x {lesson.columns}",
            "vector": f"Flattened, row by row, channel last: {count:,} numbers",
        },
    }


def _plane(case: PixelCase, plane: Plane, channel: int | None) -> dict[str, Any]:
    values = np.round(plane.values.astype(np.float64), 3).reshape(-1).tolist()
    data = {
        "title": plane.title,
        "unit": plane.unit,
        "values": values,
        "low": plane.low,
        "high": plane.high,
        "stops": list(_TINTS.get((case.lesson.space, plane.slug), _GREY)),
    }
    rows, columns = plane.values.shape
    if case.lesson.cells == "indices" and channel is not None:
        data["texts"] = [f"{i},{j},{channel}" for i in range(rows) for j in range(columns)]
    else:
        digits = 0 if plane.high - plane.low > _FINE else 2
        data["texts"] = [f"{value:.{digits}f}" for value in values]
    return data


_FINE = 10
"""Planes of a smaller range show two decimals in their cells; the readout always does."""
