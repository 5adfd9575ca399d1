"""Networks as rows: what they are, what they cost, whether they fit. No Keras in here."""

from core.architecture.network import Architecture, ArchitectureError, decode, encode
from core.architecture.presets import PRESETS, NamedArchitecture, Published
from core.architecture.rows import KINDS, Row, RowModel
from core.architecture.trace import RowTrace, Totals, check, problem, totals, trace

__all__ = [
    "KINDS",
    "PRESETS",
    "Architecture",
    "ArchitectureError",
    "NamedArchitecture",
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
