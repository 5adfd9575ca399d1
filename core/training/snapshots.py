"""What is looked at while a network learns, small enough to be sent every second.

A snapshot is a dictionary:

probabilities           (samples, classes) float16 of the fixed sample pictures
sample_losses           (samples,) float32
validation_loss, validation_accuracy    of the probe: a fixed part of the validation pictures
predicted, losses       (probe,) uint16 and float32
watched                 index of the picture whose feature maps these are
maps, filters           `Planes` by layer, as `squeeze` gives them
histograms              by layer: counts (bins,) int32
ranges                  by layer: [lowest, highest] value of the histogram
silent                  by layer: share of units that gave 0 for every picture of the batch
dropout_mask            (units,) bool: what the run's dropout would keep of the watched picture

Of a network that segments there are, in place of probabilities, sample_losses, predicted and
losses:

masks                   (samples, h, w) uint8: the class of every pixel of the sample pictures
confidence              the same shape, uint8: how likely the network holds it, 255 for 1
sample_ious             (samples,) float32: mean IoU of each
class_ious              (classes,) float32 over the probe; validation_accuracy is their mean

Of a detector, in their place:

boxes, scores, labels   (samples, k, 4) float32 xyxy in pixels, (samples, k) float32 and uint8:
                        the surest before suppression, filled up with scores of 0
ap, ap75                over the probe; validation_accuracy is its AP50
class_ap, class_ap50    (classes,) float32, nan for a class that is not there
validation_parts        (k,) float32, in the order of the spec's `parts`
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_SAMPLES = 12
"""Pictures whose probabilities are followed."""
MOST_PROBED = 256
"""Validation pictures that are judged between the epochs."""
MOST_MAPS = 16
"""Feature maps, or filters, of a layer that are sent."""
LARGEST_MAP = 32
"""Largest height and width that is sent; larger maps are thinned by whole strides."""
BINS = 40

_STEPS = 127


def squeeze(values: npt.NDArray[np.floating]) -> dict[str, Any]:
    """Numbers as signed bytes and the largest of them: exact to 1/254 of it."""
    peak = float(np.abs(values).max(initial=0))
    if not np.isfinite(peak):
        return {"bytes": np.zeros(values.shape, np.int8), "peak": peak}
    scaled = np.zeros(values.shape) if peak == 0 else values / peak * _STEPS
    return {"bytes": np.rint(scaled).astype(np.int8), "peak": peak}


def stretch(squeezed: Mapping[str, Any]) -> npt.NDArray[np.float32]:
    """The numbers that `squeeze` has squeezed."""
    values: npt.NDArray[np.float32] = squeezed["bytes"].astype(np.float32)
    return values * np.float32(squeezed["peak"] / _STEPS)


def thin(maps: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """At most `MOST_MAPS` of the maps (H, W, K), at most `LARGEST_MAP` pixels high and wide."""
    height, width, _ = maps.shape
    step = -(-max(height, width) // LARGEST_MAP)
    return maps[::step, ::step, :MOST_MAPS]


def size_of(snapshot: Any) -> int:  # noqa: ANN401 - nested dictionaries of arrays
    """Bytes of all arrays in a snapshot."""
    if isinstance(snapshot, np.ndarray):
        return snapshot.nbytes
    if isinstance(snapshot, Mapping):
        return sum(size_of(value) for value in snapshot.values())
    return 0
