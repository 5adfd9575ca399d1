"""Random lessons for the views."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.runtime.pages_manager import PagesManager

from core.lessons.base import bounds, options
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, build
from core.lessons.pixels import PixelCase, PixelLesson
from core.lessons.pixels import build as build_pixels

PHOTO = np.random.default_rng(11).integers(0, 256, (30, 44, 3), dtype=np.uint8)
SMALL = {"height": 9, "width": 9, "kernel_height": 4, "kernel_width": 4, "filter": 4}


def random_convolution(seed: int) -> ConvolutionCase:
    """A small valid lesson that may use every setting, and its numbers."""
    draw = random.Random(seed)
    values: dict[str, object] = {}
    for name, info in ConvolutionLesson.model_fields.items():
        if info.annotation is bool:
            values[name] = draw.random() < 0.5
        elif info.annotation is int:
            whole = bounds(ConvolutionLesson, name)
            values[name] = draw.randint(whole[0], SMALL.get(name, min(whole[-1], 4)))
        elif choices := options(ConvolutionLesson, name):
            values[name] = draw.choice(choices)
    groups = draw.choice([1, 2, 3])
    values |= {
        "groups": groups,
        "channels": groups * draw.choice([1, 2]),
        "filters": groups * draw.choice([1, 2, 3]),
        "bias_value": draw.choice([1.0, -2.5, 1 / 3]),
        "padding_value": draw.choice([1.0, -0.25, 255.0]),
        "image_numbers": "1 -2.25 0.1 / 5 7 9 | 2 2 / 3 3",
        "kernel_numbers": "1 0.3 / -1 2 | 0.25 ; 3 3 3 / 1 2 3",
        "edits": draw.choice(["", "x.0.0.0=-3.5 k.0.0.0.0=0.7 b.0=4"]),
    }
    return build(ConvolutionLesson.nearest(values)[0], PHOTO)


def random_pixels(seed: int) -> PixelCase:
    """A valid lesson about pixels, and its numbers."""
    draw = random.Random(seed)
    values: dict[str, object] = {
        "side": draw.choice([4, 16, 33, 64]),
        "picture": draw.choice(["photo", "photo", "photo", "triples"]),
        "bits": draw.randint(1, 8),
        "top": draw.randint(0, 60),
        "left": draw.randint(0, 60),
        "rows": draw.randint(1, 16),
        "columns": draw.randint(1, 16),
        "changes": draw.choice(["", "x.0.0.0=3 x.0.1.2=200"]),
    }
    for name in ("method", "space", "cells"):
        values[name] = draw.choice(options(PixelLesson, name))
    return build_pixels(PixelLesson.nearest(values)[0], PHOTO)


@pytest.fixture(autouse=True)
def navigation(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the entry point each time, as a server does once somebody has opened it.

    `AppTest` forgets before every run that `st.navigation` is in use, and takes the files of
    `pages/` for scripts of their own. A test that asks for `first_visit` wants just that.
    """
    if "first_visit" in request.fixturenames:
        return
    begin = PagesManager.__init__

    def remember(manager: PagesManager, *args: object, **options: object) -> None:
        begin(manager, *args, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", remember)


@pytest.fixture
def first_visit() -> None:
    """The server has just started: Streamlit is in its legacy mode for `pages/`."""


@pytest.fixture(scope="session")
def convolution_case() -> Callable[[int], ConvolutionCase]:
    """Gives the convolution of a number."""
    return random_convolution


@pytest.fixture(scope="session")
def pixel_case() -> Callable[[int], PixelCase]:
    """Gives the pixels of a number."""
    return random_pixels
