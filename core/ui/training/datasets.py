"""The pictures of the next run."""

from __future__ import annotations

from core.data import DataError, Dataset
from core.data.spec import OWN
from core.lessons.data import DataFields
from core.ui import data


def own(lesson: DataFields) -> Dataset | None:
    """The person's own pictures, as the next run takes them; None where it takes others."""
    if lesson.dataset != OWN or data.own() is None:
        return None
    return data.dataset_of(lesson)


def training_pictures(lesson: DataFields) -> int:
    """How many pictures the next run trains on; 0 where they are not here yet."""
    try:
        return len(data.parts_of(lesson)[1].training)
    except DataError:
        return 0


def size(lesson: DataFields) -> tuple[tuple[int, int, int], int]:
    """Shape of a picture and number of classes; those of the digits where none is here."""
    try:
        pictures = data.dataset_of(lesson)
    except DataError:
        return (28, 28, 1), 10
    return pictures.shape, len(pictures.class_names)
