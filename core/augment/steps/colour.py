"""Steps that change colours and leave every pixel where it is."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.augment.steps.base import Group, LabelEffect, Library, StepModel, Values

_COLOUR_TELLS = "Where colour tells the classes apart (flowers, fruit, traffic lights)"


class Colour(StepModel):
    """A step that changes colours."""

    group: ClassVar[Group] = "colour"


class Brightness(Colour):
    """Every value higher or lower by the same amount."""

    title = "Brightness"
    about = "Adds the same amount to every value; what leaves 0 to 255 is cut off."
    source = "keras.layers.RandomBrightness"
    made_by = "keras.layers.RandomBrightness"
    says = "{shift:+.0f} of 255"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["brightness"] = "brightness"
    most: int = Field(
        20, ge=0, le=100, title="Up to (%)", json_schema_extra={"step": 5},
        description="Largest change to either side, in percent of 255.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """Levels to add."""
        return {"shift": 255 * rng.uniform(-most, most) / 100}


class Exposure(Colour):
    """Every value times the same factor."""

    title = "Exposure"
    about = "Multiplies every value by the same factor, as a longer exposure does."
    source = "torchvision.transforms.ColorJitter (brightness); Pillow's ImageEnhance.Brightness"
    made_by = "keras.ops.multiply"
    says = "values x {factor:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["exposure"] = "exposure"
    most: int = Field(
        30, ge=0, le=100, title="Up to (%)", json_schema_extra={"step": 5},
        description="30: values times 0.7 to 1.3.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """What every value is multiplied by."""
        return {"factor": rng.uniform(1 - most / 100, 1 + most / 100)}


class Contrast(Colour):
    """Farther from the mean of each channel, or nearer to it."""

    title = "Contrast"
    about = "Moves every value away from its channel's mean, or towards it."
    source = "keras.layers.RandomContrast"
    made_by = "keras.layers.RandomContrast"
    says = "contrast x {factor:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["contrast"] = "contrast"
    most: int = Field(
        30, ge=0, le=100, title="Up to (%)", json_schema_extra={"step": 5},
        description="30: distances to the mean times 0.7 to 1.3.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """What the distances to the mean are multiplied by."""
        return {"factor": rng.uniform(1 - most / 100, 1 + most / 100)}


class Saturation(Colour):
    """Colours more or less vivid."""

    title = "Saturation"
    about = "Makes colours more vivid or paler; at 0 the picture is grey."
    source = "keras_cv.layers.RandomSaturation"
    made_by = "keras_cv.layers.RandomSaturation (shown by cv2.cvtColor)"
    library: ClassVar[Library] = "keras_cv"
    says = "saturation x {factor:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}
    colour_only = True

    kind: Literal["saturation"] = "saturation"
    most: int = Field(
        40, ge=0, le=100, title="Up to (%)", json_schema_extra={"step": 5},
        description="40: saturation times 0.6 to 1.4.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """What the saturation (of HSV) is multiplied by."""
        return {"factor": rng.uniform(1 - most / 100, 1 + most / 100)}


class Hue(Colour):
    """Every colour further round the colour circle."""

    title = "Hue"
    about = "Turns the colour circle: red becomes orange, or violet."
    source = "keras.layers.RandomHue"
    made_by = "keras.layers.RandomHue (shown by cv2.cvtColor)"
    label: ClassVar[LabelEffect] = "can change"
    says = "hue {degrees:+.0f} degrees"
    neutral: ClassVar[dict[str, float]] = {"most": 0}
    colour_only = True

    kind: Literal["hue"] = "hue"
    most: int = Field(
        20, ge=0, le=180, title="Up to (degrees)", json_schema_extra={"step": 5},
        description="Largest turn of the colour circle to either side; 120 takes red to green.",
    )  # fmt: skip

    def risk(self) -> str:
        """When colour is what tells classes apart."""
        if self.most <= 30:
            return ""
        return f"{_COLOUR_TELLS}, a hue turned by {self.most} degrees is another class."

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """An angle on the colour circle."""
        return {"degrees": rng.uniform(-most, most)}


class Gamma(Colour):
    """Shadows lighter or darker, while black and white stay."""

    title = "Gamma"
    about = "A power of every value: shadows become lighter or darker, black and white stay."
    source = "Poynton 2012, chapter 27"
    made_by = "keras.ops.power"
    says = "gamma {gamma:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}

    kind: Literal["gamma"] = "gamma"
    most: int = Field(
        50, ge=0, le=200, title="Up to (%)", json_schema_extra={"step": 10},
        description="50: exponents from 1/1.5 (lighter) to 1.5 (darker).",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """The exponent of value / 255; 2 and 1/2 are as likely as each other."""
        return {"gamma": np.exp(rng.uniform(-1, 1) * np.log(1 + most / 100))}


class Temperature(Colour):
    """The light warmer or cooler."""

    title = "Colour temperature"
    about = "Warmer or cooler light: more red and less blue, or the other way."
    source = "von Kries 1902: a gain for each channel"
    made_by = "keras.ops.multiply"
    says = "red x {red:.2f}, blue x {blue:.2f}"
    neutral: ClassVar[dict[str, float]] = {"most": 0}
    colour_only = True

    kind: Literal["temperature"] = "temperature"
    most: int = Field(
        20, ge=0, le=60, title="Up to (%)", json_schema_extra={"step": 5},
        description="Largest gain of red or blue.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """Gains of red and blue, one the inverse of the other."""
        red = np.exp(rng.uniform(-1, 1) * np.log(1 + most / 100))
        return {"red": red, "blue": 1 / red}


class Grayscale(Colour):
    """Without colour."""

    title = "Greyscale"
    about = "Takes the colour away; three equal channels stay."
    source = "keras.layers.RandomGrayscale; ITU-R BT.601 weights"
    made_by = "keras.layers.RandomGrayscale"
    label: ClassVar[LabelEffect] = "can change"
    says = "grey"
    colour_only = True

    kind: Literal["grayscale"] = "grayscale"
    probability: float = Field(
        0.2, ge=0, le=1, title="Probability", json_schema_extra={"step": 0.05},
        description="Share of the pictures that the step changes.",
    )  # fmt: skip

    def risk(self) -> str:
        """When colour is what tells classes apart."""
        return f"{_COLOUR_TELLS}, a grey picture cannot be told apart."

    @staticmethod
    def draw(_: np.random.Generator) -> Values:
        """There is nothing to draw."""
        return {}


class Fade(Colour):
    """Towards grey."""

    title = "Fade"
    about = "Blends the picture with its grey version."
    source = "Cubuk et al. 2019, table 6 (Color); keras.layers.RandomColorDegeneration"
    made_by = "keras.layers.RandomColorDegeneration"
    says = "{share:.0%} grey"
    neutral: ClassVar[dict[str, float]] = {"most": 0}
    colour_only = True

    kind: Literal["fade"] = "fade"
    most: int = Field(
        60, ge=0, le=100, title="Up to (%)", json_schema_extra={"step": 5},
        description="Largest share of the grey version.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """Share of the grey version."""
        return {"share": rng.uniform(0, most / 100)}


class ChannelShift(Colour):
    """Each channel higher or lower by an amount of its own."""

    title = "Channel shift"
    about = "Adds to red, green and blue an amount each: a tint."
    source = "keras_cv.layers.RandomChannelShift"
    made_by = "keras_cv.layers.RandomChannelShift"
    library: ClassVar[Library] = "keras_cv"
    neutral: ClassVar[dict[str, float]] = {"most": 0}
    colour_only = True

    kind: Literal["channel_shift"] = "channel_shift"
    most: int = Field(
        12, ge=0, le=60, title="Up to (%)",
        description="Largest change of a channel to either side, in percent of 255.",
    )  # fmt: skip

    def words(self, values: Values) -> str:
        """The three amounts."""
        red, green, blue = np.ravel(values["shifts"])
        return f"red {red:+.0f}, green {green:+.0f}, blue {blue:+.0f}"

    @staticmethod
    def draw(rng: np.random.Generator, most: int) -> Values:
        """(3,) levels to add."""
        return {"shifts": 255 * rng.uniform(-most, most, 3) / 100}


class ChannelShuffle(Colour):
    """Red, green and blue change places."""

    title = "Channel shuffle"
    about = "Red, green and blue change places."
    source = "keras_cv.layers.ChannelShuffle"
    made_by = "keras_cv.layers.ChannelShuffle"
    library: ClassVar[Library] = "keras_cv"
    label: ClassVar[LabelEffect] = "can change"
    colour_only = True

    kind: Literal["channel_shuffle"] = "channel_shuffle"
    probability: float = Field(
        0.2, ge=0, le=1, title="Probability", json_schema_extra={"step": 0.05},
        description="Share of the pictures that the step changes.",
    )  # fmt: skip

    def risk(self) -> str:
        """When colour is what tells classes apart."""
        return f"{_COLOUR_TELLS}, exchanged channels make another class: a red rose is blue."

    def words(self, values: Values) -> str:
        """The channels in their new order."""
        names = ("red", "green", "blue")
        return ", ".join(names[int(place)] for place in np.ravel(values["order"]))

    @staticmethod
    def draw(rng: np.random.Generator) -> Values:
        """(3,) which old channel stands at each place."""
        return {"order": rng.permutation(3)}


class Invert(Colour):
    """The negative."""

    title = "Invert"
    about = "The negative: 255 minus every value."
    source = "Cubuk et al. 2019, table 6; keras.layers.RandomInvert"
    made_by = "keras.layers.RandomInvert"
    label: ClassVar[LabelEffect] = "can change"
    says = "negative"

    kind: Literal["invert"] = "invert"
    probability: float = Field(
        0.2, ge=0, le=1, title="Probability", json_schema_extra={"step": 0.05},
        description="Share of the pictures that the step changes.",
    )  # fmt: skip

    def risk(self) -> str:
        """Negatives are seldom seen."""
        return f"{_COLOUR_TELLS}, a negative is another class; no camera takes one."

    @staticmethod
    def draw(_: np.random.Generator) -> Values:
        """There is nothing to draw."""
        return {}


class Solarize(Colour):
    """Bright values become their negative."""

    title = "Solarize"
    about = "Values from a threshold on become their negative."
    source = "Cubuk et al. 2019, table 6; keras.layers.Solarization"
    made_by = "keras.layers.Solarization"
    says = "from {threshold:.0f} on"
    neutral: ClassVar[dict[str, float]] = {"lowest": 256}

    kind: Literal["solarize"] = "solarize"
    lowest: int = Field(
        128, ge=0, le=256, title="Threshold from", json_schema_extra={"step": 8},
        description="Lowest threshold; the highest is 256, which changes nothing.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, lowest: int) -> Values:
        """The threshold."""
        return {"threshold": rng.uniform(lowest, 256)}


class Posterize(Colour):
    """Fewer levels of each colour."""

    title = "Posterize"
    about = "Keeps the highest bits of every value: few levels, flat areas."
    source = "Cubuk et al. 2019, table 6; keras.layers.RandomPosterization"
    made_by = "keras.layers.RandomPosterization"
    says = "{bits} of 8 bits"
    neutral: ClassVar[dict[str, float]] = {"fewest": 8}

    kind: Literal["posterize"] = "posterize"
    fewest: int = Field(
        4, ge=1, le=8, title="Bits from",
        description="Fewest bits that are kept; the most are 8, which changes nothing.",
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, fewest: int) -> Values:
        """Bits that are kept."""
        return {"bits": int(rng.integers(fewest, 9))}


class Equalize(Colour):
    """A flat histogram."""

    title = "Equalize"
    about = "Spreads the values of each channel until their histogram is flat."
    source = "Cubuk et al. 2019, table 6; keras.layers.Equalization"
    made_by = "tf.math.bincount; keras.layers.Equalization counts a batch as one picture"
    says = "equalized"

    kind: Literal["equalize"] = "equalize"

    @staticmethod
    def draw(_: np.random.Generator) -> Values:
        """There is nothing to draw."""
        return {}


class AutoContrast(Colour):
    """Darkest to 0, brightest to 255."""

    title = "Auto contrast"
    about = "Stretches each channel until its darkest value is 0 and its brightest 255."
    source = "Cubuk et al. 2019, table 6; keras.layers.AutoContrast"
    made_by = "keras.layers.AutoContrast"
    says = "stretched"

    kind: Literal["auto_contrast"] = "auto_contrast"

    @staticmethod
    def draw(_: np.random.Generator) -> Values:
        """There is nothing to draw."""
        return {}


class Clahe(Colour):
    """Equalized tile by tile, with a bound."""

    title = "CLAHE"
    about = "Equalizes the lightness tile by tile, with a bound on how steep it may get."
    source = "Zuiderveld 1994, Contrast limited adaptive histogram equalization"
    made_by = "cv2.createCLAHE on the lightness; Keras' layer needs 256 numbers for each value"
    library: ClassVar[Library] = "opencv"
    says = "limit {limit:.1f}"

    kind: Literal["clahe"] = "clahe"
    most: float = Field(
        4.0, ge=1, le=16, title="Limit up to", json_schema_extra={"step": 0.5},
        description="How many times the mean count a level may have; 1 changes little.",
    )  # fmt: skip
    tiles: int = Field(
        8, ge=1, le=16, title="Tiles", description="Tiles along each side."
    )  # fmt: skip

    @staticmethod
    def draw(rng: np.random.Generator, most: float, tiles: int) -> Values:
        """The limit; the number of tiles is the setting itself."""
        return {"limit": rng.uniform(1, most), "tiles": tiles}
