"""Pictures of one size, whatever they were: what a network learns from and is tried on."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset

Pixels = npt.NDArray[np.uint8]


def fitted(image: Pixels, height: int, width: int) -> Pixels:
    """A picture of another size: cut to its middle, then resized, so that nothing is squeezed.

    Args:
        image: (H, W, C) uint8, C = 1 or 3.
        height: wanted, in pixels.
        width: wanted, in pixels.

    Returns:
        (height, width, C) uint8.
    """
    cut = _middle(image, width / height)
    shrinks = cut.shape[0] > height
    # The area mean looks at every pixel; bilinear would skip most of a large photo.
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = cv2.resize(cut, (width, height), interpolation=method)
    return np.asarray(small, dtype=np.uint8).reshape(height, width, image.shape[2])


def _middle(picture: Pixels, aspect: float) -> Pixels:
    """The largest part around the middle with this width by height."""
    height, width = picture.shape[:2]
    tall = min(height, max(round(width / aspect), 1))
    wide = min(width, max(round(height * aspect), 1))
    top, left = (height - tall) // 2, (width - wide) // 2
    return picture[top : top + tall, left : left + wide]


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
        images[place] = fitted(image, side, side)
    return replace(dataset, images=images)
