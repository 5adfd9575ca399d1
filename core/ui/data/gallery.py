"""What is in a data set: samples, class counts, sizes, source, and how it is divided."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.data import Dataset, Split
from core.data.statistics import class_means, samples, sizes
from core.palette import PALETTES, rgb, text_colour
from core.ui import downloads
from core.ui.components import tiles
from core.ui.components.tiles import Group, Tile

PARTS = ("all", "training", "validation", "test")
_TOGETHER = 72
_FEWEST, _MOST = 11, 24
"""Samples of a class, where there is room for them: fewer of many classes."""
_UNEQUAL = 1.5


def show(dataset: Dataset, split: Split) -> None:
    """Draw the gallery of a data set."""
    st.markdown(facts_in_words(dataset))
    st.html(split_bar(split))
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    with bar:
        part = st.segmented_control(
            "Show", PARTS, default=PARTS[0], required=True, key="gallery_part"
        )
        means = st.toggle("Mean picture of each class", key="gallery_means")
        st.button(
            "Other pictures", key="gallery_next", on_click=_next, icon=":material/casino:"
        )
    seed = int(st.session_state.get("_gallery_seed", 0))
    shown = part_of(dataset, split, str(part))
    _tiles(shown, seed, means=bool(means))
    if advice := balance_in_words(shown):
        st.caption(advice)


def _next() -> None:
    st.session_state["_gallery_seed"] = int(st.session_state.get("_gallery_seed", 0)) + 1


def facts_in_words(dataset: Dataset) -> str:
    """Number, sizes, source and licence, as Markdown."""
    height, width, channels = dataset.shape
    kind = "grey" if channels == 1 else "colour"
    megabytes = dataset.images.nbytes / 1e6
    lines = [
        f"**{dataset.title}**: {len(dataset):,} pictures of {width} x {height}, {kind}, in "
        f"{len(dataset.class_names)} classes; {megabytes:,.1f} MB in memory."
    ]
    if dataset.original_hw is not None:
        lines.append(f"Before they were made one size: {sizes(dataset)}.")
    if len(dataset.published_test):
        lines.append(
            f"{len(dataset.published_test):,} of them are the test set that its publishers "
            "have set aside; it stays that here."
        )
    lines.append(f"Source: {dataset.source}. Licence: {dataset.licence}.")
    return "  \n".join(lines)


def part_of(dataset: Dataset, split: Split, part: str) -> Dataset:
    """The pictures of one part; `all` is all of them."""
    places: Mapping[str, npt.NDArray[np.int64]] = {
        "training": split.training,
        "validation": split.validation,
        "test": split.test,
    }
    return dataset.subset(np.sort(places[part])) if part in places else dataset


def balance_in_words(dataset: Dataset) -> str:
    """What a network has to be better than."""
    counts = dataset.class_counts
    most, fewest = max(counts), min(counts)
    frequent = dataset.class_names[int(np.argmax(counts))]
    share = most / len(dataset)
    if most > _UNEQUAL * max(fewest, 1):
        rare = dataset.class_names[int(np.argmin(counts))]
        return (
            f"The classes are unequal: {most:,} of {frequent} and {fewest:,} of {rare}. Always "
            f"saying {frequent} is right in {share:.0%} of the cases."
        )
    return f"Always saying the same class is right in about {share:.0%} of the cases."


def groups_of(dataset: Dataset, shown: list[int]) -> list[Group]:
    """A heading for each class, with its count as a bar."""
    largest = max(dataset.class_counts)
    return [
        Group(name, n, f"{count:,} ({count / len(dataset):.0%})", count / largest)
        for name, n, count in zip(dataset.class_names, shown, dataset.class_counts, strict=True)
    ]


def split_bar(split: Split) -> str:
    """The three parts as one bar with their numbers, as HTML."""
    palette = PALETTES[downloads.theme()]
    parts = (
        ("training", len(split.training), palette.sequential[2]),
        ("validation", len(split.validation), palette.categorical[0]),
        ("test", len(split.test), palette.categorical[2]),
    )
    cells = "".join(
        f'<div style="flex:{count} 1 0;min-width:max-content;padding:0.2rem 0.6rem;'
        f'background:{colour};color:rgb{text_colour(rgb(colour))}">'
        f"{escape(name)} {count:,}</div>"
        for name, count, colour in parts
    )
    told = ", ".join(f"{count:,} {name}" for name, count, _ in parts)
    look = "display:flex;flex-wrap:wrap;gap:2px;border-radius:0.375rem;overflow:hidden"
    return (
        f'<div role="img" aria-label="{told} pictures" style="{look};font-size:0.875rem">'
        f"{cells}</div>"
    )


def _tiles(dataset: Dataset, seed: int, *, means: bool) -> None:
    classes = len(dataset.class_names)
    wanted = min(max(_TOGETHER // classes, _FEWEST), _MOST)
    each = max(min(wanted, tiles.MOST_TILES // classes - means), 1)
    chosen = samples(dataset, each, seed)
    averages = class_means(dataset) if means else None
    images, captions = [], []
    for label, places in enumerate(chosen):
        if averages is not None:
            images.append(averages[label : label + 1])
            captions.append(Tile("mean", alt=f"Mean of all {dataset.class_names[label]}"))
        images.append(dataset.images[places])
        captions += [Tile("", alt=dataset.class_names[label]) for _ in places]
    tiles.show(
        np.concatenate(images),
        captions,
        key="gallery",
        alt=f"Samples of {dataset.title}, class by class",
        groups=groups_of(dataset, [len(places) + means for places in chosen]),
        side_px=72,
    )
