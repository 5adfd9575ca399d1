"""The measures of two masks as a script of NumPy, with scikit-learn and Keras to compare."""

from __future__ import annotations

from core.lessons.masks_case import Mask, MasksCase

TRUTH_FILE, PAINTED_FILE = "truth.png", "painted.png"
"""The masks as they are downloaded from the page."""

Section = list[str]


def masks_script(case: MasksCase) -> str:
    """A script that counts the pixels of the page's masks.

    Returns:
        ASCII source. It ends with `output`: IoU, Dice, pixel accuracy, precision, recall and
        boundary F.
    """
    sections = [
        _head(case), _measures(), _boundary(case.lesson.mask_tolerance), _sklearn(), _keras(),
    ]  # fmt: skip
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _head(case: MasksCase) -> Section:
    lines = [
        "# How well a painted mask fits the truth.",
        "import cv2",
        "import keras",
        "import numpy as np",
        "from sklearn import metrics",
        "",
    ]
    if case.lesson.cells and case.subject.truth is not None:
        return [
            *lines,
            *_array("truth", case.subject.truth),
            *_array("painted", case.mask),
        ]
    return [
        *lines,
        "# Both masks as downloaded from the page: 255 inside, 0 outside.",
        f'truth = cv2.imread("{TRUTH_FILE}", cv2.IMREAD_GRAYSCALE) > 0',
        f'painted = cv2.imread("{PAINTED_FILE}", cv2.IMREAD_GRAYSCALE) > 0',
    ]


def _array(name: str, mask: Mask) -> Section:
    rows = [f"        {row}," for row in mask.astype(int).tolist()]
    return [f"{name} = np.array(", "    [", *rows, "    ],", "    bool,", ")"]


def _measures() -> Section:
    return [
        "# Pixels in both masks, painted alone, true alone, in neither.",
        "tp, fp = int((truth & painted).sum()), int((~truth & painted).sum())",
        "fn, tn = int((truth & ~painted).sum()), int((~truth & ~painted).sum())",
        "",
        "",
        "def share(part, whole):",
        '    """A part of a whole; of nothing 1, since nothing in it is wrong."""',
        "    return part / whole if whole else 1.0",
        "",
        "",
        "iou = share(tp, tp + fp + fn)",
        "dice = share(2 * tp, 2 * tp + fp + fn)",
        "accuracy = share(tp + tn, truth.size)",
        "precision = share(tp, tp + fp)",
        "recall = share(tp, tp + fn)",
        'print(f"TP {tp}, FP {fp}, FN {fn}, TN {tn}")',
        'print(f"IoU = {tp} / ({tp} + {fp} + {fn}) = {iou:.3f}")',
        'print(f"Dice = {dice:.3f}, and 2 IoU / (1 + IoU) = {2 * iou / (1 + iou):.3f}")',
        'print(f"accuracy {accuracy:.3f}, precision {precision:.3f}, recall {recall:.3f}")',
    ]


def _boundary(tolerance: int) -> Section:
    return [
        "def rim(mask):",
        '    """Pixels with one outside beside them; beyond the picture is not outside."""',
        "    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))",
        "    inner = cv2.erode(",
        "        mask.astype(np.uint8), cross, borderType=cv2.BORDER_CONSTANT, borderValue=1",
        "    )",
        "    return mask & (inner == 0)",
        "",
        "",
        "def away(line):",
        '    """Distance of every pixel to the nearest one of a line."""',
        "    if not line.any():",
        "        return np.full(line.shape, np.inf)",
        "    outside = (~line).astype(np.uint8)",
        "    return cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)",
        "",
        "",
        f"tolerance = {tolerance}  # pixels",
        "true_rim, painted_rim = rim(truth), rim(painted)",
        "right = painted_rim & (away(true_rim) <= tolerance)",
        "found = true_rim & (away(painted_rim) <= tolerance)",
        "p, r = share(right.sum(), painted_rim.sum()), share(found.sum(), true_rim.sum())",
        "boundary_f = 2 * p * r / (p + r) if p + r else 0.0",
        'print(f"boundary F = {boundary_f:.3f} within {tolerance} px")',
    ]


def _sklearn() -> Section:
    return [
        "# The same by scikit-learn: every pixel is a sample.",
        "y_true, y_pred = truth.ravel().astype(int), painted.ravel().astype(int)",
        "print(",
        '    "scikit-learn:",',
        "    metrics.jaccard_score(y_true, y_pred, zero_division=1),",
        "    metrics.f1_score(y_true, y_pred, zero_division=1),",
        "    metrics.precision_score(y_true, y_pred, zero_division=1),",
        "    metrics.recall_score(y_true, y_pred, zero_division=1),",
        ")",
    ]


def _keras() -> Section:
    return [
        "# Keras takes the mean over the classes background and object.",
        "mean_iou = keras.metrics.MeanIoU(num_classes=2)",
        "mean_iou.update_state(y_true, y_pred)",
        "background = share(tn, tn + fp + fn)",
        "known = [background] * bool(tn + fp + fn) + [iou] * bool(tp + fp + fn)",
        'print(f"mean IoU: Keras {float(mean_iou.result()):.6f}, here {np.mean(known):.6f}")',
        "",
        "output = np.array([iou, dice, accuracy, precision, recall, boundary_f])",
    ]
