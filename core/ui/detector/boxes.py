"""The boxes of fixed validation scenes as they tighten, and the precision of every class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.curves import Axis, Chart, Curve
from core.data.boxed import BoxedSet
from core.lessons.detector import DetectorLesson
from core.training import Run
from core.training.found import Found, unpacked
from core.ui import curves, state
from core.ui.components.detections import (
    BoxedPicture,
    DrawnBox,
    address,
    class_colours,
    detections,
)
from core.ui.training import wait
from core.ui.training.looks import sample_pictures
from core.ui.training.session import AnyRun
from core.vision.coats import in_colour
from core.vision.metrics import box_iou

CHART_PX = 260
GOOD_IOU = 0.5
SHOWN_SIDE = 288
SCENES_COMPARED = 4

Pixels = npt.NDArray[np.uint8]


def boxed(run: AnyRun) -> BoxedSet:
    """The pictures and boxes that a run of this page learns from.

    Raises:
        TypeError: the run is of another page.
    """
    dataset = run.pictures()
    if not isinstance(dataset, BoxedSet):
        raise TypeError(f"{run.name} learns one class for each picture and has no boxes.")
    return dataset


def stride_of(run: AnyRun) -> int:
    """Height and width of a cell, in pixels."""
    stride: int = run.spec.detector.stride
    return stride


def show(run: Run) -> None:
    """What the network says of eight scenes, over the true boxes, at the chosen moment."""
    snapshot = wait.snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    dataset, lesson = boxed(run), state.current(DetectorLesson)
    places = sample_pictures(run)
    before = unpacked(snapshot.data)
    found = [each.chosen(lesson.shown_confidence, lesson.shown_overlap) for each in before]
    sure = sum(int((each.scores >= lesson.shown_confidence).sum()) for each in before)
    right, true = hits(dataset, places, found), sum(len(dataset.boxes[p]) for p in places)
    st.caption(
        f"After batch {snapshot.step:,}: {sure:,} boxes with a score of at least "
        f"{lesson.shown_confidence:g}, of which NMS leaves {sum(map(len, found)):,}; they find "
        f"{right} of {true} objects (IoU at least {GOOD_IOU:g}, right class). "
        + ("Dashed: the true boxes." if lesson.shown_truth else "")
    )
    cells = (dataset.shape[0] // stride_of(run),) * 2 if lesson.shown_grid else None
    shown = [
        picture(dataset, int(place), each, truth=lesson.shown_truth)
        for place, each in zip(places, found, strict=True)
    ]
    detections(shown, key="detector_scenes", grid=cells, small=True)


def true_picture(dataset: BoxedSet, place: int) -> BoxedPicture:
    """One picture of a data set with what is there."""
    nothing = Found(
        np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64)
    )
    shown = picture(dataset, place, nothing, truth=True)
    names = [dataset.class_names[label] for label in dataset.box_labels[place]]
    boxes = [
        replace(box, dash=False, label=name)
        for box, name in zip(shown.boxes, names, strict=True)
    ]
    return replace(shown, boxes=boxes)


def picture(
    dataset: BoxedSet, place: int, found: Found, *, truth: bool, title: str = ""
) -> BoxedPicture:
    """One picture of a data set with what was found, and perhaps what is there."""
    true = dataset.boxes[place] if truth else np.zeros((0, 4), np.float32)
    labels = dataset.box_labels[place] if truth else np.zeros(0, np.int64)
    return drawn(
        dataset.images[place], found, dataset.class_names, true, labels,
        title or f"Scene {place}",
    )  # fmt: skip


def drawn(
    pixels: Pixels,
    found: Found,
    names: Sequence[str],
    true: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    title: str,
) -> BoxedPicture:
    """A picture with its boxes, enlarged so that its pixels are seen as squares."""
    shown = in_colour(pixels)
    times = max(SHOWN_SIDE // max(shown.shape[:2]), 1)
    colour = class_colours(names)
    boxes = []
    for box, score, label in zip(found.boxes, found.scores, found.labels, strict=True):
        name = names[label]
        boxes.append(
            DrawnBox(
                corners(box * times),
                name,
                float(score),
                colour[name],
                note=_note(box, int(label), true, labels, names),
            )
        )
    for box, label in zip(true, labels, strict=True):
        name = names[label]
        note = f"true {name}: {_in_words(box)}"
        boxes.append(
            DrawnBox(corners(box * times), "", None, colour[name], dash=True, note=note)
        )
    height, width = shown.shape[:2]
    large = shown.repeat(times, 0).repeat(times, 1)
    said = ", ".join(f"{names[n]} {s:.2f}" for n, s in zip(found.labels, found.scores,
                                                           strict=True))  # fmt: skip
    return BoxedPicture(
        address(large), width * times, height * times, title, boxes,
        alt=f"{title}: {said or 'nothing found'}",
    )  # fmt: skip


def corners(box: npt.NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Four numbers of Python."""
    left, top, right, bottom = map(float, box)
    return left, top, right, bottom


