"""The network among the settings of a page."""

import pytest
from hypothesis import given

from core.architecture import INITIALIZERS, PRESETS, Architecture, decode, encode
from core.architecture.rows import Conv, Flatten, SeparableConv
from core.lessons.architecture import MOST_LETTERS, OWN, ArchitectureFields
from core.lessons.base import options
from tests.architecture.networks import any_network


class Fields(ArchitectureFields):
    page = "scratch"


def test_what_can_be_chosen_is_what_there_is():
    assert options(Fields, "network") == (*PRESETS, OWN)
    assert options(Fields, "initializer") == tuple(INITIALIZERS)


@pytest.mark.parametrize("slug", PRESETS)
def test_a_name_gives_its_network(slug):
    lesson = Fields(network=slug, layers="flatten")
    assert lesson.built() == PRESETS[slug].architecture
    assert lesson.unreadable() == ""


@given(any_network())
def test_own_rows_go_into_the_settings_and_come_back(network):
    lesson = Fields().with_architecture(network)
    assert lesson.built() == network
    again, notices = Fields.nearest({k: str(v) for k, v in lesson.differences().items()})
    assert (again, notices) == (lesson, [])


@pytest.mark.parametrize("slug", PRESETS)
def test_rows_that_have_a_name_are_called_by_it(slug):
    own = Fields(network=OWN, layers="flatten", initializer="he_normal")
    found = own.with_architecture(PRESETS[slug].architecture)
    assert (found.network, found.layers) == (slug, "")
    assert found.initializer == "he_normal"


def test_rows_that_cannot_be_read_are_none_and_say_why():
    lesson = Fields(network=OWN, layers="flatten_dense-u0")
    assert lesson.built() == Architecture()
    assert "Row 2 (dense): Units cannot be '0'" in lesson.unreadable()


def test_the_longest_network_fits_into_the_text():
    rows = [
        SeparableConv(
            on=False, filters=512, kernel=11, stride=4, padding="valid",
            activation="leaky_relu", batch_norm=True, bias=False,
        )
    ] * 64  # fmt: skip
    text = encode(Architecture(rows=tuple(rows)))
    assert 3_000 < len(text) <= MOST_LETTERS
    assert decode(text).rows == tuple(rows)
    assert Fields(network=OWN, layers=text).built().rows == tuple(rows)


def test_settings_are_small_in_a_link():
    lesson = Fields().with_architecture(Architecture(rows=(Conv(filters=4), Flatten())))
    assert lesson.differences() == {"network": "own", "layers": "conv-f4_flatten"}
