"""The catalogue says what there is; pipelines survive links and files; draws repeat."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augment import AugmentError, PipelineSpec, catalog
from core.augment.catalog import KINDS
from core.augment.drawing import draw
from core.augment.spec import MOST_STEPS
from core.augment.steps.base import GROUPS, Bend, Warp
from core.augment.text import decode, encode

SHAPE = (40, 60, 3)
NAMES = list(KINDS)


def setting(parameter):
    """Any value that a setting can have."""
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if isinstance(parameter.default, bool):
        return st.booleans()
    if isinstance(parameter.default, int):
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high).map(lambda value: float(f"{value:g}"))


@st.composite
def steps(draw_one, names=NAMES):
    """A step with any settings, probability and switch."""
    name = draw_one(st.sampled_from(names))
    values = {p.name: draw_one(setting(p)) for p in catalog()[name].parameters}
    probability = draw_one(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    return {
        "kind": name,
        "on": draw_one(st.booleans()),
        "probability": probability,
        **values,
    }


PIPELINES = st.lists(steps(), max_size=6).map(
    lambda listed: PipelineSpec.model_validate({"steps": listed})
)


def same(one, other) -> bool:
    return set(one) == set(other) and all(np.array_equal(one[k], other[k]) for k in one)


def test_there_are_at_least_35_in_all_seven_groups():
    entries = catalog().values()
    assert len(entries) >= 35
    assert {entry.group for entry in entries} == set(GROUPS)
    groups = [entry.group for entry in entries]
    assert sum(group == "geometry" for group in groups) >= 10
    assert sum(group == "mixing" for group in groups) >= 3
    assert sum(group == "policies" for group in groups) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_says_what_it_is_and_where_it_comes_from(name):
    entry = catalog()[name]
    assert entry.name == name
    assert entry.title[0].isupper()
    assert entry.about.endswith(".")
    assert entry.source
    assert entry.implementation
    for word in (entry.title, entry.about, entry.source, entry.implementation):
        assert word.isascii()
    for parameter in entry.parameters:
        assert parameter.title[0].isupper()
        assert parameter.help.endswith(".")
        assert parameter.help.isascii()
        if not parameter.choices and not isinstance(parameter.default, bool):
            assert parameter.low <= parameter.default <= parameter.high
            assert parameter.step > 0
            assert parameter.neutral is None or parameter.low <= parameter.neutral
            assert parameter.neutral is None or parameter.neutral <= parameter.high


def test_titles_are_unique():
    titles = [entry.title for entry in catalog().values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", NAMES)
def test_boxes_and_masks_move_exactly_where_pixels_do(name):
    kind, entry = KINDS[name], catalog()[name]
    moves = issubclass(kind, Warp | Bend)
    if moves:
        assert (entry.boxes, entry.masks) == ("move", "move")
    if entry.group == "mixing":
        assert (entry.boxes, entry.masks, entry.label) == ("mix", "mix", "mixed")
    if entry.group in ("colour", "blur and noise", "erasing", "corruptions"):
        assert (entry.boxes, entry.masks) == ("stay", "stay")


@pytest.mark.parametrize("name", NAMES)
def test_what_can_change_the_label_warns_at_its_strongest(name):
    kind = KINDS[name]
    strongest = {
        p.name: p.low if p.name in ("smallest", "smoothness", "lowest") else p.high
        for p in catalog()[name].parameters
        if not p.choices and not isinstance(p.default, bool)
    }
    risk = kind(**strongest).risk()
    assert bool(risk) == (catalog()[name].label == "can change" or name == "rand_augment")
    assert risk == "" or risk.endswith(".")


def test_a_turn_warns_only_from_where_a_six_lies_on_its_side():
    rotation = KINDS["rotation"]
    assert rotation(degrees=15).risk() == ""
    assert "on their side" in rotation(degrees=90).risk()
    assert "a 6 becomes a 9" in rotation(degrees=180).risk()


# Links and files


@given(PIPELINES)
def test_a_pipeline_survives_a_link(pipeline):
    text = encode(pipeline)
    assert decode(text) == pipeline
    assert all(part.isalnum() or part in "-_." for part in text)


@given(PIPELINES)
def test_a_pipeline_survives_a_file(pipeline):
    assert PipelineSpec.from_json(pipeline.model_dump_json()) == pipeline


def test_a_link_holds_what_differs_from_the_defaults():
    spec = decode("flip.horizontal_off-rotation-degrees45-fillconstant_posterize-fewest2")
    flip, rotation, posterize = spec.steps
    assert (flip.probability, rotation.on, rotation.degrees) == (0.5, False, 45.0)
    assert (rotation.fill, rotation.fill_value, posterize.fewest) == ("constant", 0, 2)
    assert decode("rotation-fill.value7").steps[0].fill_value == 7
    assert decode("") == PipelineSpec()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("spin", "Step 1: 'spin' is no augmentation"),
        ("rotation_zoom-size3", "Step 2 (zoom): 'size3' cannot be read"),
        ("rotation-degrees200", "Step 1: Rotation: Up to (degrees) cannot be 200.0"),
        ("rotation-degreesmany", "Up to (degrees) cannot be 'many'"),
        ("rotation-fillblue", "should be 'reflect', 'constant', 'nearest' or 'wrap'"),
        ("hue-most1-most2", "'most2' cannot be read. Each setting is a name and a value, once"),
        ("_".join(["invert"] * (MOST_STEPS + 1)), f"up to {MOST_STEPS} are read"),
    ],
)
def test_a_link_that_cannot_be_read_says_why(text, complaint):
    with pytest.raises(AugmentError) as error:
        decode(text)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "Invalid JSON"),
        ("[]", 'A file begins with {"steps": [...]}; this one does not.'),
        (b"\xff\xfe", "Invalid JSON"),
        ('{"keep_boxes": 3}', "keep_boxes cannot be 3: it should be less than or equal to 1."),
        (json.dumps({"steps": [{"kind": "hue"}] * 25}), "It has 25 steps; up to 24 are read."),
        ('{"steps": [3]}', "Step 1: None is no augmentation"),
        ('{"steps": 3}', "steps: Input should be a valid array"),
        ('{"steps": [{"kind": "spin"}]}', "Step 1: 'spin' is no augmentation"),
        ('{"steps": [{"kind": "hue"}, {"kind": "hue", "most": 999}]}', "Step 2: Hue: Up to"),
        ('{"steps": [{"kind": "hue", "angle": 3}]}', "there is no setting 'angle'"),
        ('{"pipeline": []}', "pipeline: Extra inputs are not permitted"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text, complaint):
    with pytest.raises(AugmentError) as error:
        PipelineSpec.from_json(text)
    assert complaint in str(error.value)


def test_bounds_in_the_wrong_order_are_named():
    spec = decode("invert_zoom-smallest150-largest120")
    assert spec.problem().startswith("Step 2: Zoom goes from 150 to 120 %")
    assert decode("off-zoom-smallest150-largest120").problem() == ""
    assert decode("crop.resize-smallest90-largest50").problem() != ""
    assert PipelineSpec().problem() == ""


def test_a_file_names_each_step_and_its_settings():
    text = decode("rotation-degrees30").model_dump_json()
    assert json.loads(text)["steps"][0] == {
        "kind": "rotation", "on": True, "probability": 1.0, "degrees": 30.0,
        "fill": "reflect", "fill_value": 0,
    }  # fmt: skip


# Draws


@given(PIPELINES, st.integers(0, 10**6), st.integers(0, 50))
def test_the_same_seed_draws_the_same(pipeline, seed, picture):
    one, other = (draw(pipeline, seed, picture, SHAPE) for _ in range(2))
    assert [d.comes for d in one] == [d.comes for d in other]
    assert all(same(a.values, b.values) for a, b in zip(one, other, strict=True))


@given(PIPELINES, st.integers(0, 10**6))
def test_every_draw_has_words(pipeline, seed):
    for drawn in draw(pipeline, seed, 0, SHAPE):
        assert bool(drawn.words) == drawn.comes
        assert drawn.words.isascii()


def test_another_seed_picture_or_place_draws_something_else():
    spec = decode("rotation_rotation")
    angles = {
        drawn.values["angle"]
        for seed in range(5)
        for picture in range(5)
        for drawn in draw(spec, seed, picture, SHAPE)
    }
    assert len(angles) == 5 * 5 * 2


def test_a_step_that_is_off_or_new_at_the_end_changes_no_other_draw():
    one = draw(decode("rotation_hue"), 1, 2, SHAPE)
    other = draw(decode("off-rotation_hue_zoom"), 1, 2, SHAPE)
    assert one[1].values == other[1].values
    assert not other[0].comes


def test_draws_are_spread_over_the_range_and_come_as_often_as_they_should():
    spec = decode("rotation-degrees30-probability0.3")
    drawn = [draw(spec, 0, picture, SHAPE)[0] for picture in range(2000)]
    angles = np.array([one.values["angle"] for one in drawn])
    # 5 standard errors: of a share, of the mean of a uniform draw, of its variance.
    assert abs(np.mean([one.comes for one in drawn]) - 0.3) < 5 * np.sqrt(0.21 / 2000)
    assert abs(angles.mean()) < 5 * 30 / np.sqrt(3 * 2000)
    assert abs(angles.std() - 30 / np.sqrt(3)) < 1
    assert np.abs(angles).max() <= 30


def test_changing_a_range_scales_the_same_draw():
    narrow, wide = (
        draw(decode(f"rotation-degrees{most}"), 3, 4, SHAPE)[0].values["angle"]
        for most in (10, 90)
    )
    assert wide == pytest.approx(9 * narrow)


def test_beta_shares_have_the_mean_and_the_spread_of_the_distribution():
    shares = np.array(
        [draw(decode("mix.up"), 0, i, SHAPE)[0].values["weight"] for i in range(3000)]
    )
    # Beta(a, a): mean 1/2, variance 1 / (4 (2a + 1)); a = 0.4.
    assert abs(shares.mean() - 0.5) < 0.035
    assert shares.var() == pytest.approx(1 / (4 * 1.8), rel=0.06)


def test_colour_steps_do_not_come_for_grey_pictures():
    (drawn,) = draw(decode("saturation"), 0, 0, (8, 8, 1))
    assert not drawn.comes
    assert drawn.words == ""


# Strength


@pytest.mark.parametrize("name", NAMES)
def test_at_strength_0_a_step_is_neutral_or_never_comes(name):
    weak = KINDS[name]().scaled(0)
    if KINDS[name].neutral:
        assert all(getattr(weak, k) == v for k, v in KINDS[name].neutral.items())
    else:
        assert weak.probability == 0
    assert type(weak).model_validate(weak.model_dump()) == weak


@given(PIPELINES, st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
@settings(max_examples=60)
def test_a_weaker_pipeline_is_one_too(pipeline, strength):
    weaker = pipeline.scaled(strength)
    assert PipelineSpec.from_json(weaker.model_dump_json()) == weaker
    assert pipeline.scaled(1) == pipeline
    if not pipeline.problem():
        assert not weaker.problem()
