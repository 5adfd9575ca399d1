"""Corruptions in five severities, to test how robust a network is.

The numbers of each severity are those of ImageNet-C, whose pictures have 224 pixels along each
side; lengths in pixels grow with the shorter side. Severity 0 changes nothing.

Source: Hendrycks & Dietterich 2019, "Benchmarking neural network robustness to common
corruptions and perturbations", section 3.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Group, Library, StepModel, Values


class Corruption(StepModel):
    """One corruption; where it is drawn at random, a seed says how."""

    group: ClassVar[Group] = "corruptions"
    source = "Hendrycks & Dietterich 2019, section 3"
    library: ClassVar[Library] = "opencv"
    says = "severity {severity} of 5"
    neutral: ClassVar[dict[str, float]] = {"severity": 0}

    severity: int = Field(
        3, ge=0, le=5, title="Severity",
        description="From 0, which changes nothing, to 5; the benchmark's mean is over 1 to 5.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, severity: int) -> Values:
        """The severity, and a seed for what is drawn."""
        return {"severity": severity, "noise_seed": int(rng.integers(2**31))}


class CorruptGaussianNoise(Corruption):
    """Grain, as in low light."""

    title = "Noise: Gaussian"
    about = "Grain, as in low light."
    made_by = "numpy.random.Generator.normal"

    kind: Literal["corrupt_gaussian_noise"] = "corrupt_gaussian_noise"


class CorruptShotNoise(Corruption):
    """Light comes in single photons, and few of them make grain."""

    title = "Noise: shot"
    about = "Light comes in single photons, and few of them make grain."
    made_by = "numpy.random.Generator.poisson"

    kind: Literal["corrupt_shot_noise"] = "corrupt_shot_noise"


class CorruptImpulseNoise(Corruption):
    """Values that an error of a bit sets to black or white."""

    title = "Noise: impulse"
    about = "Values that an error of a bit sets to black or white."
    made_by = "numpy.where"

    kind: Literal["corrupt_impulse_noise"] = "corrupt_impulse_noise"


class CorruptDefocusBlur(Corruption):
    """A lens out of focus: every point becomes a disc."""

    title = "Blur: defocus"
    about = "A lens out of focus: every point becomes a disc."
    made_by = "cv2.filter2D"

    kind: Literal["corrupt_defocus_blur"] = "corrupt_defocus_blur"


class CorruptMotionBlur(Corruption):
    """A camera that moves along a line."""

    title = "Blur: motion"
    about = "A camera that moves along a line."
    made_by = "cv2.filter2D"

    kind: Literal["corrupt_motion_blur"] = "corrupt_motion_blur"


class CorruptZoomBlur(Corruption):
    """A camera that moves towards the scene."""

    title = "Blur: zoom"
    about = "A camera that moves towards the scene."
    made_by = "the mean of enlargements by cv2.warpAffine"

    kind: Literal["corrupt_zoom_blur"] = "corrupt_zoom_blur"


class CorruptFog(Corruption):
    """A veil with clouds of every size."""

    title = "Weather: fog"
    about = "A veil with clouds of every size."
    made_by = "numpy.fft, clouds with a spectrum of 1 / f**2"

    kind: Literal["corrupt_fog"] = "corrupt_fog"


class CorruptBrightness(Corruption):
    """A day that is too bright."""

    title = "Light: brightness"
    about = "A day that is too bright."
    made_by = "cv2.cvtColor to HSV and back"

    kind: Literal["corrupt_brightness"] = "corrupt_brightness"


class CorruptContrast(Corruption):
    """Hardly any difference between light and dark."""

    title = "Light: contrast"
    about = "Hardly any difference between light and dark."
    made_by = "numpy.mean"

    kind: Literal["corrupt_contrast"] = "corrupt_contrast"


class CorruptPixelate(Corruption):
    """Enlarged from few pixels."""

    title = "Detail: pixelate"
    about = "Enlarged from few pixels."
    made_by = "cv2.resize"

    kind: Literal["corrupt_pixelate"] = "corrupt_pixelate"


class CorruptJpeg(Corruption):
    """Strong compression: blocks of 8 x 8 pixels."""

    title = "Detail: JPEG"
    about = "Strong compression: blocks of 8 x 8 pixels."
    made_by = "tf.image.adjust_jpeg_quality"
    library: ClassVar[Library] = "keras"

    kind: Literal["corrupt_jpeg"] = "corrupt_jpeg"
