"""The trained detector tried: on the current image, an upload, and on the test pictures."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import engine
from core.data.spec import OWN
from core.engine.connection import EngineError
from core.images import ImageError, decode_image
from core.images.decode import MAX_BYTES
from core.lessons.detector import DetectorLesson
from core.training import Run
from core.training.box_answers import JudgedBoxes, evaluate_boxes, find
from core.training.detection import DetectionSpec
from core.training.found import Found
from core.ui import current_image, state
from core.ui.components.detections import detections
from core.ui.detector.boxes import boxed, drawn, hits, number, picture
from core.ui.training import judging
from core.ui.training.trying import as_learnt

Pixels = npt.NDArray[np.uint8]
SCENE = "new scene"
SOURCES = ("current image", SCENE, "upload")
MOST_SHOWN = 8
MODEL_FIRST = "Once a run has ended, its network can be tried here."


def show(run: Run[DetectionSpec] | None) -> None:
    """Choose what to try the detector on, and see its boxes."""
    if run is None or run.model is None:
        st.info(MODEL_FIRST, icon=":material/draw:")
        return
    # A detector of own things has not learnt the scenes' shapes.
    sources = [s for s in SOURCES if s != SCENE or run.spec.data.dataset != OWN]
    source = st.segmented_control(
        "Try the detector on", sources, default=sources[0], key="detector_try", required=True
    )
    given = _given(run, source)
    if given is None:
        return
    seen, title = given
    try:
        found = _found(run.id, _digest(seen), run.model, run.spec, seen)
    except EngineError as error:
        st.warning(str(error))
        return
    lesson = state.current(DetectorLesson)
    chosen = found.chosen(lesson.shown_confidence, lesson.shown_overlap)
    nothing = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    detections(
        [drawn(seen, chosen, boxed(run).class_names, *nothing, title)], key="detector_tried"
    )
    st.caption(
        f"{len(chosen)} boxes of {len(found)} with a score of 0.01 or more. It knows "
        f"{', '.join(boxed(run).class_names)} and nothing else; what it sees is the picture "
        f"cut to its middle, {seen.shape[1]} x {seen.shape[0]} pixels."
    )


def _given(run: Run[DetectionSpec], source: str) -> tuple[Pixels, str] | None:
    """The picture as the network takes it, and what it is called."""
    if source == "current image":
        photo = current_image.photo()
        return as_learnt(photo.pixels, run.pictures()), photo.title
    if source == SCENE:
        number_of_scene = st.select_slider("Scene", range(1, 41), key="detector_new_scene")
        data = run.spec.data.model_copy(
            update={"dataset": "scenes", "images": 40, "image_seed": 9_000}
        )
        side = run.pictures().shape[0]
        data = data.model_copy(update={"image_size": side})
        return data.pictures().images[number_of_scene - 1], f"New scene {number_of_scene}"
    uploaded = st.file_uploader(
        "A picture", key="detector_upload", max_upload_size=MAX_BYTES // 2**20
    )
    if uploaded is None:
        return None
    try:
        pixels = decode_image(uploaded.getvalue())
    except ImageError as error:
        st.error(str(error), icon=":material/broken_image:")
        return None
    return as_learnt(pixels, run.pictures()), uploaded.name


@st.cache_data(max_entries=64, show_spinner="The detector looks ...")
def _found(
    run: str, digest: str, _model: bytes, _spec: DetectionSpec, _picture: Pixels
) -> Found:
    return find(engine.connect(), _model, _spec, _picture[None])[0]


def _digest(pixels: Pixels) -> str:
    return hashlib.blake2b(pixels.tobytes(), digest_size=16).hexdigest()


def test(run: Run[DetectionSpec] | None) -> None:
    """The test pictures, once: how the detector does on what it was never chosen by."""
    judged = judging.judged(
        run,
        "detector_test",
        lambda of, model: evaluate_boxes(engine.connect(), model, of.spec, of.own),
    )
    if run is not None and judged is not None:
        _tell(run, judged)


def _tell(run: Run[DetectionSpec], judged: JudgedBoxes) -> None:
    dataset, precision = boxed(run), judged.precision
    pictures = f"Of {len(judged.indices)} pictures."
    for column, (name, value) in zip(
        st.columns(3),
        (("AP50", precision.ap50), ("AP75", precision.ap75), ("AP@[.5:.95]", precision.ap)),
        strict=True,
    ):
        column.metric(name, f"{value:.3f}", help=pictures)
    counts = dataset.subset(judged.indices).box_counts
    rows = [
        {"class": name, "AP50": number(ap50), "AP@[.5:.95]": number(ap), "objects": int(count)}
        for name, ap50, ap, count in zip(
            dataset.class_names, precision.class_ap50, precision.class_ap, counts, strict=True
        )
    ]
    st.dataframe(rows, hide_index=True, width="content")
    _worst(run, judged)


def _worst(run: Run[DetectionSpec], judged: JudgedBoxes) -> None:
    """The scenes with the most objects that were missed, or found where there are none."""
    dataset, lesson = boxed(run), state.current(DetectorLesson)
    chosen = [e.chosen(lesson.shown_confidence, lesson.shown_overlap) for e in judged.found]
    wrong = []
    for place, each in zip(judged.indices, chosen, strict=True):
        right = hits(dataset, [int(place)], [each])
        wrong.append(len(dataset.boxes[place]) - right + max(len(each) - right, 0))
    order = np.argsort(-np.array(wrong), kind="stable")[:MOST_SHOWN]
    st.markdown("**The worst of them**: objects missed, and boxes where nothing is")
    shown = [
        picture(dataset, int(judged.indices[at]), chosen[at], truth=True,
                title=f"Scene {judged.indices[at]}: {wrong[at]} wrong")
        for at in order
    ]  # fmt: skip
    detections(shown, key="detector_worst", small=True)
