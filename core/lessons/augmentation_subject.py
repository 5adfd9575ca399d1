"""What the page "Augmentation" draws from: a picture, its boxes and its mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from core.data import digits
from core.data.shapes import scenes
from core.images.samples import SAMPLES

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

MOST_BOXES = 12
_MARGIN = 0.6
"""How far round a box its background is looked at, as a share of the box."""
_LEAST_FOUND = 0.15
"""Share of a box below which what was found in it is no object."""
_CUT_SIDE = 192
"""Longer side of the picture in which objects are cut out, in pixels."""
_CUT_ROUNDS = 3
PARTNERS = ("chelsea", "coffee", "astronaut", "rocket")
"""Sample photos that are mixed into others."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A box in thousandths of the picture's width and height.

    Attributes:
        left, top, right, bottom: 0 to 1000.
        name: of what is in it.
    """

    left: int
    top: int
    right: int
    bottom: int
    name: str


EXAMPLES: Mapping[str, tuple[Framed, ...]] = MappingProxyType(
    {
        "chelsea": (
            Framed(290, 280, 470, 490, "eye"), Framed(650, 360, 765, 550, "eye"),
            Framed(490, 710, 650, 890, "nose"),
        ),
        "astronaut": (
            Framed(300, 20, 600, 375, "head"), Framed(720, 0, 910, 550, "shuttle"),
            Framed(535, 670, 975, 1000, "helmet"),
        ),
        "coffee": (
            Framed(130, 200, 795, 1000, "saucer"), Framed(285, 40, 705, 770, "cup"),
            Framed(535, 565, 680, 820, "spoon"),
        ),
        "rocket": (Framed(460, 305, 530, 965, "rocket"),),
        "camera": (
            Framed(0, 120, 540, 1000, "man"), Framed(505, 260, 645, 465, "camera"),
            Framed(430, 460, 800, 1000, "tripod"),
        ),
        "coins": (
            Framed(795, 50, 950, 235, "coin"), Framed(820, 520, 990, 715, "coin"),
            Framed(375, 795, 520, 960, "coin"),
        ),
        "clock": (Framed(355, 310, 710, 705, "clock"),),
        "horse": (Framed(40, 30, 975, 960, "horse"),),
        "retina": (Framed(120, 320, 245, 485, "disc"), Framed(390, 410, 540, 570, "fovea")),
        "tissue": (Framed(480, 605, 760, 965, "gland"),),
    }
)  # fmt: skip
"""What is to be seen in the sample photos, framed by hand."""
MIDDLE = (Framed(250, 250, 750, 750, "object"),)
"""For a picture of which nothing is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A picture with everything that goes through a pipeline with it.

    Attributes:
        title: for captions.
        name: of its class, for mixed labels.
        pixels: (H, W, C) uint8, C = 1 or 3.
        boxes: (k, 4) float32 xyxy in pixels.
        names: of the boxes.
        mask: (H, W) uint8, number of the box whose object a pixel is, from 1; 0 is background.
    """

    title: str
    name: str
    pixels: Pixels
    boxes: Floats
    names: tuple[str, ...]
    mask: Pixels


def photo_subject(
    pixels: Pixels, title: str, sample: str, side: int, framed: Sequence[Framed] = ()
) -> Subject:
    """A photo, made small, with boxes and the objects that OpenCV finds in them.

    Args:
        pixels: (H, W, 3) uint8.
        title: for captions.
        sample: slug of a sample photo, or empty.
        side: longer side of the small picture, in pixels; smaller ones are not enlarged.
        framed: the boxes; without any, those of the sample, or one in the middle.
    """
    small = _small(pixels, side)
    frames = tuple(framed) or EXAMPLES.get(sample, MIDDLE)
    name = _SHORT.get(sample, sample) or "your image"
    height, width = small.shape[:2]
    boxes = _in_pixels(frames, height, width)
    names = tuple(frame.name for frame in frames)
    return Subject(title, name, small, boxes, names, cut_out(small, boxes))


def scene_subject(number: int, side: int) -> Subject:
    """Shapes drawn by rule, whose boxes and masks are exact.

    Args:
        number: of the scene, 0 or more.
        side: height and width in pixels.
    """
    drawn = scenes(1, side, number, count=(3, 5), noise=6.0)
    names = tuple(drawn.class_names[label] for label in drawn.labels[0].tolist())
    return Subject(
        "Shapes",
        f"scene {number}",
        drawn.images[0],
        drawn.boxes[0],
        names,
        drawn.instances[0],
    )


def digit_subject(number: int) -> Subject:
    """A digit of MNIST, its box tight; 28 x 28 pixels."""
    dataset = digits.load()
    place = _DIGITS[number % len(_DIGITS)]
    picture, label = dataset.images[place], dataset.class_names[dataset.labels[place]]
    ink = picture[..., 0] > 64
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    box = [[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]]
    return Subject(
        f"A handwritten {label}",
        label,
        picture,
        np.array(box, np.float32),
        (label,),
        ink.astype(np.uint8),
    )


def partners_of(subject: Subject, kind: str, sample: str, number: int) -> list[Subject]:
    """Three other pictures of the same size, for steps that mix.

    Args:
        subject: the picture.
        kind: "photo", "shapes" or "digit".
        sample: slug of the photo, so that it is not mixed with itself.
        number: of the scene or the digit.
    """
    height, width = subject.pixels.shape[:2]
    if kind == "shapes":
        return [scene_subject(number + step, height) for step in (1, 2, 3)]
    if kind == "digit":
        return [digit_subject(number + step) for step in (1, 2, 3)]
    others = [slug for slug in PARTNERS if slug != sample][:3]
    return [_partner(slug, height, width) for slug in others]


@lru_cache(maxsize=16)
def _partner(slug: str, height: int, width: int) -> Subject:
    """The middle of a sample photo in that size, and what is left of its boxes."""
    pixels = SAMPLES[slug].load()
    frames = EXAMPLES[slug]
    tall, wide = pixels.shape[:2]
    scale = max(height / tall, width / wide)
    size = (max(round(wide * scale), width), max(round(tall * scale), height))
    fitted = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    cut = np.asarray(fitted[top : top + height, left : left + width], np.uint8)
    boxes = _in_pixels(frames, size[1], size[0]) - np.array([left, top] * 2, np.float32)
    boxes = np.clip(boxes, 0, [width, height] * 2).astype(np.float32)
    large = [row for row, box in enumerate(boxes) if (box[2:] - box[:2] > 4).all()]
    boxes = boxes[large]
    names = tuple(frames[row].name for row in large)
    return Subject(SAMPLES[slug].title, _SHORT[slug], cut, boxes, names, cut_out(cut, boxes))


def cut_out(pixels: Pixels, boxes: Floats) -> Pixels:
    """The object in each box, told from what surrounds it by its colours.

    A small object lies over a large one. Where nothing stands out, an ellipse is taken.

    Source: Rother, Kolmogorov & Blake 2004, "GrabCut".

    Args:
        pixels: (H, W, 3) uint8.
        boxes: (k, 4) xyxy in pixels.

    Returns:
        (H, W) uint8: number of the box, from 1; 0 is background.
    """
    height, width = pixels.shape[:2]
    scale = min(_CUT_SIDE / max(height, width), 1.0)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = np.zeros(small.shape[:2], np.uint8)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for row in np.argsort(-areas, kind="stable"):
        found[_object(np.asarray(small, np.uint8), boxes[row] * scale)] = row + 1
    return np.asarray(
        cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8
    )


def _object(pixels: Pixels, box: Floats) -> npt.NDArray[np.bool_]:
    """(H, W): the pixels of one object."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = (round(float(place)) for place in box)
    right, bottom = max(right, left + 2), max(bottom, top + 2)
    margin = max(round(_MARGIN * max(right - left, bottom - top)), 4)
    rows = slice(max(top - margin, 0), min(bottom + margin, height))
    columns = slice(max(left - margin, 0), min(right + margin, width))
    inside = np.zeros((height, width), bool)
    inside[top:bottom, left:right] = True
    found = np.zeros((height, width), bool)
    part = inside[rows, columns]
    if not part.all() and part.any():
        found[rows, columns] = _told_apart(pixels[rows, columns], part)
    if found.sum() < _LEAST_FOUND * inside.sum():
        y, x = np.mgrid[:height, :width] + 0.5
        across = (x - (left + right) / 2) / ((right - left) / 2)
        along = (y - (top + bottom) / 2) / ((bottom - top) / 2)
        found = across**2 + along**2 <= 1
    return found & inside


