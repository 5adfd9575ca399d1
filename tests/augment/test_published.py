"""Values that others publish or compute: Keras, KerasCV, Pillow, OpenCV, SciPy."""

import cv2
import keras
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps
from scipy import ndimage

from core.augment.catalog import KINDS
from core.augment.outlines import boxes_of, outlines_of, warped
from core.augment.steps import policies
from core.augment.steps.base import Filling, Warp
from core.augment.steps.cropping import CropResize
from core.augment.steps.geometry import (
    FlipHorizontal,
    Perspective,
    QuarterTurn,
    Rotation,
    Shear,
    Translation,
    Zoom,
)
from core.augment.worker import by_keras, by_keras_cv, by_opencv
from core.augment.worker.layers import change, stacked, warp
from core.images.samples import SAMPLES

pytestmark = pytest.mark.tf

COUNT_25 = np.arange(25, dtype=np.float32).reshape(1, 5, 5, 1)
PHOTO = cv2.resize(SAMPLES["chelsea"].load(), (96, 64), interpolation=cv2.INTER_AREA)
BATCH = PHOTO[None].astype(np.float32)


def moved(step, picture=COUNT_25, **drawn):
    return change(step, picture, [drawn])[0, ..., 0]


# Keras' tests of its layers, release 3.15: random_rotation_test.py, random_translation_test.py,
# random_zoom_test.py


def test_half_a_turn_of_0_to_24():
    expected = np.arange(24, -1, -1).reshape(5, 5)
    np.testing.assert_allclose(moved(Rotation(), angle=180.0), expected, atol=1e-5)
    np.testing.assert_array_equal(moved(QuarterTurn(), degrees=180), expected)


UP = [[5, 6, 7, 8, 9], [10, 11, 12, 13, 14], [15, 16, 17, 18, 19], [20, 21, 22, 23, 24]]
DOWN = [[0, 1, 2, 3, 4], *UP[:3]]


@pytest.mark.parametrize(
    ("fill", "down", "right", "expected"),
    [
        ("reflect", -0.2, 0.0, [*UP, UP[3]]),
        ("constant", -0.2, 0.0, [*UP, [0] * 5]),
        ("reflect", 0.2, 0.0, [DOWN[0], *DOWN]),
        ("constant", 0.2, 0.0, [[0] * 5, *DOWN]),
        ("reflect", 0.0, -0.2, [[*row[1:], row[4]] for row in (DOWN[0], *UP)]),
        ("constant", 0.0, -0.2, [[*row[1:], 0] for row in (DOWN[0], *UP)]),
    ],
)
def test_translations_of_0_to_24(fill, down, right, expected):
    step = Translation(fill=fill)
    np.testing.assert_allclose(moved(step, down=down, right=right), expected, atol=1e-4)


def test_translation_of_a_picture_that_is_no_square():
    picture = np.arange(16, dtype=np.float32).reshape(1, 8, 2, 1)
    expected = [[6, 7], [4, 5], [2, 3], [0, 1], [0, 1], [2, 3], [4, 5], [6, 7]]
    np.testing.assert_allclose(moved(Translation(), picture, down=0.5, right=0.0), expected)


def test_zooming_into_0_to_24():
    expected = np.arange(6, 18.5, 0.5).reshape(5, 5)
    np.testing.assert_allclose(moved(Zoom(fill="constant"), zoom=2.0), expected, atol=1e-5)


# Keras' layers with a range of one point


@pytest.mark.parametrize("fill", ["reflect", "constant", "nearest", "wrap"])
def test_geometry_is_that_of_keras_layers(fill):
    layers = keras.layers
    pairs = [
        (Rotation(fill=fill), {"angle": 17.3}, layers.RandomRotation((17.3 / 360,) * 2, fill)),
        (
            Translation(fill=fill),
            {"down": 0.13, "right": -0.21},
            layers.RandomTranslation((0.13, 0.13), (-0.21, -0.21), fill),
        ),
        (Zoom(fill=fill), {"zoom": 1 / 1.3}, layers.RandomZoom((0.3, 0.3), fill_mode=fill)),
    ]
    for step, drawn, layer in pairs:
        expected = np.asarray(layer(BATCH, training=True))
        np.testing.assert_allclose(change(step, BATCH, [drawn]), expected, atol=0.02)


def test_a_positive_angle_is_counter_clockwise():
    turned = moved(QuarterTurn(), degrees=90)
    np.testing.assert_array_equal(turned, np.rot90(COUNT_25[0, ..., 0]))
    np.testing.assert_allclose(moved(Rotation(), angle=90.0), turned, atol=1e-4)


