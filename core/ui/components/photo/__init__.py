"""A photo, sent once to the browser for all components that show it."""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component
from core.ui.pictures import png

code = Component("photo", "photos")


def photo(pixels: npt.NDArray[np.uint8], *, identity: str, key: str) -> None:
    """Send a photo, unseen; call where the settings are drawn, not where the stage is.

    Args:
        pixels: (H, W) or (H, W, 3) uint8.
        identity: by which other components ask for it; different for different pixels.
        key: the component's key.
    """
    code.mount(key=key, data={"id": identity, "src": data_url(pixels)})


def data_url(pixels: npt.NDArray[np.uint8]) -> str:
    """The picture as a PNG that an `img` element takes as its address."""
    return f"data:image/png;base64,{base64.b64encode(png(pixels)).decode('ascii')}"
