"""Detectors of KerasCV give every candidate; what cannot be had is said."""

import numpy as np
import pytest

from core.zoo.detectors import DETECTORS, TINY
from core.zoo.entry import ZooError

pytestmark = pytest.mark.tf
HUBS = [slug for slug, entry in DETECTORS.items() if entry.needs_a_hub]


def kind_of(slug):
    import keras_cv

    models = keras_cv.models
    return models.YOLOV8Detector if slug == "yolov8-m-voc" else models.RetinaNet


@pytest.mark.parametrize("slug", HUBS)
def test_every_candidate_is_what_kerascv_decodes_before_it_suppresses(slug):
    import keras

    from core.models.zoo.detecting import EveryCandidate
    from core.vision.worker.networks import compiled_maps
    from tests.models.small_detectors import small_detector

    picture = np.random.default_rng(2).integers(0, 256, (1, 256, 256, 3)).astype(np.float32)
    detector = small_detector(slug)
    given = []

    class Listening(keras.layers.Layer):
        bounding_box_format = "xyxy"

        def call(self, boxes, scores, images=None, image_shape=None):
            given.append((boxes, scores))
            return {"boxes": boxes}

    detector.prediction_decoder = Listening()
    inputs = {"images": picture} if slug != "yolov8-m-voc" else picture
    detector.decode_predictions(detector(inputs), picture)
    boxes, scores = (np.asarray(part)[0] for part in given[0])
    if slug != "yolov8-m-voc":
        scores = 1 / (1 + np.exp(-scores))
    # Three strides of 8, 16, 32 without anchors; five from 8 on with nine anchors each.
    expected = 32**2 + 16**2 + 8**2
    if slug != "yolov8-m-voc":
        expected = 9 * (32**2 + 16**2 + 8**2 + 4**2 + 2**2)
    model = EveryCandidate(detector, 256)
    ours = [np.asarray(part)[0] for part in compiled_maps(model)(keras.ops.array(picture))]
    assert boxes.shape == ours[0].shape == (expected, 4)
    np.testing.assert_allclose(ours[0], boxes, atol=1e-2)
    np.testing.assert_allclose(ours[1], scores, atol=1e-4)
    assert ours[1].shape == (expected, 20)


@pytest.mark.parametrize("slug", HUBS)
def test_kerascv_is_asked_for_its_preset_and_a_hub_out_of_reach_is_said(slug, monkeypatch):
    from core.models.zoo.detecting import load_detector
    from tests.models.small_detectors import small_detector

    entry, asked, kind = DETECTORS[slug], {}, kind_of(slug)
    small = small_detector(slug)

    def from_preset(preset, **options):
        asked.update(options, preset=preset)
        return small

    monkeypatch.setattr(kind, "from_preset", from_preset)
    model = load_detector(slug)
    assert model.zoo_slug == slug
    assert model.input_shape == (None, 640, 640, 3)
    assert asked == {
        "preset": entry.call, "load_weights": True, "bounding_box_format": "xyxy",
    }  # fmt: skip

    def refuse(*_, **__):
        raise OSError("no route to www.kaggle.com")

    monkeypatch.setattr(kind, "from_preset", refuse)
    with pytest.raises(ZooError, match=r"not be fetched from its hub: .* YOLOv3-tiny and"):
        load_detector(slug)


@pytest.mark.parametrize("slug", HUBS)
def test_kerascv_has_the_presets_that_the_table_names(slug):
    entry = DETECTORS[slug]
    preset = kind_of(slug).presets[entry.call]["metadata"]
    assert preset["params"] == entry.parameters
    assert entry.score.split()[2] in preset["description"]


def test_a_wrong_name_and_a_file_that_is_not_there_are_said(monkeypatch, tmp_path):
    from core.assets import AssetError
    from core.models.zoo.detecting import load_detector

    with pytest.raises(ZooError, match=r"no detector 'ssd' in the zoo\. Try yolov3-tiny"):
        load_detector("ssd")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(AssetError, match="YOLOv3-tiny, COCO is not on this machine: 66 MB"):
        load_detector(TINY)


def test_the_unlikely_stay_with_the_network(monkeypatch):
    from core.vision.worker import detect

    boxes = np.arange(20, dtype=np.float32).reshape(5, 4)
    scores = np.float32([[0.5, 0], [0.001, 0.009], [0, 0.01], [0, 0], [1, 1]])

    class Known:
        def maps(self, given):
            assert given.shape == (1, 640, 640, 3)
            return [boxes[None], scores[None]]

    monkeypatch.setattr(detect, "network", lambda slug: Known())
    picture = np.zeros((640, 640, 3), np.uint8)
    (kept, sure), total, *times = detect.maps(picture, "retinanet-resnet50-voc", 0.01)
    np.testing.assert_array_equal(kept, boxes[[0, 2, 4]])
    np.testing.assert_array_equal(sure, scores[[0, 2, 4]])
    assert total == 5
    assert len(times) == 3
