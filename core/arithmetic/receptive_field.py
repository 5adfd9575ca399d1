"""How far a stack of layers sees: size, step and place of the receptive field, layer by layer.

Like positions, receptive fields are settled for one axis at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.arithmetic.errors import ShapeError
from core.arithmetic.geometry import span


class Window(NamedTuple):
    """One layer (convolution or pooling) along one axis, all in pixels of its own input.

    Attributes:
        kernel: taps.
        stride: pixels from one window to the next.
        dilation: pixels between neighbouring taps.
        padding: pixels added before the first one. It moves the field but does not widen it.
    """

    kernel: int
    stride: int = 1
    dilation: int = 1
    padding: int = 0


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What the outputs of one layer see of the input of the whole stack, along one axis.

    Attributes:
        size: pixels from the first to the last input pixel that reach one output value.
            Dilation and long strides may leave holes in between.
        jump: input pixels between the fields of neighbouring outputs.
        start: first input pixel in the field of output 0, counted from 0; negative where the
            field begins in the padding.
    """

    size: int
    jump: int
    start: int

    @property
    def centre(self) -> float:
        """Middle of the field of output 0, in input pixels."""
        return self.start + (self.size - 1) / 2

    def pixels(self, position: int) -> tuple[int, int]:
        """First and last input pixel that the output at `position` sees.

        Example:
            >>> ReceptiveField(size=7, jump=2, start=-1).pixels(3)
            (5, 11)
        """
        first = self.start + position * self.jump
        return first, first + self.size - 1


def receptive_fields(
    layers: Sequence[Window | tuple[int, int, int]],
) -> tuple[ReceptiveField, ...]:
    """Receptive field after each layer of a stack.

    r_l = r_(l-1) + d_l * (k_l - 1) * j_(l-1), j_l = j_(l-1) * s_l and
    u_l = u_(l-1) - p_l * j_(l-1), from r_0 = j_0 = 1 and u_0 = 0: size r, jump j, start u.

    Args:
        layers: from the input on; each a `Window` or (kernel, stride, dilation) without
            padding.

    Returns:
        One field a layer, in input pixels.

    Raises:
        ShapeError: a kernel, stride or dilation is less than 1.

    Example:
        >>> [field.size for field in receptive_fields([(3, 1, 1)] * 3)]
        [3, 5, 7]

    Source: Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural
    networks", Distill, doi:10.23915/distill.00021, equations for single-path networks.
    """
    size, jump, start = 1, 1, 0
    fields = []
    for number, layer in enumerate(layers, 1):
        window = Window(*layer)
        _check(window, number)
        size += (span(window.kernel, window.dilation) - 1) * jump
        start -= window.padding * jump
        jump *= window.stride
        fields.append(ReceptiveField(size, jump, start))
    return tuple(fields)


def _check(window: Window, number: int) -> None:
    if min(window.kernel, window.stride, window.dilation) < 1:
        raise ShapeError(
            f"layer {number} has kernel {window.kernel}, stride {window.stride} and dilation "
            f"{window.dilation}. Use at least 1 for each."
        )
