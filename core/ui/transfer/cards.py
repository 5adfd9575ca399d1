"""One card for each way: what it learns, its button, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.lessons.transfer import TITLES, WAYS, TransferLesson
from core.training.anatomy import Anatomy, shares
from core.training.transfer import Way
from core.ui.training.status import duration
from core.ui.transfer.strip import colour_of, strip
from core.ui.transfer.ways import Result, TransferRun, result_of

_ROOM = "5.7rem"
"""For the numbers of a run, in two or three lines."""
_ABOUT: dict[Way, str] = {
    "frozen": "The backbone stays as ImageNet has left it. Features are computed once; only "
    "the head learns.",
    "finetune": "First such a head, then its upper blocks learn with it, in small steps.",
    "scratch": "The same network, every weight at random. Nothing is known beforehand.",
}


def show(
    lesson: TransferLesson,
    anatomy: Anatomy | None,
    classes: int,
    runs: Mapping[Way, TransferRun],
    *,
    busy: bool,
    conceal: bool,
    on_train: Callable[[Way], None],
) -> None:
    """Draw the cards side by side.

    Args:
        lesson: the settings.
        anatomy: of the backbone, where it is known.
        classes: that the head tells apart.
        runs: the run that stands for each way.
        busy: whether something goes, so that nothing else can be started.
        conceal: whether the audience has still to guess how much is learnt.
        on_train: called with the way whose button was pressed.
    """
    with st.container(key="ways"):
        for column, way in zip(st.columns(len(WAYS), gap="small"), WAYS, strict=True):
            with column, st.container(border=True, key=f"way_{way}"):
                _head(way)
                _drawn(lesson, anatomy, classes, way, conceal=conceal)
                _outcome(lesson, runs.get(way), beside=bool(runs))
                st.button(
                    "Train" if way not in runs else "Train again",
                    key=f"train_{way}", icon=":material/play_arrow:", disabled=busy,
                    on_click=on_train, args=(way,), width="stretch",
                )  # fmt: skip


def _head(way: Way) -> None:
    look = (
        "display:inline-block;width:0.8rem;height:0.8rem;border-radius:3px;"
        "margin-right:0.45rem;vertical-align:-1px"
    )
    st.html(
        f'<div style="font-weight:600"><span style="{look};background:{colour_of(way)}"></span>'
        f'{TITLES[way]}</div><div style="font-size:0.8125rem;line-height:1.4;opacity:0.8;'
        f'min-height:4.2em">{_ABOUT[way]}</div>'
    )


def _drawn(
    lesson: TransferLesson, anatomy: Anatomy | None, classes: int, way: Way, *, conceal: bool
) -> None:
    if anatomy is None:
        return
    if conceal:
        st.caption("How many parameters are learnt? Guess first.")
        return
    found = shares(lesson.spec(way), anatomy, classes)
    st.html(strip(found, way))
    trainable = sum(share.trainable for share in found)
    everything = trainable + sum(share.frozen for share in found)
    st.caption(f"{trainable:,} of {everything / 1e6:.2f} million learnt")


def _outcome(lesson: TransferLesson, run: TransferRun | None, *, beside: bool) -> None:
    if run is None:
        st.html(_numbers("", "Not trained yet.", height=_ROOM if beside else "1.6rem"))
        return
    result = result_of(run)
    when = f"{_when(run, result)}{_other(lesson, run)}"
    if result.accuracy is None:
        st.html(_numbers("", f"{when[0].upper()}{when[1:]}."))
        return
    right = f"{100 * result.accuracy:.1f} %"
    st.html(_numbers(right, f"of the validation pictures; {when}"))


def _when(run: TransferRun, result: Result) -> str:
    if run.state in ("queued", "starting"):
        return f"{run.state}"
    if run.state in ("running", "paused"):
        return f"{run.state}, {duration(result.seconds)}"
    if run.state == "failed":
        return "failed: see its reason above"
    return f"{run.state} after {duration(result.seconds)}"


def _other(lesson: TransferLesson, run: TransferRun) -> str:
    """Whether the settings have changed since."""
    now = lesson.spec(run.spec.way)
    return "; the settings have changed since" if now.differences(run.spec) else ""


def _numbers(large: str, small: str, *, height: str = _ROOM) -> str:
    first = (
        '<span style="font-size:1.6rem;font-weight:600;font-variant-numeric:tabular-nums">'
        f"{large}</span>"
    )
    return (
        '<div style="display:flex;align-items:baseline;gap:0.6rem;flex-wrap:wrap;'
        f'min-height:{height};align-content:flex-start">{first if large else ""}'
        f'<span style="font-size:0.8125rem;opacity:0.8">{small}</span></div>'
    )
