"""Steps that blur, sharpen, add noise or throw detail away."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Group, Library, StepModel, Values


class Detail(StepModel):
    """A step that changes how sharp, or how noisy, the picture is."""

    group: ClassVar[Group] = "blur and noise"


class GaussianBlur(Detail):
    """Out of focus, softly."""

    title = "Gaussian blur"
    about = "Blurs with a bell-shaped kernel."
    source = "Gonzalez & Woods 2018, section 3.5"
    made_by = "cv2.GaussianBlur; the layers of Keras and KerasCV darken the border"
    library: ClassVar[Library] = "opencv"
    says = "sigma {sigma:.1f} px"
    neutral: ClassVar[dict[str, float]] = {"most": 0.0}

    kind: Literal["gaussian_blur"] = "gaussian_blur"
    most: float = Field(
        2.0, ge=0, le=10, title="Sigma up to (px)", json_schema_extra={"step": 0.25},
        description="Largest standard deviation of the kernel, in pixels.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: float) -> Values:
        """A standard deviation in pixels."""
        return {"sigma": rng.uniform(0, most)}


class Sharpness(Detail):
    """Sharper or softer edges."""

    title = "Sharpness"
    about = "Moves the picture away from its smoothed version, or towards it."
    source = "Cubuk et al. 2019, table 6; Pillow's ImageEnhance.Sharpness"
    made_by = "keras_cv.layers.RandomSharpness; Keras' own darkens the border"
    library: ClassVar[Library] = "keras_cv"
    says = "sharpness x {factor:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["sharpness"] = "sharpness"
    most: int = Field(
        100, ge=0, le=400, title="Up to (%)", json_schema_extra={"step": 10},
        description="100: from 0 (smoothed) over 1 (as it is) to 2 (sharper).",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """0 is the smoothed picture, 1 the picture; above 1 it is sharper."""
        return {"factor": rng.uniform(max(1 - most / 100, 0), 1 + most / 100)}


class MotionBlur(Detail):
    """The camera moved."""

    title = "Motion blur"
    about = "As if the camera had moved along a straight line."
    source = "Hendrycks & Dietterich 2019, section 3"
    made_by = "cv2.filter2D"
    library: ClassVar[Library] = "opencv"
    says = "{length:.1f} px, {angle:.0f} degrees"
    neutral: ClassVar[dict[str, float]] = {"longest": 1}

    kind: Literal["motion_blur"] = "motion_blur"
    longest: int = Field(
        15, ge=1, le=61, title="Up to (px)", json_schema_extra={"step": 2},
        description="Longest way of the camera, in pixels.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, longest: int) -> Values:
        """Length of the way in pixels, and its direction."""
        return {"length": rng.uniform(1, longest), "angle": rng.uniform(0, 180)}


class GaussianNoise(Detail):
    """The grain of a sensor."""

    title = "Gaussian noise"
    about = "Adds to every value a random number of its own."
    source = "Bishop 1995, Training with noise is equivalent to Tikhonov regularization"
    made_by = "numpy.random.Generator.normal"
    library: ClassVar[Library] = "opencv"
    says = "standard deviation {sigma:.0f} of 255"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["gaussian_noise"] = "gaussian_noise"
    most: int = Field(
        25, ge=0, le=128, title="Up to (levels)",
        description="Largest standard deviation, in levels of 0 to 255.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """A standard deviation, and a seed for the noise."""
        return {"sigma": rng.uniform(0, most), "noise_seed": int(rng.integers(2**31))}


class SaltPepper(Detail):
    """Dead pixels."""

    title = "Salt and pepper"
    about = "Sets single pixels to black or white."
    source = "Gonzalez & Woods 2018, section 5.2"
    made_by = "numpy.where"
    library: ClassVar[Library] = "opencv"
    says = "{share:.1%} of the pixels"
    neutral: ClassVar[dict[str, float]] = {"most": 0.0}

    kind: Literal["salt_pepper"] = "salt_pepper"
    most: float = Field(
        4.0, ge=0, le=50, title="Up to (%)", json_schema_extra={"step": 0.5},
        description="Largest share of the pixels, half of them black, half white.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: float) -> Values:
        """A share, and a seed for the places."""
        return {"share": rng.uniform(0, most) / 100, "noise_seed": int(rng.integers(2**31))}


class JpegQuality(Detail):
    """Compressed as JPEG and read again."""

    title = "JPEG quality"
    about = "Compressed as JPEG and read again: blocks of 8 x 8 pixels show."
    source = "keras_cv.layers.RandomJpegQuality"
    made_by = "keras_cv.layers.RandomJpegQuality, which wants values from 0 to 1"
    library: ClassVar[Library] = "keras_cv"
    says = "quality {quality}"

    kind: Literal["jpeg_quality"] = "jpeg_quality"
    lowest: int = Field(
        20, ge=1, le=100, title="Quality from", json_schema_extra={"step": 1},
        description="Lowest quality that is drawn; the highest is 100.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, lowest: int) -> Values:
        """A quality from 1 (blocks) to 100."""
        return {"quality": int(rng.integers(lowest, 101))}


class Pixelate(Detail):
    """Fewer, larger pixels."""

    title = "Downscale"
    about = "Made smaller and enlarged again: fewer, larger pixels."
    source = "Hendrycks & Dietterich 2019, section 3 (pixelate)"
    made_by = "cv2.resize"
    library: ClassVar[Library] = "opencv"
    says = "{share:.0%} of the pixels along a side"
    neutral: ClassVar[dict[str, float]] = {"smallest": 100}

    kind: Literal["pixelate"] = "pixelate"
    smallest: int = Field(
        25, ge=3, le=100, title="From (%)", json_schema_extra={"step": 1},
        description="Smallest share of the pixels along each side; 100 changes nothing.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, smallest: int) -> Values:
        """Share of the pixels along each side."""
        return {"share": rng.uniform(smallest / 100, 1)}
