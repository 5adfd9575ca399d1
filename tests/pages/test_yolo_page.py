"""The page "Inside YOLO": by hand without a network, and with one that answers at once."""

import numpy as np
import pytest

from core.engine.connection import EngineError
from core.lessons.yolo import YoloLesson
from core.presets import PRESETS
from core.ui.page import PAGES
from core.ui.share import query
from core.ui.yolo import stage
from core.vision import asking, findings
from core.vision.bringing import HERE
from core.vision.candidates import Candidates
from core.vision.classify import Stages
from core.vision.yolo_head import decode_tiny
from core.zoo.detectors import COCO_CLASSES
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "yolo")
CELL, WALK = "yolo_cell_stage", "yolo_walk_stage"


def stand_in(engine, image, network, side):
    """Two cells next to each other are sure of the same cat."""
    coarse, fine = np.full((2, 26, 26, 3, 85), -9, np.float32)
    coarse = coarse[:13, :13].copy()
    coarse[..., :4] = fine[..., :4] = 0
    for column, sure in ((6, 5), (7, 2)):
        coarse[7, column, 1, 4] = sure
        coarse[7, column, 1, 5 + COCO_CLASSES.index("cat")] = 5
    maps = [m[: side // s, : side // s].reshape(side // s, side // s, 255)
            for m, s in ((coarse, 32), (fine, 16))]  # fmt: skip
    heads = decode_tiny(maps, side)
    boxes = np.concatenate([head.boxes.reshape(-1, 4) for head in heads])
    scores = np.concatenate([head.scores.reshape(-1, 80) for head in heads])
    stages = Stages(1, 1, 0, 1, 30)
    return Candidates(boxes, scores, COCO_CLASSES, (4, 3), len(boxes), stages, 1, heads)


@pytest.fixture
def network(monkeypatch):
    """A network that answers at once."""
    monkeypatch.setattr(findings, "connect", lambda: None)
    monkeypatch.setattr(findings, "candidates", stand_in)
    monkeypatch.setattr(asking, "bring", lambda *_, **__: HERE)


@pytest.fixture(autouse=True)
def own_findings(monkeypatch, no_engine):
    """Answers of this test alone."""
    fresh = findings.Findings(lambda: findings.connect())
    monkeypatch.setattr("core.ui.yolo.answers.FINDINGS", fresh)
    return fresh


def answered(own_findings, **link):
    """The page once all is known."""
    key = WALK if link.get("yolo_shows") == "suppression" else CELL
    at = opened("yolo", **link)
    for _ in range(200):
        if not sent(at, key)["poll"]:
            return at
        with own_findings._changed:
            own_findings._changed.wait_for(lambda: not own_findings._waiting, 10)
        at = opened("yolo", **link)
    raise AssertionError("The answer has not come.")


def test_it_starts_by_hand_with_the_defaults():
    at = opened("yolo")
    assert errors(at) == []
    shown = settings_drawn(at, YoloLesson())
    assert shown == {name: getattr(YoloLesson(), name) for name in shown}
    assert {"yolo_shows", "yolo_row", "yolo_tx", "out_cells"} <= set(shown)
    assert dict(at.query_params) == {}
    assert sent(at, CELL)["cell"]["object"]["says"].startswith("IoU with the circle: 0.635")


@pytest.mark.parametrize("view", PAGE.views)
@pytest.mark.parametrize("shows", ["cell", "suppression"])
def test_every_view_opens_with_and_without_an_answer(
    view, shows, network, own_findings, monkeypatch
):
    link = {
        "view": view, "yolo_shows": shows, "yolo_subject": "photo", "nms_subject": "photo",
    }  # fmt: skip
    assert errors(answered(own_findings, **link)) == []
    monkeypatch.setattr(own_findings, "want", lambda *_: None)
    assert errors(opened("yolo", **link)) == []


@pytest.mark.parametrize("preset", PRESETS.for_page("yolo"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset, network, own_findings):
    at = answered(own_findings, **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


def test_the_networks_cell_and_its_suppression(network, own_findings):
    at = answered(
        own_findings, yolo_subject="photo", yolo_row="7", yolo_column="6", yolo_box="2"
    )
    cell = sent(at, CELL)["cell"]
    assert cell["boxes"][1]["tag"] == "cat 0.987"
    assert cell["heat"][7][6] == 0.99
    assert "3 * (5 + 80)" in cell["vector"]["title"]
    at = answered(own_findings, yolo_shows="suppression", nms_subject="photo")
    walk = sent(at, WALK)["walk"]
    marks = {}
    for place in walk["places"]:
        marks |= place["changed"]
    assert [marks[n]["state"] for n in ("0", "1")] == ["now", "gone"]
    assert "2,533 are below the confidence threshold" in walk["key"]


def test_the_surest_cell_is_a_button_away(network, own_findings):
    at = answered(own_findings, yolo_subject="photo")
    next(b for b in at.button if b.label == "Go to the surest cell").click().run()
    assert errors(at) == []
    cell = sent(at, CELL)["cell"]
    assert (cell["row"], cell["column"], cell["chosen"]) == (7, 6, 1)


def test_other_inputs_have_other_grids(network, own_findings):
    at = answered(own_findings, yolo_subject="photo", yolo_input="224", yolo_scale="fine")
    cell = sent(at, CELL)["cell"]
    assert (cell["side"], cell["grid"]) == (224, 14)


def test_the_network_on_its_way_is_said(monkeypatch, own_findings):
    monkeypatch.setattr(own_findings, "_begin", lambda: None)
    data = sent(opened("yolo", yolo_subject="photo"), CELL)
    assert "is being asked" in data["says"]
    assert data["poll"]
    assert data["cell"] is None


def test_an_engine_that_is_not_there_is_said(own_findings):
    data = sent(answered(own_findings, yolo_subject="photo"), CELL)
    assert data["says"] == "There is no engine in these tests."
    assert not data["poll"]


def test_the_output_in_numbers():
    at = opened("yolo")
    assert r"\mathbf{1{,}470}" in words(at)
    text = words(at)
    for count in ("98", "845", "2,535", "10,647", "3,549"):
        assert f"| {count} |" in text
    assert "| 8,400 |" in words(opened("yolo", out_side="640"))


def test_the_facts_say_why_a_box_stays():
    text = words(opened("yolo", yolo_shows="suppression", view="facts"))
    assert "#5 has IoU 0.5625 with #2" in text
    assert "A suppressed box suppresses nobody" in text


def test_predict_first_hides_the_numbers():
    at = opened("yolo", predict="true")
    cell = sent(at, CELL)["cell"]
    assert sent(at, CELL)["conceal"]
    assert not any(frame["lines"] for frame in cell["frames"])
    assert "Hidden until the guesses are in" in words(at)
    numbers = [box for box in at.number_input if box.key.startswith("guess_")]
    for box, guess in zip(numbers, (24, 1176, 221), strict=True):
        box.set_value(guess)
    at.run()
    assert not sent(at, CELL)["conceal"]
    assert len(at.success) == 2


def test_a_smaller_grid_takes_the_last_row():
    at = opened("yolo", yolo_cells="3", yolo_row="9")
    assert sent(at, CELL)["cell"]["row"] == 2
    assert at.select_slider(key="yolo_row").value == 2


def test_a_network_that_fails_is_asked_again_when_somebody_wants_it(
    network, own_findings, monkeypatch
):
    def broken(engine, image, network, side):
        raise EngineError("The connection is lost.")

    monkeypatch.setattr(findings, "candidates", broken)
    at = answered(own_findings, yolo_subject="photo")
    told = sent(at, CELL)
    assert errors(at) == []
    assert "The connection is lost." in told["says"]
    monkeypatch.setattr(findings, "candidates", stand_in)
    monkeypatch.setattr("core.ui.yolo.stage.refresh.everything", lambda: None)
    stage._retried()
    at = answered(own_findings, yolo_subject="photo")
    assert sent(at, CELL)["says"] == ""
    assert not sent(at, CELL)["poll"]
