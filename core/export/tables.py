"""Numbers and settings as files: tidy CSV for spreadsheets, JSON for the way back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from core.lessons.base import Lesson
from core.lessons.convolution import ConvolutionCase
from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]
Row = tuple[str, int | str, int | str, int | str, int | str, str]
L = TypeVar("L", bound=Lesson)

COLUMNS = ("grid", "row", "column", "channel", "filter", "value")
VERSION = 1
_LONGEST = 1_000_000
"""Characters of a settings file; the largest real one has a tenth of that."""


class SettingsFileError(ValueError):
    """A file does not hold settings of the page that opens it; the message is one sentence."""


def convolution_csv(case: ConvolutionCase) -> str:
    """All numbers of a convolution, one a line.

    Returns:
        CSV with the columns grid, row, column, channel, filter, value. The grids are input,
        padded (what the window slides over), weights, bias and output. Everything is counted
        from 0; what a grid does not have is empty. Values read back without loss.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_image_rows("input", case.image))
    writer.writerows(_image_rows("padded", case.result.padded))
    writer.writerows(_weight_rows(case))
    if case.bias is not None:
        writer.writerows(("bias", "", "", "", f, _text(b)) for f, b in enumerate(case.bias))
    writer.writerows(
        ("output", row, column, "", f, _text(value))
        for (row, column, f), value in np.ndenumerate(case.result.output)
    )
    return text.getvalue()


def _image_rows(grid: str, image: FloatArray) -> Iterator[Row]:
    for (row, column, channel), value in np.ndenumerate(image):
        yield grid, row, column, channel, "", _text(value)


def _weight_rows(case: ConvolutionCase) -> Iterator[Row]:
    """Weights with the channel of the input and the filter that they join."""
    lesson, kernel = case.lesson, case.kernel
    per_in, per_out = lesson.channels // lesson.groups, lesson.filters // lesson.groups
    for (row, column, third, fourth), value in np.ndenumerate(kernel):
        if lesson.transposed:
            channel, f = fourth, fourth // per_in * per_out + third
        else:
            channel, f = fourth // per_out * per_in + third, fourth
        yield "weights", row, column, channel, f, _text(value)


def _text(value: float) -> str:
    return format_number(float(value))


def lesson_json(lesson: Lesson) -> str:
    """Settings as JSON: the page, the version of the format, what differs from the start."""
    document = {
        "page": lesson.page,
        "version": VERSION,
        "settings": lesson.differences(),
    }
    return json.dumps(document, indent=2) + "\n"


def read_lesson_json(text: str, lesson: type[L]) -> tuple[L, list[str]]:
    """Settings from a file that `lesson_json` wrote, or a person changed.

    Args:
        text: the file's content.
        lesson: class of the page that opens it.

    Returns:
        The nearest settings that have a result, and one sentence for each value that could not
        be taken as it was.

    Raises:
        SettingsFileError: this is not a settings file of that page.
    """
    document = _document(text)
    page, settings = document.get("page"), document.get("settings")
    if not isinstance(page, str) or not isinstance(settings, dict):
        raise SettingsFileError('The file holds no settings: it needs "page" and "settings".')
    if page != lesson.page:
        raise SettingsFileError(
            f"The file holds settings of the page {page[:30]!r}, not of {lesson.page!r}."
        )
    version = document.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise SettingsFileError(
            f"The file's version is {str(version)[:20]}; this page reads version {VERSION}."
        )
    unknown = [str(name)[:30] for name in settings if name not in lesson.model_fields]
    nearest, notices = lesson.nearest(settings)
    return nearest, [*notices, *(f"There is no setting {name!r} here." for name in unknown)]


def _document(text: str) -> dict[str, object]:
    if len(text) > _LONGEST:
        raise SettingsFileError(
            f"The file is too long: settings have at most {_LONGEST:,} characters."
        )
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsFileError(
            f"The file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except (ValueError, RecursionError):
        raise SettingsFileError("The file is not JSON that settings are written in.") from None
    if not isinstance(document, dict):
        raise SettingsFileError('The file holds no settings: it needs "page" and "settings".')
    return document
