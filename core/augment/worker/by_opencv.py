"""Augmentations by OpenCV and NumPy, where no layer of Keras or KerasCV is right.

Every function takes one picture (H, W, C), float32 from 0 to 255, and the values that were
drawn; it gives a picture of the same size. Functions are named after the kinds of steps.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

BORDERS = {
    "reflect": cv2.BORDER_REFLECT,
    "constant": cv2.BORDER_CONSTANT,
    "nearest": cv2.BORDER_REPLICATE,
    "wrap": cv2.BORDER_WRAP,
}
"""OpenCV's names of what is beyond the border, by Keras' names."""


def bend(
    image: Image,
    columns: Image,
    rows: Image,
    fill: str = "reflect",
    fill_value: float = 0.0,
    interpolation: str = "bilinear",
) -> Image:
    """Read every pixel at the column and the row that two (H, W) arrays say."""
    how = cv2.INTER_NEAREST if interpolation == "nearest" else cv2.INTER_LINEAR
    moved = cv2.remap(
        image, columns, rows, how, borderMode=BORDERS[fill], borderValue=[float(fill_value)] * 4
    )
    return np.asarray(moved, np.float32).reshape(image.shape)


def warp(image: Image, matrix: Floats, fill: str = "reflect", fill_value: float = 0.0) -> Image:
    """Read every pixel where a (3, 3) map from new places to old ones says.

    To a hundredth of a level what Keras' affine_transform gives, in a quarter of its time; but
    not where the other side is seen beyond the border.
    """
    height, width = image.shape[:2]
    moved = cv2.warpPerspective(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=BORDERS[fill],
        borderValue=[float(fill_value)] * 4,
    )
    return np.asarray(moved, np.float32).reshape(image.shape)


def hue(image: Image, degrees: float) -> Image:
    """Turn the colour circle, as Keras does in four times the time."""
    hsv = cv2.cvtColor(image / np.float32(255), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + np.float32(degrees)) % 360
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255, np.float32)


def saturation(image: Image, factor: float) -> Image:
    """Multiply the saturation of HSV, as Keras and KerasCV do in four times the time."""
    hsv = cv2.cvtColor(image / np.float32(255), cv2.COLOR_RGB2HSV)
    hsv[..., 1] = np.clip(hsv[..., 1] * np.float32(factor), 0, 1)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255, np.float32)


def clahe(image: Image, limit: float, tiles: int) -> Image:
    """Equalize the lightness tile by tile."""
    equalizer = cv2.createCLAHE(limit, (int(tiles), int(tiles)))
    levels = np.rint(image).astype(np.uint8)
    if levels.shape[2] == 1:
        return equalizer.apply(levels[..., 0])[..., None].astype(np.float32)
    lab = cv2.cvtColor(levels, cv2.COLOR_RGB2Lab)
    lab[..., 0] = equalizer.apply(np.ascontiguousarray(lab[..., 0]))
    return cv2.cvtColor(lab, cv2.COLOR_Lab2RGB).astype(np.float32)


def gaussian_blur(image: Image, sigma: float) -> Image:
    """Blur with a bell-shaped kernel; the border is mirrored."""
    if sigma < 0.05:  # all of the kernel's weight is on its middle
        return image
    side = 2 * int(np.ceil(3 * sigma)) + 1
    blurred = cv2.GaussianBlur(image, (side, side), float(sigma))
    return np.asarray(blurred, np.float32).reshape(image.shape)


def motion_blur(image: Image, length: float, angle: float) -> Image:
    """The mean over a straight way of the camera."""
    return filtered(image, streak(float(length), float(angle), np.inf))


def gaussian_noise(image: Image, sigma: float, noise_seed: int) -> Image:
    """Add a number of its own to every value."""
    noise = np.random.default_rng(int(noise_seed)).normal(0, sigma, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.float32)


def salt_pepper(image: Image, share: float, noise_seed: int) -> Image:
    """Set single pixels to black or to white."""
    chance = np.random.default_rng(int(noise_seed)).random((*image.shape[:2], 1))
    dark, bright = chance < share / 2, chance >= 1 - share / 2
    return np.where(bright, 255, np.where(dark, 0, image)).astype(np.float32)


def pixelate(image: Image, share: float) -> Image:
    """Make it smaller, each new pixel the mean of its old ones, and enlarge it again."""
    height, width = image.shape[:2]
    size = max(round(width * float(share)), 1), max(round(height * float(share)), 1)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(large, np.float32).reshape(image.shape)


def corrupt_gaussian_noise(image: Image, severity: int, noise_seed: int) -> Image:
    """Grain with a standard deviation of 0.08 to 0.38."""
    return gaussian_noise(
        image, 255 * (0.0, 0.08, 0.12, 0.18, 0.26, 0.38)[severity], noise_seed
    )


def corrupt_shot_noise(image: Image, severity: int, noise_seed: int) -> Image:
    """Counts of photons: 60 down to 3 for white."""
    photons = (0, 60, 25, 12, 5, 3)[severity]
    if photons == 0:
        return image
    counts = np.random.default_rng(int(noise_seed)).poisson(image / 255 * photons)
    return np.clip(counts / photons * 255, 0, 255).astype(np.float32)


def corrupt_impulse_noise(image: Image, severity: int, noise_seed: int) -> Image:
    """3 % to 27 % of the values black or white, each channel by itself."""
    share = (0.0, 0.03, 0.06, 0.09, 0.17, 0.27)[severity]
    chance = np.random.default_rng(int(noise_seed)).random(image.shape)
    changed = np.where(chance >= 1 - share / 2, 255, image)
    return np.where(chance < share / 2, 0, changed).astype(np.float32)


def corrupt_defocus_blur(image: Image, severity: int, noise_seed: int) -> Image:
    """Every point becomes a disc with a radius of 3 to 10 pixels of 224."""
    if severity == 0:
        return image
    radius = (0, 3, 4, 6, 8, 10)[severity] * min(image.shape[:2]) / 224
    reach = int(np.ceil(radius)) + 1
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1)
    return filtered(image, disc / disc.sum())


def corrupt_motion_blur(image: Image, severity: int, noise_seed: int) -> Image:
    """A way with a bell-shaped weight, in a direction within 45 degrees of level."""
    if severity == 0:
        return image
    scale = min(image.shape[:2]) / 224
    radius, sigma = ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))[severity - 1]
    angle = np.random.default_rng(int(noise_seed)).uniform(-45, 45)
    return filtered(image, streak(2 * radius * scale + 1, angle, sigma * scale))


def corrupt_zoom_blur(image: Image, severity: int, noise_seed: int) -> Image:
    """The mean of enlargements, up to 1.11 to 1.33 times."""
    if severity == 0:
        return image
    stop, step = ((1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02), (1.33, 0.03))[
        severity - 1
    ]
    height, width = image.shape[:2]
    total = image.astype(np.float64)
    zooms = np.arange(1, stop, step)
    for zoom in zooms:
        x, y = (width - 1) / 2 * (1 - 1 / zoom), (height - 1) / 2 * (1 - 1 / zoom)
        back = np.array([[1 / zoom, 0, x], [0, 1 / zoom, y]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        total += cv2.warpAffine(image, back, (width, height), flags=flags).reshape(image.shape)
    return (total / (len(zooms) + 1)).astype(np.float32)


def corrupt_fog(image: Image, severity: int, noise_seed: int) -> Image:
    """A veil of clouds, 1.5 to 3 times as bright as white, and all made darker again."""
    if severity == 0:
        return image
    amount, decay = ((1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4))[severity - 1]
    highest = float(image.max()) / 255
    height, width = image.shape[:2]
    veil = amount * clouds(height, width, decay, noise_seed)[..., None]
    foggy = (image / 255 + veil) * highest / max(highest + amount, 1e-6)
    return np.clip(255 * foggy, 0, 255).astype(np.float32)


def corrupt_brightness(image: Image, severity: int, noise_seed: int) -> Image:
    """0.1 to 0.5 more of the V of HSV."""
    more = 255 * (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)[severity]
    if image.shape[2] == 1:
        return np.asarray(np.clip(image + more, 0, 255), np.float32)
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    hsv[..., 2] = np.clip(hsv[..., 2] + more, 0, 255)
    changed = np.clip(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), 0, 255)
    return np.asarray(changed, np.float32)


def corrupt_contrast(image: Image, severity: int, noise_seed: int) -> Image:
    """0.4 to 0.05 of the distance to each channel's mean."""
    left = (1.0, 0.4, 0.3, 0.2, 0.1, 0.05)[severity]
    means = image.mean(axis=(0, 1), keepdims=True)
    return np.asarray(np.clip((image - means) * left + means, 0, 255), np.float32)


