"""What counts as an edge detector: measured answers against closed forms and other tools."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import scipy.signal

from core.kernels import KERNELS
from core.kernels.detector import (
    ORIENTATIONS,
    WAVELENGTHS,
    EdgeReport,
    grating_window,
    measure,
    step_windows,
)
from core.kernels.frequency import transfer
from core.kernels.weights import Kernel

COUNT = (
    "sobel-x", "sobel-y", "scharr-x", "scharr-y", "prewitt-x", "prewitt-y", "roberts-down",
    "roberts-up", "kirsch", "laplacian", "laplacian-8", "outline", "log", "pillow-find-edges",
)  # fmt: skip
PARTLY = (
    "sharpen", "unsharp", "emboss", "pillow-emboss", "pillow-contour", "pillow-detail",
    "pillow-edge-enhance", "pillow-edge-enhance-more", "pillow-sharpen",
)  # fmt: skip
DO_NOT = (
    "identity", "box", "gaussian", "binomial", "motion", "pillow-blur", "pillow-smooth",
    "pillow-smooth-more",
)  # fmt: skip


def report(slug: str, **values: float) -> EdgeReport:
    return measure(KERNELS[slug].with_values(values))


def own(*rows: list[float], offset: float = 0) -> EdgeReport:
    return measure(Kernel(np.array(rows, dtype=float), 1.0, offset))


@pytest.mark.parametrize(
    ("slug", "verdict"),
    [*((slug, "yes") for slug in COUNT), *((slug, "partly") for slug in PARTLY),
     *((slug, "no") for slug in DO_NOT)],
)  # fmt: skip
def test_verdicts(slug, verdict):
    for taps in KERNELS[slug].sizes or (0,):
        assert report(slug, taps=taps, sigma=1.2, angle=30).verdict == verdict or taps == 1


def test_every_kernel_has_been_judged():
    judged = {*COUNT, *PARTLY, *DO_NOT}
    assert {*KERNELS} - judged == {"gabor"}  # depends on its phase
    assert report("gabor", taps=9, sigma=2, phase=90).verdict == "yes"
    assert report("gabor", taps=9, sigma=2, phase=0).verdict == "partly"


def test_flat_areas():
    assert report("sobel-x").flat == (0, 0, 0)
    assert report("box").flat == pytest.approx((0, 128, 255))
    assert report("pillow-emboss").flat == (128, 128, 128)
    assert report("pillow-contour").flat == (255, 255, 255)
    assert own([1, -1], offset=5).verdict == "partly"
    assert not own([1, -1], offset=5).quiet
    assert own([1, -1], offset=5).balanced


def test_a_step_from_black_to_white():
    # A whole column of weights 1, 2, 1 lies on white while the other one is on black.
    assert report("sobel-x").marks[0] == pytest.approx(4 * 255)
    assert report("prewitt-x").marks[0] == pytest.approx(3 * 255)
    assert report("scharr-x").marks[0] == pytest.approx(16 * 255)
    assert report("laplacian").marks[0] == pytest.approx(255)
    assert report("laplacian-8").marks[0] == pytest.approx(3 * 255)
    # The bright side of a sharpened step: 5 - 3 of its own kind and nothing of the dark one.
    assert report("sharpen").marks[0] == pytest.approx(255)


@pytest.mark.parametrize("slug", ["sobel-x", "sobel-y", "laplacian", "sharpen", "emboss"])
@pytest.mark.parametrize("orientation", [0.0, 90.0])
def test_steps_are_those_of_a_picture(slug, orientation):
    """The same numbers as SciPy finds in a picture with one edge."""
    picture = np.zeros((21, 21))
    picture[:, 11:] = 255
    if orientation == 90:
        picture = picture.T
    weights = KERNELS[slug].with_values({}).weights
    answers = scipy.signal.correlate2d(picture, weights, mode="valid")
    measured = report(slug)
    steps = measured.steps[list(ORIENTATIONS).index(orientation)]
    assert (steps.max(), steps.min()) == pytest.approx((answers.max(), answers.min()))


def test_step_windows_grow_from_black_to_white():
    windows, shifts = step_windows((3, 5))
    assert (windows[:, 0] == 0).all()
    assert (windows[:, -1] == 1).all()
    assert (np.diff(windows, axis=1) >= 0).all()
    middle = windows[0, len(shifts) // 2]
    assert middle[1].tolist() == [0, 0, 0.5, 1, 1]


@pytest.mark.parametrize("slug", ["sobel-x", "gabor", "laplacian", "box", "roberts-up"])
def test_gratings_come_out_as_the_transfer_function_says(slug):
    kernel = KERNELS[slug].with_values({"taps": 7, "sigma": 2})
    measured = measure(kernel).gratings
    for o, angle in enumerate(np.radians(ORIENTATIONS)):
        for w, wavelength in enumerate(WAVELENGTHS):
            down, across = np.sin(angle) / wavelength, np.cos(angle) / wavelength
            expected = abs(transfer(kernel.weights, np.array([down]), np.array([across])))
            assert measured[o, w] == pytest.approx(expected[0, 0], abs=1e-9)


def test_a_grating_moves_the_answer_round_a_circle():
    weights = KERNELS["sobel-x"].with_values({}).weights
    answers = [
        (weights * grating_window((3, 3), 30.0, 6.0, phase)).sum()
        for phase in np.linspace(0, 2 * np.pi, 720)
    ]
    amplitude = report("sobel-x").gratings[4, 3]
    assert ORIENTATIONS[4] == 30
    assert WAVELENGTHS[3] == 6
    assert max(answers) == pytest.approx(amplitude, rel=1e-4)


def test_noise():
    noise = np.random.default_rng(0).normal(0, 1, (800, 800))
    for slug in ("sobel-x", "laplacian-8", "box"):
        kernel = KERNELS[slug].with_values({})
        spread = cv2.filter2D(noise, -1, kernel.effective).std()
        # 640,000 numbers, neighbours alike: the spread is known to about half a percent.
        assert report(slug).noise == pytest.approx(spread, rel=0.02)
    assert report("laplacian").noise == pytest.approx(np.sqrt(20))


def test_the_laplacian_hears_noise_more_than_sobel_does():
    assert report("sobel-x").edge_to_noise == pytest.approx(4 / np.sqrt(12))
    assert report("laplacian").edge_to_noise < 0.35 < report("sobel-x").edge_to_noise
    assert (
        report("log", taps=9, sigma=1.4).edge_to_noise > 2 * report("laplacian").edge_to_noise
    )


@pytest.mark.parametrize(
    ("slug", "best", "blind"),
    [("sobel-x", 0, 90), ("sobel-y", 90, 0), ("prewitt-y", 90, 0), ("roberts-down", 45, 135),
     ("roberts-up", 135, 45), ("kirsch", 90, 0)],
)  # fmt: skip
def test_directions(slug, best, blind):
    measured = report(slug)
    assert measured.best == best
    assert blind in measured.unseen
    assert best not in measured.unseen


def test_laplacians_see_all_directions():
    for slug in ("laplacian", "laplacian-8", "log"):
        assert report(slug, taps=9, sigma=1.4).unseen == ()
    assert report("log", taps=9, sigma=1.4).even > 0.9
    assert report("laplacian").even == pytest.approx(np.sqrt(0.5), abs=0.01)


def test_first_and_second_derivatives_are_told_apart():
    for slug in COUNT:
        second = slug in ("laplacian", "laplacian-8", "outline", "log", "pillow-find-edges")
        assert report(slug, taps=7, sigma=1.2).order == (2 if second else 1)


def test_a_checkerboard_kernel_misses_upright_edges():
    measured = own([1, -1], [-1, 1])
    assert {0.0, 90.0} <= set(measured.unseen)
    assert measured.marks[list(ORIENTATIONS).index(45)] > 0


def test_odd_kernels():
    assert own([0, 0], [0, 0]).verdict == "no"
    assert own([0, 0], [0, 0]).strength == 0
    assert own([-1]).verdict == "no"
    assert own([1]).best_wavelength in WAVELENGTHS
    assert own([1e-3, -1e-3]).verdict == "yes"
    assert own([0.1, 0.2, -0.3]).quiet
