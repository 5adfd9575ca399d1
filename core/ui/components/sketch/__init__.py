"""A picture on which boxes are drawn by hand: what is there, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.lessons.boxes_hand import MOST_BOXES, HandBox, written
from core.ui.components.source import Component
from core.ui.pictures import png_address

code = Component("sketch", "colour", "overlap", "dragging")

Pixels = npt.NDArray[np.uint8]


def sketch(
    boxes: Sequence[HandBox],
    classes: Sequence[str],
    size: tuple[int, int],
    picture: Pixels | None,
    *,
    name: str,
    key: str,
    on_boxes: Callable[[], None],
    truth_only: bool = False,
) -> None:
    """Show the picture with its boxes; they are drawn and dragged in the browser.

    Args:
        boxes: those that are there.
        classes: names that a box can have.
        size: width and height of the picture, in whose pixels the boxes are.
        picture: (H, W, 3) uint8 of that size, or None for squared paper.
        name: of the picture; with another one, undo begins anew.
        key: the component's key; `st.session_state[key]` holds `boxes`, see `read`.
        on_boxes: called when a box was drawn, changed or removed.
        truth_only: whether boxes are ground truth alone, so that no side is chosen.
    """
    data = sketch_data(boxes, classes, size, picture, name=name)
    code.mount(key=key, data=data | {"truth_only": truth_only}, on_boxes_change=on_boxes)


def sketch_data(
    boxes: Sequence[HandBox],
    classes: Sequence[str],
    size: tuple[int, int],
    picture: Pixels | None,
    *,
    name: str,
) -> dict[str, Any]:
    """What the browser is sent."""
    width, height = size
    src = "" if picture is None else _encoded(picture.tobytes(), picture.shape)
    return {
        "picture": {"name": name, "src": src, "width": width, "height": height},
        "classes": list(classes),
        "most": MOST_BOXES,
        "text": written(boxes),
        "boxes": [
            {
                "side": "truth" if one.score is None else "said",
                "label": one.label,
                "score": one.score,
                "box": list(one.box),
            }
            for one in boxes
        ],
    }


@lru_cache(maxsize=4)
def _encoded(data: bytes, shape: tuple[int, ...]) -> str:
    picture = np.frombuffer(data, np.uint8).reshape(shape)
    return png_address(picture)
