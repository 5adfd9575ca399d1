"""The controls of the next run, grouped as a lecture groups them."""

from __future__ import annotations

import streamlit as st

from core.lessons.training import TrainingLesson
from core.ui import architecture, data, refresh
from core.ui.controls import Controls
from core.ui.training import datasets

MNIST = 60_000
"""Training pictures of MNIST, the example of the lectures."""
HIDEABLE = (
    "dataset",
    "network",
    "optimizer",
    "learning_rate",
    "momentum",
    "schedule",
    "batch_size",
    "epochs",
    "run_seed",
    "dropout",
    "weight_decay",
    "label_smoothing",
    "clipping",
    "augmentation",
    "early_stopping",
    "loss",
    "initializer",
)
"""Controls, or families of them, that a link may hide."""


def draw() -> None:
    """All controls of the next run; those of data and network in full are views below."""
    controls = Controls(TrainingLesson, refresh.SETTINGS, refresh.everything)
    controls.note_ranges()
    controls.show_notices()
    lesson = controls.lesson
    with st.expander("Data", icon=":material/photo_library:"):
        data.draw_settings(controls)
    with st.expander("Network", icon=":material/account_tree:"):
        architecture.draw_settings(controls)
    with st.expander("Optimiser", expanded=True, icon=":material/trending_down:"):
        _optimizer(controls, lesson)
    with st.expander("Epochs and batches", expanded=True, icon=":material/repeat:"):
        controls.draw("batch_size", "epochs", "run_seed")
        _iterations(lesson)
    with st.expander("Regularisation", icon=":material/blur_on:"):
        controls.draw("dropout", "weight_decay", "label_smoothing", "augmentation")
        if lesson.augmentation != "none":
            controls.draw("augmentation_strength")
    with st.expander("Gradient, loss and weights", icon=":material/function:"):
        controls.draw("loss", "clipping")
        if lesson.clipping != "off":
            controls.draw("clip")
    with st.expander("Early stopping", icon=":material/flag:"):
        controls.draw("early_stopping")
        if lesson.early_stopping:
            controls.draw("patience", "restore_best")
    controls.settle()


def _optimizer(controls: Controls[TrainingLesson], lesson: TrainingLesson) -> None:
    controls.draw("optimizer", "learning_rate")
    if lesson.optimizer not in ("sgd", "adagrad"):
        controls.draw("momentum")
    controls.draw("schedule")
    if lesson.schedule in ("step", "exponential"):
        controls.draw("decay", "decay_epochs")
    if lesson.schedule != "finder":
        controls.draw("warmup_epochs")


def _iterations(lesson: TrainingLesson) -> None:
    """The arithmetic of an epoch."""
    spec = lesson.run_spec()
    if pictures := datasets.training_pictures(lesson):
        st.caption(spec.iterations_in_words(pictures))
    mnist = spec.iterations_in_words(MNIST).split(" iterations")[0]
    st.caption(f"With the {MNIST:,} training pictures of MNIST: {mnist} an epoch.")
