"""The history of a run as a table."""

from __future__ import annotations

import csv
import io

from core.training.series import Series


def history_csv(series: Series) -> str:
    """The history as a table: a line for each batch, with the epoch's numbers at its end."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(
        ["batch", "loss", "accuracy", "learning_rate", "epoch", "epoch_loss", "epoch_accuracy",
         "validation_loss", "validation_accuracy"]
    )  # fmt: skip
    ends = {int(step): place for place, step in enumerate(series.epoch_steps)}
    for place, step in enumerate(series.steps):
        row: list[object] = [int(step), series.loss[place], series.accuracy[place]]
        row.append(series.learning_rate[place])
        at = ends.get(int(step))
        if at is not None:
            row += [int(series.epochs[at]), series.epoch_loss[at], series.epoch_accuracy[at]]
            row += [series.validation_loss[at], series.validation_accuracy[at]]
        table.writerow([_number(value) for value in row])
    return text.getvalue()


def _number(value: object) -> object:
    return float(f"{value:.8g}") if isinstance(value, float) else value
