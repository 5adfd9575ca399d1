"""Ways to make a feature map larger again, each with the trace of every value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.arithmetic.convolution import ConvSpec, convolve
from core.arithmetic.errors import ShapeError
from core.arithmetic.layer import as_image
from core.arithmetic.links import Links, link, window_links

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Upsampled:
    """A larger feature map.

    Attributes:
        output: (OH, OW, C) float64.
        links: from each value of the output to those of the input that it is the weighted sum
            of.
    """

    output: FloatArray
    links: Links

    @property
    def overlap(self) -> npt.NDArray[np.intp]:
        """(OH, OW) how many input values reach each place of the first output plane."""
        height, width, channels = self.output.shape
        return self.links.counts.reshape(height, width, channels)[..., 0]


def upsample_nearest(feature_map: npt.ArrayLike, factor: int) -> Upsampled:
    """Repeat every value `factor` times down and across.

    Args:
        feature_map: (H, W, C).
        factor: at least 1.

    Example:
        >>> import numpy as np
        >>> upsample_nearest(np.array([[[1.0], [2.0]]]), 2).output[..., 0].tolist()
        [[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]
    """
    image = as_image(feature_map)
    matrices = [np.repeat(np.eye(n), factor, axis=0) for n in image.shape[:2]]
    return _separable(image, *matrices)


def upsample_bilinear(
    feature_map: npt.ArrayLike, factor: int, *, align_corners: bool = False
) -> Upsampled:
    """Interpolate between the four nearest values.

    Args:
        feature_map: (H, W, C).
        factor: at least 1.
        align_corners: False: pixels are squares and their middles are compared, as Keras'
            `UpSampling2D` does; the border repeats its own value. True: the first and last
            pixel stay where they are, and the distances in between are stretched.

    Source: Keras' `UpSampling2D(interpolation="bilinear")`; PyTorch's `Upsample` for
    `align_corners`.
    """
    image = as_image(feature_map)
    matrices = [_bilinear_matrix(n, factor, align_corners) for n in image.shape[:2]]
    return _separable(image, *matrices)


def _bilinear_matrix(size: int, factor: int, align_corners: bool) -> FloatArray:
    """(outputs, size) weights along one axis."""
    place = np.arange(size * factor)
    if align_corners:
        at = place * (size - 1) / max(size * factor - 1, 1)
    else:
        at = ((place + 0.5) / factor - 0.5).clip(0, size - 1)
    low = np.floor(at).astype(np.intp).clip(0, max(size - 2, 0))
    matrix = np.zeros((size * factor, size))
    share = at - low
    matrix[place, low] += 1 - share
    matrix[place, np.minimum(low + 1, size - 1)] += share
    return matrix


def _separable(image: FloatArray, rows: FloatArray, columns: FloatArray) -> Upsampled:
    """Weights along the rows times weights along the columns."""
    height, width, channels = image.shape
    output = np.einsum("or,pc,rck->opk", rows, columns, image)
    o, r = np.nonzero(rows)
    p, c = np.nonzero(columns)
    targets = o[:, None] * columns.shape[0] + p[None, :]
    sources = r[:, None] * width + c[None, :]
    weights = rows[o, r][:, None] * columns[p, c][None, :]
    channel = np.arange(channels)
    links = link(
        (targets[..., None] * channels + channel).ravel(),
        (sources[..., None] * channels + channel).ravel(),
        np.repeat(weights.ravel(), channels),
        places=output.size,
        size=height * width * channels,
    )
    return Upsampled(output, links)


def upsample_transposed(
    feature_map: npt.ArrayLike, kernel: npt.ArrayLike, factor: int
) -> Upsampled:
    """A transposed convolution: every value puts the kernel down, scaled, `factor` apart.

    Where the kernel's size is no multiple of the factor, some places are reached by more values
    than their neighbours: a checkerboard.

    Args:
        feature_map: (H, W, C); each channel is treated alike, on its own.
        kernel: (kh, kw).
        factor: the stride, at least 1.

    Returns:
        (H * factor, W * factor, C), as Keras' `Conv2DTranspose(padding="same")`.

    Source: Odena, Dumoulin & Olah 2016, "Deconvolution and checkerboard artifacts".
    """
    image, weights = as_image(feature_map), np.asarray(kernel, dtype=np.float64)
    channels = image.shape[2]
    height, width = (int(n) for n in weights.shape)
    spec = ConvSpec(
        kernel_size=(height, width),
        stride=factor,
        padding="same",
        transposed=True,
        groups=channels,
    )
    bank = np.repeat(weights[:, :, None, None], channels, axis=3)
    result = convolve(image, bank, spec)
    links = window_links(result.rows, result.columns, weights, channels=channels)
    return Upsampled(result.output, links)


def bilinear_kernel(size: int) -> FloatArray:
    """(size, size) weights of a tent: a transposed convolution with these interpolates.

    With size 2 * factor - factor % 2 it is bilinear interpolation, away from the border.

    Example:
        >>> bilinear_kernel(4)[1].tolist()
        [0.1875, 0.5625, 0.5625, 0.1875]

    Source: Long, Shelhamer & Darrell 2015, section 3.3; Caffe's `BilinearFiller`.
    """
    factor = (size + 1) // 2
    centre = (2 * factor - 1 - factor % 2) / (2.0 * factor)
    tent = 1 - np.abs(np.arange(size) / factor - centre)
    return np.outer(tent, tent)


def pixel_shuffle(feature_map: npt.ArrayLike, factor: int) -> Upsampled:
    """Turn groups of factor * factor channels into blocks of pixels.

    Output channel c takes its pixel (i, j) of each block from input channel
    (i * factor + j) * C + c, the order of `tf.nn.depth_to_space`; PyTorch's `PixelShuffle`
    counts c * factor * factor + i * factor + j instead.

    Args:
        feature_map: (H, W, factor * factor * C).
        factor: at least 1.

    Returns:
        (H * factor, W * factor, C).

    Raises:
        ShapeError: the channels are no multiple of factor * factor.

    Source: Shi et al. 2016, "Real-time single image and video super-resolution using an
    efficient sub-pixel convolutional neural network", equation 4.
    """
    image = as_image(feature_map)
    height, width, deep = image.shape
    channels, rest = divmod(deep, factor * factor)
    if rest:
        raise ShapeError(
            f"{deep} channels are no multiple of {factor} * {factor} = {factor * factor}. "
            f"Use {factor * factor * (channels + 1)} channels or another factor."
        )
    places = np.arange(image.size).reshape(height, width, factor, factor, channels)
    order = places.transpose(0, 2, 1, 3, 4).ravel()
    output = image.reshape(-1)[order].reshape(height * factor, width * factor, channels)
    return Upsampled(
        output, link(np.arange(image.size), order, places=image.size, size=image.size)
    )


def is_even_overlap(kernel: int, factor: int) -> bool:
    """Whether every place away from the border is reached by equally many values.

    Source: Odena, Dumoulin & Olah 2016: the kernel size is divisible by the stride.
    """
    return kernel % factor == 0
