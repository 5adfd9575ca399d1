"""The sample photos are there, are those of scikit-image, and are credited."""

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import skimage.color
import skimage.data
from skimage.data._registry import registry

from core.images import ImageError
from core.images.samples import SAMPLES

FUNCTIONS = {"hubble": "hubble_deep_field", "tissue": "immunohistochemistry"}
"""Where `skimage.data` has another name than our slug."""


def adobe_to_srgb(image: np.ndarray) -> np.ndarray:
    """Adobe RGB (1998) to sRGB by its definition: (H, W, 3) uint8 to float, 0..255.

    The rocket's file embeds that profile; `skimage.data.rocket()` gives the stored numbers,
    which look pale on a screen. Gamma 563/256 and the primaries: Adobe RGB (1998) Color
    Image Encoding, 4.3.
    """
    to_xyz = np.array(
        [
            [0.5767309, 0.1855540, 0.1881852],
            [0.2973769, 0.6273491, 0.0752741],
            [0.0270343, 0.0706872, 0.9911085],
        ]
    )
    return 255 * skimage.color.xyz2rgb((image / 255) ** (563 / 256) @ to_xyz.T)


@pytest.mark.parametrize("slug", SAMPLES)
def test_a_sample_is_the_picture_that_scikit_image_gives(slug: str) -> None:
    image = SAMPLES[slug].load()
    expected = getattr(skimage.data, FUNCTIONS.get(slug, slug))()
    if expected.dtype == bool:
        expected = np.where(expected, 255, 0)
    if expected.ndim == 2:
        expected = np.repeat(expected[..., None], 3, axis=-1)
    if slug == "rocket":
        expected = adobe_to_srgb(expected)
    assert image.dtype == np.uint8
    assert image.shape == expected.shape
    assert max(image.shape) <= 1600
    # Two decoders of the JPEG files may differ by a few levels; the PNG files are exact,
    # but for the horse, which scikit-image thresholds.
    if SAMPLES[slug].file.endswith(".png") and slug != "horse":
        np.testing.assert_array_equal(image, expected)
    else:
        assert np.abs(image.astype(int) - expected).mean() < 2


@pytest.mark.parametrize("slug", SAMPLES)
def test_a_sample_needs_no_download(slug: str) -> None:
    sample = SAMPLES[slug]
    checksum = hashlib.sha256(sample.path.read_bytes()).hexdigest()
    assert checksum == registry[f"data/{sample.file}"]
    assert sample.slug == slug
    assert sample.title
    assert sample.credit
    assert sample.licence in ("CC0 1.0", "public domain", "no known copyright restrictions")


def test_the_cat_is_the_default() -> None:
    assert next(iter(SAMPLES)) == "chelsea"
    assert len(SAMPLES) == 15
    assert len({sample.file for sample in SAMPLES.values()}) == len(SAMPLES)


def test_loading_a_sample_does_not_import_scikit_image() -> None:
    code = (
        "import sys; from core.images.samples import SAMPLES; SAMPLES['chelsea'].load();"
        "print([name for name in sys.modules if name.split('.')[0] in ('skimage', 'cv2')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_missing_sample_is_told_plainly() -> None:
    absent = replace(SAMPLES["coffee"], file="tea.png")
    with pytest.raises(ImageError, match=r"'Cup of coffee' is missing.*tea\.png"):
        absent.load()
