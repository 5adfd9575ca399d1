"""The numbers of a normalisation for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np

from core.lessons.normalization_case import NormCase
from core.numbers import format_number

COLUMNS = ("sample", "row", "column", "channel", "x", "set", "mean", "variance", "result")


def norm_csv(case: NormCase) -> str:
    """All cells, one a line.

    Returns:
        CSV with the columns sample, row, column, channel, x, set (which cells share their
        statistics), mean, variance, the result of every line of the algorithm after them, and
        result. Everything is counted from 0; values read back without loss. RMS norm has a
        mean of 0 and the mean square as variance.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    lines = [line for line in case.lines if line.slug not in ("mean", "variance")]
    names = [line.slug for line in lines]
    writer.writerow((*COLUMNS[:-1], *names, COLUMNS[-1]))
    result = case.result
    for place, value in np.ndenumerate(case.block):
        number = int(result.sets[place])
        values = [
            value,
            result.means[number],
            result.variances[number],
            *(line.values[place] for line in lines),
            case.output[place],
        ]
        x, *others = (format_number(float(v)) for v in values)
        writer.writerow((*place, x, number, *others))
    return text.getvalue()
