"""Pretrained networks, built: `load(name)` gives the Keras model of an entry of `core.zoo`."""

from core.models.zoo.loading import load

__all__ = ["load"]
