"""Trained models that answer: kept by their fingerprint, compiled once."""

from __future__ import annotations

import functools
import gc
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from core.models import pooling as pooling  # registers the layers of that name
from core.models import positions as positions  # registers the layer of that name
from core.training.errors import WorkerError
from core.training.reading import read_spec
from core.training.worker.classification import chunk_of
from core.training.worker.looking import as_maps, shown_layers
from core.training.worker.losses import per_picture

MOST_MODELS = 4
"""Models that a worker keeps."""

Pixels = npt.NDArray[np.uint8]
Answer = tuple[bool, Any]
"""Whether the model is known here, and what it says."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Kept:
    """A model and its compiled questions.

    Attributes:
        model: from pictures in 0..255 to logits.
        names: layers whose maps are worth seeing.
        chunk: pictures that it is shown at once.
        further: what other modules have compiled for it, by their own names.
    """

    def __init__(self, content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            path.write_bytes(content)
            self.model = keras.saving.load_model(path, compile=False, safe_mode=True)
        self.chunk = chunk_of(self.model)
        self.further: dict[str, Any] = {}
        self.names, outputs = shown_layers(self.model)
        inner = keras.Model(self.model.input, [*outputs, self.model.output])
        # One signature for any number of pictures: each new one would be compiled anew.
        signature = [tf.TensorSpec(self.model.input_shape, tf.uint8)]
        self._logits = tf.function(
            lambda pictures: self.model(tf.cast(pictures, tf.float32), training=False),
            input_signature=signature,
        )
        self._inner = tf.function(
            lambda pictures: inner(tf.cast(pictures, tf.float32), training=False),
            input_signature=signature,
        )

    def logits(self, pictures: Pixels) -> npt.NDArray[np.float32]:
        """(n, classes)."""
        self._check(pictures)
        parts = [
            self._logits(pictures[at : at + self.chunk]).numpy()
            for at in range(0, len(pictures), self.chunk)
        ]
        return np.concatenate(parts)

    def inner(self, picture: Pixels) -> list[npt.NDArray[np.float32]]:
        """What each shown layer gives, and the logits."""
        self._check(picture[None])
        return [output.numpy()[0] for output in self._inner(picture[None])]

    def _check(self, pictures: Pixels) -> None:
        wanted = tuple(self.model.input_shape[1:])
        if pictures.shape[1:] != wanted or not len(pictures) or pictures.dtype != np.uint8:
            raise ValueError(
                f"The pictures are {pictures.dtype} of shape {pictures.shape}. This model "
                f"takes uint8 of shape (n, {', '.join(map(str, wanted))}), n at least 1."
            )


_models: OrderedDict[str, Kept] = OrderedDict()
_lock = threading.Lock()


def kept(digest: str, content: bytes | None) -> Kept | None:
    """The model of a fingerprint; None where it is not known and not given."""
    with _lock:
        if digest not in _models:
            if content is None:
                return None
            _models[digest] = Kept(content)
            while len(_models) > MOST_MODELS:
                _models.popitem(last=False)
                gc.collect()  # a model and its compiled questions refer to each other
        _models.move_to_end(digest)
        return _models[digest]


def plainly(answer: Callable[_P, _T]) -> Callable[_P, _T]:
    """What goes wrong becomes a `WorkerError`, which the app can read without TensorFlow."""

    @functools.wraps(answer)
    def wrapped(*args: _P.args, **named: _P.kwargs) -> _T:
        try:
            return answer(*args, **named)
        except Exception as error:
            failure = WorkerError(type(error).__name__, str(error))
        raise failure  # here, where it has no context to take along

    return wrapped


@plainly
def predict(digest: str, content: bytes | None, pictures: Pixels) -> Answer:
    """Probabilities (n, classes)."""
    if (model := kept(digest, content)) is None:
        return False, None
    return True, tf.nn.softmax(model.logits(pictures)).numpy()


@plainly
def look(digest: str, content: bytes | None, picture: Pixels) -> Answer:
    """Probabilities, and the maps of each layer."""
    if (model := kept(digest, content)) is None:
        return False, None
    *layers, logits = model.inner(picture)
    maps = {
        name: as_maps(value).astype(np.float32)
        for name, value in zip(model.names, layers, strict=True)
    }
    return True, (tf.nn.softmax(logits).numpy(), maps)


@plainly
def judge(
    digest: str,
    content: bytes | None,
    pictures: Pixels,
    labels: npt.NDArray[np.int64],
    settings: str,
) -> Answer:
    """The likeliest class and the loss of each picture."""
    if (model := kept(digest, content)) is None:
        return False, None
    logits = model.logits(pictures)
    target = tf.one_hot(labels, logits.shape[1])
    losses = per_picture(read_spec(settings))(target, tf.constant(logits))
    return True, (logits.argmax(-1).astype(np.int64), losses.numpy())
