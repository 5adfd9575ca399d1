"""What learning masks is: scenes with masks, the network, and what is made small."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from pydantic import Field

from core.architecture import ArchitectureError
from core.architecture.deeplab import check_side, largest_maps
from core.architecture.unet import Rung, UNet, check_size, ladder
from core.data.dataset import Dataset, Split
from core.data.masked import MaskedSet, SceneSpec
from core.training.errors import RunError
from core.training.spec import BYTES_A_NUMBER, COPIES
from core.training.together import TogetherSpec
from core.training.transfer import highest_rate

Encoder = Literal["unet", "lite0"]
MaskLoss = Literal["crossentropy", "dice", "focal", "both"]
FOCUS = 2.0
"""Exponent of the focal loss. Source: Lin et al. 2017, section 3.2."""
WITH_DECODER = 4
"""Times the highest rate of fine-tuning, where a new decoder learns beside the encoder."""


class SegmentationSpec(TogetherSpec):
    """A network that learns the class of every pixel; the same spec gives the same curve.

    With the encoder "lite0" it is EfficientNet-Lite0 as ImageNet has taught it, and a small
    decoder of DeepLabV3+'s shape (`core.architecture.deeplab`): what the encoder knows of
    edges, textures and parts need not be learnt from the masks, so that few pictures do.
    Trained or not, its batch norms go on with the statistics that it came with.

    Attributes:
        encoder: "unet" learns from random weights; "lite0" begins with a pretrained encoder,
            and `unet` plays no part.
        encoder_frozen: "lite0": whether the decoder alone is learnt. An encoder that is learnt,
            too, wants small steps, see `rate_warning`.
        unet: the network of "unet".
        mask_loss: "crossentropy" is the mean over all pixels. "dice" is 1 less the mean over
            the classes of the Dice of probabilities, counted over the whole batch, so that a
            small class weighs as much as the background. "focal" is cross-entropy that weighs
            pixels which are right already less. "both" adds the first two.
    """

    score: ClassVar[str] = "Mean IoU"
    network: ClassVar[str] = "a U-Net"
    answer: ClassVar[str] = "mask"
    made_small: ClassVar[str] = "mask_loss"

    data: SceneSpec = SceneSpec()
    encoder: Encoder = "unet"
    encoder_frozen: bool = True
    unet: UNet = UNet()
    mask_loss: MaskLoss = "both"
    batch_size: int = Field(16, ge=1, le=256)
    epochs: int = Field(12, ge=1, le=500)
    learning_rate: float = Field(0.006, gt=0, le=10)
    schedule: Literal["constant", "step", "exponential", "cosine", "finder"] = "cosine"
    warmup_epochs: int = Field(1, ge=0, le=50)

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
            if self.encoder == "unet":
                check_size(self.unet, dataset.shape[:2])
            else:
                check_side(dataset.shape[:2])
        except ArchitectureError as error:
            raise RunError(str(error)) from error
        self.check_batch(split)

    def largest_layer(self, dataset: Dataset) -> tuple[str, int]:
        """Name, and bytes for a batch, of the layer that takes the most."""
        at_once = self.batch_size * BYTES_A_NUMBER
        if self.encoder == "unet":
            rung = self.largest_rung(dataset.shape, len(dataset.class_names))
            return rung.name, _values(rung) * at_once * COPIES
        (encoder, inner), (decoder, outer) = largest_maps(dataset.shape[:2])
        # What is not learnt keeps nothing for the way back.
        inner *= 1 if self.encoder_frozen else COPIES
        return max((encoder, inner * at_once), (decoder, outer * at_once * COPIES), key=_bytes)

    def largest_rung(self, shape: tuple[int, int, int], classes: int) -> Rung:
        """The rung of the U-Net with the most numbers for a picture of this shape."""
        return max(ladder(self.unet, shape[:2], shape[2], classes), key=_values)


def _values(rung: Rung) -> int:
    return rung.side_hw[0] * rung.side_hw[1] * rung.channels


def _bytes(layer: tuple[str, int]) -> int:
    return layer[1]


def rate_warning(spec: SegmentationSpec) -> str:
    """What to say where a pretrained encoder is learnt in steps that undo what it knows.

    Empty where nothing is to be said. The decoder begins with random weights and learns at the
    same rate, so that the bounds of fine-tuning in `core.training.transfer` would be too low:
    of thirty scenes, 90 steps of Adam give a mean IoU of 0.37 at 0.0005, 0.47 at 0.002 and 0.24
    at 0.006.
    """
    if spec.encoder == "unet" or spec.encoder_frozen:
        return ""
    highest = WITH_DECODER * highest_rate(spec)
    if spec.learning_rate <= highest:
        return ""
    return (
        f"A learning rate of {spec.learning_rate:g} is high for a pretrained encoder with "
        f"{spec.optimizer}: the first steps may undo what it knows. Use "
        f"{float(f'{highest:.0e}'):g} or less, or leave the encoder as it is."
    )


FEW = SceneSpec(images=60, image_size=96, training_share=0.5, validation_share=0.25)
"""Thirty scenes to learn from: hardly enough for a network that knows nothing yet."""

_FEW_STEPS: dict[str, Any] = {"epochs": 30, "batch_size": 10}

EXAMPLES: Mapping[str, SegmentationSpec] = MappingProxyType(
    {
        "skips": SegmentationSpec(name="U-Net with skip connections"),
        "no-skips": SegmentationSpec(name="Without skip connections", unet=UNet(skips=False)),
        "unpooling": SegmentationSpec(
            name="Unpooling, no skips", unet=UNet(up="unpooling", skips=False)
        ),
        "crossentropy": SegmentationSpec(name="Cross-entropy alone", mask_loss="crossentropy"),
        "few-lite0": SegmentationSpec(
            name="Lite0, frozen, 30 scenes", encoder="lite0", data=FEW, **_FEW_STEPS
        ),
        "few-lite0-trained": SegmentationSpec(
            name="Lite0, trained, 30 scenes",
            encoder="lite0",
            encoder_frozen=False,
            data=FEW,
            **_FEW_STEPS | {"learning_rate": 0.002},
        ),
        "few-scratch": SegmentationSpec(
            name="U-Net from scratch, 30 scenes", data=FEW, **_FEW_STEPS
        ),
    }
)
"""Named examples, by slug."""
