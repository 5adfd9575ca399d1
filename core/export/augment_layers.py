"""A pipeline as the layers that libraries have: the same ranges, but draws of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, radians, tan
from textwrap import fill, indent
from typing import Any

from core.augment.spec import PipelineSpec
from core.export.augment_frame import over_lines

Line = Callable[[Any], str]
"""A step to the expression that makes the library's layer."""


def _n(value: float) -> str:
    """A number as short as it can be written."""
    return f"{value:.4g}"


def _outside(step: Any) -> str:  # noqa: ANN401 - any step that moves pixels
    value = f", fill_value={step.fill_value}" if step.fill == "constant" else ""
    return f'fill_mode="{step.fill}"{value}'


def _pair(low: float, high: float) -> str:
    return f"({_n(low)}, {_n(high)})"


def _around(percent: float) -> tuple[float, float]:
    return 1 - percent / 100, 1 + percent / 100


def _saturation(percent: float) -> str:
    """Both libraries take f / (1 + f) for a factor f: one half changes nothing."""
    return _pair(*(factor / (1 + factor) for factor in _around(percent)))


def _slant(degrees: float) -> str:
    return _n(min(tan(radians(degrees)), 1))


def _blur_side(sigma: float) -> int:
    """Where the bell of three standard deviations ends."""
    return 2 * ceil(3 * sigma) + 1


# RandomContrast(0.3) of Keras 3.15 draws from 1 to 1.3; RandomContrast((0.3, 0.3)) from 0.7 on.
KERAS: Mapping[str, Line] = {
    "flip_horizontal": lambda s: 'RandomFlip("horizontal")',
    "flip_vertical": lambda s: 'RandomFlip("vertical")',
    "rotation": lambda s: f"RandomRotation({_n(s.degrees / 360)}, {_outside(s)})",
    "translation": lambda s: (
        f"RandomTranslation({_n(s.vertical / 100)}, {_n(s.horizontal / 100)}, {_outside(s)})"
    ),
    "zoom": lambda s: (
        f"RandomZoom({_pair(100 / s.largest - 1, min(100 / s.smallest - 1, 1))}, {_outside(s)})"
    ),
    "perspective": lambda s: f"RandomPerspective(1.0, scale={_n(s.scale / 100)})",
    "brightness": lambda s: f"RandomBrightness({_n(s.most / 100)})",
    "contrast": lambda s: f"RandomContrast({_pair(s.most / 100, s.most / 100)})",
    "saturation": lambda s: f"RandomSaturation({_saturation(s.most)}, value_range=(0, 255))",
    "hue": lambda s: f"RandomHue({_n(min(s.most / 180, 1))})",
    "color_jitter": lambda s: (
        f"RandomColorJitter(value_range=(0, 255), brightness_factor={_n(s.brightness / 100)}, "
        f"contrast_factor={_pair(s.contrast / 100, s.contrast / 100)}, "
        f"saturation_factor={_saturation(s.saturation)}, hue_factor={_n(s.hue / 180)})"
    ),
    "gaussian_blur": lambda s: (
        f"RandomGaussianBlur(1.0, {_blur_side(s.most)}, sigma=({_n(min(0.1, s.most))}, "
        f"{_n(s.most)}))"
    ),
    "grayscale": lambda s: f"RandomGrayscale({_n(s.probability)})",
    "fade": lambda s: f"RandomColorDegeneration((0, {_n(s.most / 100)}))",
    "invert": lambda s: f"RandomInvert({_n(s.probability)})",
    "posterize": lambda s: f"RandomPosterization(({s.fewest}, 8))",
    "auto_contrast": lambda s: "AutoContrast()",
    "random_erasing": lambda s: (
        f"RandomErasing(1.0, scale={_pair(s.smallest / 100, s.largest / 100)}"
        + ("" if s.content == "noise" else f", fill_value={s.shade}")
        + ")"
    ),
    "rand_augment": lambda s: (
        f"RandAugment(num_ops={max(s.operations, 1)}, factor={_n(s.magnitude / 30)})"
    ),
    "aug_mix": lambda s: (
        f"AugMix(num_chains={s.chains}, chain_depth={s.depth}, factor={_n(s.severity / 10)})"
    ),
}
"""What Keras 3 has a layer for that changes single pictures, and that works inside of a model:
Equalization of Keras 3.15 does not."""

