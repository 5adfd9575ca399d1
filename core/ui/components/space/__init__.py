"""Pictures as points in a plane, with their neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from core.ui.components.source import Component
from core.ui.components.tiles import percent, sheet
from core.ui.pictures import jpeg_address

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

MOST_POINTS = 1_000
"""Most pictures of one plane."""
MOST_PIXELS = 1_600_000
"""Most pixels of all thumbnails together."""
SMALLEST_PX, LARGEST_PX = 32, 96
"""Sides that thumbnails are sent with."""
HEIGHT_PX = 520

code = Component("space", "colour", "axes")


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """Pictures, and where they lie.

    Attributes:
        images: (n, H, W, C) uint8, C = 1 or 3, n at most `MOST_POINTS`.
        places: (n, 2), y upwards.
        labels: (n,), the class of each.
        predicted: (n,), the class that is taken for the likeliest.
        sure: (n,), its probability.
        parts: (n,), which of `part_names` each belongs to.
        neighbours: (n, k), the pictures that are most like each, whatever the plane shows.
        distances: (n, k), how far they are.
        class_names: what the labels mean.
        part_names: such as training, validation, test.
        numbers: (n,), how each is called in words: its place in the data set.
        x_title, y_title: what the axes are; empty where they mean nothing.
        what: the plane in a word or two.
    """

    images: Images
    places: Floats
    labels: Places
    predicted: Places
    sure: Floats
    parts: Places
    neighbours: Places
    distances: Floats
    class_names: Sequence[str]
    part_names: Sequence[str]
    numbers: Places
    what: str
    x_title: str = ""
    y_title: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Guest:
    """A further picture in the same plane.

    Attributes:
        image: (H, W, C) uint8.
        place: (2,).
        title: what it is, and what it is taken for.
        neighbours: (k,), the pictures of the cloud that are most like it.
        distances: (k,), how far they are.
    """

    image: Images
    place: Floats
    title: str
    neighbours: Places
    distances: Floats


def space(
    cloud: Cloud, *, key: str, guest: Guest | None = None, height_px: int = HEIGHT_PX
) -> None:
    """Show the plane: zoom, pan, point, choose a picture to see its neighbours.

    All of this happens in the browser and outlives each call with the same key.

    Args:
        cloud: the pictures.
        key: the component's key.
        guest: a picture that is none of them.
        height_px: of the plane.

    Raises:
        ValueError: there are more pictures than `MOST_POINTS`.
    """
    code.mount(key=key, data=space_data(cloud, guest) | {"height": height_px})


def space_data(cloud: Cloud, guest: Guest | None = None) -> dict[str, Any]:
    """What the browser is sent: one picture of all thumbnails, places, and every text.

    Raises:
        ValueError: as in `space`.
    """
    count = len(cloud.images)
    if count > MOST_POINTS:
        raise ValueError(f"{count:,} pictures are too many to show; at most {MOST_POINTS:,}.")
    small = thumbnails(cloud.images)
    across = max(math.ceil(math.sqrt(count)), 1)
    return {
        "alt": in_words(cloud),
        "what": cloud.what,
        "xTitle": cloud.x_title,
        "yTitle": cloud.y_title,
        "sheet": _address(sheet(small, across)),
        "across": across,
        "tile": [small.shape[2], small.shape[1]],
        "crisp": max(cloud.images.shape[1:3]) <= SMALLEST_PX,
        "x": _short(cloud.places[:, 0]),
        "y": _short(cloud.places[:, 1]),
        "labels": cloud.labels.tolist(),
        "parts": cloud.parts.tolist(),
        "right": (cloud.labels == cloud.predicted).tolist(),
        "titles": [f"{cloud.class_names[label]}" for label in cloud.labels],
        "says": [_says(cloud, place) for place in range(count)],
        "near": cloud.neighbours.tolist(),
        "far": _short(cloud.distances),
        "classes": _counted(cloud.class_names, cloud.labels),
        "groups": _counted(cloud.part_names, cloud.parts),
        "guest": _guest(guest),
    }


def thumbnails(images: Images) -> Images:
    """Pictures as small as they are shown; those that are small already stay as they are."""
    count, height, width = images.shape[:3]
    room = math.sqrt(MOST_PIXELS / max(count, 1))
    side = min(max(room, SMALLEST_PX), LARGEST_PX)
    scale = side / max(height, width)
    if scale >= 1:
        return images
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    made = [cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in images]
    return np.asarray(made, np.uint8).reshape(count, size[1], size[0], -1)


def in_words(cloud: Cloud) -> str:
    """The plane for a person who cannot see it.

    How well the classes stand apart is told by the nearest neighbour of each picture.
    """
    own = cloud.labels[cloud.neighbours[:, 0]] == cloud.labels
    counted = _counted(cloud.class_names, cloud.labels)
    sizes = ", ".join(f"{each['name']} {each['count']}" for each in counted)
    return (
        f"{cloud.what} of {len(cloud.labels)} pictures ({sizes}). The nearest neighbour of "
        f"{percent(float(own.mean()))} of them is of their own class."
    )


def _says(cloud: Cloud, place: int) -> str:
    name = cloud.class_names[cloud.predicted[place]]
    verb = (
        "recognised" if cloud.predicted[place] == cloud.labels[place] else f"taken for {name}"
    )
    part = cloud.part_names[cloud.parts[place]]
    sure = percent(float(cloud.sure[place]))
    return f"{verb}, {sure}; {part} picture {cloud.numbers[place]}"


def _counted(names: Sequence[str], of: Places) -> list[dict[str, Any]]:
    counts = np.bincount(of, minlength=len(names))
    return [{"name": n, "count": int(c)} for n, c in zip(names, counts, strict=True)]


def _guest(guest: Guest | None) -> dict[str, Any] | None:
    if guest is None:
        return None
    return {
        "src": _address(thumbnails(guest.image[None])[0]),
        "x": float(guest.place[0]),
        "y": float(guest.place[1]),
        "title": guest.title,
        "near": guest.neighbours.tolist(),
        "far": _short(guest.distances),
    }


def _short(values: Floats) -> Any:  # noqa: ANN401 - nested lists of numbers
    rounded = np.array([float(f"{value:.4g}") for value in np.ravel(values).tolist()])
    return rounded.reshape(values.shape).tolist()


def _address(picture: Images) -> str:
    """As JPEG: hundreds of thumbnails as PNG would be a megabyte and more."""
    return jpeg_address(picture, 88)
