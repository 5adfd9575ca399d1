"""The pages while a network trains on the same machine, and how soon a run is seen.

Steps of a slider on the convolution page are timed at rest and while a run goes, in turns, in
one browser and one app. Beside it: from the click on Start to the words "Running" and to the
first numbers of a batch, on an engine that is warm.

    python -m benchmarks.while_training
"""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.slider_step import WARM_UP, step
from scripts.serve import served
from tests.e2e.browser import launch

TURNS = 3
STEPS = 16
PATIENCE = 120_000
LONG_RUN = "/training?epochs=100&network=vgg&batch_size=128"


def press(page: Page, name: str) -> None:
    """Click a button."""
    page.get_by_role("button", name=name, exact=True).click()


def seconds_until(page: Page, words: str, begun: float) -> float:
    """Seconds since `begun` until these words (a pattern) are seen."""
    expect(page.locator(".st-key-run_status")).to_contain_text(words, timeout=PATIENCE)
    return time.perf_counter() - begun


def starts(page: Page) -> tuple[float, float]:
    """Click Start: seconds to "Running" and to the first batch; then stop."""
    page.bring_to_front()
    begun = time.perf_counter()
    press(page, "Start")
    running = seconds_until(page, "Running", begun)
    numbers = seconds_until(page, "images/s", begun)
    return running, numbers


def stop(page: Page) -> None:
    """Stop the run."""
    page.bring_to_front()
    press(page, "Stop")
    expect(page.locator(".st-key-run_status")).to_contain_text("Stopped", timeout=PATIENCE)
    page.wait_for_timeout(1500)


def slider(page: Page, count: int) -> list[float]:
    """Milliseconds of each step."""
    page.bring_to_front()
    return [
        step(
            page,
            ".st-key-kernel_height",
            ".stage .output h4",
            "ArrowRight" if number % 4 < 2 else "ArrowLeft",
        )
        for number in range(count)
    ]


def measure(
    browser: Browser, app: str
) -> tuple[list[float], list[float], list[tuple[float, float]]]:
    """Steps at rest, steps while a run goes, and starts of runs."""
    lesson, training = browser.new_page(), browser.new_page()
    lesson.goto(f"{app}/convolution?height=12&width=12")
    training.goto(app + LONG_RUN)
    lesson.locator(".stage[data-ready='true']").wait_for()
    training.locator(".st-key-run_buttons").wait_for()
    starts(training)  # the first one loads Keras
    stop(training)
    slider(lesson, WARM_UP)
    rest, busy, begun = [], [], []
    for _ in range(TURNS):
        rest += slider(lesson, STEPS)
        begun.append(starts(training))
        busy += slider(lesson, STEPS)
        stop(training)
    return rest, busy, begun


def main() -> None:
    """Measure and print."""
    with served(8594) as app, sync_playwright() as playwright:
        browser = launch(playwright)
        rest, busy, begun = measure(browser, app)
        browser.close()
    for name, values in (("at rest", rest), ("while training", busy)):
        tenths = statistics.quantiles(values, n=10)
        print(
            f"slider, {name:15} median {statistics.median(values):6.1f} ms, "
            f"90 % below {tenths[-1]:6.1f} ms, {len(values)} steps"
        )
    print(f"ratio of medians        {statistics.median(busy) / statistics.median(rest):.2f}")
    for name, place in (("click to Running", 0), ("click to first numbers", 1)):
        values = [times[place] for times in begun]
        print(f"{name:23} median {statistics.median(values):.2f} s of {len(values)}")


if __name__ == "__main__":
    main()
