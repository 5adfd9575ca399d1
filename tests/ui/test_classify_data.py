"""What the browser is sent: every number as text, frames as shares, nothing before a guess."""

import base64
import json

import cv2
import numpy as np
import pytest
from skimage import data

from core.lessons.classify import ClassifyLesson
from core.lessons.classify_case import Answered, ClassifyCase
from core.ui.classify.plots import Dot, _apart
from core.ui.classify.zoo import penn_table
from core.ui.components.sight import percent, sight_data
from core.ui.components.zoo import COLUMNS, Line, zoo_data
from core.vision.challenges import CHALLENGES
from core.zoo.registry import ZOO

PHOTO = data.chelsea()
LITE = "efficientnet-lite0"
LOGITS = np.random.default_rng(0).normal(0, 2, 1000).astype(np.float32)


def case(lesson=None, logits=LOGITS, **more):
    lesson = lesson or ClassifyLesson()
    places = CHALLENGES[lesson.challenge].stops
    curve = dict.fromkeys(places, LOGITS) if logits is not None else {}
    answered = [
        Answered(network, lesson.class_temperature, logits, logits, curve, len(places), **more)
        for network in lesson.networks
    ]
    shown = lesson.changes.at("patch", 0).apply(PHOTO)
    return ClassifyCase(lesson, "Chelsea the cat", PHOTO, shown, answered)


