"""The stage of the page "Inside YOLO": one cell and its box, or boxes that are suppressed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.images import digest
from core.lessons.boxes_lines import say
from core.lessons.yolo import BOXES, YoloLesson
from core.lessons.yolo_case import YoloCase, build, needs_network
from core.lessons.yolo_examples import scene
from core.ui import current_image, predict, refresh, state
from core.ui.components import gridbox, photo, suppressing
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal
from core.ui.yolo.answers import ask_again, asked, seen

CELL, WALK = "yolo_cell_stage", "yolo_walk_stage"
HIDEABLE = ("yolo", "out", "nms")


def load_components() -> None:
    """Send the code of the page's components, once."""
    photo.code.load()
    gridbox.code.load()
    suppressing.code.load()


def draw_main(controls: Controls[YoloLesson]) -> None:
    """What is shown, and its most important sliders."""
    for name in ("yolo_shows", "yolo_subject", "nms_subject"):
        controls.react(name, refresh.everything)
    lesson = controls.lesson
    if lesson.yolo_shows == "suppression":
        controls.row("yolo_shows", "nms_subject", "nms_score", "nms_iou")
        return
    for name in ("yolo_row", "yolo_column"):
        controls.limit(name, lesson.grid - 1)
    controls.row("yolo_shows", "yolo_subject", "yolo_row", "yolo_column")


def draw_settings(controls: Controls[YoloLesson]) -> None:
    """All other settings, in tabs; what the stage shows comes first."""
    titles = {"cell": "Cell", "suppression": "Suppression"}
    first = titles[controls.lesson.yolo_shows]
    names = [first, *(title for title in titles.values() if title != first)]
    tabs = dict(zip(names, st.tabs(names), strict=True))
    with tabs["Cell"]:
        _cell_settings(controls)
    with tabs["Suppression"]:
        _suppression_settings(controls)
    _send_picture(controls.lesson)


def _send_picture(lesson: YoloLesson) -> None:
    """What lies behind the grid or the boxes, for the steps of a slider not to carry it."""
    if needs_network(lesson):
        shown = seen(int(lesson.yolo_input))
    elif lesson.yolo_shows == "cell":
        shown = scene(lesson.yolo_scene).pixels
    elif lesson.nms_subject == "shapes":
        shown = scene(lesson.nms_seed, crowded=True).pixels
    else:
        return
    photo.photo(shown, identity=digest(shown), key="yolo_photo", exact=False)


def _cell_settings(controls: Controls[YoloLesson]) -> None:
    lesson = controls.lesson
    if lesson.yolo_shows != "cell":
        st.caption("These come when a cell is on the stage.")
        return
    controls.limit("yolo_box", BOXES[lesson.kind])
    several = ("yolo_box",) if BOXES[lesson.kind] > 1 else ()
    if lesson.yolo_subject == "photo":
        controls.pair("yolo_scale", "yolo_input")
        controls.draw(*several)
        st.button("Go to the surest cell", on_click=_surest)
        st.caption("The numbers are those of YOLOv3-tiny for the current image.")
        return
    controls.pair("yolo_head", "yolo_cells")
    controls.draw(*several)
    if lesson.yolo_head == "v8":
        controls.pair("yolo_left", "yolo_right")
        controls.pair("yolo_top", "yolo_bottom")
        controls.draw("yolo_spread")
    else:
        controls.pair("yolo_tx", "yolo_ty")
        controls.pair("yolo_tw", "yolo_th")
        controls.draw("yolo_to")
    controls.draw("yolo_circle", "yolo_square", "yolo_triangle", "yolo_scene")


def _surest() -> None:
    lesson = state.current(YoloLesson)
    if (answer := asked(int(lesson.yolo_input)).answer) is not None:
        row, column, box = answer.surest(lesson.grid)
        _take(yolo_row=row, yolo_column=column, yolo_box=box + 1)


def _suppression_settings(controls: Controls[YoloLesson]) -> None:
    lesson = controls.lesson
    if lesson.yolo_shows != "suppression":
        st.caption("These come when suppression is on the stage.")
        return
    controls.draw("nms_classwise", "nms_rule")
    if lesson.nms_rule == "gaussian":
        controls.draw("nms_sigma")
    if lesson.nms_subject == "photo":
        controls.draw("yolo_input")
    if lesson.nms_subject == "shapes":
        controls.pair("nms_crowd", "nms_off")
        controls.draw("nms_seed")


