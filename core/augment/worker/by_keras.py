"""Augmentations by Keras 3: layers and operations, given the numbers that were drawn.

Keras' layers draw in `get_random_transformation` and apply in `transform_images`; here only
the second is called. Every function takes pictures (n, H, W, C), float32 from 0 to 255, and for
each value (n, ...) numbers, one for each picture; it gives as many pictures of the same size.
All work in a `tf.data` pipeline too. Functions are named after the kinds of steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

Tensor = Any
"""A tensor, or what Keras makes one of."""
Branches = Sequence[Callable[[Tensor, Tensor, Tensor], Tensor]]

BRIGHTNESS = keras.layers.RandomBrightness(1.0)
CONTRAST = keras.layers.RandomContrast(1.0)
SATURATION = keras.layers.RandomSaturation(1.0, value_range=(0, 1))
HUE = keras.layers.RandomHue(1.0)
GRAYSCALE = keras.layers.RandomGrayscale(1.0)
COLOR_DEGENERATION = keras.layers.RandomColorDegeneration(1.0)
INVERT = keras.layers.RandomInvert(1.0)
SOLARIZATION = keras.layers.Solarization()
POSTERIZATION = keras.layers.RandomPosterization(4)
AUTO_CONTRAST = keras.layers.AutoContrast()
ERASING = keras.layers.RandomErasing(1.0)
MIX_UP = keras.layers.MixUp()
CUT_MIX = keras.layers.CutMix()


def warp(
    images: Tensor,
    matrices: Tensor,
    fill: str = "reflect",
    fill_value: float = 0.0,
    interpolation: str = "bilinear",
) -> Tensor:
    """Read every pixel where a (n, 3, 3) map from new places to old ones says."""
    flat = keras.ops.reshape(keras.ops.cast(matrices, "float32"), (-1, 9))
    return keras.ops.image.affine_transform(
        images,
        flat[:, :8] / flat[:, 8:],
        interpolation=interpolation,
        fill_mode=fill,
        fill_value=fill_value,
    )


def flip_horizontal(images: Tensor) -> Tensor:
    """Left and right change places."""
    return keras.ops.flip(images, axis=2)


def flip_vertical(images: Tensor) -> Tensor:
    """Top and bottom change places."""
    return keras.ops.flip(images, axis=1)


def brightness(images: Tensor, shift: Tensor) -> Tensor:
    """Add `shift` levels."""
    return BRIGHTNESS.transform_images(images, {"rgb_delta": per_picture(shift)})


def exposure(images: Tensor, factor: Tensor) -> Tensor:
    """Multiply by `factor`."""
    return keras.ops.clip(images * per_picture(factor), 0, 255)


def contrast(images: Tensor, factor: Tensor) -> Tensor:
    """Multiply distances to each channel's mean."""
    return CONTRAST.transform_images(images, {"contrast_factor": per_picture(factor)})


def saturation(images: Tensor, factor: Tensor) -> Tensor:
    """Multiply the saturation of HSV; values go as 0 to 1, with others the layer goes wrong."""
    changed = SATURATION.transform_images(images / 255.0, {"factor": factor})
    return changed * 255.0


def hue(images: Tensor, degrees: Tensor) -> Tensor:
    """Turn the colour circle."""
    return HUE.transform_images(images, {"factor": degrees / 360.0})


def gamma(images: Tensor, gamma: Tensor) -> Tensor:
    """A power of value / 255."""
    return 255.0 * keras.ops.power(images / 255.0, per_picture(gamma))


def temperature(images: Tensor, red: Tensor, blue: Tensor) -> Tensor:
    """A gain for red and one for blue."""
    gains = keras.ops.stack([red, keras.ops.ones_like(red), blue], axis=-1)
    return keras.ops.clip(images * gains[:, None, None, :], 0, 255)


def grayscale(images: Tensor) -> Tensor:
    """The weighted mean of the channels, three times."""
    return GRAYSCALE.transform_images(images, True)


def fade(images: Tensor, share: Tensor) -> Tensor:
    """Blend with the grey picture; less than 0 makes colours stronger."""
    return COLOR_DEGENERATION.transform_images(images, {"factor": per_picture(share)})


def channel_shift(images: Tensor, shifts: Tensor) -> Tensor:
    """Add (n, 3) levels."""
    return keras.ops.clip(images + shifts[:, None, None, :], 0, 255)


def channel_shuffle(images: Tensor, order: Tensor) -> Tensor:
    """Channels in the (n, 3) order."""
    places = keras.ops.cast(order, "int32")[:, None, None, :]
    places = keras.ops.broadcast_to(places, keras.ops.shape(images))
    return keras.ops.take_along_axis(images, places, axis=-1)


def invert(images: Tensor) -> Tensor:
    """255 minus the value."""
    every = keras.ops.ones((keras.ops.shape(images)[0],), "bool")
    return INVERT.transform_images(images, {"apply_inversion": every})


