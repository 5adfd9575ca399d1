"""Convolution as Keras computes it, exact in float64, with every tap traceable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.arithmetic.errors import ShapeError
from core.arithmetic.geometry import (
    Amount,
    AxisPlan,
    PaddingMode,
    pad_axis,
    plan_axis,
    plan_transposed_axis,
)
from core.arithmetic.layer import Padding, Pair, PairFromZero, Positive, as_image, every

FloatArray = npt.NDArray[np.float64]


class ConvSpec(BaseModel):
    """Settings of one convolution layer.

    Attributes:
        kernel_size: (height, width) in pixels; one int means both.
        stride: (down, right) step in pixels; one int means both.
        padding: pixels as one int, (vertical, horizontal) or ((top, bottom), (left, right));
            or "valid" (none) or "same" as Keras means them.
        dilation: (down, right) distance between neighbouring taps; one int means both.
        padding_mode: what the added pixels hold: zeros, a constant (`padding_value`), or input
            pixels by reflect, edge or wrap, as `numpy.pad` names them.
        padding_value: the number for `padding_mode="constant"`.
        groups: how many groups channels and filters are split into; each filter sees the
            channels of its group only.
        flip: False for cross-correlation (what every framework calls convolution), True for
            the convolution of mathematics, whose kernel is mirrored.
        transposed: the transposed convolution (`Conv2DTranspose`); padding then cuts output.
        output_padding: rows and columns added at the end of a transposed output. None: Keras'
            rule for "valid" and "same", none for numbers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kernel_size: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Padding = "valid"
    dilation: Pair = (1, 1)
    padding_mode: PaddingMode = "zeros"
    padding_value: float = Field(default=0.0, allow_inf_nan=False)
    groups: Positive = 1
    flip: bool = False
    transposed: bool = False
    output_padding: PairFromZero | None = None

    @model_validator(mode="after")
    def _rules_between_fields(self) -> Self:
        if self.transposed and self.padding_mode != "zeros":
            raise ValueError(
                f"padding_mode {self.padding_mode!r} cannot be transposed: the padding of a "
                "transposed convolution cuts output away. Use padding_mode 'zeros'."
            )
        if self.output_padding and any(self.output_padding):
            self._check_output_padding(self.output_padding)
        return self

    def _check_output_padding(self, output_padding: tuple[int, int]) -> None:
        if not self.transposed:
            raise ValueError(
                f"output_padding {output_padding} needs a transposed convolution. "
                "Use output_padding 0 or transposed=True."
            )
        for extra, stride, dilation in zip(
            output_padding, self.stride, self.dilation, strict=True
        ):
            if extra >= max(stride, dilation):
                raise ValueError(
                    f"output_padding {extra} must be smaller than the stride {stride} or the "
                    f"dilation {dilation}. Use output_padding <= {max(stride, dilation) - 1}."
                )

    def plan(self, height: int, width: int) -> tuple[AxisPlan, AxisPlan]:
        """Window positions (down, right) over an input of that size.

        Raises:
            ShapeError: no window fits.
        """
        return self._plan_axis(0, height), self._plan_axis(1, width)

    def _plan_axis(self, axis: int, size: int) -> AxisPlan:
        padding: Amount = self.padding if isinstance(self.padding, str) else self.padding[axis]
        kernel, stride, dilation = (
            self.kernel_size[axis],
            self.stride[axis],
            self.dilation[axis],
        )
        if not self.transposed:
            return plan_axis(
                size, kernel, stride=stride, dilation=dilation, padding=padding, flip=self.flip
            )
        return plan_transposed_axis(
            size,
            kernel,
            stride=stride,
            dilation=dilation,
            padding=padding,
            output_padding=self.output_padding[axis] if self.output_padding else None,
            flip=self.flip,
        )

    def kernel_shape(self, channels: int, filters: int) -> tuple[int, int, int, int]:
        """Shape of the kernel array, as Keras stores it.

        Raises:
            ShapeError: channels or filters cannot be split into `groups`.
        """
        if channels % self.groups or filters % self.groups:
            raise ShapeError(
                f"{self.groups} groups cannot split {channels} channels and {filters} filters "
                "evenly. Use a number of groups that divides both."
            )
        if self.transposed:
            return (*self.kernel_size, filters // self.groups, channels)
        return (*self.kernel_size, channels // self.groups, filters)


@dataclass(frozen=True, slots=True, eq=False)
class ConvResult:
    """A convolution with everything needed to retrace it.

    Attributes:
        output: (OH, OW, Cout) float64.
        padded: (PH, PW, Cin) float64, what the window slides over; for a transposed
            convolution with the inserted zeros.
        rows: window positions down the padded input; `rows.taps[oh, kh]` is a row of `padded`.
        columns: the same to the right.
        bias: (Cout,) float64.
    """

    output: FloatArray
    padded: FloatArray
    rows: AxisPlan
    columns: AxisPlan
    bias: FloatArray


def convolve(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    spec: ConvSpec,
    bias: npt.ArrayLike | None = None,
) -> ConvResult:
    """Convolve an image with a bank of filters.

    Args:
        image: (H, W, Cin), any real dtype; computed in float64.
        kernel: (kh, kw, Cin / groups, Cout); for a transposed convolution
            (kh, kw, Cout / groups, Cin), as Keras stores them.
        spec: the layer's settings.
        bias: (Cout,) or one number, or None for none.

    Returns:
        The output (OH, OW, Cout) float64 and its trace.

    Raises:
        ShapeError: image, kernel, bias and settings do not fit together.

    Example:
        >>> import numpy as np
        >>> image, kernel = np.ones((4, 4, 1)), np.ones((3, 3, 1, 1))
        >>> convolve(image, kernel, ConvSpec()).output[..., 0]
        array([[9., 9.],
               [9., 9.]])

    Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning".
    """
    image = as_image(image)
    kernel = np.asarray(kernel, dtype=np.float64)
    filters = _filters(image, kernel, spec)
    offsets = _as_bias(bias, filters)
    rows, columns = spec.plan(*image.shape[:2])
    padded = pad_image(image, rows, columns, spec)
    output = np.zeros((rows.outputs, columns.outputs, filters))
    for channels, outputs, weights in _groups(kernel, spec, image.shape[2], filters):
        output[..., outputs] = _correlate(padded[..., channels], weights, rows, columns)
    output += offsets
    return ConvResult(output, padded, rows, columns, offsets)


def pad_image(
    image: FloatArray, rows: AxisPlan, columns: AxisPlan, spec: ConvSpec
) -> FloatArray:
    """What the window slides over: (PH, PW, Cin), zeros inserted and borders filled."""
    stretched = image
    if rows.stretch > 1 or columns.stretch > 1:
        stretched = np.zeros((rows.stretched, columns.stretched, image.shape[2]))
        stretched[:: rows.stretch, :: columns.stretch] = image
    value = spec.padding_value if spec.padding_mode == "constant" else 0.0
    tall = pad_axis(stretched, 0, rows.before, rows.after, spec.padding_mode, value)
    return pad_axis(tall, 1, columns.before, columns.after, spec.padding_mode, value)


def _correlate(
    padded: FloatArray, weights: FloatArray, rows: AxisPlan, columns: AxisPlan
) -> FloatArray:
    """Sum over the taps: one matrix product of channels and filters for each."""
    output = np.zeros((rows.outputs, columns.outputs, weights.shape[3]))
    for i in range(weights.shape[0]):
        band = padded[every(rows.taps[:, i])]
        for j in range(weights.shape[1]):
            output += band[:, every(columns.taps[:, j])] @ weights[i, j]
    return output


def _groups(
    kernel: FloatArray, spec: ConvSpec, channels: int, filters: int
) -> list[tuple[slice, slice, FloatArray]]:
    """(input channels, output channels, weights (kh, kw, in, out)) of every group."""
    count, per_in, per_out = spec.groups, channels // spec.groups, filters // spec.groups
    split = []
    for group in range(count):
        inputs = slice(group * per_in, (group + 1) * per_in)
        outputs = slice(group * per_out, (group + 1) * per_out)
        weights = (
            kernel[..., inputs].transpose(0, 1, 3, 2)
            if spec.transposed
            else kernel[..., outputs]
        )
        split.append((inputs, outputs, weights))
    return split


def _filters(image: FloatArray, kernel: FloatArray, spec: ConvSpec) -> int:
    """Number of output channels, once the kernel's shape is checked."""
    channels = image.shape[2]
    if kernel.ndim != 4:
        raise ShapeError(
            "expected a kernel of shape (height, width, channels, filters), "
            f"but got shape {kernel.shape}."
        )
    filters: int = kernel.shape[2] * spec.groups if spec.transposed else kernel.shape[3]
    expected = spec.kernel_shape(channels, filters)
    if kernel.shape != expected:
        raise ShapeError(
            f"expected a kernel of shape {expected} for {channels} channels, {filters} filters "
            f"and {spec.groups} groups, but got shape {kernel.shape}."
        )
    return filters


def _as_bias(bias: npt.ArrayLike | None, filters: int) -> FloatArray:
    offsets = np.asarray(0.0 if bias is None else bias, dtype=np.float64)
    if offsets.shape not in ((), (1,), (filters,)):
        raise ShapeError(
            f"expected one bias for each of the {filters} filters, "
            f"but got shape {offsets.shape}."
        )
    return np.broadcast_to(offsets, (filters,)).copy()
