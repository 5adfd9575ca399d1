"""Is it safe? What a pipeline can do to the meaning of a picture, in words.

Whether a step is harmless depends on what the pictures show: a mirrored cat is a cat, a
mirrored b is a d. `core.augment.lookalikes` measures the examples.
"""

from core.augment.safety.judgement import risks, shown_by, verdict
from core.augment.safety.risk import (
    HARMS,
    SHOWN,
    SHOWN_TITLES,
    Change,
    Harm,
    Lookalike,
    Risk,
    Shown,
)

__all__ = [
    "HARMS",
    "SHOWN",
    "SHOWN_TITLES",
    "Change",
    "Harm",
    "Lookalike",
    "Risk",
    "Shown",
    "risks",
    "shown_by",
    "verdict",
]
