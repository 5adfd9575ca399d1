"""KerasCV's YOLOv8 as a plain model: its weights, numbers and loss are KerasCV's."""

import io
import zipfile

import numpy as np
import pytest

from core.architecture.yolov8 import Yolov8, layers
from core.vision.yolo_points import decode
from tests.training.in_process import weights

pytestmark = pytest.mark.tf
NETWORK = Yolov8(width=8)
SHAPE, CLASSES = (64, 64, 3), 3


@pytest.fixture(scope="module")
def pair():
    """KerasCV's detector and ours, from the same seed."""
    import keras
    import keras_cv

    from core.models.yolov8 import build

    keras.utils.set_random_seed(3)
    backbone = keras_cv.models.YOLOV8Backbone(
        stackwise_channels=[8, 16, 32, 64], stackwise_depth=[1, 2, 2, 1],
        include_rescaling=True, input_shape=SHAPE,
    )  # fmt: skip
    theirs = keras_cv.models.YOLOV8Detector(
        num_classes=CLASSES, bounding_box_format="xyxy", backbone=backbone, fpn_depth=1
    )
    keras.utils.set_random_seed(3)
    ours = build(NETWORK, SHAPE, CLASSES)
    for place in (1, 2, 3):
        last = theirs.get_layer(f"yolo_v8_head_{place}_class_3_conv")
        assert not np.any(last.bias)
        last.bias.assign(ours.get_layer(last.name).bias)
    return theirs, ours


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (4, *SHAPE)).astype(np.float32)


TRUTH = np.full((4, 3, 5), -1, np.float32)
TRUTH[0, :2] = (4, 6, 30, 40, 2), (30, 30, 60, 50, 1)
TRUTH[1, 0] = 3, 5, 23, 60, 0
TRUTH[3] = (0, 0, 30, 30, 1), (20, 20, 60, 60, 2), (40, 10, 63, 40, 0)


def test_it_gives_the_numbers_of_kerascv(pair, pictures):
    theirs, ours = pair
    np.testing.assert_array_equal(weights(ours), weights(theirs))
    said = theirs(pictures)
    expected = np.concatenate([said["boxes"], said["classes"]], -1)
    np.testing.assert_array_equal(ours(pictures), expected)


def test_every_class_begins_rare(pair, pictures):
    """A hundredth, from where the sum of a head's maps moves it a little."""
    _, ours = pair
    said = np.array(ours(pictures))[..., 64:]
    assert np.median(said) == pytest.approx(0.01, rel=0.1)


def test_the_loss_is_that_of_kerascv(pair, pictures):
    import tensorflow as tf

    from core.models.yolov8_losses import costs

    theirs, _ = pair
    theirs.compile(optimizer="sgd", box_loss="ciou", classification_loss="binary_crossentropy")
    said = theirs(pictures)
    truth = {"boxes": tf.constant(TRUTH[..., :4]), "classes": tf.constant(TRUTH[..., 4])}
    expected = float(theirs.compute_loss(tf.constant(pictures), truth, said))
    raw = np.concatenate([said["boxes"], said["classes"]], -1)
    found = np.array(costs(TRUTH, raw, 64, (7.5, 0.5)))
    assert found.shape == (4, 2)
    assert found.sum(1).mean() == pytest.approx(expected, rel=1e-6)
    assert found[2, 0] == 0, "there is nothing in the third picture"


def test_boxes_are_read_with_numpy_as_they_are_learnt(pair, pictures):
    from core.models.yolov8_losses import said

    raw = np.array(pair[1](pictures))
    boxes, named = said(raw, 64)
    for place in range(4):
        ours, scores = decode(raw[place], 64)
        np.testing.assert_allclose(boxes[place], ours, atol=1e-3)
        np.testing.assert_array_equal(named[place], scores)


def test_boxes_that_fit_overlap_wholly():
    """One edge in a bin each: the cell at (3, 3) of the finest map is its object's box."""
    from core.models.yolov8_losses import costs, mean_overlap

    raw = np.full((1, 84, 67), -50, np.float32)
    raw[..., 64:] = 1e-6
    raw[0, :, [1, 17, 33, 49]] = 50
    place = 3 * 8 + 3  # middle (28, 28), 8 pixels each way
    raw[0, place, 64 + 1] = 1 - 1e-6
    truth = np.float32([[(20, 20, 36, 36, 1)]])
    assert float(mean_overlap(truth, raw, 64)) <= 1
    box, named = np.array(costs(truth, raw, 64, (1.0, 1.0)))[0]
    raw[0, place, [1, 17, 33, 49]] = -50
    raw[0, place, [3, 19, 35, 51]] = 50
    worse_box, worse_named = np.array(costs(truth, raw, 64, (1.0, 1.0)))[0]
    assert box < 1e-3 < worse_box
    assert named < worse_named


def test_its_file_needs_keras_alone(pair, pictures, tmp_path):
    import keras

    ours = pair[1]
    ours.save(tmp_path / "model.keras")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "model.keras").read_bytes())) as archive:
        assert b"keras_cv" not in archive.read("config.json")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(again(pictures), ours(pictures), atol=1e-5)


def test_every_layer_that_learns_belongs_to_a_part(pair):
    from core.models.yolov8 import parts

    found = parts(pair[1])
    ours = {name: sum(la.count_params() for la in group) for name, group in found.items()}
    expected = {}
    for layer in layers(NETWORK, 64, CLASSES):
        expected[layer.name] = expected.get(layer.name, 0) + layer.parameters
    assert ours == expected
