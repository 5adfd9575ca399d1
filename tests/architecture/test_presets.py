"""The named networks: published sizes, and that they fit what the page offers."""

import pytest

from core.architecture import INITIALIZERS, PRESETS, problem, totals, trace
from core.architecture.functional import FUNCTIONAL
from core.architecture.rows import Residual

SHAPES = [(28, 28, 1), (32, 32, 3), (64, 64, 3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.slug)
def test_every_preset_fits_every_data_set(preset, shape):
    assert problem(trace(preset.architecture, shape, 10)) == ""


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.slug)
def test_every_preset_trains_in_seconds(preset):
    """Below 6 million multiply-adds an image: 5,000 images forward and back are 90 billion."""
    size = totals(trace(preset.architecture, (28, 28, 1), 10))
    assert size.multiply_adds < 6_000_000
    assert size.training_bytes(128) < 200e6


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.slug)
def test_every_preset_says_what_it_is_and_where_it_comes_from(preset):
    assert preset.slug == preset.slug.lower()
    assert preset.slug.replace("-", "").isalnum()
    assert preset.title.strip()
    assert preset.about.endswith(".")
    assert preset.source.strip()
    for text in (preset.title, preset.about, preset.source):
        assert text.isascii()


def test_presets_with_published_sizes_have_them():
    published = [p for p in PRESETS.values() if p.published]
    assert "lenet" in {p.slug for p in published}
    for preset in published:
        rows = trace(
            preset.architecture, preset.published.input_shape, preset.published.classes
        )
        assert totals(rows).parameters == preset.published.parameters
        assert tuple(r.parameters for r in rows if r.parameters) == preset.published.rows


def test_sizes_that_follow_from_the_definition():
    """(784 + 1) x 10; and (784 + 1) x 300 + (300 + 1) x 10 for 28 x 28 - 300 - 10."""
    size = {
        slug: totals(trace(PRESETS[slug].architecture, (28, 28, 1), 10)).parameters
        for slug in ("logistic", "dense")
    }
    assert size == {"logistic": 7_850, "dense": 238_510}


def test_the_two_resnets_differ_in_their_skips_alone():
    with_skips, without = (PRESETS[slug].architecture for slug in ("resnet", "resnet-plain"))
    assert len(with_skips.rows) == len(without.rows)
    for one, other in zip(with_skips.rows, without.rows, strict=True):
        if isinstance(one, Residual):
            assert one.skip
            assert other == one.model_copy(update={"skip": False})
        else:
            assert other == one


@pytest.mark.parametrize("entry", INITIALIZERS.values(), ids=lambda entry: entry.slug)
def test_every_initialiser_says_what_it_draws(entry):
    assert entry.title.strip()
    assert entry.about.endswith(".")


def test_slugs_stand_for_themselves():
    for registry in (PRESETS, INITIALIZERS, FUNCTIONAL):
        assert all(slug == entry.slug for slug, entry in registry.items())
