"""KerasCV's presets with ImageNet's weights: classifiers, and backbones for other tasks.

They take levels 0..255 and scale them themselves. Source: the descriptions of the presets in
KerasCV 0.9, which state parameters and accuracy.
"""

from __future__ import annotations

from core.zoo.entry import Pretrained

_NUMBERS = "KerasCV 0.9, descriptions of its presets"
_LICENCE = "Apache-2.0"

# Preset, title, parameters, top-1, top-5, paper.
_CLASSIFIERS: tuple[tuple[str, str, int, float | None, float | None, str], ...] = (
    ("resnet50_v2_imagenet_classifier", "ResNet50V2", 25_613_800, None, None,
     "He et al. 2016, identity mappings"),
    ("efficientnetv2_s_imagenet_classifier", "EfficientNetV2S", 21_612_360, 83.9, 96.7,
     "Tan & Le 2021"),
    ("efficientnetv2_b0_imagenet_classifier", "EfficientNetV2B0", 7_200_312, 77.1, 93.3,
     "Tan & Le 2021"),
    ("efficientnetv2_b1_imagenet_classifier", "EfficientNetV2B1", 8_212_124, 79.1, 94.4,
     "Tan & Le 2021"),
    ("efficientnetv2_b2_imagenet_classifier", "EfficientNetV2B2", 10_178_374, 80.1, 94.9,
     "Tan & Le 2021"),
    ("mobilenet_v3_large_imagenet_classifier", "MobileNetV3Large", 3_957_352, 69.4, 89.4,
     "Howard et al. 2019"),
)  # fmt: skip

# Preset, title, parameters, paper.
_BACKBONES: tuple[tuple[str, str, int, str], ...] = (
    ("csp_darknet_tiny_imagenet", "CSPDarkNet tiny", 2_380_416, "Ge et al. 2021"),
    ("csp_darknet_l_imagenet", "CSPDarkNet L", 27_111_424, "Ge et al. 2021"),
    ("densenet121_imagenet", "DenseNet121", 7_037_504, "Huang et al. 2017"),
    ("densenet169_imagenet", "DenseNet169", 12_642_880, "Huang et al. 2017"),
    ("densenet201_imagenet", "DenseNet201", 18_321_984, "Huang et al. 2017"),
    ("efficientnetv2_s_imagenet", "EfficientNetV2S", 20_331_360, "Tan & Le 2021"),
    ("efficientnetv2_b0_imagenet", "EfficientNetV2B0", 5_919_312, "Tan & Le 2021"),
    ("efficientnetv2_b1_imagenet", "EfficientNetV2B1", 6_931_124, "Tan & Le 2021"),
    ("efficientnetv2_b2_imagenet", "EfficientNetV2B2", 8_769_374, "Tan & Le 2021"),
    ("mit_b0_imagenet", "MiT-B0", 3_321_962, "Xie et al. 2021"),
    ("mobilenet_v3_large_imagenet", "MobileNetV3Large", 2_994_518, "Howard et al. 2019"),
    ("mobilenet_v3_small_imagenet", "MobileNetV3Small", 933_502, "Howard et al. 2019"),
    ("resnet50_imagenet", "ResNet50", 23_561_152, "He et al. 2016"),
    ("resnet50_v2_imagenet", "ResNet50V2", 23_564_800, "He et al. 2016, identity mappings"),
)


def _entry(
    preset: str,
    title: str,
    parameters: int,
    top1: float | None,
    top5: float | None,
    paper: str,
    *,
    classes: bool,
) -> Pretrained:
    return Pretrained(
        slug=preset.removesuffix("_classifier").replace("_", "-")
        + ("" if classes else "-maps"),
        title=f"{title} (KerasCV)",
        source="keras-cv",
        call=preset,
        side=224,
        takes="none",
        parameters=parameters,
        top1=top1,
        top5=top5,
        depth=None,
        paper=paper,
        licence=_LICENCE,
        numbers=_NUMBERS,
        classes=classes,
    )


PRESETS = (
    *(_entry(*row, classes=True) for row in _CLASSIFIERS),
    *(
        _entry(preset, title, parameters, None, None, paper, classes=False)
        for preset, title, parameters, paper in _BACKBONES
    ),
)
