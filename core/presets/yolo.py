"""Presets of the page "Inside YOLO": cells to decode by hand, boxes to suppress."""

from __future__ import annotations

from core.lessons.yolo import YoloLesson
from core.presets.registry import PRESETS, Deck, Preset


def _add(
    slug: str, title: str, topic: str, decks: tuple[Deck, ...], lesson: YoloLesson, look: str
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "yolo-voc",
    "YOLO v1 on VOC: 7 x 7 x 30 = 1,470",
    "The output",
    ("MLC",),
    YoloLesson(
        yolo_head="v1",
        yolo_tx=0.9,
        yolo_ty=0.7,
        yolo_tw=0.6,
        yolo_th=0.6,
        yolo_to=0.75,
        yolo_circle=1.0,
        yolo_square=0.0,
        yolo_triangle=0.0,
    ),
    "S x S x (B*5 + C): 2 boxes of 5 numbers and 20 classes are 30 numbers a cell, and 1,470 "
    "in all. In the view Output move S, B and C. The stage decodes one cell with 3 classes.",
)
_add(
    "yolo-tiny-255",
    "YOLOv3-tiny: 13 x 13 x 255",
    "The output",
    (),
    YoloLesson(yolo_subject="photo", yolo_row=7, yolo_column=6),
    "3 anchors of 4 + 1 + 80 numbers are 255 a cell. Yellow cells are sure that they hold "
    "something: press one (the photos coffee and camera have sure ones). Then choose the fine "
    "output, 26 x 26.",
)
_add(
    "yolo-zero",
    "All t are 0: the anchor in the middle of the cell",
    "One cell",
    (),
    YoloLesson(yolo_tx=0, yolo_ty=0, yolo_tw=0, yolo_th=0, yolo_to=0),
    "The sigmoid of 0 is 0.5 and e^0 is 1: an untrained network gives every anchor, in the "
    "middle of every cell, with objectness 0.5.",
)
_add(
    "yolo-far",
    "t_x = 4: the centre does not leave its cell",
    "One cell",
    (),
    YoloLesson(yolo_tx=4, yolo_ty=4),
    "The sigmoid is 0.982, and more is hardly possible: the next cell has to take over. Under "
    "v1 the same number puts the centre four cells away.",
)
_add(
    "yolo-power",
    "A power of e: t_w = 2 against -2",
    "One cell",
    (),
    YoloLesson(yolo_tw=2, yolo_th=-2),
    "7.4 anchors wide and 0.14 high. The box can never turn inside out, and equal steps of t "
    "are equal factors of the size.",
)
_add(
    "yolo-fcos",
    "Without anchors: four distances",
    "One cell",
    (),
    YoloLesson(
        yolo_head="fcos",
        yolo_tx=2.6,
        yolo_ty=2.8,
        yolo_tw=3.1,
        yolo_th=3.0,
        yolo_to=2,
    ),
    "The point never moves; each edge is e^(s t) pixels away. A point near an edge of its "
    "object has a low centre-ness.",
)
_add(
    "yolo-dfl",
    "YOLOv8: an edge is a distribution",
    "One cell",
    (),
    YoloLesson(
        yolo_head="v8",
        yolo_cells=13,
        yolo_row=3,
        yolo_column=7,
        yolo_left=2,
        yolo_top=2.5,
        yolo_right=2,
        yolo_bottom=2,
        yolo_spread=1,
    ),
    "16 bins an edge, and the box takes their mean. Raise the spread: no hump moves, and the "
    "box grows, since there is nothing below bin 0.",
)
_add(
    "nms-tie",
    "Suppression with a tie, and IoU of exactly 0.5",
    "Suppression",
    (),
    YoloLesson(yolo_shows="suppression"),
    "#3 and #4 have the same score: the one given first goes first. #7 has IoU 0.5 with #1 and "
    "stays, since 0.5 is not above 0.5. #5 stays because #2, which would have suppressed it, "
    "is gone.",
)
_add(
    "nms-two-classes",
    "A dog on a cat: class by class or not",
    "Suppression",
    (),
    YoloLesson(yolo_shows="suppression", nms_classwise=False),
    "#6 is a dog and lies on the cat #3 with IoU 0.86. With all classes in one list it goes; "
    "class by class it stays.",
)
_add(
    "nms-crowd",
    "Shapes that cover each other",
    "Suppression",
    (),
    YoloLesson(yolo_shows="suppression", nms_subject="shapes", nms_iou=0.5),
    "Every shape is found five times. Walk through, then move the IoU threshold: low, and "
    "neighbours take each other's boxes away; high, and doubles stay.",
)
_add(
    "nms-neighbours",
    "Two of a kind, close together",
    "Suppression",
    (),
    YoloLesson(
        yolo_shows="suppression",
        nms_subject="shapes",
        nms_seed=10,
        nms_off=6,
        nms_iou=0.25,
    ),
    "At IoU 0.25 one shape loses its last box: its neighbour of the same class is surer. The "
    "view Facts says which. At 0.5 both stay; in a crowd there is no threshold that is right.",
)
_add(
    "nms-soft-gaussian",
    "Soft-NMS: scores fall, boxes stay",
    "Suppression",
    (),
    YoloLesson(yolo_shows="suppression", nms_rule="gaussian"),
    "Nothing is removed: #2 falls from 0.8 to 0.26 beside #1, and to 0.11 in the end; a "
    "threshold that comes after decides. The list is sorted anew: #6 overtakes #5.",
)
_add(
    "nms-photo",
    "What YOLOv3-tiny gives before suppression",
    "Suppression",
    (),
    YoloLesson(yolo_shows="suppression", nms_subject="photo", nms_score=0.03),
    "One object, many cells and anchors: each gives a box of its own (take the photo camera or "
    "coins). The confidence threshold has already spared you nearly all of the 2,535.",
)
