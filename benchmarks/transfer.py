"""Flowers, 5 kinds: a new head on a frozen EfficientNet-Lite0, fine-tuning, and from scratch.

60 photos of each kind to learn from (a tenth of them to watch by), 20 held out and judged once
a run has ended. Each way goes through the engine as a run of the app does; times count from
the call that starts a run, on an engine whose workers have loaded Keras, as the app's have.

    python -m benchmarks.transfer [folder with train/<kind>/*.jpg and val/<kind>/*.jpg]
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from core.data.dataset import Dataset
from core.data.resizing import fitted
from core.data.spec import DataSpec
from core.engine import Engine, EngineSettings
from core.images import decode_image
from core.training import Run, TransferSpec
from core.training.answers import evaluate
from core.training.desk import Desk
from core.training.transfer import OSLO

FOLDER = Path("../shared/data/flower_photos")
WARM = "core.training.worker.entry:warm"
SIDE = 224
DATA = DataSpec(dataset="own", image_size=SIDE, training_share=0.9, validation_share=0.09)
WAYS = {
    "frozen": TransferSpec(data=DATA),
    "a second head": OSLO.model_copy(update={"data": DATA, "augmentation": "none"}),
    "Oslo's tutorial, with flip": OSLO.model_copy(update={"data": DATA}),
    "fine-tuned": TransferSpec(data=DATA, way="finetune", epochs=5),
    "from scratch": TransferSpec(data=DATA, way="scratch", side=128, batch_size=8, epochs=10),
}


def flowers(folder: Path) -> Dataset:
    """The photos, those of "val" set aside for testing."""
    names = tuple(sorted(path.name for path in (folder / "train").iterdir() if path.is_dir()))
    images, labels, aside = [], [], []
    for part in ("train", "val"):
        for label, name in enumerate(names):
            for path in sorted((folder / part / name).glob("*.jpg")):
                if part == "val":
                    aside.append(len(images))
                images.append(fitted(decode_image(path.read_bytes()), SIDE, SIDE))
                labels.append(label)
    return Dataset(
        "own", "Flowers", np.stack(images), np.array(labels), names, "TensorFlow", "CC BY",
        published_test=np.array(aside),
    )  # fmt: skip


def timed(desk: Desk, spec: TransferSpec, own: Dataset) -> tuple[Run[TransferSpec], float]:
    """A run that has ended, and the seconds it took with its model."""
    begun = time.perf_counter()
    run = desk.start(spec, "benchmark", own)
    run.wait()
    took = time.perf_counter() - begun
    if run.state != "finished":
        raise RuntimeError(f"{run.state}: {run.reason}")
    return run, took


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not (folder / "train").is_dir():
        print(f"There are no photos in {folder}: give the folder that has train and val.")
        return
    own = flowers(folder)
    result = {}
    engine = Engine(EngineSettings())
    try:
        engine.submit_by_name("training", WARM).result()
        desk = Desk(lambda: engine)
        for name, spec in WAYS.items():
            run, took = timed(desk, spec, own)
            judged = evaluate(engine, run.model, spec, own)
            memory = run.latest("batches").data["memory"]
            facts = run.latest("started").data
            result[name] = {"accuracy": round(judged.accuracy, 3), "seconds": round(took, 1)}
            print(
                f"  {name:28} {judged.accuracy:6.1%} of {judged.count} held out, "
                f"{took:6.1f} s, {facts['trainable']:>9,} of {facts['parameters']:,} learnt, "
                f"{memory / 2**20:,.0f} MiB",
                flush=True,
            )
    finally:
        engine.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
