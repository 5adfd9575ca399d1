"""The view "zoo": the detectors that can be asked, and those that cannot be had now."""

from __future__ import annotations

import streamlit as st

from core.lessons.detect import FACES
from core.lessons.detect_case import TITLES, DetectCase
from core.vision.bringing import cost, why_not
from core.vision.findings import FINDINGS
from core.zoo.detectors import DETECTORS, Detector

PATIENCE_S = 0.3


def show_zoo(case: DetectCase) -> None:
    """One line for each; grey, with the reason, where it cannot be had."""
    lines = ["| detector | classes | input | parameters | published | here |", "|---" * 6 + "|"]
    lines += [_line(entry) for entry in DETECTORS.values()]
    lines.append(
        f"| {TITLES[FACES]} | 1 | any | none | | Here. scikit-image's cascade of local binary "
        "patterns. |"
    )
    st.markdown("\n".join(lines))
    st.caption(
        "Viola & Jones 2001: thousands of simple tests, most windows fail at the first ones. "
        "OpenCV 5 has no such detector any more; its network for faces wants a file that no "
        "package carries. Published numbers are not comparable across rows: COCO and VOC have "
        "other classes, and other rules."
    )


def _line(entry: Detector) -> str:
    ms = FINDINGS.network_ms(entry.slug)
    price = cost(entry)
    reason = why_not(entry, PATIENCE_S) if price and ms is None else ""
    if ms is not None:
        where = f"Here, warm: {ms:.0f} ms a picture."
    elif not price:
        where = "Here."
    elif reason:
        where = f"{price}, but {reason}."
    else:
        where = f"To be fetched: {price}."
    cells = [
        entry.title,
        str(len(entry.class_names)),
        f"{entry.side} x {entry.side}",
        f"{entry.parameters / 1e6:.1f} million",
        f"{entry.score} ({entry.numbers}); {entry.paper}",
        where,
    ]
    if reason:
        cells = [f":gray[{cell}]" for cell in cells]
    return "| " + " | ".join(cells) + " |"
