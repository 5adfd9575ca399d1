"""Windows that move over maps: how many there are, whether they fit, what they do not read."""

from __future__ import annotations

from core.architecture.counting import MisfitError, Shape, times
from core.arithmetic.geometry import output_size, same_padding, span
from core.arithmetic.wording import counted


def outputs(size: int, kernel: int, stride: int, padding: str, dilation: int = 1) -> int:
    """Windows along one axis, for Keras' "same" and "valid".

    Example:
        >>> outputs(28, 5, 1, "same"), outputs(14, 5, 1, "valid")
        (28, 10)
    """
    added = sum(same_padding(size, kernel, stride, dilation)) if padding == "same" else 0
    return output_size(size, kernel, stride=stride, padding=added, dilation=dilation)


def need_room(shape: Shape, kernel: int, padding: str, dilation: int = 1) -> None:
    """Refuse maps that are smaller than the window.

    Raises:
        MisfitError: it does not fit; the message says what would.
    """
    smallest, reach = min(shape[:2]), span(kernel, dilation)
    if padding == "same" or reach <= smallest:
        return
    window = times(reach, reach)
    if dilation > 1:
        window += f" ({times(kernel, kernel)} with dilation {dilation})"
    remedy = "use padding 'same'"
    if smallest > 1:
        remedy += f" or a window of at most {times(smallest, smallest)}"
    raise MisfitError(
        f"A {window} window does not fit into {times(*shape[:2])}: {remedy}, or shrink the "
        "maps less before it."
    )


def left_over(shape: Shape, kernel: int, stride: int, padding: str, dilation: int = 1) -> str:
    """What no window reads: between the windows, and behind the last one."""
    if stride > kernel:
        gap = counted(stride - kernel, "row")
        return f"Windows of {kernel} every {stride} pixels skip {gap} and columns between them."
    if padding == "same":
        return ""
    rows, columns = ((size - span(kernel, dilation)) % stride for size in shape[:2])
    parts = [counted(n, noun) for n, noun in ((rows, "row"), (columns, "column")) if n]
    if not parts:
        return ""
    return f"No window reads the last {' and '.join(parts)} of the input."
