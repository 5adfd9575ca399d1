"""Losses that are sums of parts, as the text of a script: the very functions of the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.export.source_of import source_of


def parts_in_a_script(
    source: Path,
    wanted: Sequence[str],
    comment: str,
    weights: str,
    costs: str,
    parts: Sequence[str],
) -> str:
    """Functions of a module, and one for each part of what they give.

    Args:
        source: the module.
        wanted: its functions; what they need comes with them.
        comment: above all.
        weights: the statement that makes `WEIGHTS`.
        costs: an expression of `target` and `raw` that gives (n, parts).
        parts: their names; each becomes a function `<name>_loss`.
    """
    module = source_of(source)
    names = module.needed(wanted)
    constants = [name for name in names if name.isupper()]
    functions = [name for name in names if not name.isupper()]
    lines = [
        comment,
        *(module.text(name) for name in constants),
        weights,
        "", "",
        "\n\n\n".join(module.text(name) for name in functions),
        "", "",
        "def parts(target, raw):",
        f"    return {costs}",
    ]  # fmt: skip
    for place, part in enumerate(parts):
        lines += ["", "", f"def {part}_loss(target, raw):",
                  f"    return parts(target, raw)[:, {place}]"]  # fmt: skip
    return "\n".join(lines) + "\n"
