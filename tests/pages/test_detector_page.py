"""The page "Detector": bare, with every preset, every view, odd links. No engine."""

import numpy as np
import pytest

from core.data.boxed import BoxSceneSpec
from core.lessons.detector import DetectorLesson
from core.presets import PRESETS
from core.training import DetectionSpec
from core.training.found import Found
from core.ui.detector.boxes import hits, picture, true_picture
from core.ui.page import PAGES
from core.ui.share import query
from tests.pages.test_pages import errors, opened, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "detector")


def test_it_starts_with_the_defaults_and_an_empty_link():
    at = opened("detector")
    assert errors(at) == []
    shown = settings_drawn(at, DetectorLesson())
    assert len(shown) >= 30
    assert shown == {name: getattr(DetectorLesson(), name) for name in shown}
    assert dict(at.query_params) == {}
    assert not {b.key: b for b in at.button}["run_start"].disabled


def test_the_defaults_are_those_of_a_run():
    assert DetectorLesson().run_spec() == DetectionSpec()


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_before_there_is_a_run(view):
    at = opened("detector", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("preset", PRESETS.for_page("detector"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset):
    at = opened("detector", **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"detector_rate": "100"}, "Learning rate cannot be '100'"),
        ({"detector_cell": "5"}, "Cell (pixels) cannot be '5'"),
        ({"objects_fewest": "5"}, "Most shapes is now 5 instead of 3"),
        ({"objects_data": "own", "view": "data"}, "no own pictures with boxes yet"),
        ({"objects_side": "100"}, "100 pixels are no whole number of cells of 8: pictures of"),
        ({"view": "data", "objects_count": "40"}, "Of the 144 boxes that the grid gives"),
    ],
)
def test_an_odd_link_is_told_in_words(link, told):
    at = opened("detector", **link)
    assert errors(at) == []
    assert told in words(at)


def test_the_grid_is_told_in_numbers():
    """12 x 12 x 2 x (5 + 3) = 2,304."""
    at = opened("detector", detector_boxes="2", objects_kinds="3")
    assert "12 x 12 cells x 2 x (5 + 3) = 2,304 numbers" in words(at)


def test_kerascvs_network_is_told_in_numbers():
    """12 x 12, 6 x 6 and 3 x 3 cells of 96 pixels; parameters as KerasCV counts them."""
    at = opened("detector", detector_network="yolov8")
    assert errors(at) == []
    told = "12 x 12 + 6 x 6 + 3 x 3 = 189 cells x (4 x 16 + 6) = 13,230 numbers"
    assert told in words(at)
    assert "3,433,538 parameters" in words(at)
    shown = settings_drawn(at, DetectorLesson(detector_network="yolov8"))
    assert {"kerascv_width", "kerascv_box_weight"} <= set(shown)
    assert not {"detector_cell", "detector_loss", "detector_dropout"} & set(shown)


def test_its_settings_are_those_of_kerascv():
    spec = DetectorLesson(detector_network="yolov8", detector_rate=0.001).run_spec()
    given = spec.box_weight, spec.class_weight, spec.clipping, spec.clip, spec.box_loss
    assert given == (7.5, 0.5, "norm", 10, "ciou")
    assert spec.parts == ("box", "class")
    assert DetectorLesson(detector_network="yolov8", objects_side=112).side == 128


def test_the_five_steps_stand_one_below_the_other():
    at = opened("detector", view="code")
    assert "def answering" in at.code[0].value
    at.segmented_control(key="detector_script").set_value("YOLOv8 in five steps").run()
    assert errors(at) == []
    assert len(at.code) == 5
    assert "YOLOV8Detector" in at.code[0].value
    assert "model.export" in at.code[4].value


def test_boxes_say_what_they_fit():
    dataset = BoxSceneSpec(images=20, image_size=48, shapes_most=1).pictures()
    true, label = dataset.boxes[0], dataset.box_labels[0]
    found = Found(true - np.float32(1), np.float32([0.8]), label)
    shown = picture(dataset, 0, found, truth=True)
    times = shown.width // 48
    said, there = shown.boxes
    assert said.box == tuple(((true[0] - 1) * times).tolist())
    assert (said.score, said.dash) == (pytest.approx(0.8), False)
    assert "with the true box, right class" in said.note
    assert there.dash
    name = dataset.class_names[label[0]]
    assert there.note.startswith(f"true {name}")
    assert hits(dataset, [0], [found]) == 1
    wrong = Found(found.boxes, found.scores, (label + 1) % 6)
    assert hits(dataset, [0], [wrong]) == 0
    assert f"it is a {name}" in picture(dataset, 0, wrong, truth=True).boxes[0].note
    assert [(b.label, b.dash) for b in true_picture(dataset, 0).boxes] == [(name, False)]


def test_settings_that_are_none_are_refused_in_words():
    at = opened("detector", view="compare")
    bad = ("run.json", b'{"epochs": "many"}', "application/json")
    at.file_uploader(key="detector_settings").set_value(bad).run()
    assert errors(at) == []
    assert "These are not the settings of a run of this page" in words(at)
