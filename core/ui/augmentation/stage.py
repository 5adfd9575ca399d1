"""The stage of the page "Augmentation": the original, its draws, and how they came about."""

from __future__ import annotations

import json

import numpy as np
import streamlit as st
from pydantic import TypeAdapter

from core.augment.answers import Draws
from core.augment.catalog import KINDS
from core.augment.drawing import Drawn
from core.augment.result import Boxes
from core.augment.spec import MOST_STEPS, Step
from core.augment.steps.base import StepModel
from core.lessons.augmentation import AugmentationLesson, read_frames
from core.lessons.augmentation_case import (
    AugmentationCase,
    count_words,
    dropped_words,
    in_words,
    unchanged_share,
)
from core.lessons.augmentation_subject import Pixels
from core.numbers import format_number
from core.ui import predict, refresh, state
from core.ui.augmentation import asking
from core.ui.components import draws as board
from core.ui.components import rows
from core.ui.components.draws import Cell, Frame
from core.ui.components.rows import Beside, Words
from core.ui.predict import Conceal, Question

STAGE = "draws"
EDITOR = "pipeline_rows"
_STEP: TypeAdapter[StepModel] = TypeAdapter(Step)
_LONGEST_WORDS = 60
_LOOK_EVERY = 0.6
"""Seconds between two looks whether draws that are waited for are here."""
_WORDS = Words(row="step", empty="No steps yet: every picture stays as it is.")


