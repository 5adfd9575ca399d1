"""The numbers of a chain of grids for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np

from core.arithmetic.chain import Chain
from core.numbers import format_number

COLUMNS = ("grid", "row", "column", "channel", "value", "index")


def chain_csv(chain: Chain) -> str:
    """All numbers of a chain, one a line.

    Returns:
        CSV with the columns grid, row, column, channel, value and index. Rows and columns are
        counted from 0 in the input without its padding, which is left out. The index is the
        place row * width + column that a value was taken from; empty where none was. Values
        read back without loss.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, grid in enumerate(chain.grids):
        join = chain.into(number)
        picks = None if join is None else join.picks
        top, left = grid.origin
        for place, (at, value) in enumerate(np.ndenumerate(grid.values)):
            row, column, channel = at
            if grid.added[row, column]:
                continue
            index = "" if picks is None else int(picks[place])
            line = (grid.name, row - top, column - left, channel, format_number(float(value)))
            writer.writerow((*line, index))
    return text.getvalue()
