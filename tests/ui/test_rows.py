"""The row editor's data: a schema of any model, and messages that are read with care."""

import json
from typing import ClassVar, Literal

import pytest
from hypothesis import given
from pydantic import BaseModel, Field, TypeAdapter

from core.architecture import KINDS, PRESETS, Architecture, Row
from core.architecture.rows import Conv, Dropout
from core.ui.components.rows import Beside, Words, read_message, rows_data
from core.ui.components.rows.schema import field_data, kinds_data
from tests.architecture.networks import any_network

ROW = TypeAdapter(Row)
LENET = PRESETS["lenet"].architecture.rows
WORDS = Words("layer", ("Output", "Parameters"))


class Step(BaseModel):
    """A kind of row as another page might have it."""

    title: ClassVar[str] = "Noise"
    about: ClassVar[str] = "Adds noise."

    kind: Literal["noise"] = "noise"
    on: bool = True
    sigma: float = Field(10.0, ge=0, le=50, title="Sigma", json_schema_extra={"step": 0.5})
    count: int = Field(2, ge=1, le=9, description="How often.")
    where: Literal["all", "edges"] = "all"
    grey: bool = Field(False, json_schema_extra={"rare": True})
    name: str = Field("", max_length=20)


def message(edit: object, rows: object) -> str:
    return json.dumps({"edit": edit, "rows": rows})


def test_every_kind_of_layer_is_described():
    found = {kind["kind"]: kind for kind in kinds_data(KINDS)}
    assert list(found) == list(KINDS)
    filters = next(f for f in found["conv"]["fields"] if f["name"] == "filters")
    assert filters == {
        "name": "filters", "title": "Filters", "help": "Maps that the layer gives.",
        "default": 16, "rare": False, "type": "whole", "low": 1, "high": 512, "step": 1,
    }  # fmt: skip
    padding = next(f for f in found["conv"]["fields"] if f["name"] == "padding")
    assert (padding["type"], padding["choices"]) == ("choice", ["same", "valid"])
    rate = found["dropout"]["fields"][0]
    assert (rate["type"], rate["low"], rate["high"], rate["step"]) == ("decimal", 0, 0.9, 0.05)
    rare = {field["name"] for field in found["conv"]["fields"] if field["rare"]}
    assert rare == {"bias", "dilation"}
    assert json.dumps(list(found.values()))


def test_models_of_other_pages_are_described_the_same_way():
    (kind,) = kinds_data({"noise": Step})
    assert (kind["title"], kind["about"]) == ("Noise", "Adds noise.")
    types = {field["name"]: field["type"] for field in kind["fields"]}
    assert types == {
        "sigma": "decimal", "count": "whole", "where": "choice", "grey": "switch",
        "name": "text",
    }  # fmt: skip
    grey = next(field for field in kind["fields"] if field["name"] == "grey")
    assert (grey["rare"], grey["title"]) == (True, "Grey")


class Odd(BaseModel):
    endless: int = 3
    half: float = Field(0.5, ge=0)
    speech: str = ""
    pair: tuple[int, int] = (1, 2)
    steps: Literal[1, 2] = 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("endless", "'endless' needs ge="),
        ("half", "'half' needs le="),
        ("speech", "'speech' needs max_length="),
        ("pair", "no input for the field 'pair'"),
        ("steps", "no input for the field 'steps'"),
    ],
)
def test_fields_that_cannot_be_edited_are_refused(name, words):
    with pytest.raises(TypeError, match=words):
        field_data(name, Odd.model_fields[name])


def test_the_browser_is_sent_rows_and_what_stands_beside_them():
    beside = [Beside(f"row_{n}", ("4", "5"), 0.25, ["sum"], "note", "") for n in range(7)]
    data = rows_data(
        LENET, beside, kinds=KINDS, words=WORDS, first=("Image", Beside("input", ("1", ""))),
    )  # fmt: skip
    assert [row["kind"] for row in data["rows"]] == [row.kind for row in LENET]
    assert data["rows"][0]["filters"] == 6
    assert data["beside"][1] == {
        "name": "row_1", "cells": ["4", "5"], "share": 0.25, "details": ["sum"],
        "note": "note", "problem": "",
    }  # fmt: skip
    assert data["first"]["title"] == "Image"
    assert data["last"] is None
    assert data["headings"] == ["Output", "Parameters"]
    # An edit sends the whole schema back and forth over a slow line: kept small.
    assert len(json.dumps(data)) < 20_000


@given(any_network())
def test_what_the_browser_sends_back_is_the_network(network):
    data = rows_data(network.rows, [Beside("")] * len(network.rows), kinds=KINDS, words=WORDS)
    text = message(7, json.loads(json.dumps(data["rows"])))
    found = read_message(text, ROW)
    assert found is not None
    assert found[0] == 7
    assert Architecture(rows=found[1]) == network


@pytest.mark.parametrize(
    "text",
    [
        None,
        3,
        "",
        "nonsense",
        "[]",
        "null",
        '{"edit": 1}',
        '{"edit": "x", "rows": []}',
        message(None, []),
        message(1, {"kind": "conv"}),
        message(1, [{"kind": "conf"}]),
        message(1, [{"kind": "conv", "filters": 0}]),
        message(1, [{"kind": "conv", "filters": "many"}]),
        message(1, [{"kind": "conv", "colour": "red"}]),
        message(1, [7]),
        message(1, [{"kind": "flatten"}] * 65),
        message(1, [{"kind": "flatten", "note": "x" * 200_000}]),
        "[" * 50_000,
    ],
    ids=lambda text: str(text)[:40],
)
def test_messages_that_are_none_are_passed_over(text):
    assert read_message(text, ROW) is None


def test_a_message_carries_its_number_and_rows():
    text = message(3, [{"kind": "conv", "filters": 8}, {"kind": "dropout", "rate": 0.5}])
    assert read_message(text, ROW) == (3, (Conv(filters=8), Dropout(rate=0.5)))
    assert read_message(message(4, []), ROW) == (4, ())
