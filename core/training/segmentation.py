"""What a U-Net's training is: scenes with masks, the network, and what is made small."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from core.architecture import ArchitectureError
from core.architecture.unet import UNet, check_size, ladder
from core.data.dataset import Dataset, Split
from core.data.masked import MaskedSet, SceneSpec
from core.training.errors import RunError
from core.training.spec import BYTES_A_NUMBER, COPIES, RunSettings, TrainingSpec

MaskLoss = Literal["crossentropy", "dice", "focal", "both"]
_UNUSED = ("loss", "norm_order", "initializer", "label_smoothing", "pipeline")
FOCUS = 2.0
"""Exponent of the focal loss. Source: Lin et al. 2017, section 3.2."""


class SegmentationSpec(TrainingSpec):
    """A U-Net that learns the class of every pixel; the same spec gives the same curve.

    Of the settings that all runs have, `loss`, `norm_order`, `initializer`, `label_smoothing`
    and `pipeline` play no part; `augmentation` can be "none" or "flip", which mirrors picture
    and mask together, to the side or upside down.

    Attributes:
        unet: the network.
        mask_loss: "crossentropy" is the mean over all pixels. "dice" is 1 less the mean over
            the classes of the Dice of probabilities, counted over the whole batch, so that a
            small class weighs as much as the background. "focal" is cross-entropy that weighs
            pixels which are right already less. "both" adds the first two.
    """

    data: SceneSpec = SceneSpec()
    unet: UNet = UNet()
    mask_loss: MaskLoss = "both"
    batch_size: int = Field(16, ge=1, le=256)
    epochs: int = Field(12, ge=1, le=500)
    learning_rate: float = Field(0.006, gt=0, le=10)
    schedule: Literal["constant", "step", "exponential", "cosine", "finder"] = "cosine"
    warmup_epochs: int = Field(1, ge=0, le=50)

    @model_validator(mode="after")
    def _heeded(self) -> Self:
        for name in _UNUSED:
            if getattr(self, name) != RunSettings.model_fields[name].default:
                raise RunError(
                    f"{name} plays no part in the training of a U-Net. Leave it out; what is "
                    "made small is mask_loss."
                )
        if self.augmentation not in ("none", "flip"):
            raise RunError(
                f"The augmentation {self.augmentation!r} would move the picture and not its "
                "mask. Use 'flip', which mirrors both, or 'none'."
            )
        return self

    def check_live(self, setting: str) -> None:
        """Refuse to change a setting on the way that this run does not heed.

        Raises:
            RunError: with what would work.
        """
        super().check_live(setting)
        if setting == "augmentation_strength":
            raise RunError(
                "A mirrored picture has no strength. Start a run without 'flip' to compare."
            )

    def refuse(self, dataset: Dataset, split: Split) -> None:
        """Refuse pictures that have no masks or do not go through, and too large a batch.

        Raises:
            RunError: with what would work.
        """
        if not isinstance(dataset, MaskedSet):
            raise RunError(
                f"{dataset.title} has a class for each picture and no masks. Use scenes, or "
                "pictures with masks."
            )
        try:
            check_size(self.unet, dataset.shape[:2])
        except ArchitectureError as error:
            raise RunError(str(error)) from error
        if self.batch_size > len(split.training):
            raise RunError(
                f"A batch of {self.batch_size} needs more than the {len(split.training)} "
                f"training pictures. Use {len(split.training)} or fewer."
            )

    def largest_layer(self, dataset: Dataset) -> tuple[str, int]:
        """Name, and bytes for a batch, of the layer that takes the most."""
        height, width, channels = dataset.shape
        rungs = ladder(self.unet, (height, width), channels, len(dataset.class_names))
        largest = max(rungs, key=lambda rung: rung.side_hw[0] * rung.side_hw[1] * rung.channels)
        values = largest.side_hw[0] * largest.side_hw[1] * largest.channels
        return largest.name, values * self.batch_size * BYTES_A_NUMBER * COPIES


EXAMPLES: Mapping[str, SegmentationSpec] = MappingProxyType(
    {
        "skips": SegmentationSpec(name="U-Net with skip connections"),
        "no-skips": SegmentationSpec(name="Without skip connections", unet=UNet(skips=False)),
        "unpooling": SegmentationSpec(
            name="Unpooling, no skips", unet=UNet(up="unpooling", skips=False)
        ),
        "crossentropy": SegmentationSpec(name="Cross-entropy alone", mask_loss="crossentropy"),
    }
)
"""Named examples, by slug."""
