"""What stands below the stage of the page "Normalisation"."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.arithmetic.norm_steps import Step, steps
from core.arithmetic.normalization import NormResult, Running, running_history
from core.arithmetic.terms import shown
from core.curves import Axis, Chart, Curve, Histogram
from core.lessons.normalization_case import (
    NormCase,
    large_block,
    norm_of,
    relu,
    training_batches,
)
from core.ui import curves, frame
from core.ui.components.block import TITLES
from core.ui.normalisation import photo_of

FloatArray = npt.NDArray[np.float64]

MOST_SETS = 24
"""Rows of the table of means."""
BINS = 32
_WORDS = {
    "batch": "Each channel over the batch: what a sample becomes depends on the others.",
    "layer": "Each sample by itself: batch size does not matter.",
    "instance": "Each channel of each sample by itself: contrast goes, as for style transfer.",
    "group": "Between layer (1 group) and instance (as many groups as channels).",
    "rms": "As layer norm, without subtracting a mean and without beta.",
}


def show_facts(case: NormCase) -> None:
    """The formula, the means and variances, and what has to be learned and kept."""
    result = case.result
    left, right = st.columns(2)
    with left:
        st.markdown("**Formula**")
        st.latex(_formula(result))
        st.markdown("\n".join(f"- {remark}" for remark in remarks(case)))
    with right:
        _show_sets(result)


def _formula(result: NormResult) -> str:
    if result.kind == "rms":
        return r"y = \gamma \, \frac{x}{\sqrt{\frac{1}{m} \sum x_i^2 + \epsilon}}"
    return r"y = \gamma \, \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"


def remarks(case: NormCase) -> list[str]:
    """One sentence for each thing to know about these settings."""
    lesson, result = case.lesson, case.result
    channels, sets = lesson.norm_channels, len(result.means)
    found = [_WORDS[result.kind]]
    noun = "mean square" if result.kind == "rms" else "mean and variance"
    found.append(f"{sets} x {noun}, each over {result.count} of {result.x.size} cells.")
    learned = channels if result.kind == "rms" else 2 * channels
    kept = f", and {2 * channels} running statistics that are not learned"
    found.append(
        f"Learned: {learned} numbers, {'gamma' if result.kind == 'rms' else 'gamma and beta'} "
        f"of {channels} channels{kept if result.kind == 'batch' else ''}."
    )
    if result.count == 1 and not result.inference:
        found.append(
            "Every cell is its own mean: x - mean is 0, and the output is beta, whatever comes "
            "in."
            if result.kind != "rms"
            else "Every cell is its own mean square: only its sign is left."
        )
    elif result.kind == "batch" and lesson.norm_samples == 1 and not result.inference:
        found.append("A batch of one sample: batch norm is now instance norm.")
    if lesson.norm_phase == "inference" and result.kind != "batch":
        found.append(f"{TITLES[result.kind]} norm computes the same at inference.")
    if lesson.undoes:
        found.append(
            "gamma = sqrt(variance + epsilon) and beta = mean give the input back. They are "
            "what would undo the norm, not what gamma and beta are: those are learned and "
            "begin as 1 and 0."
        )
    if lesson.norm_place != "alone":
        found.append(_place_words(case))
    return found


def _place_words(case: NormCase) -> str:
    zeros = float((case.output == 0).mean())
    if case.lesson.norm_place == "before":
        words = f"Before the ReLU: {zeros:.0%} of the outputs are 0; beta decides how many."
        if case.lesson.norm_kind in ("batch", "instance"):
            words += " A bias of a convolution in front is of no use: the mean takes it away."
        return words
    return (
        "Behind the ReLU: what comes in is not negative, what goes out has mean 0 again, and "
        "negative numbers reach the next layer."
    )


def _show_sets(result: NormResult) -> None:
    square = "Mean square" if result.kind == "rms" else "Variance"
    rows = [
        f"| {number} | {_where(result, number)} | "
        + ("" if result.kind == "rms" else f"{shown(result.means[number])} | ")
        + f"{shown(result.variances[number])} |"
        for number in range(min(len(result.means), MOST_SETS))
    ]
    head = "| Set | Cells | " + ("" if result.kind == "rms" else "Mean | ") + f"{square} |"
    rule = "|---|---|---:|" + ("" if result.kind == "rms" else "---:|")
    st.markdown("\n".join([head, rule, *rows]))
    if len(result.means) > MOST_SETS:
        st.caption(f"The first {MOST_SETS} of {len(result.means)}; the download has all.")
    if result.inference:
        st.caption("Running statistics: kept from training, the same for every batch.")


def _where(result: NormResult, number: int) -> str:
    """The cells of a set in words."""
    places = np.argwhere(result.sets == number)
    words = []
    for axis, noun in ((0, "sample"), (3, "channel"), (1, "row"), (2, "column")):
        found = np.unique(places[:, axis])
        if len(found) == result.x.shape[axis]:
            continue
        span = str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"
        words.append(f"{noun}{'s' if len(found) > 1 else ''} {span}")
    return ", ".join(words) or "all"


def show_algorithm(case: NormCase) -> None:
    """The algorithm line by line, for the pinned cell or the first."""
    place = case.chosen_cell
    n, h, w, c = place
    source = (
        "Ioffe & Szegedy 2015, algorithm 1, as MLC shows it"
        if case.result.kind == "batch"
        else "The lines of batch norm's algorithm, over other cells"
    )
    st.markdown(
        f"For x [{n}, {h}, {w}, {c}] = {shown(case.block[place])}; pin another cell to see its "
        f"own. {source}; m is the number of cells that share."
    )
    for number, step in enumerate(steps(case.result, place), 1):
        _show_step(number, step)
    st.caption(
        "The deck's symbols: mu_B is the mean of the mini-batch, sigma2_B its variance, which "
        "is divided by m and not by m - 1."
    )


def _show_step(number: int, step: Step) -> None:
    left, right = st.columns([1, 2], vertical_alignment="center")
    with left:
        st.markdown(f"**{number}. {step.title}**")
        st.latex(step.latex)
    with right:
        st.code(step.text, language=None, wrap_lines=True)


def show_running(case: NormCase) -> None:
    """Running mean and variance over the training batches, beside those of each batch."""
    lesson = case.lesson
    if lesson.norm_kind != "batch":
        st.info(
            f"{TITLES[lesson.norm_kind]} norm keeps nothing: it computes the same in training "
            "and at inference. Only batch norm has running statistics."
        )
        return
    if lesson.norm_batches == 0:
        st.info(
            "No training batch yet: the running mean is 0, the running variance 1. Raise "
            "Training batches under Norm."
        )
        return
    batches = training_batches(lesson, case.block)
    history = running_history(batches, lesson.norm_momentum)
    height = 260 if frame.presenting() else 200
    curves.show(_chart(history, batches), key="norm_running", height_px=height)
    left = lesson.norm_momentum**lesson.norm_batches
    st.markdown(
        f"running = running * {lesson.norm_momentum:g} + batch * "
        f"{1 - lesson.norm_momentum:g}. After {lesson.norm_batches} batches "
        f"{lesson.norm_momentum:g}^{lesson.norm_batches} = {left:.1%} of the start (mean 0, "
        "variance 1) is still in it. Points: each batch by itself. PyTorch calls "
        f"this momentum {1 - lesson.norm_momentum:g}, and divides the variance by m - 1."
    )


def _chart(history: tuple[Running, ...], batches: list[FloatArray]) -> Chart:
    """Lines for the running statistics, points for those of each batch."""
    count = np.arange(len(history), dtype=np.float64)
    lines = []
    for c in range(len(history[0].mean)):
        name = f"channel {c}"
        for axis, kept, own in (
            ("mean", [r.mean[c] for r in history], [b[..., c].mean() for b in batches]),
            ("variance", [r.variance[c] for r in history], [b[..., c].var() for b in batches]),
        ):
            lines.append(Curve(name, count, np.array(kept), axis=axis, number=c))
            batch = Curve(
                f"{name}, batches", count[1:], np.array(own), "validation", axis, c,
                points=len(batches) <= 60, shown=c == 0,
            )  # fmt: skip
            lines.append(batch)
    axes = (Axis("mean", "Running mean"), Axis("variance", "Running variance", low=0.0))
    return Chart(axes, tuple(lines))


def show_histograms(case: NormCase) -> None:
    """How the values of a channel lie before the norm, behind it, and behind the activation."""
    lesson = case.lesson
    channel = 0
    if lesson.norm_channels > 1:
        options = ["all", *(str(c) for c in range(lesson.norm_channels))]
        chosen = st.segmented_control(
            "Channel", options, default="all", required=True, key="norm_channel"
        )
        channel = -1 if chosen == "all" else int(chosen)
    stages = histogram_stages(case)
    shown_stages = [
        (title, values if channel < 0 else values[..., channel]) for title, values in stages
    ]
    height = 230 if frame.presenting() else 180
    histograms = [_histogram(title, values.ravel()) for title, values in shown_stages]
    curves.show_histograms(histograms, key="norm_histograms", height_px=height)
    st.markdown(
        "| | Mean | Standard deviation | Exactly 0 |\n|---|---:|---:|---:|\n"
        + "".join(
            f"| {title} | {values.mean():.3f} | {values.std():.3f} | "
            f"{(values == 0).mean():.0%} |\n"
            for title, values in shown_stages
        )
    )
    n, h, w, c = stages[0][1].shape
    st.caption(
        f"The same settings on a larger block, {n} x {h} x {w} x {c}, so that there is enough "
        "to count. Multiply the input by 10 (More): behind the norm nothing changes."
    )


def histogram_stages(case: NormCase) -> list[tuple[str, FloatArray]]:
    """The larger block in the order in which it is worked on."""
    lesson = case.lesson
    block = large_block(lesson, photo_of(lesson))
    result = norm_of(lesson, block, case.result.gamma, case.result.beta, _running(case))
    stages = [("Block", block)]
    if lesson.norm_place == "after":
        stages.append(("Behind the ReLU", result.x))
    stages.append(("Behind the norm", result.output))
    if lesson.norm_place == "before":
        stages.append(("Behind the ReLU", relu(result.output)))
    return stages


def _running(case: NormCase) -> Running:
    return case.history[-1]


def _histogram(title: str, values: FloatArray) -> Histogram:
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(values, BINS, (low, high))
    return Histogram(title, edges, counts.astype(np.int64))
