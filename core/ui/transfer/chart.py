"""The ways over one another, by epoch or by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from core.charts import Measured, NamedRun, runs
from core.curves import Chart, Mark
from core.lessons.transfer import TITLES
from core.training.transfer import Way
from core.ui.transfer.ways import NUMBERS, Course, TransferRun, course_of

Over = Literal["epochs", "seconds"]


def overlay(shown: Mapping[Way, TransferRun], over: Over) -> Chart:
    """Loss and accuracy of each way.

    Args:
        shown: the run that stands for each way.
        over: what the horizontal axis counts.
    """
    courses = {way: course_of(run) for way, run in shown.items()}
    named = [_named(way, course, over) for way, course in courses.items()]
    chart = runs(named)
    return Chart(
        chart.axes,
        chart.curves,
        _marks(courses, over),
        x_title="Epoch" if over == "epochs" else "Seconds since the click",
    )


def _named(way: Way, course: Course, over: Over) -> NamedRun:
    x = course.epochs if over == "epochs" else course.seconds
    training = Measured(x, course.loss, course.accuracy)
    held_out = Measured(x, course.validation_loss, course.validation_accuracy)
    return NamedRun(TITLES[way], NUMBERS[way], training, held_out)


def _marks(courses: Mapping[Way, Course], over: Over) -> tuple[Mark, ...]:
    """Where blocks were opened."""
    course = courses.get("finetune")
    if course is None or not course.opened or course.opened == len(course.epochs):
        return ()
    x = float(course.opened) if over == "epochs" else course.opened_seconds
    return (Mark(x, "fine-tuning begins"),)
