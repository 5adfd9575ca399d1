"""The page "Detect": a network that has answered, one that has not, and none."""

import io
import json
import zipfile

import numpy as np
import PIL.Image
import pytest
import streamlit as st

from core.export.detect_picture import annotated, room_for
from core.lessons.detect import SAMPLE_SLUGS, DetectLesson
from core.lessons.detect_case import DetectCase, Looked
from core.presets import PRESETS
from core.ui.detect import pictures, taking
from core.ui.page import PAGES
from core.ui.share import query
from core.vision import asking, findings
from core.vision.annotations import read_coco, read_coco_results, read_yolo
from core.vision.bringing import HERE, Bringing
from core.vision.candidates import Candidates
from core.vision.classify import Stages
from core.zoo.detectors import COCO_CLASSES, DETECTORS, TINY
from tests.pages.test_pages import errors, opened, sent, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "detect")
STAGES = Stages(1, 1, 0, 1, 40)
PERSON, CUP = COCO_CLASSES.index("person"), COCO_CLASSES.index("cup")


def answer(image, names=COCO_CLASSES):
    """Two boxes for the left half, one for the right, and one that is hardly sure."""
    height, width = image.shape[:2]
    half = width / 2
    boxes = [
        (0, 0, half, height), (4, 0, half, height), (half, 0, width, height), (0, 0, 9, 9),
    ]  # fmt: skip
    scores = np.zeros((4, len(names)), np.float32)
    for row, (name, score) in enumerate(
        [("person", 0.9), ("person", 0.6), ("chair", 0.5), ("person", 0.05)]
    ):
        scores[row, names.index(name)] = score
    boxes = np.array(boxes, np.float32)
    return Candidates(boxes, scores, names, (width, height), 4, STAGES, 1.0)


def stand_in(engine, image, model=TINY, side=None):
    return answer(image, DETECTORS[model].class_names)


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
    for module in ("answers", "stage", "zoo"):
        monkeypatch.setattr(f"core.ui.detect.{module}.FINDINGS", fresh)
    return fresh


def answered(own_findings, **link):
    """The page once all is known."""
    at = opened("detect", **link)
    for _ in range(200):
        if not sent(at, "detections")["poll"]:
            return at
        with own_findings._changed:
            own_findings._changed.wait_for(lambda: not own_findings._waiting, 10)
        at = opened("detect", **link)
    raise AssertionError("The answer has not come.")


def labels(at, place=0):
    return [box["label"] for box in sent(at, "detections")["pictures"][place]["boxes"]]


def test_the_page_stands_at_once_and_says_that_the_network_is_loaded(monkeypatch):
    monkeypatch.setattr(findings.Findings, "_begin", lambda self: None)
    at = opened("detect")
    assert errors(at) == []
    (picture,) = sent(at, "detections")["pictures"]
    album = sent(at, "detect_album")["pictures"]
    assert list(album) == [picture["url"]]
    assert album[picture["url"]].startswith("data:image/jpeg;base64,")
    assert "is being asked" in picture["says"]
    assert sent(at, "detections")["poll"]
    assert dict(at.query_params) == {}


def test_it_starts_with_the_defaults(network, own_findings):
    shown = settings_drawn(answered(own_findings), DetectLesson())
    assert shown == {name: getattr(DetectLesson(), name) for name in shown}
    assert {"det_method", "det_confidence", "det_iou", "det_side", "det_classes"} <= set(shown)


def test_boxes_counts_and_where_they_come_from(network, own_findings):
    at = answered(own_findings, view="facts")
    (picture,) = sent(at, "detections")["pictures"]
    assert labels(at) == ["person", "chair"]
    assert [row["name"] for row in picture["rows"]] == ["person", "chair"]
    assert picture["summary"] == (
        "2 boxes. Of 4 candidates 3 are sure enough; 1 has to give way to a surer box."
    )
    assert picture["note"] in ("43 ms", "44 ms")  # 43 and what choosing took
    assert "x 0 to " in picture["boxes"][0]["note"]
    assert "| person | 0.900 |" in words(at)


def test_thresholds_and_filter_act_without_asking_again(network, own_findings, monkeypatch):
    answered(own_findings)
    monkeypatch.setattr(findings, "candidates", None)  # nobody may be asked any more
    assert labels(opened("detect", det_confidence="95")) == []
    assert labels(opened("detect", det_confidence="55")) == ["person"]
    assert labels(opened("detect", det_iou="100")) == ["person", "person", "chair"]
    assert labels(opened("detect", det_classes="Chair")) == ["chair"]
    shown = sent(opened("detect", det_left_out="true"), "detections")["pictures"][0]["boxes"]
    assert [box["faint"] for box in shown] == [False, False, True]
    assert labels(opened("detect", det_confidence="1")) == ["person", "chair", "person"]


