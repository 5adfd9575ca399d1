"""The decoder is that of DeepLabV3+, as KerasCV has it."""

import numpy as np
import pytest

from core.architecture.deeplab import (
    CONTEXT,
    DILATIONS,
    HEAD,
    OUTLINES,
    check_side,
    shown_side,
)
from core.architecture.network import ArchitectureError

CLASSES = 5


def encoder(keras, side):
    """Any network with maps at a half and at a sixteenth of the side."""
    pictures = keras.Input((side, side, 3))
    low = keras.layers.Conv2D(7, 3, strides=2, padding="same", name="low")(pictures)
    high = keras.layers.AveragePooling2D(8, name="shrunk")(low)
    return keras.Model(pictures, keras.layers.Conv2D(12, 1, name="high")(high))


@pytest.mark.tf
def test_kerascvs_network_with_the_same_weights_gives_the_same_logits():
    import keras
    import keras_cv

    from core.models.deeplab import decode

    backbone = encoder(keras, 96)
    low, high = (backbone.get_layer(name).output for name in ("low", "high"))
    ours = keras.Model(backbone.input, decode(low, high, (96, 96), CLASSES))
    rng = np.random.default_rng(0)
    ours.set_weights(
        [rng.uniform(0.1, 1, w.shape) - 0.4 * (w.ndim > 1) for w in ours.get_weights()]
    )

    def weights(*names):
        return [w for n in names for w in ours.get_layer(n).get_weights()]

    head = keras.Sequential(
        [
            keras.layers.Conv2D(HEAD, 3, padding="same", use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.UpSampling2D(2, interpolation="bilinear"),
            keras.layers.Conv2D(CLASSES, 1),
        ]
    )
    pyramid = keras_cv.layers.SpatialPyramidPooling(list(DILATIONS), CONTEXT)
    backbone.pyramid_level_inputs = {"P2": "low", "P5": "high"}
    theirs = keras_cv.models.DeepLabV3Plus(
        backbone, CLASSES, OUTLINES, spatial_pyramid_pooling=pyramid, segmentation_head=head
    )
    branches = ["pyramid_1", *(f"pyramid_{rate}" for rate in DILATIONS), "pyramid_whole"]
    for part, name in zip(pyramid.aspp_parallel_channels, branches, strict=True):
        part.set_weights(weights(name, f"{name}_norm"))
    pyramid.projection.set_weights(weights("context", "context_norm"))
    projector = next(
        layer
        for layer in theirs.layers
        if isinstance(layer, keras.Sequential) and layer is not head
    )
    projector.set_weights(weights("outlines", "outlines_norm"))
    kernel, *rest = weights("head", "head_norm", "classes")
    # They lay the skip connection behind what was enlarged, we before.
    head.set_weights(
        [np.concatenate([kernel[:, :, OUTLINES:], kernel[:, :, :OUTLINES]], 2), *rest]
    )

    pictures = rng.uniform(0, 1, (2, 96, 96, 3)).astype(np.float32)
    expected = np.asarray(theirs(pictures))
    assert expected.shape == (2, 96, 96, CLASSES)
    np.testing.assert_allclose(ours(pictures), expected, rtol=2e-4, atol=2e-4 * expected.std())


@pytest.mark.tf
def test_masks_are_as_large_as_the_pictures_also_where_the_encoder_saw_them_larger():
    import keras

    from core.models.deeplab import decode

    backbone = encoder(keras, shown_side((100, 80)))
    low, high = (backbone.get_layer(name).output for name in ("low", "high"))
    assert decode(low, high, (100, 80), 3).shape == (None, 100, 80, 3)


def test_pictures_that_leave_too_little_are_refused():
    check_side((64, 64))
    with pytest.raises(
        ArchitectureError, match=r"leaves 2 x 2 of them .* a side of 64 or more"
    ):
        check_side((32, 32))
