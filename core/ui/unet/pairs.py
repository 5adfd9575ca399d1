"""Own pictures with their masks: uploaded, kept for the session, looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.data import DataError
from core.data.archives import MAX_TOTAL_BYTES, UploadError
from core.data.mask_pairs import MaskUpload, as_zip, read_files, read_zip
from core.data.masked import MaskedSet, SceneSpec
from core.data.spec import OWN
from core.lessons.unet import UNetLesson
from core.ui import refresh
from core.ui.components import tiles
from core.ui.downloads import button
from core.ui.unet.masks import colours, legend, side_by_side
from core.vision.coats import coated, in_colour

_OWN, _ERROR = "_unet_pairs", "_unet_pairs_error"
_MEGABYTES = MAX_TOTAL_BYTES // 10**6
MOST_SHOWN = 24
MOST_LISTED = 8
EXAMPLES = 40
PAIR_PX = 256

Files = tuple[tuple[str, bytes], ...]
"""What was uploaded: path and content of each; a zip alone, or pictures and masks."""


def own(lesson: UNetLesson) -> MaskedSet | None:
    """The person's pairs, as the next run takes them; None where it takes scenes."""
    if lesson.data_spec().dataset != OWN or _OWN not in st.session_state:
        return None
    return _read(lesson.side).dataset


def _read(side: int) -> MaskUpload:
    digest, files = st.session_state[_OWN]
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
        f"cat_mask.png. At most {_MEGABYTES} MB. They stay in the memory of the server while "
        "this page is open, and are not stored."
    )
    st.file_uploader(
        "Pictures with masks", accept_multiple_files=True, key="unet_files",
        max_upload_size=_MEGABYTES, on_change=_take, args=(lesson.side,),
    )  # fmt: skip
    button("Example: scenes as a zip", _example, "scenes.zip")
    if error := st.session_state.get(_ERROR):
        st.error(error, icon=":material/folder_off:")
    if _OWN in st.session_state:
        _tell(_read(lesson.side))


def _take(side: int) -> None:
    """Callback: read what was uploaded; where that fails, what was there before stays."""
    files: Files = tuple((f.name, f.getvalue()) for f in st.session_state["unet_files"])
    st.session_state.pop(_ERROR, None)
    if not files:
        return
    state = hashlib.blake2b(digest_size=16)
    for name, content in files:
        state.update(name.encode() + b"\0" + content)
    before = st.session_state.get(_OWN)
    st.session_state[_OWN] = (state.hexdigest(), files)
    try:
        _read(side)
    except UploadError as error:
        st.session_state[_ERROR] = str(error)
        if before is None:
            del st.session_state[_OWN]
        else:
            st.session_state[_OWN] = before
            st.session_state[_ERROR] += " The pictures from before stay."
    refresh.everything()


def _tell(upload: MaskUpload) -> None:
    for sentence in upload.said:
        st.caption(sentence)
    if upload.skipped:
        listed = "".join(
            f"\n- `{file.name}`: {file.reason}" for file in upload.skipped[:MOST_LISTED]
        )
        more = len(upload.skipped) - MOST_LISTED
        rest = f"\n- and {more} more" if more > 0 else ""
        st.warning(f"{len(upload.skipped)} files could not be used:{listed}{rest}")


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
