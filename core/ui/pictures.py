"""Pictures on the screen, pixel by pixel as they are."""

from __future__ import annotations

import base64

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

Pixels = npt.NDArray[np.uint8]


def png(image: Pixels) -> bytes:
    """Encode (H, W, 3) RGB or (H, W) grey without loss."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    done, data = cv2.imencode(".png", bgr)
    if not done:
        raise ValueError(f"a picture of shape {image.shape} cannot be written as PNG")
    return data.tobytes()


def png_address(image: Pixels) -> str:
    """(H, W, 3) RGB or (H, W) grey as what an `img` element takes for its address."""
    return f"data:image/png;base64,{base64.b64encode(png(image)).decode('ascii')}"


def jpeg_address(image: Pixels, quality: int = 90, *, fine: bool = False) -> str:
    """The same, smaller, with a little loss; also of (H, W, 1).

    Args:
        image: (H, W, 3) RGB, or grey.
        quality: 0 to 100.
        fine: keep the colours' full resolution.
    """
    colour = image.ndim == 3 and image.shape[2] == 3
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if fine:
        full = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        settings += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, full]
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if colour else image
    done, data = cv2.imencode(".jpg", bgr, settings)
    if not done:
        raise ValueError(f"a picture of shape {image.shape} cannot be written as JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode('ascii')}"


def enlarged(image: Pixels, side: int) -> Pixels:
    """Every pixel as a square of whole size, so that the long side comes close to `side`.

    Browsers blur what they enlarge; this does not.
    """
    factor = max(side // max(image.shape[:2]), 1)
    return image.repeat(factor, axis=0).repeat(factor, axis=1)


def crisp(image: Pixels, *, alt: str, caption: str = "", side: int = 512) -> None:
    """Show a picture without the JPEG noise and the blur that `st.image` adds."""
    st.image(png(enlarged(image, side)), caption=caption or None, alt=alt, width="stretch")
