"""The built-in data sets: one entry here, and every list follows. Listing loads nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.data import digits, faces, shapes, textures
from core.data.dataset import Dataset
from core.data.installed import is_installed


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A data set that needs no network, described before it is loaded.

    Attributes:
        slug: name for links.
        title: name for the screen.
        count: number of images.
        shape: height, width and channels of each image.
        class_names: what the labels mean.
        source: where the images come from.
        licence: under which terms they may be used.
        load: gives the data set; takes no time before it is called.
        package: the installed package that carries it; empty where it is generated.
    """

    slug: str
    title: str
    count: int
    shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    source: str
    licence: str
    load: Callable[[], Dataset]
    package: str = ""

    @property
    def unavailable(self) -> str:
        """Why it cannot be loaded here, as a sentence; empty where it can."""
        if not self.package or is_installed(self.package):
            return ""
        return f"It comes with the package {self.package}, which is not installed."


def _load_shapes() -> Dataset:
    return shapes.single(1800, 32, seed=0)


def _load_textures() -> Dataset:
    return textures.textures(1000, 32, seed=0)


REGISTRY: Mapping[str, BuiltIn] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            BuiltIn(
                "digits",
                "Handwritten digits",
                digits.COUNT,
                digits.SHAPE,
                digits.CLASS_NAMES,
                digits.SOURCE,
                digits.LICENCE,
                digits.load,
                digits.PACKAGE,
            ),
            BuiltIn(
                "shapes",
                "Shapes",
                1800,
                (32, 32, 3),
                shapes.CLASSES,
                shapes.SOURCE,
                shapes.LICENCE,
                _load_shapes,
            ),
            BuiltIn(
                "textures",
                "Textures",
                1000,
                (32, 32, 1),
                textures.PAIRS["stripes-dots"],
                textures.SOURCE,
                textures.LICENCE,
                _load_textures,
            ),
            BuiltIn(
                "faces",
                "Faces or not",
                faces.COUNT,
                faces.SHAPE,
                faces.CLASS_NAMES,
                faces.SOURCE,
                faces.LICENCE,
                faces.load,
                faces.PACKAGE,
            ),
        )
    }
)
"""The built-in data sets by slug, the default first."""
