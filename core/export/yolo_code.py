"""One cell decoded, or boxes suppressed, as a NumPy script with the page's numbers."""

from __future__ import annotations

import numpy as np

from core.lessons.yolo_case import SCALE, CellCase, YoloCase
from core.lessons.yolo_suppression import Walk
from core.numbers import format_number

Section = list[str]


def yolo_script(case: YoloCase) -> str:
    """A script that does what the stage shows.

    Args:
        case: of `build`.

    Returns:
        ASCII source. It ends with `output`: of a cell the box (xyxy) and the score; of
        suppression the numbers of the kept boxes, then their scores. Empty where the network
        has not answered.
    """
    if case.lesson.yolo_shows == "suppression":
        sections = [] if case.walk is None else _suppression(case, case.walk)
    else:
        sections = [] if case.cell is None else _cell(case.cell)
    return "\n\n".join("\n".join(section) for section in sections) + "\n" if sections else ""


def _cell(cell: CellCase) -> list[Section]:
    place, kind = cell.cell, cell.shape.kind
    body = {"v1": _v1, "v3": _v3, "fcos": _fcos, "v8": _v8}[kind](cell)
    return [
        [
            f"# From the {cell.shape.a_cell} numbers of one cell to a box.",
            "import numpy as np",
            "",
            f"side, S = {format_number(place.side)}, {place.grid}  # input in pixels, cells",
            f"row, column = {place.row}, {place.column}",
            f"names = {_names(cell.class_names)}",
            f"numbers = np.array([{_rows(cell.vector.tolist())}])",
        ],
        ["", "def sigmoid(x):", "    return 1 / (1 + np.exp(-x))"],
        ["stride = side / S", *body],
        [
            "best = int(scores.argmax())",
            'print("box", np.round(box, 2))',
            'print("class", names[best], "score", round(float(scores[best]), 4))',
            "output = np.array([*box, scores[best]])",
        ],
    ]


def _v1(cell: CellCase) -> Section:
    first = 5 * cell.chosen
    return [
        f"x, y, root_w, root_h, confidence = numbers[{first}:{first + 5}]",
        f"classes = numbers[{5 * len(cell.boxes)}:]  # of the cell, not of the box",
        "centre_x, centre_y = (column + x) * stride, (row + y) * stride",
        "width, height = root_w**2 * side, root_h**2 * side",
        *_CENTRED,
        "scores = confidence * classes",
    ]


def _v3(cell: CellCase) -> Section:
    each = 5 + cell.shape.classes
    first = each * cell.chosen
    width, height = cell.anchors[cell.chosen]
    return [
        f"anchor = {format_number(width)}, {format_number(height)}  # pixels",
        f"tx, ty, tw, th, to = numbers[{first}:{first + 5}]",
        f"classes = numbers[{first + 5}:{first + each}]",
        "centre_x = (sigmoid(tx) + column) / S * side",
        "centre_y = (sigmoid(ty) + row) / S * side",
        "width, height = anchor[0] * np.exp(tw), anchor[1] * np.exp(th)",
        *_CENTRED,
        "scores = sigmoid(to) * sigmoid(classes)",
    ]


_CENTRED = [
    "box = [",
    "    centre_x - width / 2, centre_y - height / 2,",
    "    centre_x + width / 2, centre_y + height / 2,",
    "]",
]
_FROM_POINT = [
    "x, y = (column + 0.5) * stride, (row + 0.5) * stride",
    "box = [x - left, y - top, x + right, y + bottom]",
]


def _fcos(cell: CellCase) -> Section:
    return [
        f"s = {SCALE}  # learned, one for each scale",
        "left, top, right, bottom = np.exp(s * numbers[:4])",
        *_FROM_POINT,
        "scores = sigmoid(numbers[4]) * sigmoid(numbers[5:])",
    ]


def _v8(cell: CellCase) -> Section:
    return [
        "powers = np.exp(numbers[:64].reshape(4, 16))",
        "bins = powers / powers.sum(1, keepdims=True)  # softmax of each edge",
        "left, top, right, bottom = bins @ np.arange(16) * stride  # their means",
        *_FROM_POINT,
        "scores = sigmoid(numbers[64:])",
    ]


def _suppression(case: YoloCase, walk: Walk) -> list[Section]:
    lesson, found = case.lesson, walk.candidates
    used = sorted(set(found.labels))
    return [
        [
            f"# Non-maximum suppression of {len(found)} boxes, the surest first.",
            "import numpy as np",
            "",
            "boxes = np.array([",
            *(f"    [{', '.join(_number(edge) for edge in box)}]," for box in found.boxes),
            "]).reshape(-1, 4)",
            f"scores = np.array([{_rows(list(found.scores))}])",
            f"labels = np.array([{_rows(list(found.labels))}], int)",
            f"names = {{{', '.join(f'{n}: {found.names[n]!a}' for n in used)}}}",
            f"threshold, class_by_class = {lesson.nms_iou!r}, {lesson.nms_classwise}",
            f'rule, sigma = "{lesson.nms_rule}", {lesson.nms_sigma!r}',
        ],
        [
            "",
            "def iou(a, b):",
            "    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)",
            "    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)",
            "    areas = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b))",
            "    return width * height / (areas - width * height)",
        ],
        [
            "",
            "waiting, kept, score = list(range(len(boxes))), [], scores.copy()",
            "while waiting:",
            "    first = max(waiting, key=lambda n: (score[n], -n))  # of a tie the first one",
            '    if rule != "hard" and score[first] < 0.001:',
            "        break",
            "    kept.append(first)",
            "    waiting.remove(first)",
            "    print(first + 1, names[labels[first]], round(float(score[first]), 4))",
            "    for other in list(waiting):",
            "        if class_by_class and labels[other] != labels[first]:",
            "            continue",
            "        shared = iou(boxes[other], boxes[first])",
            '        if rule == "gaussian":',
            "            score[other] *= np.exp(-(shared**2) / sigma)",
            '        elif shared > threshold and rule == "linear":',
            "            score[other] *= 1 - shared",
            "        elif shared > threshold:",
            "            waiting.remove(other)",
            '            print("   suppresses", other + 1, "IoU", round(float(shared), 4))',
            "output = np.array([*kept, *score[kept]])",
        ],
    ]


def _rows(values: list[float], each: int = 8) -> str:
    texts = [_number(value) for value in values]
    if len(texts) <= each:
        return ", ".join(texts)
    lines = [", ".join(texts[n : n + each]) for n in range(0, len(texts), each)]
    return "\n    " + ",\n    ".join(lines) + ",\n"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else repr(float(np.float64(value)))


def _names(names: tuple[str, ...]) -> str:
    if len(names) <= 8:
        return repr(list(names))
    texts = [ascii(name) for name in names]
    lines = [", ".join(texts[n : n + 6]) for n in range(0, len(texts), 6)]
    return "[\n    " + ",\n    ".join(lines) + ",\n]"