def assign(lesson: YoloLesson) -> None:
    """Take other settings, in a callback, and draw the page anew."""
    state.assign(lesson)
    refresh.everything()


def case_of(lesson: YoloLesson) -> YoloCase:
    """The lesson's numbers, with the network's answer where it is needed."""
    if not needs_network(lesson):
        return build(lesson)
    found = asked(int(lesson.yolo_input))
    return build(lesson, found.answer, found.says, waiting=found.waiting)


def draw_stage(case: YoloCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The cell or the walk, with their messages taken into the lesson."""
    if case.lesson.yolo_shows == "suppression":
        suppressing.suppressing(
            case, key=WALK, conceal=bool(conceal), large=large, settle=settle,
            on_again=refresh.everything, on_retry=_retried,
        )  # fmt: skip
        return
    gridbox.gridbox(
        case, key=CELL, conceal=bool(conceal), large=large, settle=settle,
        on_pick=_picked, on_box=_boxed, on_again=refresh.everything, on_retry=_retried,
    )  # fmt: skip


def _picked() -> None:
    row, _, column = said(CELL, "pick").partition(";")[0].partition(",")
    if column:
        _take(yolo_row=int(row), yolo_column=int(column))


def _boxed() -> None:
    number = said(CELL, "box").partition(";")[0]
    if number:
        _take(yolo_box=int(number))


def _retried() -> None:
    ask_again()
    refresh.everything()


def _take(**values: int) -> None:
    lesson = state.current(YoloLesson)
    assign(YoloLesson.nearest(lesson.model_dump() | values)[0])


# Predict first


def ask(case: YoloCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    questions = _questions(case)
    if not questions:
        st.info("The questions come with the network's answer.", icon=":material/hourglass:")
        return "values"
    done = predict.ask(questions, case=_name(case.lesson))
    return "" if len(done) == len(questions) else "values"


def guessed(case: YoloCase) -> bool:
    """Whether all guesses are in."""
    questions = _questions(case)
    return bool(questions) and predict.answered(questions, case=_name(case.lesson))


def _name(lesson: YoloLesson) -> str:
    """Another name for another question; the view below changes none."""
    same = {"out_cells": 7, "out_boxes": 2, "out_classes": 20, "out_side": "416"}
    whose = current_image.photo().digest if needs_network(lesson) else ""
    return f"{hash((lesson.model_copy(update=same), whose)):x}"


def _questions(case: YoloCase) -> Sequence[predict.Question]:
    if case.lesson.yolo_shows == "suppression":
        return _walk_questions(case)
    cell = case.cell
    if cell is None:
        return ()
    shape, grid = cell.shape, cell.cell.grid
    return (
        predict.Question(
            "numbers",
            f"{shape.boxes} boxes a cell, {shape.classes} classes: how many numbers does one "
            "cell give, and how many the whole grid?",
            (float(shape.a_cell), float(shape.numbers)),
            ("One cell", "All"),
            f"{gridbox.written(shape.parts)} = {shape.a_cell}; {grid} x {grid} x "
            f"{shape.a_cell} = {shape.numbers:,}.",
        ),
        predict.Question(
            "centre",
            "In which whole pixel from the left is the point that the box grows from?",
            (float(int(cell.decoded.point[0])),),
            ("x",),
            f"The cell's side is {say(cell.cell.stride)}; x = {say(cell.decoded.point[0])}.",
        ),
    )


def _walk_questions(case: YoloCase) -> Sequence[predict.Question]:
    walk = case.walk
    if walk is None or not len(walk.candidates):
        return ()
    first = walk.suppression.steps[0]
    gone = sum(meeting.suppressed for meeting in first.meetings)
    cut = say(case.lesson.nms_iou)
    return (
        predict.Question(
            "first",
            "How many boxes does the surest one suppress?",
            (float(gone),),
            ("Boxes",),
            f"It meets {len(first.meetings)}; IoU is above {cut} for {gone}.",
        ),
        predict.Question(
            "kept",
            f"How many of the {len(walk.candidates)} boxes stay?",
            (float(len(walk.kept)),),
            ("Boxes",),
            "They are " + ", ".join(f"#{index + 1}" for index in walk.kept) + ".",
        ),
    )
