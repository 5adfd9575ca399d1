"""Networks as rows, as JSON and as text for links."""

import re

import pytest
from hypothesis import given
from pydantic import ValidationError

from core.architecture import KINDS, PRESETS, Architecture, ArchitectureError, decode, encode
from core.architecture.network import CODES, MOST_ROWS
from core.architecture.rows import Conv, Dense, Dropout, Flatten, Pool
from tests.architecture.networks import any_network

LENET = PRESETS["lenet"].architecture


@given(any_network())
def test_text_and_json_give_the_same_network_back(network):
    assert decode(encode(network)) == network
    assert Architecture.model_validate_json(network.model_dump_json()) == network


@given(any_network())
def test_the_text_needs_no_escape_in_a_link(network):
    assert re.fullmatch(r"[A-Za-z0-9._-]*", encode(network))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.slug)
def test_every_preset_fits_into_a_link(preset):
    text = encode(preset.architecture)
    assert decode(text) == preset.architecture
    assert len(text) < 300


def test_a_link_says_what_it_holds():
    network = Architecture(
        rows=(
            Conv(filters=6, kernel=5, activation="leaky_relu"),
            Pool(on=False),
            Dropout(rate=0.5),
        )
    )
    assert encode(network) == "conv-f6-k5-aleaky.relu_off-pool_dropout-r0.5"


def test_links_of_today_are_read_tomorrow():
    """Letters and defaults are never changed: these links are out in the world."""
    text = (
        "conv-f6-k5-atanh_pool-maverage_conv-k5-pvalid-atanh_pool-maverage_flatten_dense-u120"
        "-atanh_dense-u84-atanh"
    )
    assert decode(text) == LENET
    every = (
        "conv-f8-k5-s2-pvalid-atanh-n1-b0-d3_depthwise.conv-k5-s2-pvalid-asilu-n1-b0-x2_"
        "separable.conv-f8-k5-s2-pvalid-aelu-n1-b0_residual-f8-s2-i0-agelu-n0-k5_"
        "pool-maverage-z3-s1-psame_global.pool-mmax_activation-aselu_batch.norm_layer.norm_"
        "dropout-r0.1_patches-z8-w64_positions_transformer-h2-r4-o0.1_flatten_"
        "dense-u5-alinear-n1-b0"
    )
    network = decode(every)
    assert {row.kind for row in network.rows} == set(KINDS)
    for row in network.rows:  # every field stands at another value than its default
        fields = type(row).model_fields
        kept = [n for n in fields if getattr(row, n) == fields[n].default]
        assert kept == sorted({"kind", "on"} & set(fields), reverse=True) or kept == [
            "on",
            "kind",
        ]
    assert encode(network) == every


def test_letters_are_unique_within_a_kind():
    for kind, model in KINDS.items():
        letters = [CODES[name] for name in model.model_fields if name not in ("kind", "on")]
        assert len(set(letters)) == len(letters), kind
        assert all(len(letter) == 1 for letter in letters)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("konv-f6", ["Row 1", "'konv'", "conv, depthwise.conv"]),
        ("flatten_dense-q5", ["Row 2", "dense", "'q5'", "u, a, n, b"]),
        ("flatten_dense-u5-u6", ["Row 2", "'u6'", "once"]),
        ("conv-f0", ["Row 1", "Filters", "'0'", "greater than or equal to 1"]),
        ("conv-f9999", ["Filters", "less than or equal to 512"]),
        ("conv-fsix", ["Filters", "'six'", "valid integer"]),
        ("conv-arelux", ["Activation", "'relux'", "'relu'"]),
        ("dropout-r1.5", ["Rate", "less than or equal to 0.9"]),
        ("conv__dense", ["Row 2", "''"]),
        ("flatten-", ["Row 1", "letters: none"]),
        ("dropout-rnan", ["Rate", "'nan'"]),
        ("off", ["Row 1", "'off'"]),
    ],
)
def test_a_bad_text_is_answered_with_a_sentence(text, words):
    with pytest.raises(ArchitectureError) as caught:
        decode(text)
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_too_many_rows_are_refused():
    with pytest.raises(ArchitectureError, match=f"65 rows; up to {MOST_ROWS}"):
        decode("_".join(["dropout"] * 65))
    assert len(decode("_".join(["dropout"] * 64)).rows) == 64


def test_no_text_is_a_network_without_rows():
    assert decode("") == decode("  ") == Architecture()


def test_networks_are_values():
    twin = Architecture.model_validate(LENET.model_dump())
    assert twin == LENET
    assert hash(twin) == hash(LENET)
    assert {twin: 1}[LENET] == 1
    with pytest.raises(ValidationError):
        LENET.rows = ()


def test_rows_are_named_by_kind_and_count():
    network = Architecture(rows=(Conv(), Pool(), Conv(on=False), Conv(), Flatten(), Dense()))
    names = ("conv_1", "pool_1", "conv_2", "conv_3", "flatten_1", "dense_1")
    assert network.names == names


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_and_field_has_words_and_bounds(kind):
    model = KINDS[kind]
    assert model.title.strip()
    assert model.about.endswith(".")
    for name, info in model.model_fields.items():
        if name == "kind":
            continue
        assert info.title
        assert info.description.endswith(".")
        if info.annotation in (int, float):
            low = next(rule.ge for rule in info.metadata if hasattr(rule, "ge"))
            high = next(rule.le for rule in info.metadata if hasattr(rule, "le"))
            assert low <= info.default <= high
