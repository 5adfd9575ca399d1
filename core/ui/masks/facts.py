"""The view "facts": every formula with its numbers put in."""

from __future__ import annotations

from collections.abc import Sequence

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
    overlap = f"{found.iou:.3f}"
    again = f"{2 * found.iou / (1 + found.iou):.3f}"
    rows = [
        *measure_rows(found, tuple(MEASURES), says=True),
        "| Dice, from IoU | the same number | 2 IoU / (1 + IoU) | "
        f"2·{overlap} / (1 + {overlap}) | {again} |",
        *_boundary(case),
    ]
    st.markdown("\n".join(rows))
    _verdict(found)
    if said := remark(case):
        st.info(said, icon=":material/info:")
    st.caption(
        "Where nothing stands below the line the measure is 1: of nothing, nothing is wrong. "
        "So two empty masks have IoU 1. Others say 0 or leave such pictures out; ask before "
        "you compare numbers."
    )


def measure_rows(found: Comparison, slugs: Sequence[str], *, says: bool) -> list[str]:
    """Measures with their numbers as lines of a Markdown table.

    Not in LaTeX: the browser would set every formula anew at each stroke and each step of a
    slider, which takes longer than all the rest.

    Args:
        found: the two masks.
        slugs: which measures.
        says: whether a column says what each is the share of.
    """
    counts = counts_of(found)
    column, line = (" share |", "---|") if says else ("", "")
    rows = [f"| measure |{column} formula | pixels | value |", f"|---|{line}---|---|--:|"]
    for measure in (MEASURES[slug] for slug in slugs):
        what = f" {measure.says} |" if says else ""
        letters, numbers = measure.formula, measure.filled(counts)
        rows.append(
            f"| {measure.title} |{what} {letters} | {numbers} | {measure.value(counts):.3f} |"
        )
    return [row.replace("*", "·") for row in rows]


def _boundary(case: MasksCase) -> list[str]:
    """The boundary's F as one more line of the table."""
    lines = case.outlines
    if lines is None:
        return []
    p, r = f"{lines.precision:.3f}", f"{lines.recall:.3f}"
    within = f"of both boundaries, what lies within {lines.tolerance_px:.0f} px of the other"
    numbers = f"2·{p}·{r} / ({p} + {r})"
    return [f"| Boundary F | {within} | 2 P R / (P + R) | {numbers} | {lines.f:.3f} |"]


def formulas(found: Comparison) -> None:
    """Each measure of two masks with its numbers, set as in a book, and Dice from IoU."""
    counts = counts_of(found)
    lines = [*(_line(measure, counts) for measure in MEASURES.values()), _from_iou(found)]
    for column, some in zip(st.columns(2), (lines[::2], lines[1::2]), strict=True):
        with column:
            for line in some:
                st.latex(line)


def _from_iou(found: Comparison) -> str:
    overlap = found.iou
    return _aligned(
        r"\text{Dice, from IoU}",
        r"\frac{2\,\text{IoU}}{1 + \text{IoU}}",
        rf"\frac{{2 \cdot {overlap:.3f}}}{{1 + {overlap:.3f}}} = "
        rf"{2 * overlap / (1 + overlap):.3f}",
    )


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
