"""Gradients and Canny's stages against OpenCV, SciPy and scikit-image."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
import scipy.ndimage
import skimage.filters
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.canny import canny
from core.images.gradients import OPERATORS, gradient, smoothed
from core.images.samples import SAMPLES

GREY = cv2.cvtColor(SAMPLES["chelsea"].load(), cv2.COLOR_RGB2GRAY)
SMALL = np.random.default_rng(4).integers(0, 256, (31, 27), dtype=np.uint8)


@pytest.mark.parametrize("taps", [3, 5, 7])
def test_sobel_is_opencvs(taps):
    measured = gradient(GREY, "sobel", taps, "reflect")
    right = cv2.Sobel(GREY, cv2.CV_64F, 1, 0, ksize=taps)
    down = cv2.Sobel(GREY, cv2.CV_64F, 0, 1, ksize=taps)
    np.testing.assert_allclose(measured.right, right, atol=1e-6)
    np.testing.assert_allclose(measured.down, down, atol=1e-6)
    magnitude, degrees = cv2.cartToPolar(right, down, angleInDegrees=True)
    np.testing.assert_allclose(measured.magnitude, magnitude, rtol=1e-6)
    seen = magnitude > 1
    apart = np.abs((measured.direction - degrees + 180) % 360 - 180)
    assert apart[seen].max() < 0.3  # OpenCV's arc tangent is good to 0.3 degrees


def test_scharr_prewitt_and_roberts_are_those_of_others():
    scharr = gradient(SMALL, "scharr", border="reflect")
    np.testing.assert_allclose(scharr.first, cv2.Scharr(SMALL, cv2.CV_64F, 1, 0))
    np.testing.assert_allclose(scharr.second, cv2.Scharr(SMALL, cv2.CV_64F, 0, 1))
    prewitt = gradient(SMALL, "prewitt", border="edge")
    expected = scipy.ndimage.prewitt(SMALL.astype(float), axis=1, mode="nearest")
    np.testing.assert_allclose(prewitt.right, expected)
    roberts = gradient(SMALL, "roberts", border="edge")
    # scikit-image takes the root of the mean square, not of the sum.
    expected = skimage.filters.roberts(SMALL.astype(float)) * np.sqrt(2)
    np.testing.assert_allclose(roberts.magnitude[:-1, :-1], expected[:-1, :-1])


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("degrees", range(0, 360, 15))
def test_the_direction_of_a_ramp(operator, degrees):
    rows, columns = np.mgrid[:21, :21] - 10
    angle = np.radians(degrees)
    ramp = 128 + 8 * (columns * np.cos(angle) + rows * np.sin(angle))
    measured = gradient(np.rint(ramp).astype(np.uint8), operator)
    inner = (slice(5, -5), slice(5, -5))
    right, down = measured.right[inner].mean(), measured.down[inner].mean()
    found = np.degrees(np.arctan2(down, right))
    assert abs((found - degrees + 180) % 360 - 180) < 2  # pixels are whole numbers


def test_a_bright_square_is_brighter_on_its_inside():
    picture = np.zeros((20, 20), dtype=np.uint8)
    picture[5:15, 5:15] = 255
    direction = gradient(picture, "sobel").direction
    assert [direction[10, 4], direction[4, 10], direction[10, 15], direction[15, 10]] == [
        0, 90, 180, 270,
    ]  # fmt: skip


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="'laplace' is no operator"):
        gradient(SMALL, "laplace")
    with pytest.raises(ValueError, match="Sobel has no size 4"):
        gradient(SMALL, "sobel", 4)


def test_smoothing_is_opencvs():
    np.testing.assert_array_equal(smoothed(GREY, 0), GREY)
    np.testing.assert_array_equal(smoothed(GREY, 1.7), cv2.GaussianBlur(GREY, (0, 0), 1.7))


THRESHOLDS = st.sampled_from([0, 1, 20, 60, 100, 150, 300, 700, 2000, 33000])


@given(st.integers(0, 9999), THRESHOLDS, THRESHOLDS, st.sampled_from([3, 5, 7]),
       st.booleans(), st.sampled_from([0.0, 0.0, 1.4]))  # fmt: skip
@settings(deadline=None, max_examples=200)
def test_canny_is_opencvs(seed, one, other, taps, euclidean, sigma):
    draw = np.random.default_rng(seed)
    grey = draw.integers(0, 256, draw.integers(1, 40, 2), dtype=np.uint8)
    if seed % 3 == 0:
        grey = cv2.GaussianBlur(grey, (0, 0), 2)
    elif seed % 3 == 1:
        grey = np.where(grey > 128, 255, 0).astype(np.uint8)
    low, high = sorted((one, other))
    ours = canny(grey, low, high, sigma=sigma, taps=taps, euclidean=euclidean)
    smooth = cv2.GaussianBlur(grey, (0, 0), sigma) if sigma else grey
    theirs = cv2.Canny(smooth, low, high, apertureSize=taps, L2gradient=euclidean)
    np.testing.assert_array_equal(ours.edges, theirs > 0)


@pytest.mark.parametrize("sample", ["chelsea", "camera", "coins", "text", "brick"])
@pytest.mark.parametrize("taps", [3, 5, 7])
def test_canny_is_opencvs_on_photos(sample, taps):
    grey = cv2.cvtColor(SAMPLES[sample].load(), cv2.COLOR_RGB2GRAY)
    for low, high in ((50, 150), (100, 100), (30, 400)):
        for euclidean in (True, False):
            ours = canny(grey, low, high, taps=taps, euclidean=euclidean).edges
            theirs = cv2.Canny(grey, low, high, apertureSize=taps, L2gradient=euclidean)
            np.testing.assert_array_equal(ours, theirs > 0)


def test_cannys_stages_lead_to_each_other():
    stages = canny(GREY, 60, 160, sigma=1.0)
    assert not (stages.strong & stages.weak).any()
    assert (stages.thin | ~(stages.strong | stages.weak)).all()
    assert (stages.edges | ~stages.strong).all()
    assert (stages.strong | stages.weak | ~stages.edges).all()
    np.testing.assert_array_equal(stages.saved | stages.strong, stages.edges)
    np.testing.assert_array_equal(stages.dropped, stages.weak & ~stages.edges)
    assert (stages.magnitude[stages.strong] > 160).all()
    assert (stages.magnitude[stages.weak] > 60).all()
    assert (stages.magnitude[stages.weak] <= 160).all()
    right = cv2.Sobel(stages.smooth, cv2.CV_64F, 1, 0, borderType=cv2.BORDER_REPLICATE)
    down = cv2.Sobel(stages.smooth, cv2.CV_64F, 0, 1, borderType=cv2.BORDER_REPLICATE)
    np.testing.assert_allclose(stages.magnitude, np.hypot(right, down))


def test_what_hysteresis_saves_touches_something_strong():
    stages = canny(GREY, 40, 200)
    groups, _ = scipy.ndimage.label(stages.strong | stages.weak, np.ones((3, 3)))
    kept = set(groups[stages.strong])
    assert set(groups[stages.saved]) <= kept
    assert not set(groups[stages.dropped]) & kept
    assert stages.saved.any()
    assert stages.dropped.any()


def test_thresholds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="low threshold 9 is above the high one 8"):
        canny(SMALL, 9, 8)
    with pytest.raises(ValueError, match="size 9"):
        canny(SMALL, 8, 9, taps=9)


def test_the_longest_gradients_that_there_are():
    """The page names them beside the thresholds: tried with every black and white window."""
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    windows = np.array(list(itertools.product([0, 255], repeat=9))).reshape(-1, 3, 3)
    right = (windows * sobel).sum(axis=(1, 2))
    down = (windows * sobel.T).sum(axis=(1, 2))
    assert round(np.hypot(right, down).max()) == 1140
    assert (np.abs(right) + np.abs(down)).max() == 1530
