"""Controls of a step, and pipelines that come as files."""

import pytest

from core.augment import AugmentError
from core.augment.catalog import KINDS, catalog, step_of
from core.augment.pipelines import PIPELINES
from core.ui.augmentation.facts import about, table
from core.ui.augmentation.settings import MOST_BYTES, read_file
from core.ui.augmentation.step_controls import places, with_setting

NUMBERS = [
    (kind, parameter)
    for kind, entry in catalog().items()
    for parameter in entry.parameters
    if not parameter.choices and not isinstance(parameter.default, bool)
]


@pytest.mark.parametrize(
    ("kind", "parameter"), NUMBERS, ids=lambda part: getattr(part, "name", part)
)
def test_a_slider_reaches_both_ends_and_the_default_and_every_place_can_be_set(kind, parameter):
    found = places(parameter, parameter.default)
    assert found[0] == parameter.low
    assert found[-1] == parameter.high
    assert parameter.default in found
    assert found == sorted(set(found))
    assert 2 <= len(found) <= 1001
    for place in (found[0], found[len(found) // 2], found[-1]):
        assert (
            getattr(with_setting(step_of(kind), parameter.name, place), parameter.name) == place
        )


def test_a_value_from_a_link_has_a_place_of_its_own():
    (degrees, *_) = catalog()["rotation"].parameters
    assert 17.3 in places(degrees, 17.3)
    assert 17.3 not in places(degrees, 20.0)


def test_a_setting_that_cannot_be_changes_nothing():
    assert with_setting(step_of("rotation"), "degrees", 181.0) is None
    assert with_setting(step_of("rotation"), "degrees", "wide") is None


@pytest.mark.parametrize("slug", PIPELINES)
def test_a_saved_pipeline_is_read_as_it_was(slug):
    spec = PIPELINES[slug].spec
    assert read_file(spec.model_dump_json(indent=2).encode()) == spec


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no pipeline"),
        (b"\xff\xfe", "no pipeline"),
        (b'{"steps": [{"kind": "teleport"}]}', "Step 1: 'teleport' is no augmentation"),
        (b'{"steps": [{"kind": "rotation", "degrees": 999}]}', "Step 1"),
        (b" " * (MOST_BYTES + 1), "200,001 bytes"),
    ],
)
def test_a_file_that_is_no_pipeline_is_told(content, words):
    with pytest.raises(AugmentError, match=words):
        read_file(content)


@pytest.mark.parametrize("kind", KINDS)
def test_every_augmentation_is_described_with_its_source(kind):
    entry, said = catalog()[kind], about(1, step_of(kind))
    assert said.startswith(f"- **1. {entry.title}**")
    assert f"`{entry.implementation}`" in said
    assert "Source: " in said


def test_no_sign_in_a_cell_breaks_a_table():
    lines = table([{"Draw": "1", "a|b": "x|y*z"}]).splitlines()
    assert lines == ["| Draw | a\\|b |", "|---|---|", "| 1 | x\\|y\\*z |"]
