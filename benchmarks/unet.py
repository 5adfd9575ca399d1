"""A U-Net on scenes of shapes: how long it takes to be good, and what watching costs.

The run goes through the engine as one of the app does, with its events and looks; times count
from the call that starts it, on an engine whose workers have loaded Keras. The bare side is
`model.fit` of the same network, pictures, loss and optimiser in this process, on an idle
engine. Both validate after each epoch.

    python -m benchmarks.unet            # both
    python -m benchmarks.unet watched    # the run alone
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time

import numpy as np

from core.architecture.unet import parameters
from core.engine import Engine, EngineSettings
from core.training import SegmentationSpec
from core.training.desk import Desk
from core.training.mask_answers import evaluate_masks

WARM = "core.training.worker.entry:warm"
GOOD, WITHIN_S, BOUND = 0.85, 120, 1.10
SPEC = SegmentationSpec()


def watched(engine: Engine, spec: SegmentationSpec) -> dict[str, float]:
    """Mean IoU on the test scenes, and seconds."""
    desk = Desk(lambda: engine)
    begun, wall = time.perf_counter(), time.time()
    run = desk.start(spec, "benchmark")
    run.wait()
    took = time.perf_counter() - begun
    if run.state != "finished":
        raise RuntimeError(f"{run.state}: {run.reason}")
    epochs = [event for event in run.history() if event.kind == "epoch"]
    for event in epochs:
        data = event.data
        print(f"  epoch {data['epoch']:2}: {event.time - wall:5.1f} s, loss "
              f"{data['loss']:.3f}, mean IoU {data['validation_accuracy']:.3f}")  # fmt: skip
    good = [e.time - wall for e in epochs if e.data["validation_accuracy"] >= GOOD]
    ends = [event.time for event in epochs]
    judged = evaluate_masks(engine, run.model, spec)
    names = run.pictures().class_names
    print("  held out: " + ", ".join(f"{n} {v:.2f}" for n, v in
                                     zip(names, judged.class_ious, strict=True)))  # fmt: skip
    return {
        "mean_iou_held_out": round(judged.mean_iou, 3),
        "seconds": round(took, 1),
        "seconds_until_good": round(good[0], 1) if good else float("nan"),
        "epoch": float(np.median(np.diff(ends))),
        "memory_mib": run.latest("batches").data["memory"] // 2**20,
    }


def bare(spec: SegmentationSpec, epochs: int = 4) -> float:
    """Seconds of an epoch of `model.fit`, the first one left out."""
    import keras

    from core.models.unet import build
    from core.training.worker.mask_losses import mask_loss

    dataset, split = spec.data.load()
    classes = len(dataset.class_names)
    keras.utils.set_random_seed(spec.seed)
    model = build(spec.unet, dataset.shape, classes)
    model.compile(
        keras.optimizers.Adam(spec.learning_rate),
        lambda target, logits: mask_loss(spec.mask_loss, target, logits),
    )
    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
    )
    images = dataset.images.astype(np.float32)
    targets = keras.utils.to_categorical(dataset.masks, classes)
    model.fit(
        images[split.training], targets[split.training], batch_size=spec.batch_size,
        epochs=epochs, verbose=0, callbacks=[clock],
        validation_data=(images[split.validation], targets[split.validation]),
    )  # fmt: skip
    return statistics.median(np.diff(ends))


def main() -> None:
    """Measure and print."""
    size = f"{parameters(SPEC.unet, 3, 7):,} parameters, {SPEC.data.image_size} pixels"
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"{size}, batch {SPEC.batch_size}, {load}")
    engine = Engine(EngineSettings())
    try:
        engine.submit_by_name("training", WARM).result()
        found = watched(engine, SPEC)
        if sys.argv[1:] != ["watched"]:
            alone = bare(SPEC)
            found |= {"bare_epoch": alone, "ratio": round(found["epoch"] / alone, 3)}
    finally:
        engine.close()
    print(json.dumps(found))
    bounds = f"mean IoU {GOOD} within {WITHIN_S} s, a watched epoch at most {BOUND:.2f} times"
    print(f"bounds: {bounds} a bare one; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
