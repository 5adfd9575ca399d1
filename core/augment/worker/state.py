"""A batch on its way through a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from core.augment.outlines import Outline

Pictures = npt.NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Batch:
    """Pictures and what goes with them.

    Attributes:
        images: (n, H, W, C) float32, 0 to 255.
        outlines: for each picture its boxes; None where there are none to follow.
        masks: (n, H, W) class ids; None where there are none to follow.
        shares: (n, n) shares of the labels.
        partners: places in the batch that mixing may take from.
    """

    images: Pictures
    outlines: list[list[Outline]] | None
    masks: npt.NDArray[Any] | None
    shares: npt.NDArray[np.float32]
    partners: Sequence[int]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of every picture."""
        height, width = self.images.shape[1:3]
        return height, width

    def copy(self) -> Batch:
        """The batch as it is now."""
        return replace(
            self,
            images=self.images.copy(),
            outlines=None if self.outlines is None else list(self.outlines),
            masks=None if self.masks is None else self.masks.copy(),
            shares=self.shares.copy(),
        )
