"""Draws to take home: what is in the files is what the page shows."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.augment.answers import Draws
from core.augment.outlines import boxes_of, outlines_of
from core.export.draws_picture import draws_gif, draws_npz, draws_png
from core.lessons.augmentation import AugmentationLesson
from core.lessons.augmentation_case import subject_of
from core.palette import PALETTES, rgb

PHOTO = np.random.default_rng(0).integers(60, 200, (90, 120, 3), np.uint8)
KEPT = np.array([[10, 10, 60, 50]], np.float32)


def case(count=5, mode="one", picture="photo"):
    """Draws that are flat pictures, each of another level."""
    lesson = AugmentationLesson(
        augment_mode=mode, augment_draws=count, augment_picture=picture,
        augment_boxes="83-111-500-555-cup", augment_steps="rotation_flip.vertical",
    )  # fmt: skip
    found = subject_of(lesson, PHOTO, "Photo", "photo", "")
    shape = found.subject.pixels.shape
    images = np.stack([np.full(shape, min(20 * (n + 1), 250), np.uint8) for n in range(count)])
    boxes = masks = None
    if mode == "boxes":
        boxes = tuple(boxes_of(outlines_of(n, KEPT, 90, 120), 0.25) for n in range(count))
        masks = np.zeros((count, *shape[:2]), np.uint8)
        masks[:, 10:50, 10:60] = 1
    draws = Draws(images, found.planned(), boxes, masks, np.ones((count, 1), np.float32),
                  images[:0], 0.1)  # fmt: skip
    return replace(found, draws=draws)


def opened(data):
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_shows_the_original_and_every_draw(theme):
    picture = np.asarray(opened(draws_png(case(), theme)).convert("RGB"))
    assert tuple(picture[2, 2]) == rgb(PALETTES[theme].background)
    colours = {tuple(row) for row in picture.reshape(-1, 3).tolist()}
    assert {(20 * n,) * 3 for n in range(1, 6)} <= colours
    factor = 288 // 120
    original = np.repeat(np.repeat(PHOTO, factor, 0), factor, 1)
    np.testing.assert_array_equal(
        picture[16 : 16 + original.shape[0], 16 : 16 + original.shape[1]], original
    )


@pytest.mark.parametrize("count", [1, 16])
def test_the_sheet_has_room_for_all(count):
    picture = np.asarray(opened(draws_png(case(count))).convert("RGB"))
    for level in range(1, min(count, 12) + 1):
        assert (picture == 20 * level).all(axis=2).sum() >= 240 * 170


def test_the_animation_has_a_frame_for_the_original_and_for_each_draw():
    gif = opened(draws_gif(case()))
    assert gif.n_frames == 6
    assert gif.info["loop"] == 0
    gif.seek(3)
    middle = np.asarray(gif.convert("RGB"))[100, 150]
    assert np.abs(middle.astype(int) - 60).max() <= 4  # GIF has 256 colours


def test_boxes_and_masks_are_drawn_in_their_colours():
    picture = np.asarray(opened(draws_png(case(1, "boxes"))).convert("RGB"))
    orange = rgb("#E69F00")
    assert (picture == orange).all(axis=2).sum() > 200
    filled = np.rint(0.62 * 20 + 0.38 * np.array(orange)).astype(int)
    found = (np.abs(picture.astype(int) - filled) <= 1).all(axis=2).sum()
    assert found > 0.7 * 40 * 50 * 4


def test_the_arrays_are_those_of_the_page():
    shown = case(3, "boxes")
    arrays = np.load(BytesIO(draws_npz(shown)))
    np.testing.assert_array_equal(arrays["original"], shown.subject.pixels)
    np.testing.assert_array_equal(arrays["images"], shown.draws.images)
    np.testing.assert_array_equal(arrays["boxes"], np.repeat(KEPT, 3, axis=0))
    assert arrays["draw"].tolist() == [0, 1, 2]
    assert arrays["name"].tolist() == ["cup"] * 3
    assert arrays["masks"].shape == (3, 90, 120)
    assert len(arrays["words"]) == 3
    assert set(np.load(BytesIO(draws_npz(case(2)))).files) == {
        "original", "images", "words", "shares",
    }  # fmt: skip


def test_a_digit_stays_grey_and_its_pixels_square():
    picture = np.asarray(opened(draws_png(case(1, picture="digit"))).convert("RGB"))
    shown = picture[16 : 16 + 280, 16 : 16 + 280]
    assert (shown == shown[..., :1]).all()
    np.testing.assert_array_equal(shown, np.repeat(np.repeat(shown[::10, ::10], 10, 0), 10, 1))


def test_without_draws_there_is_nothing_to_take():
    with pytest.raises(ValueError, match="no draws yet"):
        draws_png(replace(case(), draws=None))
