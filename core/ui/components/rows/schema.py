"""What the row editor has to know about pydantic models, so that it can draw any of them.

A kind of row is a frozen model with a `kind: Literal["name"]`, class variables `title` and
`about`, a switch `on`, and fields that are whole or decimal numbers with bounds, switches,
choices (`Literal`) or short texts. `json_schema_extra` may carry `step` (of a decimal number)
and `rare` (the field is folded away while it holds its default).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

OWN_FIELDS = ("kind", "on")
"""Fields that the editor draws in its own way."""
_STEP = 0.1


def kinds_data(kinds: Mapping[str, type[BaseModel]]) -> list[dict[str, Any]]:
    """Every kind with its words and fields, in the order of the menu."""
    return [
        {
            "kind": kind,
            "title": model.title,  # type: ignore[attr-defined]
            "about": model.about,  # type: ignore[attr-defined]
            "fields": [
                field_data(name, info)
                for name, info in model.model_fields.items()
                if name not in OWN_FIELDS
            ],
        }
        for kind, model in kinds.items()
    ]


def field_data(name: str, info: FieldInfo) -> dict[str, Any]:
    """One field as the browser draws it.

    Raises:
        TypeError: there is no input for a field of that type, or a number has no bounds.
    """
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return {
        "name": name,
        "title": info.title or name.replace("_", " ").capitalize(),
        "help": info.description or "",
        "default": info.default,
        "rare": bool(extra.get("rare")),
    } | _input(name, info, extra)


def _input(name: str, info: FieldInfo, extra: Mapping[str, Any]) -> dict[str, Any]:
    kind = info.annotation
    if kind is bool:
        return {"type": "switch"}
    if get_origin(kind) is Literal and all(isinstance(word, str) for word in get_args(kind)):
        return {"type": "choice", "choices": list(get_args(kind))}
    if kind is str:
        return {"type": "text", "longest": _bound(name, info, "max_length")}
    if kind in (int, float):
        whole = kind is int
        return {
            "type": "whole" if whole else "decimal",
            "low": _bound(name, info, "ge"),
            "high": _bound(name, info, "le"),
            "step": 1 if whole else extra.get("step", _STEP),
        }
    raise TypeError(f"the row editor has no input for the field {name!r} of type {kind}")


def _bound(name: str, info: FieldInfo, part: str) -> float:
    """The value of a rule such as `ge`."""
    for rule in info.metadata:
        if (value := getattr(rule, part, None)) is not None:
            bound: float = value
            return bound
    raise TypeError(f"the field {name!r} needs {part}= to be edited in a row")
