"""A normalisation as a Keras script that gives the numbers of the page."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.export.source_text import assign_vector, grid_literal, literal
from core.lessons.normalization import NormLesson
from core.lessons.normalization_case import NormCase
from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]
Section = list[str]

_TITLES = {
    "batch": "Batch norm",
    "layer": "Layer norm",
    "instance": "Instance norm",
    "group": "Group norm",
    "rms": "RMS norm",
}


def norm_script(case: NormCase) -> str:
    """A script of NumPy and Keras whose `output` equals the page's output.

    Args:
        case: of `build`.

    Returns:
        ASCII source. Sections are set apart by a blank line and begin with a comment.
    """
    lesson = case.lesson
    sections = [_imports(case), _block(case), _affine(case), _layer(case)]
    sections += [_run(lesson), *_without_spread(case), _print()]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports(case: NormCase) -> Section:
    size = " x ".join(map(str, case.block.shape))
    return [
        f"# {_TITLES[case.lesson.norm_kind]} on a block of {size} (N, H, W, C).",
        "import keras",
        "import numpy as np",
    ]


def _block(case: NormCase) -> Section:
    """The block, sample by sample and channel by channel."""
    samples, height, width, channels = case.block.shape
    if height == width == 1:
        rows = grid_literal(case.block[:, 0, 0])
        given = f'np.array({rows}, dtype="float64")[:, None, None, :]'
        return [
            "# The block: a row for each sample, a column for each channel.",
            f"x = {given}",
        ]
    lines = ["# The block: samples, channels, rows, columns; then the channels go last."]
    lines.append("x = np.array([")
    for n in range(samples):
        lines.append(f"    [  # sample {n}")
        for c in range(channels):
            rows = ", ".join(
                f"[{', '.join(literal(v) for v in row)}]" for row in case.block[n, :, :, c]
            )
            lines.append(f"        [{rows}],")
        lines.append("    ],")
    return [*lines, '], dtype="float64").transpose(0, 2, 3, 1)']


def _affine(case: NormCase) -> Section:
    result = case.result
    lines = ["# Gamma and beta: learned, one of each a channel."]
    if case.lesson.undoes:
        lines = ["# The gamma and beta that undo the norm: sqrt(variance + epsilon) and mean."]
    if result.kind == "rms":
        return ["# Gamma: learned, one a channel.", _vector("gamma", result.gamma)]
    return [*lines, _vector("gamma", result.gamma), _vector("beta", result.beta)]


def _vector(name: str, values: FloatArray) -> str:
    if len(values) > 1 and (values == values[0]).all():
        return f'{name} = np.full({len(values)}, {format_number(values[0])}, dtype="float64")'
    return assign_vector(name, values)


def _layer(case: NormCase) -> Section:
    lesson, result = case.lesson, case.result
    epsilon = f'epsilon={result.epsilon!r}, dtype="float64"'
    if lesson.norm_kind == "batch":
        return _batch(case, epsilon)
    if lesson.norm_kind == "rms":
        return _rms(lesson, result.epsilon, epsilon)
    if lesson.norm_kind == "layer" and lesson.norm_over == "position":
        return [
            "# Keras' layer norm takes the mean over the channels of each place.",
            f"layer = keras.layers.LayerNormalization({epsilon})",
            *_built("[gamma, beta]"),
        ]
    groups, why = _groups(lesson)
    return [
        f"# {why}",
        f"layer = keras.layers.GroupNormalization({groups}, {epsilon})",
        *_built("[gamma, beta]"),
    ]


def _groups(lesson: NormLesson) -> tuple[int, str]:
    if lesson.norm_kind == "layer":
        return 1, "Layer norm over height, width and channels is group norm with one group."
    if lesson.norm_kind == "instance":
        return (
            lesson.norm_channels,
            "Instance norm is group norm with a group for each channel.",
        )
    return lesson.norm_groups, "Group norm."


def _built(weights: str) -> Section:
    return ["layer.build(x.shape)", f"layer.set_weights({weights})"]


def _batch(case: NormCase, epsilon: str) -> Section:
    lesson, result = case.lesson, case.result
    made = (
        f"layer = keras.layers.BatchNormalization(momentum={lesson.norm_momentum!r}, {epsilon})"
    )
    if not result.inference:
        return [
            "# The layer, with fresh running statistics: mean 0, variance 1.",
            made,
            *_built("[gamma, beta, np.zeros_like(gamma), np.ones_like(gamma)]"),
        ]
    return [
        f"# The layer, with running statistics of {lesson.norm_batches} training batches.",
        assign_vector("moving_mean", result.means),
        assign_vector("moving_variance", result.variances),
        made,
        *_built("[gamma, beta, moving_mean, moving_variance]"),
    ]


def _rms(lesson: NormLesson, epsilon: float, arguments: str) -> Section:
    if lesson.norm_over == "position":
        return [
            "# Keras' RMS norm takes the mean square over the channels of each place.",
            f"layer = keras.layers.RMSNormalization({arguments})",
            *_built("[gamma]"),
        ]
    return [
        "# RMS norm over height, width and channels, with Keras' operation.",
        "def layer(x):",
        "    axes = (1, 2, 3)",
        f"    return gamma * keras.ops.rms_normalization(x, axis=axes, epsilon={epsilon!r})",
    ]


def _run(lesson: NormLesson) -> Section:
    training = ""
    if lesson.norm_kind == "batch":
        training = f", training={lesson.norm_phase == 'training'}"
    lines = ["# The output."]
    given = "x"
    if lesson.norm_place == "after":
        lines = ["# The output: ReLU first, then the norm."]
        given = "keras.ops.relu(x)"
    call = f"layer({given}{training})"
    if lesson.norm_place == "before":
        lines = ["# The output: the norm first, then ReLU."]
        call = f"keras.ops.relu({call})"
    return [*lines, f"output = keras.ops.convert_to_numpy({call})"]


def _without_spread(case: NormCase) -> list[Section]:
    """What becomes of 0 / 0, where there is one."""
    result = case.result
    if not (result.variances + result.epsilon == 0).any():
        return []
    value = "0.0" if result.kind == "rms" else "beta"
    if case.lesson.norm_place == "before" and result.kind != "rms":
        value = "np.maximum(beta, 0)"
    return [
        [
            "# Without an epsilon Keras divides 0 by 0 where cells do not differ.",
            f"output = np.where(np.isnan(output), {value}, output)",
        ]
    ]


def _print() -> Section:
    return [
        "# Sample by sample, channel by channel.",
        "for n in range(output.shape[0]):",
        "    for c in range(output.shape[3]):",
        '        print(f"sample {n}, channel {c}:")',
        "        print(np.round(output[n, :, :, c], 3))",
    ]
