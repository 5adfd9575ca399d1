"""Every model of `keras.applications`, as Keras documents it.

Source: the table of keras.io/api/applications; for MobileNetV3, which it leaves out, the
docstring of Keras' module. Licences of the weights: keras.io/applications of 2018 and 2019
(VGG, ResNet, Inception, Xception, MobileNet, DenseNet, NASNet), and the repositories that
published the later ones. Parameters are those that Keras 3.15 counts. ConvNeXt from Base on was
pretrained on ImageNet-21k.
"""

from __future__ import annotations

import re

from core.zoo.entry import Pretrained

_KERAS_IO = "keras.io/api/applications"
_DOCSTRING = "Keras, docstring of MobileNetV3"
_APACHE, _MIT, _BSD, _BY = "Apache-2.0", "MIT", "BSD-3-Clause", "CC BY 4.0"

_VGG = ("caffe", "Simonyan & Zisserman 2015", _BY)
_RESNET = ("caffe", "He et al. 2016", _MIT)
_RESNET_V2 = ("symmetric", "He et al. 2016, identity mappings", _BSD)
_INCEPTION = ("symmetric", "Szegedy et al. 2016", _APACHE)
_INCEPTION_RESNET = ("symmetric", "Szegedy et al. 2017", _APACHE)
_DENSENET = ("standard", "Huang et al. 2017", _BSD)
_NASNET = ("symmetric", "Zoph et al. 2018", _APACHE)
_EFFICIENTNET = ("none", "Tan & Le 2019", _APACHE)
_EFFICIENTNET_V2 = ("none", "Tan & Le 2021", _APACHE)
_CONVNEXT = ("none", "Liu et al. 2022", _MIT)

Family = tuple[str, str, str]
Row = tuple[str, int, int, float, float | None, int | None, Family]

# Function, side, parameters, top-1, top-5, depth, family.
_ROWS: tuple[Row, ...] = (
    ("Xception", 299, 22_910_480, 79.0, 94.5, 81, ("symmetric", "Chollet 2017", _MIT)),
    ("VGG16", 224, 138_357_544, 71.3, 90.1, 16, _VGG),
    ("VGG19", 224, 143_667_240, 71.3, 90.0, 19, _VGG),
    ("ResNet50", 224, 25_636_712, 74.9, 92.1, 107, _RESNET),
    ("ResNet50V2", 224, 25_613_800, 76.0, 93.0, 103, _RESNET_V2),
    ("ResNet101", 224, 44_707_176, 76.4, 92.8, 209, _RESNET),
    ("ResNet101V2", 224, 44_675_560, 77.2, 93.8, 205, _RESNET_V2),
    ("ResNet152", 224, 60_419_944, 76.6, 93.1, 311, _RESNET),
    ("ResNet152V2", 224, 60_380_648, 78.0, 94.2, 307, _RESNET_V2),
    ("InceptionV3", 299, 23_851_784, 77.9, 93.7, 189, _INCEPTION),
    ("InceptionResNetV2", 299, 55_873_736, 80.3, 95.3, 449, _INCEPTION_RESNET),
    ("MobileNet", 224, 4_253_864, 70.4, 89.5, 55, ("symmetric", "Howard et al. 2017", _APACHE)),
    ("MobileNetV2", 224, 3_538_984, 71.3, 90.1, 105,
     ("symmetric", "Sandler et al. 2018", _APACHE)),
    ("MobileNetV3Small", 224, 2_554_968, 68.1, None, None,
     ("none", "Howard et al. 2019", _APACHE)),
    ("MobileNetV3Large", 224, 5_507_432, 75.6, None, None,
     ("none", "Howard et al. 2019", _APACHE)),
    ("DenseNet121", 224, 8_062_504, 75.0, 92.3, 242, _DENSENET),
    ("DenseNet169", 224, 14_307_880, 76.2, 93.2, 338, _DENSENET),
    ("DenseNet201", 224, 20_242_984, 77.3, 93.6, 402, _DENSENET),
    ("NASNetMobile", 224, 5_326_716, 74.4, 91.9, 389, _NASNET),
    ("NASNetLarge", 331, 88_949_818, 82.5, 96.0, 533, _NASNET),
    ("EfficientNetB0", 224, 5_330_571, 77.1, 93.3, 132, _EFFICIENTNET),
    ("EfficientNetB1", 240, 7_856_239, 79.1, 94.4, 186, _EFFICIENTNET),
    ("EfficientNetB2", 260, 9_177_569, 80.1, 94.9, 186, _EFFICIENTNET),
    ("EfficientNetB3", 300, 12_320_535, 81.6, 95.7, 210, _EFFICIENTNET),
    ("EfficientNetB4", 380, 19_466_823, 82.9, 96.4, 258, _EFFICIENTNET),
    ("EfficientNetB5", 456, 30_562_527, 83.6, 96.7, 312, _EFFICIENTNET),
    ("EfficientNetB6", 528, 43_265_143, 84.0, 96.8, 360, _EFFICIENTNET),
    ("EfficientNetB7", 600, 66_658_687, 84.3, 97.0, 438, _EFFICIENTNET),
    ("EfficientNetV2B0", 224, 7_200_312, 78.7, 94.3, None, _EFFICIENTNET_V2),
    ("EfficientNetV2B1", 240, 8_212_124, 79.8, 95.0, None, _EFFICIENTNET_V2),
    ("EfficientNetV2B2", 260, 10_178_374, 80.5, 95.1, None, _EFFICIENTNET_V2),
    ("EfficientNetV2B3", 300, 14_467_622, 82.0, 95.8, None, _EFFICIENTNET_V2),
    ("EfficientNetV2S", 384, 21_612_360, 83.9, 96.7, None, _EFFICIENTNET_V2),
    ("EfficientNetV2M", 480, 54_431_388, 85.3, 97.4, None, _EFFICIENTNET_V2),
    ("EfficientNetV2L", 480, 119_027_848, 85.7, 97.5, None, _EFFICIENTNET_V2),
    ("ConvNeXtTiny", 224, 28_589_128, 81.3, None, None, _CONVNEXT),
    ("ConvNeXtSmall", 224, 50_223_688, 82.3, None, None, _CONVNEXT),
    ("ConvNeXtBase", 224, 88_591_464, 85.3, None, None, _CONVNEXT),
    ("ConvNeXtLarge", 224, 197_767_336, 86.3, None, None, _CONVNEXT),
    ("ConvNeXtXLarge", 224, 350_196_968, 86.7, None, None, _CONVNEXT),
)  # fmt: skip


def _slug(function: str) -> str:
    """`EfficientNetV2B0` as `keras-efficientnetv2b0`."""
    return "keras-" + re.sub(r"[^a-z0-9]", "", function.lower())


KERAS_APPLICATIONS = tuple(
    Pretrained(
        slug=_slug(function),
        title=function,
        source="keras",
        call=function,
        side=side,
        takes=takes,
        parameters=parameters,
        top1=top1,
        top5=top5,
        depth=depth,
        paper=paper,
        licence=licence,
        numbers=_DOCSTRING if function.startswith("MobileNetV3") else _KERAS_IO,
    )
    for function, side, parameters, top1, top5, depth, (takes, paper, licence) in _ROWS
)  # fmt: skip
