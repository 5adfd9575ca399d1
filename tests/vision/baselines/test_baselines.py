"""Classical segmentation: closed forms, other libraries, and coins that are counted."""

import cv2
import numpy as np
import pytest
import skimage.filters
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from skimage import data

from core.data.shapes import scenes
from core.vision.baselines import (
    BaselineError,
    GrabCutSpec,
    KMeansSpec,
    SlicSpec,
    ThresholdSpec,
    WatershedSpec,
    cluster,
    grab_cut,
    otsu,
    superpixels,
    threshold,
    watershed,
)
from core.vision.baselines.picture import enlarged
from core.vision.metrics import iou

COINS = np.repeat(data.coins()[..., None], 3, axis=2)


def patches(*colours, side=20):
    """Squares of these colours side by side."""
    return np.hstack([np.full((side, side, 3), colour, np.uint8) for colour in colours])


# Threshold


@given(st.lists(st.integers(0, 50), min_size=256, max_size=256), st.integers(0, 255))
def test_otsus_level_is_scikit_images(counts, sure):
    histogram = np.array(counts)
    histogram[sure] += 1
    histogram[(sure + 100) % 256] += 1
    level, between = otsu(histogram)
    theirs = skimage.filters.threshold_otsu(hist=(histogram, np.arange(256)))
    # Several levels may be equally good; theirs is the first, ours their middle.
    assert between[level] == pytest.approx(between[theirs], rel=1e-9)
    assert between[level] == between.max() or between[level] == pytest.approx(between.max())


def test_the_variance_is_that_of_the_two_classes():
    histogram = np.bincount(data.camera().ravel(), minlength=256)
    level, between = otsu(histogram)
    values = data.camera().ravel().astype(float)
    dark = values <= level
    shares = dark.mean(), 1 - dark.mean()
    means = values[dark].mean(), values[~dark].mean()
    assert between[level] == pytest.approx(shares[0] * shares[1] * (means[0] - means[1]) ** 2)
    assert level == skimage.filters.threshold_otsu(data.camera())


def test_between_two_peaks_it_is_the_middle():
    histogram = np.zeros(256, int)
    histogram[[50, 150]] = 10
    assert otsu(histogram)[0] == 99  # 50 to 149 divide equally well
    histogram[150] = 0
    assert otsu(histogram)[0] == 50  # one level alone: nothing is above it


def test_bright_and_dark_are_each_others_rest():
    image = patches((30, 30, 30), (220, 220, 220))
    bright = threshold(image, ThresholdSpec())
    dark = threshold(image, ThresholdSpec(side="dark"))
    np.testing.assert_array_equal(bright.mask, ~dark.mask)
    assert bright.mask[:, 20:].all()
    assert not bright.mask[:, :20].any()
    assert bright.histogram.sum() == image.shape[0] * image.shape[1]
    assert not threshold(image, ThresholdSpec(rule="fixed", level=220)).mask.any()
    assert threshold(image, ThresholdSpec(rule="fixed", level=29)).mask.all()


# k-means


def test_as_many_colours_as_groups_are_found_exactly():
    image = patches((200, 30, 30), (30, 200, 30), (30, 30, 200), (240, 240, 240))
    found = cluster(image, KMeansSpec(clusters=4))
    assert found.inertia[-1] == pytest.approx(0, abs=1e-9)
    for start in range(0, 80, 20):
        (label,) = np.unique(found.labels[:, start : start + 20])
        assert tuple(found.colours[label]) == tuple(image[0, start])
    np.testing.assert_allclose(found.shares, 0.25)


@pytest.mark.parametrize("position", [0.0, 1.0])
def test_no_round_makes_it_worse_and_it_ends_where_nothing_changes(position):
    found = cluster(data.chelsea(), KMeansSpec(clusters=5, position=position))
    assert (np.diff(found.inertia) <= 1e-9).all()
    assert found.rounds >= 2
    assert found.centres.shape == (found.rounds + 1, 5, 5 if position else 3)
    assert (np.diff(found.shares) <= 0).all()
    assert found.labels.shape == data.chelsea().shape[:2]


