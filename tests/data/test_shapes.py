"""Shapes have the areas of geometry; masks, boxes, labels and pictures agree pixel by pixel."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import DataError
from core.data.shapes import BACKGROUNDS, CLASSES, SHAPES, scenes, single

WAIST = math.sin(math.radians(18)) / math.sin(math.radians(54))
AREAS = {
    "circle": math.pi,
    "square": 2.0,
    "triangle": 3 * math.sqrt(3) / 4,
    # Ten triangles between a tip and an inner corner, 36 degrees apart.
    "star": 10 * WAIST * math.sin(math.radians(36)) / 2,
    # Arms a third of the length L as wide: 5/9 L**2, and L**2 = 4 * 9 / 10 for radius 1.
    "plus": 5 / 9 * 3.6,
    "ring": math.pi * (1 - 0.55**2),
    "hexagon": 3 * math.sqrt(3) / 2,
}
"""Area of each shape that fills a circle of radius 1."""

SETTINGS = st.fixed_dictionaries(
    {
        "n": st.integers(1, 4),
        "size": st.integers(24, 72),
        "seed": st.integers(0, 2**40),
        "classes": st.lists(st.sampled_from(SHAPES), min_size=1, unique=True),
        "count": st.tuples(st.integers(1, 3), st.integers(3, 6)),
        "overlap": st.booleans(),
        "background": st.sampled_from(BACKGROUNDS),
    }
)


def same(one, other) -> bool:
    arrays = all(
        np.array_equal(getattr(one, name), getattr(other, name)[: len(one)])
        for name in ("images", "masks", "instances")
    )
    lists = all(
        np.array_equal(a, b)
        for name in ("boxes", "labels")
        for a, b in zip(getattr(one, name), getattr(other, name), strict=False)
    )
    return arrays and lists


@pytest.mark.parametrize("shape", SHAPES)
def test_the_area_of_a_shape_is_that_of_geometry(shape: str) -> None:
    drawn = scenes(12, 128, 3, classes=[shape], count=(1, 1), min_size=90, max_size=90)
    areas = (drawn.masks == 1).sum(axis=(1, 2))
    # A pixel counts by its centre, so that the error has no direction: within 2 % for each
    # angle and place, and within 0.5 % on average.
    np.testing.assert_allclose(areas, AREAS[shape] * 45**2, rtol=0.02)
    np.testing.assert_allclose(areas.mean(), AREAS[shape] * 45**2, rtol=0.005)


@settings(max_examples=40, deadline=None)
@given(SETTINGS)
def test_boxes_and_labels_are_those_of_the_masks(options) -> None:
    drawn = scenes(**options)
    classes = options["classes"]
    assert drawn.class_names == ("background", *classes)
    for masks, instances, boxes, labels in zip(
        drawn.masks, drawn.instances, drawn.boxes, drawn.labels, strict=True
    ):
        assert boxes.shape == (len(labels), 4)
        assert boxes.dtype == np.float32
        assert 1 <= len(labels) <= options["count"][1]
        assert sorted(set(instances.ravel()) - {0}) == list(range(1, len(labels) + 1))
        np.testing.assert_array_equal(masks > 0, instances > 0)
        for number, (box, label) in enumerate(zip(boxes, labels, strict=True), start=1):
            rows, columns = np.where(instances == number)
            expected = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            assert tuple(box) == expected
            assert set(masks[rows, columns]) == {label}
            assert 1 <= label <= len(classes)


@settings(max_examples=25, deadline=None)
@given(SETTINGS)
def test_the_picture_is_coloured_from_the_mask(options) -> None:
    drawn = scenes(**{**options, "background": "plain"}, noise=0)
    for image, instances in zip(drawn.images, drawn.instances, strict=True):
        (ground,) = np.unique(image[instances == 0], axis=0).astype(int)
        for number in range(1, instances.max() + 1):
            (colour,) = np.unique(image[instances == number], axis=0).astype(int)
            assert np.abs(colour - ground).max() > 20


@settings(max_examples=15, deadline=None)
@given(SETTINGS, st.integers(1, 3))
def test_more_scenes_keep_the_first_ones(options, more) -> None:
    drawn = scenes(**options)
    assert same(drawn, scenes(**{**options, "n": options["n"] + more}))


def test_another_seed_gives_other_scenes() -> None:
    assert not np.array_equal(scenes(2, 32, 0).images, scenes(2, 32, 1).images)


def test_without_overlap_no_shape_touches_another() -> None:
    drawn = scenes(60, 64, 0, count=(3, 5))
    for instances in drawn.instances:
        for down, right in ((0, 1), (1, 0), (1, 1)):
            here = instances[: 64 - down, : 64 - right]
            there = instances[down:, right:]
            assert ((here == there) | (here == 0) | (there == 0)).all()


def test_with_overlap_shapes_do_cover_each_other_but_none_vanishes() -> None:
    options = {"classes": ["circle"], "min_size": 20, "max_size": 20, "count": (5, 5)}
    drawn = scenes(20, 64, 0, overlap=True, **options)
    areas = [np.bincount(instances.ravel())[1:] for instances in drawn.instances]
    full = AREAS["circle"] * 10**2
    assert min(area.min() for area in areas) >= 0.48 * full
    assert any(area.min() < 0.9 * full for area in areas)


def test_the_asked_number_of_shapes_is_found_room_for() -> None:
    assert {len(labels) for labels in scenes(60, 64, 1).labels} == {1, 2, 3}
    assert all(len(labels) == 4 for labels in scenes(30, 64, 2, count=(4, 4)).labels)


def test_shapes_without_room_are_left_out_and_one_stays() -> None:
    drawn = scenes(5, 32, 0, count=(20, 20), min_size=32, max_size=32)
    assert [len(labels) for labels in drawn.labels] == [1] * 5


def test_diameters_keep_their_bounds() -> None:
    drawn = scenes(40, 96, 0, classes=["circle"], min_size=20, max_size=30)
    for boxes in drawn.boxes:
        widths = boxes[:, 2] - boxes[:, 0]
        assert ((widths >= 19) & (widths <= 31)).all()


def test_noise_has_the_deviation_asked_for() -> None:
    quiet = scenes(10, 64, 0, noise=0, background="plain")
    loud = scenes(10, 64, 0, noise=8, background="plain")
    ground = quiet.masks == 0
    difference = loud.images[ground].astype(float) - quiet.images[ground]
    np.testing.assert_allclose(difference.std(), 8, rtol=0.03)
    np.testing.assert_array_equal(quiet.masks, loud.masks)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_a_background_stays_within_40_levels_of_its_middle(background) -> None:
    drawn = scenes(6, 48, 0, noise=0, background=background)
    for image, mask in zip(drawn.images, drawn.masks, strict=True):
        ground = image[mask == 0].astype(int)
        assert np.ptp(ground, axis=0).max() <= 80
        assert (np.ptp(ground, axis=0).max() == 0) == (background == "plain")


def test_single_shapes_take_turns_and_lie_near_the_middle() -> None:
    drawn = single(13, 40, 0, noise=0, background="plain")
    assert drawn.class_names == CLASSES
    np.testing.assert_array_equal(drawn.labels, np.arange(13) % len(CLASSES))
    assert drawn.images.shape == (13, 40, 40, 3)
    for image in drawn.images:
        _, ids, counts = np.unique(
            image.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
        )
        assert len(counts) == 2
        rows, columns = np.where(ids.reshape(40, 40) != ids.reshape(40, 40)[0, 0])
        assert abs(rows.mean() - 19.5) < 40 / 4
        assert abs(columns.mean() - 19.5) < 40 / 4


def test_more_single_shapes_keep_the_first_ones() -> None:
    np.testing.assert_array_equal(single(3, 24, 9).images, single(7, 24, 9).images[:3])


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n": 0}, "0 pictures of 64 x 64 do not work"),
        ({"n": 10**9}, "1,000,000,000 pictures"),
        ({"size": 15}, "size 15 is out of bounds. Use 16 to 512"),
        ({"size": 513}, "size 513"),
        ({"seed": -3}, "seed -3 is negative"),
        ({"classes": ["cirle"]}, "'cirle' is no shape"),
        ({"classes": []}, "at least one shape"),
        ({"classes": ["star", "star"]}, "each only once"),
        ({"count": (2, 1)}, "2 to 1 shapes"),
        ({"count": (0, 1)}, "0 to 1 shapes"),
        ({"count": (1, 21)}, "Use 1 to 20"),
        ({"min_size": 7}, "Use 8 to 64"),
        ({"max_size": 65}, "shapes of 12 to 65 pixels do not fit"),
        ({"min_size": 30, "max_size": 20}, "shapes of 30 to 20"),
        ({"noise": -1}, "noise -1 is out of bounds"),
        ({"noise": float("nan")}, "noise nan"),
        ({"background": "sky"}, "'sky' is no background"),
    ],
)
def test_settings_out_of_bounds_are_refused_in_words(options, text) -> None:
    with pytest.raises(DataError, match=text):
        scenes(**{"n": 2, "size": 64, "seed": 0, **options})
