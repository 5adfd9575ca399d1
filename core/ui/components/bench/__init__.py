"""A kernel on a photo: edited like a spreadsheet, seen before and after, checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from core.images.filtering import axis_plan, shown
from core.kernels import LARGEST
from core.kernels.separability import separate
from core.kernels.words import short
from core.lessons.kernels_case import KernelCase
from core.ui.components.source import Component
from core.ui.pictures import png_address

code = Component(
    "bench",
    "colour",
    "numbers",
    "planes",
    "settle",
    "tables",
    "kernel_grid",
    "divider",
    "photos",
    "camera",
)


def bench(
    case: KernelCase,
    *,
    key: str,
    identity: str,
    title: str,
    conceal: bool = False,
    large: bool = False,
    settle: bool = False,
    undo: bool = False,
    live: bool = False,
    frame: bool = False,
    refused: str = "",
    on_edit: Callable[[], None],
    on_paste: Callable[[], None],
    on_act: Callable[[], None],
    on_pin: Callable[[], None],
    on_frame: Callable[[], None],
) -> None:
    """Show a kernel and its answer; pointing, typing and dragging happen in the browser.

    Args:
        case: settings and numbers.
        key: the component's key; `st.session_state[key]` holds `edit` (changed weights, as
            `core.numbers.parse_edits` reads them), `paste` (text as it was pasted), `act` (the
            name of a button) and `pin` ("row,column", or empty), each as JSON: the `value`, and
            the `settings` that were on show; and `frame`, a JPEG as a data address.
        identity: of the photo, as it was sent by `core.ui.components.photo`.
        title: the photo's name.
        conceal: whether answers are still to be predicted.
        large: for a projector; the photo then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        undo: whether there is a change to take back.
        live: whether the camera runs, and sends a frame after each answer.
        frame: whether the photo is such a frame; it is then sent along.
        refused: why the last text that was pasted is no kernel.
        on_edit: called when weights were changed.
        on_paste: called when a text was pasted.
        on_act: called when a button was pressed.
        on_pin: called when a pixel was pinned or let go.
        on_frame: called with a new frame of the camera.
    """
    code.mount(
        key=key,
        data=bench_data(case, identity=identity, title=title, conceal=conceal)
        | {"large": large, "focus": large, "settle": settle, "undo": undo, "refused": refused}
        | {"live": live, "side": case.lesson.resolution}
        | {"photo": png_address(case.before) if frame else ""},
        on_edit_change=on_edit,
        on_paste_change=on_paste,
        on_act_change=on_act,
        on_pin_change=on_pin,
        on_frame_change=on_frame,
    )


def bench_data(
    case: KernelCase, *, identity: str, title: str, conceal: bool = False
) -> dict[str, Any]:
    """What the browser is sent: weights, the picture after, and where taps read the photo."""
    lesson, kernel = case.lesson, case.kernel
    rows, columns = kernel.weights.shape
    height, width = case.before.shape[:2]
    down, across = axis_plan(height, rows), axis_plan(width, columns)
    what = "grey" if case.before.ndim == 2 else "red, green and blue"
    return {
        "id": identity,
        "height": height,
        "width": width,
        "channels": 1 if case.before.ndim == 2 else 3,
        "weights": np.round(kernel.weights, 9).ravel().tolist(),
        "rows": rows,
        "columns": columns,
        "largest": LARGEST,
        "scale": kernel.scale,
        "offset": kernel.offset,
        "name": f"{lesson.title}, {rows} x {columns}",
        "title": f"{title}, {height} x {width}, {what}",
        "facts": "" if conceal else kernel_facts(case),
        "above": down.before,
        "before": across.before,
        "rowSource": down.source(lesson.border).tolist(),
        "columnSource": across.source(lesson.border).tolist(),
        "outside": lesson.border_value if lesson.border == "constant" else 0,
        "display": case.display,
        "settings": lesson.differences(),
        "pin": lesson.probe,
        "pixel": list(case.pixel),
        "conceal": conceal,
        **_after(case, conceal=conceal),
    }


def _after(case: KernelCase, *, conceal: bool) -> dict[str, Any]:
    """The picture after, its map, and the numbers at the ends of the scale."""
    display = case.display
    if conceal:
        return {"after": "", "map": "plain", "ends": [], "cut": "", "reach": 1}
    response = case.filtered.response
    low, high = float(response.min()), float(response.max())
    reach = case.filtered.reach
    ends = {
        "signed": [f"-{short(reach)}", "0", short(reach)],
        "stretch": [short(low), short(high)],
    }.get(display, ["0", "255"])
    return {
        "after": png_address(shown(case.filtered, display)),
        "map": "signed" if display == "signed" else "plain",
        "ends": ends,
        "cut": _cut(case, low, high),
        "low": low,
        "high": high,
        "reach": reach,
    }


def _cut(case: KernelCase, low: float, high: float) -> str:
    """What the picture does not show of the answers."""
    span = f"Answers from {short(low)} to {short(high)}."
    if case.display not in ("clip", "absolute"):
        return span
    response = case.filtered.response
    values = np.abs(response) if case.display == "absolute" else response
    below, above = float(np.mean(values < -0.5)), float(np.mean(values >= 255.5))
    parts = [f"{share:.1%} {where}" for share, where in
             ((below, "below 0"), (above, "above 255")) if share]  # fmt: skip
    return f"{span} Cut: {', '.join(parts)}." if parts else f"{span} Nothing is cut."


def kernel_facts(case: KernelCase) -> str:
    """The sum of the weights, what it is divided by, and the cost."""
    kernel = case.kernel
    parts = separate(kernel.weights)
    words = [f"Sum {short(float(kernel.weights.sum()))}"]
    if kernel.scale != 1:
        words[0] += f", divided by {short(kernel.scale)}"
    if kernel.offset:
        words[0] += f", then {'+' if kernel.offset > 0 else ''}{short(kernel.offset)}"
    cost = f"{parts.full_multiplications} multiplications a pixel"
    if parts.separable and parts.separate_multiplications < parts.full_multiplications:
        cost += f", {parts.separate_multiplications} as a column and a row"
    return f"{words[0]}. {cost}."
