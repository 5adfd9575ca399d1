"""The lesson "Image as numbers": whatever is asked for, there is a picture and a crop of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import PIL.Image
import pytest
import skimage.color
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.images.colour import SPACES
from core.images.scale import METHODS
from core.lessons.base import bounds, options
from core.lessons.pixels import SIDES, PixelLesson, build, small_picture, small_size
from core.numbers import NumbersError
from core.presets import PRESETS

PHOTO = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)
FIELDS = PixelLesson.model_fields
WHOLE = PixelLesson(side=60, top=0, left=0)
"""The photo in its own size."""


def valid_values(name: str) -> st.SearchStrategy[Any]:
    if FIELDS[name].annotation is int:
        whole = bounds(PixelLesson, name)
        return st.integers(whole[0], min(whole[-1], 200))
    return st.sampled_from(
        options(PixelLesson, name) or ("", "1,2") if name != "changes" else ("", "x.0.0.1=7")
    )


VALID = st.fixed_dictionaries({}, optional={name: valid_values(name) for name in FIELDS}).map(
    lambda fields: PixelLesson(**fields)
)
PHOTOS = st.tuples(st.integers(1, 70), st.integers(1, 70)).map(
    lambda size: np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
)


@given(VALID, PHOTOS)
@settings(max_examples=200, deadline=None)
def test_every_lesson_has_a_crop_within_the_picture(lesson, photo):
    case = build(lesson, photo)
    height, width = case.small.shape[:2]
    moved = case.lesson
    assert 0 <= moved.top <= height - moved.rows
    assert 0 <= moved.left <= width - moved.columns
    assert 1 <= moved.rows <= lesson.rows
    assert 1 <= moved.columns <= lesson.columns
    window = case.small[
        moved.top : moved.top + moved.rows, moved.left : moved.left + moved.columns
    ]
    assert np.array_equal(case.window, window)
    assert case.small.dtype == np.uint8
    for plane in (*case.planes, case.grey):
        assert plane.values.shape == window.shape[:2]
    changed = {"top", "left", "rows", "columns"}
    assert moved.model_dump(exclude=changed) == lesson.model_dump(exclude=changed)


@given(VALID, PHOTOS)
@settings(max_examples=100, deadline=None)
def test_a_crop_that_fits_stays_where_it_is(lesson, photo):
    once = build(lesson, photo).lesson
    assert build(once, photo).lesson == once


@given(st.integers(1, 5000), st.integers(1, 5000), st.sampled_from(SIDES))
def test_the_small_picture_keeps_its_proportions(height, width, side):
    small = small_size(height, width, side)
    assert max(small) == side
    assert min(small) >= 1
    exact = side * min(height, width) / max(height, width)
    assert abs(min(small) - max(exact, 1)) <= 0.5


def test_a_photo_in_its_own_size_is_not_touched():
    assert np.array_equal(small_picture(WHOLE, PHOTO), PHOTO)


def test_half_the_size_by_area_is_the_mean_of_four():
    small = small_picture(WHOLE.model_copy(update={"side": 30}), PHOTO)
    mean = PHOTO.reshape(24, 2, 30, 2, 3).mean(axis=(1, 3))
    assert np.abs(small - mean).max() <= 0.5


def test_nearest_takes_pixels_as_they_are():
    small = small_picture(PixelLesson(side=20, method="nearest"), PHOTO)
    assert np.array_equal(small, PHOTO[1::3, 1::3])


@pytest.mark.parametrize("bits", range(1, 9))
def test_bits_leave_so_many_levels(bits):
    small = small_picture(WHOLE.model_copy(update={"bits": bits}), PHOTO)
    assert set(np.unique(small)) == {
        round(level * 255 / (2**bits - 1)) for level in range(2**bits)
    }


def test_posterising_agrees_with_pillow_on_the_levels():
    """Pillow's `posterize` keeps the high bits; here they are spread over 0..255 again."""
    from PIL import ImageOps

    small = small_picture(WHOLE.model_copy(update={"bits": 3}), PHOTO)
    high = np.asarray(ImageOps.posterize(PIL.Image.fromarray(PHOTO), 3)) >> 5
    assert np.array_equal(np.rint(small * (7 / 255)), high)


def test_coimbras_triples_are_three_pixels_whatever_the_photo():
    case = build(PixelLesson(picture="triples"), PHOTO)
    assert case.window.tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    assert (case.lesson.rows, case.lesson.columns) == (1, 3)
    assert np.rint(case.grey.values).tolist() == [[76, 150, 29]]


def test_the_planes_are_those_of_the_chosen_space():
    lab = build(WHOLE.model_copy(update={"space": "lab"}), PHOTO)
    expected = skimage.color.rgb2lab(PHOTO[:7, :7])
    for c, plane in enumerate(lab.planes):
        assert np.abs(plane.values - expected[..., c]).max() < 0.05
    assert [plane.slug for plane in lab.planes] == ["l", "a", "b"]


