"""What can be taken home from the page "Boxes"."""

from __future__ import annotations

from core.export.boxes_code import boxes_script
from core.export.boxes_picture import boxes_png, curve_gif, curve_png
from core.export.boxes_table import (
    both_yolo,
    detections_coco,
    judged_csv,
    truth_coco,
    truth_voc,
)
from core.lessons.boxes_case import BoxesCase
from core.ui import downloads
from core.ui.page import Page


def download(case: BoxesCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    look, judged, example = downloads.theme(), case.judged, case.example
    with menu:
        downloads.button("Two boxes (PNG)", lambda: boxes_png(case, look), "boxes.png")
        if judged is None:
            return
        downloads.button("Curve (PNG)", lambda: curve_png(judged, look), "curve.png")
        downloads.button(
            "Curve, step by step (GIF)", lambda: curve_gif(judged, look), "curve.gif"
        )
        downloads.button("Judged list (CSV)", lambda: judged_csv(case, judged), "judged.csv")
        downloads.button(
            "Ground truth (COCO)", lambda: truth_coco(example), "ground_truth.json"
        )
        downloads.button(
            "Detections (COCO)", lambda: detections_coco(example), "detections.json"
        )
        downloads.button("Ground truth (VOC)", lambda: truth_voc(example), "voc.zip")
        downloads.button("Both (YOLO)", lambda: both_yolo(example), "yolo.zip")


def show_code(page: Page, case: BoxesCase) -> None:
    """The script that gives the same numbers."""
    downloads.show_script(page, case.lesson, boxes_script(case))
