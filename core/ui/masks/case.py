"""The case of the page "Masks": the settings with picture, truth and what was painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from core.images.decode import ImageError, digest
from core.images.runs import decode_runs
from core.lessons.masks import By, MasksLesson
from core.lessons.masks_case import Mask, MasksCase, Subject, asked_of, drawn, start_of
from core.lessons.segment_case import Image, SegmentCase, Segmented
from core.ui import current_image, typed
from core.ui.components.segments import awaited
from core.ui.masks.own_file import own_mask
from core.ui.segment.answers import answered, working

KEPT = 8
"""Paintings that are kept, so that going back in the settings finds them."""
_PAINTED = "_masks_painted"
_UPLOAD = (
    "Upload a mask of this image beside the stage: it is the truth. What is painted before "
    "that stays under Start from: empty."
)


def case_of(lesson: MasksLesson) -> MasksCase:
    """What is known so far; what is not is asked for."""
    lesson = typed.readable(lesson)
    subject = _subject(lesson)
    said, missing, failed = _to_correct(lesson, subject)
    start = start_of(lesson, subject, said)
    if start is None and not missing:
        missing, failed = subject.missing, subject.failed
    case = MasksCase(lesson, subject, start, missing, failed)
    stroke, runs = kept().get(case.canvas, (0, ""))
    if lesson.cells or start is None:
        return replace(case, stroke=stroke)
    painted = _read(runs, start)
    return case if painted is None else replace(case, painted=painted, stroke=stroke)


def kept() -> dict[str, tuple[int, str]]:
    """Number of the last stroke, and the mask as runs, of each canvas that was painted on."""
    found: dict[str, tuple[int, str]] = st.session_state.setdefault(_PAINTED, {})
    return found


def keep(canvas: str, stroke: int, runs: str) -> None:
    """Remember what was painted; of many canvases the latest."""
    paintings = kept()
    paintings.pop(canvas, None)
    paintings[canvas] = (stroke, runs)
    while len(paintings) > KEPT:
        del paintings[next(iter(paintings))]


def _read(runs: str, start: Mask) -> Mask | None:
    """What was painted; None where nothing was, or what arrived cannot be read."""
    if not runs:
        return None
    try:
        return decode_runs(runs, (start.shape[0], start.shape[1]))
    except ImageError:  # painting goes on from the start, as if nothing had arrived
        return None


def _subject(lesson: MasksLesson) -> Subject:
    if not lesson.of_photo:
        return drawn(lesson)
    photo = current_image.photo()
    picture = working(photo.digest, photo.pixels)
    if lesson.mask_truth == "file":
        own = own_mask()
        says = "" if own else _UPLOAD
        return Subject(photo.title, picture, own.mask if own else None, says, failed=not own)
    one = asked(lesson.mask_truth_by, lesson, picture, photo.digest)
    mask, says = _mask_of(lesson, one, picture, lesson.mask_truth_by)
    return Subject(photo.title, picture, mask, says, failed=bool(one.failure))


def _to_correct(lesson: MasksLesson, subject: Subject) -> tuple[Mask | None, str, bool]:
    """What the method to correct says, why that is not known, and whether it stays so."""
    if lesson.cells or lesson.mask_start != "method":
        return None, "", False
    picture = subject.picture
    name = current_image.photo().digest if lesson.of_photo else digest(picture)
    one = asked(lesson.mask_start_by, lesson, picture, name, subject.truth)
    mask, says = _mask_of(lesson, one, picture, lesson.mask_start_by, subject.truth)
    return mask, says, bool(one.failure)


def asked(
    by: By, lesson: MasksLesson, picture: Image, name: str, truth: Mask | None = None
) -> Segmented:
    """What a method says, as far as it is known.

    Args:
        by: the method.
        lesson: the settings.
        picture: (H, W, 3) uint8.
        name: the picture's digest.
        truth: (H, W) bool, around which GrabCut is given a box; None for its usual one.
    """
    return answered(asked_of(by, lesson, truth), by, name, picture)


def _mask_of(
    lesson: MasksLesson, one: Segmented, picture: Image, by: By, truth: Mask | None = None
) -> tuple[Mask | None, str]:
    """A method's mask, or why there is none yet."""
    soft = SegmentCase(asked_of(by, lesson, truth), "", picture, [one]).masks[0]
    return (None, awaited(one)) if soft is None else (np.asarray(soft > 0.5), "")
