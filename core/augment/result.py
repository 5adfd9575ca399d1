"""What comes out of a pipeline: pictures, boxes, masks, shares of labels, what was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.augment.drawing import Drawn

Images = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """The boxes of one picture after the pipeline.

    Attributes:
        xyxy: (k, 4) float32: left, top, right, bottom in pixels, right and bottom exclusive.
        picture: (k,) whose box it was: a place in the batch, another's where pictures mix.
        row: (k,) which of that picture's boxes.
        seen: (k,) share of the area that is left of it.
        dropped: (d, 2) picture and row of boxes of which too little was left.
    """

    xyxy: Floats
    picture: Ints
    row: Ints
    seen: Floats
    dropped: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Augmented:
    """A batch after the pipeline, or after some of its steps.

    Attributes:
        images: (n, H, W, C), of the type that went in.
        drawn: for each picture what was drawn for each step.
        boxes: for each picture; None where none went in.
        masks: (n, H, W) class ids, of the type that went in; None where none went in.
        shares: (n, n) float32: how much each picture (column) has of each new label (row).
    """

    images: Images
    drawn: tuple[tuple[Drawn, ...], ...]
    boxes: tuple[Boxes, ...] | None
    masks: npt.NDArray[np.integer] | None
    shares: Floats
