"""A network as a strip: what of it is learnt, block by block, and what stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from core.palette import PALETTES
from core.training.anatomy import Share
from core.training.transfer import Way
from core.ui.downloads import theme
from core.ui.transfer.ways import NUMBERS

_TALLEST = 46
_LOWEST = 7
"""Pixels."""


def colour_of(way: Way) -> str:
    """The colour of a way, as in the charts."""
    return PALETTES[theme()].lines[NUMBERS[way]]


def strip(shares: Sequence[Share], way: Way) -> str:
    """Blocks from the picture to the answer, as HTML.

    A block is as high as the square root of its parameters; what is learnt is filled, what is
    frozen is hatched.

    Args:
        shares: of the blocks and of the head, from the input on.
        way: whose strip it is.
    """
    largest = max(share.trainable + share.frozen for share in shares)
    cells = "".join(_cell(share, largest, way) for share in shares)
    look = "display:flex;align-items:flex-end;gap:2px;margin:0.1rem 0 0.25rem"
    return (
        f'<div role="img" aria-label="{escape(in_words(shares))}" '
        f'style="{look};height:{_TALLEST + 4}px">{cells}</div>'
    )


def _cell(share: Share, largest: int, way: Way) -> str:
    everything = share.trainable + share.frozen
    height = max(round(_TALLEST * (everything / largest) ** 0.5), _LOWEST)
    margin = "margin-left:6px;" if share.in_head and share.name != "output" else ""
    if share.in_head:
        margin = margin or "margin-left:6px;"
    title = f"{share.name}: {share.trainable:,} learnt, {share.frozen:,} frozen"
    return (
        f'<div title="{escape(title)}" style="flex:1 1 0;min-width:3px;height:{height}px;'
        f'{margin}{_fill(way, learnt=bool(share.trainable), head=share.in_head)}"></div>'
    )


def _fill(way: Way, *, learnt: bool, head: bool) -> str:
    round_ = "border-radius:3px 3px 0 0" if not head else "border-radius:3px"
    if learnt:
        return f"background:{colour_of(way)};{round_}"
    hatch = PALETTES[theme()].hatch
    lines = f"repeating-linear-gradient(45deg,{hatch} 0 1px,transparent 1px 5px)"
    return f"background:{lines};box-shadow:inset 0 0 0 1px {hatch};{round_}"


def in_words(shares: Sequence[Share]) -> str:
    """The same for those who listen.

    Example:
        >>> in_words([Share("stem", 0, 864), Share("output", 2562, 0, in_head=True)])
        '0 of 1 blocks and the head are learnt: 2,562 of 3,426 parameters'
    """
    blocks = [share for share in shares if not share.in_head]
    learnt = sum(bool(share.trainable) for share in blocks)
    trainable = sum(share.trainable for share in shares)
    everything = trainable + sum(share.frozen for share in shares)
    return (
        f"{learnt} of {len(blocks)} blocks and the head are learnt: {trainable:,} of "
        f"{everything:,} parameters"
    )
