"""A run's settings out of JSON, whichever kind of run it is."""

from __future__ import annotations

import json

from core.training.spec import RunSpec, TrainingSpec
from core.training.transfer import TransferSpec


def read_spec(settings: str) -> TrainingSpec:
    """The spec that `model_dump_json` has written.

    Raises:
        ValidationError: it is none.
    """
    try:
        values = json.loads(settings)
    except ValueError:
        values = None  # the model says what is wrong with it
    kind = TransferSpec if isinstance(values, dict) and "backbone" in values else RunSpec
    return kind.model_validate_json(settings)
