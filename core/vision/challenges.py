"""Why recognition is hard: one image, changed step by step, that stays what it is.

Source: Penn, STAT 4710 (2022), six reasons: viewpoint, illumination, deformation, occlusion,
background clutter, intraclass variation. The last needs other images; size stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
GREY = (127, 127, 127)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a challenge may need besides its slider.

    Attributes:
        centre_xy: middle of the patch that covers something, as shares of width and height.
        behind: (H, W, 3) uint8, the photo that comes up behind; None is plain grey.
        seed: decides how the image is bent.
    """

    centre_xy: tuple[float, float] = (0.5, 0.5)
    behind: Image | None = None
    seed: int = 0


Apply = Callable[[Image, float, Scene], Image]


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to change an image.

    Attributes:
        slug: its name in settings.
        title: its name on the screen.
        reason: which of the six reasons it belongs to.
        unit: of the slider.
        stops: the slider's positions.
        neutral: the position at which nothing changes.
        explanation: one sentence.
        apply: gives the changed image, (H, W, 3) uint8 as it came.
    """

    slug: str
    title: str
    reason: str
    unit: str
    stops: tuple[float, ...]
    neutral: float
    explanation: str
    apply: Apply


def rotate(image: Image, degrees: float, scene: Scene) -> Image:
    """Turn counter-clockwise about the middle; the corners are filled by reflection."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    return _warped(image, np.asarray(turn, np.float64))


def shear(image: Image, degrees: float, scene: Scene) -> Image:
    """Slant about the middle row: what lies below it slides to the right."""
    height = image.shape[0]
    slope = float(np.tan(np.radians(degrees)))
    return _warped(image, np.array([[1, slope, -slope * (height - 1) / 2], [0.0, 1.0, 0.0]]))


def expose(image: Image, stops: float, scene: Scene) -> Image:
    """Twice the light for each stop; light is linear, the levels of a file are not.

    Source: IEC 61966-2-1 (sRGB).
    """
    share = np.arange(256) / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * 2.0**stops, 0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    levels: Image = np.round(curved * 255).astype(np.uint8)
    return np.asarray(levels[image], np.uint8)


def bend(image: Image, percent: float, scene: Scene) -> Image:
    """Move every pixel along a smooth random field.

    The farthest goes `percent` of the shorter side.

    Source: Simard et al. 2003, elastic deformations.
    """
    height, width = image.shape[:2]
    field = _field(height, width, scene.seed) * np.float32(percent / 100 * min(height, width))
    x = field[0] + np.arange(width, dtype=np.float32)
    y = field[1] + np.arange(height, dtype=np.float32)[:, None]
    moved = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(moved, np.uint8)


@lru_cache(maxsize=4)
def _field(height: int, width: int, seed: int) -> npt.NDArray[np.float32]:
    """(2, H, W) float32: a smooth random field whose longest arrow has the length 1."""
    noise = np.random.default_rng(seed).normal(size=(2, 16, 16))
    size, flag = (width, height), cv2.INTER_CUBIC
    field = np.stack([cv2.resize(plane, size, interpolation=flag) for plane in noise])
    field /= np.hypot(field[0], field[1]).max()
    return field.astype(np.float32)


