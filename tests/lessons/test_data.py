"""Every setting of the data that a page can stand at gives a data set."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.registry import REGISTRY
from core.data.settings import DataSettings
from core.data.shapes import CLASSES, SHAPES
from core.data.spec import OWN, DataSpec
from core.lessons.base import bounds, options, stops
from core.lessons.data import SIDES, DataFields, Slug

WHOLE = [n for n, info in DataFields.model_fields.items() if info.annotation is int]


def test_what_can_be_chosen_is_what_is_registered_and_the_persons_own():
    assert list(get_args(Slug)) == [*REGISTRY, OWN]
    names = [name for name in DataFields.model_fields if name.startswith("shape_")]
    assert {f"shape_{name}" for name in SHAPES} <= set(names)


def test_the_defaults_are_those_of_the_data_set():
    assert DataFields().data_spec() == DataSpec()
    assert DataFields().shape_classes() == CLASSES


@pytest.mark.parametrize("name", sorted(set(WHOLE) & set(DataSpec.model_fields)))
def test_what_a_page_can_stand_at_a_data_set_can_take(name):
    for value in (bounds(DataFields, name)[0], bounds(DataFields, name)[-1]):
        assert getattr(DataSpec(**{name: value}), name) == value


@st.composite
def lessons(draw):
    values = {}
    for name, info in DataFields.model_fields.items():
        if info.annotation is bool:
            values[name] = draw(st.booleans())
        elif info.annotation is int:
            whole = bounds(DataFields, name)
            values[name] = draw(st.integers(whole[0], whole[-1]))
        elif info.annotation is float:
            values[name] = draw(st.sampled_from(stops(DataFields, name)))
        else:
            values[name] = draw(st.sampled_from(options(DataFields, name)))
    return DataFields.nearest(values)[0]


@given(lessons())
def test_any_link_leads_to_settings_with_a_data_set(lesson):
    assert lesson.problem() is None
    spec = lesson.data_spec()
    assert spec.dataset == lesson.dataset
    assert len(spec.shape_classes) >= 2
    rest = 1 - spec.training_share - spec.validation_share
    assert rest >= 0.05 - 1e-9


@given(lessons(), st.sampled_from(WHOLE))
def test_what_a_slider_offers_has_a_data_set(lesson, name):
    offered = lesson.choices(name)
    assert getattr(lesson, name) in offered
    assert offered == sorted(set(offered))
    assert all(lesson.with_value(name, value).problem() is None for value in offered)


def test_sliders_go_in_steps_that_a_hall_can_tell_apart():
    lesson = DataFields(dataset="shapes")
    assert lesson.choices("image_size") == list(SIDES)
    assert lesson.choices("training_percent") == list(range(5, 81, 5))
    assert lesson.choices("validation_percent") == [5, 10, 15, 20, 25]
    assert DataFields(image_size=100).choices("image_size") == sorted({*SIDES, 100})


@pytest.mark.parametrize(
    ("slug", "most"), [("faces", 100), ("digits", 3000), ("mnist", 50_000), ("shapes", 5000)]
)
def test_no_more_pictures_are_offered_than_there_are(slug, most):
    assert DataFields(dataset=slug).choices("images")[0] == 0
    assert DataFields(dataset=slug).choices("images")[-1] == most


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ((), SHAPES[:6]),
        (("ring", "plus"), ("circle", "square", "triangle", "star")),
        (("circle", "square", "triangle", "plus", "ring"), ("circle", "star")),
        (CLASSES, ("circle", "square")),
    ],
)
def test_there_are_always_two_shapes_to_tell_apart(off, left):
    lesson = DataFields(**{f"shape_{name}": False for name in off})
    assert lesson.shape_classes() == left


@pytest.mark.parametrize(
    ("asked", "side", "images"),
    # 30,000,000 pixels are 457 pictures of 256 x 256 and 1,831 of 128 x 128.
    [
        (0, 32, 0),
        (5000, 32, 5000),
        (50_000, 32, 5000),
        (0, 256, 457),
        (0, 128, 0),
        (100, 256, 100),
    ],
)
def test_no_more_is_drawn_than_a_person_waits_for(asked, side, images):
    for slug in ("shapes", "textures"):
        lesson = DataFields(dataset=slug, images=asked, image_size=side)
        assert lesson.data_spec().images == images
    assert (
        DataFields(dataset="digits", images=50_000, image_size=256).data_spec().images == 50_000
    )


def test_only_settings_with_an_effect_are_offered():
    names = set(DataFields.model_fields)
    heeded = {
        slug: {name for name in names if DataFields(dataset=slug).heeds(name)}
        for slug in (*REGISTRY, OWN)
    }
    always = names - set(DataSettings.model_fields)
    always -= {f"shape_{name}" for name in SHAPES}
    assert heeded["digits"] == always | {"images", "image_seed"}
    assert heeded["flowers"] == heeded[OWN] == heeded["digits"] | {"image_size"}
    assert "shape_star" in heeded["shapes"]
    assert "texture_pair" not in heeded["shapes"]
    assert "texture_pair" in heeded["textures"]


def test_a_drawn_set_follows_its_settings():
    lesson = DataFields(
        dataset="shapes", images=60, image_size=24, shape_circle=False, shape_hexagon=True
    )
    dataset, _ = lesson.data_spec().load()
    assert dataset.images.shape == (60, 24, 24, 3)
    assert dataset.class_names == ("square", "triangle", "star", "plus", "ring", "hexagon")