def test_another_side_is_another_question(network, own_findings, monkeypatch):
    asked = []

    def listen(engine, image, model=TINY, side=None):
        asked.append(side)
        return stand_in(engine, image, model)

    monkeypatch.setattr(findings, "candidates", listen)
    answered(own_findings)
    answered(own_findings, det_side="416")
    assert asked == [320, 416]


def test_where_nothing_is_sure_enough_it_says_what_would_be(network, own_findings):
    (picture,) = sent(answered(own_findings, det_confidence="95"), "detections")["pictures"]
    assert "The surest is person with 90%: lower the confidence" in picture["summary"]
    assert picture["note"].endswith(" ms")


def test_several_pictures_stand_side_by_side(network, own_findings):
    at = answered(own_findings, det_pictures="samples", photo="coffee")
    shown = sent(at, "detections")["pictures"]
    assert len(shown) == len(SAMPLE_SLUGS)
    assert shown[0]["title"] == "Cup of coffee"
    assert {picture["summary"] for picture in shown} == {"1 person, 1 chair"}


def test_an_engine_that_is_not_there_is_said_and_faces_need_none(own_findings):
    at = answered(own_findings)
    (picture,) = sent(at, "detections")["pictures"]
    assert picture["failed"]
    assert picture["says"] == "There is no engine in these tests."
    at = opened("detect", det_method="faces", photo="astronaut", det_iou="30")
    assert errors(at) == []
    assert labels(at)[0] == "face"
    assert "windows agree" in sent(at, "detections")["pictures"][0]["boxes"][0]["note"]


def test_a_network_on_its_way_says_how_far_it_is(network, own_findings, monkeypatch):
    monkeypatch.setattr(own_findings, "_begin", lambda: None)
    monkeypatch.setattr(
        own_findings, "coming", lambda network: Bringing("coming", 26_000_000, 104_000_000)
    )
    (picture,) = sent(opened("detect", det_method="yolov8-m-voc"), "detections")["pictures"]
    assert picture["progress"] == 0.25
    assert "is being fetched: 26 MB of about 104 MB" in picture["says"]


def test_a_hub_out_of_reach_is_grey_with_the_reason(network, own_findings, monkeypatch):
    for module in ("stage", "zoo"):
        monkeypatch.setattr(
            f"core.ui.detect.{module}.why_not",
            lambda entry, patience: "there is no network" if entry.needs_a_hub else "",
        )
    at = answered(own_findings, view="zoo")
    row = next(line for line in words(at).splitlines() if "YOLOv8-m" in line)
    assert ":gray[104 MB from Kaggle, but there is no network.]" in row
    assert ":gray[" not in next(line for line in words(at).splitlines() if "YOLOv3" in line)
    monkeypatch.setattr(own_findings, "_begin", lambda: None)
    at = opened("detect", det_method="retinanet-resnet50-voc")
    assert any("142 MB from Kaggle, but there is no network" in c.value for c in at.caption)


def test_a_class_that_nobody_knows_is_said_with_the_nearest(own_findings):
    at = opened("detect", det_classes="persn, cup")
    assert errors(at) == []
    told = " ".join(str(e.value) for e in [*at.warning, *at.info, *at.error, *at.caption])
    assert "No detector here knows the class 'persn'. Do you mean person?" in told


