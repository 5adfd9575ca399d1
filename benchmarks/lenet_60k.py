"""LeNet-5 on 60,000 pictures of 28 x 28: an epoch through the engine against bare scripts.

The bare scripts are what somebody who knows Keras would write: arrays or tf.data, steps in one
execution, jit. All train the same network on the same pictures in batches of 64; each is given
an epoch to warm up. Pictures are noise: what is in them changes nothing in the time.

    python -m benchmarks.lenet_60k
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

import numpy as np

from benchmarks.cluster import shared_engine
from core.architecture import PRESETS
from core.data.dataset import Dataset
from core.data.spec import DataSpec
from core.export.model_code import ModelSpec, model_source
from core.training import RunSpec
from core.training.desk import Desk
from scripts.serve import ROOT

PICTURES = 60_000
SHARE, HELD_OUT = 0.98, 0.01
BATCH = 64
EPOCHS = 3
TURNS = 3
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
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

BATCH = {batch}
images = np.random.default_rng(0).integers(0, 256, ({pictures}, 28, 28, 1)).astype("uint8")
labels = np.random.default_rng(1).integers(0, 10, {pictures})
{source}

class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        times.append(time.perf_counter() - self.begun)


times = []
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
data = tf.data.Dataset.from_tensor_slices((images, labels)).cache().shuffle({pictures})
data = data.batch(BATCH).prefetch(tf.data.AUTOTUNE)
model.compile(
    "adam", loss, metrics=["accuracy"], steps_per_execution={steps}, jit_compile={jit}
)
model.fit({given}, epochs={epochs}, verbose=0, callbacks=[Clock()])
print(min(times[1:]))
"""


def bare(way: str) -> float:
    """Seconds of an epoch of a script of its own."""
    source = model_source(ModelSpec(LENET, (28, 28, 1), 10))
    given, steps, jit = WAYS[way]
    script = BARE.format(
        batch=BATCH, pictures=PICTURES, source=source, given=given, steps=steps, jit=jit,
        epochs=EPOCHS,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def pictures() -> tuple[Dataset, DataSpec]:
    """As many as leave `PICTURES` for training, and how they are divided."""
    count = round(PICTURES / SHARE)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28, 1)).astype(np.uint8)
    labels = np.arange(count) % 10
    names = tuple("0123456789")
    own = Dataset("own", "Noise", images, labels, names, "", "")
    return own, DataSpec(dataset="own", training_share=SHARE, validation_share=HELD_OUT)


def through_the_engine(desk: Desk, own: Dataset, data: DataSpec) -> tuple[float, int]:
    """Seconds of an epoch of a run that is told in full, validated, and its pictures."""
    spec = RunSpec(data=data, architecture=LENET, batch_size=BATCH, epochs=EPOCHS)
    run = desk.start(spec, "benchmark", own)
    events = list(run.events())
    if run.state != "finished":
        raise RuntimeError(run.reason)
    ends = [event.time for event in events if event.kind == "epoch"]
    times = np.diff(ends)
    return float(min(times)), len(run.split().training)


def main() -> None:
    """Measure and print."""
    own, data = pictures()
    times: dict[str, list[float]] = {}
    with shared_engine() as engine:
        desk = Desk(lambda: engine)
        for _ in range(TURNS):
            seconds, count = through_the_engine(desk, own, data)
            times.setdefault("engine", []).append(seconds)
            for way in WAYS:
                times.setdefault(way, []).append(bare(way))
    best = {name: min(values) for name, values in times.items()}
    fastest = min(WAYS, key=best.__getitem__)
    print(f"{count:,} pictures, batches of {BATCH}; seconds of an epoch, best and median")
    for name, values in times.items():
        print(f"  {name:32} {min(values):6.2f} {statistics.median(values):6.2f}")
    ratio = best["engine"] / best[fastest]
    print(json.dumps({"fastest bare": fastest, "engine / fastest": round(ratio, 3)}))


if __name__ == "__main__":
    main()
