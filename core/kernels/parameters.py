"""What named kernels can be asked for: the ranges of their sliders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.kernels.weights import LARGEST


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that a kernel depends on.

    Attributes:
        slug: name of the argument.
        title: words at the control, with the unit.
        low: smallest value.
        high: largest value.
        step: distance between the values that a slider offers.
        default: value at the start.
        help: one sentence.
    """

    slug: str
    title: str
    low: float
    high: float
    step: float
    default: float
    help: str


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        parameter.slug: parameter
        for parameter in (
            Parameter(
                "taps", "Size", 1, LARGEST, 1, 3,
                "Rows and columns of the kernel, in pixels.",
            ),
            Parameter(
                "sigma", "Sigma (pixels)", 0.3, 6, 0.1, 1.0,
                "Standard deviation of the Gaussian bell.",
            ),
            Parameter(
                "amount", "Amount", 0, 5, 0.1, 1.0,
                "How much of the difference to the blurred picture is added.",
            ),
            Parameter(
                "angle", "Angle (degrees)", 0, 175, 5, 0,
                "Counted clockwise from the horizontal, as rows count downwards.",
            ),
            Parameter(
                "wavelength", "Wavelength (pixels)", 2, 15, 0.5, 6,
                "From one bright stripe to the next.",
            ),
            Parameter(
                "phase", "Phase (degrees)", 0, 345, 15, 0,
                "0 puts a bright stripe in the middle, 90 the slope between two.",
            ),
            Parameter(
                "aspect", "Aspect ratio", 0.2, 2, 0.1, 0.5,
                "1 is round; less makes the stripes longer.",
            ),
        )
    }
)  # fmt: skip
"""Every parameter, by the name of the argument."""
