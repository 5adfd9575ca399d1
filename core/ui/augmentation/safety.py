"""The view "safety": whether a pipeline can make a picture's label wrong, with examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.augment.lookalikes import CHANGE_TITLES, Measured, measured
from core.augment.safety import risks, verdict
from core.augment.safety.risk import HARMS, SHOWN, SHOWN_TITLES, Lookalike, Risk, Shown
from core.lessons.augmentation_case import AugmentationCase
from core.ui import current_image
from core.ui.components import tiles

_KEY = "safety_shown"
_ICONS = {
    "changes": ":material/dangerous:",
    "loses": ":material/visibility_off:",
    "mixes": ":material/percent:",
    "unlikely": ":material/help:",
}
_SIDE_PX = 112


def show(case: AugmentationCase) -> None:
    """What can go wrong for one kind of pictures, the worst first."""
    st.session_state.setdefault(_KEY, _likely(case))
    chosen = st.segmented_control(
        "What do the pictures show?",
        SHOWN,
        key=_KEY,
        required=True,
        format_func=lambda kind: SHOWN_TITLES[kind].capitalize(),
        help="A mirrored cat is a cat; a mirrored b is a d. So it depends on the pictures.",
        wrap=True,
    )
    shown: Shown = chosen or _likely(case)
    pipeline = case.lesson.pipeline
    found = risks(pipeline, shown)
    _verdict(verdict(pipeline, shown), found)
    for risk in found:
        _risk(risk)
    if examples := examples_of(found):
        _examples(examples)


def _likely(case: AugmentationCase) -> Shown:
    """What the picture on the stage is an example of."""
    kind = case.lesson.augment_picture
    if kind == "digit":
        return "digits"
    if kind == "shapes":
        return "shapes"
    return "text" if current_image.photo().sample == "text" else "scenes"


def _verdict(sentence: str, found: Sequence[Risk]) -> None:
    worst = {risk.harm for risk in found}
    if "changes" in worst:
        st.markdown(f":red[:material/dangerous: **{sentence}**]")
    elif worst & {"loses", "mixes", "unlikely"}:
        st.markdown(f":orange[:material/warning: **{sentence}**]")
    else:
        st.markdown(f":green[:material/verified: **{sentence}**]")


def _risk(risk: Risk) -> None:
    with st.container(border=True):
        st.markdown(
            f"{_ICONS[risk.harm]} **Step {risk.step}, {risk.title}.** {risk.sentence}  \n"
            f"{HARMS[risk.harm]} Safe instead: {risk.instead}."
        )


def examples_of(found: Sequence[Risk]) -> list[Lookalike]:
    """The lookalikes of some risks, each once."""
    return list(dict.fromkeys(risk.example for risk in found if risk.example))


def _examples(examples: Sequence[Lookalike]) -> None:
    st.markdown("**Measured: what a sign is taken for afterwards**")
    results = [measured(example) for example in examples]
    images = np.stack([part for one in results for part in (one.before, one.after)])
    captions = [
        tile
        for example, one in zip(examples, results, strict=True)
        for tile in _pair(example, one)
    ]
    tiles.show(
        images[..., None], captions, key="safety_examples", side_px=_SIDE_PX,
        alt="Signs before and after a change",
    )  # fmt: skip
    for one in results:
        st.caption(one.sentence)


def _pair(example: Lookalike, one: Measured) -> tuple[tiles.Tile, tiles.Tile]:
    change = CHANGE_TITLES[example.change]
    wrong = one.said_after != one.said
    return (
        tiles.Tile(f"{one.said}", detail="as it is"),
        tiles.Tile(
            f"taken for {one.said_after}", detail=f"{one.said}, {change}", right=not wrong
        ),
    )
