"""What a run leaves to take home."""

from __future__ import annotations

import streamlit as st

from core.architecture import ArchitectureError
from core.export.detection_code import detection_script
from core.export.training_pictures_code import PICTURES_FILE, pictures_file
from core.lessons.detector import DetectorLesson
from core.training import Run, RunError
from core.training.detection import DetectionSpec
from core.ui import state
from core.ui.detector import curves_of
from core.ui.downloads import button, menu_of_files, show_script
from core.ui.page import Page
from core.ui.training.session import DETECTOR
from core.ui.training.taking import files_of_any_run


def download() -> None:
    """A button that opens what the run on the stage leaves."""
    run = DETECTOR.shown()
    if (menu := menu_of_files()) is None:
        return
    with menu:
        if run is None:
            st.write("There is no run yet.")
            return
        stem = files_of_any_run(run)
        button("Average precision (CSV)", lambda: precision_csv(run), f"{stem}-ap.csv")
        button("Training script (.py)", lambda: _script(run), f"{stem}.py")
        pictures = "Pictures and boxes of the script (.npz)"
        button(pictures, lambda: pictures_file(run.pictures(), run.split()), PICTURES_FILE)


def precision_csv(run: Run[DetectionSpec]) -> str:
    """AP50, AP and the parts of the validation loss after each epoch."""
    told = curves_of.epochs(run)
    lines = [",".join(["batch", *told.values])]
    for step, *row in zip(told.steps, *told.values.values(), strict=True):
        lines.append(",".join([f"{step:.0f}", *(f"{value:.6g}" for value in row)]))
    return "\n".join(lines) + "\n"


def _script(run: Run[DetectionSpec]) -> str:
    dataset = run.pictures()
    return detection_script(run.repeatable(), dataset.shape, len(dataset.class_names))


def code(here: Page, run: Run[DetectionSpec] | None) -> None:
    """The script of the run on the stage, or of the run that the settings stand for."""
    lesson = state.current(DetectorLesson)
    try:
        if run is not None:
            st.caption(f"This script gives the curve of the run {run.name!r} again.")
            script = _script(run)
        else:
            shape = (lesson.side, lesson.side, 3)
            script = detection_script(lesson.run_spec(), shape, lesson.objects_kinds)
    except (ArchitectureError, RunError) as error:
        st.warning(str(error))
        return
    st.caption(f"It reads pictures and boxes from `{PICTURES_FILE}`: see Download after a run.")
    show_script(here, lesson, script)