KERAS_CV: Mapping[str, Line] = {
    "flip_horizontal": lambda s: f'RandomFlip("horizontal", rate={_n(s.probability)})',
    "flip_vertical": lambda s: f'RandomFlip("vertical", rate={_n(s.probability)})',
    "rotation": lambda s: f"RandomRotation({_n(s.degrees / 360)}, {_outside(s)})",
    "translation": lambda s: (
        f"RandomTranslation({_n(s.vertical / 100)}, {_n(s.horizontal / 100)}, {_outside(s)})"
    ),
    "zoom": lambda s: (
        f"RandomZoom({_pair(100 / s.largest - 1, 100 / s.smallest - 1)}, {_outside(s)})"
    ),
    "shear": lambda s: f"RandomShear({_slant(s.sideways)}, {_slant(s.upwards)}, {_outside(s)})",
    "brightness": lambda s: f"RandomBrightness({_n(s.most / 100)})",
    "contrast": lambda s: f"RandomContrast((0, 255), {_n(max(s.most / 100, 0.001))})",
    "saturation": lambda s: f"RandomSaturation({_saturation(s.most)})",
    "hue": lambda s: f"RandomHue({_n(min(s.most / 180, 1))}, (0, 255))",
    "color_jitter": lambda s: (
        f"RandomColorJitter((0, 255), {_n(s.brightness / 100)}, {_n(s.contrast / 100)}, "
        f"{_saturation(s.saturation)}, {_n(s.hue / 180)})"
    ),
    "gaussian_blur": lambda s: f"RandomGaussianBlur({_blur_side(s.most)}, (0, {_n(s.most)}))",
    "grayscale": lambda s: "Grayscale(output_channels=3)",
    "fade": lambda s: f"RandomColorDegeneration((0, {_n(s.most / 100)}))",
    "channel_shift": lambda s: f"RandomChannelShift((0, 255), {_n(min(s.most / 50, 1))})",
    "channel_shuffle": lambda s: "ChannelShuffle(3)",
    "equalize": lambda s: "Equalization((0, 255))",
    "auto_contrast": lambda s: "AutoContrast((0, 255))",
    "sharpness": lambda s: f"RandomSharpness({_n(min(s.most / 100, 1))}, (0, 255))",
    "cutout": lambda s: (
        f"RandomCutout({_pair(s.side / 100, s.side / 100)}, "
        f"{_pair(s.side / 100, s.side / 100)}, fill_value={s.shade})"
    ),
    "grid_mask": lambda s: (
        f"GridMask({_pair(s.ratio / 100, s.ratio / 100)}, {_n(s.degrees / 360)}, "
        f"fill_value={s.shade})"
    ),
    "rand_augment": lambda s: (
        f"RandAugment((0, 255), augmentations_per_image={max(s.operations, 1)}, "
        f"magnitude={_n(s.magnitude / 30)})"
    ),
    "aug_mix": lambda s: (
        f"AugMix((0, 255), severity={_n(s.severity / 10)}, num_chains={s.chains}, "
        f"chain_depth=[1, {s.depth}])"
    ),
}
"""What KerasCV has a layer for that changes single pictures and works on its own."""

_ALWAYS = {"flip_horizontal", "flip_vertical", "grayscale", "invert"}
"""Layers of Keras that have a probability: flips come for every second picture."""


def keras_layers(pipeline: PipelineSpec) -> str:
    """A function that gives layers for use inside of a model; empty where there are none."""
    lines, missing = [], []
    for _, step in pipeline.active:
        kind: str = step.kind  # type: ignore[attr-defined]
        if (line := KERAS.get(kind)) is None:
            missing.append(step.title)
            continue
        odd = step.probability < 1 and kind not in _ALWAYS
        odd |= kind.startswith("flip") and step.probability != 0.5
        note = "  # has no probability: comes always" if odd else ""
        note = "  # comes for every second picture" if kind.startswith("flip") and odd else note
        lines.append(over_lines(f"keras.layers.{line(step)}") + f",{note}")
    return _function(
        "layers",
        "The same ranges as layers inside of a model, which draw for themselves.",
        "keras.Sequential",
        lines,
        missing,
        "Keras",
    )


def kerascv_layers(pipeline: PipelineSpec) -> str:
    """A function that gives a pipeline of KerasCV's layers; empty where there are none."""
    lines, missing = [], []
    for _, step in pipeline.active:
        kind: str = step.kind  # type: ignore[attr-defined]
        if (line := KERAS_CV.get(kind)) is None:
            missing.append(step.title)
            continue
        layer = over_lines(f"keras_cv.layers.{line(step)}")
        if step.probability < 1 and not kind.startswith("flip"):
            rate = f"rate={_n(step.probability)}"
            layer = f"keras_cv.layers.RandomApply(\n{indent(layer, '    ')},\n    {rate},\n)"
        lines.append(f"{layer},")
    return _function(
        "layers",
        "The same ranges as layers for dataset.map, which draw for themselves.",
        "keras_cv.layers.Augmenter",
        lines,
        missing,
        "KerasCV",
    )


def _function(
    name: str, about: str, maker: str, lines: list[str], missing: list[str], library: str
) -> str:
    if not lines:
        return ""
    named = fill(f"{library} has no layer that does the same: {', '.join(missing)}.", 80)
    without = indent(named, "    # ") + "\n" if missing else ""
    listed = indent("\n".join(lines), " " * 12)
    return (
        f'def {name}():\n    """{about}"""\n{without}    return {maker}(\n        [\n'
        f"{listed}\n        ]\n    )"
    )
