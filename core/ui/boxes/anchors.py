"""The view "anchors": where they stand, which object claims which, and what is learnt then."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.lessons.boxes import ALL, BoxesLesson
from core.lessons.boxes_anchors import AnchorsCase, anchors_case
from core.lessons.boxes_case import BoxesCase
from core.lessons.boxes_lines import say
from core.ui import state
from core.ui.boxes.hand import photo_of
from core.ui.boxes.stage import assign
from core.ui.components import detections
from core.ui.components.detections import BoxedPicture, DrawnBox
from core.vision.anchors import IGNORED, VARIANCES
from core.vision.metrics import MetricError

PICTURE = "boxes_anchors"
MOST_DRAWN, MOST_PLAIN = 240, 24
"""Anchors in the picture: those that are claimed or ignored, and of the background the best."""
MOST_ROWS = 12
_PAPER = 235
"""Grey of an empty board."""


def show_anchors(case: BoxesCase) -> None:
    """The picture, the claims one after the other, the table of IoU, one anchor's numbers."""
    lesson = case.lesson
    try:
        found = anchors_case(lesson, photo_of(lesson))
    except MetricError as error:
        st.warning(str(error))
        return
    if not found.names:
        st.info(
            "There is no object. Draw ground truth in the view Precision, or choose others."
        )
        return
    _steps(found)
    left, right = st.columns([3, 2], gap="large")
    with left:
        detections.detections([_picture(found)], key=PICTURE, pick=True, on_pick=_picked)
        st.caption(_counted(found))
    with right:
        _one(found)
    st.markdown("**IoU of anchors and objects**")
    st.markdown(_table(found))
    if (more := len(found.anchors) - MOST_ROWS) > 0:
        st.caption(f"And {more:,} more anchors that fit less well or were claimed later.")


