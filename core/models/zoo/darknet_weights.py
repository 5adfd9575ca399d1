"""Weights in Darknet's file format: a short header, then float32 numbers and nothing else.

The file does not name its layers: who reads it has to know them and their order. So every
number has to be used exactly once, and a network that takes more or fewer is refused.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_VERSION = struct.Struct("<3i")
_WIDE_COUNTER = 2
"""From version 0.2 on the counter of images has eight bytes instead of four."""


class DarknetError(ValueError):
    """A file that holds no weights of Darknet, or those of another network."""


@dataclass(frozen=True, slots=True, eq=False)
class DarknetFile:
    """What such a file holds.

    Attributes:
        version: major, minor and revision of the Darknet that wrote it.
        seen: how many images the network was trained on, each as often as it was shown.
        numbers: (n,) float32, layer after layer.
    """

    version: tuple[int, int, int]
    seen: int
    numbers: Floats


def read_darknet(content: bytes) -> DarknetFile:
    """Take a file of weights apart.

    Args:
        content: the whole file.

    Raises:
        DarknetError: it is too short, of no known version, or ends within a number.

    Source: Darknet's parser.c, `load_weights_upto`: three int32, a counter of 4 or 8 bytes
    according to the version, then float32 to the end, all little-endian.
    """
    if len(content) < _VERSION.size:
        raise DarknetError(
            f"A file of {len(content)} bytes has no room for Darknet's header of "
            f"{_VERSION.size}; it was probably cut off."
        )
    major, minor, revision = _VERSION.unpack_from(content)
    # Darknet itself writes 0.1 and 0.2; anything far from that is some other file.
    if not (0 <= major < 10 and 0 <= minor < 100 and revision >= 0):
        raise DarknetError(
            f"The file begins with the version {major}.{minor}.{revision}: it holds no weights "
            "of Darknet."
        )
    wide = major * 10 + minor >= _WIDE_COUNTER
    counter = struct.Struct("<q" if wide else "<i")
    begin = _VERSION.size + counter.size
    if len(content) < begin or (len(content) - begin) % 4:
        raise DarknetError(
            f"After its header the file has {len(content) - begin} bytes, which is no whole "
            "number of float32 values of 4 bytes; it was probably cut off."
        )
    (seen,) = counter.unpack_from(content, _VERSION.size)
    numbers = np.frombuffer(content, "<f4", offset=begin)
    return DarknetFile((major, minor, revision), int(seen), numbers.astype(np.float32))


class WeightStream:
    """The numbers of a file, taken from the front; the end has to be reached exactly."""

    def __init__(self, numbers: Floats) -> None:
        """Begin at the first number."""
        self._numbers = numbers
        self._taken = 0

    def take(self, shape: tuple[int, ...], what: str) -> Floats:
        """The next numbers in this shape.

        Args:
            shape: their product is how many are taken.
            what: the layer, for the message.

        Raises:
            DarknetError: there are not that many left, or one is no finite number.
        """
        count = int(np.prod(shape))
        left = len(self._numbers) - self._taken
        if count > left:
            raise DarknetError(
                f"{what} takes {count:,} numbers and the file has {left:,} left: it holds the "
                "weights of another, smaller network, or was cut off."
            )
        values = self._numbers[self._taken : self._taken + count]
        if not np.isfinite(values).all():
            raise DarknetError(f"Among the weights of {what} is one that is no finite number.")
        self._taken += count
        return values.reshape(shape)

    def finish(self) -> None:
        """Make sure that nothing is left.

        Raises:
            DarknetError: something is.
        """
        if left := len(self._numbers) - self._taken:
            raise DarknetError(
                f"The network is full, and {left:,} of the file's {len(self._numbers):,} "
                "numbers are left over: it holds the weights of another, larger network."
            )