def solarize(images: Tensor, threshold: Tensor) -> Tensor:
    """255 minus the value, from the threshold on."""
    return SOLARIZATION.transform_images(
        images, {"additions": 0.0, "thresholds": per_picture(threshold)}
    )


def posterize(images: Tensor, bits: Tensor) -> Tensor:
    """Keep the highest bits."""
    shift = keras.ops.cast(8 - bits, "uint8")
    return POSTERIZATION.transform_images(images, {"shift_factor": shift})


def equalize(images: Tensor) -> Tensor:
    """Spread the values of each channel evenly; a channel of one level stays.

    keras.layers.Equalization gives the same for one picture; of several it counts all together.
    """
    height, width, channels = images.shape[1:]
    levels = keras.ops.cast(keras.ops.round(images), "int32")
    rows = keras.ops.reshape(keras.ops.transpose(levels, (0, 3, 1, 2)), (-1, height * width))
    counts = tf.math.bincount(rows, minlength=256, maxlength=256, axis=-1)
    sums = keras.ops.cumsum(counts, axis=-1)
    total = height * width
    darkest = keras.ops.min(keras.ops.where(counts > 0, sums, total), axis=-1, keepdims=True)
    share = (sums - darkest) / keras.ops.maximum(total - darkest, 1)
    spread = keras.ops.cast(keras.ops.round(255 * keras.ops.maximum(share, 0)), "float32")
    table = keras.ops.where(darkest < total, spread, keras.ops.arange(256, dtype="float32"))
    planes = keras.ops.reshape(
        keras.ops.take_along_axis(table, rows, axis=1), (-1, channels, height, width)
    )
    return keras.ops.transpose(planes, (0, 2, 3, 1))


def auto_contrast(images: Tensor) -> Tensor:
    """Darkest value to 0, brightest to 255, in each channel."""
    return AUTO_CONTRAST.transform_images(images)


def sharpness(images: Tensor, factor: Tensor) -> Tensor:
    """Away from the smoothed picture; the outermost pixels stay, as in Pillow.

    keras.layers.RandomSharpness smooths them with zeros from outside, which leaves a frame.
    """
    channels = images.shape[-1]
    kernel = np.full((3, 3, channels, 1), 1 / 13, "float32")
    kernel[1, 1] = 5 / 13
    inner = images[:, 1:-1, 1:-1]
    smoothed = keras.ops.depthwise_conv(images, kernel, padding="valid")
    away = per_picture(factor) - 1.0
    changed = keras.ops.clip(inner + away * (inner - smoothed), 0, 255)
    border = [[0, 0], [1, 1], [1, 1], [0, 0]]
    is_inner = keras.ops.pad(keras.ops.ones_like(inner), border)
    return keras.ops.where(is_inner > 0, keras.ops.pad(changed, border), images)


def jpeg_quality(images: Tensor, quality: Tensor) -> Tensor:
    """Write as JPEG and read again."""

    def one(pair: tuple[Tensor, Tensor]) -> Tensor:
        return tf.image.adjust_jpeg_quality(pair[0] / 255.0, pair[1]) * 255.0

    pairs = (tf.convert_to_tensor(images), tf.cast(quality, tf.int32))
    return tf.map_fn(one, pairs, fn_output_signature=tf.float32)


def random_erasing(
    images: Tensor,
    top: Tensor,
    left: Tensor,
    height: Tensor,
    width: Tensor,
    noise_seed: Tensor,
    shade: Tensor,
) -> Tensor:
    """Fill one rectangle with noise, or with a level where the seed is -1."""

    def noise(seed: Tensor) -> Tensor:
        return 255.0 * tf.random.stateless_uniform(images.shape[1:], [seed, 0])

    hidden = rectangle(images, top, left, top + height, left + width)
    grey = keras.ops.broadcast_to(per_picture(shade), keras.ops.shape(images))
    seeds = keras.ops.maximum(keras.ops.cast(noise_seed, "int32"), 0)
    drawn = tf.map_fn(noise, seeds, fn_output_signature=tf.float32)
    content = keras.ops.where(per_picture(noise_seed) < 0, grey, drawn)
    every = keras.ops.ones((keras.ops.shape(images)[0],), "bool")
    return ERASING.transform_images(
        images, {"batch_masks": hidden, "fill_value": content, "apply_erasing": every}
    )


def cutout(
    images: Tensor, row: Tensor, column: Tensor, side_px: Tensor, shade: Tensor
) -> Tensor:
    """Fill one square round a place."""
    rows, columns = places(images)
    row, column, half = (keras.ops.cast(part, "float32") for part in (row, column, side_px / 2))
    hidden = within(rows, row - half, row + half) & within(
        columns, column - half, column + half
    )
    return keras.ops.where(hidden, per_picture(shade), images)


