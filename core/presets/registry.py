"""Named settings of the pages: one click, and a page shows an example from the lectures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from core.lessons.base import Lesson

Deck = Literal["Oslo", "Penn", "NTU", "MLC", "Coimbra", "Guide"]

DECKS: dict[Deck, str] = {
    "Oslo": "PSY9511, seminar 7, 2025",
    "Penn": "STAT 4710, convolutional networks, 2022",
    "NTU": "Workshop image processing with deep learning",
    "MLC": "CNNs and image processing, ML College",
    "Coimbra": "Deep learning techniques for image recognition",
    "Guide": "Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning",
}
"""What each deck's short name stands for."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What the deck says about an example; None where it says nothing.

    Attributes:
        rows: all output planes as text, rows separated by `/`, filters by `|`.
        shape: (height, width, filters) of the output.
        parameters: weights and biases of the layer.
        dense: parameters of a dense layer between the same values.
    """

    rows: str | None = None
    shape: tuple[int, int, int] | None = None
    parameters: int | None = None
    dense: int | None = None

    @property
    def numbers(self) -> str:
        """The sizes and parameters as text, with and without thousands separators."""
        counts = [n for n in (self.parameters, self.dense) if n is not None]
        sizes = [] if self.shape is None else ["x".join(map(str, self.shape))]
        return " ".join(sizes + [f"{n} {n:,}" for n in counts])


@dataclass(frozen=True, slots=True)
class Preset:
    """One example.

    Attributes:
        slug: short name for links; unique, never changed.
        title: what stands in the menu.
        topic: what the example teaches; presets of one topic stand together.
        decks: lecture decks that show it; empty for an example of our own.
        lesson: the settings.
        look: one or two sentences: what to look at.
        expect: what the deck says the result is.
    """

    slug: str
    title: str
    topic: str
    decks: tuple[Deck, ...]
    lesson: Lesson
    look: str
    expect: Expect = Expect()

    def matches(self, words: Iterable[str]) -> bool:
        """Whether every word stands in the title, topic, decks, look or expected numbers."""
        names = [f"{deck} {DECKS[deck]}" for deck in self.decks]
        parts = (self.title, self.topic, *names, self.look, self.expect.numbers)
        text = " ".join(parts).casefold()
        return all(word.casefold() in text for word in words)


class Presets(Mapping[str, Preset]):
    """Presets by slug, in the order in which they were added."""

    def __init__(self) -> None:
        self._presets: dict[str, Preset] = {}

    def add(self, preset: Preset) -> Preset:
        """Register a preset.

        Raises:
            ValueError: the slug is taken.
        """
        if preset.slug in self._presets:
            raise ValueError(f"the preset {preset.slug!r} is registered twice")
        self._presets[preset.slug] = preset
        return preset

    def search(self, text: str) -> list[Preset]:
        """Presets in which every word of `text` occurs; all of them for an empty text."""
        words = text.split()
        return [preset for preset in self.values() if preset.matches(words)]

    def by_deck(self) -> dict[Deck, list[Preset]]:
        """Presets of each deck; one that several decks show stands under each of them."""
        return {deck: [p for p in self.values() if deck in p.decks] for deck in DECKS}

    def by_topic(self) -> dict[str, list[Preset]]:
        """Presets of each topic, topics in the order of their first preset."""
        topics: dict[str, list[Preset]] = {}
        for preset in self.values():
            topics.setdefault(preset.topic, []).append(preset)
        return topics

    def for_page(self, page: str) -> list[Preset]:
        """Presets whose lesson belongs to that page."""
        return [preset for preset in self.values() if preset.lesson.page == page]

    def __getitem__(self, slug: str) -> Preset:
        return self._presets[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._presets)

    def __len__(self) -> int:
        return len(self._presets)


PRESETS = Presets()
"""Every preset of every page."""
