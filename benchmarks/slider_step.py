"""From key press to changed picture: the convolution page against an empty page.

Both apps run at the same time, on the same machine and in the same browser; steps alternate
between them, so that whatever else the machine does hits both. Prints medians and their ratio.

    python -m benchmarks.slider_step
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.browser import launch

ROOT = Path(__file__).parents[1]
STEPS = 40
WARM_UP = 6

# Starts the clock at the key press, stops it at the first frame after the DOM has changed.
_TIMER = """
([slider, watched]) => new Promise((resolve) => {
  let start;
  slider.addEventListener("keydown", () => { start = performance.now(); },
                          { capture: true, once: true });
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - start));
  });
  observer.observe(watched, { childList: true, characterData: true, subtree: true });
  slider.focus();
  window.__armed = true;
})
"""


def serve(script: Path, port: int) -> subprocess.Popen[bytes]:
    """Start an app and wait until it answers."""
    options = [
        f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none",
    ]  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    app = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1)
        except OSError:
            time.sleep(0.1)
        else:
            return app
    raise RuntimeError(f"{script.name} did not start within 20 s")


def step(page: Page, slider: str, watched: str, key: str) -> float:
    """Milliseconds from the key to the next painted change."""
    handles = [
        page.locator(slider).get_by_role("slider").element_handle(),
        page.locator(watched).first.element_handle(),
    ]
    page.evaluate("() => { window.__armed = false; }")
    page.evaluate(
        "(args) => { window.__result = null; ("
        + _TIMER
        + ")(args).then((ms) => { window.__result = ms; }); }",
        handles,
    )
    page.wait_for_function("() => window.__armed")
    page.keyboard.press(key)
    page.wait_for_function("() => window.__result !== null", timeout=20_000)
    took = float(page.evaluate("() => window.__result"))
    page.wait_for_timeout(350)
    return took


def measure() -> tuple[list[float], list[float]]:
    """Times of the empty page and of the convolution page."""
    apps = [
        serve(ROOT / "benchmarks" / "empty_page.py", 8591),
        serve(ROOT / "streamlit_app.py", 8592),
    ]
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            empty, lesson = browser.new_page(), browser.new_page()
            empty.goto("http://localhost:8591")
            lesson.goto("http://localhost:8592/convolution?height=12&width=12")
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
    finally:
        for app in apps:
            app.terminate()


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
