"""Questions of `core.training.box_answers`, answered where the models are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.training.worker.answers import Answer, kept, plainly

Pixels = npt.NDArray[np.uint8]


@plainly
def raw(digest: str, content: bytes | None, pictures: Pixels) -> Answer:
    """The raw numbers of every cell.

    Args:
        digest: the model's fingerprint.
        content: the model, or None where it should be known.
        pictures: (n, H, W, C) uint8.

    Returns:
        Whether the model is known, and (n, S, S, boxes x (5 + C)) float32 of a grid, or (n,
        points, 64 + C) of YOLOv8.
    """
    if (model := kept(digest, content)) is None:
        return False, None
    if len(model.model.output_shape) < 3:
        raise ValueError(
            "This model gives one class for each picture and no boxes. Use the model of a "
            "detector's run."
        )
    return True, model.logits(pictures)
