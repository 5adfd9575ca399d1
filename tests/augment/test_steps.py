"""One contract over every augmentation: shape, type, range, seed, strength, boxes and masks."""

from functools import lru_cache

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.augment import AugmentError, PipelineSpec, apply
from core.augment.catalog import KINDS
from core.augment.steps.base import Bend, Filling, Warp
from core.augment.steps.mixing import Mixing
from core.augment.text import decode
from core.augment.worker.pipeline import stages
from core.data.shapes import scenes
from core.images.samples import SAMPLES

pytestmark = pytest.mark.tf

HEIGHT, WIDTH = 96, 128
NAMES = list(KINDS)
MOVING = [name for name, kind in KINDS.items() if issubclass(kind, Warp | Bend)]
BOX = (40, 32, 84, 72)
"""Left, top, right, bottom of a rectangle."""
PAINT = np.array([255, 0, 255])
FIXED = {
    "flip_horizontal", "flip_vertical", "center_crop", "grayscale", "invert", "equalize",
    "auto_contrast", "quarter_turn", "corrupt_defocus_blur", "corrupt_zoom_blur",
    "corrupt_brightness", "corrupt_contrast", "corrupt_pixelate", "corrupt_jpeg",
}  # fmt: skip
"""What does the same each time: nothing is drawn (a picture that is no square is turned by 180
degrees alone)."""


@lru_cache(maxsize=1)
def small():
    made = [
        cv2.resize(SAMPLES[slug].load(), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        for slug in ("chelsea", "astronaut", "coffee", "rocket")
    ]
    return np.stack(made)


def photos(count=4, channels=3):
    """Small photos."""
    return small()[:count, ..., :channels].copy()


def always(name, **settings):
    """A pipeline of one step that always comes."""
    return PipelineSpec(steps=(KINDS[name](**{"probability": 1.0, **settings}),), keep_boxes=0)


def overlap(one, other):
    """Intersection over union of two boxes."""
    left, top = np.maximum(one[:2], other[:2])
    right, bottom = np.minimum(one[2:], other[2:])
    shared = max(right - left, 0) * max(bottom - top, 0)
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)]
    return shared / (sum(areas) - shared)


def bounds(pixels):
    """Box round the pixels that are True."""
    rows, columns = np.nonzero(pixels)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], float)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_shape_and_type_and_range_are_kept(name, channels):
    images = photos(channels=channels)
    for batch in (images, images.astype(np.float32)):
        made = apply(batch, always(name), 5).images
        assert made.shape == batch.shape
        assert made.dtype == batch.dtype
        assert np.isfinite(made).all()
        assert made.min() >= 0
        assert made.max() <= 255.001


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_pictures_and_another_one_others(name):
    images, spec = photos(), always(name)
    one, other, third = (apply(images, spec, seed).images for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, other)
    if name not in FIXED:
        assert (one != third).any()


@pytest.mark.parametrize("name", [n for n in NAMES if not issubclass(KINDS[n], Mixing)])
def test_a_picture_does_not_depend_on_the_others(name):
    images, spec = photos(), always(name)
    together = apply(images, spec, 3).images
    alone = apply(images[2:3], spec, 3, first=2).images
    np.testing.assert_allclose(alone[0].astype(int), together[2].astype(int), atol=1)


@pytest.mark.parametrize("name", NAMES)
def test_strength_0_is_the_identity(name):
    images = photos()
    np.testing.assert_array_equal(apply(images, always(name).scaled(0), 3).images, images)


@pytest.mark.parametrize("name", NAMES)
def test_probability_0_and_off_are_the_identity(name):
    images = photos()
    for never in ({"probability": 0.0}, {"on": False}):
        np.testing.assert_array_equal(apply(images, always(name, **never), 3).images, images)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_changes_something(name):
    images = photos()
    made = [apply(images, always(name), seed).images for seed in range(3)]
    assert max(np.abs(m.astype(int) - images).max() for m in made) > 3


# Boxes and masks


def painted():
    """A rectangle in purple on grey, its box and its mask."""
    image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    left, top, right, bottom = BOX
    image[top:bottom, left:right] = PAINT
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[top:bottom, left:right] = 7
    return image[None], [np.array([BOX], float)], mask[None]


def paint_of(image):
    """The pixels that are at least half paint: purple has no green, grey and black no more
    red than green."""
    return image[..., 0].astype(int) - image[..., 1] > 127


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", MOVING)
def test_geometry_moves_boxes_and_masks_with_the_picture(name, seed):
    image, boxes, mask = painted()
    outside = {"fill": "constant"} if issubclass(KINDS[name], Filling) else {}
    made = apply(image, always(name, **outside), seed, boxes, mask)
    paint = paint_of(made.images[0])
    assert paint.sum() > 100
    assert len(made.boxes[0].xyxy) == 1
    assert overlap(made.boxes[0].xyxy[0], bounds(paint)) >= 0.9
    inside = made.masks[0] == 7
    assert (inside & paint).sum() / (inside | paint).sum() >= 0.9