def test_changed_pixels_are_set_after_everything_else():
    changes = "x.0.0.0=7 x.2.3.1=200 x.2.3.1=201"
    small = small_picture(WHOLE.model_copy(update={"bits": 1, "changes": changes}), PHOTO)
    assert (small[0, 0, 0], small[2, 3, 1]) == (7, 201)
    small[0, 0, 0] = small[2, 3, 1] = 0
    assert set(np.unique(small)) == {0, 255}


@pytest.mark.parametrize(
    ("value", "stored"), [("-5", 0), ("300", 255), ("7.6", 8), ("1e6", 255), ("254.4", 254)]
)
def test_changed_values_stay_whole_numbers_of_a_byte(value, stored):
    lesson = WHOLE.model_copy(update={"changes": f"x.1.1.1={value}"})
    assert small_picture(lesson, PHOTO)[1, 1, 1] == stored


@pytest.mark.parametrize("place", ["48.0.0", "0.60.0", "0.0.3", "0.0", "1.1.1.1", "99999.0.0"])
def test_changes_outside_of_the_picture_are_passed_over(place):
    lesson = WHOLE.model_copy(update={"changes": f"x.{place}=9"})
    assert np.array_equal(small_picture(lesson, PHOTO), PHOTO)


def test_the_photo_and_the_triples_are_not_written_to():
    photo = PHOTO.copy()
    photo.setflags(write=False)
    build(WHOLE.model_copy(update={"changes": "x.0.0.0=1"}), photo)
    build(PixelLesson(picture="triples", changes="x.0.0.0=1"), photo)
    assert build(PixelLesson(picture="triples"), photo).small[0, 0, 0] == 255


@pytest.mark.parametrize("text", ["zz", "x.0.0.0", "x.0.0.0=red", "=3"])
def test_unreadable_changes_are_explained(text):
    lesson = PixelLesson(changes=text)
    wrong = text.split("=")[-1] if "red" in text else text
    assert repr(wrong) in (lesson.text_problem("changes") or "")
    with pytest.raises(NumbersError):
        build(lesson, PHOTO)


def test_readable_changes_have_no_problem():
    assert PixelLesson().text_problem("changes") is None
    assert PixelLesson(changes="x.0.0.0=1").text_problem("changes") is None


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 2), st.sampled_from(list(SPACES)))
def test_the_flat_index_finds_the_value_in_the_vector(row, column, channel, space):
    case = build(WHOLE.model_copy(update={"space": space}), PHOTO)
    channel = min(channel, len(case.planes) - 1)
    vector = np.stack([plane.values for plane in case.planes], axis=-1).reshape(-1)
    place = case.flat_index(row, column, channel)
    assert vector[place] == case.planes[channel].values[row, column]


def test_sizes_go_in_steps_and_keep_what_a_link_asks_for():
    assert tuple(PixelLesson().choices("side")) == SIDES
    assert PixelLesson(side=50).choices("side") == sorted({*SIDES, 50})
    assert PixelLesson().choices("bits") == list(range(1, 9))


def test_the_lists_to_choose_from_are_the_registries():
    assert options(PixelLesson, "method") == tuple(METHODS)
    assert options(PixelLesson, "space") == tuple(SPACES)


@pytest.mark.parametrize(
    "values", [{"side": 3}, {"bits": 9}, {"rows": 17}, {"space": "cmyk"}, {"pixel": "a,b"}]
)
def test_values_out_of_bounds_are_refused_and_replaced(values):
    with pytest.raises(ValidationError):
        PixelLesson(**values)
    lesson, notices = PixelLesson.nearest(values)
    assert lesson == PixelLesson()
    assert len(notices) == 1


@given(st.dictionaries(st.sampled_from([*FIELDS, "other"]), st.text(max_size=9), max_size=8))
@settings(max_examples=300, deadline=None)
def test_any_link_gives_a_lesson(values):
    lesson, notices = PixelLesson.nearest(values)
    assert all(notice.endswith(".") for notice in notices)
    if lesson.text_problem("changes") is None:
        assert build(lesson, PHOTO).window.size > 0


@given(VALID)
def test_a_lesson_survives_its_link(lesson):
    as_text = {name: str(value) for name, value in lesson.differences().items()}
    assert PixelLesson.nearest(as_text) == (lesson, [])


@pytest.mark.parametrize("preset", PRESETS.for_page("image"), ids=lambda preset: preset.slug)
def test_the_crop_of_every_preset_lies_within_the_default_photo(preset):
    chelsea = np.zeros((300, 451, 3), dtype=np.uint8)
    assert build(preset.lesson, chelsea).lesson == preset.lesson
