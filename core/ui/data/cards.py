"""All data sets as cards: what they are, whether they are here, and how they get here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from core.assets import jobs
from core.assets.reach import why_not
from core.assets.remote import megabytes
from core.data.dataset import DataError, Dataset
from core.data.registry import REGISTRY, Entry
from core.data.spec import OWN, DataSpec
from core.data.statistics import samples
from core.lessons.data import DataFields
from core.ui import refresh, state
from core.ui.components.tiles import sheet
from core.ui.data.loaded import own, upload
from core.ui.pictures import png

POLL_S = 1.0
"""Seconds between two looks at a running download."""
_STRIP = 7
_STRIP_PX = 480
_WATCHED = "_watched_downloads"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says.

    Attributes:
        title: name of the set.
        facts: number and kind of the pictures.
        state: whether it is here, can be fetched, or cannot be had.
        reason: why it cannot be had, as a sentence.
    """

    title: str
    facts: str
    state: Literal["here", "fetchable", "missing"]
    reason: str = ""


def card_of(entry: Entry) -> Card:
    """What there is to say of a data set without loading it."""
    height, width, channels = entry.shape
    kind = "grey" if channels == 1 else "colour"
    facts = (
        f"{entry.count:,} pictures, {width} x {height}, {kind}, "
        f"{len(entry.class_names)} classes"
    )
    if "image_noise" in entry.made_of:
        facts = f"Drawn by rule, as many as you like, {kind}, {len(entry.class_names)} classes"
    elif "image_size" in entry.made_of:
        facts = f"{entry.count:,} photos of any side, {len(entry.class_names)} classes"
    if entry.here:
        return Card(entry.title, facts, "here")
    if not entry.download:
        return Card(entry.title, facts, "missing", entry.unavailable)
    facts += f"; {megabytes(entry.size)} to download"
    if reason := why_not(entry.download):
        return Card(entry.title, facts, "missing", f"{reason[0].upper()}{reason[1:]}.")
    return Card(entry.title, facts, "fetchable")


def choose(kind: type[DataFields]) -> None:
    """Draw the cards; they follow a running download by themselves.

    Args:
        kind: the page's settings.
    """
    running = _running()
    st.session_state[_WATCHED] = running
    # All are asked before the first answer is waited for.
    for entry in REGISTRY.values():
        if entry.download and not entry.here:
            why_not(entry.download, patience=0)
    st.fragment(_cards, key="data_cards", run_every=POLL_S if running else None)(kind)


def _cards(kind: type[DataFields]) -> None:
    if st.session_state[_WATCHED] != _running():
        st.rerun()  # one has ended: what depends on it is elsewhere on the page
    chosen = state.current(kind).dataset
    grid = st.grid(min_column_width=158, border=True)
    for slug, entry in REGISTRY.items():
        with grid.cell():
            _card(kind, entry, chosen=slug == chosen)
    with grid.cell():
        _own_card(kind, chosen=chosen == OWN)


def _card(kind: type[DataFields], entry: Entry, *, chosen: bool) -> None:
    card = card_of(entry)
    _title(card.title, here=card.state == "here")
    if card.state == "here" and (entry.ships or chosen):
        _show_strip(lambda: _strip_of(entry.slug), entry.title)
    st.caption(card.facts)
    if card.state == "here":
        _use_button(kind, entry.slug, chosen=chosen)
        return
    if card.reason:
        st.caption(f":material/cloud_off: {card.reason}")
    if entry.download:
        _download_row(entry, disabled=card.state == "missing")


def _title(title: str, *, here: bool) -> None:
    st.markdown(f"**{title}**" if here else f":gray[**{title}**]")


def _show_strip(pictures: Callable[[], bytes], title: str) -> None:
    try:
        st.image(pictures(), alt=f"A row of pictures of the set {title}", width="stretch")
    except DataError as error:
        st.caption(f":material/error: {error}")


def _use_button(kind: type[DataFields], slug: str, *, chosen: bool) -> None:
    st.button(
        "In use" if chosen else "Use",
        key=f"use_{slug}",
        icon=":material/check:" if chosen else None,
        disabled=chosen,
        on_click=_use,
        args=(kind, slug),
    )


def _use(kind: type[DataFields], slug: str) -> None:
    state.assign(state.current(kind).with_value("dataset", slug))
    refresh.everything()


def _own_card(kind: type[DataFields], *, chosen: bool) -> None:
    pictures, known = own(), upload()
    _title("Own pictures", here=pictures is not None)
    if pictures is None or known is None:
        st.caption("A folder for each class, as a zip or as it is. Upload them below.")
        return
    _show_strip(lambda: _strip(pictures), "Own pictures")
    st.caption(known.report)
    _use_button(kind, OWN, chosen=chosen)


def _download_row(entry: Entry, *, disabled: bool) -> None:
    """The button, or how far the download is."""
    job = jobs.current(entry.slug)
    standing = job.standing if job else None
    if job and standing and standing.state == "running":
        done, total = megabytes(standing.done), megabytes(standing.total)
        st.progress(standing.share, text=f"{done} of {total}")
        st.button("Stop", key=f"stop_{entry.slug}", on_click=job.stop)
        return
    if standing and standing.error:
        st.caption(f":material/error: {standing.error}")
    goes_on = standing is not None and standing.state == "stopped"
    st.button(
        "Go on" if goes_on else "Download",
        key=f"download_{entry.slug}",
        icon=":material/download:",
        disabled=disabled,
        on_click=_download,
        args=(entry,),
    )


def _download(entry: Entry) -> None:
    if entry.download:
        jobs.start(entry.slug, entry.download)
    st.rerun(refresh.VIEW)  # so that the cards begin to follow it


def _running() -> frozenset[str]:
    known = {slug: jobs.current(slug) for slug in REGISTRY}
    return frozenset(
        slug for slug, job in known.items() if job and job.standing.state == "running"
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _strip_of(slug: str) -> bytes:
    drawn = "image_noise" in REGISTRY[slug].made_of
    few = 6 * _STRIP if drawn else 0  # of the others all have to be read anyway
    return _strip(DataSpec(dataset=slug, images=few).pictures())


def _strip(dataset: Dataset) -> bytes:
    """A row of pictures as PNG, one class after the other."""
    by_class = samples(dataset, _STRIP)
    places = [group[turn] for turn in range(_STRIP) for group in by_class if turn < len(group)][
        :_STRIP
    ]
    row = sheet(dataset.images[np.array(places)], len(places))
    factor = max(_STRIP_PX // row.shape[1], 1)
    large = row.repeat(factor, axis=0).repeat(factor, axis=1)
    return png(large[..., 0] if large.shape[2] == 1 else large)
