"""The data sets: one entry here, and every list follows. Listing loads nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.assets.downloads import Download
from core.assets.reach import why_not
from core.assets.remote import megabytes
from core.data import digits, faces, published, shapes, textures
from core.data.dataset import Dataset
from core.data.installed import is_installed
from core.data.settings import DataSettings

SHAPES_COUNT = 1800
TEXTURES_COUNT = 1000
_CHOICE = ("images", "image_seed")
_DRAWING = (*_CHOICE, "image_size", "image_noise")


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
        build: gives the data set of some settings; a set that is not drawn gives all images.
        made_of: the settings, fields of `DataSettings`, that `build` heeds.
        package: the installed package that carries it; empty where none does.
        download: the files that have to be here; None where it needs no network.
    """

    slug: str
    title: str
    count: int
    shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    source: str
    licence: str
    build: Callable[[DataSettings], Dataset]
    made_of: tuple[str, ...] = ()
    package: str = ""
    download: Download | None = None

    @property
    def heeds(self) -> frozenset[str]:
        """The settings that have an effect on the set; of every one fewer can be asked for."""
        return frozenset((*self.made_of, *_CHOICE))

    @property
    def ships(self) -> bool:
        """Whether every installation has it, without a network."""
        return self.download is None

    @property
    def here(self) -> bool:
        """Whether it can be loaded now; what would be missing is not fetched."""
        if self.download:
            return self.download.here
        return not self.package or is_installed(self.package)

    @property
    def size(self) -> int:
        """Bytes to download; 0 where there is nothing to download."""
        return self.download.size if self.download else 0

    @property
    def unavailable(self) -> str:
        """Why it cannot be loaded now, as a sentence; empty where it can."""
        if self.here:
            return ""
        if self.download:
            where = f"{megabytes(self.download.size)} from {self.download.host}"
            if reason := why_not(self.download):
                return f"It has to be downloaded ({where}), but {reason}."
            return f"It has to be downloaded first: {where}."
        return f"It comes with the package {self.package}, which is not installed."

    def load(self, settings: DataSettings | None = None) -> Dataset:
        """The data set, with as many images as the settings ask for.

        Raises:
            DataError: it is not here, or the settings do not fit it.
        """
        settings = settings or DataSettings()
        return chosen(self.build(settings), settings)


def chosen(dataset: Dataset, settings: DataSettings) -> Dataset:
    """As many images of a data set as the settings ask for."""
    if not settings.images:
        return dataset
    return dataset.limited(settings.images, settings.image_seed)


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


_ENTRIES = (
    Entry(
        "digits",
        "Handwritten digits",
        digits.COUNT,
        digits.SHAPE,
        digits.CLASS_NAMES,
        digits.SOURCE,
        digits.LICENCE,
        lambda _: digits.load(),
        package=digits.PACKAGE,
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
            *_DRAWING,
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
        (*_DRAWING, "texture_pair"),
    ),
    Entry(
        "faces",
        "Faces or not",
        faces.COUNT,
        faces.SHAPE,
        faces.CLASS_NAMES,
        faces.SOURCE,
        faces.LICENCE,
        lambda _: faces.load(),
        package=faces.PACKAGE,
    ),
    Entry(
        "mnist",
        "MNIST",
        70_000,
        (28, 28, 1),
        published.DIGIT_NAMES,
        published.MNIST_SOURCE,
        published.MNIST_LICENCE,
        lambda _: published.mnist(),
        download=published.MNIST,
    ),
    Entry(
        "fashion",
        "Fashion-MNIST",
        70_000,
        (28, 28, 1),
        published.FASHION_NAMES,
        published.FASHION_SOURCE,
        published.FASHION_LICENCE,
        lambda _: published.fashion(),
        download=published.FASHION,
    ),
    Entry(
        "cifar10",
        "CIFAR-10",
        60_000,
        (32, 32, 3),
        published.CIFAR10_NAMES,
        published.CIFAR10_SOURCE,
        published.CIFAR10_LICENCE,
        lambda _: published.cifar10(),
        download=published.CIFAR10,
    ),
    Entry(
        "flowers",
        "Flowers",
        3_670,
        (32, 32, 3),
        published.FLOWER_NAMES,
        published.FLOWERS_SOURCE,
        published.FLOWERS_LICENCE,
        lambda settings: published.flowers(settings.image_size),
        ("image_size",),
        download=published.FLOWERS,
    ),
)

REGISTRY: Mapping[str, Entry] = MappingProxyType({entry.slug: entry for entry in _ENTRIES})
"""The data sets by slug, the default first."""
