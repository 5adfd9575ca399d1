"""A detector on scenes of shapes: how long it takes to be good, and what watching costs.

The run goes through the engine as one of the app does, with its events and looks; times count
from the call that starts it, on an engine whose workers have loaded Keras. The bare side is
`model.fit` of the same network, pictures, loss and optimiser in this process, on an idle
engine; it validates after each epoch, too, but measures no average precision.

    python -m benchmarks.detector            # both
    python -m benchmarks.detector watched    # the run alone
    python -m benchmarks.detector yolov8     # KerasCV's YOLOv8 on the same scenes, watched
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time

import numpy as np

from core.architecture.detector import anchors, parameters
from core.engine import Engine, EngineSettings
from core.training import DetectionSpec
from core.training.box_answers import evaluate_boxes
from core.training.desk import Desk
from core.training.detection import EXAMPLES

WARM = "core.training.worker.entry:warm"
GOOD, WITHIN_S, BOUND = 0.5, 60, 1.25
SPEC = DetectionSpec(augmentation="none")
"""Without mirroring, so that both sides do the same."""
YOLOV8 = EXAMPLES["yolov8"].model_copy(update={"learning_rate": 0.003})
"""With the page's rate."""


def watched(engine: Engine, spec: DetectionSpec) -> dict[str, float]:
    """Average precision on the test scenes, and seconds."""
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
        print(f"  epoch {data['epoch']:2}: {event.time - wall:5.1f} s, loss {data['loss']:.2f}"
              f", AP50 {data['validation_accuracy']:.3f}, AP {data['ap']:.3f}")  # fmt: skip
    good = [e.time - wall for e in epochs if e.data["validation_accuracy"] >= GOOD]
    ends = [event.time for event in epochs]
    judged = evaluate_boxes(engine, run.model, spec)
    return {
        "ap50_held_out": round(judged.precision.ap50, 3),
        "ap_held_out": round(judged.precision.ap, 3),
        "seconds": round(took, 1),
        "seconds_until_good": round(good[0], 1) if good else float("nan"),
        "epoch": float(np.median(np.diff(ends))),
        "memory_mib": run.latest("batches").data["memory"] // 2**20,
    }


def bare(spec: DetectionSpec, epochs: int = 4) -> float:
    """Seconds of an epoch of `model.fit`, the first one left out."""
    import keras

    from core.models.box_losses import BOX_LOSSES, costs
    from core.models.detector import build
    from core.training.worker.box_networks import targets

    dataset, split = spec.data.load()
    side = dataset.shape[0]
    keras.utils.set_random_seed(spec.seed)
    model = build(spec.detector, dataset.shape, len(dataset.class_names))
    pairs, box_loss = anchors(spec.detector, side), BOX_LOSSES[spec.box_loss]
    model.compile(
        keras.optimizers.Adam(spec.learning_rate),
        lambda target, raw: keras.ops.mean(
            keras.ops.sum(costs(target, raw, pairs, side, box_loss, spec.weights), -1)
        ),
    )
    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
    )
    images, wanted = dataset.images.astype(np.float32), targets(spec.detector, dataset)
    model.fit(
        images[split.training], wanted[split.training], batch_size=spec.batch_size,
        epochs=epochs, verbose=0, callbacks=[clock],
        validation_data=(images[split.validation], wanted[split.validation]),
    )  # fmt: skip
    return statistics.median(np.diff(ends))


def main() -> None:
    """Measure and print."""
    side = SPEC.data.image_size
    size = f"{parameters(SPEC.detector, side, 6):,} parameters, {side} pixels"
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"{size}, batch {SPEC.batch_size}, {load}")
    engine = Engine(EngineSettings())
    try:
        engine.submit_by_name("training", WARM).result()
        found = watched(engine, YOLOV8 if "yolov8" in sys.argv else DetectionSpec())
        if not sys.argv[1:]:
            plain = watched(engine, SPEC.model_copy(update={"epochs": 5}))
            alone = bare(SPEC)
            found |= {"bare_epoch": alone, "ratio": round(plain["epoch"] / alone, 3)}
    finally:
        engine.close()
    print(json.dumps(found))
    bounds = f"AP50 {GOOD} within {WITHIN_S} s, a watched epoch at most {BOUND:.2f} times"
    print(f"bounds: {bounds} a bare one; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
