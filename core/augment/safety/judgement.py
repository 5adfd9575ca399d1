"""The risks of a whole pipeline: of each step, and of steps that are harmless one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from core.augment.safety.risk import HARMS, SHOWN_TITLES, Lookalike, Note, Risk, Shown
from core.augment.safety.rules import SIGNS, cropped, notes_on, turned
from core.augment.spec import PipelineSpec
from core.augment.steps.base import StepModel

_DATASETS: Mapping[str, Shown] = MappingProxyType(
    {"digits": "digits", "mnist": "digits", "shapes": "shapes", "textures": "shapes"}
)


def shown_by(dataset: str) -> Shown:
    """What the pictures of a data set show; of one that is not known, scenes.

    Args:
        dataset: its slug.

    Example:
        >>> shown_by("mnist"), shown_by("cifar10")
        ('digits', 'scenes')
    """
    return _DATASETS.get(dataset, "scenes")


def risks(spec: PipelineSpec, shown: Shown | None = None) -> tuple[Risk, ...]:
    """What can go wrong, the worst first, and in the order of the steps.

    Args:
        spec: the pipeline; steps that are off are passed over.
        shown: what the pictures show; None asks for all kinds.

    Example:
        >>> spec = PipelineSpec.model_validate(
        ...     {"steps": [{"kind": "rotation", "degrees": 180}]}
        ... )
        >>> risks(spec, "digits")[0].sentence
        'A turn of up to 180 degrees stands a 6 on its head: it becomes a 9.'
        >>> risks(spec, "shapes")
        ()
    """
    found = [
        _risk(number, step, note) for number, step in spec.active for note in notes_on(step)
    ]
    found += _together(spec, found)
    order = list(HARMS)
    wanted = [risk for risk in found if shown is None or shown in risk.shown]
    return tuple(sorted(wanted, key=lambda risk: (order.index(risk.harm), risk.step)))


def verdict(spec: PipelineSpec, shown: Shown) -> str:
    """One sentence on the whole pipeline.

    Args:
        spec: the pipeline.
        shown: what the pictures show.

    Example:
        >>> verdict(PipelineSpec(), "digits")
        'No harm to digits is known of this pipeline.'
    """
    worst = {risk.harm for risk in risks(spec, shown)}
    what = SHOWN_TITLES[shown]
    if "changes" in worst:
        return f"Not safe for {what}: {_lower(HARMS['changes'])}"
    if "loses" in worst:
        return f"Take care with {what}: {_lower(HARMS['loses'])}"
    if "mixes" in worst:
        return f"Safe for {what} where labels are given as shares, with a loss that takes them."
    if "unlikely" in worst:
        return f"The labels of {what} stay right. {HARMS['unlikely']}"
    return f"No harm to {what} is known of this pipeline."


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _kind(step: StepModel) -> str:
    kind: str = step.kind  # type: ignore[attr-defined]
    return kind


def _risk(number: int, step: StepModel, note: Note, title: str = "") -> Risk:
    return Risk(
        number,
        title or step.title,
        note.parameter,
        type(step).model_fields[note.parameter].title or note.parameter,
        getattr(step, note.parameter),
        note.harm,
        note.shown,
        note.sentence,
        note.instead,
        note.example,
    )


# Steps that are harmless one by one.


def _together(spec: PipelineSpec, alone: list[Risk]) -> list[Risk]:
    return [*_both_flips(spec), *_all_turns(spec, alone), *_all_crops(spec, alone)]


def _of_kind(spec: PipelineSpec, *kinds: str) -> list[tuple[int, Any]]:
    return [(number, step) for number, step in spec.active if _kind(step) in kinds]


def _titles(steps: list[tuple[int, Any]]) -> str:
    return " and ".join(dict.fromkeys(step.title for _, step in steps))


def _both_flips(spec: PipelineSpec) -> Iterator[Risk]:
    flips = _of_kind(spec, "flip_horizontal", "flip_vertical")
    if len({_kind(step) for _, step in flips}) < 2:
        return
    chance = math.prod({_kind(step): step.probability for _, step in flips}.values())
    note = Note(
        "probability", "changes", SIGNS,
        f"Both flips come together for {100 * chance:.0f} % of the pictures: that is half a "
        "turn, and a 6 becomes a 9.",
        "one of them, or none", Lookalike("6", "half_turn"),
    )  # fmt: skip
    yield _risk(*flips[-1], note, _titles(flips))


def _all_turns(spec: PipelineSpec, alone: list[Risk]) -> Iterator[Risk]:
    turns = _of_kind(spec, "rotation")
    total = sum(step.degrees for _, step in turns)
    known = {risk.harm for risk in alone if risk.parameter == "degrees"}
    if len(turns) > 1:
        for note in turned(
            "degrees", min(total, 180), f"Turning {len(turns)} times by a total of"
        ):
            if note.harm not in known:
                yield _risk(*turns[-1], note, _titles(turns))


def _all_crops(spec: PipelineSpec, alone: list[Risk]) -> Iterator[Risk]:
    crops = _of_kind(spec, "crop_resize", "center_crop", "zoom")
    if len(crops) < 2:
        return
    known = {risk.harm for risk in _of(alone, crops)}
    left = math.prod(_least_area(step) for _, step in crops)
    number, step = crops[-1]
    parameter = {"crop_resize": "smallest", "center_crop": "share", "zoom": "largest"}
    together = f"{len(crops)} steps together leave a part of {100 * left:.0f} %, which"
    for note in cropped(parameter[_kind(step)], left, together):
        if note.harm not in known:
            yield _risk(number, step, note, _titles(crops))


def _of(found: list[Risk], steps: list[tuple[int, Any]]) -> list[Risk]:
    numbers = {number for number, _ in steps}
    return [risk for risk in found if risk.step in numbers]


def _least_area(step: Any) -> float:  # noqa: ANN401
    """Least share of the picture that a step leaves."""
    if _kind(step) == "crop_resize":
        return float(step.smallest) / 100
    side = step.share / 100 if _kind(step) == "center_crop" else 100 / max(step.largest, 100)
    return float(side) ** 2