def _note(
    box: npt.NDArray[np.float32],
    label: int,
    true: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    names: Sequence[str],
) -> str:
    """Where it is, and how well it fits the true box that it overlaps most."""
    words = _in_words(box)
    if not len(true):
        return words
    ious = np.asarray(box_iou(box, true))
    best = int(np.argmax(ious))
    if ious[best] == 0:
        return f"{words}; nothing is there"
    kind = "right class" if labels[best] == label else f"it is a {names[labels[best]]}"
    return f"{words}; IoU {ious[best]:.2f} with the true box, {kind}"


def _in_words(box: npt.NDArray[np.float32]) -> str:
    left, top, right, bottom = box
    return f"{left:.1f}, {top:.1f} to {right:.1f}, {bottom:.1f}"


def hits(
    dataset: BoxedSet, places: Sequence[int] | npt.NDArray[np.int64], found: Sequence[Found]
) -> int:
    """How many true boxes have a box of their class upon them."""
    count = 0
    for place, each in zip(places, found, strict=True):
        for box, label in zip(dataset.boxes[place], dataset.box_labels[place], strict=True):
            same = each.boxes[each.labels == label]
            count += bool(len(same) and (np.asarray(box_iou(box, same)) >= GOOD_IOU).any())
    return count


def by_class(run: Run) -> None:
    """How the average precision of every class rises, and where each stands now."""
    ends = [event for event in run.history() if event.kind == "epoch"]
    kept = ends or run.snapshots()
    if not kept:
        st.info("Nothing to see yet: the network is being built.")
        return
    names = run.pictures().class_names
    steps = np.array([event.step for event in kept], np.float64)
    values = np.stack([event.data["class_ap50"] for event in kept]).astype(np.float64)
    found = tuple(
        Curve(name, steps[~np.isnan(column)], column[~np.isnan(column)], axis="ap", number=n,
              points=True)
        for n, (name, column) in enumerate(zip(names, values.T, strict=True))
        if not np.isnan(column).all()
    )  # fmt: skip
    chart = Chart((Axis("ap", "AP50 by class", low=0, high=1),), found, x_high=run.step)
    curves.show(chart, key="detector_classes", height_px=CHART_PX)
    latest = kept[-1].data
    there = boxed(run).subset(run.split().validation).box_counts
    rows = [
        {"class": name, "AP50": number(ap50), "AP@[.5:.95]": number(ap), "objects": int(count)}
        for name, ap50, ap, count in zip(
            names, latest["class_ap50"], latest["class_ap"], there, strict=True
        )
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    which = "All validation pictures" if ends else "A part of the validation pictures"
    st.caption(
        f"{which} after batch {kept[-1].step:,}; the means are AP50 "
        f"{latest['validation_accuracy']:.3f}, AP75 {latest['ap75']:.3f}, AP@[.5:.95] "
        f"{latest['ap']:.3f}. They are COCO's numbers: 101 points, at most 100 boxes a picture."
    )


def number(value: float) -> float | None:
    """Rounded for a table; None for what there is no number for."""
    return None if np.isnan(value) else round(float(value), 4)


def compare(runs: Sequence[Run]) -> None:
    """The same scenes by several runs, each at its newest moment."""
    lesson = state.current(DetectorLesson)
    shown = []
    for run in runs:
        kept = run.snapshots()
        if not kept:
            continue
        places = sample_pictures(run)[:SCENES_COMPARED]
        for place, each in zip(places, unpacked(kept[-1].data), strict=False):
            chosen = each.chosen(lesson.shown_confidence, lesson.shown_overlap)
            shown.append(
                picture(boxed(run), int(place), chosen, truth=lesson.shown_truth,
                        title=f"{run.name}, scene {place}")
            )  # fmt: skip
    if shown:
        detections(shown, key="detector_compared", small=True)
