"""An epoch that is watched in the app against the same `model.fit` in a bare script.

The app, its browser and the engine share the machine while the run goes, as on a laptop. Both
sides begin with the same weights and see the same pictures; both validate after each epoch.
They take turns.

    python -m benchmarks.watched_epoch                 # LeNet-5 and the small VGG
    python -m benchmarks.watched_epoch resnet          # another network
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.cluster import newest_run, shared_engine, whole_history
from core.architecture import PRESETS
from core.engine import Engine
from core.export.training_code import training_script
from core.training import RunSpec
from scripts.serve import ROOT, served
from tests.e2e.browser import launch

NETWORKS = ("lenet", "vgg")
EPOCHS = {"lenet": 40}
FEW_EPOCHS = 15
TURNS = 3
PATIENCE = 600_000
BARE = """
import time


class Clock(keras.callbacks.Callback):
    ends = []

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(time.perf_counter())


targets = keras.utils.to_categorical(labels, {classes})
model.fit(
    images[training], targets[training], batch_size={batch_size}, epochs={epochs}, verbose=0,
    validation_data=(images[validation], targets[validation]), callbacks=[Clock()],
)
print((Clock.ends[-1] - Clock.ends[0]) / ({epochs} - 1))
"""


def bare(spec: RunSpec) -> float:
    """Seconds of an epoch in a script of its own, the first one left out."""
    dataset, _ = spec.data.load()
    classes = len(dataset.class_names)
    script = training_script(spec, dataset.shape, classes)
    script = script[: script.index("# Train.")] + BARE.format(
        classes=classes, batch_size=spec.batch_size, epochs=spec.epochs
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def watched(browser: Browser, app: str, engine: Engine, spec: RunSpec, name: str) -> float:
    """Seconds of an epoch, by the worker's own clock, the first one left out."""
    page = browser.new_page()
    page.goto(f"{app}/training?epochs={spec.epochs}&network={name}")
    page.get_by_role("button", name="Start", exact=True).click()
    events = whole_history(engine, newest_run(engine), spec)
    expect(page.locator(".st-key-run_status")).to_contain_text("Finished", timeout=PATIENCE)
    page.close()
    ends = [event.time for event in events if event.kind == "epoch"]
    if len(ends) != spec.epochs:
        raise RuntimeError(f"{len(ends)} epochs were told of {spec.epochs}: {events[-1]}")
    return (ends[-1] - ends[0]) / (spec.epochs - 1)


def main() -> None:
    """Measure and print."""
    for name in sys.argv[1:] or NETWORKS:
        epochs = EPOCHS.get(name, FEW_EPOCHS)
        spec = RunSpec(architecture=PRESETS[name].architecture, epochs=epochs)
        with shared_engine() as engine, served(8595) as app, sync_playwright() as playwright:
            browser = launch(playwright)
            watched(browser, app, engine, spec, name)  # loads Keras
            seconds = [
                (watched(browser, app, engine, spec, name), bare(spec)) for _ in range(TURNS)
            ]
            browser.close()
        report = {
            "network": name,
            "epochs": epochs,
            "watched": [round(pair[0], 3) for pair in seconds],
            "bare": [round(pair[1], 3) for pair in seconds],
            "ratio of medians": round(
                statistics.median(pair[0] for pair in seconds)
                / statistics.median(pair[1] for pair in seconds),
                3,
            ),
        }
        print(json.dumps(report))


if __name__ == "__main__":
    main()
