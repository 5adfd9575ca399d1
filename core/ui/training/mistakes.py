"""Which class is taken for which, and the pictures with the largest loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.confusion import Confusion, confusion, in_cell
from core.data.dataset import Dataset
from core.training import Event, Run
from core.ui.components import confusion as component
from core.ui.components import tiles

MOST_SHOWN = 24
MATRIX, CELL = "run_confusion", "run_confusion_cell"


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
    epoch, snapshot, started = (
        run.latest("epoch"),
        run.latest("snapshot"),
        run.latest("started"),
    )
    if started is None or (epoch is None and snapshot is None):
        return None
    dataset = run.pictures()
    if epoch is not None:
        told, indices = epoch, run.split().validation
        when = f"all {len(indices):,} validation pictures after epoch {epoch.data['epoch']}"
    else:
        told, indices = cast(Event, snapshot), started.data["probed"]
        when = f"{len(indices)} validation pictures, batch {told.step:,}"
    predicted = told.data["predicted"].astype(np.int64)
    return Answers(indices, dataset.labels[indices], predicted, told.data["losses"], when)


def matrix(run: Run) -> None:
    """The confusion matrix; a cell opens its pictures."""
    answers = answers_of(run)
    if answers is None:
        st.info("Nothing is judged yet.")
        return
    dataset = run.pictures()
    counted = confusion(answers.actual, answers.predicted, len(dataset.class_names))
    st.caption(
        f"{answers.when[0].upper()}{answers.when[1:]}. Choose a cell to see its pictures."
    )
    cell = st.session_state.get(CELL)
    chosen = cell if cell and max(cell) < counted.classes else None
    component.confusion_table(
        counted,
        dataset.class_names,
        key=MATRIX,
        selected=chosen,
        on_cell=lambda: _choose_cell(counted.classes),
    )
    if chosen:
        _cell(answers, dataset, counted, *chosen)


def _choose_cell(classes: int) -> None:
    st.session_state[CELL] = component.clicked(MATRIX, classes)


def _cell(
    answers: Answers, dataset: Dataset, counted: Confusion, row: int, column: int
) -> None:
    inside = in_cell(answers.actual, answers.predicted, row, column)
    names = dataset.class_names
    verb = "recognised as" if row == column else "taken for"
    st.markdown(
        f"**{inside.size} of {counted.actual[row]} pictures of {names[row]!r} "
        f"{verb} {names[column]!r}**"
    )
    _show(answers, dataset, inside[np.argsort(-answers.losses[inside])], "run_cell")


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
    _show(answers, run.pictures(), np.argsort(-answers.losses), "run_worst")


def _show(answers: Answers, dataset: Dataset, places: npt.NDArray[np.intp], key: str) -> None:
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
    pictures = dataset.images[answers.indices[places]]
    tiles.show(pictures, shown, key=key, alt="Validation pictures, the largest loss first")
