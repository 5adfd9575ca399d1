"""Where a classifier looks: Grad-CAM."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.engine.connection import Engine
from core.training.answers import ask_model

_QUESTION = "core.insight.worker.looks:grad_cam"
_LAYERS = "core.insight.worker.looks:map_layers"

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """What speaks for a class, place by place.

    Attributes:
        heat: (H, W) float32, 0 to 1: where 1 is what speaks for it most; all 0 where nothing
            does.
        coarse: (h, w) float32: the sum over the layer's maps as it is, negative where it
            speaks against the class.
        label: the class.
        layer: whose maps these are.
        probabilities: (classes,) float32.
    """

    heat: Floats
    coarse: Floats
    label: int
    layer: str
    probabilities: Floats


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer that gives feature maps.

    Attributes:
        name: of the layer.
        height, width: of a map.
        maps: how many there are.
    """

    name: str
    height: int
    width: int
    maps: int


def map_layers(engine: Engine, model: bytes) -> tuple[MapLayer, ...]:
    """The layers that `grad_cam` can be asked about, from the input on; the ends of blocks.

    Args:
        engine: connected.
        model: a `.keras` file of a run.

    Returns:
        The last of them is the one that `grad_cam` takes by itself; empty where there is none.

    Raises:
        AnswerError: the process that answers has ended.
        EngineError: the connection is lost.
    """
    found = ask_model(engine, _LAYERS, model)
    return tuple(MapLayer(*row) for row in found)


def grad_cam(
    engine: Engine, model: bytes, picture: Pixels, label: int | None = None, layer: str = ""
) -> Heat:
    """Weigh a layer's maps by the mean gradient of a class's logit, and add them up.

    Args:
        engine: connected.
        model: a `.keras` file from pictures in 0..255 to logits.
        picture: (H, W, C) uint8, as large as the model takes it.
        label: the class; None for the likeliest.
        layer: whose maps; empty for the last that has some.

    Raises:
        AnswerError: the model has no maps, no such layer or another size.
        EngineError: the connection is lost.

    Source: Selvaraju et al. 2017, equations 1 and 2.
    """
    asked = -1 if label is None else label
    coarse, shares, answered, name = ask_model(engine, _QUESTION, model, picture, asked, layer)
    return Heat(spread(coarse, picture.shape[:2]), coarse, answered, name, shares)


def spread(coarse: Floats, size_hw: tuple[int, ...]) -> Floats:
    """Coarse sums over a picture: cut at 0, enlarged bilinearly, scaled to a largest of 1.

    Args:
        coarse: (h, w).
        size_hw: of the picture.

    Returns:
        (H, W) float32.
    """
    height, width = size_hw
    positive = np.maximum(coarse, 0).astype(np.float32)
    wide = cv2.resize(positive, (width, height), interpolation=cv2.INTER_LINEAR)
    peak = float(wide.max())
    return np.asarray(wide / peak if peak > 0 else wide, np.float32)
