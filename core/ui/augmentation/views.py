"""What stands below the stage of the page "Augmentation"."""

from __future__ import annotations

from core import engine
from core.lessons.augmentation_case import AugmentationCase
from core.ui import curves
from core.ui.augmentation import helping, stage
from core.ui.augmentation import safety as safety_view
from core.ui.augmentation import speed as speed_view
from core.ui.components import tiles


def prepare() -> None:
    """Call first: the engine warms up while the person looks round."""
    engine.warm_up()


def safety(case: AugmentationCase) -> None:
    """Is it safe?"""
    safety_view.show(case)


def training(case: AugmentationCase) -> None:
    """Does it help?"""
    helping.show(case)


def speed(case: AugmentationCase) -> None:
    """Pictures a second inside of tf.data."""
    speed_view.show(case)


def load_components() -> None:
    """Send the code of the page's components."""
    stage.load_components()
    curves.load_components()
    tiles.code.load()