def corrupt_pixelate(image: Image, severity: int, noise_seed: int) -> Image:
    """0.6 to 0.25 of the pixels along each side."""
    return pixelate(image, (1.0, 0.6, 0.5, 0.4, 0.3, 0.25)[severity])


def fourier_mix(
    image: Image, other: Image, weight: float, decay: float, shape_seed: int
) -> Image:
    """Blots of another picture."""
    height, width = image.shape[:2]
    own = fourier_shape(height, width, weight, decay, shape_seed)[..., None]
    return np.where(own > 0, image, other)


def fourier_shape(
    height: int, width: int, weight: float, decay: float, shape_seed: int
) -> Floats:
    """(H, W): 1 where a picture keeps its own pixels, `weight` of all; 0 in the blots.

    White noise whose frequencies are weakened by 1 / f**decay has blots of few sizes; the
    brightest share of it is kept.
    """
    noise = np.random.default_rng(int(shape_seed)).normal(size=(height, width))
    field = smooth_noise(noise, float(decay))
    kept = np.zeros(field.size)
    dark = field.size - round(weight * field.size)
    if dark < field.size:
        kept[np.argpartition(field, dark, axis=None)[dark:]] = 1.0
    return kept.reshape(height, width)


def clouds(height: int, width: int, decay: float, seed: int) -> Floats:
    """(H, W) from 0 to 1: fractal clouds, rougher with a smaller decay."""
    noise = np.random.default_rng(int(seed)).normal(size=(height, width))
    field = smooth_noise(noise, np.log2(decay) + 1)
    return np.asarray((field - field.min()) / max(np.ptp(field), 1e-12))


