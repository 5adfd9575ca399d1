"""What a run leaves to take home, and what is done with its test pictures."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import engine
from core.architecture import ArchitectureError
from core.data.masked import MaskedSet
from core.export.segmentation_code import reads_backbone, segmentation_script
from core.export.training_pictures_code import PICTURES_FILE, pictures_file
from core.export.transfer_code import BACKBONE_FILE
from core.lessons.unet import UNetLesson
from core.training import Run, RunError, exporting
from core.training.mask_answers import JudgedMasks, evaluate_masks
from core.training.segmentation import SegmentationSpec
from core.ui import state
from core.ui.components import tiles
from core.ui.downloads import button, menu_of_files, show_script
from core.ui.page import Page
from core.ui.training import judging
from core.ui.training.session import UNET
from core.ui.training.taking import files_of_any_run
from core.ui.unet.masks import WIDE_PX, colours, legend, masked, painted, side_by_side
from core.vision.coats import in_colour
from core.vision.metrics import mean_iou
from core.zoo.registry import DEFAULT

MOST_SHOWN = 12


def download() -> None:
    """A button that opens what the run on the stage leaves."""
    run = UNET.shown()
    if (menu := menu_of_files()) is None:
        return
    with menu:
        if run is None:
            st.write("There is no run yet.")
            return
        stem = files_of_any_run(run)
        button("Training script (.py)", lambda: _script(run), f"{stem}.py")
        pictures = "Pictures and masks of the script (.npz)"
        button(pictures, lambda: pictures_file(run.pictures(), run.split()), PICTURES_FILE)
        if reads_backbone(run.spec):
            label = "Encoder of the script (.keras)"
            button(label, lambda: exporting.backbone(engine.connect(), DEFAULT), BACKBONE_FILE)


def _script(run: Run[SegmentationSpec]) -> str:
    dataset = run.pictures()
    return segmentation_script(run.repeatable(), dataset.shape, len(dataset.class_names))


def code(here: Page, run: Run[SegmentationSpec] | None) -> None:
    """The script of the run on the stage, or of the run that the settings stand for."""
    lesson = state.current(UNetLesson)
    try:
        if run is not None:
            st.caption(f"This script gives the curve of the run {run.name!r} again.")
            spec, script = run.spec, _script(run)
        else:
            spec = lesson.run_spec()
            classes = lesson.scene_kinds + 1
            script = segmentation_script(spec, (lesson.side, lesson.side, 3), classes)
    except (ArchitectureError, RunError) as error:
        st.warning(str(error))
        return
    st.caption(f"It reads pictures and masks from `{PICTURES_FILE}`: see Download after a run.")
    if reads_backbone(spec):
        st.caption(f"The pretrained encoder is read from `{BACKBONE_FILE}`, in Download, too.")
    show_script(here, lesson, script)


def test(run: Run[SegmentationSpec] | None) -> None:
    """The test pictures, once: how the network does on what it was never chosen by."""
    judged = judging.judged(
        run,
        "unet_test",
        lambda of, model: evaluate_masks(engine.connect(), model, of.spec, of.own),
    )
    if run is not None and judged is not None:
        _tell(run, judged)


def _tell(run: Run[SegmentationSpec], judged: JudgedMasks) -> None:
    dataset = masked(run)
    one, two = st.columns(2)
    one.metric("Mean IoU", f"{judged.mean_iou:.3f}", help=f"Of {len(judged.indices)} pictures.")
    two.metric("Pixel accuracy", f"{judged.pixel_accuracy:.1%}", help="Mostly background.")
    rows = [
        {"class": name, "IoU": None if np.isnan(iou) else round(float(iou), 4)}
        for name, iou in zip(dataset.class_names, judged.class_ious, strict=True)
    ]
    st.dataframe(rows, hide_index=True, width="content")
    _worst(dataset, judged)


def _worst(dataset: MaskedSet, judged: JudgedMasks) -> None:
    classes = len(dataset.class_names)
    ious = np.array(
        [mean_iou(t, m, classes) for t, m in zip(judged.truth, judged.masks, strict=True)]
    )
    worst = np.argsort(ious)[:MOST_SHOWN]
    st.markdown("**The worst of them**: scene, truth, what the network says")
    legend(dataset.class_names)
    paints = colours(classes)
    strips = []
    for place in worst:
        picture = _middle(dataset.images[judged.indices[place]], judged.masks.shape[1:])
        masks = (judged.truth[place], judged.masks[place])
        coats = [painted(picture, mask, paints, "paint") for mask in masks]
        strips.append(side_by_side([in_colour(picture), *coats]))
    captions = [f"mean IoU {ious[place]:.2f}" for place in worst]
    tiles.show(np.stack(strips), captions, key="unet_worst", side_px=WIDE_PX,
               alt="Test scenes with the least IoU")  # fmt: skip


def _middle(picture: np.ndarray, size_hw: tuple[int, ...]) -> np.ndarray:
    height, width = size_hw
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width]
