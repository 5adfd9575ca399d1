"""Two boxes and a list of detections as a NumPy script with the page's numbers."""

from __future__ import annotations

from core.lessons.boxes_case import BoxesCase, Judged
from core.numbers import format_number
from core.vision.metrics.records import Record

Section = list[str]
MOST = 80
"""Boxes that are written out; of longer lists only the verdicts are."""


def boxes_script(case: BoxesCase) -> str:
    """A script with IoU, GIoU, DIoU, CIoU, and every average precision of the listed class.

    Args:
        case: of `build`.

    Returns:
        ASCII source. It ends with `output`: the four measures, then the four average
        precisions in the order lecture, every point, 11 points, 101 points (0 where there is
        nothing to be found).
    """
    sections = [_head(case), *_two_boxes()]
    judged = case.judged
    if judged is None:
        sections += [["hits, positives = np.zeros(0, bool), 0"]]
    elif _written_out(judged):
        sections += _lists(case, judged) + _matching(case)
    else:
        sections += [_verdicts(judged)]
    sections += _averages()
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _head(case: BoxesCase) -> Section:
    (a, b), plus = case.lesson.boxes, int(case.lesson.plus_pixel)
    return [
        "# IoU of two boxes, and average precision of a list of detections.",
        "import math",
        "",
        "import numpy as np",
        "",
        f"a = {_box(a)}  # left, top, right, bottom",
        f"b = {_box(b)}",
        f"plus = {plus}  # 1: the edges are pixels of the box, as in old VOC",
    ]


def _two_boxes() -> list[Section]:
    return [
        [
            "",
            "def sides(box):",
            "    return box[2] - box[0] + plus, box[3] - box[1] + plus",
        ],
        [
            "",
            "def measures(a, b):",
            "    (aw, ah), (bw, bh) = sides(a), sides(b)",
            "    inner = [*np.maximum(a[:2], b[:2]), *np.minimum(a[2:], b[2:])]",
            "    outer = [*np.minimum(a[:2], b[:2]), *np.maximum(a[2:], b[2:])]",
            "    sw, sh = (max(side, 0) for side in sides(inner))",
            "    cw, ch = sides(outer)",
            "    union = aw * ah + bw * bh - sw * sh",
            "    iou = sw * sh / union if union else 0.0",
            "    giou = iou - (cw * ch - union) / (cw * ch) if cw * ch else iou",
            "    dx, dy = (a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2",
            "    diagonal = cw**2 + ch**2",
            "    diou = iou - (dx**2 + dy**2) / diagonal if diagonal else iou",
            "    v = 4 / math.pi**2 * (math.atan2(aw, ah) - math.atan2(bw, bh)) ** 2",
            "    alpha = v / (1 - iou + v) if v else 0.0",
            "    return float(iou), float(giou), float(diou), float(diou - alpha * v)",
        ],
        [
            "",
            "two = measures(a, b)",
            'for name, value in zip(["IoU", "GIoU", "DIoU", "CIoU"], two):',
            "    print(name, round(value, 4))",
        ],
    ]


def _written_out(judged: Judged) -> bool:
    plain = not judged.matching.ignored.any()
    counted = judged.matching.positives == len(judged.matching.objects)
    few = len(judged.matching.detections) + len(judged.matching.objects) <= MOST
    return plain and counted and few


def _lists(case: BoxesCase, judged: Judged) -> list[Section]:
    said = [case.example.detections[n] for n in sorted(judged.matching.detections.tolist())]
    there = [case.example.truth[n] for n in judged.matching.objects.tolist()]
    return [
        [
            f"# Picture and box of every object ({ascii(str(judged.label))[1:-1]}).",
            "truth = [",
            *(f"    ({_image(r)}, {_box(r['box'])})," for r in there),
            "]",
        ],
        [
            "# Score, picture and box of every detection.",
            "detections = [",
            *(f"    ({float(r['score'])!r}, {_image(r)}, {_box(r['box'])})," for r in said),
            "]",
            f"threshold = {case.lesson.match_at!r}",
        ],
    ]


def _matching(case: BoxesCase) -> list[Section]:
    voc = [
        "    # VOC: only the object that fits best may be claimed.",
        "    best = max(there, key=lambda n: measures(box, truth[n][1])[0], default=None)",
        "    fits = best is not None and measures(box, truth[best][1])[0] >= threshold",
        "    found = fits and best not in taken",
    ]
    coco = [
        "    # COCO: the best of the objects that are still free; of equal ones the last.",
        "    free = [n for n in reversed(there) if n not in taken]",
        "    best = max(free, key=lambda n: measures(box, truth[n][1])[0], default=None)",
        "    found = best is not None and measures(box, truth[best][1])[0] >= threshold",
    ]
    order = "(-d[0], d[1])" if case.lesson.ap_rule == "coco" else "-d[0]"
    return [
        [
            "# The surest first; of equal scores the order of the list stays.",
            "taken, hits = set(), []",
            f"for _, image, box in sorted(detections, key=lambda d: {order}):",
            "    there = [n for n, (where, _) in enumerate(truth) if where == image]",
            *(coco if case.lesson.ap_rule == "coco" else voc),
            "    if found:",
            "        taken.add(best)",
            "    hits.append(found)",
            "hits, positives = np.array(hits, bool), len(truth)",
        ]
    ]


def _verdicts(judged: Judged) -> Section:
    counted = judged.curve.hits.astype(int).tolist()
    lines = [str(counted[n : n + 30])[1:-1] for n in range(0, len(counted), 30)]
    return [
        f"# {len(counted)} detections, the surest first: 1 where one is right.",
        "hits = np.array([",
        *(f"    {line}," for line in lines),
        "], bool)",
        f"positives = {judged.matching.positives}  # objects that count",
    ]


def _averages() -> list[Section]:
    return [
        [
            "# Precision and recall after each detection.",
            "right = np.cumsum(hits)",
            "precision = right / np.arange(1, len(hits) + 1)",
            "recall = right / max(positives, 1)",
            "best = np.maximum.accumulate(precision[::-1])[::-1]  # from here on",
            "step = np.diff(recall, prepend=0)",
        ],
        [
            "",
            "def at(places):",
            '    """Best precision from these places on, 0 beyond the last one."""',
            "    return np.append(best, 0.0)[places]",
        ],
        [
            "",
            "eleven = np.searchsorted(right * 10, np.arange(11) * positives)",
            "hundred = np.searchsorted(recall, np.linspace(0, 1, 101))",
            "average = {",
            '    "lecture": float((step * precision).sum()),',
            '    "every point": float((step * best).sum()),',
            '    "11 points": float(at(eleven).mean()),',
            '    "101 points": float(at(hundred).mean()),',
            "}",
            "for name, value in average.items():",
            "    print(name, round(value, 4))",
            "output = np.array([*two, *average.values()])",
        ],
    ]


def _image(record: Record) -> str:
    image = record["image"]
    return repr(image) if isinstance(image, int) else ascii(str(image))


def _box(box: tuple[float, ...]) -> str:
    return f"[{', '.join(format_number(float(value)) for value in box)}]"
