"""A network as Keras 3 source, one line a layer, with the functional API or as Sequential."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from textwrap import indent, wrap
from typing import Literal

import core
from core.architecture.network import Architecture, ArchitectureError
from core.architecture.plan import POSITIONS, Argument, LayerCall, Made, NormOrder, plan
from core.architecture.rows import KINDS
from core.architecture.trace import INPUT, OUTPUT, RowTrace, totals, trace
from core.export.source_text import literal

Api = Literal["functional", "sequential"]

WIDTH = 88
_POSITIONS_FILE = Path(core.__path__[0]) / "models" / "positions.py"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What a model is made of; the arguments of `core.models.build.build`.

    Attributes:
        architecture: the rows between input and output.
        input_shape: (height, width, channels) of an image.
        classes: number of logits.
        norm_order: batch norm of a row before or after its activation.
        initializer: slug of `core.architecture.initializers.INITIALIZERS`.
        head_dropout: rate of the dropout layer before the output.
        dropout_seed: seed of that layer; None draws one.
    """

    architecture: Architecture
    input_shape: tuple[int, int, int]
    classes: int
    norm_order: NormOrder = "before"
    initializer: str = "glorot_uniform"
    head_dropout: float = 0.0
    dropout_seed: int | None = None

    def layers(self) -> tuple[LayerCall, ...]:
        """The layers of the model.

        Raises:
            ArchitectureError: the network does not fit; the message names the row.
        """
        return plan(
            self.architecture,
            self.input_shape,
            self.classes,
            norm_order=self.norm_order,
            initializer=self.initializer,
            head_dropout=self.head_dropout,
            dropout_seed=self.dropout_seed,
        )

    def trace(self) -> dict[str, RowTrace]:
        """The rows by name."""
        traced = trace(self.architecture, self.input_shape, self.classes)
        return {row.name: row for row in traced}


def model_script(spec: ModelSpec, *, seed: int = 0, api: Api = "functional") -> str:
    """A script whose `model` has the layers and first weights of `core.models.build`.

    Args:
        spec: the model.
        seed: of all weights.
        api: how the model is written down.

    Raises:
        ArchitectureError: as for `model_source`.
    """
    parts = (
        "# Keras 3, with TensorFlow, JAX or PyTorch below it.\n"
        "import keras\nfrom keras import layers",
        f"# The same seed gives the same first weights.\nkeras.utils.set_random_seed({seed})",
        model_source(spec, api=api),
        "# The table of layers, with output shapes and parameters.\nmodel.summary()",
    )
    return "\n\n".join(parts) + "\n"


def model_source(spec: ModelSpec, *, api: Api = "functional") -> str:
    """Statements that make `model`, for a script that has imported `keras` and `layers`.

    Sections are set apart by blank lines and begin with a comment.

    Raises:
        ArchitectureError: the network does not fit, or a sequential one has skip connections;
            the message names the row.
    """
    calls = spec.layers()
    own = [_positions_source()] if any(c.layer == POSITIONS for c in calls) else []
    body = _sequential(spec, calls) if api == "sequential" else _functional(spec, calls)
    return "\n\n".join([*own, *body])


def _functional(spec: ModelSpec, calls: Sequence[LayerCall]) -> list[str]:
    traced = spec.trace()
    end = (
        f"# {totals(traced.values()).parameters:,} parameters.\n"
        'model = keras.Model(inputs, outputs, name="network")'
    )
    return [*_sections(calls, traced, spec.input_shape), end]


def _sequential(spec: ModelSpec, calls: Sequence[LayerCall]) -> list[str]:
    if kept := next((call for call in calls if not call.layer or call.output != "x"), None):
        raise ArchitectureError(
            f"{kept.row} has a skip connection, so the layers are no plain list: a sequential "
            "model cannot hold it. Use the functional API, or switch the skip off."
        )
    traced = spec.trace()
    lines = [f'keras.Input({spec.input_shape}, name="image"),']
    for call, following in zip(calls, (*calls[1:], None), strict=True):
        last = following is None or following.row != call.row
        remark = f"  # {traced[call.row].shape_text}" if last else ""
        lines.append(wrapped(f"{_class(call)}(", _arguments(call), f"),{remark}"))
    parameters = totals(traced.values()).parameters
    about = f"# Images in, logits out: {parameters:,} parameters."
    body = indent("\n".join(lines), "        ")
    return [
        f'{about}\nmodel = keras.Sequential(\n    [\n{body}\n    ],\n    name="network",\n)'
    ]


