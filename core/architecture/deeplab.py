"""A small DeepLabV3+ on EfficientNet-Lite0, as arithmetic: which maps it takes, how large.

The encoder's maps at a sixteenth of the side are looked at in several widths at once (atrous
spatial pyramid pooling) and enlarged eightfold; the maps at half the side, beside them, bring
the outlines back. That is the published network with smaller numbers: its dilations of 6, 12
and 18 would lie outside of maps of 8 x 8.

Source: Chen et al. 2018, "Encoder-decoder with atrous separable convolution for semantic image
segmentation", figure 2; KerasCV's `DeepLabV3Plus` with the same numbers is the same network.
"""

from __future__ import annotations

from core.architecture.network import ArchitectureError

ENCODER = "efficientnet-lite0"
"""Slug of the pretrained network."""
LOW, HIGH = "block1a", "block5c"
"""Its blocks whose maps are taken."""
LOW_STRIDE, HIGH_STRIDE = 2, 16
"""How much smaller these are than the picture."""
DILATIONS = (2, 4)
"""Of the 3 x 3 convolutions, beside one of 1 x 1 and the mean over the whole map."""
CONTEXT, OUTLINES, HEAD = 64, 16, 32
"""Maps of the pyramid, of the skip connection, and before the output."""

STEP, SMALLEST_SIDE = 32, 64
"""What the side that the encoder is shown divides by; pictures' smallest side, in pixels."""
LOW_MAPS, HIGH_MAPS = 16, 112
"""Maps that those blocks give."""
ENCODER_PARAMETERS = 716_928
"""Up to the later of them, statistics of batch norm included."""
_EXPANDED = 96
"""Maps within the first block that halves: the encoder's largest, still at half the side."""


def shown_side(size_hw: tuple[int, int]) -> int:
    """Height and width that the encoder is shown pictures in.

    Example:
        >>> shown_side((96, 96)), shown_side((100, 80))
        (96, 128)
    """
    return -(-max(size_hw) // STEP) * STEP


def check_side(size_hw: tuple[int, int]) -> None:
    """Refuse pictures of which too little would be left.

    Raises:
        ArchitectureError: with what would work.
    """
    if min(size_hw) < SMALLEST_SIDE:
        left = shown_side(size_hw) // HIGH_STRIDE
        raise ArchitectureError(
            f"{size_hw[0]} x {size_hw[1]} pixels are few for EfficientNet-Lite0, which leaves "
            f"{left} x {left} of them to tell what is where. Use a side of {SMALLEST_SIDE} or "
            "more, best 96 or 128; or a U-Net from scratch."
        )


def largest_maps(size_hw: tuple[int, int]) -> tuple[tuple[str, int], tuple[str, int]]:
    """Name, and numbers for one picture, of the largest layer of encoder and of decoder."""
    half = shown_side(size_hw) // LOW_STRIDE
    # Padded at the bottom and at the right for the convolution that halves.
    encoder = (half + 1) ** 2 * _EXPANDED
    return ("block2a_dwconv_pad", encoder), ("skip_0", half**2 * (OUTLINES + CONTEXT))


def decoder_parameters(classes: int) -> int:
    """All weights of the decoder, statistics of batch norm included.

    Example:
        >>> decoder_parameters(6)
        184710
    """
    branches = HIGH_MAPS * CONTEXT * (2 + 9 * len(DILATIONS))
    mixed = (2 + len(DILATIONS)) * CONTEXT * CONTEXT
    skip = LOW_MAPS * OUTLINES
    head = 9 * (OUTLINES + CONTEXT) * HEAD
    normed = (3 + len(DILATIONS)) * CONTEXT + OUTLINES + HEAD
    return branches + mixed + skip + head + 4 * normed + (HEAD + 1) * classes
