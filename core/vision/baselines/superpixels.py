"""Small patches of one colour that follow the edges: SLIC superpixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.vision.baselines.picture import (
    BaselineSpec,
    Image,
    Labels,
    Mask,
    check,
    enlarged,
    mean_colours,
    reduced,
)
from core.vision.baselines.watershed import borders


class SlicSpec(BaselineSpec):
    """How the patches are to be.

    Attributes:
        patches: about how many.
        compactness: how much place counts against colour: large gives squares, small follows
            the edges.
        rounds: of k-means in the neighbourhood of each patch.
    """

    patches: int = Field(200, ge=2, le=2_000)
    compactness: float = Field(10.0, ge=0.1, le=100)
    rounds: int = Field(10, ge=1, le=30)


@dataclass(frozen=True, slots=True, eq=False)
class Superpixels:
    """A picture in patches.

    Attributes:
        labels: (H, W) int32, from 0.
        count: how many patches it came out as.
        colours: (count, 3) uint8 RGB, mean colour of each.
        lines: (H, W) bool: pixels with another patch to the right or below.
    """

    labels: Labels
    count: int
    colours: npt.NDArray[np.uint8]
    lines: Mask

    @property
    def flat(self) -> Image:
        """(H, W, 3) uint8: each patch in its mean colour."""
        return self.colours[self.labels]


def superpixels(image: Image, spec: SlicSpec) -> Superpixels:
    """Divide a picture into patches.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: how.

    Raises:
        BaselineError: it is no such picture.

    Source: Achanta et al. 2012, "SLIC superpixels compared to state-of-the-art superpixel
    methods", as scikit-image has it.
    """
    from skimage.segmentation import slic

    check(image)
    small = reduced(image)
    found = slic(
        small, n_segments=spec.patches, compactness=spec.compactness,
        max_num_iter=spec.rounds, start_label=0, channel_axis=-1,
    )  # fmt: skip
    patches = np.asarray(found, np.int32)
    count = int(patches.max()) + 1
    colours = np.rint(mean_colours(small, patches, count)).astype(np.uint8)
    labels = enlarged(patches, image)
    return Superpixels(labels, count, colours, borders(labels))
