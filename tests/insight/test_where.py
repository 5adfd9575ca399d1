"""Grad-CAM against closed forms: with a pooling and a dense layer it is a sum of maps."""

import hashlib

import cv2
import keras
import numpy as np
import pytest

from core.images.samples import SAMPLES
from core.insight.space import points
from core.insight.where import MapLayer, grad_cam, map_layers, spread
from core.insight.worker import looks
from core.training.answers import AnswerError
from core.training.errors import WorkerError
from core.training.worker.loop import as_bytes
from core.zoo.imagenet import names
from core.zoo.registry import ZOO
from tests.training.conftest import engine as engine
from tests.training.inline import Inline

pytestmark = pytest.mark.tf

SIDE = 12
PICTURE = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)


def network(pooling, *, frozen=False):
    keras.utils.set_random_seed(4)
    image = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.Rescaling(1 / 255)(image)
    x = keras.layers.Conv2D(5, 3, activation="relu", name="maps")(x)
    x = pooling()(x)
    model = keras.Model(image, keras.layers.Dense(3, name="output")(x))
    model.trainable = not frozen
    return model


def asked(model, label=-1, layer=""):
    content = as_bytes(model)
    digest = hashlib.sha256(content).hexdigest()
    assert looks.grad_cam(digest, None, PICTURE, label, layer) == (False, None)
    known, answer = looks.grad_cam(digest, content, PICTURE, label, layer)
    assert known
    return answer


def maps_and_weights(model):
    inner = keras.Model(model.input, model.get_layer("maps").output)
    maps = inner.predict(PICTURE[None], verbose=0)[0]
    return maps, np.array(model.get_layer("output").kernel)


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_behind_average_pooling_it_is_the_class_activation_map(label, frozen):
    """Selvaraju et al. 2017, section 3: CAM (Zhou et al. 2016) divided by the places."""
    model = network(keras.layers.GlobalAveragePooling2D, frozen=frozen)
    heat, shares, answered, layer = asked(model, label)
    maps, weights = maps_and_weights(model)
    cam = maps @ weights[:, label]
    np.testing.assert_allclose(heat, cam / cam.size, atol=1e-6)
    assert (answered, layer) == (label, "maps")
    assert shares.sum() == pytest.approx(1)


def test_behind_max_pooling_the_weights_are_the_same():
    """The gradient is the weight at the largest place, 0 elsewhere: its mean is as above."""
    model = network(keras.layers.GlobalMaxPooling2D)
    heat, shares, answered, _ = asked(model)
    maps, weights = maps_and_weights(model)
    assert answered == shares.argmax()
    np.testing.assert_allclose(heat, maps @ weights[:, answered] / heat.size, atol=1e-6)


def test_what_the_last_layer_is_given_are_the_pooled_maps():
    model = network(keras.layers.GlobalAveragePooling2D)
    content = as_bytes(model)
    _, found = looks.features("features", content, PICTURE[None].repeat(3, axis=0))
    maps, _ = maps_and_weights(model)
    np.testing.assert_allclose(found, np.tile(maps.mean(axis=(0, 1)), (3, 1)), atol=1e-6)


def test_features_and_probabilities_come_in_one_pass():
    model = network(keras.layers.GlobalAveragePooling2D)
    content = as_bytes(model)
    found = points(Inline(), content, PICTURE[None].repeat(3, axis=0))
    _, alone = looks.features("points", content, PICTURE[None].repeat(3, axis=0))
    np.testing.assert_allclose(found.features, alone, atol=1e-6)
    logits = model.predict(PICTURE[None], verbose=0)
    shares = keras.ops.convert_to_numpy(keras.ops.softmax(logits))
    np.testing.assert_allclose(found.probabilities, shares.repeat(3, axis=0), atol=1e-6)


def test_the_layers_to_ask_about_are_those_with_maps():
    content = as_bytes(network(keras.layers.GlobalAveragePooling2D))
    assert map_layers(Inline(), content) == (MapLayer("maps", 10, 10, 5),)
    image = keras.Input((SIDE, SIDE, 3))
    flat = keras.Model(image, keras.layers.Dense(2)(keras.layers.Flatten()(image)))
    assert map_layers(Inline(), as_bytes(flat)) == ()


@pytest.fixture(scope="module")
def lite0():
    """EfficientNet-Lite0 for raw pictures, as a run's file."""
    from core.models.zoo import load

    network = load("efficientnet-lite0")
    wanted = ZOO["efficientnet-lite0"].preprocessing
    given = keras.Input((224, 224, 3))
    scale = [1 / deviation for deviation in wanted.deviation]
    offset = [-m / d for m, d in zip(wanted.mean, wanted.deviation, strict=True)]
    pixels = keras.layers.Rescaling(scale, offset)(given)
    return as_bytes(keras.Model(given, network.call(pixels)))


@pytest.mark.parametrize("corner", [(0, 0), (0, 104), (104, 0), (104, 104)])
def test_of_a_photo_it_covers_the_animal_wherever_that_is(lite0, corner):
    """A cat of 120 pixels on grey: the hottest place is on it, and most of the heat."""
    row, column = corner
    cat = cv2.resize(SAMPLES["chelsea"].load()[:, 75:375], (120, 120))
    photo = np.full((224, 224, 3), 128, np.uint8)
    photo[row : row + 120, column : column + 120] = cat
    tabby = names().index(next(name for name in names() if name.startswith("tabby")))
    found = grad_cam(Inline(), lite0, photo, tabby)
    on_it = np.zeros((224, 224), bool)
    on_it[row : row + 120, column : column + 120] = True  # 29 % of the picture
    assert on_it.ravel()[found.heat.argmax()]
    assert found.heat[on_it].sum() > 0.6 * found.heat.sum()


def test_a_network_without_maps_says_so():
    image = keras.Input((SIDE, SIDE, 3))
    flat = keras.Model(image, keras.layers.Dense(2)(keras.layers.Flatten()(image)))
    with pytest.raises(WorkerError, match="no feature maps"):
        asked(flat)


def test_the_heat_lies_over_the_picture_and_its_largest_is_1():
    coarse = np.array([[0, 2], [-3, 0]], np.float32)
    wide = spread(coarse, (8, 6))
    assert wide.shape == (8, 6)
    assert wide[0, -1] == wide.max() == 1
    assert wide.min() == 0
    assert not spread(-np.abs(coarse), (4, 4)).any()


def test_the_engine_answers(engine):
    model = network(keras.layers.GlobalAveragePooling2D)
    answer = grad_cam(engine, as_bytes(model), PICTURE, 1)
    maps, weights = maps_and_weights(model)
    np.testing.assert_allclose(answer.coarse, maps @ weights[:, 1] / 100, atol=1e-6)
    assert answer.heat.shape == PICTURE.shape[:2]
    with pytest.raises(AnswerError):
        grad_cam(engine, as_bytes(model), PICTURE, 1, "nowhere")
