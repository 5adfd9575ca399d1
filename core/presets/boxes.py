"""Presets of the page "Boxes": overlaps to count by hand, and lists to be judged."""

from __future__ import annotations

from core.lessons.boxes import BoxesLesson
from core.presets.registry import PRESETS, Deck, Preset


def _add(
    slug: str, title: str, topic: str, decks: tuple[Deck, ...], lesson: BoxesLesson, look: str
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


_add(
    "iou-threshold",
    "IoU, threshold 0.5",
    "Overlap",
    ("MLC",),
    BoxesLesson(box_one="2,2,8,7", box_two="3,3,9,8"),
    "Area of overlap over area of union: 20 / 40 = 0.5, exactly at the threshold, and that "
    "counts. Move B by one more cell.",
)
_add(
    "iou-one-third",
    "Half of each is shared: one third",
    "Overlap",
    (),
    BoxesLesson(box_one="1,2,7,7", box_two="4,2,10,7"),
    "Each box shares half of its area, and IoU is 1/3, not 1/2: the union is one and a half "
    "boxes.",
)
_add(
    "iou-one-seventh",
    "One cell of four: one seventh",
    "Overlap",
    (),
    BoxesLesson(box_one="4,3,6,5", box_two="5,4,7,6"),
    "Two boxes of 2 x 2 share one cell. 4 + 4 - 1 = 7 are covered. Turn + 1 on: the same eight "
    "numbers give 4 / 14.",
)
_add(
    "iou-nothing-shared",
    "Nothing shared, and yet a difference",
    "Overlap",
    (),
    BoxesLesson(box_one="1,1,4,4", box_two="7,5,10,8"),
    "IoU is 0 here and everywhere further out. Choose GIoU, then drag B nearer: it rises, so a "
    "network can learn from it.",
)
_add(
    "iou-contained",
    "One box within the other",
    "Overlap",
    (),
    BoxesLesson(box_one="1,1,11,8", box_two="2,2,5,4"),
    "Move B about within A: IoU and GIoU stay as they are. DIoU sees the distance of the "
    "centres.",
)
_add(
    "iou-shapes-differ",
    "Same area, same centre, other shape",
    "Overlap",
    (),
    BoxesLesson(box_one="2,3,10,6", box_two="4.5,0.5,7.5,8.5", box_snap=0.5),
    "The centres lie on each other, so DIoU is IoU. Only CIoU counts that one lies and the "
    "other stands.",
)
_add(
    "iou-plus-one",
    "One pixel more: old VOC",
    "Overlap",
    (),
    BoxesLesson(box_one="2,2,5,5", box_two="3,2,6,5", plus_pixel=True, match_at=0.55),
    "Small boxes feel it most: with + 1 IoU is 12 / 20 = 0.6 and a hit at 0.55, without it "
    "6 / 12 = 0.5 and a miss. A whole detector moves with such a pixel.",
)
_add(
    "ap-by-hand",
    "Average precision by hand",
    "Average precision",
    ("MLC",),
    BoxesLesson(ap_example="small", ap_drawn=0),
    "Five detections of three cups. Step through them: right, too low, a double, right, right. "
    "MLC's sum gives 0.7, the three others more.",
)
_add(
    "ap-published",
    "24 detections of a paper",
    "Average precision",
    (),
    BoxesLesson(ap_example="published"),
    "Padilla et al. print 24.57 % with every point and 26.84 % with 11 points: one detector, "
    "one list, two numbers.",
)
_add(
    "ap-doubles",
    "Without suppression",
    "Average precision",
    (),
    BoxesLesson(ap_example="shapes", ap_doubled=100, ap_shift=8, ap_invented=0, ap_missed=0),
    "Every shape is found twice. The second box is false, however well it lies: that is what "
    "non-maximum suppression is for.",
)
_add(
    "ap-scores-know-nothing",
    "Scores that know nothing",
    "Average precision",
    (),
    BoxesLesson(ap_example="shapes", ap_sure=0, ap_invented=20, ap_scenes=12),
    "The same boxes, sorted by chance. Raise Scores know: not one box moves, and the average "
    "precision climbs.",
)
_add(
    "ap-loose-boxes",
    "Loose boxes: 0.5 against 0.75",
    "Average precision",
    (),
    BoxesLesson(ap_example="shapes", ap_shift=16, ap_scenes=12, match_at=0.75),
    "Nearly all shapes are found, and at 0.75 hardly a box is good enough. Move the threshold "
    "to 0.5. COCO takes the mean over ten of them.",
)
_add(
    "ap-drawn",
    "Draw the detections yourself",
    "Average precision",
    (),
    BoxesLesson(
        ap_example="hand",
        hand_boxes="0:20,30,70,90;0:95,20,145,60;0@90:24,34,74,94;0@70:90,60,140,100",
    ),
    "Two cups, one found. Drag the second detection over the second cup until its IoU reaches "
    "the threshold, then change its score: above the other one or below, the average is 1 "
    "either way. Draw a third box, and see when it does harm.",
)
_add(
    "anchors-book",
    "Five anchors, a dog and a cat",
    "Anchors",
    (),
    BoxesLesson(anchor_claims=0),
    "View Anchors: step through the claims. The cat takes anchor 4 (0.75), the dog anchor 1 "
    "though they share only 0.14, then anchor 2 goes to the cat for being above 0.5. As in "
    "Dive into Deep Learning, 14.4.",
)
_add(
    "anchors-grid",
    "Which anchors fit, and how few",
    "Anchors",
    (),
    BoxesLesson(
        anchor_on="scene",
        anchor_set="grid",
        anchor_cells=6,
        anchor_sizes="0.2, 0.35, 0.5",
        anchor_rule="retinanet",
    ),
    "View Anchors: 180 anchors, and nearly all are background. Change the sizes until no shape "
    "is left with an anchor that hardly fits it.",
)
_add(
    "anchors-yolo",
    "One anchor for each object: YOLO",
    "Anchors",
    (),
    BoxesLesson(
        anchor_on="scene",
        anchor_set="grid",
        anchor_cells=6,
        anchor_sizes="0.2, 0.35, 0.5",
        anchor_rule="yolo",
        match_at=0.4,
    ),
    "View Anchors: each shape has one. Others that fit nearly as well are ignored: they are "
    "neither praised nor punished.",
)
