"""Own pictures with their boxes: uploaded, kept for the session, looked at."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.architecture.detector import assign
from core.data import DataError
from core.data.archives import UploadError
from core.data.box_files import FEWEST_PICTURES, BoxUpload, as_zip, read_files, read_zip
from core.data.boxed import BoxedSet, BoxSceneSpec
from core.data.spec import OWN
from core.lessons.detector import DetectorLesson
from core.ui.components.detections import detections
from core.ui.data.own_files import MEGABYTES, Files, OwnFiles, say_skipped
from core.ui.detector import drawing
from core.ui.detector.boxes import true_picture
from core.ui.downloads import button

DRAWN = "drawn.json"
"""What stands for the file of the boxes that were drawn here."""
MOST_SHOWN = 12
EXAMPLES = 40

OWN_FILES = OwnFiles("detector", "Pictures with boxes")


def own(lesson: DetectorLesson) -> BoxedSet | None:
    """The person's pictures, as the next run takes them; None where it takes scenes."""
    if lesson.data_spec().dataset != OWN or OWN_FILES.kept is None:
        return None
    try:
        return _read(lesson.side).dataset
    except UploadError:  # told where boxes are drawn
        return None


def _read(side: int) -> BoxUpload:
    digest, files = OWN_FILES.kept or ("", ())
    return _pictures(digest, side, drawing.file_of_boxes(files), files)


@st.cache_resource(max_entries=4, show_spinner="Reading pictures and boxes ...")
def _pictures(digest: str, side: int, drawn: str, _files: Files) -> BoxUpload:
    name, content = _files[0]
    if len(_files) == 1 and name.lower().endswith(".zip"):
        return read_zip(content, side)
    return read_files([*_files, (DRAWN, drawn.encode())] if drawn else _files, side)


def _upload(lesson: DetectorLesson) -> None:
    """Where pictures come in, what came of the last upload, and an example to try it with."""
    st.caption(
        "A zip, or pictures and annotations together: one COCO file (.json), or a VOC file "
        "(.xml) or YOLO file (.txt, with classes.txt) for each picture; or pictures alone, to "
        f"draw their boxes here. At most {MEGABYTES} MB. They stay in the memory of the "
        "server while this page is open, and are not stored."
    )
    OWN_FILES.draw(lambda: _read(lesson.side), all_the_same=_drawable)
    button("Example: scenes as a zip", _example, "scenes.zip")
    OWN_FILES.say_error()
    if OWN_FILES.kept:
        _tell(lesson.side)
        drawing.show(OWN_FILES.kept[1])


def _drawable(files: Files) -> bool:
    """Whether there are pictures whose boxes can be drawn here."""
    return len(drawing.drawable(files)) >= FEWEST_PICTURES


def _tell(side: int) -> None:
    try:
        upload = _read(side)
    except UploadError as error:
        st.info(f"Draw boxes below, or add files of boxes. {error}", icon=":material/draw:")
        return
    st.caption(upload.report)
    say_skipped(upload.skipped, "Left out")


def _example() -> bytes:
    return as_zip(BoxSceneSpec(images=EXAMPLES, image_seed=1).pictures())


def show(lesson: DetectorLesson) -> None:
    """What the next run learns from, which cells answer, and where own pictures come in."""
    if lesson.objects_data == "own":
        _upload(lesson)
    else:
        st.caption("Own pictures with boxes: choose own under Scenes.")
    try:
        dataset = lesson.data_spec().pictures(own(lesson))
        parts = lesson.data_spec().divide(dataset)
    except DataError as error:
        st.warning(str(error), icon=":material/image_not_supported:")
        return
    sizes = f"{len(parts.training):,} to learn from, {len(parts.validation):,} for validation"
    height, width = dataset.images.shape[1:3]
    st.markdown(
        f"**{len(dataset):,} pictures** of {width} x {height}: {sizes}, "
        f"{len(parts.test):,} kept for the test."
    )
    counts = zip(dataset.class_names, dataset.box_counts, strict=True)
    st.caption("Boxes: " + ", ".join(f"{name} {count:,}" for name, count in counts))
    if not lesson.is_yolov8:
        st.caption(_claims(lesson, dataset))
    shown = [true_picture(dataset, int(place)) for place in parts.training[:MOST_SHOWN]]
    cells = (dataset.shape[0] // lesson.finest,) * 2 if lesson.shown_grid else None
    detections(shown, key="detector_pictures", grid=cells, small=True)


def _claims(lesson: DetectorLesson, dataset: BoxedSet) -> str:
    """How many cells answer for something, and how many objects find none."""
    network, side = lesson.network, dataset.shape[0]
    found = [
        assign(network, side, boxes, labels)
        for boxes, labels in zip(dataset.boxes[:200], dataset.box_labels[:200], strict=True)
    ]
    cells = (side // network.stride) ** 2 * network.boxes
    busy = np.mean([each.target[..., 4].sum() for each in found])
    lost = sum(each.lost for each in found)
    text = (
        f"Of the {cells:,} boxes that the grid gives for a picture, {busy:.1f} answer for an "
        f"object: {1 - busy / cells:.1%} are to learn that nothing is there."
    )
    if lost:
        text += (
            f" In the first {len(found)} pictures {lost} objects share their cell with another "
            "and have nobody to answer for them: take smaller cells, or more boxes a cell."
        )
    return text