@pytest.mark.parametrize(
    "name", [name for name in MOVING if "fill" in KINDS[name].model_fields]
)
@pytest.mark.parametrize("fill", ["reflect", "constant", "nearest", "wrap"])
def test_masks_follow_every_way_of_filling(name, fill):
    image, _, mask = painted()
    made = apply(image, always(name, fill=fill, fill_value=90), 4, masks=mask)
    inside, paint = made.masks[0] == 7, paint_of(made.images[0])
    assert (inside & paint).sum() / (inside | paint).sum() >= 0.85


@pytest.mark.parametrize("name", NAMES)
def test_classes_never_blend(name):
    made = scenes(3, 48, 1, count=(2, 3))
    for seed in range(3):
        masks = apply(made.images, always(name), seed, masks=made.masks).masks
        assert masks.dtype == made.masks.dtype
        assert set(np.unique(masks)) <= set(np.unique(made.masks)) | {0}


@pytest.mark.parametrize(
    "name", [n for n in NAMES if KINDS[n].boxes == "stay" and KINDS[n].masks == "stay"]
)
def test_what_moves_no_pixel_leaves_boxes_and_masks_alone(name):
    image, boxes, mask = painted()
    made = apply(image, always(name), 1, boxes, mask)
    assert made.boxes[0].xyxy.tolist() == [list(map(float, BOX))]
    np.testing.assert_array_equal(made.masks, mask)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(MOVING), min_size=2, max_size=4), st.integers(0, 1000))
def test_boxes_stay_tight_through_several_steps(names, seed):
    image, boxes, _ = painted()
    steps = [
        {"kind": name, "probability": 1.0}
        | ({"fill": "constant"} if issubclass(KINDS[name], Filling) else {})
        for name in names
    ]
    spec = PipelineSpec.model_validate({"steps": steps, "keep_boxes": 0})
    made = apply(image, spec, seed, boxes)
    paint = paint_of(made.images[0])
    kept = made.boxes[0].xyxy
    if paint.sum() > 600 and len(kept):
        assert overlap(kept[0], bounds(paint)) >= 0.7


def test_a_policy_moves_boxes_too():
    image, boxes, mask = painted()
    spec = always("rand_augment", operations=3, magnitude=15, fill="constant")
    for seed in range(12):
        made = apply(image, spec, seed, boxes, mask)
        if (made.masks[0] == 7).sum() > 50:
            assert overlap(made.boxes[0].xyxy[0], bounds(made.masks[0] == 7)) >= 0.85


def test_the_rule_for_boxes_that_leave():
    image, boxes, _ = painted()
    # 100 % to the right or left: on average half of the boxes are gone.
    step = KINDS["translation"](horizontal=100, vertical=0, fill="constant")
    for seed in range(10):
        kept, strict = (
            apply(image, PipelineSpec(steps=(step,), keep_boxes=keep), seed, boxes).boxes[0]
            for keep in (0.0, 0.9)
        )
        seen = kept.seen[0] if len(kept.seen) else 0.0
        assert len(strict.xyxy) == (seen >= 0.9)
        assert len(strict.xyxy) + len(strict.dropped) == 1
        assert (kept.xyxy[:, 0] >= 0).all()
        assert (kept.xyxy[:, 2] <= WIDTH).all()


# Mixing


@pytest.mark.parametrize("name", ["mix_up", "cut_mix", "mosaic", "fourier_mix"])
def test_shares_of_labels_are_those_of_the_pictures(name):
    """Pictures of one level each: the mean level of the mix says how much it has of each."""
    levels = np.array([10, 60, 120, 240], np.float32)
    images = np.ones((4, HEIGHT, WIDTH, 1), np.float32) * levels[:, None, None, None]
    for seed in range(5):
        made = apply(images, always(name), seed)
        np.testing.assert_allclose(made.shares.sum(axis=1), 1, atol=1e-5)
        means = made.images.mean(axis=(1, 2, 3))
        np.testing.assert_allclose(made.shares @ levels, means, rtol=1e-3)


def test_mixing_takes_only_from_the_partners_that_are_given():
    made = apply(photos(), always("mosaic"), 1, partners=[2, 3])
    assert made.shares[0, 1] == 0
    assert made.shares[0, 2:].sum() > 0


def test_mix_up_keeps_the_boxes_of_both_and_the_mask_of_the_stronger():
    made = scenes(2, 48, 3, count=(1, 2))
    mixed = apply(made.images, always("mix_up"), 0, made.boxes, made.masks)
    for place in range(2):
        assert len(mixed.boxes[place].xyxy) == len(made.boxes[0]) + len(made.boxes[1])
        stronger = int(mixed.shares[place].argmax())
        np.testing.assert_array_equal(mixed.masks[place], made.masks[stronger])


