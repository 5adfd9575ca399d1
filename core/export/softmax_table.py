"""Softmax and cross-entropy as a table for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from core.lessons.softmax import SoftmaxCase
from core.numbers import format_number


def softmax_csv(case: SoftmaxCase) -> str:
    """One line for each class, one column for each step.

    Returns:
        CSV whose first column is class; sum and loss stand in every line. Values read back
        without loss.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("class", *(column.key for column in case.columns)))
    for row, name in enumerate(case.lesson.names):
        values = [
            format_number(column.values[0 if column.single else row]) for column in case.columns
        ]
        writer.writerow((name, *values))
    return text.getvalue()