def _steps(found: AnchorsCase) -> None:
    """One claim back or forward, all, none."""
    made, total = len(found.made), len(found.matching.claims)
    last = found.made[-1] if found.made else None
    said = "No claim is made yet."
    if last:
        said = (
            f"Claim {made} of {total}: **{found.names[last.truth]}** takes anchor "
            f"**{last.anchor}**, IoU {say(last.iou)}"
        )
        said += (
            ", the highest that is left: its row and its column are done."
            if last.reason == "best"
            else f" >= {say(found.lesson.match_at)}."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, icon, words, to, useless in (
            ("none", ":material/first_page:", "No claim", 0, made == 0),
            ("back", ":material/chevron_left:", "One back", made - 1, made == 0),
            ("on", ":material/chevron_right:", "Next claim", made + 1, made == total),
            ("all", ":material/last_page:", "All claims", ALL, made == total),
        ):
            st.button(
                words, icon=icon, key=f"claims_{name}", disabled=useless,
                on_click=_go, args=(to, total),
            )  # fmt: skip
        st.markdown(said)


def _go(to: int, total: int) -> None:
    """To so many claims; the last one is all of them, ignored anchors and all."""
    lesson = state.current(BoxesLesson)
    made = ALL if to >= total else to
    changed = {"anchor_claims": made}
    found = anchors_case(lesson, photo_of(lesson)).matching.claims
    if 0 < to <= total:  # its numbers are what one wants to see then
        changed["anchor_shown"] = found[to - 1].anchor
    assign(lesson.model_copy(update=changed))


def _picked() -> None:
    if (pressed := detections.picked(PICTURE)) and pressed[1].isdecimal():
        assign(state.current(BoxesLesson).with_value("anchor_shown", int(pressed[1])))


def _picture(found: AnchorsCase) -> BoxedPicture:
    width, height = found.size
    pixels = found.picture
    if pixels is None:
        pixels = np.full((height, width, 3), _PAPER, np.uint8)
    colours = detections.class_colours(found.names)
    boxes = [_box(found, at, colours[_claimer(found, at)]) for at in _drawn(found)]
    objects = [
        DrawnBox(
            _corners(box), name, colour=colours[name], note=f"Ground truth: {name}",
            id=f"truth {name}",
        )
        for name, box in zip(found.names, found.scaled(found.truth).tolist(), strict=True)
    ]  # fmt: skip
    return BoxedPicture(
        detections.address(pixels), width, height,
        f"{len(found.anchors):,} anchors, {len(found.names)} objects", [*objects, *boxes],
        alt="Anchors, broken lines, in the colours of the objects that claim them",
    )  # fmt: skip


def _drawn(found: AnchorsCase) -> list[int]:
    """Those that are drawn, the one that is looked at first."""
    ignored = np.flatnonzero(found.owner == IGNORED).tolist()
    told = [*(claim.anchor for claim in found.made), *ignored][:MOST_DRAWN]
    plain = found.listed(len(found.made) + len(ignored) + MOST_PLAIN)
    return list(dict.fromkeys([found.shown, *told, *plain]))


def _claimer(found: AnchorsCase, anchor: int) -> str:
    """The object that claims it, or that it fits best."""
    owner = int(found.owner[anchor])
    return found.names[owner if owner >= 0 else int(found.matching.ious[anchor].argmax())]


def _box(found: AnchorsCase, anchor: int, colour: str) -> DrawnBox:
    owner = int(found.owner[anchor])
    plain = owner < 0
    label = f"{anchor}: {'ignored' if owner == IGNORED else found.names[owner]}"
    here = anchor == found.shown
    return DrawnBox(
        _corners(found.scaled(found.anchors[anchor]).tolist()),
        f"{anchor}: background" if here and plain and owner != IGNORED else label,
        colour="#767676" if plain else colour,
        dash=True,
        faint=plain and not here,
        note=f"Anchor {anchor}. {found.verdict(anchor)}",
        id=str(anchor),
    )


def _corners(box: list[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return left, top, right, bottom


def _counted(found: AnchorsCase) -> str:
    owner = found.owner
    claimed, ignored = int((owner >= 0).sum()), int((owner == IGNORED).sum())
    rest = len(owner) - claimed - ignored
    text = f"{claimed:,} claimed, {ignored:,} ignored, {rest:,} background."
    if rest > 3 * max(claimed, 1):
        text += (
            f" {rest / max(claimed, 1):,.0f} times as much background: SSD learns from three "
            "negatives for each positive, RetinaNet weighs with its focal loss."
        )
    return text


def _one(found: AnchorsCase) -> None:
    """What is said and learnt of the chosen anchor."""
    at = found.shown
    corners = ", ".join(say(side) for side in found.scaled(found.anchors[at]).tolist())
    st.markdown(f"**Anchor {at}**: {corners}")
    st.markdown(found.verdict(at))
    lines = found.arithmetic(at)
    if lines:
        st.markdown("What the network has to say of it, for the box to be the object:")
        st.code("\n".join(lines), language=None, wrap_lines=True)
        st.caption(
            "Centres, widths and heights in pixels; divided by "
            f"{say(VARIANCES[0])} and {say(VARIANCES[2])}, SSD's variances."
        )
    else:
        st.caption("It is learnt that nothing is here; there is no box to learn.")


def _table(found: AnchorsCase) -> str:
    order = {claim.anchor: number for number, claim in enumerate(found.made, 1)}
    names = [name.replace("|", " ") for name in found.names]
    lines = [
        "| Anchor | " + " | ".join(names) + " | Belongs to |",
        "|--:|" + "--:|" * len(names) + "---|",
    ]
    for at in found.listed(MOST_ROWS):
        owner = int(found.owner[at])
        cells = [
            f"**{say(iou)}** ({order[at]})" if place == owner else say(iou)
            for place, iou in enumerate(found.matching.ious[at].tolist())
        ]
        belongs = (
            names[owner] if owner >= 0 else "ignored" if owner == IGNORED else "background"
        )
        lines.append(f"| {at} | " + " | ".join(cells) + f" | {belongs} |")
    return "\n".join(lines)
