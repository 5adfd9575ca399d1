"""How many pictures are judged at once; losses that count over batches depend on it."""

from __future__ import annotations

CHUNK = 256
"""Most pictures judged at once."""
CHUNK_BYTES = 64 * 2**20
"""Most that the output of a layer takes for them."""
_BYTES = 4


def at_once(numbers: int) -> int:
    """Pictures of a batch that is judged.

    Args:
        numbers: of the largest layer's output, for one picture.

    Example:
        >>> at_once(28 * 28), at_once(64 * 64 * 24)
        (256, 170)
    """
    return min(max(CHUNK_BYTES // (_BYTES * numbers), 1), CHUNK)
