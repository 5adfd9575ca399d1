"""Exported pipelines run and give the page's pictures; those of albumentations run."""

import os
import subprocess
import sys
from functools import lru_cache

import cv2
import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from core.augment import PipelineSpec, apply
from core.augment.catalog import KINDS
from core.augment.steps.base import Warp
from core.augment.text import decode
from core.export.augment_albumentations import LINES, albumentations_script
from core.export.augment_code import augment_script
from core.export.augment_layers import KERAS, KERAS_CV
from core.images.samples import SAMPLES
from tests.augment.test_catalog import PIPELINES

pytestmark = pytest.mark.tf

NAMES = list(KINDS)
MIXING = [name for name, kind in KINDS.items() if kind.group == "mixing"]
TRIED = {
    "classification": "flip.horizontal_rotation-probability0.5_color.jitter_random.erasing",
    "heavy": "rand.augment-operations3_cutout-probability0.5_gaussian.blur-probability0.3",
    "one kind twice": "rotation-degrees9_brightness_rotation-degrees90-fillwrap_off-invert_hue",
    "other fills": "rand.augment-fillconstant_rand.augment-fillwrap_aug.mix",
    "bent": "elastic_lens-fillnearest_grid.distortion-probability0.5",
    "mixed at the end": "flip.horizontal_zoom_mix.up-probability0.5_cut.mix-probability0.5",
}
WITHIN = 1
"""Levels by which a picture may differ: rounding may fall on either side."""


@lru_cache(maxsize=1)
def small():
    return np.stack(
        [
            cv2.resize(SAMPLES[slug].load(), (56, 40), interpolation=cv2.INTER_AREA)
            for slug in ("chelsea", "astronaut", "coffee", "rocket")
        ]
    )


def photos():
    return small().copy()


def names_of(script):
    """What a script defines when it is imported."""
    names = {"__name__": "script"}
    exec(compile(script, "script.py", "exec"), names)
    return names


def from_script(spec, target, seed):
    """Pictures, and labels where they mix, of a script."""
    images, labels = photos(), np.eye(4, dtype=np.float32)
    names = names_of(augment_script(spec, target, seed=seed))
    if target == "tf_data":
        (made, shares), *rest = names["dataset"](images, labels, batch_size=8)
        assert rest == []
        return names["np"].clip(np.rint(made.numpy()), 0, 255), shares.numpy()
    if spec.mixes:
        return names["augment"](images, labels)
    return names["augment"](images), labels


def check(spec, target, seed):
    made, labels = from_script(spec, target, seed)
    ours = apply(photos(), spec, seed)
    difference = np.abs(made.astype(int) - ours.images.astype(int))
    # Where a value lies between two levels, or at a threshold, a last bit decides.
    assert (difference <= WITHIN).mean() > 0.999
    assert difference.mean() < 0.02
    np.testing.assert_allclose(labels, ours.shares, atol=1e-5)


def one(name):
    return PipelineSpec(steps=(KINDS[name](probability=1.0),))


@pytest.mark.parametrize("name", NAMES)
def test_every_step_in_keras(name):
    check(one(name), "keras", 3)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_in_tf_data(name):
    check(one(name), "tf_data", 3)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_in_kerascv(name):
    check(one(name), "keras_cv", 3)


@pytest.mark.parametrize("target", ["keras", "keras_cv", "tf_data"])
@pytest.mark.parametrize("about", TRIED)
def test_pipelines_give_the_pages_pictures(about, target):
    for seed in (0, 41):
        check(decode(TRIED[about]), target, seed)


@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(PIPELINES.filter(lambda spec: len(spec.steps) <= 2 and not spec.problem()))
def test_any_settings_give_the_pages_pictures(spec):
    check(spec, "keras", 7)


def test_pictures_go_on_where_the_last_batch_ended():
    spec = decode("rotation_hue")
    names = names_of(augment_script(spec, "keras", seed=5))
    whole = names["augment"](photos())
    halves = [names["augment"](photos()[at : at + 2], first=at) for at in (0, 2)]
    np.testing.assert_allclose(whole.astype(int), np.concatenate(halves).astype(int), atol=1)


def test_the_script_uses_the_library_that_it_is_for():
    spec = decode("saturation_sharpness_jpeg.quality")
    assert "keras_cv" not in augment_script(spec, "keras")
    assert "keras_cv.layers.RandomSaturation" in augment_script(spec, "keras_cv")
    assert "tf.data.Dataset" in augment_script(spec, "tf_data")
    assert "tf.numpy_function" not in augment_script(spec, "tf_data")
    assert "tf.numpy_function" in augment_script(decode("elastic"), "tf_data")


@pytest.mark.parametrize("target", ["keras", "keras_cv", "tf_data"])
@pytest.mark.parametrize("name", NAMES)
def test_scripts_are_plain_short_and_hold_nothing_unused(name, target):
    script = augment_script(one(name), target, sample_file="chelsea.png")
    assert script.isascii()
    lines = script.splitlines()
    assert max(map(len, lines)) <= 110
    defined = [line.split("(")[0][4:] for line in lines if line.startswith("def ")]
    allowed = {"augment", "dataset", "layers", "with_places", "with_partners"}
    for function in set(defined) - allowed:
        assert script.count(function) > 1, function
    assert len(defined) == len(set(defined))


