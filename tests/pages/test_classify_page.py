"""The page "Classify": without an engine, and with a network that has answered."""

import numpy as np
import pytest

from core.assets.reach import Reach, ask
from core.images.samples import SAMPLES
from core.lessons.classify import ClassifyLesson
from core.presets import PRESETS
from core.ui.page import PAGES
from core.ui.share import query
from core.vision import asking, bringing, looks
from core.vision.bringing import HERE
from core.vision.timing import Timing
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "classify")
LITE = "efficientnet-lite0"


def stand_in(engine, pixels, spec):
    """Logits that depend on the picture and on how it is prepared."""
    given = spec.preprocessing.apply(pixels).reshape(len(pixels), -1)
    logits = np.tile(np.linspace(-1, 1, 1000, dtype=np.float32), (len(pixels), 1))
    logits[:, 281] += 5 + given.mean(1)
    logits[:, 282] += 6
    return logits, (0.0, 1.0, 20.0)


@pytest.fixture
def network(monkeypatch):
    """A network that answers at once."""
    monkeypatch.setattr(looks, "connect", lambda: None)
    monkeypatch.setattr(looks, "judge", stand_in)
    monkeypatch.setattr(asking, "bring", lambda *_, **__: HERE)
    monkeypatch.setattr("core.engine.connect", lambda: None)
    timing = Timing(4.0, 1.0, 2.0, 0.5, 20.0, 0.2)
    monkeypatch.setattr("core.ui.classify.time.measure", lambda *_: timing)


@pytest.fixture(autouse=True)
def own_looks(monkeypatch, no_engine):
    """Answers of this test alone, in all modules that ask for them."""
    fresh = looks.Looks(lambda: looks.connect())
    for module in ("stage", "seen", "zoo", "time"):
        monkeypatch.setattr(f"core.ui.classify.{module}.LOOKS", fresh)
    return fresh


def answered(own_looks, view="facts", **link):
    """The page once all is known."""
    opened("classify", view=view, **link)
    own_looks.rest(20)
    return opened("classify", view=view, **link)


def test_the_page_stands_at_once_and_says_that_the_network_is_loaded():
    at = opened("classify")
    assert errors(at) == []
    data = sent(at, "sight")
    assert data["src"].startswith("data:image/jpeg;base64,")
    (panel,) = data["panels"]
    assert panel["rows"] == []
    assert panel["failed"] or "being loaded" in panel["says"]
    assert dict(at.query_params) == {}


def test_it_starts_with_the_defaults():
    at = opened("classify")
    shown = settings_drawn(at, ClassifyLesson())
    assert shown == {name: getattr(ClassifyLesson(), name) for name in shown}
    assert {"challenge", "hard_rotation", "hard_patch", "top_count", "classifier"} <= set(shown)