def cover(image: Image, percent: float, scene: Scene) -> Image:
    """Lay a grey patch of the image's proportions over `percent` of its area.

    It is moved back inside where it would stick out.
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = patch_box(height, width, percent, scene.centre_xy)
    covered = image.copy()
    covered[y0:y1, x0:x1] = GREY
    return covered


def patch_box(
    height: int, width: int, percent: float, centre_xy: tuple[float, float]
) -> tuple[int, int, int, int]:
    """Where such a patch lies: x0, y0, x1, y1 in pixels, the last ones not included."""
    side = np.sqrt(percent / 100)
    patch_h, patch_w = round(side * height), round(side * width)
    x, y = centre_xy
    top = int(np.clip(round(y * height - patch_h / 2), 0, height - patch_h))
    left = int(np.clip(round(x * width - patch_w / 2), 0, width - patch_w))
    return left, top, left + patch_w, top + patch_h


def clutter(image: Image, percent: float, scene: Scene) -> Image:
    """Let another photo come up around the middle, on `percent` of the area.

    What stays is an ellipse with a soft rim, of the image's proportions, as far as it fits.
    """
    height, width = image.shape[:2]
    if percent <= 0:
        return image.copy()
    # The radius that leaves the share wanted is that of a square, whatever the proportions.
    edge = float(np.quantile(_radius(256, 256), 1 - percent / 100))
    stays = np.clip((edge - _radius(height, width)) / 0.08 + 0.5, 0, 1)[..., None]
    mixed = stays * image + (1 - stays) * _backdrop(scene, height, width)
    return np.asarray(np.round(mixed), np.uint8)


def scale(image: Image, percent: float, scene: Scene) -> Image:
    """Show the image at `percent` of its size, on grey; above 100, a part from the middle."""
    height, width = image.shape[:2]
    factor = percent / 100
    if factor >= 1:
        inner_h, inner_w = max(round(height / factor), 1), max(round(width / factor), 1)
        top, left = (height - inner_h) // 2, (width - inner_w) // 2
        part = image[top : top + inner_h, left : left + inner_w]
        return _sized(part, height, width, cv2.INTER_CUBIC)
    inner_h, inner_w = max(round(height * factor), 1), max(round(width * factor), 1)
    top, left = (height - inner_h) // 2, (width - inner_w) // 2
    canvas = _backdrop(scene, height, width).copy()
    canvas[top : top + inner_h, left : left + inner_w] = _sized(
        image, inner_h, inner_w, cv2.INTER_AREA
    )
    return canvas


def _radius(height: int, width: int) -> npt.NDArray[np.float32]:
    """(H, W) distances from the middle; 1 at the middle of each edge."""
    y = (2 * np.arange(height, dtype=np.float32) + 1) / height - 1
    x = (2 * np.arange(width, dtype=np.float32) + 1) / width - 1
    return np.asarray(np.hypot(x[None], y[:, None]), np.float32)


def _warped(image: Image, matrix: npt.NDArray[np.float64]) -> Image:
    height, width = image.shape[:2]
    warped = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    return np.asarray(warped, np.uint8)


def _sized(image: Image, height: int, width: int, flag: int) -> Image:
    return np.asarray(cv2.resize(image, (width, height), interpolation=flag), np.uint8)


def _backdrop(scene: Scene, height: int, width: int) -> Image:
    """The other photo, filling the frame in its own proportions; or plain grey."""
    if scene.behind is None:
        return np.full((height, width, 3), GREY, np.uint8)
    h, w = scene.behind.shape[:2]
    share = max(height / h, width / w)
    inner_h, inner_w = min(round(height / share), h), min(round(width / share), w)
    top, left = (h - inner_h) // 2, (w - inner_w) // 2
    part = scene.behind[top : top + inner_h, left : left + inner_w]
    flag = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
    return _sized(part, height, width, flag)


def _steps(low: float, high: float, step: float) -> tuple[float, ...]:
    count = round((high - low) / step) + 1
    return tuple(round(low + index * step, 6) for index in range(count))


CHALLENGES: Mapping[str, Challenge] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            Challenge(
                "rotation", "Rotation", "Viewpoint", "degrees", _steps(-180, 180, 15), 0,
                "The camera is held at an angle.", rotate,
            ),
            Challenge(
                "shear", "Shear", "Viewpoint", "degrees", _steps(-60, 60, 5), 0,
                "Seen from the side, as on a slanted sheet.", shear,
            ),
            Challenge(
                "light", "Light", "Illumination", "stops", _steps(-6, 6, 0.5), 0,
                "Each stop doubles the light.", expose,
            ),
            Challenge(
                "bending", "Bending", "Deformation", "% of the side", _steps(0, 20, 1), 0,
                "Every pixel moves along a smooth random field.", bend,
            ),
            Challenge(
                "patch", "Patch", "Occlusion", "% of the area", _steps(0, 100, 5), 0,
                "A grey patch covers part of the image.", cover,
            ),
            Challenge(
                "clutter", "Another photo", "Background clutter", "% of the area",
                _steps(0, 95, 5), 0, "Another photo comes up around the middle.", clutter,
            ),
            Challenge(
                "size", "Size", "Scale", "%", (*_steps(5, 95, 5), *_steps(100, 400, 25)), 100,
                "The image shrinks on its ground, or its middle fills the frame.", scale,
            ),
        )
    }
)  # fmt: skip
"""All of them, by slug."""

ORDER = ("bending", "rotation", "shear", "size", "clutter", "light", "patch")
"""Several are applied so: the thing, the camera, what is around it, what is before it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Where the sliders of all challenges stand; equal for equal pictures.

    Attributes:
        positions: slug and position of each challenge that changes something, sorted.
        patch_xy: middle of the patch, as shares of width and height.
        seed: decides how the image is bent.
        behind: name of the photo that comes up behind; empty for plain grey.
    """

    positions: tuple[tuple[str, float], ...] = ()
    patch_xy: tuple[float, float] = (0.5, 0.5)
    seed: int = 0
    behind: str = ""

    def at(self, slug: str, position: float) -> Changes:
        """The same with one slider elsewhere."""
        others = {other: place for other, place in self.positions if other != slug}
        moved = others | ({slug: position} if position != CHALLENGES[slug].neutral else {})
        return replace(self, positions=tuple(sorted(moved.items())))

    def bare(self) -> Changes:
        """Without what makes no difference: the place of a patch that is not there."""
        used = dict(self.positions)
        return Changes(
            self.positions,
            self.patch_xy if "patch" in used else (0.5, 0.5),
            self.seed if "bending" in used else 0,
            self.behind if "clutter" in used else "",
        )

    def apply(self, image: Image, behind: Image | None = None) -> Image:
        """Change an image.

        Args:
            image: (H, W, 3) uint8 RGB.
            behind: (H, W, 3) uint8, the photo of that name.
        """
        where = dict(self.positions)
        for slug in ORDER:
            if slug in where:
                # A smaller image stands on plain grey, so that only one thing changes.
                ground = behind if slug == "clutter" else None
                scene = Scene(self.patch_xy, ground, self.seed)
                image = CHALLENGES[slug].apply(image, where[slug], scene)
        return image


UNCHANGED = Changes()
"""The image as it is."""
