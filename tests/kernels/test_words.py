"""What the page says about a kernel agrees with what it measured."""

from __future__ import annotations

import numpy as np
import pytest

from core.kernels import KERNELS
from core.kernels.detector import measure
from core.kernels.frequency import frequency_response
from core.kernels.weights import Kernel
from core.kernels.words import band, checks, conclusion, direction, short


def said(slug: str, title: str, **values: float) -> str:
    report = measure(KERNELS[slug].with_values(values))
    return next(check.text for check in checks(report) if check.title == title)


@pytest.mark.parametrize("slug", KERNELS)
def test_the_conclusion_is_the_verdict(slug):
    report = measure(KERNELS[slug].with_values({}))
    begins = {"yes": "An edge detector", "partly": "Partly", "no": "Not an edge detector"}
    assert conclusion(report).startswith(begins[report.verdict])
    both = [check.passed for check in checks(report) if check.passed is not None]
    assert all(both) == (report.verdict == "yes")


@pytest.mark.parametrize("slug", KERNELS)
def test_every_sentence_ends(slug):
    report = measure(KERNELS[slug].with_values({}))
    for check in checks(report):
        assert check.text.endswith(".")
        assert check.text.isascii()
        assert "nan" not in check.text


def test_why_sharpening_and_embossing_are_not_enough():
    for slug in ("sharpen", "emboss", "unsharp"):
        text = conclusion(measure(KERNELS[slug].with_values({})))
        assert "the picture itself stays" in text
        assert "add up to 1 and not to 0" in text
    text = conclusion(measure(KERNELS["pillow-emboss"].with_values({})))
    assert "128 is added" in text


def test_other_conclusions():
    empty = measure(Kernel(np.zeros((3, 3))))
    assert "all weights are 0" in conclusion(empty)
    assert "Weights of both signs" in conclusion(measure(KERNELS["box"].with_values({})))
    # Two opposite steps next to each other: a straight edge always meets both.
    deaf = measure(Kernel(np.array([[1e-3, -2e-3, 1e-3], [-2e-3, 4e-3, -2e-3],
                                    [1e-3, -2e-3, 1e-3]])))  # fmt: skip
    assert deaf.verdict in ("yes", "no")
    assert deaf.marks[0] == pytest.approx(0, abs=1e-9)


def test_numbers_are_in_the_sentences():
    assert "give 0, 128 and 255" in said("box", "Flat areas give 0")
    assert "stands out by 1020, 50%" in said("sobel-x", "A step edge stands out")
    assert "from left to right. It does not see changes from top to bottom" in said(
        "sobel-x", "Directions"
    )
    assert "from top to bottom. It does not see changes from left to right" in said(
        "prewitt-y", "Directions"
    )
    assert "along the falling diagonal. It does not see changes along the rising" in said(
        "roberts-down", "Directions"
    )
    assert "alike" in said("laplacian-8", "Directions")
    assert "first derivative" in said("scharr-x", "What an edge becomes")
    assert "second derivative" in said("log", "What an edge becomes")
    assert "spread 3.464" in said("sobel-x", "Noise")


@pytest.mark.parametrize(
    ("slug", "begins"),
    [
        ("gaussian", "Low-pass"), ("box", "Low-pass"), ("binomial", "Low-pass"),
        ("identity", "All waves"), ("sharpen", "High frequencies are raised"),
        ("unsharp", "High frequencies are raised"), ("laplacian", "High-pass"),
        ("outline", "High-pass"), ("roberts-up", "High-pass"), ("sobel-x", "Band-pass"),
        ("log", "Band-pass"), ("gabor", "Band-pass"), ("motion", "Broad stripes stay and some"),
    ],
)  # fmt: skip
def test_bands(slug, begins):
    assert band(frequency_response(KERNELS[slug].with_values({}).effective)).startswith(begins)


def test_small_things():
    assert band(frequency_response(np.zeros((3, 3)))).startswith("Nothing passes")
    assert direction(180) == "from left to right"
    assert direction(22.5) == "at 22.5 degrees"
    assert (short(1234567.0), short(0.1), short(-3.0)) == ("1235000", "0.1", "-3")
