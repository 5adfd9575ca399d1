"""What a run leaves to take home."""

from __future__ import annotations

import streamlit as st

from core.architecture import ArchitectureError
from core.export.history_table import history_csv
from core.export.training_code import training_script
from core.export.training_pictures_code import PICTURES_FILE, pictures_file, reads_pictures
from core.lessons.training import TrainingLesson
from core.training import Run
from core.ui import state
from core.ui.downloads import button, menu_of_files, show_script
from core.ui.page import Page
from core.ui.training import datasets
from core.ui.training.session import TRAINING, AnyRun


def download(run: Run | None) -> None:
    """A button that opens what the run on the stage leaves."""
    if (menu := menu_of_files()) is None:
        return
    with menu:
        if run is None:
            st.write("There is no run yet.")
            return
        stem = files_of_any_run(run)
        button("Training script (.py)", lambda: script_of(run), f"{stem}.py")
        if reads_pictures(run.spec):
            pictures = "Pictures of the script (.npz)"
            button(pictures, lambda: pictures_file(run.pictures(), run.split()), PICTURES_FILE)


def files_of_any_run(run: AnyRun) -> str:
    """Model, history and settings, whatever was trained; gives back how its files are named."""
    stem = file_stem(run.name)
    if run.model is not None:
        model = run.model
        button("Model (.keras)", lambda: model, f"{stem}.keras")
    else:
        st.caption("The model is here once the run has ended.")
    button("History (CSV)", lambda: history_csv(run.series()), f"{stem}.csv")
    button("Settings (JSON)", lambda: settings_json(run), f"{stem}.json")
    return stem


def file_stem(name: str) -> str:
    """A file name out of a run's name.

    >>> file_stem("2. adam 0.001")
    '2-adam-0.001'
    """
    kept = "".join(letter if letter.isalnum() or letter in ".-" else " " for letter in name)
    return "-".join(kept.replace(". ", " ").split()).strip(".-") or "run"


def settings_json(run: Run) -> str:
    """What repeats the run, with what was changed on the way."""
    return run.repeatable().model_dump_json(indent=2)


def script_of(run: Run) -> str:
    """The script that gives the run's curve again."""
    pictures = run.pictures()
    return training_script(run.repeatable(), pictures.shape, len(pictures.class_names))


def code(here: Page) -> None:
    """The script of the run on the stage, or of the run that the settings stand for."""
    run = TRAINING.shown()
    lesson = state.current(TrainingLesson)
    if run:
        st.caption(_promise(run))
    spec = run.repeatable() if run else lesson.run_spec()
    try:
        script = script_of(run) if run else training_script(spec, *datasets.size(lesson))
    except ArchitectureError as error:
        st.warning(str(error))
        return
    if reads_pictures(spec):
        st.caption(f"It reads the pictures from `{PICTURES_FILE}`: see Download after a run.")
    show_script(here, lesson, script)


def _promise(run: Run) -> str:
    """What the script of a run does again."""
    if run.spec.augments.active:
        return (
            f"The pictures of the run {run.name!r} were drawn by a pipeline of the page "
            "Augmentation. This script trains without it; that page writes the pipeline's code."
        )
    return f"This script gives the curve of the run {run.name!r} again."
