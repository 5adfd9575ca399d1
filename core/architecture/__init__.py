"""Networks as rows: what they are, what they cost, whether they fit. No Keras in here."""

from core.architecture.initializers import INITIALIZERS, Initializer, InitializerName
from core.architecture.network import Architecture, ArchitectureError, decode, encode
from core.architecture.plan import HEAD_DROPOUT, NormOrder
from core.architecture.presets import PRESETS, NamedArchitecture, Published
from core.architecture.rows import KINDS, Row, RowModel
from core.architecture.trace import RowTrace, Totals, check, problem, totals, trace

__all__ = [
    "HEAD_DROPOUT",
    "INITIALIZERS",
    "KINDS",
    "PRESETS",
    "Architecture",
    "ArchitectureError",
    "Initializer",
    "InitializerName",
    "NamedArchitecture",
    "NormOrder",
    "Published",
    "Row",
    "RowModel",
    "RowTrace",
    "Totals",
    "check",
    "decode",
    "encode",
    "problem",
    "totals",
    "trace",
]
