"""The controls of the three ways, grouped by what they are about."""

from __future__ import annotations

import streamlit as st

from core.augment.text import decode, encode
from core.lessons.augmentation import AugmentationLesson
from core.lessons.transfer import TransferLesson
from core.ui import data, refresh, state
from core.ui.controls import Controls
from core.ui.training.session import TRANSFER
from core.ui.transfer import backbones, fetching
from core.zoo.registry import ZOO

HIDEABLE = (
    "dataset", "backbone", "head", "open_blocks", "fine", "keep_statistics", "scratch",
    "transfer_batch", "transfer_optimizer", "transfer_seed", "transfer_augmentation",
    "transfer_copies", "transfer_pipeline", "transfer_over",
)  # fmt: skip
"""Controls, or families of them, that a link may hide."""


def draw() -> None:
    """All controls; what concerns one way alone stands under its name."""
    controls = Controls(TransferLesson, refresh.SETTINGS, refresh.everything)
    controls.note_ranges()
    controls.show_notices()
    lesson = controls.lesson
    with st.expander("Data", icon=":material/photo_library:"):
        data.draw_settings(controls)
    with st.expander("The cut", expanded=True, icon=":material/content_cut:"):
        _cut(controls)
    with st.expander("Head", expanded=True, icon=":material/psychology:"):
        controls.draw("head_pooling", "head_dense", "head_dropout")
        controls.draw("head_rate", "head_epochs")
    with st.expander("Backbone", icon=":material/hub:"):
        controls.draw("backbone", "backbone_side")
        _facts(lesson)
    with st.expander("Augmentation", icon=":material/auto_awesome_motion:"):
        _augmentation(controls)
    with st.expander("From scratch", icon=":material/restart_alt:"):
        controls.draw("scratch_rate", "scratch_epochs", "scratch_side", "scratch_batch")
    with st.expander("Optimiser, batch, chart", icon=":material/tune:"):
        controls.draw("transfer_optimizer", "transfer_batch", "transfer_seed", "transfer_over")
    controls.settle()


def _cut(controls: Controls[TransferLesson]) -> None:
    """How much of the backbone fine-tuning opens, and how fast."""
    anatomy = backbones.anatomy_of(controls.lesson.backbone)
    if anatomy is not None:
        controls.limit("open_blocks", len(anatomy.parts))
    controls.draw("open_blocks", "fine_rate", "fine_epochs", "keep_statistics")


def _facts(lesson: TransferLesson) -> None:
    entry = ZOO[lesson.backbone]
    st.caption(
        f"{entry.parameters / 1e6:.1f} million parameters with its ImageNet head, trained at "
        f"{entry.side} pixels. {entry.paper}, {entry.licence}."
    )
    fetching.show(entry)


def _augmentation(controls: Controls[TransferLesson]) -> None:
    lesson = controls.lesson
    controls.draw("transfer_augmentation")
    if lesson.transfer_augmentation not in ("none", "flip"):
        controls.draw("transfer_strength")
    controls.draw("transfer_pipeline")
    if problem := lesson.unreadable():
        st.error(f"{problem} It is left out.")
    elif lesson.transfer_pipeline:
        steps = [step.title for _, step in decode(lesson.transfer_pipeline).active]
        st.caption(f"{len(steps)} steps: {', '.join(steps)}.")
    st.button(
        "Take that of the page Augmentation", key="take_pipeline", on_click=_take_pipeline,
        icon=":material/auto_awesome_motion:",
        help="The pipeline, or the one augmentation, that stands there in this session.",
    )  # fmt: skip
    if lesson.transfer_pipeline:
        st.button("Without a pipeline", key="drop_pipeline", on_click=_set, args=("",))
    if lesson.transfer_pipeline or lesson.transfer_augmentation not in ("none", "flip"):
        controls.draw("transfer_copies")


def _take_pipeline() -> None:
    _set(encode(state.current(AugmentationLesson).pipeline))


def _set(text: str) -> None:
    lesson = state.current(TransferLesson).with_value("transfer_pipeline", text)
    if problem := lesson.unreadable():
        TRANSFER.say(problem)
        return
    state.assign(lesson)
    refresh.everything()
