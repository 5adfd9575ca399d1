"""What can be taken home from the page "Detect"."""

from __future__ import annotations

import io
import json
import zipfile

import streamlit as st

from core.export.detect_code import SHOWN_FILE, detect_script, five_steps
from core.export.detect_picture import annotated
from core.lessons.detect_case import DetectCase
from core.ui import downloads
from core.ui.page import Page
from core.ui.pictures import png
from core.vision.annotations import write_coco, write_coco_results, write_yolo


def download(case: DetectCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    several = len(case.looked) > 1
    with menu:
        first = case.looked[0]
        downloads.button("Picture (PNG)", lambda: png(first.picture), SHOWN_FILE)
        if case.waiting or any(found is None for found in case.found):
            st.caption("The rest comes with the answer.")
            return
        if several:
            downloads.button(
                "Pictures with boxes (zip)", lambda: pictures_zip(case), "detected.zip"
            )
        else:
            downloads.button(
                "With boxes (PNG)", lambda: png(annotated(case, 0)), "detected.png"
            )
        downloads.button("Boxes (JSON)", lambda: boxes_json(case), "boxes.json")
        downloads.button("COCO, a data set (JSON)", lambda: coco(case), "coco.json")
        downloads.button(
            "COCO, results with scores (JSON)", lambda: coco_results(case), "coco-results.json"
        )
        if several:
            downloads.button("YOLO, a file each (zip)", lambda: yolo_zip(case), "yolo.zip")
        else:
            downloads.button("YOLO (text)", lambda: yolo(case, 0), f"{first.name}.txt")
            downloads.button("YOLO's class names", lambda: names(case), "classes.txt")


def show_code(page: Page, case: DetectCase) -> None:
    """The script that finds the same boxes, and the lecture's snippet in today's Keras."""
    st.caption(f"The script reads the picture from `{SHOWN_FILE}`: see Download.")
    downloads.show_script(page, case.lesson, detect_script(case))
    with st.expander("MLC's YOLOv8 snippet in today's Keras: load and predict"):
        st.code(five_steps(), language="python")
        st.caption("Train, validate and export are on the page Detector.")


def boxes_json(case: DetectCase) -> str:
    """Settings and boxes of every picture, all numbers in pixels."""
    lesson = case.lesson
    document = {
        "detector": lesson.det_method,
        "confidence": lesson.det_confidence / 100,
        "iou": lesson.det_iou / 100,
        "class_by_class": lesson.det_classwise,
        "format": "xyxy, pixels, right and bottom exclusive",
        "pictures": [
            {
                "image": one.name,
                "width": one.size[0],
                "height": one.size[1],
                "boxes": [
                    {key: value for key, value in record.items() if key != "image"}
                    for record in (found.records(one.name) if found else ())
                ],
            }
            for one, found in zip(case.looked, case.found, strict=True)
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def coco(case: DetectCase) -> str:
    """The boxes as if they were ground truth: images, categories, annotations."""
    return write_coco(case.records(), {one.name: one.size for one in case.looked})


def coco_results(case: DetectCase) -> str:
    """The boxes as COCO's evaluation wants them; ids as in `coco`."""
    records = case.records()
    return write_coco_results(records, records)


def yolo(case: DetectCase, place: int) -> str:
    """One line for each box: class, centre, size as shares of the picture, and the score."""
    one, found = case.looked[place], case.found[place]
    records = found.records(one.name) if found else []
    return write_yolo(records, one.size, case.class_names)


def names(case: DetectCase) -> str:
    """The classes in the order of their numbers."""
    return "".join(f"{name}\n" for name in case.class_names)


def yolo_zip(case: DetectCase) -> bytes:
    """A text for each picture, and the names."""
    files = {f"{one.name}.txt": yolo(case, k).encode() for k, one in enumerate(case.looked)}
    return _packed(files | {"classes.txt": names(case).encode()})


def pictures_zip(case: DetectCase) -> bytes:
    """Every picture with its boxes."""
    return _packed(
        {f"{one.name}.png": png(annotated(case, k)) for k, one in enumerate(case.looked)}
    )


def _packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()
