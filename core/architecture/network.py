"""A network as a list of rows, and as a short text that fits into a link.

`conv-f6-k5-atanh_pool-maverage_flatten_dense-u84`: rows are set apart by `_`, a row is its kind
and then, each after a `-`, a letter and a value for every field that differs from its default.
`off-` before the kind switches a row off. An underscore inside of a name is written as a dot.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.architecture.rows import KINDS, Row, RowModel

MOST_ROWS = 64

CODES = {
    "activation": "a",
    "batch_norm": "n",
    "bias": "b",
    "dilation": "d",
    "dropout": "o",
    "filters": "f",
    "function": "a",
    "heads": "h",
    "kernel": "k",
    "method": "m",
    "mlp_ratio": "r",
    "multiplier": "x",
    "padding": "p",
    "rate": "r",
    "size": "z",
    "skip": "i",
    "stride": "s",
    "units": "u",
    "width": "w",
}
"""A letter for each field, unique within a kind; links are made of them."""


class ArchitectureError(ValueError):
    """A network that cannot be read or built; the message says why and what would work."""


class Architecture(BaseModel):
    """A network: its rows from the input on.

    The output layer (dense, one logit a class) is not among them: it always comes last, behind
    a dropout layer whose rate belongs to the run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[Row, ...] = Field((), max_length=MOST_ROWS)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each row: its kind, counted (`conv_1`, `conv_2`, `pool_1`).

        Rows that are off count too, so that switching one renames no other.
        """
        seen: dict[str, int] = {}
        names = []
        for row in self.rows:
            seen[row.kind] = seen.get(row.kind, 0) + 1
            names.append(f"{row.kind}_{seen[row.kind]}")
        return tuple(names)


def encode(architecture: Architecture) -> str:
    """The network as text of letters, digits, `-`, `_` and `.`, the inverse of `decode`.

    Example:
        >>> from core.architecture.rows import Dense, Dropout, Flatten
        >>> encode(Architecture(rows=(Flatten(), Dropout(rate=0.5), Dense(units=10))))
        'flatten_dropout-r0.5_dense-u10'
    """
    return "_".join(_encode_row(row) for row in architecture.rows)


def decode(text: str) -> Architecture:
    """Read what `encode` wrote.

    Raises:
        ArchitectureError: the text is no network; the message names the row.

    Example:
        >>> decode("conv-f6-k5_flatten").rows[0].filters
        6
    """
    words = text.strip().split("_") if text.strip() else []
    if len(words) > MOST_ROWS:
        raise ArchitectureError(
            f"The network has {len(words)} rows; up to {MOST_ROWS} can be built."
        )
    return Architecture(rows=tuple(_decode_row(n, word) for n, word in enumerate(words, 1)))


def _encode_row(row: RowModel) -> str:
    fields = type(row).model_fields
    values = {
        name: getattr(row, name)
        for name in fields
        if name not in ("kind", "on") and getattr(row, name) != fields[name].default
    }
    words = [_dotted(row.kind)]  # type: ignore[attr-defined]
    words += [f"{CODES[name]}{_written(value)}" for name, value in values.items()]
    return "-".join(words if row.on else ["off", *words])


def _written(value: bool | float | str) -> str:
    if isinstance(value, str):
        return _dotted(value)
    return f"{float(value):g}"


def _dotted(name: str) -> str:
    return name.replace("_", ".")


def _decode_row(number: int, word: str) -> Row:
    off = word.startswith("off-")
    kind, *parts = word.removeprefix("off-").split("-")
    model = KINDS.get(kind.replace(".", "_"))
    if model is None:
        kinds = ", ".join(map(_dotted, KINDS))
        raise ArchitectureError(f"Row {number}: {kind!r} is no kind of row. Kinds: {kinds}.")
    values: dict[str, Any] = {"on": False} if off else {}
    for part in parts:
        name = _field(model, part[:1])
        if name is None or name in values:
            letters = ", ".join(CODES[n] for n in model.model_fields if n in CODES) or "none"
            raise ArchitectureError(
                f"Row {number} ({kind}): {part!r} cannot be read. Each field is a letter and a "
                f"value, once; its letters: {letters}."
            )
        is_choice = bool(get_args(model.model_fields[name].annotation))
        values[name] = part[1:].replace(".", "_") if is_choice else part[1:]
    try:
        return model(**values)  # type: ignore[return-value]
    except ValidationError as error:
        raise ArchitectureError(f"Row {number} ({kind}): {_reasons(model, error)}") from None


def _field(model: type[RowModel], letter: str) -> str | None:
    return next((n for n in model.model_fields if CODES.get(n) == letter), None)


def _reasons(model: type[RowModel], error: ValidationError) -> str:
    """What is wrong with which field, in words."""
    sentences = []
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0])
        rule = problem["msg"].removeprefix("Input should be ")
        title = model.model_fields[name].title
        sentences.append(f"{title} cannot be {problem['input']!r}: it should be {rule}.")
    return " ".join(sentences)
