"""Named settings of the pages. Importing the package registers the presets of every page."""

from core.presets import augmentation as augmentation
from core.presets import backprop as backprop
from core.presets import boxes as boxes
from core.presets import classify as classify
from core.presets import convolution as convolution
from core.presets import descent as descent
from core.presets import detect as detect
from core.presets import detector as detector
from core.presets import kernels as kernels
from core.presets import masks as masks
from core.presets import normalization as normalization
from core.presets import pixels as pixels
from core.presets import pooling as pooling
from core.presets import segment as segment
from core.presets import softmax as softmax
from core.presets import training as training
from core.presets import transfer as transfer
from core.presets import unet as unet
from core.presets import yolo as yolo
from core.presets.registry import DECKS, PRESETS, Deck, Expect, Preset, Presets

__all__ = ["DECKS", "PRESETS", "Deck", "Expect", "Preset", "Presets"]
