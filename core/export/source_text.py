"""Arrays as Python source that a person can read and that gives the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent

import numpy as np
import numpy.typing as npt

from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]

WRITTEN_OUT = 400
"""Arrays of more numbers are shortened where that loses nothing."""
FEW_CELLS = 20
"""Up to that many changed cells are written as assignments, more as a whole array."""
_WIDTH = 88
_LONG = 8


def assign_image(name: str, image: FloatArray) -> str:
    """Statements that make `name` the (H, W, C) array.

    Example:
        >>> import numpy as np
        >>> print(assign_image("image", np.eye(2)[..., None]))
        image = np.array([
            [1, 0],
            [0, 1],
        ], dtype="float64")[:, :, None]
    """
    channels = image.shape[2]
    if image.size > WRITTEN_OUT:
        return _assign_large(name, image)
    if channels == 1:
        return f'{name} = np.array({grid_literal(image[..., 0])}, dtype="float64")[:, :, None]'
    planes = [grid_literal(image[..., c]) for c in range(channels)]
    return f'{name} = np.stack({_listed(planes, "channel")}, axis=-1).astype("float64")'


def assign_kernel(name: str, kernel: FloatArray, planes: str, banks: str) -> str:
    """Statements that make `name` the (kh, kw, M, N) array.

    Args:
        name: of the variable.
        kernel: (kh, kw, M, N).
        planes: what the third axis counts, such as "channel".
        banks: what the fourth axis counts, such as "filter".
    """
    many_planes, many_banks = kernel.shape[2] > 1, kernel.shape[3] > 1
    if kernel.size > WRITTEN_OUT:
        return _assign_large(name, kernel)
    if many_planes and many_banks:
        stacks = [
            f"np.stack({_listed(_planes(kernel[..., n]), planes)}, axis=-1)"
            for n in range(kernel.shape[3])
        ]
        return f'{name} = np.stack({_listed(stacks, banks)}, axis=-1).astype("float64")'
    if many_planes:
        stack = f"np.stack({_listed(_planes(kernel[..., 0]), planes)}, axis=-1)"
        return f'{name} = {stack}[..., None].astype("float64")'
    if many_banks:
        stack = f"np.stack({_listed(_planes(kernel[:, :, 0]), banks)}, axis=-1)"
        return f'{name} = {stack}[:, :, None].astype("float64")'
    plane = grid_literal(kernel[:, :, 0, 0])
    return f'{name} = np.array({plane}, dtype="float64")[:, :, None, None]'


def assign_vector(name: str, values: FloatArray) -> str:
    """A statement that makes `name` the (N,) array."""
    return f'{name} = np.array([{_joined(values)}], dtype="float64")'


def grid_literal(plane: FloatArray) -> str:
    """A (rows, columns) array as nested lists, one row a line, columns aligned."""
    words = [[literal(value) for value in row] for row in plane]
    width = max(len(word) for row in words for word in row)
    rows = [_row([word.rjust(width) for word in row]) for row in words]
    return "[\n" + "".join(indent(f"[{row}],\n", "    ") for row in rows) + "]"


def literal(value: float) -> str:
    """A number as source: whole numbers without a point, 1/9 as a fraction.

    Example:
        >>> literal(3.0), literal(0.25), literal(1 / 9)
        ('3', '0.25', '1/9')
    """
    text = format_number(value)
    if len(text) > _LONG and 1e-4 < value < 1 and 1 / round(1 / value) == value:
        return f"1/{round(1 / value)}"
    return text


def assign_cells(name: str, wanted: FloatArray, given: FloatArray) -> list[str]:
    """Statements that turn the array `given`, already in `name`, into `wanted`.

    Example:
        >>> import numpy as np
        >>> assign_cells("image", np.array([[1.0, 5.0]]), np.array([[1.0, 2.0]]))
        ['image[0, 1] = 5']
    """
    return [
        f"{name}[{', '.join(map(str, place))}] = {literal(wanted[tuple(place)])}"
        for place in np.argwhere(wanted != given).tolist()
    ]


def _planes(stack: FloatArray) -> list[str]:
    return [grid_literal(stack[..., n]) for n in range(stack.shape[-1])]


def _row(words: Sequence[str]) -> str:
    """Numbers with commas, broken where the line would be too long."""
    per_line = max(_WIDTH // (len(words[0]) + 2), 1)
    lines = [", ".join(words[i : i + per_line]) for i in range(0, len(words), per_line)]
    return ",\n ".join(lines)


def _listed(parts: Sequence[str], noun: str) -> str:
    """A list with a comment before each part that says which one it is."""
    body = "".join(f"# {noun} {n}\n{part},\n" for n, part in enumerate(parts))
    return "[\n" + indent(body, "    ") + "]"


def _joined(values: FloatArray) -> str:
    return ", ".join(literal(value) for value in values)


def _assign_large(name: str, array: FloatArray) -> str:
    """Statements for many numbers: what repeats along the last axes is written once."""
    if almost_even := _assign_even(name, array):
        return almost_even
    kept = array
    for axis in range(2, array.ndim):
        first = kept.take([0], axis=axis)
        kept = first if (kept == first).all() else kept
    statement = f"{name} = {_text(kept)}"
    if kept.shape == array.shape:
        return statement
    repeats = tuple(n // k for n, k in zip(array.shape, kept.shape, strict=True))
    return f"{statement}\n{name} = np.tile({name}, {repeats})"


def _assign_even(name: str, array: FloatArray) -> str | None:
    """Statements for an array of one number with few exceptions; None for any other."""
    values, counts = np.unique(array, return_counts=True)
    common = values[counts.argmax()]
    if array.size - counts.max() > FEW_CELLS:
        return None
    given = np.full(array.shape, common)
    start = f'{name} = np.full({array.shape}, {literal(common)}, dtype="float64")'
    return "\n".join([start, *assign_cells(name, array, given)])


def _text(array: FloatArray) -> str:
    """An array as a text of numbers, plane by plane, which is half as long as lists."""
    height, width, *depth = array.shape
    planes = np.moveaxis(array.reshape(height, width, -1), -1, 0)
    rows = "\n".join(
        " ".join(format_number(value) for value in row) for plane in planes for row in plane
    )
    shape, order = (*depth, height, width), (len(depth), len(depth) + 1, *range(len(depth)))
    return (
        f'np.array("""\n{rows}\n""".split(), dtype="float64").reshape({shape})'
        f".transpose({order})"
    )
