"""The data sets: one entry here, and every list follows. Listing loads nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.data import digits, faces, shapes, textures
from core.data.dataset import Dataset
from core.data.installed import is_installed
from core.data.settings import DataSettings

SHAPES_COUNT = 1800
TEXTURES_COUNT = 1000
_DRAWN = ("images", "image_size", "image_noise", "image_seed")
_STORED = ("images", "image_seed")


@dataclass(frozen=True, slots=True)
class Entry:
    """A data set, described before it is loaded.

    Attributes:
        slug: name for links.
        title: name for the screen.
        count: number of images, by default or in all.
        shape: height, width and channels of each image, by default.
        class_names: what the labels mean, by default.
        source: where the images come from.
        licence: under which terms they may be used.
        build: gives the data set of some settings, without drawing fewer images.
        heeds: the settings, fields of `DataSettings`, that have an effect on it.
        package: the installed package that carries it; empty where it is generated.
    """

    slug: str
    title: str
    count: int
    shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    source: str
    licence: str
    build: Callable[[DataSettings], Dataset]
    heeds: tuple[str, ...]
    package: str = ""

    @property
    def ships(self) -> bool:
        """Whether every installation has it, without a network."""
        return True

    @property
    def unavailable(self) -> str:
        """Why it cannot be loaded here, as a sentence; empty where it can."""
        if not self.package or is_installed(self.package):
            return ""
        return f"It comes with the package {self.package}, which is not installed."

    def load(self, settings: DataSettings | None = None) -> Dataset:
        """The data set, with as many images as the settings ask for.

        Raises:
            DataError: it is not here, or the settings do not fit it.
        """
        settings = settings or DataSettings()
        dataset = self.build(settings)
        return (
            dataset.limited(settings.images, settings.image_seed)
            if settings.images
            else dataset
        )


def _digits(_: DataSettings) -> Dataset:
    return digits.load()


def _faces(_: DataSettings) -> Dataset:
    return faces.load()


def _shapes(settings: DataSettings) -> Dataset:
    side = settings.image_size
    smallest, largest = sorted((settings.shape_smallest, settings.shape_largest))
    return shapes.single(
        settings.images or SHAPES_COUNT,
        side,
        settings.image_seed,
        classes=settings.shape_classes,
        noise=settings.image_noise,
        min_size=max(side * smallest // 100, shapes.SMALLEST_SHAPE),
        max_size=max(side * largest // 100, shapes.SMALLEST_SHAPE),
        background=settings.shape_background,
    )


def _textures(settings: DataSettings) -> Dataset:
    return textures.textures(
        settings.images or TEXTURES_COUNT,
        settings.image_size,
        settings.image_seed,
        pair=settings.texture_pair,
        noise=settings.image_noise,
    )


REGISTRY: Mapping[str, Entry] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            Entry(
                "digits",
                "Handwritten digits",
                digits.COUNT,
                digits.SHAPE,
                digits.CLASS_NAMES,
                digits.SOURCE,
                digits.LICENCE,
                _digits,
                _STORED,
                digits.PACKAGE,
            ),
            Entry(
                "shapes",
                "Shapes",
                SHAPES_COUNT,
                (32, 32, 3),
                shapes.CLASSES,
                shapes.SOURCE,
                shapes.LICENCE,
                _shapes,
                (
                    *_DRAWN,
                    "shape_classes",
                    "shape_smallest",
                    "shape_largest",
                    "shape_background",
                ),
            ),
            Entry(
                "textures",
                "Textures",
                TEXTURES_COUNT,
                (32, 32, 1),
                textures.PAIRS["stripes-dots"],
                textures.SOURCE,
                textures.LICENCE,
                _textures,
                (*_DRAWN, "texture_pair"),
            ),
            Entry(
                "faces",
                "Faces or not",
                faces.COUNT,
                faces.SHAPE,
                faces.CLASS_NAMES,
                faces.SOURCE,
                faces.LICENCE,
                _faces,
                _STORED,
                faces.PACKAGE,
            ),
        )
    }
)
"""The data sets by slug, the default first."""
