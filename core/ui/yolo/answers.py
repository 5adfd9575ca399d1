"""What YOLOv3-tiny says of the current image, for the page "Inside YOLO"."""

from __future__ import annotations

from dataclasses import dataclass

from core.lessons.yolo_examples import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known by now.

    Attributes:
        answer: of the network; None until it came.
        says: what to say in its place.
        waiting: whether it will come.
    """

    answer: Answer | None
    says: str
    waiting: bool


def asked() -> Asked:
    """Ask, and say what is known."""
    return Asked(None, "The network is not here.", False)
