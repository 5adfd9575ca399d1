"""A lesson of the page "Kernels" with its numbers filled in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.images.filtering import Display, Filtered, answer, prepared
from core.kernels import Kernel
from core.kernels.composition import compose
from core.lessons.kernels import KernelLesson

Photo = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class KernelCase:
    """A lesson with its numbers; what a view does not show is not computed.

    Attributes:
        lesson: the settings.
        kernel: as it is used, with divisor and offset.
        before: (H, W) or (H, W, 3) uint8, the photo as the kernel sees it.
    """

    lesson: KernelLesson
    kernel: Kernel
    before: Photo

    @cached_property
    def filtered(self) -> Filtered:
        """The kernel's answer to the photo."""
        return answer(self.before, self.kernel, self.lesson.border, self.lesson.border_value)

    @cached_property
    def grey(self) -> Photo:
        """(H, W) uint8, the photo's luma."""
        return self.before if self.before.ndim == 2 else prepared(self.before, "grey", 512)

    @property
    def display(self) -> Display:
        """How the answer is shown: what is silent on flat areas, with its sign."""
        if self.lesson.display != "auto":
            return self.lesson.display
        total, reach = abs(self.kernel.weights.sum()), np.abs(self.kernel.weights).sum()
        return "signed" if total <= _BALANCED * reach and not self.kernel.offset else "clip"

    @property
    def pixel(self) -> tuple[int, int]:
        """(row, column) of the pinned pixel; where there is none, one that lies in sight."""
        height, width = self.before.shape[:2]
        if not self.lesson.probe:
            return height // 2, 3 * width // 4
        row, column = (int(part) for part in self.lesson.probe.split(","))
        return min(row, height - 1), min(column, width - 1)

    @property
    def composed(self) -> Kernel:
        """The single kernel that all steps of the row equal."""
        return compose([kernel for _, kernel in self.lesson.chain()])


_BALANCED = 1e-6
"""Share of the weights' magnitudes below which their sum counts as 0."""


def build(lesson: KernelLesson, photo: Photo) -> KernelCase:
    """Fill in the numbers of a lesson.

    Args:
        lesson: settings without a problem.
        photo: (H, W, 3) uint8 RGB.

    Raises:
        NumbersError: the own weights cannot be read.
    """
    return KernelCase(
        lesson, lesson.kernel(), prepared(photo, lesson.colours, lesson.resolution)
    )