def test_an_empty_pipeline_gives_a_script_too():
    names = names_of(augment_script(PipelineSpec(), "keras"))
    np.testing.assert_array_equal(names["augment"](photos()), photos())


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("rotation_elastic", "keras"),
        ("channel.shift_flip.horizontal", "keras_cv"),
        ("cut.mix_hue", "tf_data"),
    ],
)
def test_a_script_in_a_process_of_its_own_writes_the_pages_pictures(text, target, tmp_path):
    script = augment_script(
        decode(text), target, seed=8, draws=3, side=64, sample_file="chelsea.png"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    sheet = cv2.imread(str(tmp_path / "augmented.png"))[..., ::-1]
    if target == "tf_data":  # one draw, then the pictures that were mixed in
        assert sheet.shape[1] == 4 * 64
        assert done.stdout.strip() == "(4, 43, 64, 3)"
        return
    image = cv2.resize(SAMPLES["chelsea"].load(), (64, 43), interpolation=cv2.INTER_AREA)
    ours = apply(np.repeat(image[None], 3, axis=0), decode(text), 8).images
    difference = np.abs(sheet.astype(int) - np.concatenate(list(ours), axis=1))
    assert (difference <= WITHIN).mean() > 0.999


# Layers that draw for themselves


@pytest.mark.parametrize("name", sorted(KERAS))
def test_layers_of_keras_run_in_a_model(name):
    names = names_of(augment_script(one(name), "keras"))
    made = np.asarray(names["layers"]()(photos().astype("float32"), training=True))
    assert made.shape == photos().shape
    still = np.asarray(names["layers"]()(photos().astype("float32"), training=False))
    if name != "auto_contrast":  # which draws nothing
        np.testing.assert_allclose(still, photos(), atol=1e-3)


@pytest.mark.parametrize("name", sorted(KERAS_CV))
def test_layers_of_kerascv_run(name):
    names = names_of(augment_script(one(name), "keras_cv"))
    tf = __import__("tensorflow")
    made = names["layers"]()(tf.constant(photos(), tf.float32))
    assert made.shape == photos().shape


@pytest.mark.parametrize(
    ("text", "drawn", "low", "high"),
    [
        ("brightness-most20", "rgb_delta", -51, 51),
        ("contrast-most30", "contrast_factor", 0.7, 1.3),
        ("saturation-most40", "factor", 0.6, 1.4),
        ("hue-most20", "factor", -20 / 360, 20 / 360),
        ("rotation-degrees20", "angle", -20, 20),
        ("zoom-smallest80-largest125", "height_zoom", 0.8, 1.25),
    ],
)
def test_layers_of_keras_draw_from_the_pages_ranges(text, drawn, low, high):
    (layer,) = names_of(augment_script(decode(text), "keras"))["layers"]().layers
    layer.generator = keras.random.SeedGenerator(1)
    found = layer.get_random_transformation(np.zeros((2000, 8, 8, 3), np.float32))
    values = np.ravel(found[drawn])
    # 2000 draws reach the outermost hundredth of the range on both sides.
    reach = (high - low) / 100
    assert low - 1e-4 <= values.min() <= low + reach
    assert high - reach <= values.max() <= high + 1e-4


@pytest.mark.parametrize(
    ("text", "drawn", "low", "high"),
    [
        ("brightness-most20", "", -51, 51),
        ("contrast-most30", "", 0.7, 1.3),
        ("hue-most20", "", -20 / 360, 20 / 360),
        ("fade-most60", "", 0, 0.6),
        ("rotation-degrees20", "angles", -np.pi / 9, np.pi / 9),
        ("translation-vertical10", "height_translations", -0.1, 0.1),
        # The layer counts what is read: 0.8 of the picture shows it at 125 %.
        ("zoom-smallest80-largest125", "height_zooms", 0.8, 1.25),
        ("shear-sideways15", "shear_x", -np.tan(np.pi / 12), np.tan(np.pi / 12)),
    ],
)
def test_layers_of_kerascv_draw_from_the_pages_ranges(text, drawn, low, high):
    (layer,) = names_of(augment_script(decode(text), "keras_cv"))["layers"]().layers
    images = np.zeros((2000, 8, 8, 3), np.float32)
    found = layer.get_random_transformation_batch(2000, images=images)
    values = np.ravel(found[drawn] if drawn else found)
    reach = (high - low) / 100
    assert low - 1e-3 <= values.min() <= low + reach
    assert high - reach <= values.max() <= high + 1e-3


def test_what_a_library_has_no_layer_for_is_said():
    script = augment_script(decode("rotation-probability0.5_clahe"), "keras")
    assert "# Keras has no layer that does the same: CLAHE." in script
    assert "has no probability" in script
    assert "RandomApply" in augment_script(decode("rotation-probability0.5"), "keras_cv")


# albumentations


@pytest.mark.parametrize("name", sorted(LINES))
def test_albumentations_runs_every_counterpart(name, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_ALBUMENTATIONS_UPDATE", "1")
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("image.png", photos()[0][..., ::-1])
    names = names_of(albumentations_script(one(name), seed=4))
    made = names["made"]
    assert max(map(len, albumentations_script(one(name)).splitlines())) <= 96
    # albumentations turns a picture that is no square onto its side, too.
    assert sorted(made["image"].shape) == sorted(photos()[0].shape)
    assert made["image"].dtype == np.uint8
    assert set(np.unique(made.get("mask", 0))) <= {0, 1}
    assert os.path.exists("augmented.png")  # noqa: PTH110
    again = names_of(albumentations_script(one(name), seed=4))["made"]
    np.testing.assert_array_equal(made["image"], again["image"])


BOX = (18, 12, 38, 30)
"""Left, top, right, bottom of a rectangle in purple."""


def painted():
    """Grey with a rectangle, and its mask."""
    image, mask = np.full((40, 56, 3), 128, np.uint8), np.zeros((40, 56), np.uint8)
    left, top, right, bottom = BOX
    image[top:bottom, left:right] = 255, 0, 255
    mask[top:bottom, left:right] = 1
    return image, mask


def paint_of(image):
    return image[..., 0].astype(int) - image[..., 1] > 127


def overlap(one, other):
    """Intersection over union of two boxes."""
    left, top = np.maximum(one[:2], other[:2])
    right, bottom = np.minimum(one[2:], other[2:])
    shared = max(right - left, 0) * max(bottom - top, 0)
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)]
    return shared / (sum(areas) - shared)


