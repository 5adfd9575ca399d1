"""Pipelines by name: of the lectures, of papers, and by strength and task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.augment.spec import PipelineSpec

Steps = list[dict[str, Any]]

_FLIP: dict[str, Any] = {"kind": "flip_horizontal"}


@dataclass(frozen=True, slots=True)
class NamedPipeline:
    """A pipeline to begin with.

    Attributes:
        slug: name for links.
        title: name for the screen.
        about: one sentence: what it is for.
        source: where it comes from.
        spec: the steps.
    """

    slug: str
    title: str
    about: str
    source: str
    spec: PipelineSpec


def _named(
    slug: str, title: str, about: str, source: str, steps: Steps, keep_boxes: float = 0.25
) -> NamedPipeline:
    spec = PipelineSpec.model_validate({"steps": steps, "keep_boxes": keep_boxes})
    return NamedPipeline(slug, title, about, source, spec)


_ALL = (
    _named(
        "coimbra-original",
        "Original",
        "The picture itself: the first of Coimbra's three.",
        "Coimbra deck, data augmentation",
        [],
    ),
    _named(
        "coimbra-horizontal",
        "Horizontal flip",
        "Every picture mirrored: the second of Coimbra's three.",
        "Coimbra deck, data augmentation",
        [_FLIP | {"probability": 1.0}],
    ),
    _named(
        "coimbra-vertical",
        "Vertical flip",
        "Every picture upside down: the third of Coimbra's three.",
        "Coimbra deck, data augmentation",
        [{"kind": "flip_vertical", "probability": 1.0}],
    ),
    _named(
        "coimbra",
        "Both flips at random",
        "Coimbra's original, horizontal and vertical flip, and both at once, a quarter each.",
        "Coimbra deck, data augmentation",
        [_FLIP, {"kind": "flip_vertical"}],
    ),
    _named(
        "flowers",
        "The flowers tutorial",
        "Mirrored, turned by up to 36 degrees, zoomed by about a tenth: what TensorFlow's "
        "tutorial puts before its network for 3,670 flowers.",
        "TensorFlow tutorial 'Image classification': RandomFlip, RandomRotation(0.1), "
        "RandomZoom(0.1)",
        [
            _FLIP,
            {"kind": "rotation", "degrees": 36.0},
            {"kind": "zoom", "smallest": 90, "largest": 110},
        ],
    ),
    _named(
        "light",
        "Light",
        "A mirror image, a small shift, a little more or less light.",
        "Receptive",
        [
            _FLIP,
            {"kind": "translation", "vertical": 6, "horizontal": 6},
            {"kind": "brightness", "most": 10},
            {"kind": "contrast", "most": 10},
        ],
    ),
    _named(
        "medium",
        "Medium",
        "A part of the picture, mirrored, turned, in another light; now and then something is "
        "hidden. A start for photos.",
        "Receptive",
        [
            {"kind": "crop_resize", "smallest": 60, "ratio": 20},
            _FLIP,
            {"kind": "rotation", "degrees": 10.0, "probability": 0.5},
            {"kind": "color_jitter", "hue": 5},
            {"kind": "random_erasing", "largest": 15, "probability": 0.25},
        ],
    ),
    _named(
        "heavy",
        "Heavy",
        "For large networks and long trainings: small parts, random policies, blur, holes and "
        "mixed pictures.",
        "Receptive, after Wightman, Touvron & Jegou 2021, ResNet strikes back, table 2",
        [
            {"kind": "crop_resize", "smallest": 30},
            _FLIP,
            {"kind": "rand_augment", "operations": 2, "magnitude": 7},
            {"kind": "color_jitter", "probability": 0.8},
            {"kind": "gaussian_blur", "probability": 0.2},
            {"kind": "random_erasing", "probability": 0.25},
            {"kind": "mix_up", "alpha": 0.2, "probability": 0.5},
            {"kind": "cut_mix", "probability": 0.5},
        ],
    ),
    _named(
        "digits",
        "Handwriting",
        "What hands do: lean, shift, tremble. No flips: a mirrored digit is none.",
        "Simard, Steinkraus & Platt 2003, section 2",
        [
            {"kind": "rotation", "degrees": 15.0, "fill": "constant"},
            {"kind": "shear", "sideways": 10.0, "fill": "constant"},
            {"kind": "translation", "vertical": 8, "horizontal": 8, "fill": "constant"},
            {"kind": "elastic", "most": 4.0, "smoothness": 8.0, "fill": "constant"},
        ],
    ),
    _named(
        "detection",
        "Detection",
        "Boxes go with the picture: larger or smaller, mirrored, shifted colours; four "
        "pictures in one for half of them.",
        "Bochkovskiy, Wang & Liao 2020, YOLOv4, section 3.3; Ghiasi et al. 2021, section 3.1",
        [
            {"kind": "mosaic", "probability": 0.5},
            {"kind": "scale_jitter", "smallest": 60, "largest": 140},
            _FLIP,
            {"kind": "color_jitter", "hue": 5, "saturation": 50, "brightness": 30},
        ],
    ),
    _named(
        "segmentation",
        "Segmentation",
        "Masks go with the picture, and no class is blended: turned, bent, seen from "
        "elsewhere; outside is background.",
        "Ronneberger, Fischer & Brox 2015, U-Net, section 3.1",
        [
            _FLIP,
            {"kind": "rotation", "degrees": 15.0, "fill": "constant"},
            {"kind": "elastic", "most": 3.0, "smoothness": 8.0, "fill": "constant"},
            {"kind": "perspective", "scale": 10, "fill": "constant", "probability": 0.5},
            {"kind": "gamma", "most": 30},
            {"kind": "gaussian_noise", "most": 12, "probability": 0.5},
        ],
    ),
    _named(
        "inception",
        "ImageNet",
        "A part of 8 to 100 % of the picture, mirrored, in other colours: what most networks "
        "for ImageNet were trained with.",
        "Szegedy et al. 2015, section 6; Howard 2013",
        [
            {"kind": "crop_resize", "smallest": 10},
            _FLIP,
            {"kind": "color_jitter", "brightness": 40, "contrast": 40, "saturation": 40},
        ],
    ),
    _named(
        "simclr",
        "Two views",
        "Strong crops, colours and blur, from which a network learns without labels.",
        "Chen et al. 2020, SimCLR, appendix A",
        [
            {"kind": "crop_resize", "smallest": 10},
            _FLIP,
            {
                "kind": "color_jitter", "probability": 0.8,
                "brightness": 80, "contrast": 80, "saturation": 80, "hue": 70,
            },
            {"kind": "grayscale"},
            {"kind": "gaussian_blur", "probability": 0.5},
        ],
    ),
    _named(
        "trivial",
        "Nothing to tune",
        "One operation for each picture, at a random strength.",
        "Mueller & Hutter 2021, TrivialAugment, section 3",
        [_FLIP, {"kind": "trivial_augment"}],
    ),
    _named(
        "weather",
        "Bad weather and bad cameras",
        "Corruptions at a middle severity, one or two of five: for testing, not for training.",
        "Hendrycks & Dietterich 2019, section 3",
        [
            {"kind": f"corrupt_{name}", "severity": 2, "probability": 0.3}
            for name in ("fog", "defocus_blur", "motion_blur", "shot_noise", "jpeg")
        ],
    ),
)  # fmt: skip

PIPELINES: Mapping[str, NamedPipeline] = MappingProxyType({one.slug: one for one in _ALL})
"""In the order of the menu."""
