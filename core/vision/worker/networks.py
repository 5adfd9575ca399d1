"""Networks of the zoo that a worker keeps warm, each compiled once."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

# What tf.lite and tf.saved_model.optimize build on; TensorFlow offers no other way to it.
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core.models.zoo import load
from core.models.zoo.detecting import load_detector
from core.models.zoo.segmenting import load_segmenter
from core.zoo.detectors import DETECTORS
from core.zoo.segmenters import SEGMENTERS

MOST_NETWORKS = 4
"""Networks that a worker keeps; the one used longest ago goes."""
MOST_BYTES = 700_000_000
"""Weights of all kept networks together: a worker has 2 GiB, and Keras alone takes 0.8."""
CHUNK = 8
"""Images that go through at once: more is no faster on a processor, and needs more memory."""

ANY_SIDE = 64
"""Side of the first picture that a network for pictures of any size is given."""

MOST_FROZEN = 60_000_000
"""Parameters of a network up to which its weights are made constants: that takes twice the
memory for a moment, and a graph holds no more than 2 GB."""

Floats = npt.NDArray[np.float32]
Compiled = Callable[[tf.Tensor], tf.Tensor]
CompiledMaps = Callable[[tf.Tensor], list[tf.Tensor]]


class Network:
    """A network of the zoo, compiled for any number of images of its size."""

    def __init__(self, slug: str) -> None:
        model = _loaded(slug)
        self.size = 4 * model.count_params()
        self._call = compiled_maps(model)
        shape = [length or ANY_SIDE for length in model.input_shape[1:]]
        self._call(tf.zeros((1, *shape)))  # traced before it is timed

    def logits(self, given: Floats) -> Floats:
        """(n, side, side, 3) preprocessed images to (n, 1000), or a segmenter's maps."""
        return self.maps(given)[0]

    def maps(self, given: Floats) -> list[Floats]:
        """The same of all outputs, such as the two maps of a detector."""
        parts = [
            self._call(tf.convert_to_tensor(given[at : at + CHUNK]))
            for at in range(0, len(given), CHUNK)
        ]
        return [
            np.concatenate([part.numpy() for part in output]).astype(np.float32, copy=False)
            for output in zip(*parts, strict=True)
        ]


def _loaded(slug: str) -> keras.Model:
    if slug in DETECTORS:
        return load_detector(slug)
    return load_segmenter(slug) if slug in SEGMENTERS else load(slug)


def compiled(model: keras.Model) -> Compiled:
    """A model with one output as one function of TensorFlow; see `compiled_maps`."""
    call = compiled_maps(model)
    return lambda given: call(given)[0]


def compiled_maps(model: keras.Model) -> CompiledMaps:
    """A model as one function of TensorFlow that gives the list of its outputs.

    With its weights as constants where that is possible: TensorFlow then multiplies batch norms
    into the convolutions before them and lays the weights out beforehand, which saves a fifth
    of the time (EfficientNet-Lite0, 2 cores: 19 ms instead of 24).
    """
    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    call = tf.function(lambda given: model(given, training=False), input_signature=signature)
    if model.count_params() > MOST_FROZEN:
        return lambda given: tf.nest.flatten(call(given))
    frozen = convert_variables_to_constants_v2(call.get_concrete_function())
    return lambda given: list(frozen(given))


_networks: OrderedDict[str, Network] = OrderedDict()
_building: dict[str, threading.Lock] = {}
_lock = threading.Lock()


def network(slug: str) -> Network:
    """The warm network; built at first need, while the others go on answering."""
    with _lock:
        if slug in _networks:
            _networks.move_to_end(slug)
            return _networks[slug]
        building = _building.setdefault(slug, threading.Lock())
    with building:
        if slug not in _networks:
            built = Network(slug)
            with _lock:
                _make_room(built.size)
                _networks[slug] = built
        return _networks[slug]


def _make_room(size: int) -> None:
    """Let networks go until one of that many bytes can be kept besides."""
    while _networks and (
        len(_networks) >= MOST_NETWORKS
        or size + sum(kept.size for kept in _networks.values()) > MOST_BYTES
    ):
        _networks.popitem(last=False)
    gc.collect()  # a model and its compiled function refer to each other


def kept() -> tuple[str, ...]:
    """Slugs of the warm networks, the one used longest ago first."""
    return tuple(_networks)
