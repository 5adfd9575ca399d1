"""Settings of the page "Convolution", and the numbers that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from core import numbers
from core.arithmetic.convolution import ConvResult, ConvSpec, convolve
from core.arithmetic.geometry import PaddingMode, same_padding, span
from core.arithmetic.patterns import PATTERNS
from core.kernels import BANKS
from core.lessons.base import Lesson

FloatArray = npt.NDArray[np.float64]
Photo = npt.NDArray[np.uint8]

LARGEST_OUTPUT = 64
"""Rows or columns that the stage still shows."""


class ConvolutionLesson(Lesson):
    """One convolution of small numbers.

    Heights serve both axes unless `apart` is set; then the widths count for themselves.
    """

    page: ClassVar[str] = "convolution"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {
        "image_numbers": numbers.parse_planes,
        "kernel_numbers": numbers.parse_bank,
        "edits": numbers.parse_edits,
    }
    repair_order: ClassVar[tuple[str, ...]] = (
        "output_padding_height",
        "output_padding_width",
        "groups",
        "dilation_height",
        "dilation_width",
        "pad_height",
        "pad_width",
        "pad_top",
        "pad_bottom",
        "pad_left",
        "pad_right",
        "stride_height",
        "stride_width",
        "kernel_height",
        "kernel_width",
        "height",
        "width",
    )

    image: Literal[
        "guide", "random", "ramp", "ones", "impulse", "cross", "edge", "checkerboard", "disc",
        "photo", "own",
    ] = Field("guide", title="Input", description="What the input's cells hold; photo is the "
              "current image made small, own is typed below.")  # fmt: skip
    image_numbers: str = Field(
        "",
        max_length=20_000,
        title="Own input",
        description="Rows separated by /, channels by |, for example 1 0 / 0 1. "
        "Missing cells are 0.",
    )
    height: int = Field(5, ge=1, le=32, title="Input height", description="Rows of the input.")
    width: int = Field(5, ge=1, le=32, title="Input width", description="Columns of the input.")
    channels: int = Field(
        1, ge=1, le=6, title="Channels in", description="Planes of the input, 3 for a photo."
    )
    kernel: Literal[
        "guide", "random", "ones", "identity", "patterns", "sobel", "sharpen", "box", "own"
    ] = Field("guide", title="Weights", description="What the kernel's cells hold.")
    kernel_numbers: str = Field(
        "",
        max_length=20_000,
        title="Own weights",
        description="Rows separated by /, channels by |, filters by ;. Missing weights are 0.",
    )
    filters: int = Field(
        1, ge=1, le=10, title="Filters out", description="Kernels, each with its own output."
    )
    apart: bool = Field(
        default=False,
        title="Height and width apart",
        description="Set size, kernel, stride, dilation and padding for each axis on its own.",
    )
    kernel_height: int = Field(3, ge=1, le=11, title="Kernel", description="Taps down.")
    kernel_width: int = Field(3, ge=1, le=11, title="Kernel width", description="Taps across.")
    stride_height: int = Field(
        1, ge=1, le=8, title="Stride", description="Pixels from one window to the next."
    )
    stride_width: int = Field(
        1, ge=1, le=8, title="Stride across", description="Pixels from one window to the next."
    )
    dilation_height: int = Field(
        1,
        ge=1,
        le=8,
        title="Dilation",
        description="Pixels between neighbouring taps; 1 is dense.",
    )
    dilation_width: int = Field(
        1, ge=1, le=8, title="Dilation across", description="Pixels between neighbouring taps."
    )
    padding: Literal["amount", "sides", "valid", "same"] = Field(
        "amount",
        title="Padding",
        description="amount: pixels on every side; sides: each side on its own; valid and same "
        "as Keras means them.",
    )
    pad_height: int = Field(
        0, ge=0, le=10, title="Padding", description="Pixels added on every side."
    )
    pad_width: int = Field(
        0, ge=0, le=10, title="Padding across", description="Pixels added left and right."
    )
    pad_top: int = Field(0, ge=0, le=10, title="Padding top")
    pad_bottom: int = Field(0, ge=0, le=10, title="Padding bottom")
    pad_left: int = Field(0, ge=0, le=10, title="Padding left")
    pad_right: int = Field(0, ge=0, le=10, title="Padding right")
    padding_mode: PaddingMode = Field(
        "zeros",
        title="Padding holds",
        description="zeros; a constant; the input mirrored (reflect), its border repeated "
        "(edge) or continued from the other side (wrap).",
    )
    padding_value: float = Field(
        1.0, ge=-255, le=255, title="Constant", description="The number in the added pixels."
    )
    groups: int = Field(
        1,
        ge=1,
        le=6,
        title="Groups",
        description="Each filter sees only the channels of its group; as many groups as "
        "channels is a depthwise convolution.",
    )
    bias: bool = Field(default=False, title="Bias", description="One number added per filter.")
    bias_value: float = Field(1.0, ge=-1000, le=1000, title="Bias value")
    flip: bool = Field(
        default=False,
        title="True convolution",
        description="Mirror the kernel first, as mathematics does. Frameworks do not: what "
        "they call convolution is cross-correlation.",
    )
    transposed: bool = Field(
        default=False,
        title="Transposed",
        description="The transposed convolution, Keras' Conv2DTranspose; padding then cuts "
        "pixels off the output.",
    )
    output_padding_height: int = Field(
        0,
        ge=0,
        le=7,
        title="Output padding",
        description="Rows added at the end of the output.",
    )
    output_padding_width: int = Field(
        0, ge=0, le=7, title="Output padding across", description="Columns added at the end."
    )
    seed: int = Field(0, ge=0, le=99, title="Seed", description="Of the random numbers.")
    filter: int = Field(
        1, ge=1, le=10, title="Filter shown", description="Whose weights and sums are shown."
    )
    cell: str = Field(
        "",
        max_length=7,
        pattern=r"^(\d{1,2},\d{1,2})?$",
        title="Pinned output cell",
        description="Row and column, counted from 0, for example 0,2.",
    )
    edits: str = Field(
        "",
        max_length=20_000,
        title="Changed cells",
        description="x.row.column.channel=value for the input, "
        "k.row.column.channel.filter=value for a weight, b.filter=value for a bias.",
    )

    @property
    def input_hw(self) -> tuple[int, int]:
        """(height, width) of the input, in pixels."""
        return self._pair("height", "width")

    @property
    def kernel_hw(self) -> tuple[int, int]:
        """(height, width) of the kernel, in taps."""
        return self._pair("kernel_height", "kernel_width")

    @property
    def stride_hw(self) -> tuple[int, int]:
        """(down, across) step."""
        return self._pair("stride_height", "stride_width")

    @property
    def dilation_hw(self) -> tuple[int, int]:
        """(down, across) distance between taps."""
        return self._pair("dilation_height", "dilation_width")

    @property
    def output_padding_hw(self) -> tuple[int, int]:
        """(down, across) pixels added to a transposed output."""
        return self._pair("output_padding_height", "output_padding_width")

    def _pair(self, down: str, across: str) -> tuple[int, int]:
        return getattr(self, down), getattr(self, across if self.apart else down)

    @property
    def padding_sides(
        self,
    ) -> Literal["valid", "same"] | tuple[tuple[int, int], tuple[int, int]]:
        """Padding as `ConvSpec` takes it."""
        if self.padding == "valid" or self.padding == "same":
            return self.padding
        if self.padding == "sides":
            return (self.pad_top, self.pad_bottom), (self.pad_left, self.pad_right)
        down, across = self._pair("pad_height", "pad_width")
        return (down, down), (across, across)

    @property
    def mode(self) -> PaddingMode:
        """What the padding holds; a transposed convolution has none to fill."""
        return "zeros" if self.transposed else self.padding_mode

    def conv_spec(self) -> ConvSpec:
        """The layer's settings, for `convolve`."""
        named = self.padding in ("valid", "same")
        return ConvSpec(
            kernel_size=self.kernel_hw,
            stride=self.stride_hw,
            padding=self.padding_sides,
            dilation=self.dilation_hw,
            padding_mode=self.mode,
            padding_value=self.padding_value,
            groups=self.groups,
            flip=self.flip,
            transposed=self.transposed,
            output_padding=self.output_padding_hw if self.transposed and not named else None,
        )

    @property
    def shown_filter(self) -> int:
        """Index of the filter whose weights are shown, counted from 0."""
        return min(self.filter, self.filters) - 1

    def choices(self, name: str) -> list[int]:
        """The values of a slider that have an output; one of the filters there are."""
        return list(range(1, self.filters + 1)) if name == "filter" else super().choices(name)

    def problem(self) -> str | None:
        """Why there is no output, or None."""
        if self.channels % self.groups or self.filters % self.groups:
            return (
                f"{self.groups} groups cannot split {self.channels} channels and "
                f"{self.filters} filters evenly."
            )
        return self._axis_problem(0) or self._axis_problem(1)

    def _axis_problem(self, axis: int) -> str | None:
        size, stride, dilation = (
            self.input_hw[axis],
            self.stride_hw[axis],
            self.dilation_hw[axis],
        )
        reach = span(self.kernel_hw[axis], dilation)
        amounts = self._amounts(axis, size, stride, dilation)
        extra = self.output_padding_hw[axis] if self.padding not in ("valid", "same") else 0
        if self.transposed:
            if extra >= max(stride, dilation):
                return f"output padding {extra} needs a larger stride or dilation."
            outputs = (size - 1) * stride + reach - sum(amounts) + extra
            if self.padding in ("valid", "same"):
                # Keras leaves room for a full stride after the last pixel, however short the
                # kernel.
                outputs = max(outputs, size * stride)
        else:
            outputs = (size + sum(amounts) - reach) // stride + 1
        if outputs < 1:
            return (
                f"the kernel spans {reach} pixels and the padded input has "
                f"{size + sum(amounts)}."
            )
        if outputs > LARGEST_OUTPUT:
            return f"the output would have {outputs} pixels; the stage shows {LARGEST_OUTPUT}."
        return self._mode_problem(size, max(amounts))

    def _amounts(self, axis: int, size: int, stride: int, dilation: int) -> tuple[int, int]:
        sides = self.padding_sides
        if not isinstance(sides, str):
            return sides[axis]
        if sides == "valid":
            return 0, 0
        if self.transposed:
            return max(span(self.kernel_hw[axis], dilation) - stride, 0), 0
        return same_padding(size, self.kernel_hw[axis], stride, dilation)

    def _mode_problem(self, size: int, amount: int) -> str | None:
        if self.mode == "reflect" and amount > size - 1:
            return f"reflect can add at most {size - 1} pixels to {size}."
        if self.mode == "wrap" and amount > size:
            return f"wrap can add at most {size} pixels to {size}."
        return None


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionCase:
    """A lesson with its numbers.

    Attributes:
        lesson: the settings.
        image: (H, W, Cin) float64.
        kernel: (kh, kw, Cin / groups, Cout), transposed (kh, kw, Cout / groups, Cin), float64.
        bias: (Cout,) float64, or None.
        result: output and trace.
    """

    lesson: ConvolutionLesson
    image: FloatArray
    kernel: FloatArray
    bias: FloatArray | None
    result: ConvResult

    @property
    def chosen_cell(self) -> tuple[int, int]:
        """(row, column) of the pinned output cell, or of the first where there is none."""
        rows, columns = self.result.rows.outputs, self.result.columns.outputs
        if not self.lesson.cell:
            return 0, 0
        row, column = (int(part) for part in self.lesson.cell.split(","))
        return (row, column) if row < rows and column < columns else (0, 0)


