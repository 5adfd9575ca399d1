"""Embedded colour profiles (ICC) brought to sRGB."""

import io

import numpy as np
import numpy.typing as npt
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
        return _apply(image, profile)
    # The profile is as untrusted as the picture, and a picture is worth more than its
    # profile: whatever lcms makes of it (PyCMSError, OSError, ValueError...), go on.
    except Exception:
        return image.convert("RGB")


def _apply(image: PIL.Image.Image, profile: bytes) -> PIL.Image.Image:
    """Convert by a profile; raises whatever Pillow raises where it is broken."""
    # For RGB the optimised transform is exact to a level. For grey lcms interpolates in a
    # coarse table, up to 10 levels off in the shadows of a linear profile.
    exactly = ImageCms.Flags.NOOPTIMIZE if image.mode == "L" else ImageCms.Flags.NONE
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        image.mode,
        "RGB",
        flags=exactly,
    )
    if image.mode == "CMYK":
        return _transformed(image, transform)
    probe = _probe(image.mode)
    seen = np.asarray(_transformed(probe, transform))
    if _changes_nothing(np.asarray(probe.convert("RGB")), seen):
        return image.convert("RGB")
    if image.mode == "L":
        return PIL.Image.fromarray(seen[0][np.asarray(image)])
    return _transformed(image, transform)


def _transformed(
    image: PIL.Image.Image, transform: ImageCms.ImageCmsTransform
) -> PIL.Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:
        raise ImageCms.PyCMSError("no picture came back, as if it were changed in place")
    return converted


def _changes_nothing(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> bool:
    """Whether a profile is sRGB by what it does to a probe; names lie ('sRGB linear').

    Without this, rounding would shift the levels of an ordinary sRGB photo by one.
    """
    return bool(np.abs(before.astype(np.int16) - after).max() <= _SAME)


def _probe(mode: str) -> PIL.Image.Image:
    """Colours spread over the whole range: 256 greys, or a 9 x 9 x 9 grid of RGB."""
    if mode == "L":
        return PIL.Image.fromarray(np.arange(256, dtype=np.uint8)[None, :])
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
    return PIL.Image.fromarray(grid)
