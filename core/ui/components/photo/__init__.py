"""A photo, sent once to the browser for all components that show it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component
from core.ui.pictures import jpeg_address, png_address

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
    src = png_address(pixels) if exact else jpeg_address(pixels)
    code.mount(key=key, data={"id": identity, "src": src})
