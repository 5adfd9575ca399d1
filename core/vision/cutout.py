"""What a mask is good for: cut out, blur or replace what is behind, draw the outline.

A mask here may be soft: (H, W) float from 0 (not) to 1 (wholly), such as a saliency map, or
truth values.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
AnyMask = npt.NDArray[np.bool_] | npt.NDArray[np.floating[Any]]
Rgb = tuple[int, int, int]
Box = tuple[int, int, int, int]


class MaskError(ValueError):
    """A mask that does not belong to the picture; the message says why and what works."""


def cut_out(image: Image, mask: AnyMask, *, crop: bool = False) -> Image:
    """The object on a transparent background.

    Args:
        image: (H, W, 3) uint8 RGB.
        mask: (H, W); a soft one gives a soft edge.
        crop: only the smallest box around the object; all of it where there is none.

    Returns:
        (H, W, 4) uint8 RGBA, alpha not multiplied in, or the part of it. Where nothing is to
        be seen the colour is black, so that what was cut away is not in the file.

    Raises:
        MaskError: the mask has another size or other values.
    """
    alpha = np.rint(weights(image, mask) * 255).astype(np.uint8)
    cut = np.dstack([np.where(alpha[..., None] > 0, image, 0).astype(np.uint8), alpha])
    box = box_around(alpha > 0) if crop else None
    if box is not None:
        x0, y0, x1, y1 = box
        cut = cut[y0:y1, x0:x1]
    return np.ascontiguousarray(cut)


def on_colour(image: Image, mask: AnyMask, colour: Rgb) -> Image:
    """The object on one colour.

    Args and errors as in `cut_out`; returns (H, W, 3) uint8.
    """
    return _mixed(weights(image, mask), image, np.array(colour, np.float32))


def on_picture(image: Image, mask: AnyMask, background: Image) -> Image:
    """The object on another picture, which fills the frame in its own proportions.

    Args:
        image: (H, W, 3) uint8 RGB.
        mask: (H, W).
        background: (h, w, 3) uint8 RGB; scaled until it covers the frame, its middle is shown.

    Returns:
        (H, W, 3) uint8.

    Raises:
        MaskError: the mask has another size or other values.
    """
    height, width = image.shape[:2]
    h, w = background.shape[:2]
    scale = max(height / h, width / w)
    tall, wide = max(round(h * scale), height), max(round(w * scale), width)
    flag = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    whole = np.asarray(cv2.resize(background, (wide, tall), interpolation=flag), np.float32)
    top, left = (tall - height) // 2, (wide - width) // 2
    behind = whole[top : top + height, left : left + width]
    return _mixed(weights(image, mask), image, behind)


def on_blur(image: Image, mask: AnyMask, sigma_px: float) -> Image:
    """The object before its own background, out of focus.

    The blur takes the mean of background alone (what the mask leaves, divided by how much
    that is): otherwise the object's colours would shine out around it.

    Args:
        image: (H, W, 3) uint8 RGB.
        mask: (H, W).
        sigma_px: standard deviation of the Gaussian in pixels; 0 leaves everything as it is.

    Returns:
        (H, W, 3) uint8.

    Raises:
        MaskError: the mask has another size or other values, or sigma is negative.

    Source: normalised convolution, Knutsson & Westin 1993.
    """
    if sigma_px < 0:
        raise MaskError(f"A blur of {sigma_px:g} pixels does not work. Use 0 or more.")
    inside = weights(image, mask)
    if sigma_px == 0:
        return image.copy()
    outside = 1 - inside
    counted = cv2.GaussianBlur(outside, (0, 0), sigma_px)
    summed = cv2.GaussianBlur(image * outside[..., None], (0, 0), sigma_px)
    # Deep inside the object no background is near; nobody sees it there.
    blurred = summed / np.maximum(counted, 1e-6)[..., None]
    return _mixed(inside, image, np.where(counted[..., None] > 1e-6, blurred, image))


def painted(image: Image, mask: AnyMask, colour: Rgb, opacity: float = 0.5) -> Image:
    """The object under a coat of colour.

    Args:
        image: (H, W, 3) uint8 RGB.
        mask: (H, W).
        colour: of the coat.
        opacity: 0 leaves the picture as it is, 1 covers it.

    Returns:
        (H, W, 3) uint8.

    Raises:
        MaskError: the mask has another size or other values.
    """
    coat = np.array(colour, np.float32)
    return _mixed(1 - opacity * weights(image, mask), image, coat)


def outlined(image: Image, mask: Mask, colour: Rgb, width_px: int = 2) -> Image:
    """The object's outlines drawn on the picture.

    Args:
        image: (H, W, 3) uint8 RGB.
        mask: (H, W) bool.
        colour: of the lines.
        width_px: of the lines.

    Returns:
        (H, W, 3) uint8.

    Raises:
        MaskError: the mask has another size or other values.
    """
    inside = weights(image, mask) > 0.5
    drawn = image.copy()
    lines = [line[:, None].astype(np.int32) for line in contours(inside)]
    cv2.polylines(drawn, lines, isClosed=True, color=colour, thickness=width_px)
    return drawn


def contours(mask: Mask) -> list[npt.NDArray[np.int32]]:
    """Closed lines around the parts of a mask and around their holes.

    Args:
        mask: (H, W) bool.

    Returns:
        For each line (n, 2) int32: x and y of the pixels that it runs through, the longest
        line first.

    Source: Suzuki & Abe 1985, as OpenCV has it.
    """
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    lines = [np.asarray(line, np.int32).reshape(-1, 2) for line in found]
    return sorted(lines, key=len, reverse=True)


def box_around(mask: Mask) -> Box | None:
    """The smallest box x0, y0, x1, y1 with all of a mask, the last ones not included.

    None where the mask is empty.
    """
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def weights(image: Image, mask: AnyMask) -> Floats:
    """(H, W) float32: how much of each pixel is the object.

    Raises:
        MaskError: the mask has another size than the picture, or values beyond 0 to 1.
    """
    if mask.shape != image.shape[:2]:
        height, width = image.shape[:2]
        size = " x ".join(map(str, mask.shape[::-1]))
        raise MaskError(
            f"The mask has {size} pixels, the picture {width} x {height}. A mask belongs to a "
            "picture pixel by pixel: bring it to the picture's size first."
        )
    if mask.dtype == np.bool_:
        return mask.astype(np.float32)
    soft = mask.astype(np.float32)
    if mask.dtype.kind != "f" or not (soft.min() >= 0 and soft.max() <= 1):
        raise MaskError(
            f"The mask is {mask.dtype} from {mask.min()} to {mask.max()}. Use truth values, "
            "such as labels == 3, or shares from 0 to 1."
        )
    return soft


def _mixed(inside: Floats, front: npt.NDArray[Any], behind: npt.NDArray[Any]) -> Image:
    share = inside[..., None]
    mixed: Image = np.rint(share * front + (1 - share) * behind).astype(np.uint8)
    return mixed
