"""The masks of fixed validation scenes as they sharpen, and the IoU of every class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.curves import Axis, Chart, Curve
from core.data.masked import MaskedSet, Masks, middle_of
from core.lessons.unet import UNetLesson
from core.palette import OKABE_ITO, Rgb, rgb
from core.training import Event, Run
from core.ui import curves, state
from core.ui.components import tiles
from core.ui.training import wait
from core.ui.training.looks import sample_pictures
from core.ui.training.session import AnyRun
from core.vision.coats import certainty, coated, in_colour, outlined_classes
from core.vision.metrics import class_ious

Image = npt.NDArray[np.uint8]
WIDE_PX, SMALL_PX = 366, 104
GAP_PX, SCALE = 2, 3
CHART_PX = 260
_SURE = 255


def masked(run: AnyRun) -> MaskedSet:
    """The pictures and masks that a run of this page learns from.

    Raises:
        TypeError: the run is of another page.
    """
    dataset = run.pictures()
    if not isinstance(dataset, MaskedSet):
        raise TypeError(f"{run.name} learns one class for each picture and has no masks.")
    return dataset


def colours(classes: int) -> list[Rgb]:
    """One for each class; the background's, the first, is never laid on."""
    paints = [rgb(colour) for colour in OKABE_ITO[:-1]]
    return [(0, 0, 0), *(paints[place % len(paints)] for place in range(classes - 1))]


def legend(names: Sequence[str]) -> None:
    """Which colour is which class."""
    paints = colours(len(names))
    swatches = "".join(
        f'<span style="white-space:nowrap;margin-right:1em"><span style="display:inline-block;'
        f"width:.9em;height:.9em;border-radius:2px;vertical-align:-1px;margin-right:.35em;"
        f'background:rgb{paints[place]}"></span>{_plain(name)}</span>'
        for place, name in enumerate(names)
        if place
    )
    st.html(f'<div style="font-size:.875rem;line-height:1.7">{swatches}</div>')


