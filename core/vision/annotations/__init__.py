"""Boxes in files: COCO's JSON, VOC's XML, YOLO's text, read and written.

What can be read is read; every entry that cannot is named with its place and the reason.
"""

from core.vision.annotations.coco_json import (
    read_coco,
    read_coco_results,
    write_coco,
    write_coco_results,
)
from core.vision.annotations.files import read_files
from core.vision.annotations.read import AnnotationError, Annotations, Skipped
from core.vision.annotations.voc_xml import read_voc, read_voc_results, write_voc
from core.vision.annotations.yolo_text import read_yolo, write_yolo

__all__ = [
    "AnnotationError",
    "Annotations",
    "Skipped",
    "read_coco",
    "read_coco_results",
    "read_files",
    "read_voc",
    "read_voc_results",
    "read_yolo",
    "write_coco",
    "write_coco_results",
    "write_voc",
    "write_yolo",
]
