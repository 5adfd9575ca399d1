"""Every augmentation: one entry each, with its settings, effects and source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from core.augment.steps import (
    bending,
    colour,
    corruptions,
    cropping,
    erasing,
    geometry,
    mixing,
    noise,
    policies,
)
from core.augment.steps.base import Effect, Group, LabelEffect, Library, StepModel

KINDS: Mapping[str, type[StepModel]] = MappingProxyType(
    {
        kind.model_fields["kind"].default: kind
        for kind in (
            geometry.FlipHorizontal, geometry.FlipVertical, geometry.QuarterTurn,
            geometry.Rotation, geometry.Translation, geometry.Zoom, geometry.Stretch,
            geometry.Shear, geometry.Perspective, cropping.CropResize, cropping.CenterCrop,
            cropping.ScaleJitter, bending.Elastic, bending.Lens, bending.GridDistortion,
            colour.Brightness, colour.Exposure, colour.Contrast, colour.Saturation, colour.Hue,
            policies.ColorJitter, colour.Gamma, colour.Temperature, colour.Grayscale,
            colour.Fade, colour.ChannelShift, colour.ChannelShuffle, colour.Invert,
            colour.Solarize, colour.Posterize, colour.Equalize, colour.AutoContrast,
            colour.Clahe,
            noise.GaussianBlur, noise.MotionBlur, noise.Sharpness, noise.GaussianNoise,
            noise.SaltPepper, noise.JpegQuality, noise.Pixelate,
            erasing.RandomErasing, erasing.Cutout, erasing.Holes, erasing.GridMask,
            mixing.MixUp, mixing.CutMix, mixing.Mosaic, mixing.FourierMix,
            policies.RandAugment, policies.TrivialAugment, policies.AugMix,
            corruptions.CorruptGaussianNoise, corruptions.CorruptShotNoise,
            corruptions.CorruptImpulseNoise, corruptions.CorruptDefocusBlur,
            corruptions.CorruptMotionBlur, corruptions.CorruptZoomBlur, corruptions.CorruptFog,
            corruptions.CorruptBrightness, corruptions.CorruptContrast,
            corruptions.CorruptPixelate, corruptions.CorruptJpeg,
        )
    }
)  # fmt: skip
"""The kinds of steps by name, in the order of the menu. This is the only list of them."""


class Parameter(BaseModel):
    """One setting of an augmentation.

    Attributes:
        name: of the field, and in links.
        title: at the control, with the unit.
        help: one sentence.
        default: where it stands at first.
        low: least value of a number.
        high: largest value of a number.
        step: from one mark of the slider to the next.
        choices: what can be chosen where it is no number; empty otherwise.
        neutral: where the augmentation changes nothing; None where there is no such value.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    help: str
    default: bool | int | float | str
    low: float | None = None
    high: float | None = None
    step: float = 1
    choices: tuple[str, ...] = ()
    neutral: float | None = None


class Entry(BaseModel):
    """One augmentation.

    Attributes:
        name: its kind, as in links and files.
        title: name for the screen.
        group: heading in the menu.
        about: one sentence.
        parameters: its settings, without the probability.
        boxes: whether boxes move with the picture, stay, or mix with those of others.
        masks: the same for masks.
        label: whether the picture still shows what it showed.
        source: who described it.
        implementation: the layer or function that changes the picture.
        library: where that comes from.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    group: Group
    about: str
    parameters: tuple[Parameter, ...]
    boxes: Effect
    masks: Effect
    label: LabelEffect
    source: str
    implementation: str
    library: Library


def catalog() -> Mapping[str, Entry]:
    """All augmentations by name, in the order of the menu.

    Example:
        >>> catalog()["rotation"].parameters[0].high
        180.0
    """
    return _ENTRIES


def step_of(name: str) -> StepModel:
    """A step with its defaults.

    Raises:
        KeyError: there is no such augmentation.
    """
    return KINDS[name]()


def _entry(name: str, kind: type[StepModel]) -> Entry:
    fields = kind.model_fields
    return Entry(
        name=name,
        title=kind.title,
        group=kind.group,
        about=kind.about,
        parameters=tuple(_parameter(kind, field, fields[field]) for field in kind.settings()),
        boxes=kind.boxes,
        masks=kind.masks,
        label=kind.label,
        source=kind.source,
        implementation=kind.made_by,
        library=kind.library,
    )


def _parameter(kind: type[StepModel], name: str, info: FieldInfo) -> Parameter:
    bounds = {
        side: float(value)
        for side, rule in (("low", "ge"), ("high", "le"))
        for part in info.metadata
        if (value := getattr(part, rule, None)) is not None
    }
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    choices = () if info.annotation in (bool, int, float) else get_args(info.annotation)
    return Parameter(
        name=name,
        title=info.title or name,
        help=info.description or "",
        default=info.default,
        step=float(str(extra.get("step", 1))),
        choices=choices,
        neutral=kind.neutral.get(name),
        **bounds,
    )


_ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {name: _entry(name, kind) for name, kind in KINDS.items()}
)
