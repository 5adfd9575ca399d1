"""Masks from few pictures: a pretrained encoder with a small decoder, and a U-Net that knows
nothing yet, with the same scenes, steps and loss.

Every run goes through the engine as one of the app does. What is told are mean IoU on scenes
that nobody has seen (a hundred), and seconds.

    python -m benchmarks.few_masks             # 20 and 30 scenes to learn from, 96 pixels
    python -m benchmarks.few_masks 10 40       # other numbers of scenes
"""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np

from core.data.masked import SceneSpec
from core.engine import Engine, EngineSettings
from core.training.desk import Desk
from core.training.mask_answers import masks_of
from core.training.segmentation import EXAMPLES, SegmentationSpec
from core.vision.metrics import mean_iou

WARM = "core.training.worker.entry:warm"
SLUGS = ("few-scratch", "few-lite0", "few-lite0-trained")
HELD_OUT = 100
GAIN = 0.1


def measured(engine: Engine, spec: SegmentationSpec) -> dict[str, float]:
    """Mean IoU on scenes that are drawn for this alone, and seconds from the start."""
    desk = Desk(lambda: engine)
    begun = time.perf_counter()
    run = desk.start(spec, "benchmark")
    run.wait()
    took = time.perf_counter() - begun
    if run.state != "finished" or run.model is None:
        raise RuntimeError(f"{run.state}: {run.reason}")
    fresh = SceneSpec(images=HELD_OUT, image_size=spec.data.image_size, image_seed=99)
    scenes = fresh.pictures()
    said, _ = masks_of(engine, run.model, scenes.images)
    told = {event.kind: event.data for event in run.history()}
    return {
        "mean_iou_held_out": round(mean_iou(scenes.masks, said, len(scenes.class_names)), 3),
        "seconds": round(took, 1),
        "seconds_of_steps": round(float(told["epoch"]["elapsed"]), 1),
        "learnt": int(told["started"]["trainable"]),
        "parameters": int(told["started"]["parameters"]),
    }


def with_scenes(spec: SegmentationSpec, count: int) -> SegmentationSpec:
    """The same run with so many scenes to learn from, and as many steps."""
    images = max(2 * count, 20)
    data = spec.data.model_copy(update={"images": images, "training_share": count / images})
    steps = spec.steps(30)
    epochs = round(steps / int(np.ceil(count / spec.batch_size)))
    return spec.model_copy(update={"data": data, "epochs": epochs})


def main() -> None:
    """Measure and print."""
    counts = [int(word) for word in sys.argv[1:]] or [20, 30]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    engine = Engine(EngineSettings())
    found: dict[str, dict[str, float]] = {}
    try:
        engine.submit_by_name("training", WARM).result()
        for count in counts:
            for slug in SLUGS:
                name = f"{count} scenes, {slug}"
                found[name] = measured(engine, with_scenes(EXAMPLES[slug], count))
                print(f"  {name}: {json.dumps(found[name])}", flush=True)
    finally:
        engine.close()
    bound = f"frozen at least {GAIN} above scratch, held out"
    print(f"bound: {bound}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
