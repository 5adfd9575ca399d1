"""Kernels that answer to stripes of one width and direction."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np

from core.kernels.registry import KERNELS, ODD_FROM_3, TEXTURES
from core.kernels.weights import Kernel


@KERNELS.add(
    "gabor", "Gabor", "Daugman 1985; Movellan 2008; OpenCV `getGaborKernel`",
    TEXTURES, ODD_FROM_3,
)  # fmt: skip
def gabor(
    taps: int = 15,
    sigma: float = 3.0,
    angle: float = 0.0,
    wavelength: float = 6.0,
    phase: float = 0.0,
    aspect: float = 0.5,
) -> Kernel:
    """Stripes under a bell: answers to lines of one width and direction.

    Cells of the visual cortex answer much like it, and so do the filters that networks learn
    first. exp(-(x'^2 + aspect^2 y'^2) / (2 sigma^2)) * cos(2 pi x' / wavelength + phase), with
    x' across the stripes.
    """
    # OpenCV counts both axes from the far corner; with a phase the sign of x' matters.
    from_far_end = (taps - 1) // 2 - np.arange(taps)
    x, y = from_far_end[None, :], from_far_end[:, None]
    across = x * cos(radians(angle)) + y * sin(radians(angle))
    along = -x * sin(radians(angle)) + y * cos(radians(angle))
    bell = np.exp(-(across**2 + (aspect * along) ** 2) / (2 * sigma**2))
    return Kernel(bell * np.cos(2 * np.pi * across / wavelength + radians(phase)))
