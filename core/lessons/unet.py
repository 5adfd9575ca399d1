"""Settings of the page "U-Net": scenes with masks, the network, and how it is trained."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from core.architecture.deeplab import SMALLEST_SIDE
from core.architecture.unet import PUBLISHED, Padding, UNet, Up, nearest_sizes
from core.data import shapes
from core.data.masked import FEWEST_IMAGES, SCENES, SceneSpec
from core.data.settings import LARGEST_SIDE
from core.data.spec import OWN
from core.lessons.base import Lesson
from core.lessons.data import NOISES
from core.lessons.training import RATES, SHARES, WEIGHT_DECAYS
from core.training.segmentation import Encoder, MaskLoss, SegmentationSpec
from core.training.spec import Optimizer

NAMES = tuple(shapes.SHAPES)
"""Every shape that can be drawn, in the order in which they are taken."""
STEPS = {
    "scene_count": (20, 40, 80, 150, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000),
    "scene_side": (32, 48, 64, 80, 96, 112, 128, 160, 188, 192, 224, 256),
    "unet_width": (2, 4, 8, 12, 16, 24, 32, 48, 64),
    "unet_batch": (1, 2, 4, 8, 16, 32, 64),
    "unet_training_percent": range(20, 81, 10),
    "unet_validation_percent": (10, 15, 20, 30, 40, 50, 60, 70),
    "ladder_side": (*range(32, 577, 4), *range(592, 705, 16)),
}
"""Where the sliders stand that do not go through all whole numbers."""


class UNetLesson(Lesson):
    """A U-Net before it is trained."""

    page: ClassVar[str] = "unet"
    repair_order = ("scene_most", "scene_largest", "unet_validation_percent")

    unet_data: Literal["scenes", "own"] = Field(
        "scenes", title="Pictures",
        description="scenes: shapes drawn by rule, whose masks are exact. own: your pictures "
        "with their masks, uploaded below under Data.",
    )  # fmt: skip
    scene_count: int = Field(
        1_500, ge=FEWEST_IMAGES, le=5_000, title="Scenes", description="How many are drawn."
    )
    scene_side: int = Field(
        64, ge=32, le=256, title="Side",
        description="Height and width of a picture in pixels. What the network cannot halve as "
        "often as it is deep becomes the nearest side that it can.",
    )  # fmt: skip
    scene_kinds: int = Field(
        6, ge=2, le=len(NAMES), title="Kinds of shapes",
        description=f"So many of {', '.join(NAMES)}; with the background they are the classes.",
    )  # fmt: skip
    scene_fewest: int = Field(
        1, ge=1, le=8, title="Fewest shapes", description="In a scene, at least."
    )
    scene_most: int = Field(
        3, ge=1, le=8, title="Most shapes", description="In a scene, at most."
    )
    scene_smallest: int = Field(
        20, ge=10, le=80, title="Smallest (%)",
        description="Smallest diameter of a shape, in percent of the side.",
    )  # fmt: skip
    scene_largest: int = Field(
        40, ge=10, le=80, title="Largest (%)",
        description="Largest diameter of a shape, in percent of the side.",
    )  # fmt: skip
    scene_overlap: bool = Field(
        False, title="Overlap", description="Shapes may cover parts of each other."
    )
    scene_background: shapes.Background = Field(
        "noise", title="Background",
        description="One colour, a ramp between two, or soft clouds of colour.",
    )  # fmt: skip
    scene_noise: float = Field(
        15.0, ge=0, le=100, title="Noise", json_schema_extra=NOISES,
        description="Standard deviation of the noise, in levels of 0 to 255.",
    )  # fmt: skip
    scene_seed: int = Field(
        0, ge=0, le=99, title="Seed of the scenes", description="Decides what is drawn."
    )
    unet_training_percent: int = Field(
        70, ge=20, le=80, title="Training (%)", description="Share of the pictures."
    )
    unet_validation_percent: int = Field(
        15, ge=10, le=70, title="Validation (%)",
        description="Share of the pictures; what both leave is the test set.",
    )  # fmt: skip
    mask_encoder: Encoder = Field(
        "unet", title="Encoder",
        description="unet learns from random weights. lite0 begins with EfficientNet-Lite0 as "
        "ImageNet has taught it, and learns a small decoder of DeepLabV3+'s shape: few "
        "pictures are enough.",
    )  # fmt: skip
    encoder_frozen: bool = Field(
        True, title="Encoder frozen",
        description="Whether the decoder alone is learnt. An encoder that is learnt, too, "
        "wants small steps.",
    )  # fmt: skip
    unet_depth: int = Field(
        3, ge=1, le=5, title="Depth",
        description="How often the maps are halved on the way down. Published: 4.",
    )  # fmt: skip
    unet_width: int = Field(
        12, ge=2, le=64, title="Width",
        description="Maps of the first level; each halving doubles them. Published: 64.",
    )  # fmt: skip
    unet_skips: bool = Field(
        True, title="Skip connections",
        description="Whether the maps of the way down are laid beside those of the way up.",
    )  # fmt: skip
    unet_up: Up = Field(
        "bilinear", title="Up-sampling",
        description="How maps become larger again: a transposed convolution, bilinear "
        "interpolation, or unpooling, which puts values back where pooling took them from.",
    )  # fmt: skip
    unet_padding: Padding = Field(
        "same", title="Padding",
        description="valid loses a rim of one pixel in each convolution, as published; the "
        "skips are cropped then and the output is smaller.",
    )  # fmt: skip
    unet_norm: bool = Field(
        True, title="Batch norm", description="After each 3 x 3 convolution; published: none."
    )
    mask_loss: MaskLoss = Field(
        "both", title="Loss",
        description="Cross-entropy of the pixels, 1 - Dice of the classes, focal loss, or the "
        "first two together.",
    )  # fmt: skip
    unet_optimizer: Optimizer = Field(
        "adam", title="Optimiser", description="Which rule makes a step out of a gradient."
    )
    unet_rate: float = Field(
        0.006, ge=1e-6, le=10, title="Learning rate", json_schema_extra=RATES,
        description="Length of the step. While a run goes, the slider above the curves changes "
        "it without a restart.",
    )  # fmt: skip
    unet_schedule: Literal["constant", "step", "exponential", "cosine"] = Field(
        "cosine", title="Schedule", description="How the learning rate falls by itself."
    )
    unet_warmup: int = Field(
        1, ge=0, le=10, title="Warm-up (epochs)",
        description="Epochs in which the learning rate rises from 0 to its full height.",
    )  # fmt: skip
    unet_batch: int = Field(
        16, ge=1, le=64, title="Batch size", description="Pictures that one step looks at."
    )
    unet_epochs: int = Field(
        12, ge=1, le=60, title="Epochs", description="How often every picture is seen."
    )
    unet_flip: bool = Field(
        False, title="Mirror at random",
        description="Picture and mask together, to the side and upside down.",
    )  # fmt: skip
    unet_dropout: float = Field(
        0.0, ge=0, le=0.9, title="Dropout", json_schema_extra=SHARES,
        description="Share of the values before the output that each step silences.",
    )  # fmt: skip
    unet_decay: float = Field(
        0.0, ge=0, le=1, title="Weight decay", json_schema_extra=WEIGHT_DECAYS,
        description="Share of each weight that a step takes away, times the learning rate.",
    )  # fmt: skip
    unet_seed: int = Field(
        0, ge=0, le=99, title="Seed",
        description="Of the weights and the order. The same seed gives the same curve.",
    )  # fmt: skip
    mask_shown: Literal["paint", "contour", "certainty"] = Field(
        "paint", title="Masks as",
        description="Coats of colour, outlines, or how sure the network is of its class.",
    )  # fmt: skip
    ladder_side: int = Field(
        64, ge=32, le=704, title="Side for the ladder",
        description="Height and width of the picture that goes up and down the ladder; the "
        "nearest that goes through is taken.",
    )  # fmt: skip
    ladder_channels: int = Field(
        3, ge=1, le=3, title="Channels", description="Of the picture; published: 1."
    )
    ladder_classes: int = Field(
        7, ge=2, le=21, title="Classes", description="Maps of the output; published: 2."
    )

    def problem(self) -> str | None:
        """Why there is no such run."""
        if self.scene_fewest > self.scene_most:
            return "There cannot be more shapes at least than at most."
        if self.scene_smallest > self.scene_largest:
            return "The smallest shape cannot be larger than the largest."
        if self.unet_training_percent + self.unet_validation_percent > 90:
            return "At least 10 % of the pictures are kept for the test."
        return None

    def choices(self, name: str) -> list[int]:
        """The values of a slider; counts, sides and shares go in steps one can tell apart."""
        steps = STEPS.get(name)
        if steps is None:
            return super().choices(name)
        return [
            value
            for value in sorted({*steps, getattr(self, name)})
            if not name.endswith("percent") or self._fits(name, value)
        ]

    @property
    def network(self) -> UNet:
        """What the network is built from."""
        return UNet(
            depth=self.unet_depth, width=self.unet_width, skips=self.unet_skips,
            up=self.unet_up, padding=self.unet_padding, norm=self.unet_norm,
        )  # fmt: skip

    @property
    def side(self) -> int:
        """Of the pictures: the nearest to what is set that goes through the network."""
        if self.mask_encoder == "lite0":
            return max(self.scene_side, SMALLEST_SIDE)
        return min(fitting(self.network, self.scene_side), LARGEST_SIDE)

    @property
    def shown_side(self) -> int:
        """Of the picture on the ladder: the nearest that goes through."""
        return fitting(self.network, self.ladder_side)

    def data_spec(self) -> SceneSpec:
        """The pictures with their masks, and their parts."""
        return SceneSpec(
            dataset=OWN if self.unet_data == "own" else SCENES,
            images=self.scene_count,
            image_size=self.side,
            image_noise=self.scene_noise,
            image_seed=self.scene_seed,
            shape_classes=NAMES[: self.scene_kinds],
            shape_smallest=self.scene_smallest,
            shape_largest=self.scene_largest,
            shape_background=self.scene_background,
            shapes_fewest=self.scene_fewest,
            shapes_most=self.scene_most,
            overlap=self.scene_overlap,
            training_share=self.unet_training_percent / 100,
            validation_share=self.unet_validation_percent / 100,
        )

    def run_spec(self, **changes: Any) -> SegmentationSpec:  # noqa: ANN401 - fields of the spec
        """What a run with these settings is started with.

        Args:
            changes: fields of the spec that are to be otherwise.
        """
        values: dict[str, Any] = {
            "data": self.data_spec(),
            "encoder": self.mask_encoder,
            "encoder_frozen": self.encoder_frozen,
            "unet": self.network,
            "mask_loss": self.mask_loss,
            "optimizer": self.unet_optimizer,
            "learning_rate": self.unet_rate,
            "schedule": self.unet_schedule,
            "warmup_epochs": self.unet_warmup,
            "batch_size": self.unet_batch,
            "epochs": self.unet_epochs,
            "augmentation": "flip" if self.unet_flip else "none",
            "dropout": self.unet_dropout,
            "weight_decay": self.unet_decay,
            "seed": self.unet_seed,
        }
        return SegmentationSpec(**(values | changes))


def fitting(unet: UNet, side: int) -> int:
    """The side nearest to a wanted one that goes through a network.

    Example:
        >>> fitting(PUBLISHED, 570), fitting(UNet(depth=3), 70)
        (572, 72)
    """
    return min(nearest_sizes(unet, side), key=lambda n: abs(n - side))


PUBLISHED_LESSON = UNetLesson(
    unet_depth=PUBLISHED.depth, unet_width=PUBLISHED.width, unet_up=PUBLISHED.up,
    unet_padding=PUBLISHED.padding, unet_norm=PUBLISHED.norm, ladder_side=572,
    ladder_channels=1, ladder_classes=2, scene_side=188,
)  # fmt: skip
"""The network of Ronneberger, Fischer & Brox 2015; 188 is a side of scenes that it takes."""
