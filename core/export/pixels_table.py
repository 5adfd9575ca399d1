"""The numbers of the page "Image as numbers" for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from core.lessons.pixels import PixelCase
from core.numbers import format_number

COLUMNS = ("row", "column", "channel", "value", "index")


def pixels_csv(case: PixelCase) -> str:
    """The crop, one value a line, in the order of the flattened vector.

    Returns:
        CSV with the columns row, column (counted in the picture), channel (its name), value
        and index (place in the vector).
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows, columns = case.window.shape[:2]
    for i in range(rows):
        for j in range(columns):
            for c, plane in enumerate(case.planes):
                place = (case.lesson.top + i, case.lesson.left + j, plane.slug)
                value = format_number(float(plane.values[i, j]))
                writer.writerow((*place, value, case.flat_index(i, j, c)))
    return text.getvalue()
