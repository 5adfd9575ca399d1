"""LeNet-5 on 60,000 pictures of 28 x 28: an epoch through the engine against bare scripts.

The bare scripts are what somebody who knows Keras would write: arrays or tf.data, steps in one
execution, jit. All train the same network on the same pictures in batches of 64; each is given
an epoch to warm up. Pictures are noise: what is in them changes nothing in the time. The bests
of a side grow with the number of its tries: the fastest scripts and the engine have equally
many, taking turns, since a machine is not as fast at all times.

    python -m benchmarks.lenet_60k
"""

from __future__ import annotations

import json
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
EPOCHS = 4
TURNS = 5
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
print(*times[1:])
"""


def bare(way: str) -> list[float]:
    """Seconds of each epoch but the first, of a script of its own."""
    source = model_source(ModelSpec(LENET, (28, 28, 1), 10))
    given, steps, jit = WAYS[way]
    script = BARE.format(
        batch=BATCH, pictures=PICTURES, source=source, given=given, steps=steps, jit=jit,
        epochs=EPOCHS,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [float(seconds) for seconds in done.stdout.split()[-EPOCHS + 1 :]]


def pictures() -> tuple[Dataset, DataSpec]:
    """As many as leave `PICTURES` for training, and how they are divided."""
    count = round(PICTURES / SHARE)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28, 1)).astype(np.uint8)
    labels = np.arange(count) % 10
    names = tuple("0123456789")
    own = Dataset("own", "Noise", images, labels, names, "", "")
    return own, DataSpec(dataset="own", training_share=SHARE, validation_share=HELD_OUT)


def through_the_engine(desk: Desk, own: Dataset, data: DataSpec) -> tuple[list[float], int]:
    """The same of a run that is told in full and validated, and its pictures."""
    spec = RunSpec(data=data, architecture=LENET, batch_size=BATCH, epochs=EPOCHS)
    run = desk.start(spec, "benchmark", own)
    events = list(run.events())
    if run.state != "finished":
        raise RuntimeError(run.reason)
    ends = [event.time for event in events if event.kind == "epoch"]
    return np.diff(ends).tolist(), len(run.split().training)


def main() -> None:
    """Find the fastest bare script, then let it and the engine take turns."""
    own, data = pictures()
    with shared_engine() as engine:
        desk = Desk(lambda: engine)
        _, count = through_the_engine(desk, own, data)  # the workers load Keras
        tried = {way: min(bare(way)) for way in WAYS}
        print(f"{count:,} pictures, batches of {BATCH}; seconds of an epoch, best")
        for way, seconds in tried.items():
            print(f"  {way:32} {seconds:6.2f}", flush=True)
        fastest = sorted(WAYS, key=tried.__getitem__)[:CANDIDATES]
        times: dict[str, list[list[float]]] = {name: [] for name in ("engine", *fastest)}
        for _ in range(TURNS):
            times["engine"].append(through_the_engine(desk, own, data)[0])
            for way in fastest:
                times[way].append(bare(way))
    every = {name: np.concatenate(turns) for name, turns in times.items()}
    print(f"the {CANDIDATES} fastest and the engine in {TURNS} turns: best and median")
    for name, values in every.items():
        print(f"  {name:32} {values.min():6.2f} {np.median(values):6.2f}")
    best = {name: float(values.min()) for name, values in every.items()}
    middle = {name: float(np.median(values)) for name, values in every.items()}
    told = {
        f"engine / fastest, {what}": round(
            found["engine"] / min(found[way] for way in fastest), 3
        )
        for what, found in (("bests", best), ("medians", middle))
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