def test_boxes_turn_as_keras_own_do():
    boxes = np.array([[10, 20, 40, 50], [60, 5, 90, 30]], np.float32)
    ones, zeros = np.ones(1, np.float32), np.zeros(1, np.float32)
    theirs = keras.utils.bounding_boxes.affine_transform(
        boxes[None], angle=ones * 25, translate_x=zeros, translate_y=zeros, scale=ones,
        shear_x=zeros, shear_y=zeros, height=64, width=96,
    )  # fmt: skip
    theirs = np.clip(np.asarray(theirs)[0], 0, [96, 64, 96, 64])
    matrix = Rotation.matrix(64, 96, 25.0)
    ours = [warped(o, matrix, 64, 96) for o in outlines_of(0, boxes, 64, 96)]
    # Keras turns corners about (W - 1) / 2, half a pixel from the middle of the edges, and cuts
    # the box instead of the outline: ours lie inside of theirs.
    found = boxes_of(ours, 0.0).xyxy
    assert (found[:, :2] >= theirs[:, :2] - 1).all()
    assert (found[:, 2:] <= theirs[:, 2:] + 1).all()
    assert np.abs(found[0] - theirs[0]).max() <= 1


@pytest.mark.parametrize("fill", ["reflect", "constant", "nearest", "wrap"])
@pytest.mark.parametrize("name", [n for n, kind in KINDS.items() if issubclass(kind, Warp)])
def test_every_map_moves_pixels_as_keras_affine_transform_does(name, fill):
    kind = KINDS[name]
    step = kind(fill=fill, fill_value=90) if issubclass(kind, Filling) else kind()
    drawn = step.drawn(np.random.default_rng(3), 64, 96)
    matrix = step.matrix(64, 96, **drawn)
    transform = (matrix.ravel()[:8] / matrix[2, 2]).astype(np.float32)
    theirs = keras.ops.image.affine_transform(
        BATCH, transform[None], fill_mode=step.outside[0], fill_value=step.outside[1]
    )
    difference = np.abs(change(step, BATCH, [drawn]) - np.asarray(theirs))
    # Where a place lies between the last pixel and the colour outside, a last bit decides.
    assert np.quantile(difference, 0.999) < 0.05
    assert difference.max() < 1


def test_perspective_brings_the_corners_where_they_were_drawn():
    corners = np.array([[0.1, 0.2], [0.0, 0.1], [0.15, 0.05], [0.2, 0.0]])
    matrix = Perspective.matrix(50, 80, corners)
    new = np.array([[7.9, 9.8], [79, 4.9], [67.15, 46.55], [15.8, 49]])
    old = np.column_stack([new, np.ones(4)]) @ matrix.T
    expected = [[0, 0], [79, 0], [79, 49], [0, 49]]
    np.testing.assert_allclose(old[:, :2] / old[:, 2:], expected, atol=1e-9)


def test_a_crop_of_half_the_sides_shows_that_half():
    picture = np.kron(np.array([[1, 2], [3, 4]]), np.ones((8, 8)))[None, ..., None]
    crop = {"top": 0.5, "left": 0.0, "height": 0.5, "width": 0.5}
    made = change(CropResize(), picture.astype(np.float32), [crop])
    np.testing.assert_allclose(made[0, 1:-1, 1:-1, 0], 3, atol=1e-5)


def test_a_slant_of_45_degrees_moves_a_row_by_its_distance_from_the_middle():
    sheared = moved(Shear(fill="constant"), across=45.0, down=0.0)
    np.testing.assert_allclose(sheared[0], [0, 0, 0, 1, 2], atol=1e-4)
    np.testing.assert_allclose(sheared[2], [10, 11, 12, 13, 14], atol=1e-4)
    np.testing.assert_allclose(sheared[4], [22, 23, 24, 0, 0], atol=1e-4)


def test_flips_are_numpys():
    np.testing.assert_array_equal(moved(FlipHorizontal()), COUNT_25[0, :, ::-1, 0])


def test_bending_agrees_with_scipy():
    columns, rows = KINDS["lens"].bend(64, 96, 0.2)
    ours = by_opencv.bend(BATCH[0], columns, rows, "nearest")
    theirs = np.stack(
        [
            ndimage.map_coordinates(BATCH[0, ..., c], [rows, columns], order=1, mode="nearest")
            for c in range(3)
        ],
        axis=-1,
    )
    assert np.abs(ours - theirs).mean() < 0.3  # OpenCV's weights are multiples of 1/32


def test_an_elastic_way_is_at_most_what_was_drawn():
    columns, rows = KINDS["elastic"].bend(64, 96, 0.05, 0.06, 7)
    there = np.mgrid[:64, :96]
    ways = np.hypot(rows - there[0], columns - there[1])
    assert ways.max() == pytest.approx(0.05 * 64, rel=1e-3)


# Keras and KerasCV give the same for the same numbers


