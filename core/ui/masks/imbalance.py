"""The view "imbalance": small objects, and why accuracy does not see them; classes, too."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.arithmetic.confusion import Confusion
from core.lessons.masks import MOST_CLASSES, MasksLesson, parse_counts
from core.lessons.masks_case import MasksCase
from core.lessons.masks_imbalance import (
    SENTENCES,
    SHOWN,
    ClassIou,
    Counts,
    classes_of,
    curves,
    example,
    means_of,
)
from core.lessons.masks_pictures import counted
from core.ui import curves as charts
from core.ui import refresh, typed
from core.ui.components import tiles
from core.ui.components.confusion import clicked, confusion_table
from core.ui.components.tiles import Tile
from core.ui.controls import Controls
from core.ui.masks.facts import measure_rows
from core.vision.metrics import Comparison

CHART_PX = 240
SIDE_PX = 200
_CONFUSION = "masks_confusion"
_CELL = "_masks_cell"


def show_imbalance(case: MasksCase) -> None:
    """An object of some share and a prediction; then classes in a confusion matrix."""
    lesson = case.lesson
    controls = Controls(MasksLesson, refresh.VIEW, refresh.stage)
    controls.row("mask_share", "mask_says")
    share = lesson.mask_share / 100
    found = example(lesson.mask_says, share)
    st.markdown(
        f"The object has **{lesson.mask_share:g} %** of 100 x 100 pixels, and the prediction "
        f"{SENTENCES[lesson.mask_says]}."
    )
    picture, numbers = st.columns([1, 2], gap="medium")
    with picture:
        _picture(found)
    with numbers:
        slugs = (*SHOWN, "precision", "recall")
        st.markdown("\n".join(measure_rows(found, slugs, says=False)))
    charts.show(curves(lesson.mask_says, share), key="masks_curve", height_px=CHART_PX)
    st.caption(
        "The background is easy and large: accuracy rewards it, IoU and Dice do not count it. "
        "A loss that counts pixels has the same weakness, which is why Dice and focal losses "
        "are used."
    )
    st.markdown("**Several classes: IoU of each, and their mean**")
    controls.draw("mask_counts")
    typed.say_problem(controls.lesson, "mask_counts")
    _classes(parse_counts(lesson.mask_counts))
    controls.settle()


def _picture(found: Comparison) -> None:
    grey = np.full((*found.truth.shape, 3), 214, np.uint8)
    hits, extra, missed, neither = found.counts
    alt = f"TP {hits}, FP {extra}, FN {missed}, TN {neither}"
    tiles.show(
        np.stack([counted(grey, found)]),
        [Tile("Green: TP. Blue: FN. Orange: FP.", alt=alt)],
        key="masks_imbalance",
        alt="Object and prediction",
        side_px=SIDE_PX,
    )


def _classes(counts: Counts) -> None:
    found = classes_of(counts)
    confusion_table(
        Confusion(counts),
        [one.name for one in found],
        key=_CONFUSION,
        noun=("pixel", "pixels"),
        selected=_chosen(len(found)),
        on_cell=_choose,
    )
    if (cell := _chosen(len(found))) is not None:
        st.info(in_words(found, counts, cell), icon=":material/grid_on:")
    st.markdown(
        "\n".join(
            [
                "| class | hits / (hits + missed + taken for it) | IoU |",
                "|---|---|--:|",
                *(_row(one) for one in found),
            ]
        )
    )
    accuracy, mean, weighted = means_of(counts)
    known = [one.iou for one in found if not math.isnan(one.iou)]
    added = " + ".join(f"{iou:.3f}" for iou in known)
    if known:
        st.latex(rf"\text{{mean IoU}} = \frac{{{added}}}{{{len(known)}}} = {mean:.3f}")
    st.caption(
        f"Pixel accuracy is {accuracy:.3f}, and IoU weighted by area {weighted:.3f}: large "
        "classes decide both. In the mean each class counts alike. A class that is neither "
        "there nor predicted has no IoU and is left out."
    )


def _row(one: ClassIou) -> str:
    if math.isnan(one.iou):
        return f"| {one.name} | neither there nor predicted | - |"
    return (
        f"| {one.name} | {one.hits:,} / ({one.hits:,} + {one.missed:,} + {one.extra:,}) | "
        f"{one.iou:.3f} |"
    )


def in_words(classes: list[ClassIou], counts: Counts, cell: tuple[int, int]) -> str:
    """What the pixels of a cell of the confusion matrix count as.

    Args:
        classes: of the matrix.
        counts: (n, n), true classes down.
        cell: row and column.
    """
    row, column = cell
    true, said, pixels = classes[row].name, classes[column].name, int(counts[cell])
    if row == column:
        return f"{pixels:,} pixels of {true} were taken for it: they count above the line."
    return (
        f"{pixels:,} pixels of {true} were taken for {said}: they count below the line of "
        "both, as missed by the one and as taken for the other."
    )


def _chosen(classes: int) -> tuple[int, int] | None:
    """The cell that was pressed, while the matrix has it."""
    cell: tuple[int, int] | None = st.session_state.get(_CELL)
    return cell if cell and max(cell) < classes else None


def _choose() -> None:
    st.session_state[_CELL] = clicked(_CONFUSION, MOST_CLASSES)
    refresh.stage()
