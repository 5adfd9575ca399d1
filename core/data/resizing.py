"""Pictures of one size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset


def fitted(image: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """A picture made square; its proportions are not kept.

    Args:
        image: (H, W, C) uint8, C = 1 or 3.
        side: height and width wanted, in pixels.

    Returns:
        (side, side, C) uint8.
    """
    shrinks = max(image.shape[:2]) > side
    # The area mean looks at every pixel; bilinear would skip most of a large photo.
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = cv2.resize(image, (side, side), interpolation=method)
    return np.asarray(small, dtype=np.uint8).reshape(side, side, image.shape[2])


def resized(dataset: Dataset, side: int) -> Dataset:
    """The same data set with pictures of another size; itself where they have that size.

    Args:
        dataset: its original sizes are kept.
        side: height and width wanted, in pixels.
    """
    if dataset.shape[:2] == (side, side):
        return dataset
    images = np.empty((len(dataset), side, side, dataset.shape[2]), np.uint8)
    for place, image in enumerate(dataset.images):
        images[place] = fitted(image, side)
    return replace(dataset, images=images)
