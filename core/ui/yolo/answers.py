"""What YOLOv3-tiny says of the current image, for the page "Inside YOLO"."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.assets.remote import megabytes
from core.lessons.yolo_examples import Answer, Pixels
from core.ui import current_image
from core.vision.candidates import Candidates
from core.vision.detect import letterbox
from core.vision.findings import FINDINGS, DetectQuestion
from core.vision.letterbox import put_in
from core.zoo.detectors import DETECTORS, TINY

PATIENCE_S = 0.6
"""How long a stage waits for an answer before it shows itself without."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known by now.

    Attributes:
        answer: of the network; None until it came.
        says: what to say in its place.
        waiting: whether it will come.
    """

    answer: Answer | None
    says: str
    waiting: bool


def asked(side: int) -> Asked:
    """Ask for the current image, and say what is known.

    Args:
        side: of the network's input, in pixels.
    """
    photo = current_image.photo()
    question = DetectQuestion(photo.digest, TINY, side)
    found = FINDINGS.want(question, photo.pixels)
    if found is None and FINDINGS.network_ms(TINY) is not None:
        FINDINGS.wait([question], PATIENCE_S)
        found = FINDINGS.want(question, photo.pixels)
    if found is not None:
        return Asked(_answer(photo, side, found), "", False)
    if failure := FINDINGS.failure(TINY):
        return Asked(None, failure, False)
    return Asked(None, _coming(), True)


def seen(side: int) -> Pixels:
    """What the network sees of the current image: (side, side, 3) uint8.

    Args:
        side: of the network's input, in pixels.
    """
    photo = current_image.photo()
    return _square(photo.digest, side, photo.pixels)


def ask_again() -> None:
    """Ask the network again that has failed."""
    FINDINGS.try_again(TINY)


def _coming() -> str:
    title = DETECTORS[TINY].title
    if coming := FINDINGS.coming(TINY):
        done, total = megabytes(coming.done), megabytes(coming.total)
        return f"{title} is being fetched: {done} of about {total}."
    return (
        f"{title} is being asked. The first time it has to be loaded, which takes some ten "
        "seconds; from then on it answers in one."
    )


def _answer(photo: current_image.Photo, side: int, found: Candidates) -> Answer:
    return Answer(photo.title, seen(side), found.heads, found.class_names)


@st.cache_resource(max_entries=8, show_spinner=False)
def _square(digest: str, side: int, _pixels: Pixels) -> Pixels:
    """What the network sees: the picture in a square, with bars beside it."""
    del digest
    return put_in(_pixels, letterbox(_pixels, TINY, side), DETECTORS[TINY].fill)
