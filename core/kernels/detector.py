"""Is it an edge detector? A kernel measured on flat areas, step edges, gratings and noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.kernels.weights import Kernel

FloatArray = npt.NDArray[np.float64]
Verdict = Literal["yes", "partly", "no"]

WHITE = 255.0
ORIENTATIONS = np.arange(0.0, 180.0, 7.5)
"""Directions across the edges and the stripes, in degrees clockwise from the right."""
WAVELENGTHS = (2.5, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0)
"""Widths of the gratings' stripes, in pixels from bright to bright."""
SHIFTS = 0.125
"""Distance between the places of a step edge under the kernel, in pixels."""
FAINT = 0.02
"""An edge that adds less than this share of the largest answer possible is not marked."""
BLIND = 0.1
"""A direction whose edges answer with less than this share of the best one's is not seen."""
NOTHING = 1e-9
_TWO_SIDED = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class EdgeReport:
    """What a kernel answers to test pictures; all answers in grey levels.

    Attributes:
        total: sum of the weights, with scale.
        reach: sum of their magnitudes: the largest answer possible to a picture of 0 to 1.
        offset: what is added to every answer.
        flat: answers to black, middle grey and white areas.
        shifts: (T,) float64, places of the step edge, in pixels from the kernel's middle.
        steps: (O, T) float64, answers to steps from black to white, without the offset.
        marks: (O,) float64, by how much the answer at an edge leaves the range between the
            answers on its two sides.
        gratings: (O, W) float64, amplitude left of gratings of amplitude 1.
        noise: standard deviation of the answer to noise of standard deviation 1.
    """

    total: float
    reach: float
    offset: float
    flat: tuple[float, float, float]
    shifts: FloatArray
    steps: FloatArray
    marks: FloatArray
    gratings: FloatArray
    noise: float

    @property
    def balanced(self) -> bool:
        """Whether flat areas give 0 but for the offset."""
        return abs(self.total) <= 1e-6 * self.reach

    @property
    def quiet(self) -> bool:
        """Whether flat areas give 0."""
        return self.balanced and self.offset == 0

    @property
    def strength(self) -> float:
        """How far edges of the best direction stand out, as a share of the most possible."""
        return float(self.marks.max() / (WHITE * self.reach)) if self.reach > NOTHING else 0.0

    @property
    def marks_edges(self) -> bool:
        """Whether edges stand out from both of their sides."""
        return self.strength > FAINT

    @property
    def verdict(self) -> Verdict:
        """Whether it counts as an edge detector."""
        if not self.marks_edges:
            return "no"
        return "yes" if self.quiet else "partly"

    @property
    def best(self) -> float:
        """Direction across the edges that answer most, in degrees: the middle of several."""
        if not self.marks.any():
            return 0.0
        loud = self.marks >= 0.99 * self.marks.max()
        # Directions come back after half a turn, so their doubles are averaged.
        doubled = np.exp(2j * np.radians(ORIENTATIONS[loud])).sum()
        middle = np.degrees(np.angle(doubled)) / 2 % 180
        apart = np.abs((ORIENTATIONS - middle + 90) % 180 - 90)
        return float(ORIENTATIONS[np.where(loud, apart, 180.0).argmin()])

    @property
    def profile(self) -> FloatArray:
        """(T,) answers along a step across the best direction."""
        profile: FloatArray = self.steps[int(np.flatnonzero(self.best == ORIENTATIONS)[0])]
        return profile

    @property
    def even(self) -> float:
        """The weakest direction's answer as a share of the strongest's: 1 is alike in all."""
        return float(self.marks.min() / self.marks.max()) if self.marks.max() > 0 else 0.0

    @property
    def unseen(self) -> tuple[float, ...]:
        """Directions across edges that it does not see, in degrees."""
        faint = self.marks < BLIND * self.marks.max()
        return tuple(float(angle) for angle in ORIENTATIONS[faint])

    @property
    def order(self) -> Literal[1, 2]:
        """1 if an edge becomes one line, 2 if it becomes two lines of opposite sign."""
        profile = self.profile
        above = float(profile.max() - max(profile[0], profile[-1]))
        below = float(min(profile[0], profile[-1]) - profile.min())
        larger = max(above, below)
        return 2 if larger > 0 and min(above, below) > _TWO_SIDED * larger else 1

    @property
    def edge_to_noise(self) -> float:
        """Answer to a step of 1 over the spread of the answer to noise of spread 1."""
        return float(self.marks.max() / WHITE / self.noise) if self.noise > 0 else 0.0

    @property
    def best_wavelength(self) -> float:
        """Width of the stripes that answer most, in pixels."""
        return WAVELENGTHS[int(self.gratings.max(axis=0).argmax())]


