"""How weights begin: the initialisers that a lecture compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

InitializerName = Literal[
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
    "lecun_normal", "orthogonal", "normal_small", "normal_large", "zeros", "ones",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Initializer:
    """One way to draw the weights of a kernel. Biases begin at 0 with all of them.

    Attributes:
        slug: name in links; Keras' own where Keras has one.
        title: name for the screen.
        about: what it draws, and what comes of it.
        source: paper and equation; empty for what needs none.
        stddev: of a plain normal distribution, which Keras has no name for; None elsewhere.
    """

    slug: InitializerName
    title: str
    about: str
    source: str = ""
    stddev: float | None = None


_LECUN = "LeCun et al. 1998, Efficient BackProp, section 4.6"
_GLOROT = "Glorot & Bengio 2010, equation"
_HE = "He et al. 2015, Delving deep into rectifiers, equation 10"

INITIALIZERS: Mapping[InitializerName, Initializer] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            Initializer(
                "glorot_uniform",
                "Glorot, uniform",
                "Between -a and a with a = sqrt(6 / (inputs + outputs)). Keras' default.",
                f"{_GLOROT} 16",
            ),
            Initializer(
                "glorot_normal",
                "Glorot, normal",
                "Normal with variance 2 / (inputs + outputs), cut at 2 deviations; for tanh.",
                f"{_GLOROT} 12",
            ),
            Initializer(
                "he_uniform",
                "He, uniform",
                "Between -a and a with a = sqrt(6 / inputs); for relu.",
                _HE,
            ),
            Initializer(
                "he_normal",
                "He, normal",
                "Normal with variance 2 / inputs, cut at 2 deviations; for relu.",
                _HE,
            ),
            Initializer(
                "lecun_uniform",
                "LeCun, uniform",
                "Between -a and a with a = sqrt(3 / inputs).",
                _LECUN,
            ),
            Initializer(
                "lecun_normal",
                "LeCun, normal",
                "Normal with variance 1 / inputs, cut at 2 deviations; for selu.",
                _LECUN,
            ),
            Initializer(
                "orthogonal",
                "Orthogonal",
                "A random matrix that keeps lengths: rows or columns stand at right angles.",
                "Saxe et al. 2014, Exact solutions to the nonlinear dynamics of learning",
            ),
            Initializer(
                "normal_small",
                "Normal, small",
                "Normal with deviation 0.01 in every layer; signals fade on their way.",
                stddev=0.01,
            ),
            Initializer(
                "normal_large",
                "Normal, large",
                "Normal with deviation 1 in every layer; signals explode or saturate.",
                stddev=1.0,
            ),
            Initializer(
                "zeros",
                "Zeros",
                "All 0: with relu or tanh no gradient reaches the hidden layers.",
            ),
            Initializer(
                "ones",
                "Ones",
                "All 1: the units of a layer are equal, and stay equal.",
            ),
        )
    }
)
"""By slug, the default first."""
