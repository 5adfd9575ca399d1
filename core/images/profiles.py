"""Embedded colour profiles (ICC) brought to sRGB."""

import io

import numpy as np
import PIL.Image
from PIL import ImageCms

_SAME = 2
"""Largest difference in levels at which a profile counts as sRGB itself."""


def to_srgb(image: PIL.Image.Image, profile: bytes | None) -> PIL.Image.Image:
    """Convert to sRGB, by the embedded profile where it has a usable one.

    Args:
        image: mode L, RGB or CMYK.
        profile: the embedded ICC profile, or None.

    Returns:
        Mode RGB, same size. A broken profile, or one for another kind of colours, is
        ignored as browsers do.
    """
    if not profile:
        return image.convert("RGB")
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            image.mode,
            "RGB",
        )
        if _changes_nothing(transform, image.mode):
            return image.convert("RGB")
        converted = ImageCms.applyTransform(image, transform)
    # The profile is as untrusted as the picture, and a picture is worth more than its
    # profile: whatever lcms makes of it (PyCMSError, OSError, ValueError...), go on.
    except Exception:  # noqa: BLE001
        return image.convert("RGB")
    return image.convert("RGB") if converted is None else converted


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a profile is sRGB by what it does; names lie ('sRGB linear').

    Without this, rounding would shift the levels of an ordinary sRGB photo by one.
    """
    if mode == "CMYK":
        return False
    probe = _probe(mode)
    changed = ImageCms.applyTransform(probe, transform)
    if changed is None:
        return False
    before = np.asarray(probe.convert("RGB"), dtype=np.int16)
    return bool(np.abs(before - np.asarray(changed)).max() <= _SAME)


def _probe(mode: str) -> PIL.Image.Image:
    """Colours spread over the whole range: 256 greys, or a 9 x 9 x 9 grid of RGB."""
    if mode == "L":
        return PIL.Image.fromarray(np.arange(256, dtype=np.uint8)[None, :])
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
    return PIL.Image.fromarray(grid)