def measure(kernel: Kernel) -> EdgeReport:
    """Show the kernel test pictures and write down its answers.

    Steps and gratings are cut out window by window, at every place of the pattern under the
    kernel, so nothing depends on the size of a test picture. The pixels of a step are as bright
    as the share of them that lies on the bright side.
    """
    weights = kernel.effective
    windows, shifts = step_windows(weights.shape)
    steps = np.einsum("asij,ij->as", windows * WHITE, weights)
    ends = np.stack([steps[:, 0], steps[:, -1]])
    above = steps.max(axis=1) - ends.max(axis=0)
    below = ends.min(axis=0) - steps.min(axis=1)
    # What rounding leaves of equal numbers is no mark.
    marks = np.maximum(np.maximum(above, below), 0.0)
    marks[marks < NOTHING * WHITE * np.abs(weights).sum()] = 0.0
    black, grey, white = (
        float(weights.sum() * level + kernel.offset) for level in (0.0, 128.0, WHITE)
    )
    return EdgeReport(
        total=float(weights.sum()),
        reach=float(np.abs(weights).sum()),
        offset=kernel.offset,
        flat=(black, grey, white),
        shifts=shifts,
        steps=steps,
        marks=marks,
        gratings=_gratings(weights),
        noise=float(np.sqrt((weights**2).sum())),
    )


def _places(shape: tuple[int, ...]) -> FloatArray:
    """(O, kh, kw) distance of each cell from the middle, along each orientation."""
    rows = np.arange(shape[0]) - (shape[0] - 1) / 2
    columns = np.arange(shape[1]) - (shape[1] - 1) / 2
    angles = np.radians(ORIENTATIONS)[:, None, None]
    places: FloatArray = columns * np.cos(angles) + rows[:, None] * np.sin(angles)
    return places


def step_windows(shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Windows of step edges from 0 to 1, brighter in the orientation's direction.

    Args:
        shape: (kh, kw) of the windows.

    Returns:
        (O, T, kh, kw) float64, 0..1, and (T,) the shifts: how far the window has gone into the
        bright side, in pixels.
    """
    places = _places(shape)
    far = float(np.abs(places).max()) + 1.0
    count = int(np.ceil(far / SHIFTS))
    shifts = np.arange(-count, count + 1) * SHIFTS
    distance = places[:, None] + shifts[None, :, None, None]
    return np.clip(distance + 0.5, 0.0, 1.0), shifts.astype(np.float64)


def grating_window(
    shape: tuple[int, ...], orientation: float, wavelength: float, phase: float
) -> FloatArray:
    """A window of stripes cos(2 pi place / wavelength + phase).

    Args:
        shape: (kh, kw).
        orientation: one of `ORIENTATIONS`, across the stripes, in degrees.
        wavelength: pixels from bright to bright.
        phase: radians.

    Returns:
        (kh, kw) float64, -1..1.
    """
    places = _places(shape)[int(np.flatnonzero(orientation == ORIENTATIONS)[0])]
    stripes: FloatArray = np.cos(2 * np.pi * places / wavelength + phase)
    return stripes


def _gratings(weights: FloatArray) -> FloatArray:
    """(O, W) amplitudes: answers to a grating and to one a quarter further make a circle."""
    places = _places(weights.shape)[:, None]
    turns = 2 * np.pi * places / np.array(WAVELENGTHS)[None, :, None, None]
    even = np.einsum("awij,ij->aw", np.cos(turns), weights)
    odd = np.einsum("awij,ij->aw", np.sin(turns), weights)
    amplitudes: FloatArray = np.hypot(even, odd)
    return amplitudes