def draw_stage(case: AugmentationCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The pictures, and for a pipeline the editor of its steps."""
    if case.error:
        st.error(case.error, icon=":material/error:")
    if case.waits == asking.STARTING:
        _wait(case)
    _pictures(case, conceal=conceal)
    if case.waits and case.waits != asking.STARTING:  # below: nothing jumps for a moment's wait
        _wait(case)
    if case.with_boxes and not conceal:
        st.markdown(count_words(case) or "&nbsp;")
    if case.lesson.augment_mode != "one":
        _editor(case, conceal=conceal)


def _wait(case: AugmentationCase) -> None:
    """Say why, and look again and again."""
    st.info(case.waits, icon=":material/hourglass_empty:")

    @st.fragment(run_every=_LOOK_EVERY)
    def look() -> None:
        if asking.ready(case):
            st.rerun()

    look()


# The pictures


def _pictures(case: AugmentationCase, *, conceal: Conceal) -> None:
    """The original, its draws, and the way of the followed one.

    While draws are awaited the browser keeps those of before.
    """
    lesson, found = case.lesson, None if conceal else case.draws
    pipeline = lesson.augment_mode == "pipeline"
    images, cells = case.subject.pixels[None][:0], []
    trail = (case.subject.pixels[None], [Cell("original", case.subject.title)])
    title = "The original"
    if found is not None:
        images = found.images
        cells = [_cell(case, found, place) for place in range(len(images))]
        trail = (found.trail, _trail(case, found.drawn[lesson.followed]))
        title = f"Draw {lesson.followed + 1}, step by step"
    follows = pipeline and len(cells) > 1
    board.draws(
        None if pipeline else (case.subject.pixels, _original(case)),
        (images, cells),
        trail if pipeline else None,
        key=STAGE,
        alt=f"{case.subject.title}, drawn {len(cells)} times",
        trail_title=title,
        followed=lesson.followed if follows else None,
        editable=case.with_boxes and lesson.augment_picture == "photo",
        stale=case.waits,
        on_follow=_follow if follows else None,
        on_frames=_take_frames,
    )


def _original(case: AugmentationCase) -> Cell:
    subject = case.subject
    height, width = subject.pixels.shape[:2]
    caption, detail = "original", f"{subject.title}, {width} x {height}"
    if not case.with_boxes:
        return Cell(caption, detail)
    frames = [
        Frame(_four(box), name, number)
        for number, (box, name) in enumerate(zip(subject.boxes, subject.names, strict=True), 1)
    ]
    return Cell(caption, detail, frames=_layer(case, frames), mask=_mask(case, subject.mask))


def _layer(case: AugmentationCase, frames: list[Frame]) -> list[Frame]:
    return [] if case.lesson.augment_layers == "masks" else frames


def _mask(case: AugmentationCase, mask: Pixels) -> Pixels | None:
    return None if case.lesson.augment_layers == "boxes" else mask


def _four(box: np.ndarray) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(place) for place in box)
    return left, top, right, bottom


def _cell(case: AugmentationCase, found: Draws, place: int) -> Cell:
    drawn, mode = found.drawn[place], case.lesson.augment_mode
    came = any(one.comes for one in drawn)
    pipeline = mode == "pipeline"
    caption = which_came(drawn) if pipeline else in_words(drawn, single=mode == "one")
    detail, frames, mask = "", [], None
    if found.boxes is not None and found.masks is not None:
        frames = _layer(case, _frames(case, found.boxes[place]))
        mask = _mask(case, found.masks[place])
        detail = dropped_words(case, found.boxes[place])
    return Cell(caption, detail, not came, _mixed(case, found, place), frames, mask)


def _mixed(case: AugmentationCase, found: Draws, place: int) -> list[tuple[str, float]]:
    """What the new label is made of, where pictures mix; with boxes the boxes say it."""
    if case.with_boxes or found.shares.shape[1] < 2:
        return []
    shares = zip(case.names, found.shares[place].tolist(), strict=True)
    return [(name, share) for name, share in shares if share > 0]


def which_came(drawn: tuple[Drawn, ...]) -> str:
    """Which steps of a pipeline have come, in few words."""
    on = [one for one in drawn if one.step.on]
    came = [one.step.title for one in on if one.comes]
    passed = [one.step.title for one in on if not one.comes]
    if not came:
        return "unchanged"
    if not passed:
        return "all steps" if len(came) > 1 else came[0]
    return ", ".join(came) if len(came) <= len(passed) else f"without {', '.join(passed)}"


def _frames(case: AugmentationCase, boxes: Boxes) -> list[Frame]:
    owners = zip(
        boxes.xyxy, boxes.picture.tolist(), boxes.row.tolist(), boxes.seen.tolist(), strict=True
    )
    return [
        Frame(
            _four(xyxy), case.name_of(picture, row), case.number_of(picture, row), seen < 0.995
        )
        for xyxy, picture, row, seen in owners
    ]


def _trail(case: AugmentationCase, drawn: tuple[Drawn, ...]) -> list[Cell]:
    """The picture as it goes in, and after every step."""
    cells = [Cell("original", case.subject.title)]
    for number, one in enumerate(drawn, 1):
        words = one.words if one.comes else "off" if not one.step.on else "did not come"
        cells.append(Cell(f"{number}. {one.step.title}", words, not one.comes))
    return cells


def _follow() -> None:
    place = (st.session_state.get(STAGE) or {}).get("follow")
    if isinstance(place, int | float) and 0 <= place < 16:
        lesson = state.current(AugmentationLesson)
        state.assign(lesson.model_copy(update={"augment_followed": int(place) + 1}))
        refresh.everything()


def _take_frames() -> None:
    """Boxes that were moved, drawn or taken away by hand."""
    text = (st.session_state.get(STAGE) or {}).get("frames")
    written = frames_text(text) if isinstance(text, str) else ""
    if written:
        lesson = state.current(AugmentationLesson)
        state.assign(lesson.model_copy(update={"augment_boxes": written}))
        refresh.everything()


def frames_text(message: str) -> str:
    """The text of a link from what the browser says of boxes; empty where it says none.

    Example:
        >>> frames_text('[[100, 200, 300, 400, "cup"]]')
        '100-200-300-400-cup'
    """
    try:
        boxes = json.loads(message[:10_000])
        text = "_".join(
            "-".join([*(str(int(place)) for place in box[:4]), str(box[4]).replace("-", " ")])
            for box in boxes
        ).replace("__", "_")
        return text if read_frames(text) else ""
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return ""


# The pipeline's steps


def _editor(case: AugmentationCase, *, conceal: Conceal) -> None:
    """The steps in rows, to be added, changed, moved, switched off and deleted."""
    spec = case.lesson.own_pipeline
    planned = case.planned()[case.lesson.followed] if spec.steps else ()

    def edit() -> None:
        found = rows.edited(EDITOR, _STEP, MOST_STEPS)
        if found is not None:
            state.assign(state.current(AugmentationLesson).with_steps(found))
            refresh.everything()

    rows.rows(
        spec.steps,
        [_beside(one, conceal=conceal) for one in planned],
        key=EDITOR,
        kinds=KINDS,
        words=_WORDS,
        on_edit=edit,
        most=MOST_STEPS,
    )


def _beside(one: Drawn, *, conceal: Conceal) -> Beside:
    """What was drawn for the followed draw, and why a step does not work."""
    words = one.words if one.comes else "does not come this time" if one.step.on else ""
    short = words if len(words) < _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 3]}..."
    return Beside("" if conceal else short, problem=one.step.problem())


# Predict first


def questions(case: AugmentationCase) -> list[Question]:
    """What the audience guesses: how many pictures no step changes."""
    active = case.lesson.pipeline.active
    factors = " x ".join(format_number(round(1 - step.probability, 3)) for _, step in active)
    share = unchanged_share(case.lesson)
    why = (
        f"Each step passes a picture over with 1 - p: {factors} = {share:.3g}."
        if active
        else "Without any step every picture stays as it is."
    )
    prompt = "Of 100 pictures, how many come out unchanged on average?"
    return [Question("unchanged", prompt, (round(100 * share, 3),), ("pictures",), why)]


def ask(case: AugmentationCase) -> Conceal:
    """Draw the question; say what is still to be hidden."""
    asked = questions(case)
    done = predict.ask(asked, case=_name(case))
    return "" if len(done) == len(asked) else "values"


def guessed(case: AugmentationCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(questions(case), case=_name(case))


def _name(case: AugmentationCase) -> str:
    return (
        "_".join(f"{step.probability:g}" for _, step in case.lesson.pipeline.active) or "none"
    )


def load_components() -> None:
    """Send the code of the stage's components."""
    board.code.load()
    rows.code.load()
