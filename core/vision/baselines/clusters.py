"""Pixels of similar colour belong together: k-means in colour, with or without position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.vision.baselines.picture import (
    BaselineSpec,
    Image,
    Labels,
    check,
    enlarged,
    lab,
    mean_colours,
    reduced,
)

MOST_ROUNDS = 30
"""Rounds after which it ends, settled or not."""
LEARNT_FROM = 20_000
"""Pixels that the centres are found with; then every pixel goes to its nearest one."""
POSITION_SCALE = 100.0
"""What the picture's longer side counts at a weight of 1: as much as black to white in Lab."""

Floats = npt.NDArray[np.float64]


class KMeansSpec(BaselineSpec):
    """How pixels are grouped.

    Attributes:
        clusters: how many groups.
        position: weight of the place beside the colour; 0 is colour alone.
        seed: of the first centres.
    """

    clusters: int = Field(4, ge=2, le=16)
    position: float = Field(0.0, ge=0, le=4)
    seed: int = Field(0, ge=0, le=9_999)


@dataclass(frozen=True, slots=True, eq=False)
class Clustered:
    """Groups of pixels.

    Attributes:
        labels: (H, W) int32, the group of each pixel; 0 is the largest group.
        colours: (k, 3) uint8 RGB, mean colour of each group.
        shares: (k,) float64, of the picture.
        centres: (rounds + 1, k, d) float64: the centres after each round, the first ones
            first; L, a, b, and with position x and y as they were weighted.
        inertia: (rounds + 1,) float64: mean squared distance to the nearest centre, which no
            round makes larger.
    """

    labels: Labels
    colours: npt.NDArray[np.uint8]
    shares: Floats
    centres: Floats
    inertia: Floats

    @property
    def rounds(self) -> int:
        """Rounds until nothing changed any more."""
        return len(self.inertia) - 1


def cluster(image: Image, spec: KMeansSpec) -> Clustered:
    """Group the pixels of a picture by Lab colour, and by position if that has a weight.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: how.

    Raises:
        BaselineError: it is no such picture.

    Source: Lloyd 1982, "Least squares quantization in PCM"; first centres after Arthur &
    Vassilvitskii 2007 (k-means++).
    """
    check(image)
    small = reduced(image)
    points = _features(small, spec.position)
    generator = np.random.default_rng(spec.seed)
    sample = points
    if len(points) > LEARNT_FROM:
        sample = points[generator.choice(len(points), LEARNT_FROM, replace=False)]
    centres, inertia = _settled(sample, spec.clusters, generator)
    nearest = _nearest(points, centres[-1])[0]
    # The largest group first, so that its number and colour stay while the slider moves.
    areas = np.bincount(nearest, minlength=spec.clusters)
    order = np.argsort(-areas, kind="stable")
    place = np.argsort(order)
    labels = place[nearest].reshape(small.shape[:2]).astype(np.int32)
    colours = np.rint(mean_colours(small, labels, spec.clusters)).astype(np.uint8)
    return Clustered(
        enlarged(labels, image), colours, areas[order] / areas.sum(), centres[:, order], inertia
    )


def _features(image: Image, position: float) -> Floats:
    """(n, 3) Lab, or (n, 5) with x and y."""
    height, width = image.shape[:2]
    colours = lab(image).reshape(-1, 3).astype(np.float64)
    if position == 0:
        return colours
    scale = position * POSITION_SCALE / max(height, width)
    y, x = np.mgrid[:height, :width].reshape(2, -1) * scale
    return np.column_stack([colours, x, y])


def _settled(
    points: Floats, clusters: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Centres after each round, and the mean squared distance to them."""
    centres = _first_centres(points, clusters, generator)
    nearest, squared = _nearest(points, centres)
    history, inertia = [centres], [float(squared.mean())]
    for _ in range(MOST_ROUNDS):
        counts = np.bincount(nearest, minlength=clusters)
        sums = np.stack([np.bincount(nearest, column, clusters) for column in points.T], axis=1)
        # A centre that nobody is nearest to stays where it is.
        centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)
        before = nearest
        nearest, squared = _nearest(points, centres)
        history.append(centres)
        inertia.append(float(squared.mean()))
        if np.array_equal(before, nearest):
            break
    return np.stack(history), np.array(inertia)


def _first_centres(points: Floats, clusters: int, generator: np.random.Generator) -> Floats:
    """Points far from each other: each drawn with a chance of its squared distance."""
    centres = [points[generator.integers(len(points))]]
    squared = np.square(points - centres[0]).sum(1)
    for _ in range(clusters - 1):
        total = squared.sum()
        chances = squared / total if total > 0 else None
        centres.append(points[generator.choice(len(points), p=chances)])
        squared = np.minimum(squared, np.square(points - centres[-1]).sum(1))
    return np.array(centres)


def _nearest(points: Floats, centres: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Number of the nearest centre of each point, and the squared distance to it."""
    squared = np.stack([np.square(points - centre).sum(1) for centre in centres])
    nearest = squared.argmin(0)
    return nearest, np.take_along_axis(squared, nearest[None], 0)[0]
