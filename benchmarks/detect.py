"""From an image to boxes, through the engine, against the bare network and a NumPy NMS.

python -m benchmarks.detect [rounds]

All are asked in turn, so that what else the machine does meanwhile meets all alike. The bare
side is the Keras model in this process, compiled with `tf.function`, with its input ready, the
decoding of its maps, and the suppression; beside it the same with the weights as constants, as
the engine has it. Ours begins at the photo and goes to another process and back. Then the part
that a threshold's slider asks for alone.
"""

import os
import sys
import time

import numpy as np

from core.assets import path
from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.images.samples import SAMPLES
from core.vision.candidates import Choice, choose
from core.vision.detect import candidates, letterbox
from core.vision.letterbox import put_in
from core.vision.metrics import nms
from core.vision.yolo_head import decode_tiny
from core.zoo.detectors import DETECTORS, TINY

BOUND = 1.2
SIDES = (320, 416)


def milliseconds(do) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def bare(image, side, frozen):
    """The compiled network in this process, its input ready; then NumPy."""
    import tensorflow as tf

    from core.models.zoo.detecting import load_detector
    from core.vision.worker.networks import compiled_maps

    entry = DETECTORS[TINY]
    model = load_detector(TINY)
    call = compiled_maps(model) if frozen else tf.function(lambda x: model(x, training=False))
    pixels = put_in(image, letterbox(image, TINY, side), entry.fill)
    tensor = tf.constant(entry.preprocessing.apply(pixels)[None])

    def run():
        heads = decode_tiny([part.numpy()[0] for part in call(tensor)], side)
        boxes = np.concatenate([head.boxes.reshape(-1, 4) for head in heads])
        scores = np.concatenate([head.scores.reshape(-1, head.classes) for head in heads])
        best, sure = scores.argmax(axis=1), scores.max(axis=1)
        likely = np.flatnonzero(sure >= 0.25)
        return nms(boxes[likely], sure[likely], 0.45, best[likely])

    return run


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    path(TINY)
    image = SAMPLES["coffee"].load()
    engine = Engine(EngineSettings())
    first = milliseconds(lambda: candidates(engine, image))
    print(f"first answer, with Keras' import and the weights: {first / 1000:.1f} s")
    for side in SIDES:
        alone, frozen = bare(image, side, False), bare(image, side, True)

        def whole(side=side):
            return choose(candidates(engine, image, TINY, side), Choice())

        ways = {"bare": alone, "bare, weights constant": frozen, "image to boxes": whole}
        for _ in range(3):
            for do in ways.values():
                do()
        taken = np.array([[milliseconds(do) for do in ways.values()] for _ in range(rounds)])
        best, middle = taken.min(0), np.median(taken, axis=0)
        for name, low, mid in zip(ways, best, middle, strict=True):
            print(f"{side} x {side}, {name}: best {low:.0f}, median {mid:.0f} ms")
        print(f"  ratio to bare: bests {best[2] / best[0]:.2f}, medians "
              f"{middle[2] / middle[0]:.2f} (bound {BOUND}); to constant weights "
              f"{best[2] / best[1]:.2f}, {middle[2] / middle[1]:.2f}")  # fmt: skip
        said = candidates(engine, image, TINY, side)
        print(f"  where it goes: {said.stages}, decoding {said.decode_ms:.1f} ms")
        steps = [milliseconds(lambda said=said: choose(said, Choice())) for _ in range(200)]
        print(f"  a threshold alone: median {np.median(steps):.2f} ms")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    engine.close()


if __name__ == "__main__":
    main()