def texts(value):
    """All texts in what is sent."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


def test_what_is_sent_is_json_and_ascii():
    for lesson in (ClassifyLesson(), ClassifyLesson(hard_patch=20.0, seen_fit="pad")):
        sent = sight_data(case(lesson))
        assert json.loads(json.dumps(sent)) == json.loads(json.dumps(sent))
        assert all(text.isascii() for text in texts(sent))


def test_probabilities_stand_beside_their_arithmetic():
    (panel,) = sight_data(case())["panels"]
    shares = np.exp(LOGITS.astype(float) - LOGITS.max())
    shares /= shares.sum()
    best = np.argsort(-LOGITS)[:5]
    assert [row["share"] for row in panel["rows"]] == pytest.approx(shares[best], abs=1e-5)
    assert [row["text"] for row in panel["rows"]] == [percent(p) for p in shares[best]]
    assert f"logit {LOGITS[best[1]]:.2f}, class {best[1]}" in panel["rows"][1]["where"]
    assert f"= {shares[best[1]]:.4g}" in panel["rows"][1]["terms"]
    assert percent(1 - shares[best].sum()) in panel["rest"]


def test_a_temperature_stands_in_the_arithmetic():
    (panel,) = sight_data(case(ClassifyLesson(class_temperature=3.0)))["panels"]
    assert panel["note"] == "T = 3"
    assert ") / 3) / sum over 1,000 classes" in panel["rows"][1]["terms"]


def test_wrong_preprocessing_is_named_beside_the_network():
    wrong = ClassifyLesson(seen_scaling="caffe", class_temperature=2.0)
    (panel,) = sight_data(case(wrong))["panels"]
    assert panel["note"] == "wrong preprocessing: blue first, less the mean, T = 2"
    (panel,) = sight_data(case(ClassifyLesson(seen_scaling="lite")))["panels"]
    assert panel["note"] == ""


@pytest.mark.parametrize(
    ("fit", "crop"),
    [
        ("crop", (94 / 451, 19 / 300, 262 / 451, 262 / 300)),
        ("squash", None),
        ("pad", None),
    ],
)
def test_the_frame_is_where_the_network_looks(fit, crop):
    sent = sight_data(case(ClassifyLesson(seen_fit=fit)))
    assert sent["crop"] == (pytest.approx(crop) if crop else None)


def test_the_patch_is_a_frame_of_its_own_and_not_in_the_picture():
    lesson = ClassifyLesson(hard_patch=25.0, patch_across=0, patch_down=100)
    sent = sight_data(case(lesson))
    assert sent["patch"] == pytest.approx((0, 0.5, 226 / 451, 0.5), abs=0.01)
    assert sent["at"] == [0.0, 1.0]
    content = base64.b64decode(sent["src"].partition(",")[2])
    shown = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    # As JPEG; without the patch the picture is the photo.
    assert np.abs(shown.astype(int) - PHOTO).mean() < 4
    assert sight_data(case())["patch"] is None


def test_the_unchanged_picture_is_marked_only_where_something_is_changed():
    (panel,) = sight_data(case())["panels"]
    assert {row["before"] for row in panel["rows"]} == {None}
    (panel,) = sight_data(case(ClassifyLesson(hard_light=1.0)))["panels"]
    assert [row["before"] for row in panel["rows"]] == [row["share"] for row in panel["rows"]]


def test_before_the_guess_no_answer_is_sent():
    lesson = ClassifyLesson(hard_light=1.0)
    sent = sight_data(case(lesson), conceal=True)
    (panel,) = sent["panels"]
    assert panel["rows"] == []
    assert panel["rest"] == ""
    names = [row["name"] for row in sight_data(case(lesson))["panels"][0]["rows"]]
    assert not any(name in text for name in names for text in texts(sent))


def test_while_it_waits_the_browser_asks_again_and_the_sentence_says_why():
    sent = sight_data(case(logits=None, warm=False))
    assert sent["poll"] is True
    assert "EfficientNet-Lite0 is being loaded" in sent["panels"][0]["says"]
    sent = sight_data(case(logits=None, coming=(5_000_000, 20_000_000), warm=False))
    assert "5 MB of about 20 MB" in sent["panels"][0]["says"]
    assert sent["panels"][0]["progress"] == 0.25
    assert sight_data(case())["poll"] is False


def test_a_failure_is_a_sentence_and_ends_the_asking():
    sent = sight_data(case(logits=None, failure="There is no network."))
    assert sent["poll"] is False
    (panel,) = sent["panels"]
    assert (panel["failed"], panel["says"]) == (True, "There is no network.")


def test_two_networks_have_a_panel_each():
    sent = sight_data(case(ClassifyLesson(second_classifier="mobilenet-v2")))
    assert [panel["title"] for panel in sent["panels"]] == [
        "EfficientNet-Lite0", "MobileNetV2 (torchvision)",
    ]  # fmt: skip


# The zoo


def test_the_table_sorts_by_values_and_shows_texts():
    sent = zoo_data([Line(ZOO[LITE], "here", "Here, warm.", 23.4, first=True)])
    (row,) = sent["rows"]
    assert len(row["cells"]) == len(sent["columns"]) == len(COLUMNS)
    shown = {c["title"]: cell for c, cell in zip(sent["columns"], row["cells"], strict=True)}
    assert shown["Top-1 %"] == {"text": "75.1", "value": 75.1}
    assert shown["ms here"] == {"text": "23", "value": 23.4}
    assert shown["Top-5 %"] == {"text": "", "value": None}
    assert shown["Accuracy from"]["text"] == "tensorflow/tpu, EfficientNet-lite"
    assert [act["on"] for act in row["acts"]] == [True, False]


def test_what_cannot_be_had_is_grey_and_cannot_be_used():
    lines = [Line(entry, "missing", "no network") for entry in ZOO.values()]
    sent = zoo_data(lines)
    for row, entry in zip(sent["rows"], ZOO.values(), strict=True):
        assert row["state"] == "missing"
        assert all(act["off"] for act in row["acts"])
        # Backbones give no classes: there is nothing to be asked.
        assert bool(row["acts"]) == entry.classes


def test_names_in_the_plot_do_not_lie_over_each_other():
    dots = [Dot("a", 100, 70, "here", ""), Dot("b", 105, 70.5, "here", ""),
            Dot("c", 100, 80, "here", ""), Dot("d", 9, 60, "from a hub", "")]  # fmt: skip
    assert _apart(dots, (10, 1000)) == [0, 2]


def test_the_lectures_table_is_shown_as_it_is_on_the_slide():
    rows = penn_table().splitlines()[2:]
    assert len(rows) == 6
    assert rows[0].startswith("| AlexNet | 238 | 41.00 | 18.00 | 8:")
    assert "| ResNet-50 | 100 | 22.85 | 6.71 |" in rows[4]
    assert rows[4].endswith("103 | 25.1 | 7.9 |")
