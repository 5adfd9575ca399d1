"""Two boxes on the stage, the settings of the page, and what is to be guessed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import BoxesCase, build
from core.lessons.boxes_lines import LINES, spelled
from core.ui import predict, refresh, state
from core.ui.boxes import hand
from core.ui.boxes.files import own_example
from core.ui.components import boxes as board
from core.ui.components import detections as boxed
from core.ui.components import precision, sketch
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal

STAGE = "boxes_stage"
HIDEABLE = (
    "box_board", "box_one", "box_two", "box_snap", "plus_pixel", "match_at", "ap_example",
    "ap_rule", "ap_label", "ap_drawn", "ap_scenes", "ap_seed", "ap_shift", "ap_missed",
    "ap_doubled", "ap_invented", "ap_sure", "hand_on", "hand_classes", "hand_boxes",
    "anchor_on", "anchor_set", "anchor_cells", "anchor_sizes", "anchor_ratios", "anchor_rule",
    "anchor_claims", "anchor_shown",
)  # fmt: skip


def load_components() -> None:
    """Send the code of the page's components, once."""
    board.code.load()
    precision.code.load()
    sketch.code.load()
    boxed.code.load()


def draw_main(controls: Controls[BoxesLesson]) -> None:
    """What stage and view share: the threshold, and how pixels count."""
    controls.row("match_at", "plus_pixel")


def draw_settings(controls: Controls[BoxesLesson]) -> None:
    """All other settings, in tabs."""
    two, detections, anchors = st.tabs(["Two boxes", "Detections", "Anchors"])
    with two:
        controls.draw("box_board", "box_one", "box_two", "box_snap")
        st.button("A and B apart", on_click=_apart)
    with detections:
        controls.draw("ap_example", "ap_rule")
        if controls.lesson.ap_example == "shapes":
            controls.pair("ap_scenes", "ap_seed")
            controls.draw("ap_shift")
            controls.pair("ap_missed", "ap_doubled")
            controls.pair("ap_invented", "ap_sure")
        if controls.lesson.ap_example == "hand":
            controls.draw("hand_on", "hand_classes", "hand_boxes")
        controls.draw("ap_label", "ap_drawn")
    with anchors:
        controls.draw("anchor_on", "anchor_set")
        if controls.lesson.anchor_set == "grid":
            controls.draw("anchor_cells", "anchor_sizes", "anchor_ratios")
        controls.draw("anchor_rule", "anchor_claims", "anchor_shown")


def _apart() -> None:
    """Boxes that share nothing, whatever the board."""
    lesson = state.current(BoxesLesson)
    width, height = lesson.size
    one = f"{width // 12},{height // 9},{width // 3},{height // 2}"
    two = f"{width // 2},{height // 2},{width * 5 // 6},{height * 8 // 9}"
    assign(lesson.model_copy(update={"box_one": one, "box_two": two}))


def assign(lesson: BoxesLesson) -> None:
    """Take other settings, in a callback, and draw the page anew."""
    state.assign(lesson)
    refresh.everything()


def case_of(lesson: BoxesLesson) -> BoxesCase:
    """The lesson's numbers."""
    return build(lesson, hand.example(lesson) if hand.draws(lesson) else own_example())


def draw_stage(case: BoxesCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The two boxes, with their messages taken into the lesson."""
    board.boxes(case, key=STAGE, conceal=conceal, large=large, settle=settle, on_boxes=_moved)


def _moved() -> None:
    one, _, two = said(STAGE, "boxes").partition(";")
    if two:
        lesson = state.current(BoxesLesson)
        assign(lesson.model_copy(update={"box_one": one, "box_two": two}))


# Predict first


def ask(case: BoxesCase) -> Conceal:
    """Let the audience guess; what must still be hidden."""
    questions = _questions(case)
    done = predict.ask(questions, case=_name(case.lesson))
    return "" if len(done) == len(questions) else "values"


def guessed(case: BoxesCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case.lesson))


def _name(lesson: BoxesLesson) -> str:
    """Another name for other boxes; the detections below keep the guesses."""
    a, b = lesson.boxes
    return f"{hash((a, b, lesson.plus_pixel, lesson.box_board)):x}"


def _questions(case: BoxesCase) -> Sequence[predict.Question]:
    plus = case.lesson.plus_pixel
    lines = {line.key: spelled(line, case.values, plus_one=plus) for line in LINES}
    return (
        predict.Question(
            "shared",
            "How large is the intersection of A and B, and how large the union?",
            (case.values["shared"], case.values["union"]),
            ("Intersection", "Union"),
            f"{lines['shared']}; union {lines['union']}.",
        ),
        predict.Question(
            "iou",
            "Which IoU is that? (two decimals)",
            (round(case.values["iou"], 2),),
            ("IoU",),
            f"IoU = {lines['iou']}.",
        ),
    )
