"""What the methods are asked, which parts are the object, and what is shown of it."""

import numpy as np
import pytest
from skimage import data

from core.lessons.segment import (
    LEAST_BOX,
    NETWORKS,
    SegmentLesson,
    parse_parts,
)
from core.lessons.segment_case import (
    COAT,
    LINE,
    TITLES,
    SegmentCase,
    Segmented,
    checkerboard,
    classical,
    details,
    network_title,
    segmented,
)
from core.numbers import NumbersError
from core.vision.baselines import (
    GrabCutSpec,
    KMeansSpec,
    SlicSpec,
    ThresholdSpec,
    WatershedSpec,
)
from core.vision.classify import Stages
from core.vision.metrics import iou
from core.vision.segment import Labelled, Salient
from core.zoo.segmenters import SEGMENTERS, VOC_CLASSES, voc_palette

PHOTO = data.coffee()[::4, ::4]
STAGES = Stages(1, 2, 3, 4, 50)
CLASSICAL = ("threshold", "kmeans", "watershed", "grabcut", "superpixels")


def answered(method, lesson=None):
    return segmented(method, classical(PHOTO, (lesson or SegmentLesson()).spec(method)))


def case_of(lesson, *answers, behind=None):
    return SegmentCase(lesson, "Coffee", PHOTO, answers, behind)


def salient(values):
    return segmented("saliency", Salient(values, values, PHOTO, STAGES))


