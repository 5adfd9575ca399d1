"""Named kernels against OpenCV and closed forms."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.kernels import BANKS, centred

SHAPES = [(3, 3, 1, 1), (1, 1, 1, 1), (11, 11, 6, 10), (2, 5, 3, 4), (4, 4, 1, 2)]


@pytest.mark.parametrize("slug", BANKS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_bank_fills_every_shape(slug: str, shape: tuple[int, int, int, int]) -> None:
    bank = BANKS[slug].call(*shape, 3)
    assert (bank.shape, bank.dtype) == (shape, np.float64)
    assert np.isfinite(bank).all()
    kept = bank.copy()
    bank[:] = -7  # a lesson writes its edits into it
    np.testing.assert_array_equal(BANKS[slug].call(*shape, 3), kept)


def plane(slug: str, height: int = 3, width: int = 3, f: int = 0) -> list[list[float]]:
    return BANKS[slug].call(height, width, 1, f + 1, 0)[..., 0, f].tolist()


def test_guide_is_the_kernel_of_the_decks() -> None:
    assert plane("guide") == [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


def test_oslos_patterns() -> None:
    assert plane("patterns", f=0) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert plane("patterns", f=1) == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert plane("patterns", f=2) == [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    assert plane("patterns", f=3) == [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert plane("patterns", f=4) == [[0, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert plane("patterns", f=5) == [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    assert plane("patterns", f=6) == plane("patterns", f=0)


@pytest.mark.parametrize(("f", "order"), [(0, (1, 0)), (1, (0, 1)), (2, (1, 0))])
def test_sobel_is_opencvs(f: int, order: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (9, 11)).astype(float)
    kernel = np.array(plane("sobel", f=f))
    np.testing.assert_array_equal(
        cv2.filter2D(image, cv2.CV_64F, kernel), cv2.Sobel(image, cv2.CV_64F, *order, ksize=3)
    )


def test_sharpen_is_coimbras() -> None:
    assert plane("sharpen") == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    larger = np.array(plane("sharpen", 5, 5))
    assert (larger.sum(), larger[2, 2]) == (1, 5)


@pytest.mark.parametrize(("height", "width"), [(3, 3), (2, 5), (11, 11)])
def test_box_is_the_mean(height: int, width: int) -> None:
    image = np.random.default_rng(0).random((height, width))
    assert (np.array(plane("box", height, width)) * image).sum() == pytest.approx(image.mean())


def test_identity_keeps_the_middle() -> None:
    assert plane("identity") == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert np.array(plane("identity", 4, 2)).sum() == 1


def test_random_weights_are_whole_and_stay_when_the_bank_grows() -> None:
    large = BANKS["random"].call(11, 11, 6, 10, 5)
    assert set(np.unique(large)) == {-2, -1, 0, 1, 2}
    np.testing.assert_array_equal(BANKS["random"].call(3, 2, 1, 4, 5), large[:3, :2, :1, :4])
    assert not np.array_equal(large, BANKS["random"].call(11, 11, 6, 10, 6))


def test_centred_pads_and_crops() -> None:
    grid = np.arange(1.0, 10).reshape(3, 3)
    assert centred(grid, 1, 1).tolist() == [[5]]
    assert centred(grid, 1, 5).tolist() == [[0, 4, 5, 6, 0]]
    assert centred(grid, 3, 3).tolist() == grid.tolist()