def test_an_engine_that_is_not_there_is_said_and_can_be_asked_again(own_looks):
    at = answered(own_looks)
    (panel,) = sent(at, "sight")["panels"]
    assert panel["failed"]
    assert panel["says"] == "There is no engine in these tests."
    assert not sent(at, "sight")["poll"]


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_before_there_is_an_answer(view):
    at = opened("classify", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_with_the_answers(view, network, own_looks):
    at = answered(own_looks, view, second_classifier="mobilenet-v2", hard_light="-1.0")
    assert errors(at) == []
    data = sent(at, "sight")
    assert [len(panel["rows"]) for panel in data["panels"]] == [5, 5]
    assert not data["poll"]


@pytest.mark.parametrize("preset", PRESETS.for_page("classify"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset, network, own_looks):
    at = answered(own_looks, **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


def test_temperature_acts_without_asking_again(network, own_looks, monkeypatch):
    cold = sent(answered(own_looks), "sight")
    monkeypatch.setattr(looks, "judge", None)  # nobody may be asked any more
    hot = sent(opened("classify", class_temperature="10.0"), "sight")
    names = [[row["name"] for row in data["panels"][0]["rows"]] for data in (cold, hot)]
    assert names[0] == names[1]
    first = [data["panels"][0]["rows"][0]["share"] for data in (cold, hot)]
    assert first[0] > first[1]


def test_the_curve_covers_the_whole_slider(network, own_looks):
    at = answered(own_looks, challenge="size", hard_size="50.0")
    data = sent(at, "challenge_curve")
    x = data["axes"][0]["curves"][0]["x"]
    assert (x[0], x[-1]) == (5, 400)
    assert [mark["x"] for mark in data["marks"]] == [50]


def test_what_the_network_saw_is_told_in_numbers(network, own_looks):
    at = answered(own_looks, "seen")
    text = words(at)
    assert " - 127) / 128 = " in text
    scalings = sent(at, "seen_scalings")["tiles"]
    assert len(scalings) == 6
    assert [tile["state"] for tile in scalings].count("right") == 1
    assert all(tile["bars"] for tile in scalings)
    assert len(sent(at, "seen_fits")["tiles"]) == 3


def test_time_is_told_step_by_step(network, own_looks):
    text = words(answered(own_looks, "time"))
    assert "**28 ms** from the file to 5 names" in text
    assert "chelsea.png" in text


def test_the_zoo_is_grey_where_there_is_no_network(network, own_looks, monkeypatch):
    monkeypatch.setattr("core.ui.classify.zoo.why_not", lambda entry, patience=0: "no network")
    at = answered(own_looks, "zoo")
    rows = {row["slug"]: row for row in sent(at, "zoo")["rows"]}
    assert rows[LITE]["state"] == "here"
    assert rows["keras-vgg16"]["state"] == "missing"
    assert "Keras' hub cannot be reached: no network." in words(at)
    assert "| VGG-16 | 540 | 28.07 | 9.33 |" in words(at)


def test_guesses_come_before_the_answers(network, own_looks):
    at = answered(own_looks, predict="true")
    assert errors(at) == []
    (panel,) = sent(at, "sight")["panels"]
    assert panel["rows"] == []
    assert not [part for part in at.get("bidi_component") if part.key == "challenge_curve"]
    assert "Hidden until the guesses are in" in " ".join(info.value for info in at.info)
    boxes = [box for box in at.number_input if box.key.startswith("guess_")]
    assert len(boxes) == 2
    boxes[0].set_value(1.0).run()
    [box for box in at.number_input if box.key.startswith("guess_")][1].set_value(25.0).run()
    (panel,) = sent(at, "sight")["panels"]
    assert len(panel["rows"]) == 5


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"classifier": "alexnet"}, "Network cannot be 'alexnet'"),
        ({"hard_rotation": "1000"}, "Rotation (degrees) cannot be '1000'"),
        ({"class_temperature": "0"}, "Temperature (T) cannot be '0'"),
        ({"top_count": "21"}, "Classes shown (k) cannot be '21'"),
        ({"classifier": "keras-vgg16"}, ""),
        ({"photo": "retina"}, ""),
    ],
)
def test_odd_links_open_and_say_what_was_wrong(link, told):
    at = opened("classify", **link)
    assert errors(at) == []
    assert told in " ".join(warning.value for warning in at.warning)


@pytest.mark.parametrize("photo", SAMPLES)
def test_every_sample_photo_can_be_shown(photo):
    at = opened("classify", photo=photo, hard_clutter="50.0", challenge="clutter")
    assert errors(at) == []
    assert sent(at, "sight")["width"] <= 640


def test_the_script_reads_the_samples_file_as_long_as_nothing_is_changed():
    script = opened("classify", view="code").code[0].value
    assert "chelsea.png" in script
    assert "EfficientNetLiteBackbone" in script
    changed = opened("classify", view="code", hard_light="1.0").code[0].value
    assert "receptive-shown.png" in changed


def test_without_any_network_the_page_works_with_what_is_here(network, own_looks, monkeypatch):
    import socket

    def blocked(self, address):
        raise OSError(f"blocked: {address}")

    monkeypatch.setattr(socket.socket, "connect", blocked)
    monkeypatch.setattr(bringing, "REACH", Reach(ask))
    at = answered(own_looks, "zoo")
    assert errors(at) == []
    assert sent(at, "sight")["panels"][0]["rows"]
    states = {row["slug"]: row["state"] for row in sent(at, "zoo")["rows"]}
    assert states.pop(LITE) == "here"
    fetched_before = states.pop("mobilenet-v2")
    assert fetched_before in ("here", "missing")
    assert set(states.values()) == {"missing"}
    assert "there is no network, or it is blocked" in words(at)


def test_dragging_the_patch_keeps_the_presets_words():
    at = opened("classify", challenge="patch", hard_patch="20.0", patch_across="12")
    assert any("drag the patch" in info.value for info in at.info)
