"""Kernels: named ones with their sources, banks of them, and what can be said about each."""

from core.kernels import blurs, derivatives, pillow, sharpeners, textures
from core.kernels.banks import BANKS, GUIDE, Bank
from core.kernels.parameters import PARAMETERS, Parameter
from core.kernels.registry import KERNELS, NamedKernel
from core.kernels.weights import LARGEST, Kernel, centred, everywhere

__all__ = [
    "BANKS",
    "GUIDE",
    "KERNELS",
    "LARGEST",
    "PARAMETERS",
    "Bank",
    "Kernel",
    "NamedKernel",
    "Parameter",
    "blurs",
    "centred",
    "derivatives",
    "everywhere",
    "pillow",
    "sharpeners",
    "textures",
]
