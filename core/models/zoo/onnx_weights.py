"""Convolutions out of an ONNX file, read without the ONNX package.

Such a file is one message of Protocol Buffers: nested fields, each with its number, its kind of
coding and its content. Nothing in it is run.

Source: onnx.proto3 (fields of ModelProto, GraphProto, NodeProto and TensorProto) and "Protocol
Buffers: Encoding".
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_GRAPH = 7
_NODE, _INITIALIZER = 1, 5
_INPUT, _OPERATOR = 1, 4
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_FLOAT = 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class OnnxError(ValueError):
    """A file that is no ONNX model, or holds its weights otherwise."""


def convolutions(content: bytes) -> list[tuple[Floats, Floats]]:
    """Kernel and bias of every convolution, in the order of the graph.

    Args:
        content: the whole file; compare its checksum first.

    Returns:
        Pairs of kernel (rows, columns, in, out) and bias (out,), as Keras has them.

    Raises:
        OnnxError: it is no ONNX file, or a convolution's weights are not in it as floats.
    """
    graph = _only(content, _GRAPH)
    tensors = dict(_tensor(field) for number, field in _fields(graph) if number == _INITIALIZER)
    found = []
    for number, node in _fields(graph):
        if number != _NODE or _only(node, _OPERATOR) != b"Conv":
            continue
        names = [_text(value) for place, value in _fields(node) if place == _INPUT]
        if len(names) != 3 or not all(name in tensors for name in names[1:]):
            raise OnnxError("A convolution of the file has no kernel and bias in it.")
        kernel, bias = tensors[names[1]], tensors[names[2]]
        found.append((kernel.transpose(2, 3, 1, 0), bias))
    return found


def _tensor(field: bytes | int) -> tuple[str, Floats]:
    """Name and values of an initializer; empty where it holds other numbers than floats."""
    name, dims, kind, raw = "", [], 0, b""
    for number, value in _fields(field):
        if number == _DIMS and isinstance(value, int):
            dims.append(value)
        elif number == _TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME:
            name = _text(value)
        elif number == _RAW:
            raw = _content(value)
    if kind != _FLOAT:
        return name, np.empty(0, np.float32)
    if len(raw) != 4 * math.prod(dims):
        raise OnnxError(f"The tensor {name} has {len(raw)} bytes for the shape {dims}.")
    return name, np.frombuffer(raw, "<f4").reshape(dims)


def _only(message: bytes | int, wanted: int) -> bytes:
    """The content of a field that is there once."""
    found = [_content(value) for number, value in _fields(message) if number == wanted]
    if len(found) != 1:
        raise OnnxError("The file is not built as ONNX models are.")
    return found[0]


def _text(value: bytes | int) -> str:
    return _content(value).decode("utf-8", errors="replace")


def _content(value: bytes | int) -> bytes:
    if isinstance(value, int):
        raise OnnxError("The file is not built as ONNX models are.")
    return value


def _fields(message: bytes | int) -> Iterator[tuple[int, bytes | int]]:
    """Number and value of each field, one after the other."""
    content, at = _content(message), 0
    while at < len(content):
        key, at = _varint(content, at)
        value: bytes | int
        if key & 7 == _VARINT:
            value, at = _varint(content, at)
        else:
            sizes = {_FIXED64: 8, _FIXED32: 4}
            if key & 7 == _BYTES:
                size, at = _varint(content, at)
            elif key & 7 in sizes:
                size = sizes[key & 7]
            else:
                raise OnnxError(f"The file has a field coded as {key & 7}, which there is not.")
            if at + size > len(content):
                raise OnnxError("The file ends in the middle of a field.")
            value, at = content[at : at + size], at + size
        yield key >> 3, value


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    number = 0
    for place, byte in enumerate(content[at : at + 10]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    raise OnnxError("The file ends in the middle of a number.")
