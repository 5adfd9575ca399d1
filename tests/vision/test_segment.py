"""What stands out in known photos, through the engine; maps of classes from a stand-in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.vision import segment as asking
from core.vision.cutout import box_around
from core.vision.metrics import recall
from core.vision.prepare import box_of, resized
from core.vision.segment import (
    SegmentError,
    inner_box,
    saliency,
    salient,
    segment,
    stretched,
    teller,
)
from core.zoo.entry import ZooError
from core.zoo.segmenters import SALIENCY, SEGMENTERS, VOC_CLASSES

DEEPLAB = "deeplab-v3-plus-resnet50-voc"


@pytest.fixture(scope="module")
def engine():
    running = Engine(EngineSettings())
    yield running
    running.close()


def ellipse(shape, centre_xy, radii_xy):
    y, x = np.mgrid[: shape[0], : shape[1]]
    (cx, cy), (rx, ry) = centre_xy, radii_xy
    return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1


@pytest.mark.tf
@pytest.mark.slow
def test_the_mask_covers_the_coffee_cup(engine):
    photo = data.coffee()
    found = salient(engine, photo)
    # Read off the photo: the rim of the cup, and all of it with its saucer.
    rim = ellipse(photo.shape, (291, 115), (115, 88))
    assert recall(rim, found.mask()) > 0.99
    x0, y0, x1, y1 = box_around(found.mask())
    assert (60 <= x0 <= 95) and (5 <= y0 <= 35) and (465 <= x1 <= 500) and (375 <= y1 <= 400)
    # An ellipse in that box would fill 0.49 of the photo.
    assert 0.42 < found.mask().mean() < 0.54
    assert not found.mask()[:, 520:].any()
    assert found.saliency.shape == photo.shape[:2]
    assert (found.saliency.min(), found.saliency.max()) == pytest.approx((0, 1), abs=0.01)
    assert found.peak > 0.99
    assert found.stages.network_ms > 0
    # The same photo, the same answer; the second time the network is warm.
    again = salient(engine, photo)
    np.testing.assert_array_equal(again.saliency, found.saliency)
    assert again.stages.load_ms < found.stages.load_ms


@pytest.mark.tf
@pytest.mark.slow
def test_the_short_way_gives_the_map_alone(engine, monkeypatch):
    monkeypatch.setattr(asking, "connect", lambda: engine)
    rocket = saliency(data.rocket())
    assert (rocket.dtype, rocket.shape) == (np.float32, data.rocket().shape[:2])
    x0, _, x1, _ = box_around(rocket > 0.5)
    # The rocket: narrow, in the middle, and little of the photo.
    assert 280 < x0 < x1 < 360
    assert (rocket > 0.5).mean() < 0.05


@pytest.mark.tf
@pytest.mark.slow
def test_a_small_and_a_plain_picture_have_an_answer(engine):
    tiny = salient(engine, np.full((3, 5, 3), 90, np.uint8))
    assert tiny.saliency.shape == (3, 5)
    assert np.isfinite(tiny.saliency).all()


@pytest.mark.tf
@pytest.mark.slow
def test_a_file_that_is_not_there_comes_back_as_a_sentence(tmp_path, monkeypatch):
    from core.assets import AssetError, store
    from core.models.zoo.segmenting import load_segmenter

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(store, "installed_file", lambda member: None)
    with pytest.raises(AssetError, match=r"U2-Net-p, salient objects is not on this machine"):
        load_segmenter(SALIENCY)


def test_stretched_is_from_0_to_1():
    np.testing.assert_allclose(
        stretched(np.array([[0.2, 0.3, 0.4]], np.float32)), [[0, 0.5, 1]], rtol=1e-6
    )
    np.testing.assert_array_equal(stretched(np.full((2, 2), 0.3, np.float32)), 0)


def test_what_is_no_colour_picture_is_said():
    for wrong in (
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((8, 8, 3)),
    ):
        with pytest.raises(SegmentError, match=r"Segmentation takes uint8 of shape"):
            salient(None, wrong)


# Classes


class StandIn:
    """Answers as the engine would: the red pixels are a cat, the rest is background."""

    def call_by_name(self, slot, question, pixels, network, *, timeout):
        assert (slot, network) == ("inference", DEEPLAB)
        assert pixels.shape == (512, 512, 3)
        red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60)
        labels = np.where(red, VOC_CLASSES.index("cat"), 0).astype(np.uint8)
        return labels, np.full(labels.shape, 0.75, np.float32), 0.0, 1.0, 2.0


@pytest.mark.parametrize("size", [(90, 160), (160, 90), (600, 1100)])
def test_a_map_comes_back_to_where_it_was_in_the_picture(size):
    image = np.full((*size, 3), 120, np.uint8)
    rows, columns = slice(size[0] // 4, size[0] // 2), slice(size[1] // 2, 3 * size[1] // 4)
    image[rows, columns] = 255, 0, 0
    found = segment(StandIn(), image, DEEPLAB)
    truth = np.zeros(size, bool)
    truth[rows, columns] = True
    cat = found.mask(VOC_CLASSES.index("cat"))
    assert cat.shape == size
    # Off by at most a pixel of the network's square at each edge.
    step = max(size) / 512 + 1
    assert np.abs(np.array(box_around(cat)) - box_around(truth)).max() <= step
    assert [name for _, name, _ in found.areas()] == ["background", "cat"]
    assert sum(share for *_, share in found.areas()) == pytest.approx(1)
    assert found.confidence.min() == pytest.approx(0.75)


@given(st.integers(1, 900), st.integers(1, 900))
def test_the_picture_lies_inside_of_its_padded_square(height, width):
    x0, y0, x1, y1 = inner_box(box_of(height, width, "pad"), 64, height, width)
    assert 0 <= x0 < x1 <= 65
    assert 0 <= y0 < y1 <= 65
    assert max(x1 - x0, y1 - y0) >= 63


def test_the_box_is_where_the_pixels_are():
    white = np.full((30, 60, 3), 255, np.uint8)
    padded = resized(white, 120, "pad")
    x0, y0, x1, y1 = inner_box(box_of(30, 60, "pad"), 120, 30, 60)
    assert (padded[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] == 255).all()
    assert (padded[: y0 - 1] == 127).all()
    assert (padded[y1 + 1 :] == 127).all()


def test_what_tells_no_classes_is_said():
    assert teller(DEEPLAB).class_names == VOC_CLASSES
    with pytest.raises(ZooError, match=r"'u2net-p' tells no classes of pixels\. Try deeplab"):
        teller(SALIENCY)


# The worker's side


@pytest.mark.tf
def test_the_brightest_pixel_counts_as_1_then_imagenets_mean():
    from core.vision.worker.segment import as_trained

    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = 100, 50, 0
    given = as_trained(pixels)
    # (share of the maximum - mean) / deviation, as the authors' loader has it.
    np.testing.assert_allclose(
        given[0, 0], [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, -0.406 / 0.225], rtol=1e-5
    )
    assert np.isfinite(as_trained(np.zeros((2, 2, 3), np.uint8))).all()


@pytest.mark.tf
def test_labels_are_the_likeliest_classes(monkeypatch):
    from core.vision.worker import segment as worker

    maps = np.random.default_rng(0).random((1, 4, 4, 21)).astype(np.float32)

    class Known:
        def logits(self, given):
            assert (given.shape, given.max()) == ((1, 4, 4, 3), 200)
            return maps

    monkeypatch.setattr(worker, "network", lambda slug: Known())
    labels, sure, *times = worker.labels(np.full((4, 4, 3), 200, np.uint8), DEEPLAB)
    np.testing.assert_array_equal(labels, maps[0].argmax(-1))
    np.testing.assert_array_equal(sure, maps[0].max(-1))
    assert len(times) == 3
    assert SEGMENTERS[DEEPLAB].takes == "none"