@pytest.mark.parametrize("name", [n for n in KINDS if hasattr(by_keras_cv, n)])
def test_keras_and_kerascv_agree(name):
    step = KINDS[name]()
    batch = np.concatenate([BATCH, BATCH[:, ::-1], 255 - BATCH])
    values = [step.drawn(np.random.default_rng([5, i]), 64, 96) for i in range(3)]
    theirs = getattr(by_keras_cv, name)
    outside = {"fill": "reflect", "fill_value": 0.0} if isinstance(step, Filling) else {}
    expected = np.asarray(theirs(batch, **stacked(values), **outside))
    ours = (
        warp(step, batch, values)
        if isinstance(step, Warp)
        else np.asarray(getattr(by_keras, name)(batch, **stacked(values)))
    )
    np.testing.assert_allclose(ours, expected, atol=0.01)


# Pillow, from which AutoAugment takes its operations, and OpenCV


def pillow(operation):
    return np.asarray(operation(Image.fromarray(PHOTO)), float)


@pytest.mark.parametrize(
    ("name", "drawn", "operation", "within"),
    [
        ("posterize", {"bits": 3}, lambda p: ImageOps.posterize(p, 3), 0),
        ("solarize", {"threshold": 128.0}, lambda p: ImageOps.solarize(p, 128), 0),
        ("invert", {}, ImageOps.invert, 0),
        ("exposure", {"factor": 1.3}, lambda p: ImageEnhance.Brightness(p).enhance(1.3), 1),
        ("fade", {"share": -0.5}, lambda p: ImageEnhance.Color(p).enhance(1.5), 1),
        ("fade", {"share": 1.0}, lambda p: ImageEnhance.Color(p).enhance(0), 1),
        ("sharpness", {"factor": 2.0}, lambda p: ImageEnhance.Sharpness(p).enhance(2), 1),
        ("sharpness", {"factor": 0.0}, lambda p: ImageEnhance.Sharpness(p).enhance(0), 1),
        ("auto_contrast", {}, ImageOps.autocontrast, 1),
    ],
)
def test_operations_are_pillows_to_a_level(name, drawn, operation, within):
    ours = change(KINDS[name](), BATCH, [drawn])[0]
    assert np.abs(ours - pillow(operation)).max() <= within


def test_equalize_is_opencvs():
    theirs = [cv2.equalizeHist(np.ascontiguousarray(PHOTO[..., c])) for c in range(3)]
    ours = change(KINDS["equalize"](), BATCH, [{}])[0]
    np.testing.assert_array_equal(ours, np.stack(theirs, axis=-1))


def test_each_picture_of_a_batch_is_equalized_as_keras_equalizes_it_alone():
    flat = np.full_like(BATCH, 77)
    batch = np.concatenate([BATCH, BATCH // 4, flat, np.where(BATCH > 99, 140, 40)])
    ours = change(KINDS["equalize"](), batch.astype(np.float32), [{}] * 4)
    layer = keras.layers.Equalization()
    for made, picture in zip(ours, batch, strict=True):
        np.testing.assert_array_equal(made, np.asarray(layer(picture[None])[0]))


def test_hue_and_saturation_are_those_of_hsv():
    hsv = cv2.cvtColor(BATCH[0] / 255, cv2.COLOR_RGB2HSV)
    turned, vivid = hsv.copy(), hsv.copy()
    turned[..., 0] = (turned[..., 0] + 40) % 360
    vivid[..., 1] = np.clip(vivid[..., 1] * 1.7, 0, 1)
    for name, drawn, wanted in (
        ("hue", {"degrees": 40.0}, turned),
        ("saturation", {"factor": 1.7}, vivid),
    ):
        ours = change(KINDS[name](), BATCH, [drawn])[0]
        theirs = 255 * cv2.cvtColor(wanted, cv2.COLOR_HSV2RGB)
        np.testing.assert_allclose(ours, theirs, atol=0.01)


@pytest.mark.parametrize("library", [by_keras, by_keras_cv])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("hue", [{"degrees": d} for d in (-170.0, -20.0, 0.0, 90.0)]),
        ("saturation", [{"factor": f} for f in (0.0, 0.5, 1.0, 1.9)]),
    ],
)
def test_quick_colours_are_those_of_the_layers(library, name, values):
    extremes = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [128, 128, 128]], np.float32)
    one = BATCH[0].copy()
    one[0, :4] = extremes
    batch = np.stack([one] * 4)
    ours = change(KINDS[name](), batch, values)
    theirs = np.asarray(getattr(library, name)(batch, **stacked(values)))
    np.testing.assert_allclose(ours, theirs, atol=0.02)