def smooth_noise(noise: Floats, decay: float) -> Floats:
    """Noise whose frequencies are weakened by 1 / f**decay."""
    height, width = noise.shape
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    frequency = np.maximum(np.hypot(down, across), 1 / max(height, width))
    return np.fft.irfft2(np.fft.rfft2(noise) / frequency**decay, noise.shape)


def streak(length: float, angle: float, sigma: float) -> Floats:
    """A kernel along a line through its middle, with weights that add up to 1.

    Points close together on the line give their weight to the four pixels round them.

    Args:
        length: pixels that the line touches; 1 is the middle alone.
        angle: counter-clockwise from level, in degrees.
        sigma: standard deviation of the weights along the line; infinite makes them equal.
    """
    half = max(length - 1, 0) / 2
    reach = int(np.ceil(half)) + 1
    along = np.linspace(-half, half, 8 * int(np.ceil(length)) + 1)
    x = along * np.cos(np.radians(angle)) + reach
    y = -along * np.sin(np.radians(angle)) + reach
    weights = np.zeros((2 * reach + 1, 2 * reach + 1))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for down, across in ((0, 0), (0, 1), (1, 0), (1, 1)):
        share = (1 - np.abs(y - top - down)) * (1 - np.abs(x - left - across))
        at = np.minimum(top + down, 2 * reach), np.minimum(left + across, 2 * reach)
        np.add.at(weights, at, share * np.exp(-(along**2) / (2 * sigma**2)))
    return np.asarray(weights / weights.sum())


def filtered(image: Image, kernel: Floats) -> Image:
    """The correlation with a kernel; the border is mirrored."""
    answer = cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(np.clip(answer, 0, 255), np.float32).reshape(image.shape)
