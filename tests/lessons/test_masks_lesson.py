"""Truths and starts in closed form; what a small object does to the measures."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.lessons.masks import (
    COUNTS,
    SAID_CELLS,
    SIDE,
    TRUE_CELLS,
    MasksLesson,
    cells_text,
    parse_cells,
    parse_counts,
)
from core.lessons.masks_case import (
    MasksCase,
    Subject,
    asked_of,
    drawn,
    grown,
    moved,
    square,
    start_of,
)
from core.lessons.masks_imbalance import (
    SENTENCES,
    classes_of,
    curves,
    example,
    means_of,
    rates,
)
from core.lessons.masks_pictures import EXTRA, HIT, MISSED, outlined
from core.lessons.segment_case import classical
from core.numbers import NumbersError
from core.presets import PRESETS
from core.vision.metrics import compare, iou


def case_of(lesson):
    subject = drawn(lesson)
    return MasksCase(lesson, subject, start_of(lesson, subject))


def preset(slug):
    return case_of(PRESETS[slug].lesson)


# Cells and counts that are typed


def test_the_worked_example_has_six_hits_three_too_many_and_six_missed():
    found = compare(parse_cells(TRUE_CELLS), parse_cells(SAID_CELLS))
    assert found.counts == (6, 3, 6, 21)
    assert found.iou == 6 / 15
    assert found.dice == 12 / 21
    assert (found.precision, found.recall) == (6 / 9, 6 / 12)
    assert found.pixel_accuracy == 27 / 36
    assert cells_text(parse_cells(TRUE_CELLS)) == TRUE_CELLS
    assert not parse_cells(" ").any()


@pytest.mark.parametrize("text", ["0101", "-".join(["000000"] * 5), TRUE_CELLS + "x", "²"])
def test_other_cells_are_refused_in_words(text):
    with pytest.raises(NumbersError, match="6 rows of 6 digits"):
        parse_cells(text)


def test_a_confusion_matrix_is_square_and_counts():
    assert parse_counts(COUNTS).shape == (3, 3)
    with pytest.raises(NumbersError, match="2 rows of 3 numbers"):
        parse_counts("1 2 3 / 4 5 6")
    with pytest.raises(NumbersError, match="one of these is -1"):
        parse_counts("1 2 / -1 5")
    with pytest.raises(NumbersError, match=r"one of these is 0\.5"):
        parse_counts("1 0.5 / 1 5")


# Truth and start


@given(arrays(bool, (9, 10)), st.integers(1, 3))
def test_a_mask_grows_and_shrinks_as_scipy_has_it(mask, pixels):
    window = np.ones((2 * pixels + 1, 2 * pixels + 1), bool)
    larger = scipy.ndimage.binary_dilation(mask, window)
    smaller = scipy.ndimage.binary_erosion(mask, window, border_value=1)
    np.testing.assert_array_equal(grown(mask, pixels), larger)
    np.testing.assert_array_equal(grown(mask, -pixels), smaller)


@given(arrays(bool, (6, 7)), st.integers(-8, 8), st.integers(-8, 8))
def test_a_mask_moves_as_scipy_has_it(mask, down, right):
    theirs = scipy.ndimage.shift(mask.astype(float), (down, right), order=0) > 0.5
    np.testing.assert_array_equal(moved(mask, down, right), theirs)


def test_one_pixel_less_all_around_costs_what_geometry_says():
    for side, slug in ((16, "rim-of-a-small-object"), (96, "rim-of-a-large-object")):
        assert preset(slug).comparison.iou == pytest.approx(((side - 2) / side) ** 2)
    assert iou(square(40), grown(square(40), 1)) == pytest.approx((40 / 42) ** 2)


def test_the_presets_show_what_they_say():
    assert preset("half-covered").comparison.iou == pytest.approx(1 / 3)
    assert preset("half-covered").comparison.dice == 0.5
    assert preset("found-at-half").comparison.iou == 0.5
    inside = preset("inside-only").comparison
    assert (inside.precision, inside.recall) == (1, (48 / 64) ** 2)
    full = preset("everything-painted").comparison
    assert (full.recall, full.iou, full.precision) == (1, 0.25, 0.25)
    trap = preset("accuracy-trap").comparison
    assert trap.pixel_accuracy == pytest.approx(0.98, abs=5e-4)
    assert trap.iou == 0
    assert preset("both-empty").comparison.iou == 1
    ragged = preset("good-area-bad-outline")
    assert ragged.comparison.iou == pytest.approx(0.94**2)
    assert (ragged.outlines.f, ragged.outlines.tolerance_px) == (0, 2)
    wider = ragged.lesson.with_value("mask_tolerance", 3)
    # The corners of the true rim lie farther away: 5 pixels at each, of 4 * 99.
    recall = (396 - 4 * 5) / 396
    assert case_of(wider).outlines.f == pytest.approx(2 * recall / (1 + recall))


def test_an_instance_is_a_third_of_its_class():
    lesson = PRESETS["one-of-its-kind"].lesson
    subject = drawn(lesson)
    said = classical(subject.picture, asked_of("threshold", lesson).spec("threshold")).mask
    assert iou(subject.truth, said) == pytest.approx(1 / 3, abs=0.01)
    whole = drawn(lesson.model_copy(update={"mask_target": "kind"})).truth
    assert iou(whole, said) > 0.99


@given(st.integers(0, 20))
def test_the_tolerance_is_the_one_of_the_slider(pixels):
    lesson = MasksLesson(mask_truth="square", mask_tolerance=pixels)
    assert case_of(lesson).outlines.tolerance_px == pixels


def test_one_shape_its_kind_and_all_shapes():
    lesson = MasksLesson(mask_shapes=4, mask_diameter=30, mask_seed=3, mask_object=2)
    whole, one, kind = (
        drawn(lesson.model_copy(update={"mask_target": target})).truth
        for target in ("all", "one", "kind")
    )
    assert one.any()
    assert not (one & ~kind).any()
    assert not (kind & ~whole).any()
    names = drawn(lesson).parts
    parts = [drawn(lesson.model_copy(update={"mask_target": "one", "mask_object": n + 1})).truth
             for n in range(len(names))]  # fmt: skip
    np.testing.assert_array_equal(np.any(parts, axis=0), whole)
    same = [part for part, name in zip(parts, names, strict=True) if name == names[1]]
    np.testing.assert_array_equal(np.any(same, axis=0), kind)


def test_grabcut_gets_a_box_around_the_truth():
    truth = np.zeros((100, 200), bool)
    truth[40:60, 100:120] = True
    spec = asked_of("grabcut", MasksLesson(), truth).spec("grabcut")
    sides = (spec.left, spec.top, spec.right, spec.bottom)
    assert sides == pytest.approx((0.44, 0.34, 0.66, 0.66))
    dark = asked_of("threshold", MasksLesson(mask_side="dark")).spec("threshold")
    assert dark.side == "dark"


def test_without_a_truth_there_is_nothing_to_compare():
    picture = np.zeros((4, 5, 3), np.uint8)
    case = MasksCase(MasksLesson(mask_truth="method"), Subject("Photo", picture, None), None)
    assert case.waiting
    assert case.comparison is None
    assert case.outlines is None
    assert set(case.counts.values()) == {0}
    assert case.mask.shape == (4, 5)


def test_before_a_file_has_come_one_paints_on_the_bare_picture():
    subject = Subject("Photo", np.zeros((4, 5, 3), np.uint8), None, failed=True)
    assert not start_of(MasksLesson(mask_truth="file"), subject).any()
    assert start_of(MasksLesson(mask_truth="method"), subject) is None
    assert start_of(MasksLesson(mask_truth="method", mask_start="full"), subject).all()


def test_another_start_is_another_canvas_and_another_truth_is_not():
    lesson = MasksLesson(mask_start="empty")
    smaller = lesson.model_copy(update={"mask_target": "one"})
    assert case_of(lesson).canvas == case_of(smaller).canvas
    assert case_of(lesson).canvas != case_of(MasksLesson()).canvas
    assert case_of(lesson).canvas != case_of(lesson.with_value("mask_seed", 8)).canvas


# Imbalance


@pytest.mark.parametrize("says", SENTENCES)
def test_the_curves_are_the_closed_forms(says):
    chart = curves(says, 0.02)
    accuracy, overlap, dice = (curve.y for curve in chart.curves)
    s = chart.curves[0].x / 100
    closed = {
        "nothing": (1 - s, 0 * s, 0 * s),
        "everything": (s, s, 2 * s / (1 + s)),
        "half": (1 - s / 2, 0 * s + 1 / 2, 0 * s + 2 / 3),
        "coin": (0 * s + 1 / 2, s / (1 + s), 2 * s / (1 + 2 * s)),
    }[says]
    for found, form in zip((accuracy, overlap, dice), closed, strict=True):
        np.testing.assert_allclose(found, form, atol=1e-6)
    assert sum(rates(says, 0.3)) == pytest.approx(1)


def test_of_two_percent_saying_nothing_is_98_percent_right():
    found = example("nothing", 0.02)
    assert found.counts == (0, 0, 200, 9800)
    assert (found.pixel_accuracy, found.iou, found.dice) == (0.98, 0, 0)
    assert example("everything", 0.02).iou == 0.02
    assert example("half", 0.02).recall == pytest.approx(0.5, abs=0.05)


def test_classes_have_their_iou_and_means():
    counts = parse_counts(COUNTS)
    background, cup, spoon = classes_of(counts)
    assert (cup.hits, cup.missed, cup.extra) == (500, 200, 120)
    assert cup.iou == 500 / 820
    assert (background.name, spoon.iou) == ("background", 0.5)
    accuracy, mean, weighted = means_of(counts)
    assert accuracy == 0.96
    assert mean == pytest.approx((9000 / 9380 + 500 / 820 + 0.5) / 3)
    shares = np.array([9120, 700, 180]) / 10_000
    assert weighted == pytest.approx(shares @ [9000 / 9380, 500 / 820, 0.5])
    assert means_of(np.zeros((2, 2), np.int64)) == (1, 1, 1)


# Pictures


def test_matched_rims_are_green_and_others_not():
    case = case_of(MasksLesson(mask_truth="square", mask_diameter=20, mask_right=10,
                               mask_down=0, mask_tolerance=0))  # fmt: skip
    true, painted = outlined(case.subject.picture, case.outlines, SIDE)
    top, left = (SIDE - 20) // 2, (SIDE - 20) // 2
    assert tuple(true[top, left]) == MISSED
    assert tuple(true[top, left + 15]) == tuple(painted[top, left + 15]) == HIT
    assert tuple(painted[top, left + 29]) == EXTRA
    true, _ = outlined(case.subject.picture, case.outlines, 4 * SIDE)
    pixel = true[4 * top : 4 * top + 4, 4 * left : 4 * left + 4]
    assert tuple(pixel[0, 0]) == MISSED
    assert (pixel[1:3, 1:3] == 255).all()
