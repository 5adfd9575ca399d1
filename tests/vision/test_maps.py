"""Maps are asked for once, in the background; what is on its way and what failed is told."""

import threading
import time

import numpy as np
import pytest

from core.engine.connection import EngineError
from core.vision import asking
from core.vision import maps as module
from core.vision.bringing import HERE, Bringing
from core.vision.classify import Stages
from core.vision.maps import MapQuestion, Maps
from core.vision.segment import Labelled, Salient
from core.zoo.segmenters import SALIENCY, VOC_CLASSES

PICTURE = np.random.default_rng(0).integers(0, 256, (8, 9, 3), dtype=np.uint8)
STAGES = Stages(0, 0, 0, 0, 7)
DEEPLAB = "deeplab-v3-plus-resnet50-voc"
PATIENCE = 10


class Networks:
    """Stand in for the engine: note what they are asked."""

    def __init__(self):
        self.asked = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.failure = None
        self.standing = [HERE]
        self.again = []

    def answer(self, engine, image, network):
        self.asked.append((int(image[0, 0, 0]), network))
        self.may_answer.wait(PATIENCE)
        if self.failure:
            raise self.failure
        flat = np.full((8, 9), image[0, 0, 0] / 255, np.float32)
        if network == SALIENCY:
            return Salient(flat, flat, image, STAGES)
        return Labelled(np.zeros((8, 9), np.uint8), flat, VOC_CLASSES, STAGES)

    def bring(self, engine, entry, *, again=False):
        self.again.append(again)
        return self.standing.pop(0) if len(self.standing) > 1 else self.standing[0]


@pytest.fixture
def networks(monkeypatch):
    stand_in = Networks()
    monkeypatch.setattr(module, "_answer", stand_in.answer)
    monkeypatch.setattr(asking, "bring", stand_in.bring)
    before = set(threading.enumerate())
    yield stand_in
    stand_in.may_answer.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)


@pytest.fixture
def maps(networks):
    return Maps(lambda: None)


def picture(number):
    image = PICTURE.copy()
    image[0, 0, 0] = number
    return image


def wanted(maps, question, image=PICTURE):
    maps.want(question, image)
    maps.wait([question], PATIENCE)
    return maps.want(question, image)


def test_asking_does_not_wait_and_the_answer_is_there_later(maps, networks):
    networks.may_answer.clear()
    question = MapQuestion("a")
    assert maps.want(question, PICTURE) is None
    assert maps.network_ms(SALIENCY) is None
    networks.may_answer.set()
    maps.wait([question], PATIENCE)
    found = maps.want(question, PICTURE)
    assert found.saliency[0, 0] == pytest.approx(PICTURE[0, 0, 0] / 255)
    assert maps.network_ms(SALIENCY) == 7


def test_the_same_is_asked_once_and_each_network_for_itself(maps, networks):
    first, again = (wanted(maps, MapQuestion("a")) for _ in range(2))
    assert first is again
    other = wanted(maps, MapQuestion("a", DEEPLAB))
    assert isinstance(other, Labelled)
    assert [network for _, network in networks.asked] == [SALIENCY, DEEPLAB]


def test_the_newest_question_comes_first(maps, networks):
    networks.may_answer.clear()
    maps.want(MapQuestion("0"), picture(0))  # keeps the network busy
    while not networks.asked:
        time.sleep(0.001)
    for number in (1, 2, 3):
        maps.want(MapQuestion(str(number)), picture(number))
    networks.may_answer.set()
    maps.wait([MapQuestion("1")], PATIENCE)
    assert [number for number, _ in networks.asked] == [0, 3, 2, 1]


def test_what_nobody_wants_any_more_is_not_asked(maps, networks, monkeypatch):
    networks.may_answer.clear()
    maps.want(MapQuestion("0"), picture(0))
    while not networks.asked:
        time.sleep(0.001)
    maps.want(MapQuestion("1"), picture(1))
    monkeypatch.setattr(Maps, "forgotten_after", -1.0)
    networks.may_answer.set()
    maps.wait([MapQuestion("1")], PATIENCE)
    assert [number for number, _ in networks.asked] == [0]
    assert maps.want(MapQuestion("0"), picture(0)) is not None


def test_a_network_on_its_way_is_told_and_others_answer_meanwhile(maps, networks, monkeypatch):
    monkeypatch.setattr(asking, "LOOK_AGAIN_S", 0.01)
    half = Bringing("coming", 50, 100)
    networks.standing = [half]
    maps.want(MapQuestion("a", DEEPLAB), PICTURE)
    for _ in range(1000):
        if maps.coming(DEEPLAB):
            break
        time.sleep(0.005)
    assert maps.coming(DEEPLAB).share == 0.5
    networks.standing = [HERE]
    assert wanted(maps, MapQuestion("b")) is not None
    maps.want(MapQuestion("a", DEEPLAB), PICTURE)
    assert wanted(maps, MapQuestion("a", DEEPLAB)) is not None
    assert maps.coming(DEEPLAB) is None


def test_a_failure_is_told_until_it_is_tried_again(maps, networks):
    networks.failure = EngineError("The engine is gone.")
    assert wanted(maps, MapQuestion("a")) is None
    assert maps.failure(SALIENCY) == "The engine is gone."
    assert maps.failure(DEEPLAB) == ""
    asked = len(networks.asked)
    assert wanted(maps, MapQuestion("a")) is None
    assert len(networks.asked) == asked
    networks.failure = None
    maps.try_again(SALIENCY)
    assert wanted(maps, MapQuestion("a")) is not None
    assert networks.again == [False, True]


def test_a_download_that_failed_is_told(maps, networks):
    networks.standing = [Bringing("failed", error="No network.")]
    assert wanted(maps, MapQuestion("a", DEEPLAB)) is None
    assert maps.failure(DEEPLAB) == "No network."


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_foresaw_ends_the_waiting_too(maps, networks):
    networks.failure = RuntimeError("odd")
    assert wanted(maps, MapQuestion("a")) is None
    assert maps.failure(SALIENCY) == "RuntimeError: odd"


def test_only_the_latest_are_kept(maps, networks):
    for number in range(Maps.most_kept + 1):
        wanted(maps, MapQuestion(str(number)), picture(number))
    asked = len(networks.asked)
    wanted(maps, MapQuestion(str(Maps.most_kept)), picture(Maps.most_kept))
    assert len(networks.asked) == asked
    wanted(maps, MapQuestion("0"), picture(0))
    assert len(networks.asked) == asked + 1
