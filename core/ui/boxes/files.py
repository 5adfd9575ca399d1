"""Own ground truth and detections, as files of COCO, VOC or YOLO."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.lessons.boxes_examples import EMPTY, Example
from core.vision.annotations import AnnotationError, Annotations, read_files
from core.vision.annotations.read import MOST_BYTES
from core.vision.metrics import MetricError

_TYPES = ["json", "xml", "txt", "names"]
_MEGABYTES = MOST_BYTES // 10**6
_TOLD = 50
_KEPT, _REFUSED = "_own_example", "_own_refused"


@dataclass(frozen=True, slots=True)
class _Side:
    """One side as it was read; it outlives its uploader, which is gone on another view."""

    mark: tuple[object, ...]
    read: Annotations | None
    error: str


def own_example() -> Example:
    """What was uploaded, or nothing."""
    truth, said = _known("own_truth"), _known("own_said")
    if truth is None and said is None:
        return EMPTY
    kept: tuple[Any, Any, Example] | None = st.session_state.get(_KEPT)
    if kept and kept[0] is truth and kept[1] is said:
        return kept[2]
    sizes = {
        image: size
        for part in (said, truth)
        if part is not None
        for image, size in part.sizes.items()
    }
    example = Example(
        truth.records if truth else (),
        said.records if said else (),
        sizes,
        source="Your files.",
    )
    try:
        example.evaluation  # noqa: B018 - it is kept with the example, and refuses what is too much
    except MetricError as error:
        st.session_state[_REFUSED], example = str(error), EMPTY
    else:
        st.session_state.pop(_REFUSED, None)
    st.session_state[_KEPT] = (truth, said, example)
    return example


def draw() -> bool:
    """Draw the uploaders; whether both sides are there."""
    with st.container(horizontal=True):
        width = st.number_input("Width of YOLO's pictures", 1, 10_000, 640, key="own_width")
        height = st.number_input("Their height", 1, 10_000, 480, key="own_height")
    size = float(width), float(height)
    left, right = st.columns(2)
    with left:
        _side("Ground truth", "own_truth", size, {}, scored=False)
    truth = _known("own_truth")
    with right:
        _side("Detections", "own_said", size, truth.names if truth else {}, scored=True)
    st.caption(
        "COCO's .json; VOC's .xml, with detections as comp4_det_val_cup.txt; YOLO's .txt, with "
        f"classes.txt for the names. At most {_MEGABYTES} MB a file. They stay in the memory "
        "of the server while this page is open, and are not stored."
    )
    own_example()
    if refused := st.session_state.get(_REFUSED):
        st.error(f"These cannot be judged: {refused}", icon=":material/broken_image:")
        return False
    return truth is not None and _known("own_said") is not None


def _known(key: str) -> Annotations | None:
    side: _Side | None = st.session_state.get(f"_{key}")
    return side.read if side else None


def _side(
    title: str,
    key: str,
    size: tuple[float, float],
    names: Mapping[int, str],
    *,
    scored: bool,
) -> None:
    """The uploader of one side, and what came of it."""
    files: Sequence[Any] = (
        st.file_uploader(
            title, type=_TYPES, accept_multiple_files=True, key=key, max_upload_size=_MEGABYTES
        )
        or ()
    )
    before: _Side | None = st.session_state.get(f"_{key}")
    mark = (tuple(file.file_id for file in files), size, tuple(names.items()))
    if files and (before is None or before.mark != mark):
        contents = [(file.name, file.getvalue()) for file in files]
        try:
            read = read_files(contents, scored=scored, names=names, size=size)
            st.session_state[f"_{key}"] = _Side(mark, read, "")
        except AnnotationError as error:
            st.session_state[f"_{key}"] = _Side(mark, None, str(error))
    _say(title, st.session_state.get(f"_{key}"))


def _say(title: str, side: _Side | None) -> None:
    if side is None:
        return
    if side.read is None:
        st.error(f"{title}: {side.error}", icon=":material/broken_image:")
        return
    read = side.read
    left_out = len(read.skipped) + read.more_skipped
    st.success(
        f"{title}: {len(read.records):,} boxes"
        + (f"; {left_out:,} entries could not be read." if left_out else "."),
        icon=":material/crop_free:",
    )
    if read.skipped:
        with st.expander(f"{title}: what could not be read, and why"):
            st.markdown("\n".join(f"- `{s.where}`: {s.reason}" for s in read.skipped[:_TOLD]))
