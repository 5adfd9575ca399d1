"""Named networks. They fit 28x28x1, 32x32x3 and 64x64x3 images and train on two cores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.architecture.network import Architecture
from core.architecture.rows import (
    Conv,
    Dense,
    DepthwiseConv,
    Flatten,
    GlobalPool,
    LayerNorm,
    Patches,
    Pool,
    Positions,
    Residual,
    Row,
    Transformer,
)


@dataclass(frozen=True, slots=True)
class Published:
    """Parameters as somebody printed them.

    Attributes:
        input_shape: (height, width, channels) that they hold for.
        classes: outputs that they hold for.
        parameters: of the whole network.
        rows: of each row that has any, the output's last; empty where only the sum is known.
    """

    input_shape: tuple[int, int, int]
    classes: int
    parameters: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedArchitecture:
    """One network of the menu.

    Attributes:
        slug: name for links; never changed.
        title: name for the screen.
        about: one sentence: what it is for.
        source: where it comes from, and where it departs from that.
        architecture: its rows.
        published: what its source says about its size; None where it says nothing.
    """

    slug: str
    title: str
    about: str
    source: str
    architecture: Architecture
    published: Published | None = None


def _network(*rows: Row) -> Architecture:
    return Architecture(rows=rows)


def _residual_net(*, skip: bool) -> Architecture:
    widths = (8, 8, 16, 16, 32, 32)
    blocks = (
        Residual(filters=width, stride=1 if width in (8, before) else 2, skip=skip)
        for before, width in zip((8, *widths), widths, strict=False)
    )
    return _network(Conv(filters=8, batch_norm=True), *blocks, GlobalPool())


def _separable_pair(filters: int, stride: int) -> tuple[Row, Row]:
    return (
        DepthwiseConv(stride=stride, batch_norm=True),
        Conv(filters=filters, kernel=1, batch_norm=True),
    )


_RESNET = (
    "He et al. 2016, section 4.2, with two blocks a stage instead of three, half the filters, "
    "1 x 1 convolutions in the skips where sizes differ"
)

PRESETS: Mapping[str, NamedArchitecture] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            NamedArchitecture(
                "lenet",
                "LeNet-5",
                "Two convolutions with pooling, three dense layers: where it all began.",
                "LeCun et al. 1998, section II.B, as it is built today: every map sees all "
                "maps before it, plain average pooling, a dense output; padding same in the "
                "first convolution makes the paper's 32 x 32 of a 28 x 28 image",
                _network(
                    Conv(filters=6, kernel=5, padding="same", activation="tanh"),
                    Pool(method="average"),
                    Conv(filters=16, kernel=5, padding="valid", activation="tanh"),
                    Pool(method="average"),
                    Flatten(),
                    Dense(units=120, activation="tanh"),
                    Dense(units=84, activation="tanh"),
                ),
                Published((28, 28, 1), 10, 61_706, (156, 2_416, 48_120, 10_164, 850)),
            ),
            NamedArchitecture(
                "logistic",
                "Logistic regression",
                "One weight for every pixel and class; the least that can be called a network.",
                "Bishop 2006, Pattern Recognition and Machine Learning, section 4.3.4",
                _network(Flatten()),
            ),
            NamedArchitecture(
                "dense",
                "Two dense layers",
                "Sees all pixels at once and knows nothing of neighbours.",
                "LeCun et al. 1998, section III.C.2 (28 x 28 - 300 - 10), with relu",
                _network(Flatten(), Dense(units=300)),
            ),
            NamedArchitecture(
                "two-conv",
                "Two convolutions, two dense layers",
                "LeNet as the workshop draws it: 2 convolutions and 2 fully connected layers.",
                "NTU, Workshop image processing with deep learning: 2 conv + 2 fully connected",
                _network(
                    Conv(filters=8, kernel=5, padding="valid"),
                    Pool(),
                    Conv(filters=16, kernel=5, padding="valid"),
                    Pool(),
                    Flatten(),
                    Dense(units=64),
                ),
            ),
            NamedArchitecture(
                "vgg",
                "Small VGG",
                "Pairs of 3 x 3 convolutions between pooling, twice as many filters each time.",
                "Simonyan & Zisserman 2015, three of its five stages, an eighth of the filters",
                _network(
                    Conv(filters=8),
                    Conv(filters=8),
                    Pool(),
                    Conv(filters=16),
                    Conv(filters=16),
                    Pool(),
                    Conv(filters=32),
                    Conv(filters=32),
                    Pool(),
                    Flatten(),
                    Dense(units=64),
                ),
            ),
            NamedArchitecture(
                "resnet",
                "Small ResNet",
                "Six blocks of two convolutions, each with a skip connection around it.",
                _RESNET,
                _residual_net(skip=True),
            ),
            NamedArchitecture(
                "resnet-plain",
                "Small ResNet without skips",
                "The same convolutions without skip connections, to see what these are for.",
                f"{_RESNET}; the paper's plain network",
                _residual_net(skip=False),
            ),
            NamedArchitecture(
                "mobilenet",
                "Small MobileNet",
                "Depthwise and 1 x 1 convolutions in turn: few weights, few multiply-adds.",
                "Howard et al. 2017, table 1, its first layers with fewer filters",
                _network(
                    Conv(filters=8, stride=2, batch_norm=True),
                    *_separable_pair(16, 1),
                    *_separable_pair(32, 2),
                    *_separable_pair(32, 1),
                    *_separable_pair(64, 2),
                    GlobalPool(),
                ),
            ),
            NamedArchitecture(
                "vit",
                "Small vision transformer",
                "Patches of the image as tokens that look at each other; nothing slides.",
                "Dosovitskiy et al. 2021, with the mean of all tokens instead of a class token",
                _network(
                    Patches(size=4, width=32),
                    Positions(),
                    Transformer(),
                    Transformer(),
                    LayerNorm(),
                    GlobalPool(),
                ),
            ),
        )
    }
)
"""The networks by slug, the default first."""
