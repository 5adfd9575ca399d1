"""Real files: PngSuite, photos in all EXIF orientations, photographs.

They are not part of the repository; the tests look for them beside it and skip without.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.images import ImageError, decode_image

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PNGSUITE = sorted((SHARED / "uploads" / "pngsuite" / "png").glob("*.png"))
PHOTOS = sorted(
    path for path in (SHARED / "photos").glob("*") if path.suffix in (".bmp", ".jpg")
)
EXIF = SHARED / "uploads" / "exif_orientation"

UNCHECKED = "xcsn0g01.png"
"""The one corrupt file of PngSuite that Pillow opens: only the checksum of its pixels is
wrong, and Pillow does not compare that one (seen in 13.0). The pixels are right."""

needs_pngsuite = pytest.mark.skipif(not PNGSUITE, reason="no PngSuite beside the repository")
needs_exif = pytest.mark.skipif(not EXIF.is_dir(), reason="no photos beside the repository")
needs_photos = pytest.mark.skipif(not PHOTOS, reason="no photos beside the repository")


def as_libpng_reads_it(path: Path) -> np.ndarray:
    """OpenCV's libpng, all bits and the alpha kept, laid over white: (H, W, 3) float."""
    raw = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert raw is not None
    values = raw / (257 if raw.dtype == np.uint16 else 1)
    if values.ndim == 2:
        return np.repeat(values[..., None], 3, axis=-1)
    colour = values[..., 2::-1]
    if values.shape[2] == 3:
        return colour
    share = values[..., 3:] / 255
    return colour * share + 255 * (1 - share)


@needs_pngsuite
@pytest.mark.parametrize(
    "path", [path for path in PNGSUITE if path.name[0] != "x"], ids=lambda path: path.stem
)
def test_pngsuite_is_read_as_libpng_reads_it(path: Path) -> None:
    image = decode_image(path.read_bytes())
    expected = as_libpng_reads_it(path)
    assert image.shape == expected.shape
    # The digits before '.png' are the bits: Pillow keeps the high byte of 16-bit colour
    # (up to a level below rounding); 16-bit grey and all else is the nearest level.
    truncated = path.stem.endswith("16") and "0g" not in path.stem
    assert np.abs(image - expected).max() <= (1.0 if truncated else 0.51)


@needs_pngsuite
@pytest.mark.parametrize(
    "path",
    [path for path in PNGSUITE if path.name[0] == "x" and path.name != UNCHECKED],
    ids=lambda path: path.stem,
)
def test_the_corrupt_files_of_pngsuite_are_refused(path: Path) -> None:
    with pytest.raises(ImageError, match=r"damaged|unknown kind|a text"):
        decode_image(path.read_bytes())


@needs_pngsuite
def test_a_wrong_checksum_alone_does_not_hide_a_picture() -> None:
    folder = PNGSUITE[0].parent
    image = decode_image((folder / UNCHECKED).read_bytes())
    assert image.shape == (32, 32, 3)
    assert set(np.unique(image)) == {0, 255}


@needs_exif
@pytest.mark.parametrize(("name", "upright"), [("Landscape", 1.5), ("Portrait", 1 / 1.5)])
@pytest.mark.parametrize("orientation", range(9))
def test_a_photo_is_upright_whatever_way_the_camera_was_held(
    name: str, upright: float, orientation: int
) -> None:
    reference = decode_image((EXIF / f"{name}_1.jpg").read_bytes()).astype(int)
    image = decode_image((EXIF / f"{name}_{orientation}.jpg").read_bytes()).astype(int)
    assert image.shape == reference.shape
    assert image.shape[1] / image.shape[0] == pytest.approx(upright, rel=0.01)
    # The same photo saved anew; upside down or mirrored the mean difference is over 60.
    assert np.abs(image - reference).mean() < 5


@needs_photos
@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_a_photograph_is_read_as_opencv_reads_it(path: Path) -> None:
    image = decode_image(path.read_bytes())
    other = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    assert other is not None
    # Two builds of libjpeg may differ by a few levels at the edges of colours.
    assert np.abs(image.astype(int) - other).mean() < 0.5
