"""The view "output": how many numbers a head gives, and what each of them means."""

from __future__ import annotations

import streamlit as st

from core.arithmetic.detection_heads import KNOWN, SOURCES, TITLES, HeadShape, Kind, head
from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import YoloCase
from core.ui import refresh
from core.ui.components.gridbox import written
from core.ui.controls import Controls

FORMULAS: dict[Kind, tuple[str, ...]] = {
    "v1": (
        r"b_x = \frac{c_x + x}{S} \qquad b_w = (\sqrt{w})^2",
        r"\text{score} = \Pr(\text{class} \mid \text{object}) \cdot \text{confidence}",
    ),
    "v3": (
        r"b_x = \frac{\sigma(t_x) + c_x}{S} \qquad b_w = p_w \, e^{t_w}",
        r"\text{score} = \sigma(t_o) \cdot \sigma(t_{\text{class}})",
    ),
    "fcos": (
        r"x_1 = x - e^{s\,t_l} \qquad x_2 = x + e^{s\,t_r}",
        r"\text{score} = \sigma(t_{\text{class}}) \cdot \sigma(t_{\text{centre}})",
    ),
    "v8": (
        r"l = \sum_{i=0}^{15} i \, \text{softmax}(t_l)_i \qquad x_1 = (c_x + 0.5 - l)\cdot "
        r"\text{stride}",
        r"\text{score} = \sigma(t_{\text{class}})",
    ),
}
ABOUT: dict[Kind, str] = {
    "v1": "One layer, no anchors: a cell's boxes share its classes, so it names one class.",
    "v3": "Each anchor has its own box, objectness and classes. v2 has a softmax over them.",
    "fcos": "One point a cell, four distances, centre-ness in place of objectness.",
    "v8": "One point a cell; each edge is a distribution over 16 bins. No objectness.",
}


def show_output(case: YoloCase) -> None:
    """The sliders' output, then the published ones, then their formulas."""
    controls = Controls(YoloLesson, refresh.VIEW, refresh.stage)
    controls.row("out_cells", "out_boxes", "out_classes")
    _own(case)
    st.markdown("**Published heads**")
    controls.row("out_side")
    _published(case)
    st.markdown("**What their numbers mean**")
    _formulas()
    controls.settle()


def _own(case: YoloCase) -> None:
    lesson, own = case.lesson, case.own
    s, b, c = lesson.out_cells, lesson.out_boxes, lesson.out_classes
    st.latex(
        rf"\begin{{aligned}} S \times S \times (B \cdot 5 + C) &= {s} \times {s} \times "
        rf"({b} \cdot 5 + {c}) \\ &= {s} \times {s} \times {own.a_cell} = "
        rf"\mathbf{{{_comma(own.numbers)}}} \end{{aligned}}"
    )
    st.html(block(own))
    v3 = s * s * b * (5 + c)
    st.caption(
        f"{own.total_boxes:,} boxes in {own.cells:,} cells, each cell with one list of {c} "
        f"class probabilities. With classes for each box, as in v2 and v3, it would be "
        f"{s} x {s} x {b} x (5 + {c}) = {v3:,} numbers."
    )


def _comma(number: int) -> str:
    return f"{number:,}".replace(",", r"{,}")


_COLOURS = {"x, y": 0, "sqrt w, h": 1, "conf": 2, "classes": 3}


def block(shape: HeadShape) -> str:
    """The vector of one cell as a bar, part by part; wide parts are cut short.

    Args:
        shape: of YOLO v1's kind.
    """
    parts = []
    begin = 0
    for part in shape.parts:
        last = begin + part.count - 1
        places = f"{begin}" if part.count == 1 else f"{begin}-{last}"
        begin += part.count
        whose = f"box {part.box}" if part.box else "cell"
        grow = min(part.count, 12)
        size = f"flex:{grow} 1 {3.2 + grow * 0.4}rem"
        parts.append(
            f'<div class="part p{_COLOURS[part.name]}" style="{size}" '
            f'title="{part.meaning}"><b>{part.name}</b><span>{whose}</span>'
            f"<small>{places}</small></div>"
        )
    return (
        _STYLE
        + f'<div class="cell-vector" role="img" aria-label="{_spoken(shape)}">'
        + ("".join(parts) + "</div>")
    )


def _spoken(shape: HeadShape) -> str:
    return f"The {shape.a_cell} numbers of one cell: {written(shape.parts)}"


_STYLE = """<style>
.cell-vector { display: flex; flex-wrap: wrap; gap: 3px; margin: 0.2rem 0 0.4rem; }
.cell-vector .part { border: 1px solid rgba(128,128,128,.55); border-radius: 4px;
  padding: 0.25rem 0.45rem; display: flex; flex-direction: column; line-height: 1.3;
  font-size: 0.875rem; white-space: nowrap; border-top-width: 5px; }
.cell-vector .p0 { border-top-color: #0072B2; }
.cell-vector .p1 { border-top-color: #E69F00; border-top-style: dashed; }
.cell-vector .p2 { border-top-color: #009E73; border-top-style: double; }
.cell-vector .p3 { border-top-color: #CC79A7; border-top-style: dotted; }
.cell-vector small, .cell-vector span { font-size: 0.8125rem; opacity: 0.85;
  font-variant-numeric: tabular-nums; }
</style>"""


def _published(case: YoloCase) -> None:
    lines = [
        "| Head | Grids | A cell | Boxes | Numbers |",
        "|---|---|---|--:|--:|",
    ]
    for slug, shape in case.published.items():
        grids = ", ".join(f"{grid}²" for grid in shape.grids)
        lines.append(
            f"| {KNOWN[slug].title} | {grids} | {written(shape.parts)} = {shape.a_cell} | "
            f"{shape.total_boxes:,} | {shape.numbers:,} |"
        )
    st.markdown("\n".join(lines).replace("*", "\\*").replace("\\*\\*", "**"))
    st.caption(
        "YOLO v1's grid is fixed by its dense layers at an input of 448 pixels; all others "
        "grow with the input. All boxes are there for every picture, an empty one too: the "
        "scores and suppression leave the few that are shown."
    )


def _formulas() -> None:
    columns = st.columns(2, gap="large")
    for number, (kind, formulas) in enumerate(FORMULAS.items()):
        with columns[number % 2]:
            st.markdown(f"**{TITLES[kind]}**")
            for formula in formulas:
                st.latex(formula)
            st.markdown("\n".join(meanings(kind)))
            st.caption(f"{ABOUT[kind]} Source: {SOURCES[kind]}.")


def meanings(kind: Kind) -> list[str]:
    """The numbers of a cell and what they say, as lines of a list; those of one box once."""
    lines = {}
    for part in head(kind, [1], 1, 20).parts:
        count = "C" if part.name == "classes" else part.count
        lines[part.name] = f"- {part.name} ({count}): {part.meaning}"
    return list(lines.values())
