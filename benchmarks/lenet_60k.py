"""LeNet-5 on 60,000 pictures of 28 x 28: an epoch through the engine against bare scripts.

The bare scripts are what somebody who knows Keras would write: arrays or tf.data, steps in one
execution, jit. All train the same network on the same pictures in batches of 64; each is given
an epoch to warm up. Pictures are noise: what is in them changes nothing in the time. A machine
is not as fast at all times: the fastest scripts and the engine are all there at once and take
turns, an epoch each, while the others wait. What counts is the median of the rounds' ratios.

    python -m benchmarks.lenet_60k
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, cast

import numpy as np

from benchmarks.cluster import shared_engine
from core.architecture import PRESETS
from core.data.dataset import Dataset
from core.data.spec import DataSpec
from core.engine import Engine
from core.export.model_code import ModelSpec, model_source
from core.training import RunSpec
from core.training.desk import Desk
from scripts.serve import ROOT

PICTURES = 60_000
SHARE, HELD_OUT = 0.98, 0.01
BATCH = 64
ROUNDS = 16
TRIED = 3
"""Epochs to find the fastest scripts by, the first one left out."""
CANDIDATES = 2
LENET = PRESETS["lenet"].architecture

ARRAYS, DATA = "images, labels, batch_size=BATCH", "data"
WAYS = {
    "arrays": (ARRAYS, 1, False),
    "arrays, 32 steps at once": (ARRAYS, 32, False),
    "arrays, 128 steps at once": (ARRAYS, 128, False),
    "arrays, 32 steps at once, jit": (ARRAYS, 32, True),
    "tf.data": (DATA, 1, False),
    "tf.data, 32 steps at once": (DATA, 32, False),
    "tf.data, 128 steps at once": (DATA, 128, False),
}
"""Ways to train: what `fit` is given, `steps_per_execution`, `jit_compile`."""

BARE = """
import sys
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

BATCH = {batch}
images = np.random.default_rng(0).integers(0, 256, ({pictures}, 28, 28, 1)).astype("uint8")
labels = np.random.default_rng(1).integers(0, 10, {pictures})
{source}

class Paced(keras.callbacks.Callback):
    def begin(self):
        if not sys.stdin.readline():
            sys.exit()
        self.begun = time.perf_counter()

    def on_train_begin(self, logs=None):
        self.begin()

    def on_epoch_end(self, epoch, logs=None):
        print(time.perf_counter() - self.begun, flush=True)
        self.begin()


loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
data = tf.data.Dataset.from_tensor_slices((images, labels)).cache().shuffle({pictures})
data = data.batch(BATCH).prefetch(tf.data.AUTOTUNE)
model.compile(
    "adam", loss, metrics=["accuracy"], steps_per_execution={steps}, jit_compile={jit}
)
model.fit({given}, epochs=1000, verbose=0, callbacks=[Paced()])
"""

Epoch = Callable[[], float]
"""Trains an epoch more and gives its seconds."""


@contextmanager
def bare(way: str) -> Iterator[Epoch]:
    """A script of its own."""
    source = model_source(ModelSpec(LENET, (28, 28, 1), 10))
    given, steps, jit = WAYS[way]
    script = BARE.format(
        batch=BATCH, pictures=PICTURES, source=source, given=given, steps=steps, jit=jit
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    to_it, from_it = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

    def epoch() -> float:
        to_it.write("go\n")
        to_it.flush()
        return float(from_it.readline())

    try:
        yield epoch
    finally:
        to_it.close()
        process.wait()


def pictures() -> tuple[Dataset, DataSpec]:
    """As many as leave `PICTURES` for training, and how they are divided."""
    count = round(PICTURES / SHARE)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28, 1)).astype(np.uint8)
    labels = np.arange(count) % 10
    names = tuple("0123456789")
    own = Dataset("own", "Noise", images, labels, names, "", "")
    return own, DataSpec(dataset="own", training_share=SHARE, validation_share=HELD_OUT)


@contextmanager
def through_the_engine(engine: Engine) -> Iterator[Epoch]:
    """A run that is told in full and validated, by the worker's own clock."""
    own, data = pictures()
    spec = RunSpec(data=data, architecture=LENET, batch_size=BATCH, epochs=ROUNDS + 2)
    run = Desk(lambda: engine).start(spec, "benchmark", own, paused=True)
    count = len(run.split().training)
    if abs(count - PICTURES) > 0.001 * PICTURES:
        raise RuntimeError(f"{count:,} pictures are trained on, not {PICTURES:,}")

    seen = -1

    def until(kind: str) -> float:
        nonlocal seen
        for event in run.events():
            if event.number > seen and event.kind == kind:
                seen = event.number
                return event.time
        raise RuntimeError(run.reason)

    until("paused")

    def epoch() -> float:
        run.one_epoch()
        begun = until("resumed")
        took = until("epoch") - begun
        until("paused")
        return took

    try:
        yield epoch
    finally:
        run.stop()
        run.wait()


def tried(way: str) -> float:
    """Seconds of a script's best epoch."""
    with bare(way) as epoch:
        return min([epoch() for _ in range(TRIED + 1)][1:])


def main() -> None:
    """Find the fastest bare scripts, then let them and the engine take turns."""
    best = {way: tried(way) for way in WAYS}
    print(f"{PICTURES:,} pictures, batches of {BATCH}; seconds of an epoch, best of {TRIED}")
    for way, seconds in best.items():
        print(f"  {way:32} {seconds:6.2f}", flush=True)
    fastest = sorted(WAYS, key=best.__getitem__)[:CANDIDATES]
    with ExitStack() as running:
        engine = running.enter_context(shared_engine())
        sides = {"engine": running.enter_context(through_the_engine(engine))}
        sides |= {way: running.enter_context(bare(way)) for way in fastest}
        rounds = [[epoch() for epoch in sides.values()] for _ in range(ROUNDS + 1)]
    times = np.array(rounds[1:])
    print(f"the {CANDIDATES} fastest and the engine in {ROUNDS} rounds: best, median")
    for name, values in zip(sides, times.T, strict=True):
        print(f"  {name:32} {values.min():6.2f} {np.median(values):6.2f}")
    told = {
        f"engine / {way}": {
            "median of the rounds' ratios": round(float(np.median(times[:, 0] / values)), 3),
            "ratio of medians": round(float(np.median(times[:, 0]) / np.median(values)), 3),
            "ratio of bests": round(float(times[:, 0].min() / values.min()), 3),
        }
        for way, values in zip(fastest, times.T[1:], strict=True)
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
