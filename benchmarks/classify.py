"""From an image to its labels through the engine, against the bare compiled network.

python -m benchmarks.classify [rounds]

Both are asked in turn, so that what else the machine does meanwhile meets both alike.
"""

import os
import sys
import time

import numpy as np

from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.images.samples import SAMPLES
from core.vision.challenges import CHALLENGES
from core.vision.classify import look, sweep
from core.vision.spec import ClassifySpec

BOUND = 1.3


def milliseconds(do) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def bare():
    """The compiled network in this process, with its input ready: levels to logits."""
    import tensorflow as tf

    from core.models.zoo import load

    model = load("efficientnet-lite0")
    call = tf.function(lambda given: model(given, training=False))
    given = tf.random.uniform((1, *model.input_shape[1:]), -1, 1)
    call(given)
    return lambda: call(given).numpy()


def in_turn(alone, through, rounds: int) -> np.ndarray:
    """(rounds, 2) milliseconds."""
    return np.array([(milliseconds(alone), milliseconds(through)) for _ in range(rounds)])


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    image, spec = SAMPLES["chelsea"].load(), ClassifySpec()
    engine = Engine(EngineSettings())
    first = milliseconds(lambda: look(engine, image, spec))
    print(f"first answer, with Keras' import and the weights: {first / 1000:.1f} s")
    print("it says: " + ", ".join(f"{g.name} {g.probability:.2f}" for g in
                                  look(engine, image, spec).top(3)))  # fmt: skip
    alone = bare()
    in_turn(alone, lambda: look(engine, image, spec).top(5), 10)
    taken = in_turn(alone, lambda: look(engine, image, spec).top(5), rounds)
    for name, column in zip(("bare", "image to labels"), taken.T, strict=True):
        quarter, middle = np.percentile(column, [25, 50])
        print(f"{name}: best {column.min():.1f}, quarter {quarter:.1f}, median {middle:.1f} ms")
    best, middle = taken.min(0), np.median(taken, axis=0)
    print(f"ratio of the bests {best[1] / best[0]:.2f}, of the medians "
          f"{middle[1] / middle[0]:.2f} (bound {BOUND}); load {os.getloadavg()[0]:.1f} "
          f"on {os.cpu_count()} cores")  # fmt: skip
    print(f"where it goes: {look(engine, image, spec).stages}")
    whole = milliseconds(lambda: sweep(engine, image, spec, "rotation"))
    print(f"a slider of {len(CHALLENGES['rotation'].stops)} positions: {whole / 1000:.2f} s")
    for worker in engine.client.scheduler_info(n_workers=-1)["workers"].values():
        print(f"worker {worker['resources']}: {worker['metrics']['memory'] / 1e6:.0f} MB")
    engine.close()


if __name__ == "__main__":
    main()
