"""The view "instances": the same scene as classes, as blobs and as objects."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

from core.lessons.segment_case import SegmentCase
from core.lessons.segment_instances import InstanceCase, instances
from core.palette import OKABE_ITO, Rgb, rgb
from core.ui.components import tiles
from core.vision.coats import coated

SCALE = 3
SIDE_PX = 232
PAINTS = [rgb(colour) for colour in OKABE_ITO[:-1]]


def show_instances(case: SegmentCase) -> None:
    """Scene, classes, blobs and objects side by side, and what is counted in each."""
    scene = instances(case.lesson)
    pictures = [
        _large(scene.image),
        _large(coated(scene.image, scene.classes, _colours(len(scene.names)))),
        _numbered(scene, scene.blobs),
        _boxed(scene),
    ]
    objects = len(scene.boxes)
    captions = [
        tiles.Tile("The scene", detail=f"{objects} shapes"),
        tiles.Tile("Semantic", detail="the class of every pixel"),
        tiles.Tile("Its blobs", detail=f"{scene.blobs.max()} connected parts"),
        tiles.Tile("Instances", detail=f"{objects} objects, each with its box"),
    ]
    tiles.show(np.stack(pictures), captions, key="seg_instances", side_px=SIDE_PX,
               alt="A scene of shapes as classes, as blobs and as objects")  # fmt: skip
    rows = [
        {"class": c.name, "objects": c.objects, "blobs": c.blobs, "seen in parts": c.parted}
        for c in scene.counted
    ]
    st.dataframe(rows, hide_index=True, width="content")
    st.markdown(_in_words(scene))


def _in_words(scene: InstanceCase) -> str:
    told = [
        f"Of class **{c.name}** there are {c.objects} objects and {c.blobs} "
        f"{'blob' if c.blobs == 1 else 'blobs'}"
        + (
            ": some touch, and their pixels say the same."
            if c.blobs < c.objects
            else ": something lies before one of them and parts it."
        )
        for c in scene.touching
    ]
    if not told:
        told = ["Here no two shapes of one class touch: counting blobs counts objects."]
    told.append(
        "Semantic segmentation gives each pixel a class and knows no objects. Instance "
        "segmentation gives each object a mask of its own, most often one inside of each box "
        "that a detector has found (Mask R-CNN, He et al. 2017)."
    )
    return "  \n".join(told)


def _colours(count: int) -> list[Rgb]:
    return [(0, 0, 0), *(PAINTS[place % len(PAINTS)] for place in range(count - 1))]


def _large(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return picture.repeat(SCALE, 0).repeat(SCALE, 1)


def _numbered(scene: InstanceCase, parts: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Each part in a colour of its own with its number: colour is not the only carrier."""
    shown = _large(coated(scene.image, parts, _colours(int(parts.max()) + 1)))
    for number in range(1, int(parts.max()) + 1):
        inside = cv2.distanceTransform((parts == number).astype(np.uint8), cv2.DIST_L2, 3)
        row, column = np.unravel_index(int(inside.argmax()), inside.shape)
        _write(shown, str(number), int(column), int(row))
    return shown


def _boxed(scene: InstanceCase) -> npt.NDArray[np.uint8]:
    shown = _numbered(scene, scene.objects)
    for number, (left, top, right, bottom) in enumerate(scene.boxes.astype(int)):
        colour = PAINTS[number % len(PAINTS)]
        corners = (left * SCALE, top * SCALE), (right * SCALE - 1, bottom * SCALE - 1)
        cv2.rectangle(shown, *corners, colour, 2)
    return shown


def _write(picture: npt.NDArray[np.uint8], text: str, column: int, row: int) -> None:
    """A number in the middle of a part, dark on a light rim."""
    place = column * SCALE - 9 * len(text), row * SCALE + 11
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 1.0
    cv2.putText(picture, text, place, font, size, (255, 255, 255), 8, cv2.LINE_AA)
    cv2.putText(picture, text, place, font, size, (0, 0, 0), 2, cv2.LINE_AA)
