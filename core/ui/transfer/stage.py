"""The stage: the three ways, what can be asked of the one that goes, and their curves."""

from __future__ import annotations

import itertools

import streamlit as st

from core.data import DataError
from core.lessons.transfer import TITLES, WAYS, TransferLesson
from core.training import RunError
from core.training.anatomy import Anatomy, memory_warning, shares
from core.training.transfer import Way, rate_warning
from core.ui import curves, data, predict, state
from core.ui.training import datasets, steering
from core.ui.training.session import TRANSFER
from core.ui.training.steering import button
from core.ui.transfer import backbones, cards, viewing
from core.ui.transfer.chart import overlay
from core.ui.transfer.ways import TransferRun

CHART_PX = 230
FEATURES_A_SECOND = 20
"""Pictures, on two cores."""


def buttons(run: TransferRun | None, *, busy: bool) -> None:
    """All three, or what can be asked of the run that goes."""
    with st.container(horizontal=True, key="run_buttons"):
        if not busy:
            text = "Frozen, fine-tuned and from scratch, one after another."
            button("All three", "playlist_play", start_all, primary=True, help=text)
        elif run is not None and not run.ended:
            steering.buttons(TRANSFER, run)
        if run is not None:
            again = "Back to the beginning of this way, with the settings as they are now."
            button("Rewind", "replay", rewind, help=again)


def start_all() -> None:
    """Callback: the three ways, one after another."""
    lesson = state.current(TransferLesson)
    count = len(TRANSFER.runs())
    specs = [
        lesson.spec(way).model_copy(update={"name": f"{count + place}. {TITLES[way]}"})
        for place, way in enumerate(WAYS, start=1)
    ]
    TRANSFER.start_all(specs, datasets.own(lesson))
    st.rerun()


def start(way: Way, *, paused: bool = False) -> None:
    """Callback: one way."""
    lesson = state.current(TransferLesson)
    TRANSFER.start(lesson.spec(way), datasets.own(lesson), name=TITLES[way], paused=paused)
    st.rerun()


def rewind() -> None:
    """Callback: end the run, and begin the same way again, paused."""
    if chain := TRANSFER.chain():
        chain.stop()
    run = TRANSFER.going() or viewing.viewed()
    if run and not run.ended:
        run.stop()
        run.wait(5)
    start(run.spec.way if run else "frozen", paused=True)


def show(lesson: TransferLesson) -> None:
    """Everything above the views."""
    run, busy = TRANSFER.going() or viewing.viewed(), TRANSFER.busy
    buttons(run, busy=busy)
    if sentence := TRANSFER.said():
        st.error(sentence, icon=":material/error:")
    if run is not None:
        steering.tell(run)
        _to_come()
        steering.live_controls(TRANSFER, run)
    classes = classes_of(lesson)
    anatomy = backbones.anatomy_of(lesson.backbone)
    conceal = _ask(lesson, anatomy, classes) if predict.on() else False
    shown = viewing.ways()
    cards.show(lesson, anatomy, classes, shown, busy=busy, conceal=conceal, on_train=start)
    if anatomy is None:
        backbones.ask(lesson.backbone)
    _warn(lesson, anatomy)
    if shown:
        curves.show(overlay(shown, lesson.transfer_over), key="ways_chart", height_px=CHART_PX)


def _to_come() -> None:
    """What follows by itself."""
    if (chain := TRANSFER.chain()) and chain.to_come:
        names = ", then ".join(spec.name.partition(". ")[2].lower() for spec in chain.to_come)
        st.caption(f":material/playlist_play: Next: {names}. Stop ends all of them.")


def classes_of(lesson: TransferLesson) -> int:
    """How many there are to tell apart; 2 where the pictures are not here."""
    try:
        return len(data.dataset_of(lesson).class_names)
    except DataError:
        return 2


def _warn(lesson: TransferLesson, anatomy: Anatomy | None) -> None:
    """What will not go well, said before it begins."""
    _warn_of_pictures(lesson)
    if sentence := rate_warning(lesson.spec("finetune")):
        st.warning(sentence, icon=":material/speed:")
    if anatomy is None:
        return
    limit = backbones.memory_limit()
    for way in ("finetune", "scratch"):
        if sentence := memory_warning(lesson.spec(way), anatomy, limit):
            st.warning(f"**{TITLES[way]}.** {sentence}", icon=":material/memory:")


def _warn_of_pictures(lesson: TransferLesson) -> None:
    """Too few pictures of a class, or so many that their features take minutes."""
    spec = lesson.spec("frozen")
    try:
        pictures, parts = data.parts_of(lesson)
        spec.refuse(pictures, parts)
    except (DataError, RunError) as error:
        st.warning(str(error), icon=":material/image_not_supported:")
        return
    minutes = spec.versions * len(parts.training) / FEATURES_A_SECOND / 60
    if minutes > 1:
        st.info(
            f"Features of {spec.versions * len(parts.training):,} pictures are computed first: "
            f"about {minutes:.0f} minutes. Fewer pictures, under Data, are often enough.",
            icon=":material/schedule:",
        )


# Predict first


def _ask(lesson: TransferLesson, anatomy: Anatomy | None, classes: int) -> bool:
    """Let the audience guess how much is learnt; whether that has still to be hidden."""
    if anatomy is None:
        return False
    questions = questions_of(lesson, anatomy, classes)
    done = predict.ask(questions, case=_case(lesson, classes))
    return len(done) < len(questions)


def guessed(lesson: TransferLesson) -> bool:
    """Whether all guesses are in, or there is nothing to guess."""
    anatomy, classes = backbones.anatomy_of(lesson.backbone), classes_of(lesson)
    if anatomy is None:
        return True
    questions = questions_of(lesson, anatomy, classes)
    return predict.answered(questions, case=_case(lesson, classes))


def _case(lesson: TransferLesson, classes: int) -> str:
    parts = (lesson.backbone, lesson.head_dense, lesson.open_blocks, classes)
    return "_".join(map(str, parts))


def questions_of(
    lesson: TransferLesson, anatomy: Anatomy, classes: int
) -> tuple[predict.Question, predict.Question]:
    """How large the head is, and how much of the whole fine-tuning learns."""
    head = [s for s in shares(lesson.spec("frozen"), anatomy, classes) if s.in_head]
    fine = shares(lesson.spec("finetune"), anatomy, classes)
    trainable, everything = (
        sum(s.trainable for s in fine),
        sum(s.trainable + s.frozen for s in fine),
    )
    share = 100 * trainable / everything
    widths = [anatomy.width, *([lesson.head_dense] if lesson.head_dense else []), classes]
    sums = " + ".join(f"({a:,} + 1) x {b:,}" for a, b in itertools.pairwise(widths))
    size = sum(share.trainable for share in head)
    return (
        predict.Question(
            "head",
            f"{anatomy.width:,} features, {classes} classes"
            + (f", {lesson.head_dense} dense units between them" if lesson.head_dense else "")
            + ": how many parameters does the head have?",
            (float(size),),
            ("Parameters",),
            f"{sums} = {size:,}, biases included.",
        ),
        predict.Question(
            "share",
            f"Fine-tuning opens {min(lesson.open_blocks, len(anatomy.parts))} of "
            f"{len(anatomy.parts)} blocks. How many percent of all parameters are learnt? "
            "Round to tens.",
            (float(round(share, -1)),),
            ("Percent",),
            f"{trainable:,} of {everything:,} are {share:.1f} %: the upper blocks have most.",
        ),
    )
