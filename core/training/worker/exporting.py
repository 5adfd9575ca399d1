"""Networks in other forms: a backbone alone, TensorFlow Lite, weights by name."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.models.blocks import blocks
from core.models.zoo import load
from core.training.reading import read_spec
from core.training.transfer import TransferSpec
from core.training.worker.answers import Answer, kept, plainly
from core.training.worker.backbones import Backbone
from core.training.worker.loop import as_bytes
from core.training.worker.transfer import Network

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Shape = tuple[int, int, int]
Named = dict[str, tuple[int, ...]]
"""Shapes of weights by their paths."""


@plainly
def backbone(slug: str) -> bytes:
    """A network of the zoo without its classes, as a `.keras` file."""
    network = load(slug, include_top=False)
    return as_bytes(keras.Model(network.input, network.output, name="backbone"))


@plainly
def first_open(slug: str, count: int) -> str:
    """Name of the lowest layer of the uppermost blocks; empty for no block."""
    network = load(slug, include_top=False)
    layers = [la for la in network.layers if not isinstance(la, keras.layers.InputLayer)]
    opened = {la.name for _, group in blocks(layers)[-count:] for la in group} if count else ()
    return next((layer.name for layer in network.layers if layer.name in opened), "")


@plainly
def tflite(digest: str, content: bytes | None, weights: str, pictures: Pixels) -> Answer:
    """The model for TensorFlow Lite, and what both say of some pictures.

    Args:
        digest: the model's fingerprint.
        content: the model, or None where it should be known.
        weights: "float32", "float16" or "int8".
        pictures: (n, H, W, C) uint8, on which both are compared.

    Returns:
        Whether the model is known, and the file, logits (n, classes) by Keras and by it.
    """
    if (model := kept(digest, content)) is None:
        return False, None
    converter = tf.lite.TFLiteConverter.from_keras_model(model.model)
    if weights != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if weights == "float16":
        converter.target_spec.supported_types = [tf.float16]
    with _quietly():
        converted: bytes = converter.convert()
    return True, (converted, model.logits(pictures), interpreted(converted, pictures))


def interpreted(converted: bytes, pictures: Pixels) -> Floats:
    """Logits (n, classes) of a file for TensorFlow Lite."""
    with _quietly():
        interpreter = tf.lite.Interpreter(model_content=converted)
    taken = interpreter.get_input_details()[0]["index"]
    given = interpreter.get_output_details()[0]["index"]
    interpreter.allocate_tensors()
    found = []
    for picture in pictures.astype(np.float32):
        interpreter.set_tensor(taken, picture[None])
        interpreter.invoke()
        found.append(interpreter.get_tensor(given)[0].copy())
    return np.stack(found)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """TensorFlow says that its interpreter will move to a package of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# Weights by name, for projects


@plainly
def learnt(digest: str, content: bytes | None, way: str) -> Answer:
    """What a run has changed: of a frozen backbone the head, else all weights.

    Returns:
        Whether the model is known, and shapes by path, and float32 numbers one after another.
    """
    if (model := kept(digest, content)) is None:
        return False, None
    wanted = _learnt(model.model, head_alone=way == "frozen")
    shapes = {weight.path: tuple(weight.shape) for weight in wanted}
    numbers = [np.asarray(weight.numpy(), "<f4").tobytes() for weight in wanted]
    return True, (shapes, b"".join(numbers))


@plainly
def rebuilt(settings: str, shape: Shape, classes: int, shapes: Named, numbers: bytes) -> bytes:
    """The model of a run, from its settings and its weights; no file of a model is read.

    Args:
        settings: the `TransferSpec` as JSON.
        shape: of a picture.
        classes: number of classes.
        shapes: of the weights, by path.
        numbers: float32, one after another.

    Returns:
        A `.keras` file.

    Raises:
        WorkerError: the weights are not those of the network.
    """
    spec = read_spec(settings)
    if not isinstance(spec, TransferSpec):
        raise TypeError(f"A {type(spec).__name__} has no backbone.")
    model = Network(Backbone(spec.backbone, shape, spec.side), spec, classes).model
    wanted = {w.path: w for w in _learnt(model, head_alone=spec.way == "frozen")}
    _check(wanted, shapes)
    at = 0
    for path, size in shapes.items():
        count = int(np.prod(size))
        wanted[path].assign(np.frombuffer(numbers, "<f4", count, at).reshape(size))
        at += 4 * count
    return as_bytes(model)


def _learnt(model: keras.Model, *, head_alone: bool) -> list[keras.Variable]:
    """Weights with numbers; the states of random generators are none."""
    layers = model.layers
    if head_alone:
        layers = [layer for layer in layers if layer.name in ("head_dense", "output")]
    every = [weight for layer in layers for weight in layer.weights]
    return [weight for weight in every if weight.dtype == "float32"]


def _check(wanted: dict[str, keras.Variable], shapes: Named) -> None:
    missing, unknown = wanted.keys() - shapes.keys(), shapes.keys() - wanted.keys()
    if missing or unknown:
        which = f"lacks {min(missing)}" if missing else f"has {min(unknown)}, which it has not"
        raise ValueError(
            f"The weights are not those of the network of these settings: the file {which}."
        )
    for path, size in shapes.items():
        if tuple(size) != tuple(wanted[path].shape):
            raise ValueError(
                f"{path} has the shape {tuple(size)}; the network of these settings has "
                f"{tuple(wanted[path].shape)}."
            )
