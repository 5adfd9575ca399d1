"""Sample photos: those that scikit-image carries in its wheel, no download needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.images.decode import ImageError, decode_image


@dataclass(frozen=True, slots=True)
class Sample:
    """A photo that ships with scikit-image, credited as `skimage.data` documents it.

    Attributes:
        slug: name for links.
        title: name for the screen, fit as a text alternative.
        credit: who made it or where it comes from.
        licence: under which terms it may be used.
        file: its name in the folder `skimage/data`.
        as_stored: whether the picture shown is what the file stores; False where a colour
            profile changes the numbers, so that a script cannot just read the file.
    """

    slug: str
    title: str
    credit: str
    licence: str
    file: str
    as_stored: bool = True

    @property
    def path(self) -> Path:
        """Where the file lies; scikit-image is located, not imported.

        Raises:
            ImageError: scikit-image is not installed.
        """
        spec = find_spec("skimage")
        if spec is None or spec.origin is None:
            raise ImageError(
                f"The sample {self.title!r} comes with scikit-image, which is not installed. "
                "Install the requirements, or upload a picture."
            )
        return Path(spec.origin).parent / "data" / self.file

    def load(self) -> npt.NDArray[np.uint8]:
        """Read the photo.

        Returns:
            (H, W, 3) uint8 RGB, long side at most 1600, read-only.

        Raises:
            ImageError: the file is not there or cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise ImageError(
                f"The sample {self.title!r} is missing: this scikit-image has no file "
                f"{self.file}. Choose another sample, or upload a picture."
            ) from error
        return decode_image(data)


_CC0 = "CC0 1.0"
_PUBLIC_DOMAIN = "public domain"
_UNRESTRICTED = "no known copyright restrictions"

SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        sample.slug: sample
        for sample in (
            Sample("chelsea", "Chelsea the cat", "Stefan van der Walt", _CC0, "chelsea.png"),
            Sample(
                "astronaut",
                "Astronaut Eileen Collins",
                "NASA Great Images",
                _PUBLIC_DOMAIN,
                "astronaut.png",
            ),
            Sample(
                "coffee",
                "Cup of coffee",
                "Rachel Michetti, courtesy of Pikolo Espresso Bar",
                _CC0,
                "coffee.png",
            ),
            Sample(
                "rocket",
                "Launch of a Falcon 9 rocket",
                "SpaceX",
                _PUBLIC_DOMAIN,
                "rocket.jpg",
                as_stored=False,
            ),
            Sample("camera", "Man with a camera", "Lav Varshney", _CC0, "camera.png"),
            Sample(
                "coins",
                "Greek coins from Pompeii",
                "Brooklyn Museum Collection",
                _UNRESTRICTED,
                "coins.png",
            ),
            Sample(
                "clock",
                "Wall clock, blurred by motion",
                "Stefan van der Walt",
                _PUBLIC_DOMAIN,
                "clock_motion.png",
            ),
            Sample("text", "Printed text", "Wikipedia", _PUBLIC_DOMAIN, "text.png"),
            Sample(
                "horse",
                "Silhouette of a horse",
                "Andreas Preuss (marauder), openclipart",
                _CC0,
                "horse.png",
            ),
            Sample("brick", "Brick wall", "CC0Textures (Bricks25)", _CC0, "brick.png"),
            Sample("grass", "Grass", "linolafett, DeviantArt", _CC0, "grass.png"),
            Sample("gravel", "Gravel", "CC0Textures (Gravel04)", _CC0, "gravel.png"),
            Sample(
                "hubble",
                "Hubble eXtreme Deep Field",
                "NASA, HubbleSite",
                _PUBLIC_DOMAIN,
                "hubble_deep_field.jpg",
            ),
            Sample("retina", "Human retina", "Mikael Häggström", _CC0, "retina.jpg"),
            Sample(
                "tissue",
                "Stained tissue of the colon",
                "Center for Microscopy And Molecular Imaging (CMMI)",
                _UNRESTRICTED,
                "ihc.png",
            ),
        )
    }
)
"""Sample photos by slug; the first is the default."""
