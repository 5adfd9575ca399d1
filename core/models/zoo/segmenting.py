"""The Keras model of a segmenter of the zoo, with its weights."""

from __future__ import annotations

import keras
import keras_cv

from core.assets import here
from core.models import u2net
from core.models.zoo.onnx_weights import convolutions
from core.zoo.entry import ZooError
from core.zoo.segmenters import SALIENCY, SEGMENTERS, Segmenter


def load_segmenter(slug: str) -> keras.Model:
    """Build a network that says of every pixel what it belongs to.

    Args:
        slug: of `core.zoo.segmenters.SEGMENTERS`.

    Returns:
        A model from (n, side, side, 3) float32, preprocessed as the entry says, to
        (n, side, side, classes), 0 to 1. Its `zoo_slug` is the slug.

    Raises:
        ZooError: there is no such network, or its hub cannot be reached.
        AssetError: its file is not on this machine.
    """
    if slug not in SEGMENTERS:
        raise ZooError(f"There is no segmenter {slug!r} in the zoo. Try {SALIENCY}.")
    entry = SEGMENTERS[slug]
    model = _u2net(entry) if entry.source == "package" else _from_hub(entry)
    model.zoo_slug = slug
    return model


def _u2net(entry: Segmenter) -> keras.Model:
    weights = convolutions(here(entry.call).read_bytes())
    model = u2net.build()
    u2net.fill(model, weights)
    return model


def _from_hub(entry: Segmenter) -> keras.Model:
    try:
        return keras_cv.models.segmentation.DeepLabV3Plus.from_preset(
            entry.call,
            load_weights=True,
            num_classes=len(entry.class_names),
            input_shape=(entry.side, entry.side, 3),
        )
    # kagglehub raises whatever it met.
    except Exception as error:
        raise ZooError(
            f"{entry.title} ({entry.size_mb:.0f} MB) could not be fetched from its hub: there "
            "is no network, or it is blocked. U2-Net-p and the classical methods need none. "
            f"({type(error).__name__})"
        ) from error
