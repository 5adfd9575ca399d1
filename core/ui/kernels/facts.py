"""Views of the page "Kernels" on the kernel itself: facts, row, factors, frequencies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.images.filtering import correlate
from core.kernels import KERNELS
from core.kernels.composition import multiplications
from core.kernels.frequency import frequency_response
from core.kernels.separability import Separation, separate
from core.kernels.weights import Kernel
from core.kernels.words import band, short
from core.lessons.kernels_case import KernelCase
from core.ui import frame
from core.ui.components.grids import Grid, grids
from core.ui.components.plots import Field, Lines, plots
from core.ui.kernels.pictures import bright, signed
from core.ui.pictures import crisp

FloatArray = npt.NDArray[np.float64]


def show_facts(case: KernelCase) -> None:
    """What the kernel is, who published it, and what its numbers say."""
    lesson, kernel = case.lesson, case.kernel
    total, reach = float(kernel.weights.sum()), float(np.abs(kernel.weights).sum())
    left, right = st.columns(2)
    with left:
        if lesson.named == "own":
            st.markdown("**Your kernel.** Compare it with a published one in the menu above.")
        else:
            named = KERNELS[lesson.named]
            st.markdown(
                f"**{named.title}** ({named.family.lower()}). {named.about}\n\n"
                f"Source: {named.source}."
            )
        st.latex(r"y[i,j] = \frac{1}{s}\sum_{u,v} w[u,v]\, x[i+u-a,\, j+v-b] + o")
        rows, columns = ((n - 1) // 2 for n in kernel.weights.shape)
        st.caption(
            f"s = {short(kernel.scale)}, o = {short(kernel.offset)}, "
            f"the pixel lies under w[{rows}, {columns}]: a = {rows}, b = {columns}."
        )
    with right:
        st.markdown("\n".join(f"- {line}" for line in _lines(case, total, reach)))


def _lines(case: KernelCase, total: float, reach: float) -> list[str]:
    kernel = case.kernel
    parts = separate(kernel.weights)
    flat = short(100 * total / kernel.scale + kernel.offset)
    lines = [
        f"The weights add up to **{short(total)}**; a flat area of brightness 100 becomes "
        f"**{flat}**.",
        f"Their magnitudes add up to {short(reach)}: answers to pictures of 0 to 255 lie "
        "between "
        f"{short(_bound(kernel, -1))} and {short(_bound(kernel, 1))}.",
        _symmetry(kernel.weights),
        f"{parts.full_multiplications} multiplications for each pixel; "
        + (
            f"{parts.separate_multiplications} as a column and a row."
            if parts.separable
            else f"its rank is {parts.rank}, so it is not one column times one row."
        ),
        band(frequency_response(kernel.effective)),
    ]
    return [line.replace("*", r"\*") if "**" not in line else line for line in lines]


def _bound(kernel: Kernel, sign: int) -> float:
    """The smallest (-1) or the largest (1) answer to a picture of 0 to 255."""
    effective = kernel.effective * sign
    return float(sign * 255 * effective[effective > 0].sum() + kernel.offset)


def _symmetry(weights: FloatArray) -> str:
    around = weights[::-1, ::-1]
    if np.allclose(weights, around):
        return "Turned by 180 degrees it is the same: correlation and convolution agree."
    if np.allclose(weights, -around):
        return (
            "Turned by 180 degrees it changes its sign: so does the answer where a program "
            "convolves instead of correlating."
        )
    return "Turned by 180 degrees it is another kernel: correlation and convolution differ."


def show_row(case: KernelCase) -> None:
    """The kernels in a row, the single one that they equal, and both answers."""
    steps = case.lesson.chain()
    if len(steps) == 1:
        st.info(
            "One kernel so far. Choose what follows it under Row, beside the photo: a box "
            "three "
            "times is nearly a Gaussian; a Gaussian and then a Laplacian is the Laplacian of "
            "Gaussian."
        )
    kernels = [kernel for _, kernel in steps]
    whole = case.composed
    row = [
        Grid(f"{n + 1}. {title}", kernel.weights, "*" if n else "")
        for n, (title, kernel) in enumerate(steps)
    ]
    size = " x ".join(map(str, whole.weights.shape))
    grids(
        [*row, Grid(f"Together, {size}", whole.weights, "=")],
        key="kernels_row",
        large=frame.presenting(),
    )
    st.caption(_together(kernels, whole))
    _show_answers(case, kernels, whole)


def _together(kernels: list[Kernel], whole: Kernel) -> str:
    shapes = [kernel.weights.shape for kernel in kernels]
    apart = multiplications([(shape[0], shape[1]) for shape in shapes])
    together = whole.weights.size
    divided = f" The sum is divided by {short(whole.scale)}." if whole.scale != 1 else ""
    offset = f" {short(whole.offset)} is added." if whole.offset else ""
    return (
        "The weights are convolved with each other, so the sizes add up: n + m - 1. "
        f"{apart} multiplications for each pixel in a row, {together} at once.{divided}{offset}"
    )


def _show_answers(case: KernelCase, kernels: list[Kernel], whole: Kernel) -> None:
    border, value = case.lesson.border, case.lesson.border_value
    in_row = case.grey.astype(np.float64)
    for kernel in kernels:
        in_row = correlate(in_row, kernel.weights, border, value) / kernel.scale + kernel.offset
    at_once = correlate(case.grey, whole.weights, border, value) / whole.scale + whole.offset
    difference = at_once - in_row
    reach = float(max(np.abs(in_row).max(), np.abs(at_once).max())) or 1.0
    rows, columns = whole.weights.shape
    inside = difference[rows:-rows, columns:-columns]
    largest = float(np.abs(inside).max()) if inside.size else 0.0
    apart = float(np.abs(difference).max())
    silent = abs(float(whole.weights.sum())) < _ROUNDING * float(np.abs(whole.weights).sum())
    span = apart if apart > _ROUNDING * reach else reach
    pictures = (
        (in_row, reach, "One after the other", silent),
        (at_once, reach, "At once", silent),
        (difference, span, "Difference", True),
    )
    for place, (values, high, caption, with_sign) in zip(st.columns(3), pictures, strict=True):
        with place:
            low = f"-{short(high)}" if with_sign else "0"
            name = f"{caption}, {low} to {short(high)}"
            crisp(signed(values, high) if with_sign else bright(values, high), alt=name,
                  caption=name)  # fmt: skip
    at_border = (
        f"At the border by up to {short(apart)}, since every step fills it anew."
        if apart > _ROUNDING * reach
        else "With this border and these kernels even the border agrees."
    )
    st.caption(
        f"Away from the border the two differ by at most {largest:.1e}: rounding. {at_border}"
    )


_ROUNDING = 1e-9


def show_factors(case: KernelCase) -> None:
    """The kernel as columns times rows, and what that saves."""
    weights = case.kernel.weights
    parts = separate(weights)
    if parts.rank == 0:
        st.info("All weights are 0: there is nothing to take apart.")
        return
    _say_factors(parts)
    if parts.separable:
        row = [
            Grid("Kernel", weights),
            Grid("Column", parts.columns[0][:, None], "="),
            Grid("Row", parts.rows[0][None, :], "*"),
        ]
    else:
        terms = min(parts.rank, _MOST_TERMS)
        row = [Grid("Kernel", weights)]
        for n in range(terms):
            product = np.outer(parts.columns[n], parts.rows[n])
            title = f"Term {n + 1}: {parts.shares[n]:.1%} of the squares"
            row.append(Grid(title, product, "+" if n else "="))
        if parts.rank > terms:
            row.append(Grid("All others", weights - parts.approximation(terms), "+"))
    grids(row, key="kernels_factors", large=frame.presenting())
    with st.expander("Singular values"):
        st.markdown(
            "| | Singular value | Share of the squares | Left out, the kernel is off by |\n"
            "|---|---|---|---|\n"
            + "".join(
                f"| {n + 1} | {short(float(value))} | {share:.2%} | "
                f"{short(float(np.sqrt((parts.singular_values[n + 1 :] ** 2).sum())))} |\n"
                for n, (value, share) in enumerate(
                    zip(parts.singular_values, parts.shares, strict=True)
                )
            )
        )


_MOST_TERMS = 3


def _say_factors(parts: Separation) -> None:
    full, apart = parts.full_multiplications, parts.separate_multiplications
    height, width = parts.shape
    if parts.separable:
        saving = (
            f"{height} * {width} = {full} multiplications for each pixel become "
            f"{height} + {width} = {apart}"
        )
        if apart < full:
            st.success(
                f"Separable: {saving}, {1 - apart / full:.0%} less.", icon=":material/check:"
            )
        else:
            st.success(f"Separable, but {saving}: nothing is saved.", icon=":material/check:")
        return
    words = (
        f"Not separable: its rank is {parts.rank}, so it is a sum of {parts.rank} columns "
        "times "
        f"rows. That takes {parts.rank} * ({height} + {width}) = {apart} multiplications for "
        f"each pixel, against {full}."
    )
    if parts.shares[0] > _NEARLY:
        words += f" The first term alone holds {parts.shares[0]:.1%} of it."
    st.info(words)


_NEARLY = 0.9


def show_frequency(case: KernelCase) -> None:
    """What passes of stripes of every width and direction."""
    response = frequency_response(case.kernel.effective)
    st.markdown(band(response).replace("*", r"\*"))
    half = response.frequencies[len(response.frequencies) // 2 :]
    plane = Field(
        "Amplitude left, by waves per pixel",
        "Magnitude of the frequency response, from -0.5 to 0.5 waves per pixel both ways",
        response.frequencies,
        "across; down beside it",
        response.magnitude,
    )
    cuts = Lines(
        "The same along three lines",
        "Amplitude left across, down and along the diagonal",
        half,
        "waves per pixel",
        "waves per pixel",
        {"across": response.across, "down": response.down, "diagonal": response.diagonal},
    )
    plots([plane, cuts], key="kernels_frequency")
    st.caption(
        "0 is a flat area, 0.5 the finest stripes there are: bright and dark pixels in turn. "
        "The "
        "number is the amplitude that is left of a wave of amplitude 1; the offset is no wave."
    )