def left_half():
    soft = np.zeros(PHOTO.shape[:2], np.float32)
    soft[:, : soft.shape[1] // 2] = 0.6
    return soft


# The lesson


def test_every_method_has_a_title_and_a_spec_or_a_network():
    kinds = {
        "threshold": ThresholdSpec, "kmeans": KMeansSpec, "watershed": WatershedSpec,
        "grabcut": GrabCutSpec, "superpixels": SlicSpec,
    }  # fmt: skip
    for method in TITLES:
        spec = SegmentLesson().spec(method)
        assert (spec is None) == (method in NETWORKS)
        assert bool(network_title(method)) == (method in NETWORKS)
        if spec is not None:
            assert isinstance(spec, kinds[method])
    assert set(NETWORKS.values()) == set(SEGMENTERS)


def test_the_specs_say_what_the_sliders_say():
    lesson = SegmentLesson(seg_left=10, seg_top=20, seg_right=60, seg_bottom=70, seg_rounds=2)
    assert lesson.spec("grabcut") == GrabCutSpec(
        left=0.1, top=0.2, right=0.6, bottom=0.7, rounds=2
    )
    assert SegmentLesson(seg_groups=7, seg_place=0.5).spec("kmeans") == KMeansSpec(
        clusters=7, position=0.5
    )


def test_a_second_method_is_another_one():
    assert SegmentLesson().methods == ("saliency",)
    assert SegmentLesson(seg_second="saliency").methods == ("saliency",)
    assert SegmentLesson(seg_second="kmeans").methods == ("saliency", "kmeans")


def test_a_box_without_inside_or_outside_is_mended_and_said():
    lesson, notices = SegmentLesson.nearest({"seg_left": "80", "seg_right": "50"})
    assert (lesson.seg_left, lesson.seg_right) == (80, 80 + LEAST_BOX)
    assert "Box right (%) is now 85 instead of 50" in notices[0]
    whole = SegmentLesson(seg_left=0, seg_top=0, seg_right=100, seg_bottom=100)
    assert "leaves too little background" in whole.problem()


def test_numbers_of_parts_are_read_and_other_words_refused():
    assert parse_parts("0, 3 5") == (0, 3, 5)
    assert parse_parts(" ") == ()
    with pytest.raises(NumbersError, match="such as 0, 3"):
        parse_parts("cat")
    assert "no numbers of parts" in SegmentLesson(seg_object="x").text_problem("seg_object")


# The object


def test_the_threshold_decides_what_of_the_map_is_the_object():
    soft = left_half()
    half = case_of(SegmentLesson(seg_cut=50), salient(soft))
    np.testing.assert_array_equal(half.masks[0] > 0, soft > 0)
    assert not case_of(SegmentLesson(seg_cut=61), salient(soft)).masks[0].any()
    assert half.segmented[0].took_ms == 50


@pytest.mark.parametrize("method", CLASSICAL)
def test_each_method_has_an_object_as_large_as_its_parts(method):
    case = case_of(SegmentLesson(), answered(method))
    mask, parts = case.masks[0], case.parts[0]
    assert mask.shape == PHOTO.shape[:2]
    if parts:
        assert sum(part.share for part in parts) == pytest.approx(1)
        assert [p.share for p in parts] == sorted((p.share for p in parts), reverse=True)
        inside = sum(part.share for part in parts if part.inside)
        assert mask.mean() == pytest.approx(inside, abs=1e-6)


def test_the_largest_group_is_the_background_until_somebody_says_otherwise():
    groups = answered("kmeans")
    by_itself = case_of(SegmentLesson(), groups)
    assert [p.inside for p in by_itself.parts[0]] == [False, True, True, True]
    chosen = case_of(SegmentLesson(seg_object="0, 2"), groups)
    assert {p.number for p in chosen.parts[0] if p.inside} == {0, 2}
    np.testing.assert_array_equal(chosen.masks[0] > 0, np.isin(groups.answer.labels, (0, 2)))
    # Of numbers that are not there nothing is left: as if nothing stood there.
    nobody = case_of(SegmentLesson(seg_object="99"), groups)
    np.testing.assert_array_equal(nobody.masks[0], by_itself.masks[0])


def test_of_superpixels_it_is_the_one_in_the_middle():
    patches = answered("superpixels")
    case = case_of(SegmentLesson(), patches)
    height, width = PHOTO.shape[:2]
    assert case.masks[0][height // 2, width // 2] == 1
    assert sum(part.inside for part in case.parts[0]) == 1


def test_classes_have_their_names_and_vocs_colours():
    labels = np.zeros(PHOTO.shape[:2], np.uint8)
    labels[:10] = VOC_CLASSES.index("bottle")
    answer = Labelled(labels, np.ones(labels.shape, np.float32), VOC_CLASSES, STAGES)
    case = case_of(SegmentLesson(), segmented("deeplab", answer))
    background, bottle = case.parts[0]
    assert (background.name, background.inside) == ("background", False)
    assert (bottle.name, bottle.inside) == ("bottle", True)
    assert bottle.colour == voc_palette()[VOC_CLASSES.index("bottle")]
    np.testing.assert_array_equal(case.masks[0] > 0, labels > 0)


# What is shown


def shown(shows, **more):
    soft = left_half()
    lesson = SegmentLesson(seg_shows=shows, **more)
    behind = np.full((20, 20, 3), 9, np.uint8)
    return case_of(lesson, salient(soft), behind=behind).shown(0), soft > 0


def test_paint_lies_on_the_object_alone():
    painted, inside = shown("paint", seg_opacity=100)
    assert (painted[inside] == COAT).all()
    np.testing.assert_array_equal(painted[~inside], PHOTO[~inside])
    np.testing.assert_array_equal(shown("paint", seg_opacity=0)[0], PHOTO)


def test_the_mask_is_white_and_the_line_is_its_edge():
    mask, inside = shown("mask")
    np.testing.assert_array_equal(mask[..., 0], np.where(inside, 255, 0))
    lines, _ = shown("outline")
    edge = inside.shape[1] // 2 - 1
    assert (lines[5:-5, edge] == LINE).all()


@pytest.mark.parametrize("shows", ["cutout", "blur", "photo"])
def test_the_object_stays_before_another_background(shows):
    changed, inside = shown(shows)
    np.testing.assert_array_equal(changed[inside], PHOTO[inside])
    assert (changed[~inside] != PHOTO[~inside]).mean() > 0.5


def test_transparency_is_a_board_of_two_greys():
    board = checkerboard((30, 40, 3))
    assert sorted(np.unique(board)) == [205, 235]
    assert board[0, 0, 0] != board[0, 12, 0] == board[12, 0, 0]


@pytest.mark.parametrize("method", CLASSICAL)
def test_every_method_is_painted(method):
    painted = case_of(SegmentLesson(seg_opacity=100), answered(method)).shown(0)
    assert painted.shape == PHOTO.shape
    assert (painted != PHOTO).any()


# Two methods


def test_two_methods_are_compared_by_their_masks():
    one, two = salient(left_half()), answered("threshold")
    case = case_of(SegmentLesson(seg_second="threshold"), one, two)
    assert case.comparison.iou == pytest.approx(iou(left_half() > 0, two.answer.mask))
    assert not case.waiting


def test_while_an_answer_is_awaited_the_bare_picture_stands_there():
    case = case_of(
        SegmentLesson(seg_second="threshold"),
        Segmented("saliency", None),
        answered("threshold"),
    )
    assert case.waiting
    assert case.comparison is None
    assert case.parts[0] == []
    np.testing.assert_array_equal(case.shown(0), PHOTO)
    failed = case_of(SegmentLesson(), Segmented("saliency", None, "No file."))
    assert not failed.waiting


def test_what_else_is_said_is_counted():
    soft = np.full(PHOTO.shape[:2], 0.5, np.float32)
    soft[:, : soft.shape[1] // 2] = 1
    share = (soft > 0.9).mean()
    first, _ = details(salient(soft))
    assert f"holds {100 * share:.1f} % of the picture, between 10 and 90 % another" in first
    grabbed = answered("grabcut", SegmentLesson(seg_rounds=2))
    areas = ", ".join(f"{100 * mask.mean():.1f} %" for mask in grabbed.answer.rounds)
    assert details(grabbed)[0] == f"Round by round it holds {areas}."
    found = answered("threshold")
    assert f"Grey level {found.answer.level}:" in details(found)[0]
    assert details(answered("kmeans")) == []


def test_pressing_a_place_switches_its_part():
    groups = answered("kmeans")
    case = case_of(SegmentLesson(), groups)
    labels = groups.answer.labels
    (row,), (column,) = (axis[:1] for axis in np.nonzero(labels == 0))
    height, width = labels.shape
    there = (column + 0.5) / width, (row + 0.5) / height
    assert case.switched(0, *there) == [0, 1, 2, 3]
    again = case_of(SegmentLesson(seg_object="0, 1, 2, 3"), groups)
    assert again.switched(0, *there) == [1, 2, 3]
    assert case.switched(0, 1.0, 1.0)  # the last pixel
    whole = case_of(SegmentLesson(), answered("threshold"))
    assert whole.switched(0, 0.5, 0.5) == []


def test_the_second_method_has_parts_of_its_own():
    lesson = SegmentLesson(seg_method="kmeans", seg_second="watershed", seg_other="1")
    case = case_of(lesson, answered("kmeans"), answered("watershed"))
    assert [p.number for p in case.parts[1] if p.inside] == [1]
    assert [p.inside for p in case.parts[0]] == [False, True, True, True]
    unreadable = case_of(SegmentLesson(seg_object="cat"), answered("kmeans"))
    assert [p.inside for p in unreadable.parts[0]] == [False, True, True, True]