def test_it_does_as_well_as_opencvs():
    image = cv2.resize(data.coffee(), (100, 66), interpolation=cv2.INTER_AREA)
    found = cluster(image, KMeansSpec(clusters=4))
    points = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    rule = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 100, 1e-3)
    compactness, _, _ = cv2.kmeans(points, 4, None, rule, 10, cv2.KMEANS_PP_CENTERS)
    # Theirs is the best of ten starts.
    assert found.inertia[-1] <= 1.15 * compactness / len(points)


def test_position_divides_what_colour_does_not():
    grey = np.full((40, 40, 3), 128, np.uint8)
    assert cluster(grey, KMeansSpec(clusters=2)).shares[0] == 1
    halves = cluster(grey, KMeansSpec(clusters=2, position=1.0))
    assert 0.4 < halves.shares[1] <= 0.5


def test_another_seed_may_end_elsewhere_and_the_same_does_not():
    one, same = (cluster(data.coffee(), KMeansSpec(clusters=8)) for _ in range(2))
    np.testing.assert_array_equal(one.labels, same.labels)


# Watershed


def test_the_coins_are_counted():
    # There are 24; one is cut off at the top, and the corner's shade is taken for one or two.
    found = watershed(COINS, WatershedSpec(apart_px=20, smoothing_px=2))
    assert 20 <= found.count <= 30
    assert found.labels.max() == found.count
    np.testing.assert_array_equal(np.unique(found.markers), np.arange(found.count + 1))


def test_touching_discs_are_parted_where_they_touch():
    y, x = np.mgrid[:60, :100]
    both = ((y - 30) ** 2 + (x - 33) ** 2 <= 400) | ((y - 30) ** 2 + (x - 67) ** 2 <= 400)
    image = np.where(both[..., None], 230, 20).astype(np.uint8).repeat(3, 2)
    found = watershed(image, WatershedSpec())
    assert found.count == 2
    left, right = found.labels[30, 33], found.labels[30, 67]
    assert left != right
    assert (found.labels[both][x[both] < 48] == left).all()
    assert (found.labels[both][x[both] > 52] == right).all()
    assert found.lines[20:40, 45:55].any()


def test_floods_of_the_gradient_end_at_edges():
    image = patches((40, 40, 40), (200, 200, 200), side=40)
    found = watershed(image, WatershedSpec(relief="gradient", apart_px=15))
    left = set(np.unique(found.labels[:, :38]))
    assert left.isdisjoint(np.unique(found.labels[:, 42:]))
    assert 0 not in found.labels


def test_a_plain_picture_is_one_basin():
    plain = np.full((30, 30, 3), 90, np.uint8)
    assert watershed(plain, WatershedSpec()).count == 0  # nothing is brighter than the rest
    assert watershed(plain, WatershedSpec(side="dark")).count == 1


# GrabCut


def test_a_box_around_a_shape_is_enough():
    drawn = scenes(1, 128, 5, classes=["circle"], count=(1, 1), min_size=50, max_size=60)
    x0, y0, x1, y1 = (float(v) / 128 for v in drawn.boxes[0][0])
    room = 0.06
    spec = GrabCutSpec(left=max(x0 - room, 0), top=max(y0 - room, 0),
                       right=min(x1 + room, 1), bottom=min(y1 + room, 1))  # fmt: skip
    found = grab_cut(drawn.images[0], spec)
    assert iou(found.mask, drawn.masks[0] > 0) > 0.95
    assert len(found.rounds) == spec.rounds
    again = grab_cut(drawn.images[0], spec)
    np.testing.assert_array_equal(found.mask, again.mask)