def build(lesson: ConvolutionLesson, photo: Photo | None = None) -> ConvolutionCase:
    """Fill in the numbers of a lesson and convolve.

    Args:
        lesson: settings without a problem.
        photo: (H, W, 3) uint8 RGB, needed for `image="photo"`.

    Raises:
        ValueError: the settings have no result, or a photo is needed and missing.
        NumbersError: a typed text cannot be read.
    """
    image = _image(lesson, photo)
    kernel = _kernel(lesson)
    bias = np.full(lesson.filters, lesson.bias_value if lesson.bias else 0.0)
    numbers.apply_edits(
        {"x": image, "k": kernel} | ({"b": bias} if lesson.bias else {}),
        numbers.parse_edits(lesson.edits),
    )
    result = convolve(image, kernel, lesson.conv_spec(), bias if lesson.bias else None)
    return ConvolutionCase(lesson, image, kernel, bias if lesson.bias else None, result)


def _image(lesson: ConvolutionLesson, photo: Photo | None) -> FloatArray:
    height, width = lesson.input_hw
    if lesson.image == "own":
        image = np.zeros((height, width, lesson.channels))
        for c, plane in enumerate(_planes(lesson.image_numbers)[: lesson.channels]):
            _copy(plane, image[..., c])
        return image
    if lesson.image == "photo":
        return small_photo(photo, height, width, lesson.channels)
    return PATTERNS[lesson.image].call(height, width, lesson.channels, lesson.seed)


