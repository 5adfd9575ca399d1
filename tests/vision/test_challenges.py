"""Each challenge changes one thing by as much as its slider says, and nothing at rest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data, transform

from core.vision.challenges import (
    CHALLENGES,
    GREY,
    ORDER,
    UNCHANGED,
    Changes,
    Scene,
    bend,
    clutter,
    cover,
    expose,
    patch_box,
    rotate,
    scale,
    shear,
)

PHOTO = data.chelsea()
OTHER = data.coffee()
NOWHERE = Scene()


@pytest.mark.parametrize("entry", CHALLENGES.values(), ids=lambda entry: entry.slug)
def test_nothing_changes_at_rest_and_something_everywhere_else(entry):
    scene = Scene(behind=OTHER)
    before = PHOTO.copy()
    assert entry.neutral in entry.stops
    assert entry.stops == tuple(sorted(set(entry.stops)))
    for position in entry.stops:
        changed = entry.apply(PHOTO, position, scene)
        assert changed.shape == PHOTO.shape
        assert changed.dtype == np.uint8
        assert np.array_equal(changed, PHOTO) == (position == entry.neutral)
    assert np.array_equal(PHOTO, before)


def test_the_six_reasons_of_the_lecture_are_there_but_one():
    assert {entry.reason for entry in CHALLENGES.values()} == {
        "Viewpoint", "Illumination", "Deformation", "Occlusion", "Background clutter", "Scale",
    }  # fmt: skip


def test_half_a_turn_is_both_flips_and_a_quarter_of_a_square_is_a_transposition():
    np.testing.assert_array_equal(rotate(PHOTO, 180, NOWHERE), PHOTO[::-1, ::-1])
    square = PHOTO[:300, :300]
    np.testing.assert_array_equal(rotate(square, 90, NOWHERE), np.rot90(square))


def test_a_rotation_is_that_of_scikit_image():
    ours = rotate(PHOTO, 30, NOWHERE).astype(float)
    theirs = transform.rotate(PHOTO, 30, mode="reflect", preserve_range=True)
    # OpenCV takes 1/32 of a pixel as its finest step.
    assert np.abs(ours - theirs)[100:200, 150:300].max() < 12
    assert np.abs(ours - theirs)[100:200, 150:300].mean() < 0.6


def test_a_shear_of_45_degrees_moves_each_row_by_its_distance_from_the_middle():
    image = np.zeros((5, 9, 3), np.uint8)
    image[:, 4] = 255
    rows, columns = np.nonzero(shear(image, 45, NOWHERE)[..., 0])
    np.testing.assert_array_equal(rows, range(5))
    np.testing.assert_array_equal(columns, [2, 3, 4, 5, 6])


def test_a_stop_doubles_the_light():
    # Source: IEC 61966-2-1: level 188 is half of the light of level 255.
    half = np.full((1, 1, 3), 188, np.uint8)
    assert expose(half, 1, NOWHERE).max() == 255
    assert expose(np.full((1, 1, 3), 255, np.uint8), -1, NOWHERE).min() == 188
    assert expose(PHOTO, 6, NOWHERE).mean() > 220 > 40 > expose(PHOTO, -6, NOWHERE).mean()


def test_the_farthest_pixel_is_bent_as_far_as_the_slider_says():
    height, width = 120, 160
    columns = np.broadcast_to(np.arange(width, dtype=np.uint8), (height, width))
    rows = np.broadcast_to(np.arange(height, dtype=np.uint8)[:, None], (height, width))
    image = np.stack([columns, rows, rows], -1)
    moved = bend(image, 10, Scene(seed=3)).astype(int)
    inside = (slice(15, -15), slice(15, -15))
    by = np.hypot(moved[..., 0] - columns.astype(int), moved[..., 1] - rows.astype(int))[inside]
    assert 6 < by.max() <= 13.0  # 10 % of 120, rounded levels
    assert np.array_equal(bend(image, 10, Scene(seed=3)), moved)
    assert not np.array_equal(bend(image, 10, Scene(seed=4)), moved)


@given(st.integers(0, 100), st.floats(0, 1), st.floats(0, 1))
def test_a_patch_covers_its_share_wherever_it_lies(percent, x, y):
    black = np.zeros((90, 120, 3), np.uint8)
    covered = cover(black, percent, Scene((x, y)))
    share = np.all(covered == GREY, -1).mean()
    # Whole pixels: half of one at each edge.
    assert share == pytest.approx(percent / 100, abs=0.5 / 90 + 0.5 / 120 + 1e-4)


def test_a_patch_lies_where_it_is_put():
    black = np.zeros((100, 100, 3), np.uint8)
    covered = cover(black, 4, Scene((0.3, 0.7)))
    rows, columns = np.nonzero(covered[..., 0])
    assert (rows.mean(), columns.mean()) == (69.5, 29.5)


@pytest.mark.parametrize("percent", [5, 30, 50, 75, 95])
def test_another_photo_takes_its_share(percent):
    white, black = np.full((200, 300, 3), 255, np.uint8), np.zeros((50, 60, 3), np.uint8)
    mixed = clutter(white, percent, Scene(behind=black))
    assert 1 - mixed.mean() / 255 == pytest.approx(percent / 100, abs=0.03)
    # The middle stays the longest.
    assert mixed[100, 150, 0] >= mixed[0, 0, 0] == 0


def test_another_photo_keeps_its_proportions():
    behind = np.zeros((100, 100, 3), np.uint8)
    behind[:, 50:] = 255
    # The frame is twice as wide as high: the middle rows of the other photo fill it.
    frame = scale(np.full((60, 120, 3), 9, np.uint8), 5, Scene(behind=behind))
    assert frame[0, :59].max() == 0
    assert frame[0, 61:].min() == 255


@pytest.mark.parametrize("percent", [5, 25, 50])
def test_a_smaller_image_takes_its_share_of_the_ground(percent):
    white = np.full((200, 400, 3), 255, np.uint8)
    small = scale(white, percent, NOWHERE)
    assert np.all(small == 255, -1).mean() == pytest.approx((percent / 100) ** 2, rel=0.01)
    assert np.all((small == 255) | (small == 127))


def test_twice_the_size_shows_the_middle_half():
    # Columns with their own levels: the middle half of 0..255 is left.
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (64, 256, 3))
    shown = scale(ramp.copy(), 200, NOWHERE)
    assert (shown.min(), shown.max()) == (64, 191)


# Several at once


def test_all_challenges_are_applied_and_the_patch_comes_last():
    assert sorted(ORDER) == sorted(CHALLENGES)
    assert ORDER[-1] == "patch"


def test_at_rest_nothing_is_changed_and_equal_pictures_have_equal_names():
    moved = Changes(patch_xy=(0.2, 0.9), seed=7, behind="coffee").at("rotation", 0)
    assert moved.bare() == UNCHANGED
    assert moved.apply(PHOTO, OTHER) is PHOTO
    # Without a patch, a bending or another photo their settings make no difference.
    turned = moved.at("rotation", 30)
    assert turned.bare() == UNCHANGED.at("rotation", 30)
    np.testing.assert_array_equal(turned.apply(PHOTO, OTHER), turned.bare().apply(PHOTO, None))
    assert turned.at("rotation", 0).bare() == UNCHANGED


@given(st.lists(st.tuples(st.sampled_from(sorted(CHALLENGES)), st.integers(0, 40)), max_size=4))
def test_the_name_does_not_depend_on_the_order_in_which_sliders_were_moved(moves):
    last = {slug: CHALLENGES[slug].stops[k % len(CHALLENGES[slug].stops)] for slug, k in moves}
    one, other = UNCHANGED, UNCHANGED
    for slug, place in last.items():
        one = one.at(slug, place)
    for slug, place in reversed(last.items()):
        other = other.at(slug, place)
    assert one == other
    assert hash(one) == hash(other)


def test_several_are_those_one_by_one_in_their_order():
    several = UNCHANGED.at("light", -2).at("rotation", 45).at("patch", 20)
    step_by_step = cover(expose(rotate(PHOTO, 45, NOWHERE), -2, NOWHERE), 20, NOWHERE)
    np.testing.assert_array_equal(several.apply(PHOTO), step_by_step)


def test_a_smaller_image_stands_on_grey_while_another_photo_comes_up():
    behind = np.zeros((50, 50, 3), np.uint8)
    both = Changes(behind="black").at("size", 50)
    assert tuple(both.apply(PHOTO, behind)[0, 0]) == GREY


def test_the_box_of_the_patch_is_where_it_is_drawn():
    black = np.zeros((90, 120, 3), np.uint8)
    x0, y0, x1, y1 = patch_box(90, 120, 25, (0.9, 0.1))
    drawn = cover(black, 25, Scene((0.9, 0.1))).any(-1)
    rows, columns = np.nonzero(drawn)
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x0, y0, x1, y1)
    assert (x1, y0) == (120, 0)
