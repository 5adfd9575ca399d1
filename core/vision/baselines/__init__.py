"""Segmentation without learning: what pixels alone tell.

Every method is a frozen spec and a function `(image, spec)` that gives labels or a mask with
the steps that led there. They need no network, no weights and no engine.
"""

from core.vision.baselines.clusters import Clustered, KMeansSpec, cluster
from core.vision.baselines.grabcut import Grabbed, GrabCutSpec, grab_cut
from core.vision.baselines.picture import BaselineError
from core.vision.baselines.superpixels import SlicSpec, Superpixels, superpixels
from core.vision.baselines.threshold import Thresholded, ThresholdSpec, otsu, threshold
from core.vision.baselines.watershed import Flooded, WatershedSpec, watershed

__all__ = [
    "BaselineError",
    "Clustered",
    "Flooded",
    "GrabCutSpec",
    "Grabbed",
    "KMeansSpec",
    "SlicSpec",
    "Superpixels",
    "ThresholdSpec",
    "Thresholded",
    "WatershedSpec",
    "cluster",
    "grab_cut",
    "otsu",
    "superpixels",
    "threshold",
    "watershed",
]
