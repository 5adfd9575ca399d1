"""The numbers of the page "Kernels" for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np

from core.kernels.weights import Kernel
from core.lessons.kernels_case import KernelCase
from core.lessons.kernels_learning import LearnCase
from core.numbers import format_number


def kernel_csv(kernel: Kernel) -> str:
    """The weights, one row a line; the page reads the same text back when it is pasted."""
    return _written([[_number(value) for value in row] for row in kernel.weights])


def answers_csv(case: KernelCase) -> str:
    """Photo and answer, one pixel a line.

    Returns:
        CSV with the columns row, column, channel (0 for grey), photo and answer.
    """
    photo = case.before.reshape(*case.before.shape[:2], -1)
    response = case.filtered.response.reshape(photo.shape)
    lines: list[list[object]] = [["row", "column", "channel", "photo", "answer"]]
    lines += [
        [*place, int(photo[place]), _number(float(response[place]))]
        for place in np.ndindex(photo.shape)
    ]
    return _written(lines)


def learning_csv(case: LearnCase) -> str:
    """Every step of a descent, one a line.

    Returns:
        CSV with the columns step, error, and w[i j] for each weight.
    """
    rows, columns = case.task.shape
    names = [f"w[{i} {j}]" for i in range(rows) for j in range(columns)]
    lines: list[list[object]] = [["step", "error", *names]]
    for step, error in enumerate(case.descent.errors):
        weights = (_number(value) for value in case.descent.kernels[step].ravel())
        lines.append([step, _number(error), *weights])
    return _written(lines)


def _number(value: float) -> str:
    return format_number(float(value))


def _written(lines: list[list[object]] | list[list[str]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