@pytest.mark.parametrize(
    "name", [n for n in sorted(LINES) if issubclass(KINDS[n], Warp) and n != "quarter_turn"]
)
def test_albumentations_moves_boxes_and_masks_with_the_picture(name, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_ALBUMENTATIONS_UPDATE", "1")
    monkeypatch.chdir(tmp_path)
    image, mask = painted()
    cv2.imwrite("image.png", image[..., ::-1])
    fill = {"fill": "constant"} if "fill" in KINDS[name].model_fields else {}
    spec = PipelineSpec(steps=(KINDS[name](probability=1.0, **fill),), keep_boxes=0)
    for seed in range(3):
        pipeline = names_of(albumentations_script(spec, seed=seed))["pipeline"]
        made = pipeline(image=image, mask=mask, bboxes=[BOX], classes=[1])
        paint = paint_of(made["image"])
        rows, columns = np.nonzero(paint)
        tight = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
        assert overlap(made["bboxes"][0], tight) >= 0.8
        inside = made["mask"] == 1
        assert (inside & paint).sum() / (inside | paint).sum() >= 0.85


def test_albumentations_drops_boxes_by_the_pages_rule(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_ALBUMENTATIONS_UPDATE", "1")
    monkeypatch.chdir(tmp_path)
    image, mask = painted()
    cv2.imwrite("image.png", image[..., ::-1])
    step = KINDS["translation"](horizontal=60, vertical=0, fill="constant")
    spec = PipelineSpec(steps=(step,), keep_boxes=0.5)
    kept = []
    for seed in range(20):
        pipeline = names_of(albumentations_script(spec, seed=seed))["pipeline"]
        made = pipeline(image=image, mask=mask, bboxes=[BOX], classes=[1])
        seen = made["mask"].sum() / mask.sum()
        kept.append(len(made["bboxes"]))
        # A shift by part of a pixel rounds the mask to whole ones: a column of 20.
        assert kept[-1] == (seen >= 0.5) or abs(seen - 0.5) <= 0.05
    assert 0 < sum(kept) < 20


@pytest.mark.parametrize(
    ("text", "values", "within"),
    [
        ("flip.horizontal-probability1", {}, 0),
        ("flip.vertical-probability1", {}, 0),
        ("invert-probability1", {}, 0),
        ("equalize", {}, 0),
        ("grayscale-probability1", {}, 1),
        ("posterize-fewest7", {"bits": 7}, 0),
    ],
)
def test_albumentations_gives_the_same_where_nothing_is_drawn(
    text, values, within, tmp_path, monkeypatch
):
    from core.augment.worker.layers import change

    monkeypatch.setenv("NO_ALBUMENTATIONS_UPDATE", "1")
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("image.png", photos()[0][..., ::-1])
    spec = decode(text)
    theirs = names_of(albumentations_script(spec))["made"]["image"]
    ours = change(spec.steps[0], photos()[:1].astype(np.float32), [values])[0]
    assert np.abs(np.rint(ours).astype(int) - theirs).max() <= within


def test_what_albumentations_has_no_counterpart_for_is_said():
    script = albumentations_script(decode("rotation_mosaic_aug.mix"))
    assert "no counterpart: Mosaic, AugMix." in script
