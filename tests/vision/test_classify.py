"""Photos are named, and what was seen, how long it took and what changes it are told."""

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from skimage import data

from core.assets import AssetError
from core.engine.connection import Engine
from core.engine.settings import EngineSettings
from core.vision import classify as asking
from core.vision.challenges import CHALLENGES
from core.vision.classify import Sweep, classify, look, softmax, sweep, top
from core.vision.spec import ClassifySpec
from core.zoo.entry import ZooError
from core.zoo.imagenet import names
from core.zoo.preprocessing import PREPROCESSINGS

CATS = {"Egyptian Mau", "tabby cat", "tiger cat"}


@given(st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=9), st.floats(0.05, 20))
def test_softmax_is_scipys(logits, temperature):
    ours = softmax(np.array(logits, np.float32), temperature)
    theirs = scipy.special.softmax(np.array(logits, np.float32).astype(float) / temperature)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_temperature_evens_out_and_keeps_the_order():
    logits = np.array([3.0, 1.0, 0.0], np.float32)
    cold, plain, hot = (softmax(logits, t) for t in (0.1, 1, 10))
    assert cold[0] > plain[0] > hot[0] > 1 / 3
    for chances in (cold, plain, hot):
        assert list(np.argsort(-chances)) == [0, 1, 2]
    # Closed form: 1 / (1 + e^-2 + e^-3).
    assert plain[0] == pytest.approx(1 / (1 + np.exp(-2) + np.exp(-3)))


def test_the_likeliest_come_first_with_their_names():
    chances = np.zeros(1000, np.float32)
    chances[[281, 504, 0]] = 0.6, 0.3, 0.1
    assert [(g.index, g.name) for g in top(chances, 3)] == [
        (281, "tabby cat"), (504, "coffee mug"), (0, "tench"),
    ]  # fmt: skip


def test_the_curves_worth_drawing_are_those_that_win_somewhere():
    logits = np.zeros((3, 1000), np.float32)
    logits[0, 7] = logits[1, 9] = logits[2, 11] = 30
    swept = Sweep((-1.0, 0.0, 1.0), logits, 1.0)
    assert swept.leading(0.0, 3)[0] == 9
    assert set(swept.leading(0.0, 3)) == {7, 9, 11}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"network": "vgg"}, "no network 'vgg'. Try efficientnet-lite0"),
        ({"network": "resnet50-imagenet-maps"}, "gives no classes"),
        ({"scaling": "wild"}, "no preprocessing 'wild'. Use one of right, none, unit"),
        ({"temperature": 0}, "greater than or equal to 0.05"),
    ],
)
def test_what_cannot_be_asked_is_said(settings, said):
    with pytest.raises(ValidationError, match=said):
        ClassifySpec(**settings)


def test_settings_are_keys():
    assert {ClassifySpec(): 1}[ClassifySpec(network="efficientnet-lite0")] == 1
    assert ClassifySpec().is_right
    assert ClassifySpec(scaling="lite").is_right
    assert not ClassifySpec(scaling="none").is_right


# In a worker


@pytest.fixture(scope="module")
def engine():
    running = Engine(EngineSettings())
    yield running
    running.close()


@pytest.mark.tf
@pytest.mark.slow
def test_a_cat_is_a_cat_and_what_was_seen_is_told(engine):
    photo = data.chelsea()
    cold = look(engine, photo, ClassifySpec())
    warm = look(engine, photo, ClassifySpec())
    assert cold.top(1)[0].name in CATS
    assert cold.probabilities.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(cold.logits, warm.logits)
    assert (cold.pixels.shape, cold.pixels.dtype) == ((224, 224, 3), np.uint8)
    np.testing.assert_array_equal(cold.given, PREPROCESSINGS["lite"].apply(cold.pixels))
    assert cold.box_xyxy == (94, 19, 356, 281)
    # Only the first one reads the network; the time of each step is told.
    assert cold.stages.load_ms > 100 > warm.stages.load_ms
    assert warm.stages.network_ms > 0
    assert warm.stages.total_ms >= warm.stages.network_ms + warm.stages.resize_ms
    assert warm.stages.travel_ms > 0


@pytest.mark.tf
@pytest.mark.slow
def test_the_short_way_gives_names_and_probabilities(engine, monkeypatch):
    monkeypatch.setattr(asking, "connect", lambda: engine)
    answers = classify(data.coffee(), "efficientnet-lite0", k=3)
    assert len(answers) == 3
    assert answers[0][0] in {"espresso", "coffee mug", "cup"}
    assert answers[0][1] > answers[1][1] > answers[2][1]


