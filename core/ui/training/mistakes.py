"""Which class is taken for which, and the pictures with the largest loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.confusion import Confusion, confusion
from core.data.dataset import Dataset
from core.training import Run
from core.ui.components import confusion as component
from core.ui.components import tiles
from core.ui.training import datasets

MOST_SHOWN = 24


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the network said of validation pictures.

    Attributes:
        indices: (n,) of the pictures.
        actual, predicted: (n,) classes.
        losses: (n,) float32.
        when: which pictures these are, and when it was.
    """

    indices: npt.NDArray[np.int64]
    actual: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    losses: npt.NDArray[np.float32]
    when: str


def answers_of(run: Run) -> Answers | None:
    """The newest: of all validation pictures after an epoch, of a part of them in between."""
    epoch, snapshot, started = run.latest("epoch"), run.latest("snapshot"), run.latest("started")
    if started is None or (epoch is None and snapshot is None):
        return None
    dataset, split = run.spec.data.load(run.own)
    if epoch is not None:
        indices, told = split.validation, epoch
        when = f"all {len(indices):,} validation pictures after epoch {epoch.data['epoch']}"
    else:
        indices, told = started.data["probed"], snapshot
        when = f"{len(indices)} validation pictures, batch {told.step:,}"  # type: ignore[union-attr]
    data = told.data  # type: ignore[union-attr]
    return Answers(
        indices, dataset.labels[indices], data["predicted"].astype(np.int64), data["losses"], when
    )


def matrix(run: Run) -> None:
    """The confusion matrix; a cell opens its pictures."""
    answers = answers_of(run)
    if answers is None:
        st.info("Nothing is judged yet.")
        return
    dataset = datasets.of(run)
    counted = confusion(answers.actual, answers.predicted, len(dataset.class_names))
    st.caption(f"{answers.when[0].upper()}{answers.when[1:]}. Choose a cell to see its pictures.")
    chosen = component.show(counted, dataset.class_names, key="run_confusion")
    if chosen:
        _cell(answers, dataset, counted, *chosen)


def _cell(
    answers: Answers, dataset: Dataset, counted: Confusion, row: int, column: int
) -> None:
    inside = (answers.actual == row) & (answers.predicted == column)
    names = dataset.class_names
    verb = "recognised as" if row == column else "taken for"
    st.markdown(
        f"**{int(inside.sum())} of {counted.actual[row]} pictures of {names[row]!r} "
        f"{verb} {names[column]!r}**"
    )
    places = np.flatnonzero(inside)
    _show(answers, dataset, places[np.argsort(-answers.losses[places])], "run_cell")


def worst(run: Run) -> None:
    """The pictures with the largest loss."""
    answers = answers_of(run)
    if answers is None:
        st.info("Nothing is judged yet.")
        return
    wrong = int((answers.actual != answers.predicted).sum())
    st.caption(
        f"{wrong} of {len(answers.actual):,} are wrong ({answers.when}). Sorted by their loss."
    )
    _show(answers, datasets.of(run), np.argsort(-answers.losses), "run_worst")


def _show(
    answers: Answers, dataset: Dataset, places: npt.NDArray[np.intp], key: str
) -> None:
    places = places[:MOST_SHOWN]
    if not places.size:
        st.caption("None.")
        return
    names = dataset.class_names
    shown = [
        tiles.Tile(
            caption=names[answers.predicted[place]],
            detail=f"is {names[answers.actual[place]]}, loss {answers.losses[place]:.2f}",
            right=bool(answers.predicted[place] == answers.actual[place]),
        )
        for place in places
    ]
    tiles.show(dataset.images[answers.indices[places]], shown, key=key)
