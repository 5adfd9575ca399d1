"""CIFAR-10's batches, which are pickled: read without building what a pickle asks for."""

from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np
import numpy.typing as npt

from core.data.dataset import DataError

SIDE = 32

_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
_MALFORMED = (EOFError, LookupError, TypeError, AttributeError, ValueError)


class _Inert:
    """Stands for whatever a pickle names: takes any arguments and state, and does nothing."""

    def __init__(self, *_: object) -> None:
        self.state: Any = None

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Reader(pickle.Unpickler):
    """Gives numbers, texts, lists and dictionaries as they are, and arrays as `_Inert`."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _ALLOWED:
            raise DataError(f"The batch asks for {module}.{name}; only arrays belong in it.")
        return _text_bytes if name == "encode" else _Inert


def _text_bytes(text: str, encoding: str) -> bytes:
    """How Python 3 writes bytes for Python 2."""
    return text.encode(encoding)


def read_batch(content: bytes) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Read one batch of the Python version of CIFAR-10.

    Args:
        content: the unpacked file, such as `data_batch_1`.

    Returns:
        Images (n, 32, 32, 3) uint8 RGB and their labels (n,) int64.

    Raises:
        DataError: it is no such batch.

    Source: www.cs.toronto.edu/~kriz/cifar.html: rows of 1,024 red, 1,024 green and 1,024 blue
    values, each plane row by row.
    """
    try:
        batch = _Reader(io.BytesIO(content), encoding="bytes").load()
        labels, (_, shape, _, by_columns, raw) = batch[b"labels"], batch[b"data"].state
    except DataError:
        raise
    except (pickle.UnpicklingError, *_MALFORMED) as error:
        raise DataError("The file is no batch of CIFAR-10.") from error
    if shape != (len(labels), 3 * SIDE * SIDE) or by_columns or len(raw) != np.prod(shape):
        raise DataError(f"The batch has {len(labels)} labels and an array of {shape}.")
    planes = np.frombuffer(raw, np.uint8).reshape(-1, 3, SIDE, SIDE)
    images = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
    return images, np.array(labels, dtype=np.int64)
