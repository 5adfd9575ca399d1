"""A trained model looks at draws of pictures; runs in an engine worker."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.augment.spec import PipelineSpec
from core.augment.worker.pipeline import apply
from core.training.worker import answers

AT_ONCE = 256
"""Draws that are made together: what a batch takes of memory stays small."""

Pixels = npt.NDArray[np.uint8]


def of_draws(
    digest: str,
    content: bytes | None,
    pictures: Pixels,
    pipeline: PipelineSpec,
    seed: int,
    draws: int,
    show: bool,
) -> answers.Answer:
    """Probabilities of the pictures, those of their draws, and the draws.

    Args:
        digest: fingerprint of the model.
        content: the model; None where it should be known.
        pictures: (n, H, W, C) uint8.
        pipeline: the steps.
        seed: 0 or more; draw d of picture i has the number i * draws + d.
        draws: of each picture.
        show: whether the draws are given back.

    Raises:
        WorkerError: the model does not take the pictures; see `answers`.
        AugmentError: the pipeline cannot be applied.
    """
    known, plain = answers.predict(digest, content, pictures)
    if not known:
        return False, None
    each, seen = [], []
    together = max(AT_ONCE // draws, 1)
    for at in range(0, len(pictures), together):
        copies = np.repeat(pictures[at : at + together], draws, axis=0)
        made = apply(copies, pipeline, seed, first=at * draws).images
        each.append(answers.predict(digest, content, np.asarray(made, np.uint8))[1])
        if show:
            seen.append(np.asarray(made, np.uint8))
    shape = (len(pictures), draws)
    probabilities = np.concatenate(each).reshape(*shape, -1)
    shown = np.concatenate(seen).reshape(*shape, *pictures.shape[1:]) if show else None
    return True, (plain, probabilities, shown)
