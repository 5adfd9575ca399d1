"""The session's runs over one another; rename, delete, take home, repeat."""

from __future__ import annotations

import streamlit as st

from core.training import DESK
from core.training.spec import RunSpec, TrainingSpec
from core.ui import curves
from core.ui.training import charts
from core.ui.training.session import AnyRun, Seat

_WORDS = {"architecture": "network", "changes": "changes on the way"}


def show(seat: Seat) -> None:
    """All runs of the session: a table of what differs, their curves, and what can be done."""
    runs = seat.runs()
    if not runs:
        st.info("There is no run yet. Each one that you start is kept here for comparison.")
        return
    trained = [run for run in runs if not run.spec.finds and run.step]
    by = st.segmented_control(
        "Over", ["epoch", "batch"], default="epoch", key="compare_by", required=True
    )
    if trained:
        draw = charts.overlay_by_batch if by == "batch" else charts.overlay
        curves.show(draw(trained), key="run_overlay")
    _table(runs)
    for run in runs:
        _row(seat, run)


def _table(runs: list[AnyRun]) -> None:
    """What the runs came to, and the settings in which they differ."""
    differing = _differing([run.spec for run in runs])
    rows = []
    for run in runs:
        series = run.series()
        best = series.best_epoch
        row = {
            "run": run.name,
            "state": run.state,
            "batches": run.step,
            "best validation loss": _number(series.validation_loss, best),
            f"its {run.spec.score}": _number(series.validation_accuracy, best),
        }
        rows.append(row | {_WORDS.get(k, k): _value(run.spec, k) for k in differing})
    st.dataframe(rows, hide_index=True, width="stretch")


def _differing(specs: list[TrainingSpec]) -> list[str]:
    """Names of the settings that are not the same in all runs."""
    names: dict[str, None] = {}
    for spec in specs[1:]:
        names |= dict.fromkeys(specs[0].differences(spec))
    return list(names)


def _value(spec: TrainingSpec, name: str) -> str:
    if name.startswith("data."):
        return str(getattr(spec.data, name.removeprefix("data.")))
    if name == "architecture" and isinstance(spec, RunSpec):
        kinds = [row.kind for row in spec.architecture.rows if row.on]
        return ", ".join(kinds) or "output alone"
    if name == "changes":
        return ", ".join(f"{c.setting} {c.value:g} at {c.step}" for c in spec.changes) or "none"
    value = getattr(spec, name)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _number(values, place: int) -> float | None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return round(float(values[place]), 4) if place >= 0 else None


def _row(seat: Seat, run: AnyRun) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"run_row_{run.id}"):
        st.text_input("Name", value=run.name, key=f"run_name_{run.id}", max_chars=80,
                      on_change=_rename, args=(seat, run.id))  # fmt: skip
        st.button("Show", key=f"run_show_{run.id}", on_click=_put_on_stage,
                  args=(seat, run.id))  # fmt: skip
        st.button("Delete", key=f"run_delete_{run.id}", on_click=_delete,
                  args=(seat, run.id), icon=":material/delete:")  # fmt: skip


def _rename(seat: Seat, run_id: str) -> None:
    if run := seat.known(run_id):
        run.name = st.session_state[f"run_name_{run_id}"].strip() or run.name


def _put_on_stage(seat: Seat, run_id: str) -> None:
    if run := seat.known(run_id):
        seat.show(run)
    st.rerun()


def _delete(seat: Seat, run_id: str) -> None:
    if run := seat.known(run_id):
        DESK.forget(run)
    st.rerun()
