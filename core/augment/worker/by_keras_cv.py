"""Augmentations by KerasCV's layers, given the numbers that were drawn.

KerasCV's layers draw in `get_random_transformation` and apply in `augment_images` (some in
`augment_image`); here only the second is called. The layers' own draws ignore their seeds, and
they augment at inference too. Every function takes pictures (n, H, W, C), float32 from 0 to
255, and for each value (n, ...) numbers, one for each picture. Functions are named after the
kinds of steps. What is missing here is not the same picture as Keras' or draws in one go:
Equalization follows Pillow's definition (Keras' follows OpenCV's), Mosaic reads between the
pixels, MixUp, CutMix, FourierMix and GridMask cannot be given numbers.
"""

from __future__ import annotations

from typing import Any

import keras_cv
import numpy as np
import tensorflow as tf

Tensor = Any
"""A tensor, or what TensorFlow makes one of."""

BRIGHTNESS = keras_cv.layers.RandomBrightness(1.0)
CONTRAST = keras_cv.layers.RandomContrast((0, 255), 1.0)
SATURATION = keras_cv.layers.RandomSaturation(1.0)
HUE = keras_cv.layers.RandomHue(1.0, (0, 255))
GRAYSCALE = keras_cv.layers.Grayscale(output_channels=3)
COLOR_DEGENERATION = keras_cv.layers.RandomColorDegeneration(1.0)
CHANNEL_SHIFT = keras_cv.layers.RandomChannelShift((0, 255), 1.0)
CHANNEL_SHUFFLE = keras_cv.layers.ChannelShuffle(3)
SOLARIZATION = keras_cv.layers.Solarization((0, 255))
AUTO_CONTRAST = keras_cv.layers.AutoContrast((0, 255))
SHARPNESS = keras_cv.layers.RandomSharpness(1.0, (0, 255))
JPEG_QUALITY = keras_cv.layers.RandomJpegQuality((1, 100))


def flip_horizontal(images: Tensor) -> Tensor:
    """Left and right change places."""
    layer = keras_cv.layers.RandomFlip("horizontal")
    ones = tf.ones((tf.shape(images)[0], 1))
    flips = {"flip_horizontals": ones, "flip_verticals": 0 * ones}
    return layer.augment_images(images, flips)


def flip_vertical(images: Tensor) -> Tensor:
    """Top and bottom change places."""
    layer = keras_cv.layers.RandomFlip("vertical")
    ones = tf.ones((tf.shape(images)[0], 1))
    flips = {"flip_horizontals": 0 * ones, "flip_verticals": ones}
    return layer.augment_images(images, flips)


def rotation(images: Tensor, angle: Tensor, fill: str, fill_value: float) -> Tensor:
    """A turn about the middle, in degrees counter-clockwise."""
    layer = keras_cv.layers.RandomRotation(1.0, fill_mode=fill, fill_value=fill_value)
    radians = tf.cast(angle, tf.float32) * (np.pi / 180)
    return layer.augment_images(images, {"angles": radians})


def translation(
    images: Tensor, down: Tensor, right: Tensor, fill: str, fill_value: float
) -> Tensor:
    """A shift by shares of height and width."""
    layer = keras_cv.layers.RandomTranslation(1.0, 1.0, fill_mode=fill, fill_value=fill_value)
    shifts = {
        "height_translations": tf.reshape(tf.cast(down, tf.float32), (-1, 1)),
        "width_translations": tf.reshape(tf.cast(right, tf.float32), (-1, 1)),
    }
    return layer.augment_images(images, shifts)


def zoom(images: Tensor, zoom: Tensor, fill: str, fill_value: float) -> Tensor:
    """Larger or smaller about the middle; the layer counts the other way round."""
    layer = keras_cv.layers.RandomZoom(0.5, fill_mode=fill, fill_value=fill_value)
    read = tf.reshape(1 / tf.cast(zoom, tf.float32), (-1, 1))
    return layer.augment_images(images, {"height_zooms": read, "width_zooms": read})


def brightness(images: Tensor, shift: Tensor) -> Tensor:
    """Add `shift` levels."""
    return BRIGHTNESS.augment_images(tf.convert_to_tensor(images), per_picture(shift))


def contrast(images: Tensor, factor: Tensor) -> Tensor:
    """Multiply distances to each channel's mean."""
    return CONTRAST.augment_images(images, per_picture(factor))


def saturation(images: Tensor, factor: Tensor) -> Tensor:
    """Multiply the saturation of HSV; the layer takes f / (1 + f) for a factor f."""
    factor = tf.cast(factor, tf.float32)
    return SATURATION.augment_images(images, factor / (1 + factor))


def hue(images: Tensor, degrees: Tensor) -> Tensor:
    """Turn the colour circle."""
    return HUE.augment_images(images, tf.cast(degrees, tf.float32) / 360)


def grayscale(images: Tensor) -> Tensor:
    """The weighted mean of the channels, three times."""
    return GRAYSCALE.augment_images(images)


def fade(images: Tensor, share: Tensor) -> Tensor:
    """Blend with the grey picture; less than 0 makes colours stronger."""
    return COLOR_DEGENERATION.augment_images(images, per_picture(share))


def channel_shift(images: Tensor, shifts: Tensor) -> Tensor:
    """Add (n, 3) levels."""
    shares = tf.cast(shifts, tf.float32) / 255
    pairs = (tf.convert_to_tensor(images), shares)
    return tf.map_fn(
        lambda pair: CHANNEL_SHIFT.augment_image(pair[0], pair[1]),
        pairs,
        fn_output_signature=tf.float32,
    )


def channel_shuffle(images: Tensor, order: Tensor) -> Tensor:
    """Channels in the (n, 3) order."""
    images = tf.convert_to_tensor(images)
    return CHANNEL_SHUFFLE.augment_images(images, tf.cast(order, tf.int32))


def solarize(images: Tensor, threshold: Tensor) -> Tensor:
    """255 minus the value, from the threshold on."""
    return SOLARIZATION.augment_images(
        images, {"additions": 0.0, "thresholds": per_picture(threshold)}
    )


def auto_contrast(images: Tensor) -> Tensor:
    """Darkest value to 0, brightest to 255, in each channel."""
    return AUTO_CONTRAST.augment_images(images)


def sharpness(images: Tensor, factor: Tensor) -> Tensor:
    """Away from the smoothed picture; the layer's 0 is the picture, its 1 the smoothed one."""
    return SHARPNESS.augment_images(images, 1 - per_picture(factor))


def jpeg_quality(images: Tensor, quality: Tensor) -> Tensor:
    """Write as JPEG and read again; the layer needs values from 0 to 1."""
    pairs = (tf.convert_to_tensor(images) / 255, tf.cast(quality, tf.int32))
    changed = tf.map_fn(
        lambda pair: JPEG_QUALITY.augment_image(pair[0], pair[1]),
        pairs,
        fn_output_signature=tf.float32,
    )
    return changed * 255


def cutout(
    images: Tensor, row: Tensor, column: Tensor, side_px: Tensor, shade: Tensor
) -> Tensor:
    """Fill one square round a place; the shade is one for all pictures."""
    layer = keras_cv.layers.RandomCutout(1.0, 1.0, fill_value=float(np.ravel(shade)[0]))
    squares = {
        "centers_x": column,
        "centers_y": row,
        "rectangles_height": side_px,
        "rectangles_width": side_px,
    }
    return layer.augment_images(images, squares)


def per_picture(values: Tensor) -> Tensor:
    """(n,) numbers as (n, 1, 1, 1), for pictures."""
    return tf.reshape(tf.cast(values, tf.float32), (-1, 1, 1, 1))
