"""From the raw numbers of YOLOv8 to boxes: every cell's middle says how far the edges are.

Each edge is a distribution over 16 distances, 0 to 15 cells; their mean is the distance. What
`core.arithmetic.box_decoding.decode_dfl` tells of one cell with every number, this does for
all cells.

Source: Li et al. 2020, "Generalized focal loss", equation 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from core.architecture.yolov8 import BINS, BOX_CHANNELS, EDGES, STRIDES

Floats = npt.NDArray[np.float32]


def points(side: int) -> tuple[Floats, Floats]:
    """Middles of all cells, the finest map first.

    Args:
        side: of the picture, in pixels.

    Returns:
        (points, 2) x and y in pixels, and (points, 1) height and width of the cell.

    Example:
        >>> [values[-1].tolist() for values in points(64)]
        [[48.0, 48.0], [32.0]]
    """
    found = []
    for stride in STRIDES:
        steps = (np.arange(side // stride, dtype=np.float32) + 0.5) * stride
        found.append(np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2))
    strides = np.repeat(np.asarray(STRIDES, np.float32), [len(each) for each in found])
    return np.concatenate(found).astype(np.float32), strides[:, None]


def decode(raw: npt.ArrayLike, side: int) -> tuple[Floats, Floats]:
    """Boxes and probabilities of one picture.

    Args:
        raw: (points, 64 + C) of the network, probabilities last.
        side: of the picture, in pixels.

    Returns:
        (points, 4) xyxy in pixels, which may lie outside of the picture, and (points, C).

    Raises:
        ValueError: another number of points than the side has.
    """
    given = np.asarray(raw, np.float32)
    spots, strides = points(side)
    if given.ndim != 2 or len(given) != len(spots) or given.shape[1] <= BOX_CHANNELS:
        raise ValueError(
            f"The raw numbers have the shape {given.shape}. A picture of {side} pixels has "
            f"({len(spots)}, {BOX_CHANNELS} + classes)."
        )
    shares = softmax(given[:, :BOX_CHANNELS].reshape(-1, EDGES, BINS), axis=-1)
    away = (shares @ np.arange(BINS, dtype=np.float32)) * strides
    boxes = np.concatenate([spots - away[:, :2], spots + away[:, 2:]], 1)
    return boxes.astype(np.float32), given[:, BOX_CHANNELS:]
