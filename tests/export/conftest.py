"""Lessons of every kind, drawn at random but always the same."""

import random
from collections.abc import Callable

import numpy as np
import pytest

from core.lessons.base import bounds, options
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, Photo, build

CaseMaker = Callable[[int], ConvolutionCase]
PHOTO = np.random.default_rng(7).integers(0, 256, (40, 50, 3), dtype=np.uint8)
_RANDOM_PLANES = 6
"""Planes of weights that the random kernel has; a transposed one needs one for each filter."""
_MOSTLY_SMALL = {"height": 12, "width": 12, "kernel_height": 5, "kernel_width": 5}


def random_case(seed: int) -> ConvolutionCase:
    """A valid lesson that may use every setting, and its numbers."""
    draw = random.Random(seed)
    values: dict[str, object] = {
        "apart": draw.random() < 0.6,
        "bias": draw.random() < 0.5,
        "flip": draw.random() < 0.3,
        "transposed": draw.random() < 0.4,
        "bias_value": draw.choice([1, -2.5, 0.1]),
        "padding_value": draw.choice([1, -0.3, 255]),
        "image_numbers": "1 -2.25 0.1 / 1e-3 5 7 | 2 2 / 3 3",
        "kernel_numbers": "1 0.3 / -1 2 | 0.25 ; 3 3 3 / 1 2 3",
        "edits": draw.choice(["", "x.0.0.0=-3.5 k.0.0.0.0=0.7", "x.1.1.0=2 b.0=9"]),
    }
    for name in ("image", "kernel", "padding", "padding_mode"):
        values[name] = draw.choice(options(ConvolutionLesson, name))
    small = draw.random() < 0.8
    for name, info in ConvolutionLesson.model_fields.items():
        if info.annotation is int:
            span = bounds(ConvolutionLesson, name)
            top = _MOSTLY_SMALL.get(name, span[-1]) if small else span[-1]
            values[name] = draw.randint(span[0], top)
    if draw.random() < 0.5:
        values |= {"dilation_height": 1, "dilation_width": 1}
    if draw.random() < 0.3:
        values |= {"stride_height": 1, "stride_width": 1}
    values["groups"] = draw.choice([1, 1, values["channels"]])
    if values["groups"] != 1:
        values["filters"] = values["channels"]
    if values["transposed"] and values["filters"] > _RANDOM_PLANES:
        values["filters"] = _RANDOM_PLANES
    lesson, _ = ConvolutionLesson.nearest(values)
    return build(lesson, PHOTO)


@pytest.fixture(scope="session")
def make_case() -> CaseMaker:
    """Gives the case of a number."""
    return random_case


@pytest.fixture(scope="session")
def photo() -> Photo:
    """(40, 50, 3) uint8 of noise."""
    return PHOTO
