"""Whose runs these are, and which of them a page shows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.data.dataset import Dataset
from core.training import DESK, Run, RunError
from core.training.chain import Chain
from core.training.spec import TrainingSpec

AnyRun = Run[Any]
"""A run of whatever spec."""


class Seat:
    """One page's place at the desk: a browser session has one for each page that trains."""

    def __init__(self, page: str) -> None:
        """Name it.

        Args:
            page: slug of the page; the runs of other pages are elsewhere.
        """
        self._name = f"_{page}_session"
        self._shown = f"_{page}_shown_run"
        self._said = f"_{page}_said"
        self._chain = f"_{page}_chain"

    def session(self) -> str:
        """The browser session's name at the desk, on this page."""
        name: str = st.session_state.setdefault(self._name, uuid.uuid4().hex)
        return name

    @property
    def taken(self) -> bool:
        """Whether somebody has sat here, so that there may be runs."""
        return self._name in st.session_state

    def be_here(self) -> None:
        """Call on every page: a session that has runs is here; the desk learns when it goes."""
        _presence(self.session())

    def runs(self) -> list[AnyRun]:
        """The runs, oldest first."""
        return DESK.runs(self.session())

    def known(self, run_id: str) -> AnyRun | None:
        """The run of that id, as long as it is kept.

        Callbacks of widgets are given ids and not runs: Streamlit (1.67) keeps the callback of
        every widget that a session has ever had, and with it whatever it refers to.
        """
        return next((run for run in self.runs() if run.id == run_id), None)

    def going(self) -> AnyRun | None:
        """The run that has not ended."""
        return DESK.going(self.session())

    def shown(self) -> AnyRun | None:
        """The run on the stage: the one chosen, else the latest."""
        known = self.runs()
        return self.chosen() or (known[-1] if known else None)

    def chosen(self) -> AnyRun | None:
        """The run that was started by itself, or that a person has put on the stage."""
        return self.known(st.session_state.get(self._shown, ""))

    def show(self, run: AnyRun) -> None:
        """Put a run on the stage."""
        st.session_state[self._shown] = run.id

    def start(
        self, spec: TrainingSpec, own: Dataset | None, *, name: str = "", paused: bool = False
    ) -> None:
        """Start a run and put it on the stage; say why where that does not work.

        Args:
            spec: what to do.
            own: the pictures where they were uploaded.
            name: what it is called after its number, where the spec has no name.
            paused: wait before the first step.
        """
        self.be_here()
        try:
            run = DESK.start(spec, self.session(), own, paused=paused)
        except RunError as error:
            self.say(str(error))
            return
        run.name = run.name or f"{len(self.runs())}. {name}"
        self.show(run)

    def start_all(self, specs: Sequence[TrainingSpec], own: Dataset | None) -> None:
        """Start runs one after another; say why where that does not work."""
        self.be_here()
        try:
            chain = Chain(specs, self.session(), own)
        except RunError as error:
            self.say(str(error))
            return
        st.session_state[self._chain] = chain
        st.session_state.pop(self._shown, None)  # the latest, whichever that is

    @property
    def busy(self) -> bool:
        """Whether something goes, is still to come, or is still on its way here."""
        run = self.shown()
        return bool(self.going() or self.chain() or (run and not run.at_rest))

    def chain(self) -> Chain | None:
        """The runs that were last started together, and are still to come or going."""
        chain: Chain | None = st.session_state.get(self._chain)
        return chain if chain and chain.going else None

    def say(self, sentence: str) -> None:
        """Keep a sentence for the stage until the next thing happens."""
        st.session_state[self._said] = sentence

    def said(self) -> str:
        """The sentence that waits to be shown, once."""
        sentence: str = st.session_state.pop(self._said, "")
        return sentence


@st.cache_resource(scope="session", on_release=DESK.leave, show_spinner=False)
def _presence(name: str) -> str:
    """Kept until the browser is gone; then the desk is told."""
    DESK.arrive(name)
    return name


TRAINING = Seat("training")
"""Of the page "Training", and of the runs of the page "Augmentation"."""
TRANSFER = Seat("transfer")
"""Of the page "Transfer learning"."""
UNET = Seat("unet")
"""Of the page "U-Net"."""
DETECTOR = Seat("detector")
"""Of the page "Detector"."""
SEATS = (TRAINING, TRANSFER, UNET, DETECTOR)
