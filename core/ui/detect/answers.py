"""What a detector says of pictures: asked here, kept by the pictures' digests."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.lessons.detect import FACES, DetectLesson
from core.lessons.detect_case import Image, Looked
from core.ui.current_image import Photo
from core.vision.baselines.faces import faces
from core.vision.candidates import Candidates
from core.vision.findings import FINDINGS, DetectQuestion

PATIENCE_S = 0.6
"""How long a stage waits for an answer before it shows itself without."""


def answered(lesson: DetectLesson, pictures: Sequence[tuple[str, Photo]]) -> list[Looked]:
    """What a detector says of pictures, as far as it is known; the rest is asked for.

    Args:
        lesson: how it is asked.
        pictures: name (as in files) and picture.
    """
    if lesson.det_method == FACES:
        return [
            Looked(
                name,
                photo.title,
                photo.pixels,
                photo.digest,
                _faces(photo.digest, photo.pixels),
            )
            for name, photo in pictures
        ]
    network = lesson.det_method
    questions = [DetectQuestion(photo.digest, network, lesson.side) for _, photo in pictures]
    answers = _wanted(questions, pictures)
    if None in answers and FINDINGS.network_ms(network) is not None:
        FINDINGS.wait(questions, PATIENCE_S)
        answers = _wanted(questions, pictures)
    coming = FINDINGS.coming(network)
    return [
        Looked(
            name,
            photo.title,
            photo.pixels,
            photo.digest,
            answer,
            "" if answer is not None else FINDINGS.failure(network),
            (coming.done, coming.total) if coming else None,
        )
        for (name, photo), answer in zip(pictures, answers, strict=True)
    ]


def _wanted(
    questions: Sequence[DetectQuestion], pictures: Sequence[tuple[str, Photo]]
) -> list[Candidates | None]:
    return [
        FINDINGS.want(question, photo.pixels)
        for question, (_, photo) in zip(questions, pictures, strict=True)
    ]


@st.cache_resource(max_entries=48, show_spinner=False)
def _faces(digest: str, _picture: Image) -> Candidates:
    del digest
    return faces(_picture)
