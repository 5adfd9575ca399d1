"""A pipeline as a short text that fits into a link.

`flip.horizontal_rotation-degrees45-fillconstant_off-brightness-probability0.5`: steps are set
apart by `_`, a step is its kind and then, each after a `-`, the name and the value of every
setting that differs from its default. `off-` before the kind switches a step off. An underscore
inside of a name is written as a dot.
"""

from __future__ import annotations

from typing import Any, get_args

import numpy as np

from core.augment.catalog import KINDS
from core.augment.spec import MOST_STEPS, AugmentError, PipelineSpec, read_step
from core.augment.steps.base import StepModel


def encode(pipeline: PipelineSpec) -> str:
    """The steps as text of letters, digits, `-`, `_` and `.`, the inverse of `decode`.

    Example:
        >>> encode(decode("flip.horizontal_rotation-degrees45.0"))
        'flip.horizontal_rotation-degrees45'
    """
    return "_".join(_encode_step(step) for step in pipeline.steps)


def decode(text: str) -> PipelineSpec:
    """Read what `encode` wrote.

    Raises:
        AugmentError: the text is no pipeline; the message names the step.

    Example:
        >>> decode("rotation-degrees45").steps[0].degrees
        45.0
    """
    words = text.strip().split("_") if text.strip() else []
    if len(words) > MOST_STEPS:
        raise AugmentError(f"The pipeline has {len(words)} steps; up to {MOST_STEPS} are read.")
    return PipelineSpec(steps=tuple(_decode_step(n, word) for n, word in enumerate(words, 1)))


def _encode_step(step: StepModel) -> str:
    words = [_dotted(step.kind)]  # type: ignore[attr-defined]
    for name, info in type(step).model_fields.items():
        value = getattr(step, name)
        if name not in ("kind", "on") and value != info.default:
            words.append(f"{_dotted(name)}{_written(value)}")
    return "-".join(words if step.on else ["off", *words])


def _written(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str):
        return value
    return np.format_float_positional(value, trim="-")  # no exponent, which has a "-"


def _dotted(name: str) -> str:
    return name.replace("_", ".")


def _decode_step(number: int, word: str) -> StepModel:
    off = word.startswith("off-")
    kind, *parts = word.removeprefix("off-").split("-")
    model = KINDS.get(kind.replace(".", "_"))
    if model is None:
        raise AugmentError(
            f"Step {number}: {kind[:30]!r} is no augmentation. Some that are: "
            f"{', '.join(map(_dotted, list(KINDS)[:6]))}..."
        )
    values: dict[str, Any] = {"kind": kind.replace(".", "_"), "on": not off}
    for part in parts:
        name = _field(model, part)
        if name is None or name in values:
            known = ", ".join(_dotted(n) for n in model.model_fields if n not in ("kind", "on"))
            raise AugmentError(
                f"Step {number} ({kind}): {part[:30]!r} cannot be read. Each setting is a name "
                f"and a value, once; its names: {known}."
            )
        values[name] = _read(model, name, part[len(name) :])
    try:
        return read_step(values)
    except AugmentError as error:
        raise AugmentError(f"Step {number}: {error}") from None


def _field(model: type[StepModel], part: str) -> str | None:
    """The setting with which the part begins; of several the longest."""
    names = [name for name in model.model_fields if part.startswith(_dotted(name))]
    return max((n for n in names if n not in ("kind", "on")), key=len, default=None)


def _read(model: type[StepModel], name: str, text: str) -> str | float:
    """The value: a choice is a text, everything else a number."""
    if get_args(model.model_fields[name].annotation):
        return text
    try:
        return float(text)
    except ValueError:
        return text