@pytest.mark.parametrize("name", ["cut_mix", "mosaic", "fourier_mix"])
def test_boxes_go_round_what_is_left_to_be_seen(name):
    """Shapes of one class each; the mixed mask says which pixels are whose."""
    made = scenes(4, 64, 5, count=(1, 1))
    masks = np.stack([(made.masks[i] > 0) * (i + 1) for i in range(4)]).astype(np.uint8)
    found = 0
    for seed in range(6):
        mixed = apply(made.images, always(name), seed, made.boxes, masks)
        for place in range(4):
            boxes = mixed.boxes[place]
            for box, picture in zip(boxes.xyxy, boxes.picture, strict=True):
                pixels = mixed.masks[place] == picture + 1
                if pixels.sum() > 40 and name != "mosaic":
                    tight = bounds(pixels)
                    assert (box[:2] <= tight[:2] + 1).all()
                    assert (box[2:] >= tight[2:] - 1).all()
                    found += 1
    assert found > 10 or name == "mosaic"


def test_a_mosaic_puts_its_boxes_where_the_pixels_are():
    image, boxes, _ = painted()
    images = np.concatenate([image, np.zeros((3, *image.shape[1:]), np.uint8)])
    all_boxes = [*boxes, *[np.empty((0, 4))] * 3]
    for seed in range(6):
        made = apply(images, always("mosaic"), seed, all_boxes)
        for place in range(4):
            paint = paint_of(made.images[place])
            kept = made.boxes[place].xyxy
            if paint.sum() and len(kept):
                together = [*kept[:, :2].min(axis=0), *kept[:, 2:].max(axis=0)]
                assert overlap(np.array(together), bounds(paint)) >= 0.9


# Stages and errors


def test_stages_begin_with_the_picture_and_end_with_the_result():
    images, spec = photos(), decode("rotation_hue_gaussian.noise")
    found = list(stages(images, spec, 9))
    assert len(found) == 4
    np.testing.assert_array_equal(found[0].images, images)
    np.testing.assert_array_equal(found[-1].images, apply(images, spec, 9).images)
    assert [len(stage.drawn[0]) for stage in found] == [0, 1, 2, 3]


def test_an_empty_pipeline_changes_nothing():
    image, boxes, mask = painted()
    made = apply(image, PipelineSpec(), 0, boxes, mask)
    np.testing.assert_array_equal(made.images, image)
    assert made.boxes[0].xyxy.tolist() == [list(map(float, BOX))]
    assert made.shares.tolist() == [[1.0]]


def test_what_was_drawn_comes_back_and_is_what_was_done():
    """Turning back by the angle that is said gives the picture again, away from its border."""
    image = photos(1)
    spec = decode("rotation-degrees40")
    made = apply(image, spec, 6)
    angle = made.drawn[0][0].values["angle"]
    assert made.drawn[0][0].words == f"angle {angle:+.1f} degrees"
    middle = ((WIDTH - 1) / 2, (HEIGHT - 1) / 2)
    back = cv2.warpAffine(
        made.images[0], cv2.getRotationMatrix2D(middle, -angle, 1), (WIDTH, HEIGHT)
    )
    difference = np.abs(back.astype(int) - image[0])[14:-14, 20:-20]
    assert difference.mean() < 6  # twice interpolated


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"images": np.zeros((8, 8, 3), np.uint8)}, "for one picture images[None]"),
        ({"images": np.zeros((1, 8, 8, 4), np.uint8)}, "1 or 3 channels"),
        ({"images": np.full((2, 8, 8, 3), 300.0)}, "floats from 0 to 255"),
        ({"images": np.full((2, 8, 8, 3), np.nan)}, "floats from 0 to 255"),
        ({"images": np.zeros((2, 8, 8, 3), np.int32)}, "type int32"),
        ({"boxes": [np.zeros((1, 4))]}, "2 pictures need 2 arrays of boxes, not 1"),
        ({"boxes": [np.ones((1, 5)), np.ones((0, 4))]}, "Use (k, 4)"),
        ({"boxes": [np.array([[5, 5, 4, 9]]), np.ones((0, 4))]}, "ends before it begins"),
        ({"masks": np.zeros((2, 8, 9), np.uint8)}, "masks of shape (2, 8, 9)"),
        ({"masks": np.zeros((2, 8, 8))}, "Use whole numbers"),
        ({"spec": decode("zoom-smallest150-largest120")}, "goes from 150 to 120 %"),
        ({"spec": decode("mix.up"), "images": np.zeros((1, 8, 8, 3), np.uint8)}, "at least 2"),
    ],
)
def test_what_does_not_go_together_is_refused_with_what_would(change, complaint):
    given = {"images": np.zeros((2, 8, 8, 3), np.uint8), "spec": PipelineSpec(), "seed": 0}
    with pytest.raises(AugmentError) as error:
        apply(**(given | change))
    assert complaint in str(error.value)
