"""From the start command to a usable page, against the server's own start.

The environment is installed already: this is the second `make run`, which opens the home page.
Prints seconds.

    python -m benchmarks.start
"""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, sync_playwright

from scripts.serve import served
from tests.e2e.browser import launch

ROUNDS = 5


def start(browser: Browser, port: int, path: str, ready: str) -> tuple[float, float]:
    """Seconds until the server answers, and until the page stands in the browser."""
    begun = time.perf_counter()
    with served(port) as address:
        answered = time.perf_counter() - begun
        page = browser.new_page()
        page.goto(f"{address}{path}")
        page.locator(ready).first.wait_for()
        usable = time.perf_counter() - begun
        page.close()
    return answered, usable


PAGES = (
    ("home page", "/", "[data-testid='stExpander']"),
    ("convolution page", "/convolution", ".stage[data-ready='true']"),
)


def main() -> None:
    """Measure and print."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for number, (name, path, ready) in enumerate(PAGES):
            ports = range(8594 + number * ROUNDS, 8594 + (number + 1) * ROUNDS)
            rounds = [start(browser, port, path, ready) for port in ports]
            answered, usable = (statistics.median(times) for times in zip(*rounds, strict=True))
            print(
                f"{name:17} usable after {usable:.2f} s, "
                f"{usable / answered:.1f} times the server's own {answered:.2f} s"
            )
        browser.close()


if __name__ == "__main__":
    main()