def test_gaussian_blur_is_scipys():
    ours = by_opencv.gaussian_blur(BATCH[0], 1.5)
    theirs = ndimage.gaussian_filter(BATCH[0], (1.5, 1.5, 0), mode="mirror", truncate=3.4)
    assert np.abs(ours - theirs).max() < 0.5  # the kernels end at other places


def test_noise_has_the_standard_deviation_that_was_drawn():
    grey = np.full((200, 200, 3), 128, np.float32)
    noisy = by_opencv.gaussian_noise(grey, 20.0, 3)
    assert noisy.std() == pytest.approx(20, rel=0.02)
    assert noisy.mean() == pytest.approx(128, abs=0.5)


def test_shot_noise_has_the_variance_of_a_poisson_count():
    """Of 12 photons for white, half as many for half: variance (255 / 12)**2 * 6."""
    grey = np.full((200, 200, 3), 127.5, np.float32)
    noisy = by_opencv.corrupt_shot_noise(grey, 3, 0)
    assert noisy.mean() == pytest.approx(127.5, abs=1)
    assert noisy.var() == pytest.approx((255 / 12) ** 2 * 6, rel=0.05)


def test_kernels_of_blurs_have_weight_1_and_the_length_that_was_drawn():
    for length, angle in ((1, 30), (2.5, 0), (9, 45), (15, 90)):
        kernel = by_opencv.streak(length, angle, np.inf)
        assert kernel.sum() == pytest.approx(1)
        rows, columns = np.nonzero(kernel > 1e-9)
        spread = np.hypot(np.ptp(rows), np.ptp(columns)) + 1
        assert abs(spread - length) <= 2.5
    assert by_opencv.streak(1, 30, np.inf).max() == pytest.approx(1)


def test_fmix_keeps_the_share_that_was_drawn_in_few_blots():
    shape = by_opencv.fourier_shape(64, 96, 0.3, 3.0, 5)
    assert shape.mean() == pytest.approx(0.3, abs=1e-3)
    assert cv2.connectedComponents(shape.astype(np.uint8))[0] - 1 < 30


def test_jpeg_is_tensorflows_not_far_from_opencvs():
    ours = change(KINDS["jpeg_quality"](), BATCH, [{"quality": 30}])[0]
    done, data = cv2.imencode(".jpg", PHOTO[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 30])
    theirs = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]
    assert done
    assert np.abs(ours - theirs).mean() < 4


# Policies


def test_rand_augments_ranges_are_torchvisions():
    """torchvision.transforms.RandAugment at magnitude 30 of 30, on 331 pixels."""
    limits = policies.RAND_LIMITS
    by_name = {
        (kind.__name__, value): rest + change
        for (kind, value, _), (rest, change, _) in zip(
            policies.OPERATIONS, limits.tolist(), strict=True
        )
    }
    assert by_name[("Rotation", "angle")] == 30
    assert np.tan(np.radians(by_name[("Shear", "across")])) == pytest.approx(0.3, abs=1e-3)
    assert by_name[("Translation", "right")] == pytest.approx(150 / 331, abs=1e-3)
    assert by_name[("Posterize", "bits")] == 4
    assert by_name[("Solarize", "threshold")] == 0
    assert by_name[("Exposure", "factor")] == 1.9
    assert by_name[("Sharpness", "factor")] == 1.9


def test_rand_augment_draws_each_operation_equally_often():
    step = KINDS["rand_augment"](operations=2)
    drawn = [step.drawn(np.random.default_rng([0, i]), 32, 32)["ops"] for i in range(3000)]
    counts = np.bincount(np.ravel(drawn) + 1, minlength=14)
    # 6000 draws of 14: mean 428.6, standard deviation 20; 5 of them.
    assert np.abs(counts - 6000 / 14).max() < 100


def test_aug_mix_of_weight_0_is_the_picture():
    step = KINDS["aug_mix"](blend=0)
    values = step.drawn(np.random.default_rng(0), 32, 32)
    assert values["copies"] == 0
    assert values["weights"].sum() == pytest.approx(1)


# What the libraries' own layers get wrong, and why another one was taken


def test_keras_saturation_leaves_the_range_on_values_up_to_255():
    layer = keras.layers.RandomSaturation(0.5)
    made = layer.transform_images(BATCH, {"factor": np.array([3.0], np.float32)})
    assert np.asarray(made).min() < -100
    ours = change(KINDS["saturation"](), BATCH, [{"factor": 3.0}])
    assert ours.min() >= 0


def test_keras_sharpness_darkens_the_border():
    white = np.full((1, 8, 8, 3), 200, np.float32)
    theirs = keras.layers.RandomSharpness((0.0, 0.0))(white, training=True)
    assert np.asarray(theirs)[0, 0, 0, 0] < 150
    ours = change(KINDS["sharpness"](), white, [{"factor": 0.0}])
    np.testing.assert_allclose(ours, white, atol=1e-3)
