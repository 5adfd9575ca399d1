"""Twenty browsers on one app, three of them training on one slot: errors, losses, memory.

Each browser is a session of its own. Three keep a run going (two wait while one trains) and
take its history home at the end of each; the others move a slider in turns. What is told:
messages of errors that somebody saw, batches that a history lacks, and the memory of the
Streamlit process minute by minute. The clock starts when each of the three sessions has as many
runs as the app keeps for comparison: until then memory grows by what is kept.

    python -m benchmarks.lecture_hall            # 30 minutes
    python -m benchmarks.lecture_hall 5          # 5 minutes
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from dataclasses import dataclass, field

import numpy as np
import psutil
from playwright.sync_api import Browser, Error, Page, TimeoutError, sync_playwright

from core.training.desk import MOST_RUNS
from scripts.serve import served
from tests.e2e.browser import launch

PORT = 8597
SESSIONS, TRAINING = 20, 3
EPOCHS = 10
LESSONS = {
    "/convolution?height=10&width=10": ".st-key-kernel_height",
    "/pooling?pool_height=10&pool_width=10": ".st-key-pool_size",
    "/kernels?named=gaussian&taps=5&sigma=2.0": ".st-key-sigma",
    "/descent": "[data-testid=stMain]",
}
PAUSE = 0.4
"""Seconds between two steps of sliders, somewhere in the hall."""
CLICKS = 3
"""On a download, at most."""


@dataclass
class Hall:
    """What was seen.

    Attributes:
        filling: (minutes, MiB) of the Streamlit process while runs are added to what is kept.
        memory: the same from then on.
        full_after: minutes until all runs that are kept were there.
        runs: that came to their end.
        missing: batches that histories lack.
        errors: messages on pages and in their consoles.
        steps: of sliders.
        overtaken: histories that were not compared, as another run had begun meanwhile.
        repeated: clicks on a download that came while the page was being redrawn.
    """

    filling: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    full_after: float | None = None
    runs: int = 0
    missing: int = 0
    errors: list[str] = field(default_factory=list)
    steps: int = 0
    repeated: int = 0
    overtaken: int = 0


def open_page(browser: Browser, hall: Hall, address: str) -> Page:
    """A browser of its own, on a page."""
    page = browser.new_context(accept_downloads=True).new_page()
    page.on("pageerror", lambda error: hall.errors.append(str(error)))
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=120_000)
    return page


def status(page: Page) -> str:
    """The line about the run."""
    line = page.locator(".st-key-run_status")
    return line.inner_text() if line.count() else ""


def keep_training(page: Page, hall: Hall) -> None:
    """Start a run where none goes; take the history of one that has finished."""
    start = page.get_by_role("button", name="Start", exact=True)
    if not start.count():  # a run goes, or the page is just being drawn
        return
    if "Finished" in status(page):
        hall.runs += 1
        check_history(page, hall)
    try:
        start.click(timeout=5_000)
    except TimeoutError:  # it was pressed before, and the page shows it only now
        return
    page.wait_for_timeout(500)


def check_history(page: Page, hall: Hall) -> None:
    """Every batch of the run has its line in the table."""
    before = status(page)
    told = re.search(r"batch [\d,]+ of ([\d,]+)", before)
    if told is None:  # the page is just being drawn
        hall.overtaken += 1
        return
    total = int(told[1].replace(",", ""))
    page.get_by_role("button", name="Download", exact=True).click()
    for _ in range(CLICKS):
        try:
            with page.expect_download(timeout=10_000) as promise:
                page.get_by_role("button", name="History (CSV)").click()
            text = promise.value.path().read_text()
        except Error:  # no click, no download, or one that broke off
            hall.repeated += 1
        else:
            break
    else:
        hall.errors.append("the history did not come")
        return
    page.keyboard.press("Escape")
    batches = [int(row["batch"]) for row in csv.DictReader(text.splitlines())]
    if status(page) != before:  # a late click has started another run: the history is its
        hall.overtaken += 1
        return
    hall.missing += len(set(range(1, total + 1)) - set(batches))


def attend(
    hall: Hall, pages: list[tuple[Page, str]], minutes: float, app: psutil.Process
) -> None:
    """Let the hall work until all runs are there that are kept, and so many minutes more."""
    begun = time.monotonic()
    trainers, others = pages[:TRAINING], pages[TRAINING:]
    turn = said = 0
    while True:
        now = time.monotonic()
        if hall.full_after is None and hall.runs >= TRAINING * MOST_RUNS:
            hall.full_after, begun, said = (now - begun) / 60, now, 0
        if (passed := (now - begun) / 60) >= minutes and hall.full_after is not None:
            break
        if said <= passed:
            said += 1
            size = app.memory_info().rss / 2**20
            told = hall.filling if hall.full_after is None else hall.memory
            told.append((passed, size))
            print(f"minute {passed:4.1f}: {size:.0f} MiB, {hall.runs} runs", flush=True)
        if turn % 10 == 0:
            for page, _ in trainers:
                keep_training(page, hall)
        page, slider = others[turn % len(others)]
        handle = page.locator(slider).get_by_role("slider").first
        handle.press("ArrowRight" if turn // len(others) % 2 else "ArrowLeft")
        hall.steps += 1
        turn += 1
        page.wait_for_timeout(1000 * PAUSE)
    for page, _ in pages:
        hall.errors += page.locator("[data-testid=stException]").all_inner_texts()


def serving(port: int) -> psutil.Process:
    """The process that listens on a port of this machine."""
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if "streamlit" in line and f"--server.port={port}" in line:
            return process
    raise RuntimeError("the app is not there")


def main() -> None:
    """Measure and print."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    hall = Hall()
    with served(PORT) as app, sync_playwright() as playwright:
        browser = launch(playwright)
        lessons = list(LESSONS.items())
        training = f"/training?epochs={EPOCHS}"
        pages = [(open_page(browser, hall, app + training), "") for _ in range(TRAINING)]
        for number in range(SESSIONS - TRAINING):
            path, slider = lessons[number % len(lessons)]
            pages.append((open_page(browser, hall, app + path), slider))
        attend(hall, pages, minutes, serving(PORT))
        browser.close()
    times, sizes = np.array(hall.memory).T
    slope = np.polyfit(times, sizes, 1)[0] * 60 if len(times) > 2 else float("nan")
    report = {
        "sessions": SESSIONS,
        "runs that ended": hall.runs,
        "batches that histories lack": hall.missing,
        "errors": hall.errors,
        "slider steps": hall.steps,
        "downloads clicked again": hall.repeated,
        "histories not compared": hall.overtaken,
        "minutes until all runs were there that are kept": round(hall.full_after or 0, 1),
        "MiB before": [round(size) for _, size in hall.filling[::5]],
        "MiB at minute": {f"{at:.0f}": round(size) for at, size in hall.memory[::5]},
        "MiB an hour": round(slope, 1),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
