"""Keras' padding "same" beside PyTorch's, and why they differ."""

from __future__ import annotations

from dataclasses import dataclass

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.geometry import same_padding, span
from core.arithmetic.wording import counted


@dataclass(frozen=True, slots=True)
class SameComparison:
    """Keras' "same" beside PyTorch's symmetric padding along one axis.

    Attributes:
        keras_size: output length of `padding="same"`.
        keras_pads: (before, after) pixels.
        torch_size: output length of `torch.nn.Conv2d(padding=(span - 1) // 2)`; 0 where no
            window fits and PyTorch refuses.
        torch_pads: (before, after) pixels, always equal.
        torch_accepts_same: whether PyTorch's own `padding="same"` runs: at stride 1 only.
        sentences: why they differ; empty where they do not.
    """

    keras_size: int
    keras_pads: tuple[int, int]
    torch_size: int
    torch_pads: tuple[int, int]
    torch_accepts_same: bool
    sentences: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """True if the two give another size or look at other pixels."""
        return (self.keras_size, self.keras_pads) != (self.torch_size, self.torch_pads)


def compare_same(
    size: int, kernel: int, *, stride: int = 1, dilation: int = 1
) -> SameComparison:
    """Keras' "same" beside `torch.nn.Conv2d(padding=(span - 1) // 2)` along one axis.

    Keras pads what the last window needs, so the amount depends on the input's size and the
    odd pixel goes to the end. PyTorch pads both ends alike, whatever the size.

    Args:
        size: input length, in pixels.
        kernel: taps.
        stride: pixels from one window to the next.
        dilation: pixels between neighbouring taps.

    Example:
        >>> both = compare_same(6, 3, stride=2)
        >>> both.keras_pads, both.torch_pads, both.differ
        ((0, 1), (1, 1), True)

    Source: TensorFlow's documentation of `tf.nn.convolution`; PyTorch's of `torch.nn.Conv2d`.
    """
    reach = span(kernel, dilation)
    amount = (reach - 1) // 2
    room = size + 2 * amount - reach
    keras = (-(-size // stride), same_padding(size, kernel, stride, dilation))
    torch = (room // stride + 1 if room >= 0 else 0, (amount, amount))
    why = _same_reasons(keras, torch, reach, stride) if keras != torch else ()
    return SameComparison(*keras, *torch, torch_accepts_same=stride == 1, sentences=why)


def both_axes(
    input_hw: tuple[int, int], spec: ConvSpec
) -> tuple[SameComparison, SameComparison] | None:
    """The comparison down and across; None where the layer does not pad by "same"."""
    if spec.padding != "same" or spec.transposed:
        return None
    down, across = (
        compare_same(
            input_hw[axis],
            spec.kernel_size[axis],
            stride=spec.stride[axis],
            dilation=spec.dilation[axis],
        )
        for axis in (0, 1)
    )
    return down, across


def same_sentences(same: tuple[SameComparison, SameComparison] | None) -> tuple[str, ...]:
    """Both axes, or once what both have in common."""
    if same is None:
        return ()
    down, across = same
    if down.sentences == across.sentences:
        return down.sentences
    return tuple(f"Rows: {text}" for text in down.sentences) + tuple(
        f"Columns: {text}" for text in across.sentences
    )


def _same_reasons(
    keras: tuple[int, tuple[int, int]],
    torch: tuple[int, tuple[int, int]],
    reach: int,
    stride: int,
) -> tuple[str, ...]:
    (keras_size, (before, after)), (torch_size, (amount, _)) = keras, torch
    sizes = (
        f"Both give {counted(keras_size, 'value')}, at other places: the first windows start "
        f"{counted(amount - before, 'pixel')} apart."
        if keras_size == torch_size
        else f"Keras gives {counted(keras_size, 'value')}, PyTorch {torch_size:,}: a window "
        f"over {reach} pixels has no middle, so equal sides add one pixel too few."
    )
    own = (
        'PyTorch\'s own padding="same" does what Keras does here.'
        if stride == 1
        else f'PyTorch\'s own padding="same" refuses stride {stride}: it accepts stride 1 only.'
    )
    return (
        f"Keras' \"same\" adds {before} before and {after} after; PyTorch's padding={amount} "
        f"adds {amount} on each side.",
        sizes,
        own,
    )
