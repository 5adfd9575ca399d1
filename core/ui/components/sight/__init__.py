"""A picture before one or two networks: what they look at, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.assets.remote import megabytes
from core.lessons.classify_case import Answered, ClassifyCase, Row, changes_in_words
from core.ui.components.source import Component
from core.ui.pictures import jpeg_address
from core.vision.challenges import patch_box
from core.zoo.imagenet import COUNT

code = Component("sight", "colour", "asking", "settle")

Image = npt.NDArray[np.uint8]
Share = tuple[float, float, float, float]


def sight(
    case: ClassifyCase,
    *,
    key: str,
    conceal: bool = False,
    large: bool = False,
    settle: bool = False,
    on_again: Callable[[], None],
    on_patch: Callable[[], None],
    on_retry: Callable[[], None],
) -> None:
    """Show what the networks say; while an answer is awaited, the browser asks again.

    Args:
        case: settings, picture and the answers so far.
        key: the component's key; `st.session_state[key]` holds `patch` ("0.3,0.7;drag" while
            the patch is dragged, "0.3,0.7;end" afterwards) and `retry` (slug of a network).
        conceal: whether the audience still has to predict the answer.
        large: for a projector; the list of classes then takes the keyboard.
        settle: whether to tell `follow` when no further change has come for a moment.
        on_again: called when it is time to look for further answers.
        on_patch: called when the patch was moved.
        on_retry: called when a network that failed is to be asked again.
    """
    code.mount(
        key=key,
        data=sight_data(case, conceal=conceal) | {"focus": large, "settle": settle},
        on_again_change=on_again,
        on_patch_change=on_patch,
        on_retry_change=on_retry,
    )


def sight_data(case: ClassifyCase, *, conceal: bool = False) -> dict[str, Any]:
    """What the browser is sent: the picture, frames as shares of it, and every text."""
    lesson = case.lesson
    height, width = case.shown.shape[:2]
    done = changes_in_words(lesson)
    x0, y0, x1, y1 = case.box_xyxy
    whole = (x0, y0, x1, y1) == (0, 0, width, height) or lesson.seen_fit == "pad"
    crop = None if whole else _share((x0, y0, x1, y1), width, height)
    side = case.answered[0].entry.side
    panels = [_panel(case, answered, conceal=conceal) for answered in case.answered]
    return {
        "title": f"{case.title}: {done}" if done else case.title,
        "under": _under(case, side),
        "src": _jpeg(case.shown),
        "alt": f"{case.title}, {done}" if done else case.title,
        "width": width,
        "height": height,
        "crop": crop,
        "patch": _patch(case, width, height),
        "at": [lesson.patch_across / 100, lesson.patch_down / 100],
        "panels": panels,
        "poll": case.waiting,
        "stamp": " ".join(
            f"{len(a.curve)},{a.logits is not None},{a.coming}" for a in case.answered
        ),
    }


def _under(case: ClassifyCase, side: int) -> str:
    x0, y0, x1, y1 = case.box_xyxy
    fit = case.lesson.seen_fit
    if fit == "crop":
        return (
            f"The bright square, {x1 - x0} x {y1 - y0} pixels, is resized to {side} x {side}."
        )
    how = "its proportions are lost" if fit == "squash" else "filled up with grey to a square"
    return f"The whole picture is resized to {side} x {side}: {how}."


def _share(box: tuple[int, int, int, int], width: int, height: int) -> Share:
    """Left, top, width and height as shares of the picture."""
    x0, y0, x1, y1 = box
    return x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height


def _patch(case: ClassifyCase, width: int, height: int) -> Share | None:
    percent, changes = case.lesson.hard_patch, case.lesson.changes
    if not percent:
        return None
    return _share(patch_box(height, width, percent, changes.patch_xy), width, height)


def _panel(case: ClassifyCase, answered: Answered, *, conceal: bool) -> dict[str, Any]:
    lesson, entry = case.lesson, answered.entry
    rows = [] if conceal else answered.rows(lesson.top_count)
    says = "" if rows else _says(answered, conceal=conceal)
    colours = case.colours
    held = sum(row.probability for row in rows)
    return {
        "network": answered.network,
        "title": entry.title,
        "note": _note(case, answered),
        "rows": [_row(r, answered, colours.get(r.index), marked=case.changed) for r in rows],
        "rest": _rest(len(rows), held, marked=case.changed) if rows else "",
        "says": says,
        "failed": bool(answered.failure),
        "progress": _progress(answered),
        "hide": conceal,
        "alt": _in_words(entry.title, rows) if rows else says,
    }


def _note(case: ClassifyCase, answered: Answered) -> str:
    """What is not as the network was trained."""
    lesson, spec = case.lesson, case.lesson.spec(answered.network)
    parts = [] if spec.is_right else [f"wrong preprocessing: {spec.preprocessing.title}"]
    parts += [] if lesson.class_temperature == 1 else [f"T = {lesson.class_temperature:g}"]
    return ", ".join(parts)


def _says(answered: Answered, *, conceal: bool) -> str:
    if answered.failure:
        return answered.failure
    if answered.logits is not None and conceal:
        return "It has answered. Guess first, then its answer is shown."
    if answered.coming:
        done, total = answered.coming
        return (
            f"{answered.entry.title} is being fetched: {megabytes(done)} of about "
            f"{megabytes(total)}."
        )
    if answered.warm:
        return "It is being asked."
    return (
        f"{answered.entry.title} is being loaded. The first time this takes about ten seconds; "
        "from then on it answers at once."
    )


def _progress(answered: Answered) -> float | None:
    if not answered.coming or answered.failure:
        return None
    done, total = answered.coming
    return round(min(done / max(total, 1), 1.0), 3)


def _row(row: Row, answered: Answered, number: int | None, *, marked: bool) -> dict[str, Any]:
    t = answered.temperature
    most = float(answered.logits.max()) if answered.logits is not None else 0.0
    gap = f"{row.logit:.2f} - {most:.2f}"
    exponent = gap if t == 1 else f"({gap}) / {t:g}"
    before = row.before if marked else None
    was = "" if before is None else f"; {percent(before)} for the unchanged picture"
    return {
        "name": row.name,
        "share": round(row.probability, 5),
        "text": percent(row.probability),
        "number": number,
        "before": None if before is None else round(before, 5),
        "where": f"{row.name}: logit {row.logit:.2f}, class {row.index}{was}",
        "terms": f"e^({exponent}) / sum over {COUNT:,} classes = {_short(row.power)} / "
        f"{_short(answered.total)} = {_short(row.probability)}",
    }


def _rest(shown: int, held: float, *, marked: bool) -> str:
    left = COUNT - shown
    text = f"The other {left} classes share {percent(max(1 - held, 0.0))}."
    return f"{text} Marks: the unchanged picture." if marked else text


def _in_words(title: str, rows: list[Row]) -> str:
    said = ", ".join(f"{row.name} {percent(row.probability)}" for row in rows[:5])
    return f"{title} says: {said}."


def _short(value: float) -> str:
    return f"{value:.4g}"


def percent(share: float) -> str:
    """A probability with one decimal; never 0 % or 100 % where it is neither.

    Example:
        >>> [percent(p) for p in (0.0, 0.0004, 0.062, 0.9996, 1.0)]
        ['0 %', '<0.1 %', '6.2 %', '>99.9 %', '100 %']
    """
    tenths = round(1000 * share)
    if tenths == 0:
        return "0 %" if share == 0 else "<0.1 %"
    if tenths == 1000:
        return "100 %" if share == 1 else ">99.9 %"
    return f"{tenths / 10:.1f} %"


def _jpeg(picture: Image) -> str:
    """The picture as a small address: the page shows it, the network has the pixels."""
    return jpeg_address(picture, 88)
