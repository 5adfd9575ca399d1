"""Pictures made of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from core.arithmetic.patterns import PATTERNS

SHAPES = [(1, 1, 1), (5, 5, 1), (5, 5, 3), (1, 32, 6), (32, 1, 2), (32, 32, 6), (4, 7, 2)]


def plane(slug: str, height: int, width: int, seed: int = 0) -> list[list[float]]:
    return PATTERNS[slug].call(height, width, 1, seed)[..., 0].tolist()


@pytest.mark.parametrize("slug", PATTERNS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_pattern_fills_every_shape(slug: str, shape: tuple[int, int, int]) -> None:
    image = PATTERNS[slug].call(*shape, 3)
    assert (image.shape, image.dtype) == (shape, np.float64)
    assert np.isfinite(image).all()
    image[:] = 1  # a lesson writes its edits into it


@pytest.mark.parametrize("slug", PATTERNS)
def test_a_lesson_cannot_spoil_a_pattern(slug: str) -> None:
    first = PATTERNS[slug].call(5, 5, 2, 0)
    kept = first.copy()
    first[:] = -1
    np.testing.assert_array_equal(PATTERNS[slug].call(5, 5, 2, 0), kept)


def test_guide_is_the_5x5_of_the_decks() -> None:
    assert plane("guide", 5, 5) == [
        [3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1],
    ]  # fmt: skip
    image = PATTERNS["guide"].call(5, 5, 2, 0)
    assert not np.array_equal(image[..., 0], image[..., 1])
    assert np.array_equal(np.sort(image[..., 0], axis=None), np.sort(image[..., 1], axis=None))


def test_closed_forms() -> None:
    assert plane("ramp", 2, 3) == [[0, 1, 2], [3, 4, 5]]
    assert plane("ones", 1, 2) == [[1, 1]]
    assert plane("impulse", 3, 4) == [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert plane("edge", 2, 4) == [[0, 0, 9, 9]] * 2
    assert plane("checkerboard", 2, 3) == [[0, 1, 0], [1, 0, 1]]


def test_cross_is_oslos_x() -> None:
    assert plane("cross", 5, 5) == [
        [1, 0, 0, 0, 1], [0, 1, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 1, 0], [1, 0, 0, 0, 1],
    ]  # fmt: skip
    assert plane("cross", 2, 4) == [[1, 0, 0, 1], [0, 1, 1, 0]]


def test_disc_is_round_and_three_quarters_wide() -> None:
    disc = np.array(plane("disc", 32, 32))
    assert set(np.unique(disc)) == {0, 9}
    np.testing.assert_array_equal(disc, disc.T)
    np.testing.assert_array_equal(disc, disc[::-1])
    assert (disc[16] > 0).sum() == 24
    assert (disc > 0).sum() == pytest.approx(np.pi * 12**2, rel=0.03)


def test_random_digits() -> None:
    image = PATTERNS["random"].call(32, 32, 6, 0)
    assert set(np.unique(image)) == set(range(10))
    np.testing.assert_array_equal(image, PATTERNS["random"].call(32, 32, 6, 0))
    assert not np.array_equal(image, PATTERNS["random"].call(32, 32, 6, 1))
    np.testing.assert_array_equal(PATTERNS["random"].call(4, 7, 2, 0), image[:4, :7, :2])