def test_nothing_outside_of_the_box_is_kept():
    found = grab_cut(data.coffee(), GrabCutSpec(left=0.3, right=0.7))
    x0, y0, x1, y1 = found.box_xyxy
    inside = np.zeros_like(found.mask)
    inside[y0 - 1 : y1 + 1, x0 - 1 : x1 + 1] = True  # a pixel of the reduced picture
    assert not (found.mask & ~inside).any()


def test_hints_are_heeded():
    image = patches((200, 60, 60), (60, 60, 200), (60, 200, 60), (200, 60, 60), side=40)
    noise = np.random.default_rng(0).integers(-20, 21, image.shape)
    image = (image + noise).astype(np.uint8)
    spec = GrabCutSpec(left=0.05, right=0.95, top=0.0, bottom=1.0)
    without = grab_cut(image, spec)
    assert without.mask[:, 45:115].mean() > 0.95  # blue and green are both the object
    hints = np.zeros(image.shape[:2], np.int8)
    hints[15:25, 50:70] = 1
    hints[15:25, 90:110] = -1
    found = grab_cut(image, spec, hints)
    assert found.mask[:, 45:75].mean() > 0.95
    assert found.mask[:, 85:115].mean() < 0.05
    with pytest.raises(BaselineError, match="hints have 10 x 10 pixels, the picture 160 x 40"):
        grab_cut(image, spec, np.zeros((10, 10), np.int8))


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ({"left": 0.5, "right": 0.502}, r"box has \d x \d+ pixels .* at least 3 x 3"),
        ({"left": 0, "top": 0, "right": 1, "bottom": 1}, "leaves 0 pixels outside"),
    ],
)
def test_a_box_that_cannot_work_is_said(box, said):
    with pytest.raises(BaselineError, match=said):
        grab_cut(data.coffee(), GrabCutSpec(**box))


def test_a_box_inside_out_is_said():
    with pytest.raises(ValidationError, match="has no inside"):
        GrabCutSpec(left=0.8, right=0.2)


# SLIC


def test_superpixels_keep_to_the_edges_of_the_picture():
    image = patches((220, 40, 40), (40, 40, 220), side=60)
    found = superpixels(image, SlicSpec(patches=60))
    left = set(np.unique(found.labels[:, :60]))
    assert left.isdisjoint(np.unique(found.labels[:, 60:]))
    np.testing.assert_array_equal(found.flat, image)
    assert 40 <= found.count <= 80
    assert set(np.unique(found.labels)) == set(range(found.count))


def test_more_patches_describe_a_photo_better():
    def error(count):
        photo = data.chelsea()
        flat = superpixels(photo, SlicSpec(patches=count)).flat
        return np.square(photo.astype(float) - flat).mean()

    assert error(20) > error(200) > error(1000)


# All of them


def test_numbers_are_brought_to_the_pictures_size_without_means():
    labels = np.array([[0, 9], [4, 7]], np.int32)
    big = enlarged(labels, np.zeros((4, 6, 3), np.uint8))
    np.testing.assert_array_equal(big, labels.repeat(2, 0).repeat(3, 1))


@pytest.mark.parametrize(
    "method",
    [
        lambda image: threshold(image, ThresholdSpec()),
        lambda image: cluster(image, KMeansSpec()),
        lambda image: watershed(image, WatershedSpec()),
        lambda image: grab_cut(image, GrabCutSpec()),
        lambda image: superpixels(image, SlicSpec()),
    ],
)
def test_what_is_no_colour_picture_is_said(method):
    with pytest.raises(BaselineError, match=r"uint8 of shape \(8, 8\). The classical methods"):
        method(np.zeros((8, 8), np.uint8))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (900, 700)])
def test_every_size_has_an_answer_as_large_as_it_is(size):
    image = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    for found in (
        threshold(image, ThresholdSpec()),
        cluster(image, KMeansSpec(clusters=2)),
        watershed(image, WatershedSpec()),
        superpixels(image, SlicSpec(patches=20)),
    ):
        assert found.labels.shape == size
