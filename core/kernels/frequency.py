"""What a kernel does to waves: how much of each stripe pattern it lets through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

BINS = 65
"""Frequencies along each axis; odd, so that 0 is one of them."""


@dataclass(frozen=True, slots=True, eq=False)
class FrequencyResponse:
    """The answer to waves of every direction and width.

    Attributes:
        frequencies: (BINS,) float64 from -0.5 to 0.5, in waves per pixel.
        magnitude: (BINS, BINS) float64; `magnitude[i, j]` is the amplitude left of a wave of
            amplitude 1 with `frequencies[i]` downwards and `frequencies[j]` to the right.
    """

    frequencies: FloatArray
    magnitude: FloatArray

    @property
    def across(self) -> FloatArray:
        """(BINS // 2 + 1,) along the horizontal frequencies from 0 to 0.5."""
        return self.magnitude[BINS // 2, BINS // 2 :]

    @property
    def down(self) -> FloatArray:
        """(BINS // 2 + 1,) along the vertical frequencies from 0 to 0.5."""
        return self.magnitude[BINS // 2 :, BINS // 2]

    @property
    def diagonal(self) -> FloatArray:
        """(BINS // 2 + 1,) along the diagonal, both frequencies from 0 to 0.5."""
        return np.diagonal(self.magnitude)[BINS // 2 :]

    @property
    def constant(self) -> float:
        """What is left of a flat area: the magnitude of the weights' sum."""
        return float(self.magnitude[BINS // 2, BINS // 2])


def transfer(weights: FloatArray, down: FloatArray, across: FloatArray) -> ComplexArray:
    """What a correlation with the kernel multiplies waves by.

    H(v, u) = sum over rows y and columns x of w[y, x] exp(2 pi i (v y + u x)).

    Args:
        weights: (kh, kw).
        down: (M,) vertical frequencies, in waves per pixel.
        across: (N,) horizontal frequencies.

    Returns:
        (M, N) complex128; its phase counts from the kernel's first cell.

    Source: Gonzalez & Woods 2018, section 4.6; the exponent's sign is that of correlation.
    """
    height, width = weights.shape
    rows = np.exp(2j * np.pi * np.outer(down, np.arange(height)))
    columns = np.exp(2j * np.pi * np.outer(np.arange(width), across))
    response: ComplexArray = rows @ weights @ columns
    return response


def frequency_response(weights: FloatArray) -> FrequencyResponse:
    """The magnitude of the transfer function, from -0.5 to 0.5 waves per pixel.

    Args:
        weights: (kh, kw), with scale.
    """
    frequencies = np.linspace(-0.5, 0.5, BINS)
    return FrequencyResponse(frequencies, np.abs(transfer(weights, frequencies, frequencies)))
