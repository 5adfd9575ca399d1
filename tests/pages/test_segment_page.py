"""The page "Segment": methods that need nothing, a network that has answered, and none."""

import numpy as np
import pytest

from core.lessons.segment import SegmentLesson
from core.presets import PRESETS
from core.ui.page import PAGES
from core.ui.share import query
from core.vision import asking, maps
from core.vision.bringing import HERE, Bringing
from core.vision.classify import Stages
from core.vision.segment import Labelled, Salient
from core.zoo.segmenters import SALIENCY, VOC_CLASSES
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "segment")
STAGES = Stages(1, 1, 0, 1, 321)


def stand_in(engine, image, network):
    """The left half stands out; the upper half is a cat."""
    height, width = image.shape[:2]
    soft = np.full((height, width), 0.2, np.float32)
    soft[:, : width // 2] = 0.9
    if network == SALIENCY:
        coarse = np.full((320, 320), 0.5, np.float32)
        return Salient(soft, coarse, np.zeros((320, 320, 3), np.uint8), STAGES)
    labels = np.zeros((height, width), np.uint8)
    labels[: height // 2] = VOC_CLASSES.index("cat")
    return Labelled(labels, soft, VOC_CLASSES, STAGES)


@pytest.fixture
def network(monkeypatch):
    """Networks that answer at once."""
    monkeypatch.setattr(maps, "connect", lambda: None)
    monkeypatch.setattr(maps, "_answer", stand_in)
    monkeypatch.setattr(asking, "bring", lambda *_, **__: HERE)


@pytest.fixture(autouse=True)
def own_maps(monkeypatch, no_engine):
    """Answers of this test alone."""
    fresh = maps.Maps(lambda: maps.connect())
    monkeypatch.setattr("core.ui.segment.answers.MAPS", fresh)
    return fresh


def answered(own_maps, **link):
    """The page once all is known."""
    at = opened("segment", **link)
    for _ in range(200):
        if not sent(at, "segments")["poll"]:
            return at
        with own_maps._changed:
            own_maps._changed.wait_for(lambda: not own_maps._waiting, 10)
        at = opened("segment", **link)
    raise AssertionError("The answer has not come.")


def test_the_page_stands_at_once_and_says_that_the_network_is_loaded(monkeypatch):
    monkeypatch.setattr(maps.Maps, "_begin", lambda self: None)
    at = opened("segment")
    assert errors(at) == []
    data = sent(at, "segments")
    (panel,) = data["panels"]
    assert panel["src"].startswith("data:image/jpeg;base64,")
    assert "is being asked" in panel["says"]
    assert panel["late"]
    assert data["poll"]
    assert dict(at.query_params) == {}


def test_it_starts_with_the_defaults(network, own_maps):
    shown = settings_drawn(answered(own_maps), SegmentLesson())
    assert shown == {name: getattr(SegmentLesson(), name) for name in shown}
    assert {"seg_method", "seg_cut", "seg_shows", "seg_second"} <= set(shown)


def test_an_engine_that_is_not_there_is_said_and_classical_methods_work(own_maps):
    at = answered(own_maps)
    (panel,) = sent(at, "segments")["panels"]
    assert panel["failed"]
    assert panel["says"] == "There is no engine in these tests."
    (panel,) = sent(opened("segment", seg_method="kmeans"), "segments")["panels"]
    assert not panel["says"]
    assert len(panel["parts"]) == 4


def test_a_network_on_its_way_says_how_far_it_is(network, own_maps, monkeypatch):
    half = Bringing("coming", 40_000_000, 160_000_000)
    monkeypatch.setattr(own_maps, "_begin", lambda: None)
    monkeypatch.setattr(own_maps, "coming", lambda network: half)
    (panel,) = sent(opened("segment", seg_method="deeplab"), "segments")["panels"]
    assert panel["progress"] == 0.25
    assert "is being fetched: 40 MB of about 160 MB" in panel["says"]


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_before_there_is_an_answer(view, monkeypatch):
    monkeypatch.setattr(maps.Maps, "_begin", lambda self: None)
    at = opened("segment", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("view", PAGE.views)
@pytest.mark.parametrize(
    "methods",
    [("saliency", "threshold"), ("kmeans", "watershed"), ("grabcut", "superpixels"),
     ("deeplab", "none")],
)  # fmt: skip
def test_every_view_opens_with_the_answers(view, methods, network, own_maps):
    first, second = methods
    at = answered(own_maps, view=view, seg_method=first, seg_second=second)
    assert errors(at) == []
    data = sent(at, "segments")
    assert len(data["panels"]) == (1 if second == "none" else 2)
    assert not any(panel["says"] for panel in data["panels"])


@pytest.mark.parametrize("preset", PRESETS.for_page("segment"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset, network, own_maps):
    at = answered(own_maps, **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


def test_two_methods_are_compared_in_numbers(network, own_maps):
    at = answered(own_maps, seg_second="deeplab")
    # The left half and the upper half share a quarter: 1/4 of 3/4.
    assert "IoU 0.33, Dice 0.50" in sent(at, "segments")["between"]
    assert r"\text{IoU} = \frac{TP}{TP + FP + FN}" in words(at)
    assert "| recall | TP / (TP + FN) | 50.0 % |" in words(at)


def test_the_threshold_acts_without_asking_again(network, own_maps, monkeypatch):
    answered(own_maps)
    monkeypatch.setattr(maps, "_answer", None)  # nobody may be asked any more
    (panel,) = sent(opened("segment", seg_cut="95"), "segments")["panels"]
    assert panel["summary"].startswith("The object has 0 % of the picture.")


def test_a_box_from_a_link_that_cannot_be_is_mended(own_maps):
    at = opened("segment", seg_method="grabcut", seg_left="80", seg_right="50")
    assert errors(at) == []
    assert sent(at, "segments")["panels"][0]["box"][2] == 0.85
    assert any("Box right (%) is now 85" in str(e.value) for e in [*at.warning, *at.info])


def test_while_the_audience_predicts_nothing_is_shown(network, own_maps):
    at = answered(own_maps, predict="true", seg_second="threshold")
    assert errors(at) == []
    data = sent(at, "segments")
    assert data["between"] == ""
    assert all(not panel["parts"] and not panel["summary"] for panel in data["panels"])
    assert "How many tenths of the picture" in words(at) + str(
        [element.label for element in at.get("number_input")]
    )
