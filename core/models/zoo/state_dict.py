"""PyTorch's files of weights, read without PyTorch and without building what a pickle asks for.

Such a file is a pickle that names a few classes, and then the numbers. What else it may name is
refused, so reading it can do no more than fill a dictionary.

Source: torch/serialization.py: the older format of 2016 (magic number, protocol, system, the
dictionary, keys, storages one after the other) and the zip archive that came with version 1.6.
"""

from __future__ import annotations

import io
import math
import pickle
import struct
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_DTYPES: dict[str, npt.DTypeLike] = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}
_MALFORMED = (EOFError, LookupError, TypeError, AttributeError, ValueError, struct.error,
              zipfile.BadZipFile, pickle.UnpicklingError, NotImplementedError)  # fmt: skip


class StateDictError(ValueError):
    """A file that is no state dictionary, or wants more than to be read."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Stands for a class of storages."""

    name: str


class _Storage:
    """Numbers that come later in the file."""

    def __init__(self, kind: _Kind, count: int) -> None:
        self.dtype = np.dtype(_DTYPES[kind.name])
        self.count = int(count)
        self.values: Array = np.empty(0, self.dtype)

    def fill(self, content: bytes) -> None:
        self.values = np.frombuffer(content, self.dtype)
        if len(self.values) != self.count:
            raise StateDictError(f"A storage has {len(self.values)} of {self.count} numbers.")


class _Tensor:
    """A window into a storage."""

    def __init__(
        self, storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...],
        *_: object,
    ) -> None:  # fmt: skip
        self._storage, self._offset = storage, offset
        self._shape, self._stride = shape, stride

    def array(self) -> Array:
        """A copy, its bounds checked."""
        values, count = self._storage.values, math.prod(self._shape)
        last = self._offset + sum(
            (size - 1) * step for size, step in zip(self._shape, self._stride, strict=True)
        )
        inside = min((self._offset, *self._shape, *self._stride)) >= 0 and last < len(values)
        if count and not inside:
            raise StateDictError(f"A tensor {self._shape} reaches beyond its storage.")
        steps = [step * values.itemsize for step in self._stride]
        window = np.lib.stride_tricks.as_strided(values[self._offset :], self._shape, steps)
        return window.copy()


_NAMES: dict[tuple[str, str], object] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
    **{("torch", kind): _Kind(kind) for kind in _DTYPES},
}


class _Reader(pickle.Unpickler):
    """Gives plain values, and what `names` allows."""

    def __init__(self, stream: BinaryIO, names: dict[tuple[str, str], object]) -> None:
        super().__init__(stream, encoding="latin1")
        self._names = names
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self._names:
            raise StateDictError(
                f"The file asks for {module}.{name}; only tensors belong in it."
            )
        return self._names[module, name]

    def persistent_load(self, pid: Any) -> _Storage:  # noqa: ANN401 - whatever the file says
        _, kind, key, _, count, *_ = pid
        return self.storages.setdefault(key, _Storage(kind, count))


def read_state_dict(content: bytes) -> dict[str, Array]:
    """The weights in a `.pth` file, in their order.

    Args:
        content: the whole file; compare its checksum first.

    Raises:
        StateDictError: it is none, or names anything else than tensors.
    """
    try:
        read = _read_zip if content[:2] == b"PK" else _read_old
        named, storages = read(content)
        if not isinstance(named, dict) or not storages:
            raise StateDictError("The file holds no dictionary of tensors.")
        return {
            str(name): value.array() for name, value in named.items()
            if isinstance(value, _Tensor)
        }  # fmt: skip
    except StateDictError:
        raise
    except _MALFORMED as error:
        raise StateDictError(f"The file is no state dictionary of PyTorch: {error}") from error


def _read_zip(content: bytes) -> tuple[Any, dict[str, _Storage]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        main = next(name for name in packed.namelist() if name.endswith("data.pkl"))
        reader = _Reader(io.BytesIO(packed.read(main)), _NAMES)
        named = reader.load()
        folder = main.removesuffix("data.pkl")
        for key, storage in reader.storages.items():
            storage.fill(packed.read(f"{folder}data/{key}"))
    return named, reader.storages


def _read_old(content: bytes) -> tuple[Any, dict[str, _Storage]]:
    stream = io.BytesIO(content)
    magic, protocol, _ = (_Reader(stream, {}).load() for _ in range(3))
    if (magic, protocol) != (_MAGIC, _PROTOCOL):
        raise StateDictError("The file does not begin as PyTorch's files do.")
    reader = _Reader(stream, _NAMES)
    named = reader.load()
    for key in _Reader(stream, {}).load():
        storage = reader.storages[key]
        (count,) = struct.unpack("<q", stream.read(8))
        if count != storage.count:
            raise StateDictError(f"A storage says {count} numbers instead of {storage.count}.")
        storage.fill(stream.read(count * storage.dtype.itemsize))
    return named, reader.storages
