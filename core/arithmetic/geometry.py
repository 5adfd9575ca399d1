"""Where the windows of a layer lie along one axis, and how many there are.

Convolution, transposed convolution and pooling are separable in their *positions* (not in
their weights): what happens along the rows is independent of what happens along the columns.
So everything about sizes, padding and reach is settled here, once, for one axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from core.arithmetic.errors import ShapeError

IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)
PaddingMode = Literal["zeros", "constant", "reflect", "edge", "wrap"]
Amount = Literal["valid", "same"] | tuple[int, int]

_NUMPY_MODE: dict[PaddingMode, Literal["reflect", "edge", "wrap"]] = {
    "reflect": "reflect",
    "edge": "edge",
    "wrap": "wrap",
}


def span(kernel: int, dilation: int = 1) -> int:
    """Pixels from the first to the last tap of a dilated kernel: d * (k - 1) + 1.

    Example:
        >>> span(3, dilation=4)
        9

    Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic", section 5.1.
    """
    return dilation * (kernel - 1) + 1


def output_size(
    size: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Number of window positions along one axis.

    o = floor((i + P - d * (k - 1) - 1) / s) + 1, with P the padding of both ends together.

    Args:
        size: input length i, in pixels, at least 1.
        kernel: kernel length k, in pixels, at least 1.
        stride: step s between positions, in pixels.
        padding: pixels P added at both ends together.
        dilation: distance d between neighbouring taps; 1 means dense.

    Returns:
        Output length o, at least 1.

    Raises:
        ShapeError: the dilated kernel is longer than the padded input.

    Example:
        >>> output_size(7, 3, stride=2)
        3
        >>> output_size(224, 7, stride=2, padding=6)
        112

    Source: Dumoulin & Visin 2016, relationship 15.
    """
    reach, room = span(kernel, dilation), size + padding
    if reach > room:
        raise ShapeError(_does_not_fit(kernel, dilation, reach, room))
    return (room - reach) // stride + 1


