"""The page "Masks": every truth and start, what is painted, an own file, what is refused."""

import numpy as np
import pytest

from core.images.masks import encode_mask
from core.images.runs import decode_runs, encode_runs
from core.lessons.masks import SIDE, MasksLesson
from core.lessons.masks_case import grown, square
from core.presets import PRESETS
from core.ui.masks import case as masks_case
from core.ui.page import PAGES
from core.ui.share import query
from core.vision import asking, maps
from core.vision.bringing import HERE
from core.vision.metrics import boundary_f, iou
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words
from tests.pages.test_segment_page import stand_in

PAGE = next(page for page in PAGES if page.slug == "masks")
SQUARE = {"mask_truth": "square", "mask_diameter": "64"}


@pytest.fixture(autouse=True)
def own_maps(monkeypatch, no_engine):
    """Answers of this test alone; the network answers at once."""
    monkeypatch.setattr(maps, "_answer", stand_in)
    monkeypatch.setattr(maps, "connect", lambda: None)
    monkeypatch.setattr(asking, "bring", lambda *_, **__: HERE)
    fresh = maps.Maps(lambda: maps.connect())
    monkeypatch.setattr("core.ui.segment.answers.MAPS", fresh)
    return fresh


def answered(own_maps, **link):
    """The page once all is known."""
    for _ in range(50):
        at = opened("masks", **link)
        if not sent(at, "painter")["poll"]:
            return at
        own_maps.rest(10)
    raise AssertionError("The answer has not come.")


def masks_sent(at):
    data = sent(at, "painter")
    size = data["height"], data["width"]
    return decode_runs(data["truth"], size), decode_runs(data["mask"], size)


def test_it_starts_with_the_defaults_and_a_truth_that_was_moved():
    at = opened("masks")
    assert errors(at) == []
    shown = settings_drawn(at, MasksLesson())
    assert shown == {name: getattr(MasksLesson(), name) for name in shown}
    assert {"mask_truth", "mask_start", "mask_grow", "mask_seed", "mask_down"} <= set(shown)
    assert dict(at.query_params) == {}
    truth, mask = masks_sent(at)
    assert truth.shape == (SIDE, SIDE)
    np.testing.assert_array_equal(mask[4:, 6:], truth[:-4, :-6])