def _told_apart(pixels: Pixels, inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The pixels inside whose colours are not those of the outside."""
    marks = np.where(inside, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(
        np.ascontiguousarray(pixels), marks, (0, 0, 1, 1), background, foreground, _CUT_ROUNDS,
        cv2.GC_INIT_WITH_MASK,
    )  # fmt: skip
    return np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD))


def squares(subject: Subject, side: int, count: int = 8) -> Pixels:
    """The picture several times as (count, side, side, 3) uint8, its middle, for a measurement.

    Args:
        subject: the picture.
        side: height and width in pixels.
        count: how often.
    """
    height, width = subject.pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    cut = np.ascontiguousarray(subject.pixels[top : top + short, left : left + short])
    scaled = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA).reshape(side, side, -1)
    colour = np.broadcast_to(scaled, (side, side, 3))
    return np.repeat(np.asarray(colour, np.uint8)[None], count, axis=0)


def _small(pixels: Pixels, side: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _in_pixels(frames: Sequence[Framed], height: int, width: int) -> Floats:
    size = np.array([width, height, width, height]) / 1000
    corners = [[frame.left, frame.top, frame.right, frame.bottom] for frame in frames]
    return np.asarray(np.round(np.array(corners).reshape(-1, 4) * size), np.float32)


_SHORT = {"chelsea": "cat", "astronaut": "astronaut", "coffee": "coffee", "rocket": "rocket"}
_DIGITS = (3008, 4508, 1000, 3500, 500, 2500, 1500, 4000, 0, 2000)
"""A 6, a 9, a 2, a 7, a 1, a 5, a 3, an 8, a 0, a 4: places in the data set."""