def holes(
    images: Tensor, count: Tensor, corners: Tensor, side_px: Tensor, shade: Tensor
) -> Tensor:
    """Fill the first `count` of (n, 64, 2) squares, by their upper left corners."""
    height, width = images.shape[1:3]
    first = keras.ops.arange(64)[None] < count[:, None]
    side = keras.ops.cast(side_px, "float32")[:, None]
    top = keras.ops.floor(corners[..., 0] * (height - side) + 0.5)
    left = keras.ops.floor(corners[..., 1] * (width - side) + 0.5)
    down = keras.ops.arange(height, dtype="float32")[None, None] - top[..., None]
    right = keras.ops.arange(width, dtype="float32")[None, None] - left[..., None]
    side = side[..., None]
    in_rows = (down >= 0) & (down < side) & first[..., None]
    in_columns = (right >= 0) & (right < side)
    overlaps = keras.ops.einsum(
        "nkh,nkw->nhw",
        keras.ops.cast(in_rows, "float32"),
        keras.ops.cast(in_columns, "float32"),
    )
    return keras.ops.where(overlaps[..., None] > 0, per_picture(shade), images)


def grid_mask(
    images: Tensor,
    unit: Tensor,
    ratio: Tensor,
    hidden: Tensor,
    down: Tensor,
    right: Tensor,
    angle: Tensor,
    shade: Tensor,
) -> Tensor:
    """Fill a grid of squares, turned about the middle of the picture."""
    height, width = images.shape[1:3]
    rows, columns = places(images)
    rows, columns = rows - (height - 1) / 2, columns - (width - 1) / 2
    radians = per_picture(angle) * (np.pi / 180)
    cos, sin = keras.ops.cos(radians), keras.ops.sin(radians)
    across = (cos * columns - sin * rows) / per_picture(unit) + per_picture(right)
    along = (sin * columns + cos * rows) / per_picture(unit) + per_picture(down)
    inside = (across % 1 < per_picture(ratio)) & (along % 1 < per_picture(ratio))
    return keras.ops.where(inside, per_picture(shade), images)


def mix_up(images: Tensor, weight: Tensor, partner: Tensor) -> Tensor:
    """Blend each picture with the one at its partner's place in the batch."""
    return MIX_UP.transform_images(
        images, {"mix_weight": weight, "permutation_order": keras.ops.cast(partner, "int32")}
    )


def cut_mix(
    images: Tensor,
    row: Tensor,
    column: Tensor,
    height: Tensor,
    width: Tensor,
    partner: Tensor,
) -> Tensor:
    """Take a rectangle round a place from the partner's picture."""
    cut = rectangle(
        images, row - height / 2, column - width / 2, row + height / 2, column + width / 2
    )
    return CUT_MIX.transform_images(
        images, {"batch_masks": cut, "permutation_order": keras.ops.cast(partner, "int32")}
    )


def mosaic(images: Tensor, row: Tensor, column: Tensor, partners: Tensor) -> Tensor:
    """Put four pictures round a place: itself upper left, then (n, 3) others row by row.

    Each is shown with the corner that lies at the middle, the rest is cut off.
    """
    height, width = images.shape[1:3]
    rows, columns = places(images)
    middle_row = keras.ops.floor(per_picture(row) * height + 0.5)
    middle_column = keras.ops.floor(per_picture(column) * width + 0.5)
    below, beside = rows >= middle_row, columns >= middle_column
    from_row = keras.ops.where(below, rows - middle_row, rows - middle_row + height)
    from_column = keras.ops.where(
        beside, columns - middle_column, columns - middle_column + width
    )
    quarter = 2 * keras.ops.cast(below, "int32") + keras.ops.cast(beside, "int32")
    count = keras.ops.shape(images)[0]
    itself = keras.ops.arange(count, dtype="int32")[:, None]
    who = keras.ops.concatenate([itself, keras.ops.cast(partners, "int32")], axis=1)
    source = keras.ops.take_along_axis(who, keras.ops.reshape(quarter, (count, -1)), axis=1)
    flat = (source * height + _flat(from_row, quarter)) * width + _flat(from_column, quarter)
    pixels = keras.ops.reshape(images, (-1, images.shape[-1]))
    return keras.ops.reshape(keras.ops.take(pixels, flat, axis=0), keras.ops.shape(images))


def corrupt_jpeg(images: Tensor, severity: Tensor, noise_seed: Tensor) -> Tensor:
    """Write as JPEG with the quality of the severity, and read again."""
    qualities = np.array([100, 25, 18, 15, 10, 7], "int32")
    quality = keras.ops.take(qualities, keras.ops.cast(severity, "int32"))
    changed = jpeg_quality(images, quality)
    return keras.ops.where(per_picture(severity) > 0, changed, images)


