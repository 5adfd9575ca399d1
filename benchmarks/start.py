"""From the start command to a usable page, against the server's own start.

The environment is installed already: this is the second `make run`. Prints seconds.

    python -m benchmarks.start
"""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, sync_playwright

from scripts.serve import served
from tests.e2e.browser import launch

ROUNDS = 5


def start(browser: Browser, port: int) -> tuple[float, float]:
    """Seconds until the server answers, and until the stage stands in the browser."""
    begun = time.perf_counter()
    with served(port) as address:
        answered = time.perf_counter() - begun
        page = browser.new_page()
        page.goto(f"{address}/convolution")
        page.locator(".stage[data-ready='true']").wait_for()
        usable = time.perf_counter() - begun
        page.close()
    return answered, usable


def main() -> None:
    """Measure and print."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        rounds = [start(browser, 8594 + number) for number in range(ROUNDS)]
        browser.close()
    answered, usable = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"server answers     median {answered:.2f} s")
    print(f"page is usable     median {usable:.2f} s, {usable / answered:.1f} times that")


if __name__ == "__main__":
    main()
