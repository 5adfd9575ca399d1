"""The settings of the page "Augmentation", its pictures, and its two runs."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augment import PipelineSpec
from core.augment.catalog import KINDS, step_of
from core.augment.drawing import draw
from core.augment.pipelines import PIPELINES
from core.augment.text import encode
from core.data import digits
from core.data.shapes import scenes
from core.images.samples import SAMPLES
from core.lessons.augmentation import AugmentationLesson, read_frames, write_frames
from core.lessons.augmentation_case import in_words, subject_of, unchanged_share
from core.lessons.augmentation_runs import Outcome, compared, data_of, run_specs
from core.lessons.augmentation_subject import (
    EXAMPLES,
    PARTNERS,
    Framed,
    cut_out,
    digit_subject,
    partners_of,
    photo_subject,
    scene_subject,
    squares,
)

PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)


def case(**settings):
    return subject_of(AugmentationLesson(**settings), PHOTO, "Photo", "photo", "")


def overlap(one, other):
    return (one & other).sum() / (one | other).sum()


# Settings


@pytest.mark.parametrize("kind", KINDS)
def test_every_augmentation_goes_through_the_link_and_back(kind):
    lesson = AugmentationLesson().with_step(step_of(kind))
    assert lesson.single == step_of(kind)
    assert lesson.unreadable() == ""


@pytest.mark.parametrize("slug", PIPELINES)
def test_every_named_pipeline_goes_through_the_link_and_back(slug):
    steps = PIPELINES[slug].spec.steps
    lesson = AugmentationLesson(augment_mode="pipeline").with_steps(steps)
    assert lesson.pipeline.steps == steps
    assert len(lesson.augment_steps) <= 4000


def test_a_single_augmentation_is_never_off():
    off = step_of("rotation").model_copy(update={"on": False})
    assert AugmentationLesson().with_step(off).single.on


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "no augmentation"),
        ("rotation-degrees999", "cannot be"),
        ("rotation_zoom", "choose pipeline"),
        ("", "choose pipeline"),
    ],
)
def test_a_text_that_is_no_augmentation_is_told_and_a_rotation_shown(text, words):
    lesson = AugmentationLesson(augment_step=text)
    assert words in lesson.unreadable()
    assert lesson.single.kind == "rotation"


def test_settings_that_do_not_go_together_are_told():
    lesson = AugmentationLesson(augment_step="zoom-smallest120-largest80")
    assert "Step 1" in lesson.unreadable()


def test_boxes_are_clipped_or_dropped_by_the_rule():
    assert AugmentationLesson(augment_keep=40).pipeline.keep_boxes == 0.4
    assert AugmentationLesson(augment_rule="clip", augment_keep=40).pipeline.keep_boxes == 0


places = st.integers(0, 990)
frames = st.builds(
    lambda left, top, wide, high, name: Framed(
        left, top, min(left + wide, 1000), min(top + high, 1000), name
    ),
    places, places, st.integers(10, 1000), st.integers(10, 1000),
    st.text("abcXYZ09", min_size=1, max_size=20),
)  # fmt: skip


@given(st.lists(frames, max_size=12).map(tuple))
def test_boxes_drawn_by_hand_go_through_the_link_and_back(given):
    assert read_frames(write_frames(given)) == given


@pytest.mark.parametrize(
    "text",
    ["1-2-3", "0-0-5-500-thin", "500-0-400-900-turned", "0-0-1001-9-x", "a-b-c-d-e",
     "_".join(["0-0-9-9-x"] * 13)],
)  # fmt: skip
def test_boxes_that_are_none_are_told(text):
    with pytest.raises(ValueError, match=r"Box \d|13 boxes"):
        read_frames(text)
    assert AugmentationLesson(augment_boxes=text).frames == ()


# Draws in words


def test_the_share_that_stays_is_the_product_and_so_it_comes_out():
    spec = "flip.horizontal_rotation-probability0.2_zoom-probability0.75"
    lesson = AugmentationLesson(augment_mode="pipeline", augment_steps=spec)
    share = unchanged_share(lesson)
    assert share == pytest.approx(0.5 * 0.8 * 0.25)
    count = 4000
    stayed = sum(
        not any(one.comes for one in draw(lesson.pipeline, 3, number, (32, 32, 3)))
        for number in range(count)
    )
    assert stayed / count == pytest.approx(share, abs=4 * math.sqrt(share / count))


def test_what_was_drawn_is_said_and_steps_that_did_not_come_are_not():
    found = case(augment_step="flip.horizontal", augment_draws=16)
    said = {in_words(drawn, single=True) for drawn in found.planned()}
    assert said == {"mirrored", "unchanged"}
    both = case(augment_mode="pipeline", augment_steps="rotation_flip.vertical-probability0")
    said = in_words(both.planned()[0], single=False)
    assert said.startswith("Rotation: angle ")
    assert "upside" not in said


# Pictures


def test_the_current_image_is_made_small_and_never_larger():
    assert case(augment_side=96).subject.pixels.shape == (60, 90, 3)
    small = photo_subject(np.zeros((300, 600, 3), np.uint8), "x", "", 192)
    assert small.pixels.shape == (96, 192, 3)
    assert small.boxes.tolist() == [[48, 24, 144, 72]]


def test_a_photo_is_prepared_once_and_another_one_anew():
    lesson = AugmentationLesson()
    one = subject_of(lesson, PHOTO, "Photo", "once", "")
    assert subject_of(lesson, PHOTO, "Photo", "once", "").subject is one.subject
    other = subject_of(lesson, 255 - PHOTO, "Photo", "other", "")
    np.testing.assert_array_equal(other.subject.pixels, 255 - PHOTO)


def test_an_object_is_cut_out_by_its_colour():
    generator = np.random.default_rng(1)
    pixels = generator.integers(60, 110, (120, 160, 3), np.uint8)
    disc = cv2.circle(np.zeros((120, 160), np.uint8), (70, 60), 30, 1, -1).astype(bool)
    pixels[disc] = generator.integers(170, 230, (disc.sum(), 3), np.uint8)
    found = cut_out(pixels, np.array([[38, 28, 103, 93]], np.float32))
    assert overlap(found == 1, disc) > 0.95


def test_where_nothing_stands_out_an_ellipse_is_taken():
    flat = np.full((100, 100, 3), 128, np.uint8)
    found = cut_out(flat, np.array([[20, 30, 80, 70]], np.float32))
    assert (found == 1).sum() == pytest.approx(math.pi / 4 * 60 * 40, rel=0.03)


def test_a_small_object_lies_over_a_large_one():
    flat = np.full((100, 100, 3), 128, np.uint8)
    boxes = np.array([[40, 40, 60, 60], [10, 10, 90, 90]], np.float32)
    found = cut_out(flat, boxes)
    assert found[50, 50] == 1
    assert found[50, 20] == 2


@pytest.mark.parametrize("slug", EXAMPLES)
def test_the_boxes_of_the_samples_lie_in_them_and_hold_their_objects(slug):
    subject = photo_subject(SAMPLES[slug].load(), "x", slug, 192)
    height, width = subject.mask.shape
    for number, (left, top, right, bottom) in enumerate(subject.boxes.astype(int), 1):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        outside = subject.mask == number
        outside[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = False
        assert not outside.any()
        assert (subject.mask == number).sum() > 0


def test_a_scene_has_the_generators_own_boxes_and_instances():
    subject = scene_subject(4, 128)
    drawn = scenes(1, 128, 4, count=(3, 5), noise=6.0)
    np.testing.assert_array_equal(subject.boxes, drawn.boxes[0])
    np.testing.assert_array_equal(subject.mask, drawn.instances[0])
    assert len(subject.names) == len(subject.boxes)


def test_ten_digits_each_another_one():
    assert len({digit_subject(number).name for number in range(10)}) == 10


@pytest.mark.parametrize("number", [0, 1, 9])
def test_a_digit_is_one_of_the_data_set_with_a_tight_box(number):
    subject = digit_subject(number)
    dataset = digits.load()
    (at,) = np.flatnonzero((dataset.images == subject.pixels).all((1, 2, 3)))
    assert str(dataset.labels[at]) == subject.name == digit_subject(number + 10).name
    left, top, right, bottom = subject.boxes[0].astype(int)
    inside = subject.mask[top:bottom, left:right]
    assert inside.sum() == subject.mask.sum()
    assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()


@pytest.mark.parametrize(
    ("kind", "sample"), [("photo", "coffee"), ("photo", ""), ("shapes", ""), ("digit", "")]
)
def test_partners_are_others_of_the_same_size(kind, sample):
    found = case(augment_step="mix.up", augment_picture=kind, augment_side=96)
    partners = partners_of(found.subject, kind, sample, 0)
    assert len(partners) == 3
    for one in partners:
        assert one.pixels.shape == found.subject.pixels.shape
        assert not np.array_equal(one.pixels, found.subject.pixels)
        assert (one.boxes[:, 2:] > one.boxes[:, :2]).all()
    assert len({found.subject.name, *(one.name for one in partners)}) == 4
    assert set(PARTNERS) <= set(EXAMPLES)


def test_no_two_objects_of_a_mosaic_share_a_number():
    found = case(augment_mode="boxes", augment_steps="mosaic", augment_picture="shapes")
    request = found.request()
    sets = [set(np.unique(mask[mask > 0]).tolist()) for mask in request.masks]
    assert sum(len(one) for one in sets) == len(set.union(*sets))
    draws = found.lesson.augment_draws
    first = found.number_of(draws, 0)
    assert first == len(found.subject.boxes) + 1
    assert first in sets[1]
    assert found.name_of(draws, 0) == found.partners[0].names[0]


def test_only_what_mixes_needs_partners():
    assert case().partners == ()
    assert len(case(augment_step="cut.mix").names) == 4


def test_a_request_is_the_same_for_the_same_settings_and_no_others():
    assert case().request().key == case(augment_followed=2).request().key
    keys = {
        case(**settings).request().key
        for settings in (
            {}, {"augment_seed": 1}, {"augment_draws": 4}, {"augment_step": "zoom"},
            {"augment_picture": "digit"}, {"augment_mode": "pipeline"},
            {"augment_mode": "pipeline", "augment_followed": 2}, {"augment_mode": "boxes"},
        )
    }  # fmt: skip
    assert len(keys) == 8


def test_pictures_for_the_measurement_are_square_and_coloured():
    assert squares(digit_subject(0), 64).shape == (8, 64, 64, 3)
    assert squares(case().subject, 32, 4).shape == (4, 32, 32, 3)


# The two runs


def test_the_two_runs_differ_in_the_pipeline_alone():
    lesson = AugmentationLesson(augment_step="rotation-degrees15", help_seed=3)
    plain, drawn = run_specs(lesson)
    assert plain.differences(drawn) == {"pipeline": ("", "rotation-degrees15")}
    assert drawn.augments == PipelineSpec(steps=lesson.pipeline.steps)
    assert encode(drawn.augments) == drawn.pipeline


@pytest.mark.parametrize(
    ("data", "wanted", "found"), [("digits", 100, 100), ("digits", 500, 500),
                                  ("shapes", 200, 198), ("faces", 500, 100)]
)  # fmt: skip
def test_the_runs_learn_from_few_pictures_and_are_judged_by_more(data, wanted, found):
    lesson = AugmentationLesson(help_data=data, help_images=wanted)
    _, split = data_of(lesson).load()
    assert len(split.training) == found
    assert len(split.validation) >= 50
    assert len(split.test) >= 50


def test_both_runs_in_words():
    without, with_it = Outcome(1.0, 0.8, 0.9, 0.7), Outcome(0.81, 0.86, 0.45, 0.44)
    said = compared(without, with_it)
    assert said.startswith("**It helps here: 6.0 percentage points more are right.**")
    assert "a gap of 20 points; with it 81% and 86.0%, no gap" in said
    assert "0.900 and 0.450" in said
    assert compared(with_it, without).startswith("**It does harm here: 6.0")
    assert compared(without, without).startswith("**No difference that counts.**")
