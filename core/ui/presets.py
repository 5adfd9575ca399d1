"""The preset picker: search, by topic or by deck, one click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.lessons.base import Lesson
from core.presets import PRESETS
from core.presets.registry import Preset
from core.ui import refresh, state

OWN = "Our own"
"""Where presets stand that no deck shows."""


def picker(lesson: Lesson) -> None:
    """A button that opens the presets of the lesson's page."""
    menu = st.popover("Presets", icon=":material/bookmarks:", key="presets", on_change="rerun")
    if not menu.open:
        return
    with menu:
        words = st.text_input("Search", key="preset_search", placeholder="stride, Penn, 760...")
        by = st.segmented_control(
            "Group by", ["topic", "deck"], default="topic", key="preset_group", required=True
        )
        found = [
            preset for preset in PRESETS.search(words) if preset.lesson.page == lesson.page
        ]
        if not found:
            st.write(f"No preset has {words!r} in its title, topic, deck or description.")
        for heading, presets in _grouped(found, by).items():
            st.markdown(f"**{heading}**")
            for preset in presets:
                st.button(
                    preset.title,
                    key=f"preset_{heading}_{preset.slug}",
                    on_click=_apply,
                    args=(preset,),
                    help=preset.look,
                    width="stretch",
                )


def _grouped(presets: Sequence[Preset], by: str) -> Mapping[str, list[Preset]]:
    groups: dict[str, list[Preset]] = {}
    for preset in presets:
        headings = (preset.topic,) if by == "topic" else preset.decks or (OWN,)
        for heading in headings:
            groups.setdefault(heading, []).append(preset)
    return groups


def _apply(preset: Preset) -> None:
    state.assign(preset.lesson)
    refresh.everything()


def describe(lesson: Lesson) -> None:
    """If the settings are those of a preset: its name and what to look at."""
    if preset := _preset_of(lesson):
        source = f"{', '.join(preset.decks)}: " if preset.decks else ""
        st.info(f"**{source}{preset.title}.** {preset.look}", icon=":material/bookmark:")


def _preset_of(lesson: Lesson) -> Preset | None:
    """The preset with these settings; pointing, pinning and moving the crop keep it."""
    presets = PRESETS.for_page(lesson.page)
    exact = next((p for p in presets if p.lesson == lesson), None)
    bare = _bare(lesson)
    return exact or next((p for p in presets if _bare(p.lesson) == bare), None)


def _bare(lesson: Lesson) -> Lesson:
    """Without what pointing changes."""
    texts = dict.fromkeys(("cell", "pixel", "probe", "pool_cell", "norm_cell"), "")
    pointing = texts | {"filter": 1, "top": 0, "left": 0, "patch_across": 50, "patch_down": 50}
    known = {k: v for k, v in pointing.items() if k in type(lesson).model_fields}
    return lesson.model_copy(update=known)
