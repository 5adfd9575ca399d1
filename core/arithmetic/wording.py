"""Numbers and nouns in sentences and formulas."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and its noun, in the plural unless it is 1.

    Example:
        >>> counted(1, "row"), counted(1200, "row")
        ('1 row', '1,200 rows')
    """
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """The noun alone."""
    return noun if number == 1 else f"{noun}s"


def are(number: int) -> str:
    """The verb that goes with a number."""
    return "is" if number == 1 else "are"


def tex(text: str) -> str:
    """LaTeX would put a space behind a plain comma."""
    return text.replace(",", "{,}")
