"""The view "zoo": every pretrained network, as a table and as plots, beside Penn's table."""

from __future__ import annotations

import streamlit as st

from core.lessons.classify import NONE, ClassifyLesson
from core.lessons.classify_case import ClassifyCase
from core.ui import refresh, state
from core.ui.classify.plots import HUB, Dot, scatter
from core.ui.components.source import said
from core.ui.components.zoo import Line, zoo
from core.vision.bringing import cost, why_not
from core.vision.looks import LOOKS
from core.zoo.entry import Pretrained, Source
from core.zoo.hubs import HUBS
from core.zoo.penn import PENN, REMARK
from core.zoo.registry import ZOO

_KEY = "zoo"


def show_zoo(case: ClassifyCase) -> None:
    """The table; accuracy against size and against speed; the lecture's table."""
    lines = lines_of(case.lesson)
    st.caption(
        "Accuracies are published ones, on ImageNet's 50,000 validation pictures, each with "
        "its source; sizes are four bytes a parameter. The time is measured here, for one "
        "picture, once a network has answered. A network is fetched when you use it."
    )
    if grey := _unreachable(lines):
        st.caption(f":material/cloud_off: {grey}")
    zoo(lines, key=_KEY, on_use=_used, on_beside=_set_beside)
    left, right = st.columns(2)
    with left:
        st.markdown("**Accuracy against size**")
        scatter(
            _by_size(lines), key="zoo_size", x_title="Size (MB)",
            y_title="Top-1 accuracy (%)", x_domain=(8, 1600),
        )  # fmt: skip
    with right:
        st.markdown("**Accuracy against speed, measured here**")
        _by_speed(lines)
    st.markdown("**The lecture's table** (Penn, STAT 4710): errors")
    st.markdown(penn_table())
    st.caption(REMARK)


def lines_of(lesson: ClassifyLesson) -> list[Line]:
    """All networks with what can be said of them now."""
    reasons = _reasons()
    return [_line(entry, lesson, reasons.get(entry.source)) for entry in ZOO.values()]


def _reasons() -> dict[Source, str]:
    """Why the networks of each hub cannot be had; both are asked before one is waited for."""
    one_of = {entry.source: entry for entry in ZOO.values() if entry.needs_a_hub}
    for entry in one_of.values():
        why_not(entry, patience=0)
    return {source: why_not(entry) for source, entry in one_of.items()}


def _line(entry: Pretrained, lesson: ClassifyLesson, hub: str | None) -> Line:
    slug = entry.slug
    first, second = lesson.classifier == slug, lesson.second_classifier == slug
    kind = "" if entry.classes else " Feature maps, no classes."
    if LOOKS.is_warm(slug):
        return Line(entry, "here", f"Here, warm.{kind}", LOOKS.network_ms(slug), first, second)
    price = cost(entry)
    if not price:
        return Line(entry, "here", f"Here.{kind}", None, first, second)
    if reason := why_not(entry) if hub is None else hub:
        note = f"{price}: {_brief(reason)}.{kind}"
        return Line(entry, "missing", note, None, first, second)
    return Line(entry, "fetchable", f"To be fetched: {price}.{kind}", None, first, second)


def _brief(reason: str) -> str:
    """So that it fits into a line of the table; the sentence above it says it in full."""
    return "no network" if "no network" in reason else reason


def _unreachable(lines: list[Line]) -> str:
    """Why some networks are grey, once for all; empty where none is."""
    missing = {line.entry.source: line.entry for line in lines if line.state == "missing"}
    said = [
        f"{HUBS[source].title} cannot be reached: {why_not(entry)}."
        for source, entry in missing.items()
        if entry.needs_a_hub
    ]
    return " ".join(said) + " Networks from there are grey." if said else ""


def _by_size(lines: list[Line]) -> list[Dot]:
    dots = [
        Dot(
            line.entry.title,
            line.entry.size_mb,
            line.entry.top1,
            "here" if line.state == "here" else HUB,
            f"{line.entry.size_mb:.0f} MB",
        )
        for line in lines
        if line.entry.top1
    ]
    dots += [
        Dot(
            row.title, row.size_mb, 100 - row.top1_error, "lecture's table", f"{row.size_mb} MB"
        )
        for row in PENN
    ]
    return dots


def _by_speed(lines: list[Line]) -> None:
    dots = [
        Dot(line.entry.title, line.network_ms, line.entry.top1, "measured here",
            f"{line.network_ms:.0f} ms")
        for line in lines
        if line.entry.top1 and line.network_ms
    ]  # fmt: skip
    if not dots:
        st.caption("Nothing has been measured yet: a network is, once it has answered.")
        return
    scatter(
        dots, key="zoo_speed", x_title="One picture (ms)", y_title="Top-1 accuracy (%)",
        x_domain=(5, max(500.0, *(2 * dot.x for dot in dots))),
    )  # fmt: skip
    if len(dots) == 1:
        st.caption("One network so far. Use another, and it joins.")


def penn_table() -> str:
    """The slide's table in Markdown, with the accuracies that Keras publishes beside it."""
    lines = [
        "| network | size&nbsp;MB | top-1&nbsp;% | top-5&nbsp;% | layers | Keras:&nbsp;MB "
        "| top-1&nbsp;% | top-5&nbsp;% |",
        "|---|--:|--:|--:|---|--:|--:|--:|",
    ]
    for row in PENN:
        entry = ZOO.get(row.slug)
        ours = " | | " if entry is None else _errors(entry)
        layers = f"{row.layers}: {row.convolutions} conv, {row.dense} dense".replace(
            " ", "&nbsp;"
        )
        lines.append(
            f"| {row.title} | {row.size_mb} | {row.top1_error:.2f} | {row.top5_error:.2f} | "
            f"{layers} | {ours} |"
        )
    return "\n".join(lines)


def _errors(entry: Pretrained) -> str:
    top1 = "" if entry.top1 is None else f"{100 - entry.top1:.1f}"
    top5 = "" if entry.top5 is None else f"{100 - entry.top5:.1f}"
    return f"{entry.size_mb:.0f} | {top1} | {top5}"


def _used() -> None:
    if slug := said(_KEY, "use"):
        lesson = state.current(ClassifyLesson)
        second = NONE if lesson.second_classifier == slug else lesson.second_classifier
        changed = {"classifier": slug, "second_classifier": second}
        LOOKS.try_again(slug)
        state.assign(lesson.model_copy(update=changed))
        refresh.everything()


def _set_beside() -> None:
    if slug := said(_KEY, "beside"):
        lesson = state.current(ClassifyLesson)
        now = NONE if lesson.second_classifier == slug else slug
        LOOKS.try_again(slug)
        state.assign(lesson.with_value("second_classifier", now))
        refresh.everything()
