"""A mask is painted over a picture while the pixels are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.images.decode import digest
from core.images.runs import encode_runs
from core.lessons.masks_case import MasksCase
from core.lessons.masks_pictures import EXTRA, HIT, MISSED
from core.lessons.segment_case import COAT
from core.ui.components import photo
from core.ui.components.source import Component
from core.vision.metrics import BoundaryMatch
from core.vision.metrics.formulas import KINDS, MEASURES, Measure

code = Component("painter", "colour", "axes", "masks", "scores", "asking", "settle")

LEAST_SIDE_FOR_WIDE = 24
"""Pictures with a shorter side begin with a brush of one pixel."""
_KEYS = (
    "Arrow keys move the brush, space puts it down and lifts it. B brush, E eraser, P polygon, "
    "Enter closes it, Escape drops it, Z undoes, shift Z does again, I inverts, delete clears, "
    "brackets change the width."
)
_HINTS = {
    "brush": "Keys: B, E, P tools; [ ] width; Z undoes; arrows and space paint.",
    "polygon": "Press corners. The first corner again, a double click or Enter closes; with "
    "Shift the polygon is cut out. Escape drops it.",
}
_BLIND = (
    "The truth and the numbers are hidden. Set Shown to errors, beside the stage, to see them."
)
_BOUNDARY_FORMULA = "2 P R / (P + R) of the boundaries"


def painter(
    case: MasksCase,
    *,
    key: str,
    progress: float | None = None,
    retry: str = "",
    conceal: bool = False,
    large: bool = False,
    settle: bool = False,
    on_mask: Callable[[], None],
    on_again: Callable[[], None],
    on_retry: Callable[[], None],
) -> None:
    """Show the picture to be painted on; every pixel is counted in the browser.

    Args:
        case: settings, picture, truth, and what is painted.
        key: the component's key; `st.session_state[key]` holds `mask` ("canvas;stroke;runs",
            as `core.images.runs` reads them) and `retry` (a method).
        progress: how much of a network has been fetched, 0 to 1; None where none is.
        retry: the method that can be asked again, if one has failed.
        conceal: whether the audience still has to predict the numbers.
        large: for a projector; the picture then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_mask: called shortly after each stroke, each undo and so on.
        on_again: called when it is time to look for an answer that is awaited.
        on_retry: called when a network that failed is to be asked again.
    """
    photo.photo(
        case.subject.picture,
        identity=_identity(case),
        key=f"{key}_photo",
        exact=not case.lesson.of_photo,
    )
    data = painter_data(case, conceal=conceal)
    code.mount(
        key=key,
        data=data | {"focus": large, "settle": settle, "progress": progress, "retry": retry},
        on_mask_change=on_mask,
        on_again_change=on_again,
        on_retry_change=on_retry,
    )


def painter_data(case: MasksCase, *, conceal: bool = False) -> dict[str, Any]:
    """What the browser is sent: masks as runs, what the measures are made of, and words."""
    height, width = case.subject.picture.shape[:2]
    truth, start = case.subject.truth, case.start
    longest = max(height, width)
    says = case.subject.missing or case.missing
    hidden = conceal or case.blind
    lines = case.outlines
    return {
        "id": case.canvas,
        "photo": _identity(case),
        "title": f"{case.subject.title}, {width} x {height}",
        "width": width,
        "height": height,
        "truth": None if truth is None else encode_runs(truth),
        "start": None if start is None else encode_runs(start),
        "mask": None if start is None else encode_runs(case.mask),
        "stroke": case.stroke,
        "brush": 1 if longest < LEAST_SIDE_FOR_WIDE else max(round(longest / 16), 1),
        "blind": case.blind,
        "opacity": case.lesson.mask_opacity,
        "colours": {"TP": HIT, "FP": EXTRA, "FN": MISSED, "painted": COAT},
        "kinds": {**KINDS, "painted": "pixels painted"},
        "measures": [_measure(measure) for measure in MEASURES.values()],
        "boundary": None if lines is None else _boundary(lines),
        "remark": _BLIND if case.blind else "" if hidden else remark(case),
        "conceal": conceal,
        "keys": _KEYS,
        "hints": _HINTS,
        "says": says,
        "failed": bool(says) and not case.waiting and case.lesson.mask_truth != "file",
        "poll": case.waiting,
        "stamp": f"{case.canvas},{truth is not None},{says}",
    }


def remark(case: MasksCase) -> str:
    """What is special about the masks as they stand; else empty."""
    found = case.comparison
    if found is None:
        return ""
    hits, extra, missed, _ = found.counts
    if not hits + extra + missed:
        return "Both masks are empty. Of nothing everything is right: 1 by convention."
    if not hits + extra:
        return "Nothing is painted, so nothing painted is wrong: precision is 1 by convention."
    if not hits + missed:
        return "Nothing is true, so nothing true is missed: recall is 1 by convention."
    if found.pixel_accuracy > 0.9 and found.iou < 0.5:
        return (
            "Most pixels are background in both, so that accuracy is high whatever the object "
            "is taken for. IoU leaves them out."
        )
    return ""


def _identity(case: MasksCase) -> str:
    return digest(case.subject.picture)


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "slug": measure.slug,
        "title": measure.title,
        "formula": measure.formula,
        "top": [list(term) for term in measure.top],
        "bottom": [list(term) for term in measure.bottom],
    }


def _boundary(lines: BoundaryMatch) -> dict[str, Any]:
    right, said = int(lines.right.sum()), int(lines.predicted.sum())
    found, true = int(lines.found.sum()), int(lines.truth.sum())
    return {
        "title": f"Boundary F, within {lines.tolerance_px:.0f} px",
        "formula": _BOUNDARY_FORMULA,
        "line": [f"{_BOUNDARY_FORMULA}:", f"P = {right} / {said},", f"R = {found} / {true}"],
        "value": round(lines.f, 6),
    }
