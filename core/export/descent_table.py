"""Every step of a descent as a table for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from core.lessons.descent_case import DescentCase, Racer
from core.numbers import format_number

COLUMNS = ("racer", "optimizer", "learning_rate", "step", "quantity", "first", "second")


def descent_csv(case: DescentCase) -> str:
    """All numbers of all steps, one quantity a line.

    Returns:
        CSV with the columns racer, optimizer, learning_rate, step, quantity, first, second:
        the quantity's number for the first and the second weight; the loss has only one. Step
        0 is the start. Values read back without loss.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for racer in case.racers:
        writer.writerows(_rows(racer))
    return text.getvalue()


def _rows(racer: Racer) -> list[tuple[str, ...]]:
    trace = racer.trace
    head = (racer.lane.upper(), racer.title, format_number(trace.spec.learning_rate))
    rows = []
    for step in range(trace.steps + 1):
        lines = [("weights", *trace.points[step].tolist())]
        if step:
            lines += [
                (name, *values[step - 1].tolist()) for name, values in trace.columns.items()
            ]
        for name, *pair in lines:
            rows.append((*head, str(step), name, *(format_number(value) for value in pair)))
        rows.append((*head, str(step), "loss", format_number(float(trace.losses[step])), ""))
    return rows
