"""The view "facts": what the numbers of the stage say, in sentences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.lessons.boxes_lines import say
from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import CellCase, YoloCase
from core.lessons.yolo_suppression import Walk
from core.vision.metrics import box_iou


def show_facts(case: YoloCase) -> None:
    """Remarks on what the stage shows."""
    st.markdown("\n".join(f"- {text}" for text in remarks(case)))


def remarks(case: YoloCase) -> list[str]:
    """What the numbers of a case say, in sentences."""
    if case.lesson.yolo_shows == "suppression":
        return _LATE if case.walk is None else _walk(case.lesson, case.walk)
    return _LATE if case.cell is None else _cell(case.cell)


_LATE = ["The network has not answered yet."]


def _cell(cell: CellCase) -> list[str]:
    now, place = cell.decoded, cell.cell
    texts = [_reach(cell)]
    left, top, right, bottom = now.box
    if min(left, top) < 0 or max(right, bottom) > place.side:
        texts.append(
            "The box leaves the picture: nothing in the formulas forbids that. It is cut off "
            "when it is drawn."
        )
    if cell.shape.kind == "v1":
        texts += _linear(cell)
    if now.prior is not None:
        texts += _anchored(cell)
    if cell.bins is not None:
        texts.append(_means(cell, cell.bins))
    texts.append(_score(cell))
    return texts


def _reach(cell: CellCase) -> str:
    place = cell.cell
    left, top, right, bottom = (say(edge) for edge in place.box)
    where = f"the cell spans x {left} to {right} and y {top} to {bottom}"
    if cell.shape.kind == "v3":
        return (
            f"Whatever t_x and t_y are, the centre stays within the cell: {where}. At 0 it is "
            "in the middle; an edge itself is never quite reached."
        )
    if cell.shape.kind == "v1":
        return f"With x and y between 0 and 1 the centre is within the cell: {where}."
    return (
        f"The point is fixed: {where}. The distances are above 0 or 0, so the box always holds "
        "its point."
    )


def _linear(cell: CellCase) -> list[str]:
    numbers = [*cell.vector.tolist()]
    outside = [value for value in numbers if not 0 <= value <= 1]
    texts = [
        "The layer is linear: training alone keeps x, y, the confidence and the classes "
        "between 0 and 1."
    ]
    if outside:
        texts.append(
            f"{len(outside)} of the {len(numbers)} numbers are outside of 0 to 1 now, and the "
            "formulas take them as they are."
        )
    return texts


def _anchored(cell: CellCase) -> list[str]:
    values = cell.decoded.values
    wide, high = values["ew"], values["eh"]
    return [
        f"The box is {say(round(wide, 4))} anchors wide and {say(round(high, 4))} high: e^t is "
        "1 at t = 0, doubles with every 0.693 more, and is never negative.",
        f"The cell has {len(cell.boxes)} anchors and so {len(cell.boxes)} boxes, whether there "
        "is anything in it or not. In training the object goes to the anchor that it fits best "
        "in shape.",
    ]


def _means(cell: CellCase, bins: npt.NDArray[np.float64]) -> str:
    peak = [int(row.argmax()) for row in bins]
    mean = [cell.decoded.values[name] for name in ("el", "et", "er", "eb")]
    far = max(range(4), key=lambda n: abs(mean[n] - peak[n]))
    edge = ("left", "top", "right", "bottom")[far]
    return (
        f"The {edge} edge has its highest bin at {peak[far]} and its mean at {mean[far]:.3f}: "
        "the box takes the mean. Make the spread larger near bin 0, and the mean moves away "
        "from it, since there are no bins below 0."
    )


def _score(cell: CellCase) -> str:
    now = cell.decoded
    name, share, score = cell.ranked(1)[0]
    if now.objectness is None:
        return f"The surest class is {name}: its probability {share:.3f} is the score."
    product = f"{say(round(now.objectness, 4))} * {say(round(share, 4))}"
    return (
        f"The surest class is {name}: {product} = {say(round(score, 4))}. A sure class in a "
        "box that holds nothing scores low, and so it should."
    )


def _walk(lesson: YoloLesson, walk: Walk) -> list[str]:
    found = walk.candidates
    texts = [f"{len(found)} boxes go in, {len(walk.kept)} stay."]
    count = sum(len(step.meetings) for step in walk.suppression.steps)
    if len(found) > 1:
        texts.append(
            f"{count} IoUs are computed; of all pairs it would be "
            f"{len(found) * (len(found) - 1) // 2}."
        )
    texts += _chain(walk)
    if walk.lost:
        names = ", ".join(found.names[found.truth[number][1]] for number in walk.lost)
        shapes = "1 shape loses" if len(walk.lost) == 1 else f"{len(walk.lost)} shapes lose"
        texts.append(
            f"{shapes} the last box that had found it ({names}): it stands so close to another "
            "of its class that suppression takes both for one. Raise the IoU threshold, or try "
            "soft-NMS."
        )
    elif found.truth:
        texts.append(f"No shape of the {len(found.truth)} loses its last box.")
    if lesson.nms_rule != "hard":
        texts.append(
            "Soft-NMS keeps nearly everything, with lower scores: a confidence threshold after "
            "it decides. Bodla et al. 2017 name both rules; theirs lowers from IoU >= "
            "threshold on, here above it, as the hard rule does."
        )
    return texts


def _chain(walk: Walk) -> list[str]:
    """A box that survives only because the one that would suppress it is gone."""
    found = walk.candidates
    gone = [n for n, mark in enumerate(walk.places[-1].marks) if mark.state == "gone"]
    for kept in walk.kept:
        for other in gone:
            first = walk.suppression.suppressor(other)
            if found.labels[kept] != found.labels[other] or other > kept or first is None:
                continue
            iou = float(box_iou(found.boxes[kept], found.boxes[other]))
            if iou > walk.threshold:
                return [
                    f"#{kept + 1} has IoU {say(round(iou, 4))} with #{other + 1}, which is "
                    f"surer, and stays all the same: #{first + 1} had suppressed "
                    f"#{other + 1} before. A suppressed box suppresses nobody."
                ]
    return []