def _does_not_fit(kernel: int, dilation: int, reach: int, room: int) -> str:
    remedies = [f"padding of {reach - room} more pixels in all"]
    if room >= 1 and dilation > 1 and kernel <= room:
        remedies.insert(0, f"dilation <= {(room - 1) // (kernel - 1)}")
    if room >= 1:
        remedies.insert(0, f"kernel <= {(room - 1) // dilation + 1}")
    return (
        f"kernel {kernel} with dilation {dilation} spans {reach} pixels; "
        f"the padded input has {room}. Use {' or '.join(remedies)}."
    )


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Keras' and TensorFlow's "same": (before, after) so that the output is ceil(i / s).

    The odd pixel, if there is one, goes to the end (bottom or right).

    Example:
        >>> same_padding(224, 3, stride=2)
        (0, 1)

    Source: TensorFlow documentation of `tf.nn.convolution`, "SAME" padding.
    """
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + span(kernel, dilation) - size, 0)
    return total // 2, total - total // 2


@dataclass(frozen=True, slots=True)
class AxisPlan:
    """Every position of the window along one axis.

    Attributes:
        size: input length, in pixels.
        before: pixels added before the first input pixel (or the first inserted one).
        after: pixels added after the last.
        stretch: distance between neighbouring input pixels; more than 1 where a transposed
            convolution inserts zeros between them.
        taps: (outputs, kernel) index into the padded axis that each tap reads.
    """

    size: int
    before: int
    after: int
    stretch: int
    taps: IntArray

    @property
    def stretched(self) -> int:
        """Length of the input once zeros are inserted, without padding."""
        return (self.size - 1) * self.stretch + 1

    @property
    def padded(self) -> int:
        """Length of the axis that the window slides over."""
        return self.stretched + self.before + self.after

    @property
    def outputs(self) -> int:
        """Number of window positions."""
        return int(self.taps.shape[0])

    @property
    def reached(self) -> BoolArray:
        """(padded,) True where at least one tap of one window lies."""
        flags = np.zeros(self.padded, dtype=np.bool_)
        flags[self.taps.ravel()] = True
        return flags

    def source(self, mode: PaddingMode = "zeros") -> IntArray:
        """(padded,) index of the input pixel shown at each place, -1 where none is.

        Padding by reflect, edge and wrap repeats input pixels, so its places have a source.
        """
        places = np.full(self.stretched, -1, dtype=np.intp)
        places[:: self.stretch] = np.arange(self.size)
        return pad_axis(places, 0, self.before, self.after, mode, constant=-1)


def plan_axis(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    dilation: int = 1,
    padding: Amount = (0, 0),
    flip: bool = False,
) -> AxisPlan:
    """Window positions of a convolution (or a pooling) along one axis.

    Args:
        size: input length, in pixels.
        kernel: kernel length, in pixels.
        stride: step between positions, in pixels.
        dilation: distance between neighbouring taps, in pixels.
        padding: (before, after) in pixels, or Keras' "valid" or "same".
        flip: read the window from its end to its start (true convolution).

    Raises:
        ShapeError: the dilated kernel is longer than the padded input.
    """
    before, after = _amount(padding, same_padding(size, kernel, stride, dilation))
    outputs = output_size(
        size, kernel, stride=stride, padding=before + after, dilation=dilation
    )
    order = np.arange(kernel)[::-1] if flip else np.arange(kernel)
    taps = np.arange(outputs)[:, None] * stride + order[None, :] * dilation
    return AxisPlan(size, before, after, 1, taps)


def ceil_output_size(
    size: int, kernel: int, *, stride: int = 1, before: int = 0, after: int = 0
) -> int:
    """Number of window positions where the last one may hang over the end of the axis.

    o = ceil((i + P - k) / s) + 1, and one less where the last window would start behind the
    input: a window must start in the input or in the padding before it.

    Args:
        size: input length i, in pixels.
        kernel: window length k, in pixels.
        stride: step s between positions, in pixels.
        before: pixels of padding before the input.
        after: pixels of padding behind it; P is both together.

    Returns:
        Output length o, at least 1.

    Raises:
        ShapeError: not even a window that hangs over starts at the first place.

    Example:
        >>> output_size(6, 3, stride=2), ceil_output_size(6, 3, stride=2)
        (2, 3)

    Source: PyTorch documentation of `torch.nn.MaxPool2d`, note on `ceil_mode`.
    """
    room = size + before + after
    outputs = -(-(room - kernel) // stride) + 1
    if (outputs - 1) * stride >= size + before:
        outputs -= 1
    if outputs < 1:
        raise ShapeError(
            f"window {kernel} with stride {stride} hangs over the padded input of {room} by "
            f"more than a step. Use a window <= {room + stride - 1}."
        )
    return outputs


def plan_overhanging_axis(
    size: int, kernel: int, *, stride: int, padding: tuple[int, int]
) -> AxisPlan:
    """Window positions of a pooling with `ceil_mode`; `after` covers what hangs over.

    Raises:
        ShapeError: the window is too long.
    """
    before, after = padding
    outputs = ceil_output_size(size, kernel, stride=stride, before=before, after=after)
    end = (outputs - 1) * stride + kernel
    taps = np.arange(outputs)[:, None] * stride + np.arange(kernel)[None, :]
    return AxisPlan(size, before, max(after, end - size - before), 1, taps)


def plan_transposed_axis(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    dilation: int = 1,
    padding: Amount = (0, 0),
    output_padding: int | None = None,
    flip: bool = False,
) -> AxisPlan:
    """Window positions of a transposed convolution, as a convolution over a stretched input.

    Zeros are inserted between the pixels (stride - 1 of them), the border is padded with
    reach - 1 - p zeros, and the window slides one pixel at a time, read from its end.

    Args:
        size: input length, in pixels.
        kernel: kernel length, in pixels.
        stride: how far apart neighbouring input pixels land in the output.
        dilation: distance between neighbouring taps, in pixels.
        padding: (before, after) pixels that are cut from the full output, or Keras' "valid"
            or "same".
        output_padding: pixels added at the end of the output. None lets Keras' rule decide
            for "valid" and "same", and is 0 for numbers.
        flip: mirror the kernel first.

    Raises:
        ShapeError: padding cuts away the whole output.

    Source: Dumoulin & Visin 2016, relationships 13 and 14; Keras' `Conv2DTranspose` for
    "valid" and "same".
    """
    reach = span(kernel, dilation)
    full = (size - 1) * stride + reach
    outputs, cut = _transposed_outputs(size, stride, reach, full, padding, output_padding)
    if outputs < 1:
        raise ShapeError(
            f"padding cuts {full - outputs} pixels from an output of {full}: none is left. "
            f"Use padding of at most {full - 1} pixels in all, or a larger input."
        )
    before = reach - 1 - cut
    after = outputs + reach - 1 - before - ((size - 1) * stride + 1)
    order = np.arange(kernel) if flip else np.arange(kernel)[::-1]
    taps = np.arange(outputs)[:, None] + order[None, :] * dilation
    return AxisPlan(size, before, after, stride, taps)


def _transposed_outputs(
    size: int,
    stride: int,
    reach: int,
    full: int,
    padding: Amount,
    output_padding: int | None,
) -> tuple[int, int]:
    """Output length and pixels cut at the start."""
    if padding == "valid":
        extra = max(stride - reach, 0) if output_padding is None else output_padding
        return full + extra, 0
    if padding == "same":
        outputs = (
            size * stride
            if output_padding is None
            else (size - 1) * stride + reach % 2 + output_padding
        )
        return outputs, max(full - outputs, 0) // 2
    return full - padding[0] - padding[1] + (output_padding or 0), padding[0]


def _amount(padding: Amount, same: tuple[int, int]) -> tuple[int, int]:
    if padding == "valid":
        return 0, 0
    return same if padding == "same" else padding


def pad_axis(
    values: npt.NDArray[Number],
    axis: int,
    before: int,
    after: int,
    mode: PaddingMode,
    constant: float = 0,
) -> npt.NDArray[Number]:
    """Pad one axis as NumPy does; a negative amount crops instead."""
    keep = [slice(None)] * values.ndim
    keep[axis] = slice(max(-before, 0), values.shape[axis] - max(-after, 0))
    width = [(0, 0)] * values.ndim
    width[axis] = (max(before, 0), max(after, 0))
    kept = values[tuple(keep)]
    if mode in _NUMPY_MODE:
        return np.pad(kept, width, mode=_NUMPY_MODE[mode])
    return np.pad(kept, width, mode="constant", constant_values=constant)
