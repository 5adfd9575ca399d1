"""A run's settings out of JSON, whichever kind of run it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from core.training.detection import DetectionSpec
from core.training.segmentation import SegmentationSpec
from core.training.spec import RunSpec, TrainingSpec
from core.training.transfer import TransferSpec

_KINDS: Mapping[str, type[TrainingSpec]] = MappingProxyType(
    {"backbone": TransferSpec, "unet": SegmentationSpec, "detector": DetectionSpec}
)
"""Kinds of runs by a field that no other has."""


def read_spec(settings: str) -> TrainingSpec:
    """The spec that `model_dump_json` has written.

    Raises:
        ValidationError: it is none.
    """
    try:
        values = json.loads(settings)
    except ValueError:
        values = None  # the model says what is wrong with it
    named = values if isinstance(values, dict) else {}
    kind = next((kind for field, kind in _KINDS.items() if field in named), RunSpec)
    return kind.model_validate_json(settings)
