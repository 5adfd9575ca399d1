"""The view "facts": every formula with its numbers put in."""

from __future__ import annotations

import streamlit as st

from core.lessons.masks_case import MasksCase
from core.ui.components.painter import remark
from core.vision.metrics import Comparison
from core.vision.metrics.formulas import MEASURES, Kind, Measure, counts_of

FOUND_FROM = 0.5
"""IoU from which an object counts as found (MLC; Everingham et al. 2010, section 4.2)."""


def show_facts(case: MasksCase) -> None:
    """Counts, quotients, and how they hang together."""
    found = case.comparison
    if found is None:
        st.caption("The numbers come with the masks.")
        return
    if case.blind:
        st.caption("Hidden while the truth is not shown: set Shown to errors.")
        return
    formulas(found)
    lines = case.outlines
    if lines is not None:
        st.latex(
            rf"F_{{\text{{boundary}}}} = \frac{{2 P R}}{{P + R}} = "
            rf"\frac{{2 \cdot {lines.precision:.3f} \cdot {lines.recall:.3f}}}"
            rf"{{{lines.precision:.3f} + {lines.recall:.3f}}} = {lines.f:.3f}"
            rf"\quad\text{{within {lines.tolerance_px:.0f} px}}"
        )
    _verdict(found)
    if said := remark(case):
        st.info(said, icon=":material/info:")
    st.caption(
        "Where nothing stands below the line the measure is 1: of nothing, nothing is wrong. "
        "So two empty masks have IoU 1. Others say 0 or leave such pictures out; ask before "
        "you compare numbers."
    )


def formulas(found: Comparison) -> None:
    """Each measure of two masks with its numbers, and Dice from IoU."""
    counts = counts_of(found)
    lines = [_line(measure, counts) for measure in MEASURES.values()]
    overlap = found.iou
    lines.append(
        _aligned(
            r"\text{Dice, from IoU}",
            r"\frac{2\,\text{IoU}}{1 + \text{IoU}}",
            rf"\frac{{2 \cdot {overlap:.3f}}}{{1 + {overlap:.3f}}} = "
            rf"{2 * overlap / (1 + overlap):.3f}",
        )
    )
    for column, some in zip(st.columns(2), (lines[::2], lines[1::2]), strict=True):
        with column:
            for line in some:
                st.latex(line)


def _line(measure: Measure, counts: dict[Kind, int]) -> str:
    letters, numbers = (
        rf"\frac{{{_sum(measure.top, values)}}}{{{_sum(measure.bottom, values)}}}"
        for values in (None, counts)
    )
    convention = r"\text{ by convention}" if measure.is_of_nothing(counts) else ""
    return _aligned(
        rf"\text{{{measure.title}}}", letters,
        f"{numbers} = {measure.value(counts):.3f}{convention}",
    )  # fmt: skip


def _aligned(name: str, letters: str, numbers: str) -> str:
    """Letters and, below them, numbers: that fits on a phone, too."""
    return rf"\begin{{aligned}}{name} &= {letters} \\[1em] &= {numbers}\end{{aligned}}"


def _sum(terms: tuple[tuple[int, Kind], ...], counts: dict[Kind, int] | None) -> str:
    words = []
    for factor, kind in terms:
        word = kind if counts is None else f"{counts[kind]:,}".replace(",", r"{,}")
        times = r"\," if counts is None else r" \cdot "
        words.append(word if factor == 1 else f"{factor}{times}{word}")
    return " + ".join(words)


def _verdict(found: Comparison) -> None:
    reached = found.iou >= FOUND_FROM
    st.markdown(
        f"With the usual threshold of {FOUND_FROM} for IoU this object counts as "
        f"**{'found' if reached else 'not found'}**: {found.iou:.3f} "
        f"{'is at least' if reached else 'is less than'} {FOUND_FROM}."
    )
