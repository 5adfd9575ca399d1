"""Named kernels, number by number, against those who published them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
import skimage.filters.edges
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from core.kernels import KERNELS, PARAMETERS, Kernel

PILLOW = (
    "BLUR", "CONTOUR", "DETAIL", "EDGE_ENHANCE", "EDGE_ENHANCE_MORE", "EMBOSS", "FIND_EDGES",
    "SHARPEN", "SMOOTH", "SMOOTH_MORE",
)  # fmt: skip
PICTURE = np.random.default_rng(3).integers(0, 256, (23, 31), dtype=np.uint8)
TAPS = st.sampled_from(range(1, 16))
ODD = st.sampled_from(range(3, 16, 2))
SIGMA = st.floats(0.3, 6)
ANGLE = st.floats(0, 175)
NO_DEADLINE = settings(deadline=None)


def make(slug: str, **values: float) -> Kernel:
    return KERNELS[slug].with_values(values)


def weights(slug: str, **values: float) -> np.ndarray:
    return make(slug, **values).weights


# The registry


def test_every_parameter_starts_within_its_range():
    for parameter in PARAMETERS.values():
        assert parameter.low <= parameter.default <= parameter.high
        steps = (parameter.default - parameter.low) / parameter.step
        assert steps == pytest.approx(round(steps))


@pytest.mark.parametrize("slug", KERNELS)
def test_every_kernel_is_what_its_entry_says(slug):
    named = KERNELS[slug]
    assert named.slug == slug
    assert ("taps" in named.parameters) == bool(named.sizes)
    for taps in named.sizes or (0,):
        kernel = named.with_values({"taps": taps, "sigma": 1.7, "phase": 30, "angle": 20})
        rows, columns = kernel.weights.shape
        assert kernel.weights.dtype == np.float64
        assert np.isfinite(kernel.weights).all()
        assert kernel.scale != 0
        assert max(rows, columns) <= 15
        if named.sizes:
            assert (rows, columns) == (taps, taps)
        kernel.weights[:] = 7  # the next one must not notice
        again = named.with_values({"taps": taps, "sigma": 1.7, "phase": 30, "angle": 20})
        assert not (again.weights == 7).all()


@pytest.mark.parametrize(
    "slug", ["sobel-x", "scharr-y", "laplacian", "outline", "log", "prewitt-x", "kirsch"]
)
def test_derivatives_leave_nothing_of_flat_areas(slug):
    for taps in KERNELS[slug].sizes or (3,):
        grid = weights(slug, taps=taps, sigma=1.3)
        assert grid.sum() == pytest.approx(0, abs=1e-9 * np.abs(grid).sum())


@pytest.mark.parametrize("slug", ["identity", "box", "gaussian", "binomial", "motion"])
def test_blurs_keep_the_brightness(slug):
    for taps in KERNELS[slug].sizes:
        kernel = make(slug, taps=taps, sigma=0.9, angle=35)
        assert kernel.effective.sum() == pytest.approx(1)
        assert (kernel.weights >= 0).all()


# Pillow


@pytest.mark.parametrize("name", PILLOW)
def test_pillows_kernels_are_those_of_the_installed_pillow(name):
    size, scale, offset, numbers = getattr(ImageFilter, name).filterargs
    kernel = make(f"pillow-{name.lower().replace('_', '-')}")
    assert kernel.weights.tolist() == np.reshape(numbers, size[::-1]).tolist()
    assert (kernel.scale, kernel.offset) == (scale, offset)


def test_pillow_has_no_further_kernel():
    kinds = vars(ImageFilter).values()
    published = {k.__name__ for k in kinds if isinstance(k, type) and hasattr(k, "filterargs")}
    assert published == set(PILLOW)
    assert sum(slug.startswith("pillow-") for slug in KERNELS) == len(PILLOW)


@pytest.mark.parametrize("name", PILLOW)
def test_pillow_reads_the_rows_from_the_bottom_up(name):
    kernel = make(f"pillow-{name.lower().replace('_', '-')}")
    answer = cv2.filter2D(PICTURE.astype(float), -1, kernel.effective[::-1]) + kernel.offset
    theirs = np.asarray(Image.fromarray(PICTURE).filter(getattr(ImageFilter, name)))
    inside = (slice(2, -2), slice(2, -2))
    # Pillow adds a half and cuts; a sum that lies on a half may fall to either side.
    ours = np.floor(answer + 0.5).clip(0, 255)
    close = np.abs(answer + 0.5 - np.rint(answer + 0.5)) < 1e-4
    assert (np.abs(ours - theirs)[inside] <= close[inside]).all()


# OpenCV


@NO_DEADLINE
@given(st.sampled_from(range(1, 16, 2)), SIGMA)
def test_gaussian_is_opencvs(taps, sigma):
    column = cv2.getGaussianKernel(taps, sigma, cv2.CV_64F)
    # OpenCV normalises with a softer summation.
    np.testing.assert_allclose(weights("gaussian", taps=taps, sigma=sigma),
                               column @ column.T, rtol=1e-9, atol=1e-15)  # fmt: skip


@pytest.mark.parametrize("taps", range(3, 16, 2))
def test_sobel_is_opencvs_at_every_size(taps):
    row, column = cv2.getDerivKernels(1, 0, taps, ktype=cv2.CV_64F)
    assert weights("sobel-x", taps=taps).tolist() == (column @ row.T).tolist()
    assert weights("sobel-y", taps=taps).tolist() == (row @ column.T).tolist()


def test_scharr_is_opencvs():
    row, column = cv2.getDerivKernels(1, 0, cv2.FILTER_SCHARR, ktype=cv2.CV_64F)
    assert weights("scharr-x").tolist() == (column @ row.T).tolist()
    assert weights("scharr-y").tolist() == (row @ column.T).tolist()


@NO_DEADLINE
@given(ODD, SIGMA, ANGLE, st.floats(2, 15), st.floats(0, 345), st.floats(0.2, 2))
def test_gabor_is_opencvs(taps, sigma, angle, wavelength, phase, aspect):
    theirs = cv2.getGaborKernel(
        (taps, taps), sigma, np.radians(angle), wavelength, aspect, np.radians(phase),
        cv2.CV_64F,
    )  # fmt: skip
    ours = weights("gabor", taps=taps, sigma=sigma, angle=angle, wavelength=wavelength,
                   phase=phase, aspect=aspect)  # fmt: skip
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_laplacian_is_opencvs_and_scipys():
    picture = PICTURE.astype(float)
    theirs = cv2.Laplacian(picture, cv2.CV_64F, ksize=1)
    ours = cv2.filter2D(picture, -1, weights("laplacian"))
    np.testing.assert_array_equal(ours, theirs)
    ours = scipy.ndimage.correlate(picture, weights("laplacian"))
    np.testing.assert_array_equal(ours, scipy.ndimage.laplace(picture))


@pytest.mark.parametrize("taps", range(1, 16))
def test_box_is_opencvs(taps):
    picture = PICTURE.astype(float)
    ours = cv2.filter2D(picture, -1, weights("box", taps=taps))
    np.testing.assert_allclose(ours, cv2.blur(picture, (taps, taps)), atol=1e-9)


# SciPy and scikit-image


@pytest.mark.parametrize(("name", "axis"), [("x", 1), ("y", 0)])
def test_sobel_and_prewitt_are_scipys(name, axis):
    picture = PICTURE.astype(float)
    for slug, theirs in (("sobel", scipy.ndimage.sobel), ("prewitt", scipy.ndimage.prewitt)):
        ours = scipy.ndimage.correlate(picture, weights(f"{slug}-{name}"))
        np.testing.assert_array_equal(ours, theirs(picture, axis=axis))


def test_roberts_is_scikit_images():
    assert weights("roberts-down").tolist() == skimage.filters.edges.ROBERTS_PD_WEIGHTS.tolist()
    assert weights("roberts-up").tolist() == skimage.filters.edges.ROBERTS_ND_WEIGHTS.tolist()


@pytest.mark.parametrize("taps", range(3, 16, 2))
def test_binomial_is_a_box_of_two_many_times(taps):
    grid = np.ones((1, 1))
    for _ in range(taps - 1):
        grid = scipy.signal.convolve2d(grid, np.ones((2, 2)))
    assert weights("binomial", taps=taps).tolist() == grid.tolist()


def test_laplacian_of_gaussian_is_scipys():
    impulse = np.zeros((15, 15))
    impulse[7, 7] = 1
    # SciPy samples the derivative of a bell that it has normalised in one dimension, and its
    # weights do not quite add up to 0.
    theirs = scipy.ndimage.gaussian_laplace(impulse, 1.4, truncate=7 / 1.4)
    ours = weights("log", taps=15, sigma=1.4)
    np.testing.assert_allclose(ours, theirs, atol=2e-4 * np.abs(theirs).max())


@pytest.mark.parametrize(("angle", "step"), [(0, (0, 1)), (45, (1, 1)), (90, (1, 0)),
                                             (135, (1, -1))])  # fmt: skip
@pytest.mark.parametrize("taps", [3, 7, 15])
def test_motion_blur_is_the_mean_along_its_line(angle, step, taps):
    expected = np.zeros((taps, taps))
    for k in range(-(taps // 2), taps // 2 + 1):
        expected[taps // 2 + k * step[0], taps // 2 + k * step[1]] = 1 / taps
    np.testing.assert_allclose(weights("motion", taps=taps, angle=angle), expected, atol=1e-12)


@given(ODD, ANGLE)
def test_motion_blur_looks_the_same_from_behind(taps, angle):
    grid = weights("motion", taps=taps, angle=angle)
    np.testing.assert_allclose(grid, grid[::-1, ::-1], atol=1e-12)
    rows, columns = np.indices(grid.shape) - taps // 2
    covariance = np.cov(
        np.stack([columns.ravel(), rows.ravel()]), aweights=grid.ravel() + 1e-12
    )
    _, vectors = np.linalg.eigh(covariance)
    lean = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])) % 180
    apart = abs((lean - angle + 90) % 180 - 90)
    assert apart < 20 / np.sqrt(taps)  # few cells know their direction roughly


@given(ODD, SIGMA, st.floats(0, 5))
def test_unsharp_masking_is_done_in_one_step(taps, sigma, amount):
    picture = PICTURE.astype(float)
    blurred = cv2.filter2D(picture, -1, weights("gaussian", taps=taps, sigma=sigma))
    expected = picture + amount * (picture - blurred)
    ours = cv2.filter2D(picture, -1, weights("unsharp", taps=taps, sigma=sigma, amount=amount))
    np.testing.assert_allclose(ours, expected, atol=1e-8)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("outline", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel-y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("prewitt-x", [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
        ("scharr-x", [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
        ("laplacian-8", [[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
        ("kirsch", [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]]),
        ("binomial", [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
    ],
)
def test_textbook_kernels(slug, expected):
    assert weights(slug).tolist() == expected


@pytest.mark.parametrize("slug", KERNELS)
def test_every_kernel_begins_with_numbers_that_its_sliders_have(slug):
    named = KERNELS[slug]
    assert tuple(named.suits) == named.parameters
    for name, value in named.suits.items():
        parameter = PARAMETERS[name]
        assert parameter.low <= value <= parameter.high
        steps = (value - parameter.low) / parameter.step
        assert steps == pytest.approx(round(steps))
    assert not named.sizes or named.suits["taps"] in named.sizes
