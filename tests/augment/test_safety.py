"""Is it safe? Warnings for pipelines that change what a picture means, and only for those."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augment import PipelineSpec, catalog
from core.augment.catalog import KINDS
from core.augment.lookalikes import measured
from core.augment.pipelines import PIPELINES
from core.augment.safety import HARMS, SHOWN, risks, shown_by, verdict
from core.augment.text import decode

NAMES = list(KINDS)
WEAK = {"smallest", "smoothness", "lowest", "fewest"}
"""Settings of which the least is the strongest."""


def strongest(name):
    """A step with every number at its wilder end."""
    values = {
        p.name: p.low if p.name in WEAK else p.high
        for p in catalog()[name].parameters
        if not p.choices and not isinstance(p.default, bool)
    }
    return KINDS[name](**values, probability=1.0)


def alone(step):
    return PipelineSpec(steps=(step,))


def harms(text, shown):
    return {risk.harm for risk in risks(decode(text), shown)}


# The lectures' and everybody's examples


def test_half_a_turn_makes_a_6_a_9_and_says_so_with_the_number():
    (risk,) = risks(decode("hue_rotation-degrees180"), "digits")
    assert (risk.step, risk.title, risk.harm) == (2, "Rotation", "changes")
    assert (risk.parameter, risk.parameter_title, risk.value) == (
        "degrees",
        "Up to (degrees)",
        180.0,
    )
    assert "180 degrees" in risk.sentence
    assert "a 6" in risk.sentence
    assert "a 9" in risk.sentence


def test_mirrored_text_cannot_be_read_and_a_mirrored_cat_is_a_cat():
    (risk,) = risks(decode("flip.horizontal"), "text")
    assert "b becomes d" in risk.sentence
    assert risks(decode("flip.horizontal"), "scenes") == ()
    assert risks(decode("flip.horizontal"), "shapes") == ()


def test_a_scene_upside_down_keeps_its_label_but_is_never_seen():
    assert harms("flip.vertical", "scenes") == {"unlikely"}
    assert verdict(decode("flip.vertical"), "scenes").startswith("The labels of photos")


def test_a_small_crop_may_lose_the_object():
    (risk,) = risks(decode("crop.resize-smallest10"), "scenes")
    assert (risk.harm, risk.parameter, risk.value) == ("loses", "smallest", 10)
    assert risks(decode("crop.resize-smallest50"), "scenes") == ()


def test_erasing_hides_the_stroke_that_decides_or_the_whole_object():
    assert harms("random.erasing-largest30", "digits") == {"changes"}
    assert harms("random.erasing-largest30", "scenes") == set()
    assert harms("random.erasing-largest90", "scenes") == {"loses"}


@pytest.mark.parametrize("setting", ["brightness", "contrast"])
def test_a_picture_may_become_one_flat_colour(setting):
    """Contrast times 0, or 255 levels more or less, leaves nothing of any picture."""
    (risk,) = risks(decode(f"color.jitter-{setting}100"), "shapes")
    assert (risk.harm, risk.parameter) == ("loses", setting)
    assert risks(decode(f"color.jitter-{setting}50"), "shapes") == ()


@pytest.mark.parametrize("name", ["mix.up", "cut.mix", "fourier.mix", "mosaic"])
def test_mixing_makes_shares_of_labels(name):
    for shown in SHOWN:
        assert "mixes" in harms(name, shown)
    assert "given as shares" in verdict(decode("mix.up"), "scenes")


# Several steps together


def test_two_flips_are_half_a_turn_for_a_quarter_of_the_pictures():
    """0.5 times 0.5; 0.2 times 1."""
    found = [r.sentence for r in risks(decode("flip.horizontal_flip.vertical"), "digits")]
    assert any("25 % of the pictures" in sentence for sentence in found)
    other = decode("flip.vertical-probability0.2_hue_flip.horizontal-probability1")
    assert any("20 % of the pictures" in r.sentence for r in risks(other, "digits"))


def test_turns_add_up():
    assert risks(decode("rotation-degrees40"), "text") == ()
    (risk,) = risks(decode("rotation-degrees40_hue_rotation-degrees40"), "text")
    assert (risk.step, risk.harm) == (3, "changes")
    assert risk.sentence.startswith("Turning 2 times by a total of 80 degrees lays")


def test_a_turn_that_is_too_far_by_itself_is_not_named_twice():
    found = risks(decode("rotation-degrees180_rotation-degrees10"), "digits")
    assert len(found) == 1


def test_crops_multiply():
    """45 % of the area of 45 % is a fifth."""
    assert risks(decode("crop.resize-smallest45"), "scenes") == ()
    (risk,) = risks(decode("crop.resize-smallest45_crop.resize-smallest45"), "scenes")
    assert risk.sentence.startswith("2 steps together leave a part of 20 %, which need not")


# All kinds


@pytest.mark.parametrize("name", NAMES)
def test_every_step_that_can_change_a_label_is_known(name):
    entry = catalog()[name]
    found = risks(alone(strongest(name)))
    if entry.label != "kept":
        assert found
    if entry.label == "mixed":
        assert "mixes" in {risk.harm for risk in found}


@pytest.mark.parametrize("name", NAMES)
def test_what_changes_nothing_is_safe(name):
    assert risks(alone(KINDS[name]().scaled(0))) == ()
    assert risks(alone(KINDS[name](on=False))) == ()
    assert risks(alone(KINDS[name](probability=0.0))) == ()


@given(
    st.lists(st.sampled_from(NAMES).map(lambda name: strongest(name)), max_size=5),
    st.sampled_from([0.0, 0.3, 0.6, 1.0]),
)
def test_a_warning_names_a_step_a_setting_its_value_and_what_would_do(steps, strength):
    spec = PipelineSpec(steps=tuple(steps)).scaled(strength)
    for risk in risks(spec):
        step = spec.steps[risk.step - 1]
        assert step.title in risk.title
        assert getattr(step, risk.parameter) == risk.value
        assert type(step).model_fields[risk.parameter].title == risk.parameter_title
        assert risk.harm in HARMS
        assert set(risk.shown) <= set(SHOWN)
        assert risk.shown
        assert risk.sentence[0].isupper() or risk.sentence[0].isdigit()
        assert risk.sentence.endswith(".")
        assert risk.sentence.isascii()
        assert risk.instead


@given(st.lists(st.sampled_from(NAMES).map(lambda name: strongest(name)), max_size=5))
def test_all_pictures_have_the_warnings_of_each_kind_the_worst_first(steps):
    spec = PipelineSpec(steps=tuple(steps))
    every = risks(spec)
    for shown in SHOWN:
        assert risks(spec, shown) == tuple(risk for risk in every if shown in risk.shown)
        assert bool(risks(spec, shown)) != ("No harm" in verdict(spec, shown))
    places = [list(HARMS).index(risk.harm) for risk in every]
    assert places == sorted(places)


@given(st.sampled_from(["rotation", "translation", "cutout", "crop_resize", "hue", "zoom"]))
def test_a_weaker_step_is_no_less_safe(name):
    counts = [len(risks(alone(strongest(name).scaled(s)))) for s in np.linspace(0, 1, 9)]
    worst = [bool(count) for count in counts]
    assert worst == sorted(worst)


def test_pipelines_are_safe_for_what_they_are_made_for():
    for slug, shown in (
        ("digits", "digits"), ("flowers", "scenes"), ("light", "scenes"), ("medium", "scenes"),
        ("segmentation", "scenes"),
    ):  # fmt: skip
        assert risks(PIPELINES[slug].spec, shown) == ()


def test_data_sets_and_what_they_show():
    assert [shown_by(slug) for slug in ("digits", "mnist")] == ["digits", "digits"]
    assert [shown_by(slug) for slug in ("shapes", "textures")] == ["shapes", "shapes"]
    assert [shown_by(slug) for slug in ("flowers", "faces", "own")] == ["scenes"] * 3


def test_a_sentence_with_an_example_says_what_is_measured():
    notes = {risk for name in NAMES for risk in risks(alone(strongest(name))) if risk.example}
    assert len(notes) >= 6
    for risk in notes:
        assert f" {measured(risk.example).said_after}" in risk.sentence
