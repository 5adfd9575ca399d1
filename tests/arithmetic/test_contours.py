"""Contour lines against closed forms and scikit-image's marching squares."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from skimage import measure

from core.arithmetic.contours import rings, simplified


def cone(size: int, middle: tuple[float, float]) -> np.ndarray:
    """Distance from a point, in cells."""
    rows, columns = np.mgrid[:size, :size]
    return np.hypot(columns - middle[0], rows - middle[1])


def area(ring: list[tuple[float, float]]) -> float:
    """The shoelace formula."""
    x, y = np.array(ring).T
    return 0.5 * abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])))


def test_a_circle():
    (ring,) = rings(cone(101, (50.0, 48.0)), 30.0)
    assert ring[0] == ring[-1]
    x, y = np.array(ring).T
    # Between grid points the cone is not linear: off by at most 1 / (8 * radius).
    np.testing.assert_allclose(np.hypot(x - 50, y - 48), 30, atol=1 / (8 * 30) + 1e-9)
    assert area(ring) == pytest.approx(np.pi * 30**2, rel=1e-3)


def test_a_ring_of_land_has_an_outer_and_an_inner_border():
    heights = np.abs(cone(81, (40.0, 40.0)) - 20)
    found = rings(heights, 5.0)
    areas = sorted(area(ring) for ring in found)
    np.testing.assert_allclose(areas, [np.pi * 15**2, np.pi * 25**2], rtol=2e-3)


def test_a_slope_is_closed_along_the_edge_of_the_field():
    heights = np.tile(np.arange(5.0), (4, 1))
    (ring,) = rings(heights, 2.5)
    assert area(ring) == pytest.approx(2.5 * 3)
    assert {(2.5, 0.0), (2.5, 3.0), (0.0, 0.0), (0.0, 3.0)} <= set(ring)


def test_all_below_and_none_below():
    heights = np.zeros((3, 4))
    (ring,) = rings(heights, 1.0)
    assert area(ring) == pytest.approx(3 * 2)
    assert rings(heights, -1.0) == []
    assert rings(heights, 0.0) == []  # on the line counts as above it


def test_saddles_are_parted_by_the_mean_of_their_square():
    apart = np.array([[0.0, 2.0], [2.0, 0.0]])
    assert len(rings(apart, 0.9)) == 2
    assert len(rings(apart, 1.1)) == 1


@given(st.integers(0, 10_000))
def test_the_lines_are_those_of_scikit_image(seed):
    generator = np.random.default_rng(seed)
    heights = cv2.GaussianBlur(generator.normal(size=(24, 31)), (0, 0), 1.5)
    level = float(np.quantile(heights, generator.uniform(0.1, 0.9)))
    ours = {
        (round(x, 6), round(y, 6))
        for ring in rings(heights, level)
        for x, y in ring
        if 0 < x < 30 and 0 < y < 23
    }
    theirs = {
        (round(float(x), 6), round(float(y), 6))
        for line in measure.find_contours(heights, level)
        for y, x in line
        if 0 < x < 30 and 0 < y < 23
    }
    off = [p for p in ours ^ theirs if not near(p, theirs if p in ours else ours)]
    assert off == []


def near(point: tuple[float, float], others: set[tuple[float, float]]) -> bool:
    """Whether one of the others is the same up to the last digit."""
    return any(abs(point[0] - x) < 2e-6 and abs(point[1] - y) < 2e-6 for x, y in others)


@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.2, 1.0]))
@example(2256, 1.0)  # a line would go on beyond its end, and a point lies there
def test_a_simplified_ring_stays_within_its_tolerance(seed, tolerance):
    generator = np.random.default_rng(seed)
    heights = cv2.GaussianBlur(generator.normal(size=(30, 30)), (0, 0), 2.5)
    for ring in rings(heights, float(np.median(heights))):
        short = simplified(ring, tolerance)
        assert short[0] == short[-1] == ring[0]
        assert set(short) <= set(ring)
        polygon = np.array(short, dtype=np.float32)
        if len(short) > 2:
            for x, y in ring:
                distance = cv2.pointPolygonTest(polygon, (x, y), True)
                assert abs(distance) <= tolerance + 1e-4


def test_a_straight_line_keeps_its_ends():
    ring = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    corners = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    assert simplified(ring, 0.01) == corners