def _sections(
    calls: Sequence[LayerCall],
    traced: dict[str, RowTrace],
    input_shape: tuple[int, int, int],
) -> list[str]:
    """Row by row; rows of one layer that follow each other stand together."""
    first = f'inputs = keras.Input({input_shape}, name="image")'
    sections: list[tuple[list[str], list[str]]] = []  # titles, lines
    together = False
    for name, group in groupby(calls, key=lambda call: call.row):
        row, row_calls = traced[name], list(group)
        lines = [_statement(call) for call in row_calls[:-1]]
        lines.append(_statement(row_calls[-1], f"  # {row.shape_text}"))
        single = len(row_calls) == 1 and name != INPUT
        if single and together:
            sections[-1][0].append(_title(row))
            sections[-1][1].extend(lines)
        else:
            sections.append(([_title(row)], [first, *lines] if name == INPUT else lines))
        together = single
    return ["\n".join([*_comment(titles), *lines]) for titles, lines in sections]


def _title(row: RowTrace) -> str:
    if row.kind == INPUT:
        return f"Images of {row.shape_text}, values 0 to 255"
    if row.kind == OUTPUT:
        return f"One logit for each of {row.shape_text} classes"
    return KINDS[row.kind].title


def _comment(titles: Sequence[str]) -> list[str]:
    """One sentence, as comment lines."""
    words = ", ".join([titles[0], *(title.lower() for title in titles[1:])])
    return [f"# {line}" for line in wrap(f"{words}.", WIDTH - 2)]


def _statement(call: LayerCall, remark: str = "") -> str:
    given = ", ".join(_variable(call, name) for name in call.inputs)
    output = "outputs" if call.name == OUTPUT else call.output
    if not call.layer:
        return f"{output} = {given}{remark}"
    if call.layer == "Add":
        given = f"[{given}]"
    return wrapped(f"{output} = {_class(call)}(", _arguments(call), f")({given}){remark}")


def _class(call: LayerCall) -> str:
    return call.layer if call.layer == POSITIONS else f"layers.{call.layer}"


def _arguments(call: LayerCall) -> list[str]:
    named = (*call.named, ("name", call.name))
    given = [_written(value) for value in call.given]
    return given + [f"{name}={_written(value)}" for name, value in named]


def _variable(call: LayerCall, name: str) -> str:
    return "inputs" if call.row == INPUT else name


def wrapped(start: str, arguments: Sequence[str], end: str) -> str:
    """In one line if there is room, else the arguments in a line of their own or one each."""
    line = start + ", ".join(arguments) + end
    if len(line) <= WIDTH:
        return line
    inner = "    " + ", ".join(arguments)
    if len(inner) <= WIDTH:
        return f"{start}\n{inner}\n{end}"
    listed = "".join(f"    {argument},\n" for argument in arguments)
    return f"{start}\n{listed}{end}"


def _written(value: Argument) -> str:
    if isinstance(value, Made):
        given = ", ".join(f"{name}={argument}" for name, argument in value.arguments)
        return f"keras.initializers.{value.name}({given})"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float):
        return literal(value).replace("/", " / ")
    return str(value)


def _positions_source() -> str:
    """The class as `core.models` has it: read, not imported, since importing it loads Keras."""
    text = _POSITIONS_FILE.read_text(encoding="utf-8")
    found = next(n for n in ast.parse(text).body if isinstance(n, ast.ClassDef))
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    lines = text.splitlines()[first - 1 : found.end_lineno]
    source = "\n".join(line.split("  # type:")[0] for line in lines)
    return f"# Keras has no layer for learned positions.\n{source}\n"
