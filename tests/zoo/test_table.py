"""The zoo's table says what Keras and KerasCV say, and what each network takes."""

import importlib
import re

import numpy as np
import pytest

from core.zoo.imagenet import names, synonyms
from core.zoo.penn import PENN
from core.zoo.preprocessing import PREPROCESSINGS
from core.zoo.registry import DEFAULT, ZOO

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 5, 7, 3), dtype=np.uint8)
OF_KERAS = [entry for entry in ZOO.values() if entry.source == "keras"]
OF_KERAS_CV = [entry for entry in ZOO.values() if entry.source == "keras-cv"]


def presets_of_keras_cv():
    from keras_cv.src.models.backbones import backbone_presets
    from keras_cv.src.models.backbones.mix_transformer import mix_transformer_backbone_presets
    from keras_cv.src.models.classification import image_classifier_presets

    return {
        **backbone_presets.backbone_presets,
        **mix_transformer_backbone_presets.backbone_presets,
        **image_classifier_presets.classifier_presets,
    }


def test_every_network_says_what_it_is():
    assert next(iter(ZOO)) == DEFAULT
    for slug, entry in ZOO.items():
        assert slug == entry.slug
        assert re.fullmatch(r"[a-z0-9-]+", slug)
        assert entry.preprocessing.slug == entry.takes
        assert entry.parameters > 500_000
        assert all((entry.title, entry.paper, entry.licence, entry.numbers))
        if entry.top1 and entry.top5:
            assert 50 < entry.top1 < entry.top5 < 100


def test_a_size_is_four_bytes_a_weight():
    # Source: keras.io/api/applications, in MB of 2^20 bytes.
    for slug, megabytes in (("keras-vgg16", 528), ("keras-resnet50", 98)):
        assert ZOO[slug].size_mb * 1e6 / 2**20 == pytest.approx(megabytes, abs=1)


@pytest.mark.tf
def test_every_model_of_keras_is_in_it():
    import keras

    found = {name for name in dir(keras.applications) if name[0].isupper()}
    assert found == {entry.call for entry in OF_KERAS}


@pytest.mark.tf
@pytest.mark.parametrize("entry", OF_KERAS, ids=lambda entry: entry.call)
def test_each_is_given_what_keras_gives_it(entry):
    import keras

    build = getattr(keras.applications, entry.call)
    module = importlib.import_module(build.__module__)
    theirs = module.preprocess_input(PIXELS.astype(np.float32))
    np.testing.assert_allclose(entry.preprocessing.apply(PIXELS), theirs, atol=1e-5)


@pytest.mark.tf
@pytest.mark.parametrize(
    "name", ["keras-mobilenetv3small", "keras-vgg16", "keras-efficientnetb1", "keras-xception"]
)
def test_parameters_and_sides_are_those_that_keras_counts(name):
    import keras

    entry = ZOO[name]
    with keras.StatelessScope():
        model = getattr(keras.applications, entry.call)(weights=None)
    assert model.count_params() == entry.parameters
    side = model.input_shape[1]
    assert side in (None, entry.side)


@pytest.mark.tf
@pytest.mark.parametrize("entry", OF_KERAS_CV, ids=lambda entry: entry.slug)
def test_every_preset_is_one_of_keras_cv(entry):
    metadata = presets_of_keras_cv()[entry.call]["metadata"]
    # For its DenseNets, KerasCV states Keras' numbers without the head.
    if "params" in metadata:
        assert entry.parameters == metadata["params"]
    found = re.findall(r"([0-9.]+)%", metadata["description"])
    if entry.top1:
        assert [float(number) for number in found] == [entry.top1, entry.top5]


@pytest.mark.tf
def test_every_preset_with_imagenets_weights_is_in_it():
    theirs = {name for name in presets_of_keras_cv() if name.endswith("_imagenet")}
    assert theirs == {entry.call for entry in OF_KERAS_CV if not entry.classes}


KERAS_IO = """
Xception 79.0 94.5 22.9 81
VGG16 71.3 90.1 138.4 16
VGG19 71.3 90.0 143.7 19
ResNet50 74.9 92.1 25.6 107
ResNet50V2 76.0 93.0 25.6 103
ResNet101 76.4 92.8 44.7 209
ResNet101V2 77.2 93.8 44.7 205
ResNet152 76.6 93.1 60.4 311
ResNet152V2 78.0 94.2 60.4 307
InceptionV3 77.9 93.7 23.9 189
InceptionResNetV2 80.3 95.3 55.9 449
MobileNet 70.4 89.5 4.3 55
MobileNetV2 71.3 90.1 3.5 105
DenseNet121 75.0 92.3 8.1 242
DenseNet169 76.2 93.2 14.3 338
DenseNet201 77.3 93.6 20.2 402
NASNetMobile 74.4 91.9 5.3 389
NASNetLarge 82.5 96.0 88.9 533
EfficientNetB0 77.1 93.3 5.3 132
EfficientNetB1 79.1 94.4 7.9 186
EfficientNetB2 80.1 94.9 9.2 186
EfficientNetB3 81.6 95.7 12.3 210
EfficientNetB4 82.9 96.4 19.5 258
EfficientNetB5 83.6 96.7 30.6 312
EfficientNetB6 84.0 96.8 43.3 360
EfficientNetB7 84.3 97.0 66.7 438
EfficientNetV2B0 78.7 94.3 7.2 -
EfficientNetV2B1 79.8 95.0 8.2 -
EfficientNetV2B2 80.5 95.1 10.2 -
EfficientNetV2B3 82.0 95.8 14.5 -
EfficientNetV2S 83.9 96.7 21.6 -
EfficientNetV2M 85.3 97.4 54.4 -
EfficientNetV2L 85.7 97.5 119.0 -
ConvNeXtTiny 81.3 - 28.6 -
ConvNeXtSmall 82.3 - 50.2 -
ConvNeXtBase 85.3 - 88.5 -
ConvNeXtLarge 86.3 - 197.7 -
"""
"""Name, top-1, top-5, millions of parameters, depth: the table of keras.io/api/applications."""


