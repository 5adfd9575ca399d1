"""The Keras model of an entry of the zoo, with its weights."""

from __future__ import annotations

from collections.abc import Callable

import keras
import keras_cv

from core.assets import here
from core.models.zoo.state_dict import read_state_dict
from core.models.zoo.transfer_weights import fill
from core.zoo.entry import Pretrained, ZooError
from core.zoo.imagenet import COUNT
from core.zoo.registry import ZOO

LITE0_CONFIG = {
    "stackwise_kernel_sizes": [3, 3, 5, 3, 5, 5, 3],
    "stackwise_num_repeats": [1, 2, 2, 3, 3, 4, 1],
    "stackwise_input_filters": [32, 16, 24, 40, 80, 112, 192],
    "stackwise_output_filters": [16, 24, 40, 80, 112, 192, 320],
    "stackwise_expansion_ratios": [1, 6, 6, 6, 6, 6, 6],
    "stackwise_strides": [1, 2, 2, 2, 1, 2, 1],
    "width_coefficient": 1.0,
    "depth_coefficient": 1.0,
    "include_rescaling": False,
}
"""EfficientNet-Lite0 spelled out: KerasCV's own alias for it asks the network for a file.

Source: Tan & Le 2019, table 1; squeeze-and-excitation removed, swish replaced by ReLU6, stem
and head of fixed width (tensorflow/tpu, EfficientNet-lite).
"""
LITE0_EPSILON, TORCH_EPSILON = 1e-3, 1e-5


def load(name: str, include_top: bool = True) -> keras.Model:
    """Build a pretrained network.

    Args:
        name: slug of `core.zoo.registry.ZOO`.
        include_top: with the layers that give classes.

    Returns:
        A model from (n, side, side, 3) float32, preprocessed as the entry says, to (n, 1000)
        logits; without its top to feature maps (n, h, w, channels). Its `zoo_slug` is the name.

    Raises:
        ZooError: there is no such network, it has no classes, or its hub cannot be reached.
        AssetError: its file is not on this machine.
    """
    if name not in ZOO:
        raise ZooError(f"There is no pretrained network {name!r}. Try efficientnet-lite0.")
    entry = ZOO[name]
    if include_top and not entry.classes:
        raise ZooError(
            f"{entry.title} is a backbone: it gives feature maps and no classes. Choose a "
            "classifier, or train a head of your own on it."
        )
    build = _PACKAGED[entry.call] if entry.source == "package" else _from_hub
    model = build(entry, include_top)
    model.zoo_slug = name
    return model


def _lite0(entry: Pretrained, include_top: bool) -> keras.Model:
    backbone = keras_cv.models.EfficientNetLiteBackbone(
        **LITE0_CONFIG, input_shape=(entry.side, entry.side, 3)
    )
    x = keras.layers.GlobalAveragePooling2D(name="avg_pool")(backbone.output)
    x = keras.layers.Dropout(0.2, name="top_dropout")(x)
    logits = keras.layers.Dense(COUNT, name="predictions")(x)
    model = keras.Model(backbone.input, logits, name="efficientnet_lite0")
    fill(model, read_state_dict(here(entry.call).read_bytes()), LITE0_EPSILON)
    return model if include_top else backbone


def _mobilenet_v2(entry: Pretrained, include_top: bool) -> keras.Model:
    model = keras.applications.MobileNetV2(
        input_shape=(entry.side, entry.side, 3), weights=None, classifier_activation=None
    )
    fill(model, read_state_dict(here(entry.call).read_bytes()), TORCH_EPSILON)
    if include_top:
        return model
    return keras.Model(model.input, model.get_layer("out_relu").output, name=model.name)


_PACKAGED: dict[str, Callable[[Pretrained, bool], keras.Model]] = {
    "efficientnet-lite0": _lite0,
    "mobilenet-v2": _mobilenet_v2,
}


def _from_hub(entry: Pretrained, include_top: bool) -> keras.Model:
    build = _keras if entry.source == "keras" else _keras_cv
    try:
        return build(entry, include_top)
    # Keras and kagglehub raise whatever they met, Keras even plain `Exception`.
    except Exception as error:
        raise ZooError(
            f"{entry.title} ({entry.size_mb:.0f} MB) could not be fetched from its hub: there "
            "is no network, or it is blocked. EfficientNet-Lite0 is here and needs none. "
            f"({type(error).__name__}: {str(error)[:200]})"
        ) from error


def _keras(entry: Pretrained, include_top: bool) -> keras.Model:
    build = getattr(keras.applications, entry.call)
    return build(
        input_shape=(entry.side, entry.side, 3),
        include_top=include_top,
        weights="imagenet",
        **({"classifier_activation": None} if include_top else {}),
    )


def _keras_cv(entry: Pretrained, include_top: bool) -> keras.Model:
    shape = {"input_shape": (entry.side, entry.side, 3)}
    if not entry.classes:
        return keras_cv.models.Backbone.from_preset(entry.call, load_weights=True, **shape)
    classifier = keras_cv.models.ImageClassifier.from_preset(entry.call, load_weights=True)
    if not include_top:
        return classifier.backbone
    classifier.layers[-1].activation = keras.activations.linear  # logits, as all others give
    return classifier
