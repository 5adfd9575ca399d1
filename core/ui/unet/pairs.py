"""Own pictures with their masks: uploaded, kept for the session, looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.data import DataError
from core.data.mask_pairs import MaskUpload, as_zip, read_files, read_zip
from core.data.masked import MaskedSet, SceneSpec
from core.data.spec import OWN
from core.lessons.unet import UNetLesson
from core.ui.components import tiles
from core.ui.data.own_files import MEGABYTES, Files, OwnFiles, say_skipped
from core.ui.downloads import button
from core.ui.unet.masks import colours, legend, side_by_side
from core.vision.coats import coated, in_colour

MOST_SHOWN = 24
EXAMPLES = 40
PAIR_PX = 256

OWN_FILES = OwnFiles("unet", "Pictures with masks")


def own(lesson: UNetLesson) -> MaskedSet | None:
    """The person's pairs, as the next run takes them; None where it takes scenes."""
    if lesson.data_spec().dataset != OWN or OWN_FILES.kept is None:
        return None
    return _read(lesson.side).dataset


def _read(side: int) -> MaskUpload:
    digest, files = OWN_FILES.kept or ("", ())
    return _pairs(digest, side, files)


@st.cache_resource(max_entries=4, show_spinner="Reading pictures and masks ...")
def _pairs(digest: str, side: int, _files: Files) -> MaskUpload:
    name, content = _files[0]
    if len(_files) == 1 and name.lower().endswith(".zip"):
        return read_zip(content, side)
    return read_files(_files, side)


def _upload(lesson: UNetLesson) -> None:
    """Where pairs come in, what came of the last upload, and an example to try it with."""
    st.caption(
        "A zip, or pictures and masks together: images/ and masks/, or cat.jpg and "
        f"cat_mask.png. At most {MEGABYTES} MB. They stay in the memory of the server while "
        "this page is open, and are not stored."
    )
    OWN_FILES.draw(lambda: _read(lesson.side))
    button("Example: scenes as a zip", _example, "scenes.zip")
    OWN_FILES.say_error()
    if OWN_FILES.kept:
        _tell(_read(lesson.side))


def _tell(upload: MaskUpload) -> None:
    for sentence in upload.said:
        st.caption(sentence)
    say_skipped(upload.skipped, f"{len(upload.skipped)} files could not be used")


def _example() -> bytes:
    return as_zip(SceneSpec(images=EXAMPLES, image_seed=1).pictures())


def show(lesson: UNetLesson) -> None:
    """What the next run learns from, and where own pairs come in."""
    if lesson.unet_data == "own":
        _upload(lesson)
    else:
        st.caption("Own pictures with masks: choose own under Scenes.")
    try:
        dataset = lesson.data_spec().pictures(own(lesson))
    except DataError as error:
        st.warning(str(error), icon=":material/image_not_supported:")
        return
    parts = lesson.data_spec().divide(dataset)
    sizes = f"{len(parts.training):,} to learn from, {len(parts.validation):,} for validation"
    height, width = dataset.images.shape[1:3]
    st.markdown(
        f"**{len(dataset):,} pictures** of {width} x {height}: {sizes}, "
        f"{len(parts.test):,} kept for the test."
    )
    legend(dataset.class_names)
    shares = dataset.pixel_shares
    st.caption(
        "Pixels: "
        + ", ".join(f"{n} {s:.1%}" for n, s in zip(dataset.class_names, shares, strict=True))
    )
    _gallery(dataset, parts.training[:MOST_SHOWN])


def _gallery(dataset: MaskedSet, places: Sequence[int] | np.ndarray) -> None:
    paints = colours(len(dataset.class_names))
    pairs, captions = [], []
    for place in places:
        picture, mask = dataset.images[place], dataset.masks[place]
        pairs.append(side_by_side([in_colour(picture), coated(picture, mask, paints)]))
        there = [dataset.class_names[n] for n in np.unique(mask) if n]
        captions.append(", ".join(there) or "background alone")
    tiles.show(np.stack(pairs), captions, key="unet_pairs", side_px=PAIR_PX,
               alt="Pictures beside their masks")  # fmt: skip
