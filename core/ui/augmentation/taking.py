"""What the page "Augmentation" gives to take home: pictures, the pipeline, code."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.export.augment_albumentations import albumentations_script
from core.export.augment_code import augment_script
from core.export.draws_picture import draws_gif, draws_npz, draws_png
from core.export.pixels_code import OWN_FILE
from core.images.samples import SAMPLES
from core.lessons.augmentation_case import AugmentationCase
from core.ui import current_image
from core.ui.downloads import button, menu_of_files, show_script, theme
from core.ui.page import Page
from core.ui.pictures import png

Target = Literal["keras", "keras_cv", "tf_data", "albumentations"]
TARGETS: dict[Target, str] = {
    "keras": "Keras 3",
    "keras_cv": "KerasCV",
    "tf_data": "tf.data",
    "albumentations": "albumentations",
}
_ABOUT: dict[Target, str] = {
    "keras": "Gives the very pictures of this page for the same seed, and the nearest layers "
    "that go into a model.",
    "keras_cv": "Gives the very pictures of this page; what KerasCV lacks or does wrong is "
    "done by Keras and OpenCV.",
    "tf_data": "A data set whose pictures are drawn anew in every epoch, those of this page "
    "among them.",
    "albumentations": "The same ranges. albumentations draws by itself, so other pictures come "
    "out than here. `pip install albumentations==2.0.8`.",
}


def files(case: AugmentationCase) -> None:
    """A button that opens the downloads of the stage, made when they are asked for."""
    if (menu := menu_of_files()) is None:
        return
    spec, look, photo = case.lesson.pipeline, theme(), current_image.photo().pixels
    with menu:
        if case.draws is None:
            st.caption("The draws are here once the engine has started.")
        else:
            button("Original and draws (PNG)", lambda: draws_png(case, look), "draws.png")
            button("One after the other (GIF)", lambda: draws_gif(case, look), "draws.gif")
            button("Draws, boxes, masks (.npz)", lambda: draws_npz(case), "draws.npz")
        button("Pipeline (JSON)", lambda: spec.model_dump_json(indent=2), "augmentation.json")
        button("Current image (PNG)", lambda: png(photo), OWN_FILE)


def code(page: Page, case: AugmentationCase) -> None:
    """The pipeline as a script for one of four libraries."""
    target: Target = st.segmented_control(
        "Written with", list(TARGETS), default="keras", required=True, key="augment_code_for",
        format_func=lambda name: TARGETS[name], wrap=True,
    )  # fmt: skip
    if why := case.lesson.unreadable():
        st.warning(why)
        return
    st.caption(_ABOUT[target])
    file = sample_file(case)
    if file is None:
        st.caption(f"The script reads the picture from `{OWN_FILE}`: see Download.")
    show_script(page, case.lesson, script_of(case, target))


def script_of(case: AugmentationCase, target: Target) -> str:
    """The script with the page's numbers.

    Args:
        case: the page.
        target: which library.
    """
    lesson, file = case.lesson, sample_file(case)
    if target == "albumentations":
        return albumentations_script(
            lesson.pipeline, seed=lesson.augment_seed, sample_file=file
        )
    return augment_script(
        lesson.pipeline,
        target,
        seed=lesson.augment_seed,
        draws=lesson.augment_draws,
        side=max(case.subject.pixels.shape[:2]),
        sample_file=file,
    )


def sample_file(case: AugmentationCase) -> str | None:
    """A sample photo's file, if the script can read it as it is stored."""
    sample = SAMPLES.get(current_image.photo().sample)
    readable = sample and sample.as_stored and case.lesson.augment_picture == "photo"
    return sample.file if sample and readable else None
