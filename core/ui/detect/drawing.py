"""A case as pictures with boxes, and every word that stands with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from core.assets.remote import megabytes
from core.lessons.detect_case import TITLES, DetectCase, Image, Looked
from core.ui.components.detections import BoxedPicture, DrawnBox, address, class_colours
from core.ui.current_image import Photo
from core.vision.baselines.faces import ENOUGH
from core.vision.candidates import Candidates, Detections
from core.vision.letterbox import letterbox_of
from core.vision.yolo_head import YoloHead

ALONE_PX, TILE_PX = 1280, 640
"""Longest side of what is sent of a picture that stands alone, and of one of several."""


def boxed(case: DetectCase, *, conceal: bool) -> list[BoxedPicture]:
    """What the stage shows.

    Args:
        case: pictures and answers.
        conceal: whether the audience still has to predict the boxes.
    """
    return [_picture(case, place, conceal) for place in range(len(case.looked))]


def addresses(chosen: Sequence[tuple[str, Photo]]) -> dict[str, str]:
    """The pictures by the names under which `boxed` has them: sent once, not with each step."""
    alone = len(chosen) == 1
    longest = ALONE_PX if alone else TILE_PX
    return {
        _name(photo.digest, alone=alone): _encoded(photo.digest, longest, photo.pixels)
        for _, photo in chosen
    }


def _name(digest: str, *, alone: bool) -> str:
    return f"{digest} {'alone' if alone else 'tile'}"


def stamp(case: DetectCase) -> str:
    """Changes with every answer that comes."""
    return " ".join(f"{one.candidates is not None},{one.coming}" for one in case.looked)


def _picture(case: DetectCase, place: int, conceal: bool) -> BoxedPicture:
    one, found = case.looked[place], case.found[place]
    width, height = one.size
    says = awaited(case, one, conceal=conceal)
    alone = len(case.looked) == 1
    colours = class_colours(case.class_names)
    shown = None if conceal else found
    return BoxedPicture(
        url=_name(one.digest, alone=alone),
        width=width,
        height=height,
        title=f"{one.title}, {width} x {height}" if alone else one.title,
        boxes=[] if shown is None else _boxes(case, place, shown, colours),
        note=f"{took_ms(one, found):.0f} ms" if found is not None else "",
        summary="" if shown is None else summary(one, shown, alone=alone),
        rows=[(name, str(count), colours[name]) for name, count in shown.counts().items()]
        if shown is not None
        else (),
        says=says,
        failed=bool(one.failure),
        progress=_progress(one),
        alt=one.title,
        lines=cells(one) if case.lesson.det_grid else ((), ()),
    )


def cells(one: Looked) -> tuple[list[float], list[float]]:
    """X and y of the lines between the cells of the coarse map, in the picture's pixels.

    The part of the square that was filled up has cells, too: of a wide picture the first row
    may begin above it.
    """
    if one.candidates is None or not one.candidates.heads:
        return [], []
    head = one.candidates.heads[0]
    width, height = one.size
    box = letterbox_of(height, width, head.side)
    steps = np.arange(1, head.grid[0], dtype=np.float32) * head.stride[0]
    ends = box.undo(np.stack([steps, steps, steps, steps], axis=1))
    across, down = ends[:, 0].tolist(), ends[:, 1].tolist()
    return [x for x in across if 0 < x < width], [y for y in down if 0 < y < height]


def took_ms(one: Looked, found: Detections) -> float:
    """From the picture to its boxes, in milliseconds, without the first loading."""
    if one.candidates is None:
        return 0.0
    stages = one.candidates.stages
    return (
        stages.resize_ms
        + stages.preprocess_ms
        + stages.network_ms
        + one.candidates.decode_ms
        + found.took_ms
    )


def summary(one: Looked, found: Detections, *, alone: bool) -> str:
    """How many boxes there are, and what became of the others, as a sentence."""
    if one.candidates is None:
        return ""
    if not alone:
        counts = [f"{count} {name}" for name, count in found.counts().items()]
        return ", ".join(counts) if counts else "Nothing sure enough."
    boxes = "1 box" if len(found) == 1 else f"{len(found)} boxes"
    total = f"{one.candidates.total:,} candidates"
    parts = [f"{boxes}. Of {total} {_many(found.likely, 'is', 'are')} sure enough"]
    if found.wanted != found.likely:
        parts.append(f"{found.wanted:,} of them of a wanted class")
    parts.append(f"{_many(found.suppressed, 'has', 'have')} to give way to a surer box")
    return "; ".join(parts) + "." + _advice(one.candidates, found)


def _many(count: int, one: str, more: str) -> str:
    if count == 0:
        return f"none {one}"
    return f"{count:,} {one if count == 1 else more}"


def _advice(candidates: Candidates, found: Detections) -> str:
    """What would bring a box where there is none."""
    if len(found) or found.likely:
        return ""
    if not len(candidates):
        return " There is no candidate at all here."
    best = int(candidates.confidence.argmax())
    return (
        f" The surest is {candidates.class_names[int(candidates.best[best])]} with "
        f"{candidates.confidence[best]:.0%}: lower the confidence to see it."
    )


def _boxes(
    case: DetectCase, place: int, found: Detections, colours: Mapping[str, str]
) -> list[DrawnBox]:
    one = case.looked[place]
    drawn = [_box(one, found, k, colours) for k in range(len(found))]
    everything = case.left_out[place] if case.lesson.det_left_out else None
    if everything is not None:
        kept = set(zip(found.indices.tolist(), found.numbers.tolist(), strict=True))
        drawn += [
            _box(one, everything, k, colours, faint=True)
            for k in range(len(everything))
            if (int(everything.indices[k]), int(everything.numbers[k])) not in kept
        ]
    return drawn


def _box(
    one: Looked, found: Detections, k: int, colours: Mapping[str, str], *, faint: bool = False
) -> DrawnBox:
    label = found.labels[k]
    left, top, right, bottom = found.boxes[k].tolist()
    lines = ["suppressed by a surer box"] if faint else []
    lines.append(
        f"x {left:.0f} to {right:.0f}, y {top:.0f} to {bottom:.0f} "
        f"({right - left:.0f} x {bottom - top:.0f} px)"
    )
    if one.candidates is not None:
        lines += origin(one.candidates, int(found.indices[k]), int(found.numbers[k]))
    return DrawnBox(
        (left, top, right, bottom),
        label,
        float(found.scores[k]),
        colours[label],
        faint=faint,
        note="\n".join(lines),
        id=f"{found.indices[k]}-{found.numbers[k]}",
    )


def origin(candidates: Candidates, index: int, number: int) -> list[str]:
    """Where a box comes from: its cell and anchor, objectness and class, or its windows."""
    place = candidates.place(index)
    if place is None:
        if candidates.class_names == ("face",):
            share = float(candidates.scores[index, 0])
            count = round(share * ENOUGH)
            more = " or more" if count == ENOUGH else ""
            return [f"{count}{more} windows agree"]
        return []
    head_number, row, column, anchor = place
    head: YoloHead = candidates.heads[head_number]
    at = (row, column, anchor)
    wide, high = head.anchors[anchor]
    objectness, likely = head.objectness[at], head.class_probabilities[(*at, number)]
    rows, columns = head.grid
    return [
        f"objectness {objectness:.3f} x class {likely:.3f} = {objectness * likely:.3f}",
        f"grid {rows} x {columns}, row {row}, column {column}, anchor {wide:g} x {high:g}",
    ]


def awaited(case: DetectCase, one: Looked, *, conceal: bool = False) -> str:
    """What is said in place of an answer; empty where it is shown."""
    if one.failure:
        return one.failure
    if one.candidates is not None:
        return "It has answered. Guess first, then its boxes are shown." if conceal else ""
    title = TITLES[case.lesson.det_method]
    if one.coming:
        done, total = one.coming
        return f"{title} is being fetched: {megabytes(done)} of about {megabytes(total)}."
    return (
        f"{title} is being asked. The first time it has to be loaded, which takes some ten "
        "seconds; from then on it answers at once."
    )


def _progress(one: Looked) -> float | None:
    if not one.coming or one.failure or one.candidates is not None:
        return None
    done, total = one.coming
    return min(done / max(total, 1), 1.0)


@st.cache_resource(max_entries=48, show_spinner=False)
def _encoded(digest: str, longest: int, _picture: Image) -> str:
    del digest
    return address(_picture, longest)
