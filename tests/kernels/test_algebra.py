"""Kernels in a row, taken apart, and shown waves."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.filtering import correlate
from core.kernels import KERNELS
from core.kernels.composition import compose, full_convolution, multiplications
from core.kernels.frequency import BINS, frequency_response, transfer
from core.kernels.separability import recognisable_factors, separate
from core.kernels.weights import Kernel

SIDES = st.integers(1, 7)
SEEDS = st.integers(0, 10_000)
PICTURE = np.random.default_rng(5).integers(0, 256, (40, 46)).astype(float)
NO_DEADLINE = settings(deadline=None)


def grid(seed: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(height, width))


def kernel(seed: int, height: int, width: int) -> Kernel:
    draw = np.random.default_rng(seed + 1)
    return Kernel(grid(seed, height, width), draw.uniform(0.5, 9), draw.uniform(-50, 50))


def valid(image: np.ndarray, step: Kernel) -> np.ndarray:
    """Correlation by SciPy, wherever the kernel fits."""
    return scipy.signal.correlate2d(image, step.effective, mode="valid") + step.offset


# In a row


@given(SEEDS, st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES))
@NO_DEADLINE
def test_full_convolution_is_scipys(seed, one, other):
    first, second = grid(seed, *one), grid(seed + 1, *other)
    np.testing.assert_allclose(
        full_convolution(first, second), scipy.signal.convolve2d(first, second), atol=1e-12
    )


@given(SEEDS, st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=4))
@NO_DEADLINE
def test_one_kernel_answers_like_all_in_a_row(seed, shapes):
    row = [kernel(seed + n, *shape) for n, shape in enumerate(shapes)]
    answers = PICTURE
    for step in row:
        answers = valid(answers, step)
    single = compose(row)
    np.testing.assert_allclose(
        valid(PICTURE, single), answers, atol=1e-7 * max(np.abs(answers).max(), 1)
    )
    assert single.weights.shape == tuple(
        sum(sides) - len(shapes) + 1 for sides in zip(*shapes, strict=True)
    )


def test_away_from_the_border_photo_work_agrees_too():
    row = [KERNELS[slug].with_values({"taps": 5}) for slug in ("gaussian", "sobel-x")]
    answers = PICTURE
    for step in row:
        answers = correlate(answers, step.effective, "edge")
    single = correlate(PICTURE, compose(row).effective, "edge")
    inside = (slice(4, -4), slice(4, -4))
    np.testing.assert_allclose(single[inside], answers[inside], atol=1e-9)
    assert np.abs(single - answers)[0].max() > 1  # at the border it does not


def test_known_rows():
    box = KERNELS["box"].with_values({"taps": 2})
    assert (compose([box, box]).effective * 16).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    smooth, step = Kernel(np.array([[1.0], [2], [1]])), Kernel(np.array([[-1.0, 0, 1]]))
    sobel = KERNELS["sobel-x"].with_values({})
    assert compose([smooth, step]).weights.tolist() == sobel.weights.tolist()
    slope = Kernel(np.array([[-1.0, 1]]))
    assert compose([slope, slope]).weights.tolist() == [[1, -2, 1]]
    assert multiplications([(3, 1), (1, 3)]) == 6


def test_offsets_pass_through_the_later_kernels():
    doubled = Kernel(np.array([[2.0]]), 1, 3)
    halved = Kernel(np.array([[1.0]]), 2, 10)
    assert compose([doubled, halved]).offset == 3 / 2 + 10


# Taken apart


@pytest.mark.parametrize(
    ("slug", "taps", "rank"),
    [
        ("box", 7, 1), ("gaussian", 9, 1), ("binomial", 5, 1), ("sobel-x", 3, 1),
        ("sobel-y", 7, 1), ("scharr-x", 3, 1), ("prewitt-y", 3, 1), ("identity", 5, 1),
        ("roberts-down", 2, 2), ("laplacian", 3, 2), ("laplacian-8", 3, 2), ("sharpen", 3, 2),
        ("emboss", 3, 3), ("kirsch", 3, 2), ("pillow-blur", 5, 2), ("pillow-smooth-more", 5, 3),
    ],
)  # fmt: skip
def test_ranks(slug, taps, rank):
    weights = KERNELS[slug].with_values({"taps": taps, "sigma": 1.5}).weights
    parts = separate(weights)
    assert parts.rank == rank == np.linalg.matrix_rank(weights)
    assert parts.separable == (rank == 1)
    np.testing.assert_allclose(parts.approximation(rank), weights, atol=1e-12)


@given(SEEDS, SIDES, SIDES)
@NO_DEADLINE
def test_terms_add_up_to_the_kernel_and_fewer_come_as_near_as_can_be(seed, height, width):
    weights = grid(seed, height, width)
    parts = separate(weights)
    np.testing.assert_allclose(parts.approximation(parts.rank), weights, atol=1e-9)
    assert parts.shares.sum() == pytest.approx(1)
    for terms in range(parts.rank):
        # Eckart and Young: what is missing is what the left-out singular values hold.
        missing = np.linalg.norm(weights - parts.approximation(terms)) ** 2
        assert missing == pytest.approx((parts.singular_values[terms:] ** 2).sum())


@given(SEEDS, SIDES, SIDES)
def test_a_product_is_found_out(seed, height, width):
    column, row = grid(seed, height, 1), grid(seed + 1, 1, width)
    parts = separate(column @ row)
    assert parts.separable
    np.testing.assert_allclose(np.outer(parts.columns[0], parts.rows[0]), column @ row,
                               atol=1e-9)  # fmt: skip


def test_factors_are_those_of_the_textbook():
    def factors(slug: str, **values: float) -> list[list[float]]:
        weights = KERNELS[slug].with_values(values).weights
        return [vector.tolist() for vector in recognisable_factors(weights)]

    assert factors("sobel-x") == [[1, 2, 1], [-1, 0, 1]]
    assert factors("sobel-y") == [[1, 0, -1], [-1, -2, -1]]
    assert factors("scharr-x") == [[3, 10, 3], [-1, 0, 1]]
    assert factors("binomial", taps=5) == [[1, 4, 6, 4, 1], [1, 4, 6, 4, 1]]
    column, row = factors("gaussian", taps=7, sigma=1.2)
    assert sum(column) == pytest.approx(1)
    np.testing.assert_allclose(column, row)


def test_the_saving():
    parts = separate(KERNELS["gaussian"].with_values({"taps": 15}).weights)
    assert (parts.full_multiplications, parts.separate_multiplications) == (225, 30)
    parts = separate(KERNELS["laplacian"].with_values({}).weights)
    assert (parts.full_multiplications, parts.separate_multiplications) == (9, 12)


def test_an_empty_kernel_has_no_terms():
    parts = separate(np.zeros((3, 4)))
    assert (parts.rank, parts.separable, parts.shares.sum()) == (0, False, 0)
    assert parts.approximation(1).tolist() == np.zeros((3, 4)).tolist()


# Waves


@given(SEEDS, SIDES, SIDES, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_a_wave_comes_out_as_the_transfer_function_says(seed, height, width, down, across):
    weights = grid(seed, height, width)
    rows, columns = np.mgrid[:30, :30]
    wave = np.exp(2j * np.pi * (down * rows + across * columns))
    answer = sum(
        weights[i, j] * wave[i : i + 20, j : j + 20] for i, j in np.ndindex(weights.shape)
    )
    factor = transfer(weights, np.array([down]), np.array([across]))[0, 0]
    np.testing.assert_allclose(answer, factor * wave[:20, :20], atol=1e-9)


@given(SEEDS, SIDES, SIDES)
def test_magnitudes_are_those_of_the_fourier_transform(seed, height, width):
    weights = grid(seed, height, width)
    response = frequency_response(weights)
    assert response.magnitude.shape == (BINS, BINS)
    # Frequencies that both grids have: -0.5, -0.25, 0, 0.25, 0.5.
    fourier = np.abs(np.fft.fftshift(np.fft.fft2(weights, (8, 8))))[::2, ::2]
    np.testing.assert_allclose(response.magnitude[:-1:16, :-1:16], fourier, atol=1e-9)
    assert response.constant == pytest.approx(abs(weights.sum()))


def test_closed_forms():
    box = frequency_response(KERNELS["box"].with_values({"taps": 5}).weights)
    f = box.frequencies[BINS // 2 + 1 :]
    dirichlet = np.abs(np.sin(5 * np.pi * f) / (5 * np.sin(np.pi * f)))
    np.testing.assert_allclose(box.across[1:], dirichlet, atol=1e-12)
    np.testing.assert_allclose(box.down, box.across)
    step = frequency_response(np.array([[-1.0, 0, 1]]))
    f = step.frequencies[BINS // 2 :]
    np.testing.assert_allclose(step.across, 2 * np.abs(np.sin(2 * np.pi * f)), atol=1e-12)
    np.testing.assert_allclose(step.down, 0, atol=1e-12)
    binomial = frequency_response(KERNELS["binomial"].with_values({}).effective)
    np.testing.assert_allclose(binomial.across, np.cos(np.pi * f) ** 2, atol=1e-12)
    np.testing.assert_allclose(binomial.diagonal, np.cos(np.pi * f) ** 4, atol=1e-12)
