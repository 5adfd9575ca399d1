"""Maps of classes laid over pictures: coats of colour, outlines, certainty."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.integer]
Rgb = tuple[int, int, int]


DIM = 0.45
"""Brightness of what lies behind coats of colour: no colour of a scene is taken for one."""


def coated(
    image: Image, labels: Labels, colours: Sequence[Rgb], opacity: float = 0.85
) -> Image:
    """Each class but the first under a coat of its colour, on the picture in dim grey.

    Args:
        image: (H, W, C) uint8, C = 1 or 3.
        labels: (H, W), places in `colours`, from 0; 0 stays bare.
        colours: of the classes; the first is not used.
        opacity: 0 leaves the grey picture as it is, 1 covers it.

    Returns:
        (H, W, 3) uint8.

    Raises:
        ValueError: the map has another size than the picture.
    """
    grey = cv2.cvtColor(_coloured(image, labels), cv2.COLOR_RGB2GRAY)[..., None] * DIM
    paint = np.asarray(colours, np.float32)[labels]
    share = np.where(labels > 0, opacity, 0.0)[..., None]
    mixed: Image = np.rint(share * paint + (1 - share) * grey).astype(np.uint8)
    return mixed


def outlined_classes(
    image: Image, labels: Labels, colours: Sequence[Rgb], scale: int = 3
) -> Image:
    """The picture enlarged, with the inner outline of every class.

    Args:
        image: (H, W, C) uint8, C = 1 or 3.
        labels: (H, W), places in `colours`.
        colours: of the classes; the first has no outline.
        scale: how many pixels a pixel becomes, so that a line hides little.

    Returns:
        (scale H, scale W, 3) uint8.

    Raises:
        ValueError: the map has another size than the picture.
    """
    large = _coloured(image, labels).repeat(scale, 0).repeat(scale, 1)
    wide = labels.repeat(scale, 0).repeat(scale, 1)
    inner = np.ones((3, 3), np.uint8)
    for place in np.unique(labels):
        if place:
            mask = (wide == place).astype(np.uint8)
            rim = mask.astype(bool) & ~cv2.erode(mask, inner, borderValue=0).astype(bool)
            large[rim] = colours[place]
    return large


def certainty(sure: npt.NDArray[np.floating], classes: int) -> Image:
    """How sure a network is of the class it names, as grey.

    Args:
        sure: (H, W), the largest probability of each pixel, from 1/classes to 1.
        classes: how many there are.

    Returns:
        (H, W, 3) uint8: black where all classes are equally likely, white where one is certain.
    """
    least = 1 / classes
    level = np.clip((sure - least) / (1 - least), 0, 1)
    grey = np.rint(255 * level).astype(np.uint8)
    return np.repeat(grey[..., None], 3, -1)


def in_colour(image: Image) -> Image:
    """A picture with three channels: (H, W, 3) uint8."""
    return np.repeat(image, 3, -1) if image.shape[-1] == 1 else image.copy()


def _coloured(image: Image, labels: Labels) -> Image:
    if image.shape[:2] != labels.shape:
        raise ValueError(
            f"a map of {labels.shape} does not belong to a picture of {image.shape[:2]}. "
            "Bring both to one size."
        )
    return in_colour(image)
