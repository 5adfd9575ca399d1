"""Label maps, a class for every pixel: who was taken for whom, and IoU of each class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.vision.metrics.masks import MetricError, check_sizes

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def confusion(
    labels: npt.ArrayLike,
    predictions: npt.ArrayLike,
    num_classes: int,
    *,
    ignore: int | None = None,
) -> Counts:
    """Count which class the pixels of each class were taken for.

    Args:
        labels: whole numbers of any shape, such as (H, W) or (n, H, W): the true classes.
        predictions: the same shape.
        num_classes: the classes are 0 to `num_classes - 1`.
        ignore: a label whose pixels do not count, such as VOC's 255 along the outlines; it may
            lie beyond the classes.

    Returns:
        (num_classes, num_classes) int64, true classes down, predicted ones across.

    Raises:
        MetricError: the sizes differ, or a label is no class.
    """
    true, said = _whole(labels, "labels"), _whole(predictions, "predictions")
    check_sizes(true, said)
    if num_classes < 1:
        raise MetricError(f"{num_classes} classes do not work. Use 1 or more.")
    if ignore is not None:
        counted = true != ignore
        true, said = true[counted], said[counted]
    _check_range(true, num_classes, "labels")
    _check_range(said, num_classes, "predictions")
    pairs = true.astype(np.int64).ravel() * num_classes + said.astype(np.int64).ravel()
    counts = np.bincount(pairs, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


def class_ious(
    labels: npt.ArrayLike,
    predictions: npt.ArrayLike,
    num_classes: int,
    *,
    ignore: int | None = None,
) -> Floats:
    """IoU of each class over all pixels together.

    Args and errors as in `confusion`.

    Returns:
        (num_classes,) float64; nan for a class that is neither there nor predicted.
    """
    return ious_of(confusion(labels, predictions, num_classes, ignore=ignore))


def mean_iou(
    labels: npt.ArrayLike,
    predictions: npt.ArrayLike,
    num_classes: int,
    *,
    ignore: int | None = None,
) -> float:
    """Mean of the IoU of the classes that are there or predicted; 1 where there is none.

    The pixels of all pictures are counted together, as VOC and Keras do, and not averaged
    picture by picture.

    Args and errors as in `confusion`.

    Source: Everingham et al. 2015, "The Pascal visual object classes challenge", section 4.4.

    Example:
        >>> mean_iou([[0, 0, 1, 1]], [[0, 1, 0, 1]], 2)
        0.3333333333333333
    """
    return mean_of(class_ious(labels, predictions, num_classes, ignore=ignore))


def label_accuracy(
    labels: npt.ArrayLike, predictions: npt.ArrayLike, *, ignore: int | None = None
) -> float:
    """Share of the pixels whose class is right; 1 where none counts.

    Args and errors as in `confusion`.
    """
    true, said = _whole(labels, "labels"), _whole(predictions, "predictions")
    check_sizes(true, said)
    counted = np.ones(true.shape, bool) if ignore is None else true != ignore
    return float((true == said)[counted].mean()) if counted.any() else 1.0


def ious_of(counts: Counts) -> Floats:
    """IoU of each class of a confusion matrix: hits over row and column together."""
    hits = np.diag(counts).astype(np.float64)
    union = counts.sum(0) + counts.sum(1) - hits
    shares = np.full(len(hits), np.nan)
    np.divide(hits, union, out=shares, where=union > 0)
    return shares


def mean_of(ious: Floats) -> float:
    """Mean over the classes that have an IoU; 1 where none has."""
    known = ious[~np.isnan(ious)]
    return float(known.mean()) if len(known) else 1.0


def _whole(values: npt.ArrayLike, what: str) -> npt.NDArray[np.integer]:
    array = np.asarray(values)
    if array.dtype == np.bool_:
        array = array.astype(np.uint8)
    if not np.issubdtype(array.dtype, np.integer):
        raise MetricError(
            f"{what} are {array.dtype}, not whole numbers. Of probabilities take the largest "
            "of each pixel first (argmax over the classes)."
        )
    return array


def _check_range(labels: npt.NDArray[np.integer], num_classes: int, what: str) -> None:
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise MetricError(
            f"{what} go from {labels.min()} to {labels.max()}; {num_classes} classes are 0 to "
            f"{num_classes - 1}. Give more classes, or the label to ignore (VOC's is 255)."
        )