def _kernel(lesson: ConvolutionLesson) -> FloatArray:
    """Weights as `convolve` takes them; a filter keeps its weights when it is transposed."""
    lesson.conv_spec().kernel_shape(lesson.channels, lesson.filters)  # refuses uneven groups
    seen = lesson.channels // lesson.groups
    shape = (*lesson.kernel_hw, seen, lesson.filters)
    if lesson.kernel != "own":
        bank = BANKS[lesson.kernel].call(*shape, lesson.seed)
    else:
        bank = np.zeros(shape)
        for f, planes in enumerate(_bank(lesson.kernel_numbers)[: lesson.filters]):
            for c, plane in enumerate(planes[:seen]):
                _copy(plane, bank[..., c, f])
    return _as_transposed(bank, lesson.groups) if lesson.transposed else bank


def _as_transposed(bank: FloatArray, groups: int) -> FloatArray:
    """(kh, kw, Cin / groups, Cout) to what Keras stores: (kh, kw, Cout / groups, Cin)."""
    height, width, seen, filters = bank.shape
    by_group = bank.reshape(height, width, seen, groups, filters // groups)
    return by_group.transpose(0, 1, 4, 3, 2).reshape(height, width, filters // groups, -1)


def _bank(text: str) -> list[list[FloatArray]]:
    return numbers.parse_bank(text) if text.strip() else []


def _planes(text: str) -> list[FloatArray]:
    return numbers.parse_planes(text) if text.strip() else []


def _copy(plane: FloatArray, target: FloatArray) -> None:
    """Write a plane into the upper left corner of a larger or smaller one."""
    rows, columns = (min(a, b) for a, b in zip(plane.shape, target.shape, strict=True))
    target[:rows, :columns] = plane[:rows, :columns]


def small_photo(photo: Photo | None, height: int, width: int, channels: int) -> FloatArray:
    """The current image made small: grey for 1 channel, else red, green, blue, grey.

    Args:
        photo: (H, W, 3) uint8 RGB.
        height: rows wanted.
        width: columns wanted.
        channels: planes wanted; beyond the fourth they are 0.

    Returns:
        (height, width, channels) float64, whole numbers 0..255.

    Raises:
        ValueError: there is no photo.
    """
    if photo is None:
        raise ValueError("The input is the current image, and there is none. Choose one first.")
    small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)[..., None]
    image = np.zeros((height, width, channels))
    planes = grey if channels == 1 else np.concatenate([small, grey], axis=2)[..., :channels]
    image[..., : planes.shape[2]] = planes
    return image
