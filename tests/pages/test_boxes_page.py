"""The page "Boxes": every view, every preset, own files, and what is hidden."""

import pytest

from core.export.boxes_table import detections_coco, truth_coco
from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_examples import small
from core.presets import PRESETS
from core.ui.page import PAGES
from core.ui.share import query
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "boxes")


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens(view):
    at = opened("boxes", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


def test_the_page_starts_with_its_defaults():
    at = opened("boxes")
    shown = settings_drawn(at, BoxesLesson())
    assert shown == {name: getattr(BoxesLesson(), name) for name in shown}
    assert dict(at.query_params) == {}
    data = sent(at, "boxes_stage")
    assert data["values"]["iou"] == pytest.approx(9 / 41)
    assert len(sent(at, "boxes_curve")["rows"]) == 5


@pytest.mark.parametrize("preset", PRESETS.for_page("boxes"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset):
    at = opened("boxes", **query(preset.lesson))
    assert errors(at) == []
    assert not at.warning
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


def test_four_definitions_stand_side_by_side():
    text = words(opened("boxes"))
    for line in ("MLC's sum | 0.7000", "VOC 2010 on) | 0.7333", "VOC 2007) | 0.7455",
                 "(COCO) | 0.7347", "AP50 | 0.7347"):  # fmt: skip
        assert f"{line} |" in text
    assert "mean of AP at ten IoU thresholds: 0.50: 0.7347" in text


def test_own_files_are_judged_and_what_is_odd_is_said():
    at = opened("boxes", ap_example="files")
    assert "Choose ground truth and detections" in words(at)
    truth = truth_coco(small()).encode()
    said = detections_coco(small()).replace('"bbox": [', '"bbox": ["x", ', 1).encode()
    at.file_uploader(key="own_truth").set_value(("truth.json", truth, "application/json"))
    at.run()
    at.file_uploader(key="own_said").set_value(("said.json", said, "application/json"))
    at.run()
    assert errors(at) == []
    text = words(at)
    assert "Ground truth: 3 boxes." in text
    assert "Detections: 4 boxes; 1 entries could not be read." in text
    assert "`said.json, detection 0`" in text
    assert len(sent(at, "boxes_curve")["rows"]) == 4


def test_too_many_boxes_in_a_picture_are_refused(monkeypatch):
    monkeypatch.setattr("core.vision.metrics.matching._MOST_PAIRS", 3)
    at = opened("boxes", ap_example="files")
    truth, said = truth_coco(small()).encode(), detections_coco(small()).encode()
    at.file_uploader(key="own_truth").set_value(("truth.json", truth, "application/json"))
    at.run()
    at.file_uploader(key="own_said").set_value(("said.json", said, "application/json"))
    at.run()
    assert errors(at) == []
    assert any("8 pairs of boxes" in e.value for e in at.error)


def test_a_broken_file_is_refused_with_its_line():
    at = opened("boxes", ap_example="files")
    at.file_uploader(key="own_truth").set_value(("t.json", b"[1,\n2", "application/json"))
    at.run()
    assert errors(at) == []
    assert any("not JSON: line 2, column 2" in e.value for e in at.error)


def test_while_the_audience_predicts_nothing_is_shown():
    at = opened("boxes", predict="true")
    assert errors(at) == []
    assert sent(at, "boxes_stage")["values"] == {}
    at = opened("boxes", predict="true", view="facts")
    assert "Hidden until the guesses are in" in words(at)
