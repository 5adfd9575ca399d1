"""From an image to its class through the engine, against the bare compiled network.

python -m benchmarks.classify [repeats]
"""

import sys
import time

import numpy as np

from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.images.samples import SAMPLES
from core.vision.challenges import CHALLENGES
from core.vision.classify import look, sweep
from core.vision.spec import ClassifySpec


def milliseconds(do, repeats: int) -> np.ndarray:
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        do()
        taken.append((time.perf_counter() - begun) * 1000)
    return np.array(taken)


def through_the_engine(engine: Engine, repeats: int) -> np.ndarray:
    image, spec = SAMPLES["chelsea"].load(), ClassifySpec()
    begun = time.perf_counter()
    first = look(engine, image, spec)
    print(
        f"first answer, with Keras' import and the weights: {time.perf_counter() - begun:.1f} s"
    )
    print("  it says: " + ", ".join(f"{g.name} {g.probability:.2f}" for g in first.top(3)))
    taken = milliseconds(lambda: look(engine, image, spec), repeats)
    stages = look(engine, image, spec).stages
    print(
        f"warm: {taken.min():.1f} ms at best, {np.median(taken):.1f} ms median; last: {stages}"
    )
    begun = time.perf_counter()
    sweep(engine, image, spec, "rotation")
    count = len(CHALLENGES["rotation"].stops)
    print(f"a slider of {count} positions: {time.perf_counter() - begun:.2f} s")
    for worker in engine.client.scheduler_info(n_workers=-1)["workers"].values():
        print(f"worker {worker['resources']}: {worker['metrics']['memory'] / 1e6:.0f} MB")
    return taken


def bare(repeats: int) -> np.ndarray:
    import tensorflow as tf

    from core.models.zoo import load

    model = load("efficientnet-lite0")
    call = tf.function(lambda given: model(given, training=False))
    given = tf.zeros((1, *model.input_shape[1:]))
    call(given)
    return milliseconds(lambda: call(given).numpy(), repeats)


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    engine = Engine(EngineSettings())
    warm = through_the_engine(engine, repeats)
    engine.close()
    alone = bare(repeats)
    print(f"bare: {alone.min():.1f} ms at best, {np.median(alone):.1f} ms median")
    print(f"engine / bare: {warm.min() / alone.min():.2f} at best")


if __name__ == "__main__":
    main()
