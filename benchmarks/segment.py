"""From an image to the map of what stands out, through the engine, against the bare runtime.

python -m benchmarks.segment [rounds]

Both are asked in turn, so that what else the machine does meanwhile meets both alike. OpenCV
runs the published file beside them; with onnxruntime installed, that too: neither is needed by
the app, they show why it has chosen TensorFlow.
"""

import importlib.util
import os
import sys
import time

import numpy as np

from core.assets import here
from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.images.samples import SAMPLES
from core.vision.prepare import resized
from core.vision.segment import salient
from core.zoo.segmenters import SALIENCY, SEGMENTERS

BOUND = 1.2
WEIGHTS = SEGMENTERS[SALIENCY].call


def milliseconds(do) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def bare(given):
    """The compiled network in this process, its input ready."""
    import tensorflow as tf

    from core.models.zoo.segmenting import load_segmenter
    from core.vision.worker.networks import compiled

    call = compiled(load_segmenter(SALIENCY))
    tensor = tf.constant(given)
    return lambda: call(tensor).numpy()


def by_opencv(given):
    """OpenCV's own runtime."""
    import cv2

    network = cv2.dnn.readNetFromONNX(str(here(WEIGHTS)))
    names, planes = network.getUnconnectedOutLayersNames(), as_planes(given)

    def run():
        network.setInput(planes)
        return network.forward(names)[0]

    return run


def by_onnxruntime(given):
    """The runtime of the file's makers."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(here(WEIGHTS)))
    named = {session.get_inputs()[0].name: as_planes(given)}
    first = [session.get_outputs()[0].name]
    return lambda: session.run(first, named)[0]


def as_planes(given):
    return np.ascontiguousarray(given.transpose(0, 3, 1, 2))


def main() -> None:
    from core.vision.worker.segment import as_trained

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    image = SAMPLES["coffee"].load()
    given = as_trained(resized(image, SEGMENTERS[SALIENCY].side, "squash"))[None]
    engine = Engine(EngineSettings())
    first = milliseconds(lambda: salient(engine, image))
    print(f"first answer, with Keras' import and the weights: {first / 1000:.1f} s")
    sides = {"bare TensorFlow": bare(given), "image to map": lambda: salient(engine, image)}
    sides["OpenCV"] = by_opencv(given)
    if importlib.util.find_spec("onnxruntime"):
        sides["onnxruntime"] = by_onnxruntime(given)
    for do in sides.values():
        do()
    taken = np.array([[milliseconds(do) for do in sides.values()] for _ in range(rounds)])
    for name, column in zip(sides, taken.T, strict=True):
        print(f"{name}: best {column.min():.0f}, median {np.median(column):.0f} ms")
    best, middle = taken.min(0), np.median(taken, axis=0)
    print(f"ratio of the bests {best[1] / best[0]:.2f}, of the medians "
          f"{middle[1] / middle[0]:.2f} (bound {BOUND}); load {os.getloadavg()[0]:.1f} "
          f"on {os.cpu_count()} cores")  # fmt: skip
    print(f"where it goes: {salient(engine, image).stages}")
    for worker in engine.client.scheduler_info(n_workers=-1)["workers"].values():
        print(f"worker {worker['resources']}: {worker['metrics']['memory'] / 1e6:.0f} MB")
    engine.close()


if __name__ == "__main__":
    main()
