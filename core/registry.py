"""A named collection that adds up: one entry, in one place, and every list follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Entry(Generic[Function]):
    """A registered function: `slug` goes into links, `title` onto the screen."""

    slug: str
    title: str
    source: str
    call: Function


class Registry(Mapping[str, Entry[Function]]):
    """Entries by slug, in the order in which they were added."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._entries: dict[str, Entry[Function]] = {}

    def add(self, slug: str, title: str, source: str) -> Callable[[Function], Function]:
        """Register the decorated function under `slug`.

        Raises:
            ValueError: the slug is taken.
        """

        def register(function: Function) -> Function:
            if slug in self._entries:
                raise ValueError(f"the {self._noun} {slug!r} is registered twice")
            self._entries[slug] = Entry(slug, title, source, function)
            return function

        return register

    def __getitem__(self, slug: str) -> Entry[Function]:
        return self._entries[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
