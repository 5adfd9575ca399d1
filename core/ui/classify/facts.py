"""The view "facts": the arithmetic from logits to probabilities, and what the numbers say."""

from __future__ import annotations

import streamlit as st

from core.arithmetic.verdicts import brief
from core.lessons.classify_case import Answered, ClassifyCase
from core.lessons.classify_words import remarks
from core.ui.components.sight import percent


def show_facts(case: ClassifyCase) -> None:
    """Formula, table and remarks, side by side for two networks."""
    t = case.lesson.class_temperature
    if t == 1:
        st.latex(
            r"p_i = \frac{e^{z_i - m}}{\sum_{j=1}^{1000} e^{z_j - m}},\quad m = \max_j z_j"
        )
    else:
        st.latex(
            r"p_i = \frac{e^{(z_i - m) / T}}{\sum_{j=1}^{1000} e^{(z_j - m) / T}},"
            rf"\quad m = \max_j z_j,\quad T = {t:g}"
        )
    for column, answered in zip(st.columns(len(case.answered)), case.answered, strict=True):
        with column:
            _network(case, answered)


def _network(case: ClassifyCase, answered: Answered) -> None:
    if answered.logits is None:
        st.caption(f"{answered.entry.title} has not answered yet.")
        return
    if len(case.answered) > 1:
        st.markdown(f"**{answered.entry.title}**")
    st.markdown(_table(case, answered))
    st.markdown("\n".join(f"- {remark}" for remark in remarks(case, answered)))


def _table(case: ClassifyCase, answered: Answered) -> str:
    rows = answered.rows(case.lesson.top_count)
    t = case.lesson.class_temperature
    exponent = "z - m" if t == 1 else "(z - m) / T"
    most = rows[0].logit
    lines = [f"| class | z | {exponent} | power | p |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {row.name} | {row.logit:.3f} | {(row.logit - most) / t:.3f} | {brief(row.power)} | "
        f"{percent(row.probability)} |"
        for row in rows
    ]
    left = answered.total - sum(row.power for row in rows)
    rest = max(1 - sum(row.probability for row in rows), 0.0)
    lines.append(f"| the other {1000 - len(rows)} | | | {brief(left)} | {percent(rest)} |")
    lines.append(f"| **sum** | | | **{brief(answered.total)}** | **100 %** |")
    return "\n".join(lines)
