"""Which pictures are looked at: the current image, samples, or several files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import streamlit as st

from core.images import ImageError, decode_image, digest
from core.images.decode import MAX_BYTES
from core.images.samples import SAMPLES
from core.lessons.detect import SAMPLE_SLUGS, Pictures
from core.ui import current_image, refresh
from core.ui.current_image import Photo

MOST_FILES = 12
_FILES, _OWN = "detect_files", "_detect_own"


@dataclass(frozen=True, slots=True)
class _Brought:
    """Own files as they were read; they outlive their uploader.

    Attributes:
        pictures: name and picture of each that could be read.
        refused: a sentence for each that could not.
    """

    pictures: tuple[tuple[str, Photo], ...] = ()
    refused: tuple[str, ...] = ()


def chosen(which: Pictures) -> list[tuple[str, Photo]]:
    """Name and picture of each that is looked at, at least one."""
    current = current_image.photo()
    first = (current.sample or "picture", current)
    if which == "samples":
        others = [slug for slug in SAMPLE_SLUGS if slug != current.sample]
        return [first, *((slug, _sample(slug)) for slug in others)]
    own = _brought().pictures if which == "own" else ()
    return list(own) or [first]


def draw_uploader() -> None:
    """Takes several files, and says which of them could not be read, and why."""
    st.file_uploader(
        "Your pictures",
        key=_FILES,
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        on_change=_take,
        help=f"At most {MOST_FILES}. They stay in the memory of the server while this page is "
        "open, and are not stored.",
    )
    for sentence in _brought().refused:
        st.error(sentence, icon=":material/broken_image:")


def _take() -> None:
    """Read what the uploader holds."""
    files: Sequence[Any] = st.session_state.get(_FILES) or ()
    known = {photo.digest: photo for _, photo in _brought().pictures}
    pictures: list[tuple[str, Photo]] = []
    refused = []
    for file in files:
        if len(pictures) == MOST_FILES:
            refused.append(f"{MOST_FILES} pictures are looked at; {file.name} is one too many.")
            continue
        try:
            pixels = decode_image(file.getvalue())
        except ImageError as error:
            refused.append(f"{file.name}: {error}")
            continue
        mark = digest(pixels)
        if mark not in known:
            pixels.setflags(write=False)
            known[mark] = Photo(file.name, "", pixels, mark)
        pictures.append((_named(file.name, [name for name, _ in pictures]), known[mark]))
    st.session_state[_OWN] = _Brought(tuple(pictures), tuple(refused))
    refresh.everything()


def _brought() -> _Brought:
    found: _Brought = st.session_state.get(_OWN, _Brought())
    return found


def _named(file: str, taken: Sequence[str]) -> str:
    """A name that can stand in a zip file, and that no other picture has."""
    stem = re.sub(r"[^\w.-]+", "_", PurePath(file).stem).strip("._") or "picture"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


@st.cache_resource(show_spinner=False, max_entries=len(SAMPLE_SLUGS))
def _sample(slug: str) -> Photo:
    pixels = SAMPLES[slug].load()
    pixels.setflags(write=False)
    return Photo(SAMPLES[slug].title, "", pixels, digest(pixels), slug)
