"""From key press to changed picture: each lesson page against an empty page.

Both apps run at the same time, on the same machine and in the same browser; steps alternate
between them, so that whatever else the machine does hits both. Prints medians and their ratio.

    python -m benchmarks.slider_step               # all pages
    python -m benchmarks.slider_step pooling       # one of them
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.serve import ROOT, served
from tests.e2e.browser import launch

STEPS = 40
WARM_UP = 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """A page whose slider is stepped.

    Attributes:
        path: its link.
        ready: what stands once the page can be used.
        slider: the widget that gets the keys.
        watched: what changes with every step.
    """

    path: str
    ready: str
    slider: str
    watched: str


LESSONS = {
    "convolution": Lesson(
        "/convolution?height=12&width=12",
        ".stage[data-ready='true']",
        ".st-key-kernel_height",
        ".stage .output h4",
    ),
    "kernels": Lesson(
        "/kernels?named=gaussian&taps=7&sigma=2.0",
        ".bench[data-ready='true']",
        ".st-key-sigma",
        # Written once the filtered photo is decoded and painted.
        ".bench .shot h4",
    ),
    "pooling": Lesson(
        "/pooling?pool_height=12&pool_width=12",
        ".chain[data-ready='true']",
        ".st-key-pool_size",
        ".chain .grid1 h4",
    ),
    "normalisation": Lesson(
        "/normalisation?norm_samples=4&norm_channels=6",
        ".block[data-ready='true']",
        ".st-key-norm_gamma",
        ".block .terms",
    ),
    "masks": Lesson(
        "/masks?mask_truth=square",
        ".painter[data-ready='true']",
        ".st-key-mask_grow",
        ".painter [data-measure='iou']",
    ),
    "boxes": Lesson(
        "/boxes?ap_example=shapes",
        ".boxes[data-ready='true']",
        ".st-key-match_at",
        ".boxes .verdict",
    ),
    # So little confidence that each step changes the boxes; all else as usual.
    "detect": Lesson(
        "/detect?photo=astronaut&det_confidence=1",
        ".detections[data-waiting='false']",
        ".st-key-det_confidence",
        ".detections .view svg",
    ),
    # The most boxes: every candidate that is sure to 1 %, and none gives way to another.
    "detect-all": Lesson(
        "/detect?photo=coffee&det_side=608&det_confidence=1&det_iou=100",
        ".detections[data-waiting='false']",
        ".st-key-det_confidence",
        ".detections .view svg",
    ),
    "yolo": Lesson(
        "/yolo",
        ".gridbox[data-ready='true']",
        ".st-key-yolo_row",
        ".gridbox .work",
    ),
}

Times = list[float]

# Starts the clock at the key press, stops it at the first frame after the DOM has changed.
_WATCH = """
([slider, watched]) => {
  window.__took = null;
  let start;
  slider.addEventListener("keydown", () => { start = performance.now(); },
                          { capture: true, once: true });
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => { window.__took = performance.now() - start; });
  });
  observer.observe(watched, { childList: true, characterData: true, subtree: true });
  slider.focus();
}
"""


def step(page: Page, slider: str, watched: str, key: str) -> float:
    """Milliseconds from the key to the next painted change."""
    handles = [
        page.locator(slider).get_by_role("slider").element_handle(),
        page.locator(watched).first.element_handle(),
    ]
    page.evaluate(_WATCH, handles)
    page.keyboard.press(key)
    page.wait_for_function("() => window.__took !== null", timeout=20_000)
    took = float(page.evaluate("() => window.__took"))
    page.wait_for_timeout(350)
    return took


def measure(browser: Browser, empty_app: str, app: str, lesson: Lesson) -> tuple[Times, Times]:
    """Times of the empty page and of a lesson."""
    empty, page = browser.new_page(), browser.new_page()
    empty.goto(empty_app)
    page.goto(app + lesson.path)
    empty.locator(".st-key-value").wait_for()
    page.locator(lesson.ready).wait_for(timeout=180_000)  # a network may have to be loaded
    times: tuple[Times, Times] = ([], [])
    for number in range(WARM_UP + STEPS):
        key = "ArrowRight" if number % 4 < 2 else "ArrowLeft"
        empty.bring_to_front()
        one = step(empty, ".st-key-value", ".st-key-shown", key)
        page.bring_to_front()
        other = step(page, lesson.slider, lesson.watched, key)
        if number >= WARM_UP:
            times[0].append(one)
            times[1].append(other)
    empty.close()
    page.close()
    return times


def show(name: str, empty: Times, lesson: Times) -> None:
    """Print both sides and their ratio."""
    for what, values in (("empty page", empty), (f"{name} page", lesson)):
        tenths = statistics.quantiles(values, n=10)
        print(
            f"{what:20} median {statistics.median(values):6.1f} ms, "
            f"90 % below {tenths[-1]:6.1f} ms, {len(values)} steps"
        )
    ratio = statistics.median(lesson) / statistics.median(empty)
    print(f"{name:12} ratio of medians {ratio:.2f}", flush=True)


def main() -> None:
    """Measure and print."""
    names = sys.argv[1:] or list(LESSONS)
    with (
        served(8591, ROOT / "benchmarks" / "empty_page.py") as empty_app,
        served(8592) as app,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for name in names:
            show(name, *measure(browser, empty_app, app, LESSONS[name]))
        browser.close()


if __name__ == "__main__":
    main()
