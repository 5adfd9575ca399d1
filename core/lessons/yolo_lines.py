"""The decoding of a box, step by step and line by line: words here, numbers filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.arithmetic.detection_heads import Kind
from core.lessons.boxes_lines import Line, say, spelled


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the cell to its box.

    Attributes:
        key: what is drawn from this step on.
        title: in the player.
        says: one sentence.
        lines: the arithmetic.
    """

    key: str
    title: str
    says: str
    lines: tuple[Line, ...]


def _line(key: str, title: str, text: str) -> Line:
    return Line(key, title, text, "")


_CELL = Step(
    "cell",
    "Cell",
    "Column and row of the cell, counted from 0, and its side in pixels.",
    (_line("stride", "side of a cell", "{side} / {s}"),),
)
_CORNERS = (
    _line("x1", "left", "{px} - {bw} / 2"),
    _line("y1", "top", "{py} - {bh} / 2"),
    _line("x2", "right", "{px} + {bw} / 2"),
    _line("y2", "bottom", "{py} + {bh} / 2"),
)
_AWAY = (
    _line("x1", "left", "{px} - {l}"),
    _line("y1", "top", "{py} - {t}"),
    _line("x2", "right", "{px} + {r}"),
    _line("y2", "bottom", "{py} + {b}"),
)
_MIDDLE = (
    _line("px", "x of the point", "({cx} + 0.5) * {stride}"),
    _line("py", "y of the point", "({cy} + 0.5) * {stride}"),
)
_SCORED = (_line("score", "score", "{obj!} * {prob!}"),)
_SURE = _line("prob", "class", "1 / (1 + e^-({logit}))")

STEPS: dict[Kind, tuple[Step, ...]] = {
    "v1": (
        _CELL,
        Step(
            "centre", "Centre", "x and y are shares of the cell. The layer is linear: nothing "
            "holds them between 0 and 1.",
            (
                _line("bx", "b_x", "({cx} + {tx!}) / {s}"),
                _line("by", "b_y", "({cy} + {ty!}) / {s}"),
                _line("px", "x in pixels", "{bx!} * {side}"),
                _line("py", "y in pixels", "{by!} * {side}"),
            ),
        ),
        Step(
            "size", "Size", "The network gives the roots of width and height, as shares of the "
            "whole picture: a small box feels the same error more.",
            (
                _line("bw", "b_w", "{tw!}^2 * {side}"),
                _line("bh", "b_h", "{th!}^2 * {side}"),
                *_CORNERS,
            ),
        ),
        Step("score", "Score", "Confidence times class probability; the classes belong to the "
             "cell, not to the box.", _SCORED),
    ),
    "v3": (
        _CELL,
        Step(
            "centre", "Centre", "The sigmoid keeps the centre within its cell, whatever the "
            "network says.",
            (
                _line("sx", "sigmoid(t_x)", "1 / (1 + e^-({tx}))"),
                _line("sy", "sigmoid(t_y)", "1 / (1 + e^-({ty}))"),
                _line("bx", "b_x", "({sx} + {cx}) / {s}"),
                _line("by", "b_y", "({sy} + {cy}) / {s}"),
                _line("px", "x in pixels", "{bx} * {side}"),
                _line("py", "y in pixels", "{by} * {side}"),
            ),
        ),
        Step("anchor", "Anchor", "The anchor's width and height p_w, p_h are fixed before any "
             "training; with t_w = t_h = 0 it would be the box.",
             (_line("pw", "p_w", "anchor"), _line("ph", "p_h", "anchor"))),
        Step(
            "size", "Size", "The network stretches the anchor by a power of e, which is never "
            "negative.",
            (
                _line("bw", "b_w", "{pw} * e^({tw})"),
                _line("bh", "b_h", "{ph} * e^({th})"),
                *_CORNERS,
            ),
        ),
        Step(
            "score", "Score", "Objectness times the probability of the class; each class has "
            "a sigmoid of its own.",
            (_line("obj", "objectness", "1 / (1 + e^-({to}))"), _SURE, *_SCORED),
        ),
    ),
    "fcos": (
        _CELL,
        Step("centre", "Point", "The point is the middle of the cell; nothing moves it.",
             _MIDDLE),
        Step(
            "size", "Edges", "Four distances from the point, each a power of e; s is learned, "
            "one for each scale.",
            (
                _line("l", "l", "e^({scale} * {tx!})"),
                _line("t", "t", "e^({scale} * {ty!})"),
                _line("r", "r", "e^({scale} * {tw!})"),
                _line("b", "b", "e^({scale} * {th!})"),
                *_AWAY,
            ),
        ),
        Step("score", "Score", "Centre-ness times class probability: boxes that a point near "
             "their edge gives sink in the list.",
             (_line("obj", "centre-ness", "1 / (1 + e^-({to}))"), _SURE, *_SCORED)),
    ),
    "v8": (
        _CELL,
        Step("centre", "Point", "The point is the middle of the cell; nothing moves it.",
             _MIDDLE),
        Step(
            "size", "Edges", "Each edge has 16 bins with a softmax; their mean is the "
            "distance in cells.",
            (
                _line("l", "l", "{el} * {stride}"),
                _line("t", "t", "{et} * {stride}"),
                _line("r", "r", "{er} * {stride}"),
                _line("b", "b", "{eb} * {stride}"),
                *_AWAY,
            ),
        ),
        Step("score", "Score", "There is no objectness: the probability of the class is the "
             "score.", (_line("score", "score", "1 / (1 + e^-({logit}))"),)),
    ),
}  # fmt: skip
"""The steps of every head."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line with its numbers.

    Attributes:
        key: name of the result.
        title: what it is.
        text: the formula with numbers.
        result: what it gives.
    """

    key: str
    title: str
    text: str
    result: str


def lines_of(step: Step, values: Mapping[str, float]) -> tuple[Said, ...]:
    """The arithmetic of a step with its numbers.

    Example:
        >>> lines_of(STEPS["v3"][0], {"side": 416, "s": 13, "stride": 32.0})[0].text
        '416 / 13'
    """
    said = []
    for line in step.lines:
        text, _, result = spelled(line, values, plus_one=False).rpartition(" = ")
        said.append(Said(line.key, line.title, text, result))
    return tuple(said)


__all__ = ["STEPS", "Said", "Step", "lines_of", "say"]
