"""A photo, sent once to the browser for all components that show it."""

from __future__ import annotations

import base64

import cv2
import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component
from core.ui.pictures import png

code = Component("photo", "photos")


def photo(
    pixels: npt.NDArray[np.uint8], *, identity: str, key: str, exact: bool = True
) -> None:
    """Send a photo, unseen; call where the settings are drawn, not where the stage is.

    Args:
        pixels: (H, W) or (H, W, 3) uint8.
        identity: by which other components ask for it; different for different pixels.
        key: the component's key.
        exact: whether every level has to arrive as it is; a photo that is only looked at is a
            quarter as long without.
    """
    src = data_url(pixels) if exact else _jpeg_url(pixels)
    code.mount(key=key, data={"id": identity, "src": src})


def data_url(pixels: npt.NDArray[np.uint8]) -> str:
    """The picture as a PNG that an `img` element takes as its address."""
    return f"data:image/png;base64,{base64.b64encode(png(pixels)).decode('ascii')}"


def _jpeg_url(pixels: npt.NDArray[np.uint8]) -> str:
    _, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90]
    )
    return f"data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode('ascii')}"
