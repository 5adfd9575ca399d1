"""A pass of the tiny network as a table for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from core.lessons.backprop import BackpropCase
from core.numbers import format_number

COLUMNS = ("step", "phase", "quantity", "formula", "numbers", "value")


def backprop_csv(case: BackpropCase) -> str:
    """Every step of the forward pass, the backward pass and the update, one equation a line.

    Returns:
        CSV with the columns step, phase, quantity, formula, numbers, value. `numbers` is
        rounded to four digits, `value` reads back without loss.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, step in enumerate(case.steps, start=1):
        for line in step.lines:
            name, _, formula = line.symbols.partition(" = ")
            if step.key == "update":
                name, formula = line.symbols.split(" ")[0], line.symbols
            value = format_number(line.value)
            writer.writerow((number, step.phase, name, formula, line.numbers, value))
    return text.getvalue()