def others(images: Tensor, shares: Tensor) -> Tensor:
    """Places in the batch, none of them the picture's own: shares from 0 to 1 of all others.

    Args:
        images: (n, H, W, C).
        shares: (n,) or (n, k).

    Returns:
        As many whole numbers.
    """
    count = keras.ops.shape(images)[0]
    flat = keras.ops.reshape(keras.ops.cast(shares, "float32"), (count, -1))
    room = keras.ops.cast(count - 1, "float32")
    place = keras.ops.cast(keras.ops.floor(flat * room), "int32")
    place = keras.ops.minimum(place, count - 2)
    own = keras.ops.arange(count, dtype="int32")[:, None]
    found = place + keras.ops.cast(place >= own, "int32")
    return keras.ops.reshape(found, keras.ops.shape(shares))


def mixed_labels(labels: Tensor, places: Tensor, shares: Tensor) -> Tensor:
    """One-hot labels (n, classes) in shares (n, 1 + k): its own, then those of others."""
    labels = keras.ops.cast(labels, "float32")
    count = keras.ops.shape(labels)[0]
    taken = keras.ops.take(labels, keras.ops.reshape(places, (count, -1)), axis=0)
    together = keras.ops.concatenate([labels[:, None], taken], axis=1)
    return keras.ops.einsum("nk,nkc->nc", keras.ops.cast(shares, "float32"), together)


def one_after_the_other(
    images: Tensor, ops: Tensor, amounts: Tensor, matrices: Tensor, branches: Branches
) -> Tensor:
    """Operations that are chosen for each picture.

    Args:
        images: (n, H, W, C).
        ops: (n, L) places in `branches`; -1 does nothing.
        amounts: (n, L) one number for each operation.
        matrices: (n, L, 3, 3) one map for each operation.
        branches: what an operation does, given (1, H, W, C), (1,) and (1, 3, 3).
    """
    choices = [lambda image, *_: image, *branches]

    def one(parts: tuple[Tensor, ...]) -> Tensor:
        image, kinds, numbers, maps = parts

        def turn(place: Tensor, image: Tensor) -> Tensor:
            given = (image[None], numbers[place, None], maps[place, None])
            return keras.ops.switch(kinds[place] + 1, choices, *given)[0]

        # A loop in the graph: unrolled, every turn would be compiled with all its choices.
        return keras.ops.fori_loop(0, ops.shape[1], turn, image)

    together = [tf.convert_to_tensor(part) for part in (images, ops, amounts, matrices)]
    return tf.map_fn(one, tuple(together), fn_output_signature=together[0].dtype)


def aug_mix(
    images: Tensor,
    ops: Tensor,
    amounts: Tensor,
    matrices: Tensor,
    weights: Tensor,
    copies: Tensor,
    branches: Branches,
) -> Tensor:
    """Chains (n, K, L) of operations, blended by (n, K) weights; `copies` is their share."""
    chains = ops.shape[1]
    kinds, numbers, maps = (
        keras.ops.reshape(part, (-1, *part.shape[2:])) for part in (ops, amounts, matrices)
    )
    copied = keras.ops.repeat(images, chains, axis=0)
    made = one_after_the_other(copied, kinds, numbers, maps, branches)
    made = keras.ops.reshape(made, (-1, chains, *images.shape[1:]))
    blend = keras.ops.einsum("nk,nkhwc->nhwc", weights, made)
    return images + per_picture(copies) * (blend - images)


def per_picture(values: Tensor) -> Tensor:
    """(n,) numbers as (n, 1, 1, 1), for pictures."""
    return keras.ops.reshape(keras.ops.cast(values, "float32"), (-1, 1, 1, 1))


def places(images: Tensor) -> tuple[Tensor, Tensor]:
    """Row (1, H, 1, 1) and column (1, 1, W, 1) of every pixel."""
    rows = keras.ops.arange(images.shape[1], dtype="float32")[None, :, None, None]
    columns = keras.ops.arange(images.shape[2], dtype="float32")[None, None, :, None]
    return rows, columns


def within(place: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Whether a place lies from `low` to below `high`."""
    return (place >= per_picture(low)) & (place < per_picture(high))


def rectangle(images: Tensor, top: Tensor, left: Tensor, low: Tensor, right: Tensor) -> Tensor:
    """(n, H, W, 1): the pixels whose middle lies in a rectangle given in shares."""
    height, width = images.shape[1:3]
    rows, columns = places(images)
    return within((rows + 0.5) / height, top, low) & within(
        (columns + 0.5) / width, left, right
    )


def _flat(values: Tensor, like: Tensor) -> Tensor:
    """(n, H * W) whole numbers."""
    values = keras.ops.broadcast_to(keras.ops.cast(values, "int32"), keras.ops.shape(like))
    return keras.ops.reshape(values, (keras.ops.shape(like)[0], -1))
