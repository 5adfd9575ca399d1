"""From key press to changed picture: the convolution page against an empty page.

Both apps run at the same time, on the same machine and in the same browser; steps alternate
between them, so that whatever else the machine does hits both. Prints medians and their ratio.

    python -m benchmarks.slider_step
"""

from __future__ import annotations

import statistics

from playwright.sync_api import Page, sync_playwright

from scripts.serve import ROOT, served
from tests.e2e.browser import launch

STEPS = 40
WARM_UP = 6

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


def measure() -> tuple[list[float], list[float]]:
    """Times of the empty page and of the convolution page."""
    with (
        served(8591, ROOT / "benchmarks" / "empty_page.py") as empty_app,
        served(8592) as app,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        empty, lesson = browser.new_page(), browser.new_page()
        empty.goto(empty_app)
        lesson.goto(f"{app}/convolution?height=12&width=12")
        empty.locator(".st-key-value").wait_for()
        lesson.locator(".stage[data-ready='true']").wait_for()
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(WARM_UP + STEPS):
            key = "ArrowRight" if number % 4 < 2 else "ArrowLeft"
            empty.bring_to_front()
            one = step(empty, ".st-key-value", ".st-key-shown", key)
            lesson.bring_to_front()
            other = step(lesson, ".st-key-kernel_height", ".stage .output h4", key)
            if number >= WARM_UP:
                times[0].append(one)
                times[1].append(other)
        browser.close()
        return times


def main() -> None:
    """Measure and print."""
    empty, lesson = measure()
    for name, values in (("empty page", empty), ("convolution page", lesson)):
        tenths = statistics.quantiles(values, n=10)
        print(
            f"{name:17} median {statistics.median(values):6.1f} ms, "
            f"90 % below {tenths[-1]:6.1f} ms, {len(values)} steps"
        )
    print(f"ratio of medians  {statistics.median(lesson) / statistics.median(empty):.2f}")


if __name__ == "__main__":
    main()
