"""Settings of the page "Pooling and unpooling"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from core import numbers
from core.arithmetic.antialiasing import TAPS
from core.arithmetic.errors import ShapeError
from core.arithmetic.geometry import (
    PaddingMode,
    ceil_output_size,
    output_size,
    same_padding,
)
from core.arithmetic.pooling import PICKS, Kind, PoolSpec
from core.lessons.base import Lesson

LARGEST_OUTPUT = 32
"""Rows or columns of an unpooled map that the stage still shows."""

Back = Literal["max", "nearest", "bilinear", "transposed", "shuffle"]


class PoolingLesson(Lesson):
    """One pooling of small numbers, and a way back.

    Heights serve both axes unless `pool_apart` is set; then the settings across count for
    themselves.
    """

    page: ClassVar[str] = "pooling"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {
        "pool_numbers": numbers.parse_planes,
        "pool_edits": numbers.parse_edits,
    }
    repair_order: ClassVar[tuple[str, ...]] = (
        "pool_pad",
        "pool_pad_across",
        "pool_stride",
        "pool_stride_across",
        "pool_factor",
        "pool_channels",
        "pool_size",
        "pool_size_across",
        "pool_height",
        "pool_width",
    )

    pool_shows: Literal["pool", "gradient", "unpool", "flatten"] = Field(
        "pool",
        title="Stage shows",
        description="pool: input and pooled map; gradient: the way back of the gradient; "
        "unpool: the pooled map made larger again; flatten: the pooled map as one row, and a "
        "dense layer on it.",
    )
    pool_kind: Kind = Field(
        "max",
        title="Kind",
        description="What becomes of a window. The global kinds take each channel whole.",
    )
    pool_input: Literal[
        "ramp", "guide", "random", "ones", "impulse", "cross", "edge", "checkerboard", "disc",
        "photo", "own",
    ] = Field("ramp", title="Feature map", description="What the input's cells hold; photo is "
              "the current image made small, own is typed below.")  # fmt: skip
    pool_numbers: str = Field(
        "",
        max_length=20_000,
        title="Own feature map",
        description="Rows separated by /, channels by |, for example 1 0 / 0 1. "
        "Missing cells are 0.",
    )
    pool_height: int = Field(4, ge=1, le=16, title="Height", description="Rows of the input.")
    pool_width: int = Field(4, ge=1, le=16, title="Width", description="Columns of the input.")
    pool_channels: int = Field(
        1, ge=1, le=9, title="Channels", description="Each is pooled on its own."
    )
    pool_apart: bool = Field(
        default=False,
        title="Down and across apart",
        description="Set window, stride and padding for each axis on its own.",
    )
    pool_size: int = Field(2, ge=1, le=8, title="Window", description="Pixels down and across.")
    pool_size_across: int = Field(
        2, ge=1, le=8, title="Window across", description="Pixels across."
    )
    pool_stride: int = Field(
        2, ge=1, le=8, title="Stride", description="Pixels from one window to the next."
    )
    pool_stride_across: int = Field(
        2, ge=1, le=8, title="Stride across", description="Pixels from one window to the next."
    )
    pool_padding: Literal["amount", "valid", "same"] = Field(
        "amount",
        title="Padding",
        description="amount: pixels on every side; valid and same as Keras means them.",
    )
    pool_pad: int = Field(
        0,
        ge=0,
        le=4,
        title="Padding",
        description="Pixels added on every side, at most half of the window. They never win a "
        "maximum.",
    )
    pool_pad_across: int = Field(
        0, ge=0, le=4, title="Padding across", description="Pixels added left and right."
    )
    pool_ceil: bool = Field(
        default=False,
        title="Last window may hang over",
        description="ceil_mode: the number of windows is rounded up, if the last one starts in "
        "the input or in the padding before it.",
    )
    pool_count: bool = Field(
        default=False,
        title="Average counts the padding",
        description="count_include_pad: padded places are counted as zeros.",
    )
    pool_blur: Literal["none", "rect-2", "tri-3", "bin-5"] = Field(
        "none",
        title="Blur before dropping",
        description="Anti-aliased pooling: pool at stride 1, blur with a box of 2, a triangle "
        "of 3 or a binomial of 5, then keep every n-th value.",
    )
    pool_border: Literal["reflect", "edge", "wrap", "zeros"] = Field(
        "reflect",
        title="Blur reads at the border",
        description="What the blur finds beyond the border, as `numpy.pad` names it.",
    )
    pool_upstream: Literal["ones", "ramp", "random"] = Field(
        "ramp",
        title="Gradient at the output",
        description="What comes back from the layers behind; ramp counts 1, 2, 3.",
    )
    pool_back: Back = Field(
        "max",
        title="Unpooling",
        description="max: to the remembered places; nearest and bilinear: by interpolation; "
        "transposed: a transposed convolution; shuffle: channels become pixels.",
    )
    pool_factor: int = Field(
        2, ge=1, le=4, title="Factor", description="How many times larger down and across."
    )
    pool_align: bool = Field(
        default=False,
        title="Align corners",
        description="Bilinear: the corner pixels stay in the corners.",
    )
    pool_taps: int = Field(
        3,
        ge=1,
        le=6,
        title="Kernel of the transposed convolution",
        description="Its size. What the factor does not divide gives a checkerboard.",
    )
    pool_weights: Literal["ones", "tent", "random"] = Field(
        "ones",
        title="Its weights",
        description="ones count the overlaps; a tent interpolates; random is a layer before "
        "training.",
    )
    pool_units: int = Field(
        3, ge=1, le=10, title="Dense units", description="Outputs of the dense layer."
    )
    pool_shift_down: int = Field(
        0, ge=-4, le=4, title="Shift down", description="Pixels, in the translation test."
    )
    pool_shift_right: int = Field(
        1, ge=-4, le=4, title="Shift right", description="Pixels, in the translation test."
    )
    pool_seed: int = Field(0, ge=0, le=99, title="Seed", description="Of the random numbers.")
    pool_cell: str = Field(
        "",
        max_length=7,
        pattern=r"^(\d{1,3},\d{1,3},\d)?$",
        title="Pinned cell",
        description="Row, column and channel, counted from 0, for example 0,1,0.",
    )
    pool_edits: str = Field(
        "",
        max_length=20_000,
        title="Changed cells",
        description="x.row.column.channel=value for the input, g.row.column.channel=value for "
        "the gradient at the output.",
    )

    @property
    def input_hw(self) -> tuple[int, int]:
        """(height, width) of the input, in pixels."""
        return self.pool_height, self.pool_width

    @property
    def size_hw(self) -> tuple[int, int]:
        """(height, width) of the window, in pixels."""
        return self.pool_size, self.pool_size_across if self.pool_apart else self.pool_size

    @property
    def stride_hw(self) -> tuple[int, int]:
        """(down, across) step, in pixels."""
        across = self.pool_stride_across if self.pool_apart else self.pool_stride
        return self.pool_stride, across

    @property
    def pad_hw(self) -> tuple[int, int]:
        """(down, across) padding, in pixels."""
        return self.pool_pad, self.pool_pad_across if self.pool_apart else self.pool_pad

    @property
    def is_global(self) -> bool:
        """Whether each channel is one window."""
        return self.pool_kind.startswith("global")

    @property
    def blurs(self) -> bool:
        """Whether values are blurred before they are dropped; a global kind drops none."""
        return self.pool_blur != "none" and not self.is_global

    @property
    def hangs_over(self) -> bool:
        """Whether a last window may hang over; "same" needs none."""
        return self.pool_ceil and self.pool_padding != "same"

    @property
    def border(self) -> PaddingMode:
        """What the blur reads beyond the border."""
        return self.pool_border

    @property
    def back(self) -> Back:
        """The way back that is possible: without remembered places, nearest instead of max."""
        remembers = self.pool_kind in PICKS and not self.blurs
        return "nearest" if self.pool_back == "max" and not remembers else self.pool_back

    def pool_spec(self) -> PoolSpec:
        """The layer's settings."""
        named = self.pool_padding in ("valid", "same")
        return PoolSpec(
            kind=self.pool_kind,
            size=self.size_hw,
            stride=self.stride_hw,
            padding=self.pool_padding if named else self.pad_hw,
            ceil_mode=self.hangs_over,
            count_include_pad=self.pool_count,
        )

    def problem(self) -> str | None:
        """Why there is no result, or None."""
        outputs = []
        for axis in (0, 1):
            found = 1 if self.is_global else self._outputs(axis)
            if isinstance(found, str):
                return found
            outputs.append(found)
        return self._back_problem(max(outputs)) if self.pool_shows == "unpool" else None

    def _outputs(self, axis: int) -> int | str:
        """Number of windows along an axis, or why there is none."""
        length, size = self.input_hw[axis], self.size_hw[axis]
        stride = 1 if self.blurs else self.stride_hw[axis]
        before, after = self._amounts(axis, length, size, stride)
        if max(before, after) > size // 2 and self.pool_padding == "amount":
            return f"padding {before} is more than half of the window {size}."
        count = ceil_output_size if self.hangs_over else _floor
        try:
            windows = count(length, size, stride=stride, before=before, after=after)
        except ShapeError:
            room = length + before + after
            return f"the window spans {size} pixels; the padded input has {room}."
        return self._blurred(axis, windows) if self.blurs else windows

    def _amounts(self, axis: int, length: int, size: int, stride: int) -> tuple[int, int]:
        if self.pool_padding == "same":
            return same_padding(length, size, stride)
        return (self.pad_hw[axis],) * 2 if self.pool_padding == "amount" else (0, 0)

    def _blurred(self, axis: int, windows: int) -> int | str:
        reach = len(TAPS[self.pool_blur]) // 2 if self.pool_blur != "none" else 0
        room = {"reflect": windows - 1, "wrap": windows}.get(self.pool_border, reach)
        if reach > room:
            return f"the blur reads {reach} beyond the border, of {windows} pooled values."
        return -(-windows // self.stride_hw[axis])

    def _back_problem(self, outputs: int) -> str | None:
        if self.back == "max":
            return None
        if outputs * self.pool_factor > LARGEST_OUTPUT:
            return (
                f"{outputs} * {self.pool_factor} = {outputs * self.pool_factor} pixels; the "
                f"stage shows {LARGEST_OUTPUT}."
            )
        square = self.pool_factor**2
        if self.back == "shuffle" and self.pool_channels % square:
            return f"a shuffle by {self.pool_factor} makes 1 channel of {square}."
        return None


def _floor(size: int, window: int, *, stride: int, before: int, after: int) -> int:
    return output_size(size, window, stride=stride, padding=before + after)
