"""Functions of this package as text, for scripts that hold them: read, not imported.

A function comes without annotations, and with all functions and constants of its module that
it needs.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from textwrap import dedent


class Source:
    """The functions and constants of one module."""

    def __init__(self, path: Path) -> None:
        """Read the file; nothing of it runs."""
        self._lines = path.read_text(encoding="utf-8").splitlines()
        self._nodes: dict[str, ast.stmt] = {}
        for node in ast.parse("\n".join(self._lines)).body:
            if isinstance(node, ast.FunctionDef):
                self._nodes[node.name] = node
            elif isinstance(node, ast.Assign) and (name := _constant(node)):
                self._nodes[name] = node

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def needed(self, names: Iterable[str]) -> list[str]:
        """These names and all that they need, in the order of the file."""
        found: set[str] = set()
        waiting = [name for name in names if name in self._nodes]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [n for n in _names_in(self._nodes[name]) if n in self._nodes]
        return [name for name in self._nodes if name in found]

    def text(self, name: str) -> str:
        """One function or constant."""
        node = self._nodes[name]
        if isinstance(node, ast.FunctionDef):
            return bare(node, self._lines, node.name)
        return "\n".join(self._lines[node.lineno - 1 : node.end_lineno])


@lru_cache(maxsize=16)
def source_of(path: Path) -> Source:
    """The module in a file, read once."""
    return Source(path)


def function_text(function: Callable[..., object], name: str) -> str:
    """A function of a class as a function of that name.

    Args:
        function: of a module that is imported anyway.
        name: what the text calls it.
    """
    lines = dedent(inspect.getsource(function)).splitlines()
    node = next(n for n in ast.parse("\n".join(lines)).body if isinstance(n, ast.FunctionDef))
    return bare(node, lines, name)


def names_in(function: Callable[..., object]) -> set[str]:
    """Every name that a function reads."""
    return _names_in(ast.parse(dedent(inspect.getsource(function))))


def _names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _constant(node: ast.Assign) -> str:
    """The name of a constant; empty for that of a type."""
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) and target.id.isupper() else ""


def bare(node: ast.FunctionDef, lines: list[str], name: str) -> str:
    """The function's body as it is written, under a head without annotations."""
    head = f"def {name}({_parameters(node.args)}):"
    first = node.body[0].lineno
    body = "\n".join(lines[first - 1 : node.end_lineno])
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef) and inner is not node:
            old = "\n".join(lines[inner.lineno - 1 : inner.body[0].lineno - 1])
            indent = " " * inner.col_offset
            body = body.replace(old, f"{indent}def {inner.name}({_parameters(inner.args)}):")
    return (
        f"{head}\n{body}".split("  # type: ignore")[0]
        if "# type:" in body
        else f"{head}\n{body}"
    )


def _parameters(args: ast.arguments) -> str:
    """The names, with their defaults."""
    names = [arg.arg for arg in args.args]
    defaults = [ast.unparse(default).replace("'", '"') for default in args.defaults]
    plain = len(names) - len(defaults)
    return ", ".join(
        [*names[:plain], *(f"{n}={d}" for n, d in zip(names[plain:], defaults, strict=True))]
    )