@pytest.mark.parametrize(
    ("view", "truth"),
    [*((view, "scene") for view in PAGE.views), ("example", "example"), ("facts", "file"),
     ("boundary", "file")],
)  # fmt: skip
def test_every_view_opens(view, truth):
    at = opened("masks", view=view, mask_truth=truth)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("preset", PRESETS.for_page("masks"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset, own_maps):
    at = answered(own_maps, **query(preset.lesson))
    assert errors(at) == []
    assert not at.warning
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


def test_what_was_painted_is_measured_by_python(monkeypatch):
    painted = grown(square(64), -8)
    monkeypatch.setattr(
        masks_case, "kept", lambda: dict.fromkeys([canvas], (3, encode_runs(painted)))
    )
    canvas = ""
    canvas = sent(opened("masks", **SQUARE), "painter")["id"]
    at = opened("masks", mask_tolerance="8", **SQUARE)
    assert errors(at) == []
    data = sent(at, "painter")
    assert data["stroke"] == 3
    np.testing.assert_array_equal(masks_sent(at)[1], painted)
    assert "| TP / (TP + FP + FN) | 2304 / (2304 + 0 + 1792) | 0.562 |" in words(at)
    assert "within 8 px of the other" in words(at)
    assert iou(square(64), painted) == 0.5625
    share = 7.5 / np.hypot(SIDE, SIDE)
    assert data["boundary"]["value"] == pytest.approx(boundary_f(square(64), painted, share))


def test_a_mask_that_arrives_damaged_is_not_taken(monkeypatch):
    canvas = sent(opened("masks", **SQUARE), "painter")["id"]
    monkeypatch.setattr(masks_case, "kept", lambda: {canvas: (3, "1,2,x")})
    at = opened("masks", **SQUARE)
    assert errors(at) == []
    assert sent(at, "painter")["stroke"] == 0


def test_a_method_is_corrected_and_another_is_the_truth(own_maps):
    at = answered(own_maps, mask_truth="method", mask_start="method", mask_start_by="grabcut")
    assert errors(at) == []
    truth, mask = masks_sent(at)
    np.testing.assert_array_equal(truth[0], np.arange(truth.shape[1]) < truth.shape[1] // 2)
    assert mask.any()
    assert not mask.all()


def test_a_network_that_does_not_answer_is_said_and_can_be_asked_again(monkeypatch):
    monkeypatch.setattr(
        maps, "_answer", lambda *_: (_ for _ in ()).throw(TimeoutError("Late."))
    )
    for _ in range(50):
        data = sent(opened("masks", mask_truth="method"), "painter")
        if data["failed"]:
            break
    assert data["says"] == "Late."
    assert (data["retry"], data["truth"], data["poll"]) == ("saliency", None, False)


def test_an_own_mask_is_the_truth_and_one_of_another_size_is_refused():
    at = opened("masks", mask_truth="file", mask_start="empty")
    assert "Upload a mask" in sent(at, "painter")["says"]
    data = sent(at, "painter")
    mask = np.zeros((data["height"], data["width"]), bool)
    mask[:50, :60] = True
    at.file_uploader(key="masks_file").set_value(("mine.png", encode_mask(mask), "image/png"))
    at.run()
    assert errors(at) == []
    at.run()
    np.testing.assert_array_equal(masks_sent(at)[0], mask)
    assert "In use: mine.png" in words(at)
    wrong = encode_mask(np.ones((10, 12), bool))
    at.file_uploader(key="masks_file").set_value(("wrong.png", wrong, "image/png"))
    at.run()
    at.run()
    assert "The mask has 12 x 10 pixels, the picture" in words(at)
    assert "The mask before stays." in words(at)
    np.testing.assert_array_equal(masks_sent(at)[0], mask)


def test_cells_that_cannot_be_read_are_refused_and_the_last_ones_stay():
    at = opened("masks", mask_truth="example")
    at.text_input(key="mask_true_cells").set_value("0101").run()
    at.run()
    assert errors(at) == []
    assert "'0101' does not fit" in words(at)
    assert masks_sent(at)[0].sum() == 12


def test_while_the_audience_predicts_no_number_is_shown():
    at = opened("masks", predict="true", **SQUARE)
    assert sent(at, "painter")["conceal"]
    assert "would give the answer away" in words(at)
    at.number_input[0].set_value(8.0).run()
    at.number_input[1].set_value(9.0).run()
    at.run()
    assert not sent(at, "painter")["conceal"]
    hidden = opened("masks", predict="true", mask_truth="example", view="example")
    assert "would give the answer away" in words(hidden)


def test_the_script_of_the_example_has_its_cells():
    code = opened("masks", view="code", mask_truth="example").code[0].value
    assert "[0, 0, 1, 1, 1, 0]," in code
    assert "truth.png" in opened("masks", view="code").code[0].value


def test_the_sliders_of_the_view_imbalance_move_it_and_stay():
    at = opened("masks", view="imbalance")
    assert "| 0 / (0 + 0 + 200) | 0.000 |" in words(at)
    at.select_slider(key="mask_share").set_value(50.0).run()
    assert errors(at) == []
    assert "| (0 + 5000) / (0 + 0 + 5000 + 5000) | 0.500 |" in words(at)
    at.selectbox(key="mask_says").set_value("everything").run()
    at.text_input(key="mask_counts").set_value("90 5 / 3").run()
    assert errors(at) == []
    assert "The last numbers that could be read stay." in words(at)
    assert "| class 2 | 100 / (100 + 80 + 20) | 0.500 |" in words(at)
    at.run()
    assert at.select_slider(key="mask_share").value == 50.0
    assert at.selectbox(key="mask_says").value == "everything"
