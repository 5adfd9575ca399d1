"""Eight draws of a picture of 384 pixels: through the engine, and on the page, cold and warm.

Every time of the engine is put beside that of the same request with an empty pipeline: what
the way there and back takes, with nothing done there. Cold is the first request of a new engine
that has been warmed up as the app does. On the page a slider is stepped, from the key press to
the first frame with the changed pictures, and put beside a page that has one slider and nothing
else; cold is the first step of a new app.

    python -m benchmarks.augment_step             # both
    python -m benchmarks.augment_step engine      # without a browser
"""

from __future__ import annotations

import statistics
import sys
import time

import cv2
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks.slider_step import Lesson, measure, step
from core.augment.answers import Request, answer, ask
from core.augment.pipelines import PIPELINES
from core.augment.spec import PipelineSpec
from core.augment.text import decode
from core.engine.connection import WARM, Engine
from core.engine.settings import EngineSettings
from core.images.samples import SAMPLES
from scripts.serve import ROOT, served
from tests.e2e.browser import launch

DRAWS, SIDE = 8, 384
COLD_MS, WARM_MS = 1500.0, 300.0
"""Bounds, from slider step to changed picture."""
WITHIN = 120.0
REPEATS = 15

# One step for each library that has to be loaded.
COLD = {"Keras": "rotation", "KerasCV": "channel.shift", "OpenCV": "elastic"}
STEPS = {
    text: decode(text)
    for text in ("rotation", "saturation", "elastic", "equalize", "rand.augment", "aug.mix")
}
PAGE = Lesson(
    "/augmentation?augment_step=rotation-degrees40",
    ".draws[data-ready='true'][data-stale='false'] .grid",
    ".st-key-augment_rotation_degrees",
    # The angle that was drawn, written when all pictures are decoded and painted.
    ".draws .drawn .caption",
)
NAMED = {slug: PIPELINES[slug].spec for slug in ("light", "medium", "detection")}


def request(spec: PipelineSpec, seed: int) -> Request:
    """The sample photos: one is drawn, the others may be mixed in."""
    names = ("chelsea", "coffee", "astronaut", "rocket")
    size = SIDE, round(SIDE * 2 / 3)
    photos = [cv2.resize(SAMPLES[n].load(), size, interpolation=cv2.INTER_AREA) for n in names]
    used = photos if spec.mixes else photos[:1]
    return Request(np.stack(used), spec, seed, DRAWS)


def took(engine: Engine, spec: PipelineSpec, seed: int) -> float:
    """Milliseconds from the request to the draws."""
    asked = request(spec, seed)
    begun = time.perf_counter()
    answer(ask(engine, asked), WITHIN)
    return (time.perf_counter() - begun) * 1000


def warmed() -> Engine:
    """A new engine as the app has it some seconds after its start."""
    engine = Engine(EngineSettings())
    engine.submit_by_name("inference", WARM).result(WITHIN)
    return engine


def cold() -> None:
    """The first draws of a process."""
    for library, text in COLD.items():
        engine = warmed()
        first = took(engine, decode(text), 0)
        empty = statistics.median(took(engine, PipelineSpec(), n) for n in range(5))
        engine.close()
        print(
            f"cold, {library:9} {first:7.0f} ms, {first / empty:5.1f} times the empty "
            f"pipeline, {first / COLD_MS:.2f} of the bound"
        )


def warm(repeats: int) -> None:
    """Steps of a slider: each has another seed, so that nothing is cached."""
    engine = warmed()
    pipelines = STEPS | NAMED
    for spec in pipelines.values():
        took(engine, spec, 0)
    for name, spec in pipelines.items():
        empty, taken = [], []
        for number in range(repeats):
            empty.append(took(engine, PipelineSpec(), number))
            taken.append(took(engine, spec, number))
        middle, tenths = statistics.median(taken), statistics.quantiles(taken, n=10)
        print(
            f"warm, {name:13} median {middle:5.0f} ms, 90 % below {tenths[-1]:5.0f} ms, "
            f"{middle / statistics.median(empty):5.1f} times the empty pipeline, "
            f"{middle / WARM_MS:.2f} of the bound"
        )
    engine.close()


def first_step(browser: Browser, app: str) -> float:
    """Milliseconds of the first slider step of a new app."""
    page = browser.new_page()
    page.goto(app + PAGE.path)
    page.locator(PAGE.ready).wait_for(timeout=WITHIN * 1000)
    page.locator(PAGE.watched, has_text="angle").first.wait_for(timeout=WITHIN * 1000)
    took = step(page, PAGE.slider, PAGE.watched, "ArrowRight")
    page.close()
    return took


def in_browser() -> None:
    """Steps of the rotation's slider on the page and on an empty page, in turns."""
    empty_page = ROOT / "benchmarks" / "empty_page.py"
    with (
        served(8596, empty_page) as empty_app,
        served(8597) as app,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        cold_ms = first_step(browser, app)
        empty, times = measure(browser, empty_app, app, PAGE)
        browser.close()
    middle, bare = statistics.median(times), statistics.median(empty)
    tenths = statistics.quantiles(times, n=10)
    print(
        f"page, first   {cold_ms:7.0f} ms, {cold_ms / bare:5.1f} times a step of the empty "
        f"page, {cold_ms / COLD_MS:.2f} of the bound"
    )
    print(
        f"page, warm    median {middle:5.0f} ms, 90 % below {tenths[-1]:5.0f} ms, "
        f"{middle / bare:5.1f} times a step of the empty page ({bare:.0f} ms), "
        f"{middle / WARM_MS:.2f} of the bound"
    )


def main() -> None:
    """Measure and print."""
    cold()
    warm(REPEATS)
    if sys.argv[1:] != ["engine"]:
        in_browser()


if __name__ == "__main__":
    main()