@pytest.mark.parametrize("view", PAGE.views)
@pytest.mark.parametrize("method", ["yolov3-tiny", "yolov8-m-voc"])
def test_every_view_opens_with_the_answers(view, method, network, own_findings):
    at = answered(own_findings, view=view, det_method=method, det_pictures="samples")
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("preset", PRESETS.for_page("detect"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset, network, own_findings):
    at = answered(own_findings, **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


def test_while_the_audience_predicts_no_box_is_shown(network, own_findings):
    at = answered(own_findings, predict="true")
    assert errors(at) == []
    (picture,) = sent(at, "detections")["pictures"]
    assert (picture["boxes"], picture["rows"], picture["summary"]) == ([], [], "")
    assert "Guess first" in picture["says"]
    asked = words(at) + str([element.label for element in at.get("number_input")])
    assert "at a confidence of 25 %" in asked
    assert "And how many at 45 %?" in asked


# What is taken home


def two_pictures():
    rng = np.random.default_rng(1)
    shapes = ((40, 60, 3), (50, 30, 3))
    made = [rng.integers(0, 256, shape, dtype=np.uint8) for shape in shapes]
    return DetectCase(
        DetectLesson(),
        [
            Looked(name, name.title(), picture, name, answer(picture))
            for name, picture in zip(("first", "second"), made, strict=True)
        ],
    )


def test_cocos_files_are_read_back():
    case = two_pictures()
    truth = read_coco(taking.coco(case))
    assert not truth.skipped
    assert {record["label"] for record in truth.records} == {"person", "chair"}
    results = read_coco_results(taking.coco_results(case), truth.names)
    assert not results.skipped
    for record, said in zip(case.records(), results.records, strict=True):
        np.testing.assert_allclose(said["box"], record["box"])
        assert said["score"] == record["score"]
        assert said["label"] == record["label"]
    assert sorted(truth.sizes.values()) == [(30, 50), (60, 40)]


def test_yolos_texts_are_read_back_and_packed():
    case = two_pictures()
    with zipfile.ZipFile(io.BytesIO(taking.yolo_zip(case))) as packed:
        assert sorted(packed.namelist()) == ["classes.txt", "first.txt", "second.txt"]
        names = dict(enumerate(packed.read("classes.txt").decode().splitlines()))
        text = packed.read("second.txt")
    assert names[CUP] == "cup"
    read = read_yolo(text, "second", (30, 50), names, scored=True)
    known = [record for record in case.records() if record["image"] == "second"]
    for record, said in zip(known, read.records, strict=True):
        assert (said["label"], said["image"]) == (record["label"], "second")
        np.testing.assert_allclose(said["box"], record["box"], atol=1e-5)
        assert said["score"] == pytest.approx(record["score"])


def test_the_json_has_settings_and_pixels():
    document = json.loads(taking.boxes_json(two_pictures()))
    assert (document["confidence"], document["iou"]) == (0.25, 0.45)
    first, second = document["pictures"]
    assert (first["image"], first["width"], first["height"]) == ("first", 60, 40)
    assert first["boxes"][0]["box"] == [0, 0, 30, 40]
    assert second["boxes"][1]["label"] == "chair"


def test_the_picture_with_boxes_has_their_colours_and_is_large_enough_to_read():
    case = two_pictures()
    drawn = annotated(case, 0)
    assert drawn.shape == (8 * 40, 8 * 60, 3)
    # Orange for the first class along the left edge, below the name.
    assert (drawn[200, :2] == (230, 159, 0)).all()
    with zipfile.ZipFile(io.BytesIO(taking.pictures_zip(case))) as packed:
        stored = np.asarray(PIL.Image.open(io.BytesIO(packed.read("first.png"))))
    np.testing.assert_array_equal(stored, drawn)


def test_names_in_the_picture_never_hide_each_other():
    taken = []
    for _ in range(40):
        spot = room_for((100, 100, 180, 160), 60, 16, taken, (400, 300))
        if spot is None:
            break
        left, top = spot
        assert left >= 0
        assert top >= 0
        assert left + 60 <= 400
        assert top + 16 <= 300
        for other in taken:
            apart_x = left >= other[2] or other[0] >= left + 60
            apart_y = top >= other[3] or other[1] >= top + 16
            assert apart_x or apart_y
        taken.append((left, top, left + 60, top + 16))
    assert len(taken) > 10


# Own files


class File:
    """What the uploader gives."""

    def __init__(self, name, content):
        self.name, self.content = name, content

    def getvalue(self):
        return self.content


def stored(shade):
    out = io.BytesIO()
    PIL.Image.new("RGB", (20, 10), (shade, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_several_files_are_read_and_what_is_no_picture_is_said(monkeypatch):
    files = [
        File("a/b cat.png", stored(10)), File("b cat.jpg", stored(20)), File("x.txt", b"no"),
    ]  # fmt: skip
    monkeypatch.setattr(st, "session_state", {pictures._FILES: files})
    monkeypatch.setattr(pictures.refresh, "everything", lambda: None)
    pictures._take()
    names = [name for name, _ in pictures.chosen("own")]
    assert names == ["b_cat", "b_cat-2"]
    assert [photo.pixels[0, 0, 0] for _, photo in pictures.chosen("own")] == [10, 20]
    (refused,) = pictures._brought().refused
    assert refused.startswith("x.txt: ")
    monkeypatch.setitem(st.session_state, pictures._FILES, files[:1] * 14)
    pictures._take()
    assert len(pictures.chosen("own")) == pictures.MOST_FILES
    assert len(pictures._brought().refused) == 2
