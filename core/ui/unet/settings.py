"""The controls of the next run, grouped by what they are about."""

from __future__ import annotations

import streamlit as st

from core.architecture.unet import parameters
from core.lessons.unet import UNetLesson
from core.training.segmentation import rate_warning
from core.ui import refresh
from core.ui.controls import Controls

HIDEABLE = ("unet", "scene", "mask", "encoder", "ladder")
"""Families of controls that a link may hide."""


def draw() -> None:
    """All controls of the next run, and of the ladder."""
    controls = Controls(UNetLesson, refresh.SETTINGS, refresh.everything)
    controls.note_ranges()
    controls.show_notices()
    with st.expander("Scenes", icon=":material/photo_library:"):
        _scenes(controls)
    with st.expander("Network", expanded=True, icon=":material/account_tree:"):
        _network(controls)
    with st.expander("Loss and optimiser", expanded=True, icon=":material/trending_down:"):
        controls.draw("mask_loss", "unet_optimizer", "unet_rate")
        controls.draw("unet_schedule", "unet_warmup")
    with st.expander("Epochs and batches", icon=":material/repeat:"):
        controls.draw("unet_batch", "unet_epochs", "unet_seed")
    with st.expander("Regularisation", icon=":material/blur_on:"):
        controls.draw("unet_flip", "unet_dropout", "unet_decay")
    with st.expander("Masks and ladder", icon=":material/layers:"):
        controls.draw("mask_shown", "ladder_side")
        controls.pair("ladder_channels", "ladder_classes")
    controls.settle()


def _network(controls: Controls[UNetLesson]) -> None:
    lesson = controls.lesson
    controls.draw("mask_encoder")
    if lesson.mask_encoder == "lite0":
        controls.draw("encoder_frozen")
        if sentence := rate_warning(lesson.run_spec()):
            st.warning(sentence, icon=":material/speed:")
        return
    controls.draw("unet_skips", "unet_depth", "unet_width")
    controls.draw("unet_up", "unet_padding", "unet_norm")
    count = parameters(lesson.network, classes=lesson.scene_kinds + 1)
    st.caption(f"{count:,} parameters with {lesson.scene_kinds + 1} classes.")


def _scenes(controls: Controls[UNetLesson]) -> None:
    controls.draw("unet_data")
    if controls.lesson.unet_data == "own":
        controls.draw("scene_side")
        st.caption("Upload pairs of picture and mask below, under Data.")
    else:
        controls.draw("scene_count", "scene_side", "scene_kinds")
        controls.pair("scene_fewest", "scene_most")
        controls.pair("scene_smallest", "scene_largest")
        controls.draw("scene_background", "scene_noise", "scene_overlap", "scene_seed")
    controls.pair("unet_training_percent", "unet_validation_percent")
