"""Faces and what is none: 200 small grey pictures that scikit-image carries."""

import io

import numpy as np

from core.data.dataset import Dataset
from core.data.installed import read_installed

PACKAGE = "skimage"
COUNT = 200
SHAPE = (25, 25, 1)
CLASS_NAMES = ("not a face", "face")
SOURCE = (
    "Labeled Faces in the Wild, Huang et al. 2012, 'Learning to align from scratch'; subset "
    "lfw_subset of scikit-image"
)
LICENCE = "none stated; photos from news pages, collected for research"

_FILE = "data/lfw_subset.npy"
_SHA256 = "9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c"
_FACES = 100


def load() -> Dataset:
    """Read the pictures: 100 faces, then 100 crops of the backgrounds of such photos.

    A few of the backgrounds show a part of a face; they are labelled as the source labels
    them.

    Returns:
        Images (200, 25, 25, 1) uint8; label 1 is a face.

    Raises:
        DataError: scikit-image is not installed, or its file is not the one expected.

    Source: `skimage.data.lfw_subset` ("100 first images are faces and subsequent 100 are
    non-faces"); it says uint8, but stores float64 from 0 to 1.
    """
    # The labels follow from the order alone, so the file has to be that very one.
    content = read_installed(PACKAGE, _FILE, _SHA256, "scikit-image==0.26.0")
    shares = np.load(io.BytesIO(content), allow_pickle=False)
    return Dataset(
        slug="faces",
        title="Faces or not",
        images=np.rint(255 * shares).astype(np.uint8)[..., None],
        labels=(np.arange(COUNT) < _FACES).astype(np.int64),
        class_names=CLASS_NAMES,
        source=SOURCE,
        licence=LICENCE,
    )
