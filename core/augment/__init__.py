"""Augmentations: what there is, pipelines of them, and pictures put through a pipeline.

    >>> from core.augment import PipelineSpec, catalog
    >>> len(catalog()) >= 35
    True
    >>> spec = PipelineSpec.model_validate({"steps": [{"kind": "rotation", "degrees": 30}]})

Pictures are changed by Keras, KerasCV and OpenCV, in an engine worker or in a plain script:

    apply(images, spec, seed=7, boxes=boxes, masks=masks).images
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy.typing as npt

from core.augment.catalog import Entry, Parameter, catalog
from core.augment.result import Augmented, Boxes
from core.augment.spec import AugmentError, PipelineSpec

__all__ = [
    "AugmentError",
    "Augmented",
    "Boxes",
    "Entry",
    "Parameter",
    "PipelineSpec",
    "apply",
    "catalog",
]


def apply(
    images: npt.ArrayLike,
    spec: PipelineSpec,
    seed: int,
    boxes: Sequence[npt.ArrayLike] | None = None,
    masks: npt.ArrayLike | None = None,
    *,
    first: int = 0,
    partners: Sequence[int] | None = None,
) -> Augmented:
    """Put pictures through a pipeline; see `core.augment.worker.pipeline.apply`.

    Loads TensorFlow: never in the process that serves pages.
    """
    from core.augment.worker import pipeline  # what needs TensorFlow stays out of the pages

    return pipeline.apply(images, spec, seed, boxes, masks, first=first, partners=partners)