@pytest.mark.tf
@pytest.mark.slow
def test_wrong_preprocessing_and_temperature_change_the_answer(engine):
    photo = data.chelsea()
    right = look(engine, photo, ClassifySpec())
    wrong = look(engine, photo, ClassifySpec(scaling="none"))
    assert right.top(1)[0].name in CATS
    assert wrong.top(1)[0].name not in CATS
    assert wrong.given.max() > 200 > 1 >= right.given.max()
    hot = look(engine, photo, ClassifySpec(temperature=5))
    np.testing.assert_array_equal(hot.logits, right.logits)
    assert hot.top(1)[0].index == right.top(1)[0].index
    assert hot.top(1)[0].probability < right.top(1)[0].probability


@pytest.mark.tf
@pytest.mark.slow
def test_a_sweep_is_the_same_network_on_changed_images(engine):
    photo = data.chelsea()
    swept = sweep(engine, photo, ClassifySpec(), "patch")
    stops = CHALLENGES["patch"].stops
    assert swept.positions == stops
    assert swept.logits.shape == (len(stops), 1000)
    alone = look(engine, photo, ClassifySpec())
    # In a batch, sums are taken in another order.
    np.testing.assert_allclose(swept.logits[0], alone.logits, atol=1e-3)
    first = swept.leading(CHALLENGES["patch"].neutral)[0]
    assert names()[first] in CATS
    # Nothing of the cat is left behind the patch.
    assert swept.probabilities[-1, first] < 0.1 < swept.probabilities[0, first]


@pytest.mark.tf
@pytest.mark.slow
def test_what_is_not_there_comes_back_as_a_sentence(engine, monkeypatch, tmp_path):
    engine.submit("inference", set_keras_home, str(tmp_path)).result(60)
    with pytest.raises(AssetError, match="MobileNetV2, ImageNet is not on this machine"):
        look(engine, data.chelsea(), ClassifySpec(network="mobilenet-v2"))


def set_keras_home(folder):
    import os

    os.environ["KERAS_HOME"] = folder


# The networks that are kept


@pytest.mark.tf
def test_a_model_in_hand_answers_as_the_engine_does():
    from core.models.zoo import load

    answers = classify(data.chelsea(), load("efficientnet-lite0"), k=3)
    assert {name for name, _ in answers} == CATS
    # What the page says of the same photo.
    assert answers[0] == ("tiger cat", pytest.approx(0.392, abs=1e-3))


def test_what_is_no_network_of_the_zoo_is_said():
    with pytest.raises(ZooError, match="There is no classifier 'vgg' in the zoo"):
        classify(data.chelsea(), "vgg")
    with pytest.raises(ZooError, match="There is no classifier 'resnet50-imagenet-maps'"):
        classify(data.chelsea(), "resnet50-imagenet-maps")
    with pytest.raises(ZooError, match="does not say which network of the zoo it is"):
        classify(data.chelsea(), lambda given, training: given)


class Stub:
    """Takes the place of a network of so many bytes."""

    def __init__(self, slug):
        self.size = {"large": 650_000_000}.get(slug, 20_000_000)


@pytest.fixture
def networks(monkeypatch):
    from core.vision.worker import networks

    monkeypatch.setattr(networks, "Network", Stub)
    monkeypatch.setattr(networks, "_networks", type(networks._networks)())
    return networks


@pytest.mark.tf
def test_the_network_used_longest_ago_goes(networks):
    kept = networks.network("a")
    for slug in ("b", "c", "d"):
        networks.network(slug)
    assert networks.network("a") is kept
    networks.network("e")
    assert networks.kept() == ("c", "d", "a", "e")


@pytest.mark.tf
def test_large_networks_take_the_place_of_several(networks):
    for slug in ("a", "b", "c", "large"):
        networks.network(slug)
    assert networks.kept() == ("b", "c", "large")
    networks.network("b")
    networks.network("d")
    # c was used longest ago, and 650 + 3 times 20 MB would be too much.
    assert networks.kept() == ("large", "b", "d")


@pytest.mark.tf
def test_a_network_with_constant_weights_says_what_the_model_says():
    import keras

    from core.vision.worker.networks import compiled

    keras.utils.set_random_seed(0)
    inputs = keras.Input((33, 33, 3))
    x = keras.layers.Conv2D(8, 3, strides=2, use_bias=False)(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.DepthwiseConv2D(3)(keras.layers.ReLU(6.0)(x))
    model = keras.Model(inputs, keras.layers.Dense(7)(keras.layers.Flatten()(x)))
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.1, 1, w.shape) for w in model.get_weights()])
    given = rng.normal(size=(5, 33, 33, 3)).astype(np.float32)
    # Batch norms are multiplied into the convolutions: rounding differs.
    np.testing.assert_allclose(
        compiled(model)(keras.ops.convert_to_tensor(given)),
        model(given, training=False),
        rtol=1e-4,
        atol=1e-4,
    )
