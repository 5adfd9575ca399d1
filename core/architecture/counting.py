"""Shapes, and what is counted of a layer: parameters and multiply-adds with the arithmetic.

Shapes are without the batch: (height, width, channels) maps, (tokens, width) tokens, (n,)
vectors. Multiply-adds are those of convolutions, dense layers and attention; norms, activations
and pooling, which cost little beside them, are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from core.arithmetic.wording import counted

Shape = tuple[int, ...]


class MisfitError(ValueError):
    """A row cannot take the shape that reaches it; the message says what would work."""


@dataclass(frozen=True, slots=True)
class Count:
    """Something counted, and how.

    Attributes:
        value: the number.
        text: the arithmetic with its result, `(5 x 5 x 1 + 1) x 6 = 156`; empty where there is
            nothing to count.
    """

    value: int = 0
    text: str = ""


NOTHING = Count()


@dataclass(frozen=True, slots=True)
class Measure:
    """What one row does.

    Attributes:
        shape: of the output, without the batch.
        trainable: parameters that training changes.
        fixed: parameters that it does not (the running statistics of batch norm).
        arithmetic: how the parameters add up.
        cost: multiply-adds for one image.
        values: numbers that the row's layers give for one image, which training keeps for the
            backward pass.
        note: what is worth knowing, though it works; may be empty.
    """

    shape: Shape
    trainable: int = 0
    fixed: int = 0
    arithmetic: str = ""
    cost: Count = NOTHING
    values: int = 0
    note: str = ""


def in_words(shape: Shape) -> str:
    """A shape as text.

    Example:
        >>> in_words((28, 28, 6)), in_words((49, 32)), in_words((120,))
        ('28 x 28 x 6', '49 tokens of 32', '120')
    """
    if len(shape) == 2:
        return f"{counted(shape[0], 'token')} of {shape[1]}"
    return times(*shape)


def times(*numbers: int) -> str:
    """The factors of a product.

    Example:
        >>> times(5, 5, 1200)
        '5 x 5 x 1,200'
    """
    return " x ".join(f"{number:,}" for number in numbers)


def need_maps(who: str, shape: Shape) -> None:
    """Refuse vectors and tokens.

    Raises:
        MisfitError: the shape is not that of maps.
    """
    if len(shape) == 3:
        return
    if len(shape) == 1:
        raise MisfitError(
            f"{who} needs maps (height x width x channels) and gets a vector of {shape[0]:,}: "
            "move this row before flatten or global pooling."
        )
    raise MisfitError(
        f"{who} needs maps (height x width x channels) and gets {in_words(shape)}: move this "
        "row before the patches."
    )


def need_tokens(who: str, shape: Shape) -> None:
    """Refuse vectors and maps.

    Raises:
        MisfitError: the shape is not that of tokens.
    """
    if len(shape) == 2:
        return
    given = f"a vector of {shape[0]:,}" if len(shape) == 1 else in_words(shape)
    where = "put patches before it"
    if len(shape) == 1:
        where = "move it before flatten or global pooling, behind patches"
    raise MisfitError(f"{who}, and this row gets {given}: {where}.")


def need_vector(who: str, shape: Shape) -> None:
    """Refuse maps and tokens.

    Raises:
        MisfitError: the shape is no vector.
    """
    if len(shape) > 1:
        raise MisfitError(
            f"{who} needs a vector and gets {in_words(shape)}: put flatten or global pooling "
            "before it."
        )


def weights_of(seen: Shape, given: int, bias: bool = True) -> Count:
    """Weights and biases of `given` outputs that see so many inputs each."""
    value = (prod(seen) + bias) * given
    inner = f"({times(*seen)} + 1)" if bias else times(*seen)
    return Count(value, f"{inner} x {given:,} = {value:,}")


def cost_of(places: Shape, each: Shape) -> Count:
    """Multiply-adds: so many at each of so many places."""
    value = prod(places) * prod(each)
    return Count(value, f"{times(*places)} x {_bracketed(each)} = {value:,}")


def summed(
    shape: Shape,
    weights: list[Count],
    cost: list[Count],
    norms: int,
    values: int,
    note: str = "",
) -> Measure:
    """Add up the weights of a row's layers and its batch norms over the output's channels."""
    running = 2 * norms * shape[-1]
    trained = sum(part.value for part in weights) + running
    parts = [part.text for part in weights]
    if norms:
        parts.append(f"batch norm {times(norms, 4, shape[-1])} = {2 * running:,}")
    return Measure(
        shape,
        trained,
        running,
        _total(parts, trained + running),
        Count(total := sum(part.value for part in cost), _total([p.text for p in cost], total)),
        values,
        note,
    )


def _bracketed(factors: Shape) -> str:
    return times(*factors) if len(factors) == 1 else f"({times(*factors)})"


def _total(parts: list[str], value: int) -> str:
    """One calculation as it is; several with their sum."""
    if len(parts) == 1:
        return parts[0]
    return f"{'; '.join(parts)}; together {value:,}"
