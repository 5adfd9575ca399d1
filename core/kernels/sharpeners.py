"""Kernels that add contrast to what is there: sharpen, unsharp masking, emboss."""

from __future__ import annotations

import numpy as np

from core.kernels.blurs import gaussian_weights, impulse
from core.kernels.registry import KERNELS, ODD_FROM_3, SHARPENERS
from core.kernels.weights import Kernel


@KERNELS.add("sharpen", "Sharpen", "Coimbra, padding example", SHARPENERS)
def sharpen() -> Kernel:
    """Five times the pixel minus its four neighbours: the picture minus its Laplacian."""
    return Kernel(np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=np.float64))


@KERNELS.add(
    "unsharp", "Unsharp masking", "Gonzalez & Woods 2018, section 3.6", SHARPENERS,
    ODD_FROM_3,
)  # fmt: skip
def unsharp(taps: int = 5, sigma: float = 1.0, amount: float = 1.0) -> Kernel:
    """The picture plus its difference to a blurred copy, as photographers sharpen.

    identity + amount * (identity - Gaussian), one kernel for all three steps.
    """
    middle = impulse(taps)
    return Kernel(middle + amount * (middle - gaussian_weights(taps, sigma)))


@KERNELS.add("emboss", "Emboss", "V. Powell, Image Kernels, 2015", SHARPENERS)
def emboss() -> Kernel:
    """Light from one corner: the picture plus its slope along a diagonal."""
    return Kernel(np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], dtype=np.float64))