@pytest.mark.parametrize("row", KERAS_IO.split("\n")[1:-1], ids=lambda row: row.split()[0])
def test_accuracies_are_those_of_the_table_of_keras_io(row):
    call, *numbers = row.split()
    entry = next(entry for entry in OF_KERAS if entry.call == call)
    top1, top5, millions, depth = (None if n == "-" else float(n) for n in numbers)
    assert (entry.top1, entry.top5, entry.depth) == (top1, top5, depth)
    assert entry.parameters / 1e6 == pytest.approx(millions, abs=0.1)
    assert entry.numbers == "keras.io/api/applications"


def test_the_two_networks_of_packages_have_their_publishers_numbers():
    # github.com/tensorflow/tpu, EfficientNet-lite: 75.1 %, 4.7M; without statistics 4.65M.
    lite = ZOO[DEFAULT]
    assert (lite.top1, round(lite.parameters / 1e6, 1)) == (75.1, 4.7)
    # pytorch.org/vision, MobileNet_V2_Weights.IMAGENET1K_V1: 71.878 and 90.286 %.
    mobile = ZOO["mobilenet-v2"]
    assert (mobile.top1, mobile.top5) == (71.9, 90.3)


@pytest.mark.tf
@pytest.mark.parametrize(
    ("slug", "checkpoint"),
    [
        ("keras-mobilenetv3small", "mobilenet_v3_small_1.0_224"),
        ("keras-mobilenetv3large", "mobilenet_v3_large_1.0_224"),
    ],
)
def test_mobilenet_v3_has_the_accuracy_of_keras_docstring(slug, checkpoint):
    from keras.src.applications import mobilenet_v3

    (found,) = re.findall(
        rf"\| {re.escape(checkpoint)} +\|[^|]*\|[^|]*\| +([0-9.]+) +\|",
        mobilenet_v3.BASE_DOCSTRING,
    )
    assert ZOO[slug].top1 == float(found)


def test_preprocessings_are_those_of_the_books():
    white, black = np.full((1, 3), 255, np.uint8), np.zeros((1, 3), np.uint8)
    for slug, low, high in (
        ("none", 0, 255),
        ("unit", 0, 1),
        ("symmetric", -1, 1),
        ("lite", -127 / 128, 1),
    ):
        assert PREPROCESSINGS[slug].apply(black) == pytest.approx(low)
        assert PREPROCESSINGS[slug].apply(white) == pytest.approx(high)
    red = np.array([[255, 0, 0]], np.uint8)
    # He et al. and Simonyan & Zisserman trained with Caffe, which reads blue first.
    assert PREPROCESSINGS["caffe"].apply(red)[0] == pytest.approx([-103.939, -116.779, 131.32])
    # (1 - 0.485) / 0.229 and (0 - 0.456) / 0.224 and (0 - 0.406) / 0.225.
    assert PREPROCESSINGS["standard"].apply(red)[0] == pytest.approx(
        [2.24891, -2.03571, -1.80444], abs=1e-4
    )


def test_imagenet_has_a_thousand_names():
    assert len(names()) == len(synonyms()) == 1000
    # Source: Russakovsky et al. 2015, the synsets of ILSVRC-2012 in their usual order.
    assert (names()[0], names()[281], names()[999]) == ("tench", "tabby cat", "toilet paper")
    assert synonyms()[504] == "coffee mug"
    # Names, not descriptions.
    assert (names()[282], names()[638], names()[998]) == ("tiger cat", "maillot", "ear (spike)")
    assert max(len(name) for name in names()) < 40
    # ImageNet's labels repeat themselves (cranes, missiles, sunglasses); these do not.
    assert len(set(names())) == 1000
    assert {names()[134], names()[517]} == {"crane bird", "construction crane"}
    assert {names()[657], names()[744]} == {"missile", "missile (projectile)"}


def test_the_lectures_table_stands_beside_it():
    assert PENN[0].title == "AlexNet"
    for row in PENN:
        assert row.convolutions + row.dense == row.layers
        if row.slug:
            entry = ZOO[row.slug]
            # Megabytes of the slide against four bytes a weight: they are not parameters.
            assert row.size_mb == pytest.approx(entry.size_mb, rel=0.06)
            assert 100 - row.top1_error == pytest.approx(entry.top1, abs=3)