def _plain(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;")


def show(run: Run) -> None:
    """Scene, truth and what the network says, side by side, at the chosen moment."""
    snapshot = wait.snapshot_of(run, scrub=True)
    if snapshot is None:
        return
    dataset = masked(run)
    legend(dataset.class_names)
    st.caption(f"Scene, truth, and what the network says after batch {snapshot.step:,}.")
    pictures, truths = cut(dataset, sample_pictures(run), snapshot.data["masks"])
    shown = [
        tiles.Tile(f"mean IoU {iou:.2f}", detail=in_words(truth, mask, dataset.class_names))
        for iou, truth, mask in zip(
            snapshot.data["sample_ious"], truths, snapshot.data["masks"], strict=True
        )
    ]
    strips = _strips(run, snapshot, pictures, truths)
    alt = "Validation scenes with their true and their predicted masks"
    tiles.show(strips, shown, key="unet_masks", alt=alt, side_px=WIDE_PX)


def cut(dataset: MaskedSet, places: npt.NDArray[np.int64], said: Masks) -> tuple[Image, Masks]:
    """Pictures and true masks, as large as the masks that the network gives."""
    height, width = said.shape[1:]
    images = dataset.images[places]
    top, left = (images.shape[1] - height) // 2, (images.shape[2] - width) // 2
    pictures = images[:, top : top + height, left : left + width]
    return pictures, middle_of(dataset.masks[places], (height, width))


def in_words(truth: npt.NDArray[np.uint8], said: Masks, names: Sequence[str]) -> str:
    """IoU of each class that is there or predicted, without the background."""
    ious = class_ious(truth, said, len(names))
    found = [
        f"{names[place]} {iou:.2f}"
        for place, iou in enumerate(ious)
        if place and not np.isnan(iou)
    ]
    return ", ".join(found) or "background alone"


def _strips(run: Run, snapshot: Event, pictures: Image, truths: Masks) -> Image:
    manner = state.current(UNetLesson).mask_shown
    masks = snapshot.data["masks"]
    sure = snapshot.data["confidence"].astype(np.float32) / _SURE
    paints = colours(len(run.pictures().class_names))
    rows = []
    for picture, truth, mask, certain in zip(pictures, truths, masks, sure, strict=True):
        if manner == "certainty":
            parts = [
                in_colour(picture),
                painted(picture, mask, paints, "paint"),
                certainty(certain, len(paints)),
            ]
        else:
            parts = [
                bare(picture, manner),
                painted(picture, truth, paints, manner),
                painted(picture, mask, paints, manner),
            ]
        rows.append(side_by_side(parts))
    return np.stack(rows)


def painted(picture: Image, mask: Masks, paints: Sequence[Rgb], manner: str) -> Image:
    """A picture under its mask: as coats of colour or as outlines."""
    if manner == "contour":
        return outlined_classes(picture, mask, paints)
    return coated(picture, mask, paints)


def bare(picture: Image, manner: str) -> Image:
    """A picture without a mask, as large as `painted` makes it."""
    if manner == "contour":
        return outlined_classes(picture, np.zeros(picture.shape[:2], np.uint8), colours(1))
    return in_colour(picture)


def side_by_side(parts: Sequence[Image]) -> Image:
    """Pictures of one height in a row, with a gap of grey."""
    gap = np.full((parts[0].shape[0], GAP_PX, 3), 128, np.uint8)
    laid = [part for picture in parts for part in (picture, gap)][:-1]
    return enlarged(np.concatenate(laid, axis=1))


def enlarged(picture: Image) -> Image:
    """Every pixel as a square, so that what is made smaller for the page stays sharp."""
    return picture.repeat(SCALE, 0).repeat(SCALE, 1)


def by_class(run: Run) -> None:
    """How the IoU of every class rises, and where each stands now."""
    kept = run.snapshots()
    if not kept:
        st.info("Nothing to see yet: the network is being built.")
        return
    names = run.pictures().class_names
    steps = np.array([event.step for event in kept], np.float64)
    ious = np.stack([event.data["class_ious"] for event in kept])
    found = tuple(
        Curve(name, steps[~np.isnan(column)], column[~np.isnan(column)], axis="iou", number=n)
        for n, (name, column) in enumerate(zip(names, ious.T, strict=True))
        if not np.isnan(column).all()
    )
    chart = Chart((Axis("iou", "IoU by class", low=0, high=1),), found, x_high=run.step)
    curves.show(chart, key="unet_classes", height_px=CHART_PX)
    _table(run, names, kept[-1])


def _table(run: Run, names: Sequence[str], latest: Event) -> None:
    dataset = masked(run)
    shares = dataset.pixel_shares
    rows = [
        {
            "class": name,
            "IoU": None if np.isnan(iou) else round(float(iou), 4),
            "Dice": None if np.isnan(iou) else round(float(2 * iou / (1 + iou)), 4),
            "share of all pixels": f"{share:.1%}",
        }
        for name, iou, share in zip(names, latest.data["class_ious"], shares, strict=True)
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    st.caption(
        f"A part of the validation pictures after batch {latest.step:,}; the mean over the "
        f"classes is {latest.data['validation_accuracy']:.3f}. A small class counts as much as "
        "the background, which is why one does not look at pixel accuracy."
    )


def compare(runs: Sequence[Run]) -> None:
    """The same scenes by several runs, each at its newest moment."""
    groups, strips, captions = [], [], []
    for run in runs:
        kept = run.snapshots()
        if not kept:
            continue
        dataset = masked(run)
        masks = kept[-1].data["masks"][:SCENES_COMPARED]
        pictures, _ = cut(dataset, sample_pictures(run)[: len(masks)], masks)
        paints = colours(len(dataset.class_names))
        coats = [coated(p, m, paints) for p, m in zip(pictures, masks, strict=True)]
        strips += [enlarged(coat) for coat in coats]
        captions += [f"IoU {iou:.2f}" for iou in kept[-1].data["sample_ious"][: len(masks)]]
        judged = kept[-1].data["validation_accuracy"]
        groups.append(tiles.Group(run.name, len(masks), f"mean IoU {judged:.3f}"))
    if len({strip.shape for strip in strips}) == 1 and len(groups) > 1:
        alt = "The same scenes by several runs"
        tiles.show(np.stack(strips), captions, key="unet_compared", groups=groups,
                   side_px=SMALL_PX, alt=alt)  # fmt: skip


SCENES_COMPARED = 6
