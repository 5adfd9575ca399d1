"""The page "Augmentation" with an engine that answers at once, and without one."""

import json

import numpy as np
import pytest
from hypothesis import example, given

from core.augment.answers import Draws
from core.augment.catalog import KINDS, catalog, step_of
from core.augment.drawing import draw
from core.augment.outlines import boxes_of, outlines_of
from core.augment.pipelines import PIPELINES
from core.engine import EngineState
from core.lessons.augmentation import AugmentationLesson
from core.presets import PRESETS
from core.ui.augmentation import asking, taking
from core.ui.page import PAGES
from core.ui.share import query
from tests.pages.test_pages import FEW, errors, garbage, opened, sent, settings_drawn, words

SLUG = "augmentation"
(PAGE,) = [page for page in PAGES if page.slug == SLUG]


def drawn(request):
    """Draws of a stand-in: what was drawn is real, the pictures stay as they are."""
    height, width, channels = request.images.shape[1:]
    count, shape = request.draws, (height, width, channels)
    plans = [draw(request.pipeline, request.seed, n, shape) for n in range(count)]
    boxes = None
    if request.boxes is not None:
        keep = request.pipeline.keep_boxes
        own = request.boxes[0]
        boxes = tuple(boxes_of(outlines_of(n, own, height, width), keep) for n in range(count))
    masks = None if request.masks is None else np.stack([request.masks[0]] * count)
    shares = np.zeros((count, len(request.images)), np.float32)
    shares[:, 0] = 1
    trail = request.images[:0]
    if request.followed is not None:
        trail = np.stack([request.images[0]] * (1 + len(request.pipeline.steps)))
    images = np.stack([request.images[0]] * count)
    return Draws(images, tuple(plans), boxes, masks, shares, trail, 0.01)


@pytest.fixture
def ready(monkeypatch):
    monkeypatch.setattr(asking.engine, "status", lambda: EngineState("ready", 2))
    monkeypatch.setattr(asking.engine, "connect", lambda: None)
    monkeypatch.setattr(asking, "ask", lambda _, request: request)
    monkeypatch.setattr(asking, "answer", lambda request, _: drawn(request))


def board(at):
    return sent(at, "draws")


def test_without_an_engine_the_original_is_there_at_once_and_words_say_why(monkeypatch):
    monkeypatch.setattr(asking.engine, "status", lambda: EngineState("starting"))
    at = opened(SLUG)
    assert errors(at) == []
    assert "The engine is starting" in words(at)
    data = board(at)
    assert data["draws"] == []
    assert data["original"]["src"].startswith("data:image/")
    assert not at.error


def test_an_engine_that_fails_says_why(monkeypatch):
    failed = EngineState("failed", reason="No scheduler answers at tcp://nowhere.")
    monkeypatch.setattr(asking.engine, "status", lambda: failed)
    at = opened(SLUG)
    assert [error.value for error in at.error] == [failed.reason]
    assert board(at)["original"]["caption"] == "original"


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("mode", ["one", "pipeline", "boxes"])
@pytest.mark.parametrize("picture", ["photo", "shapes", "digit"])
def test_every_mode_shows_every_picture(mode, picture):
    at = opened(SLUG, augment_mode=mode, augment_picture=picture)
    assert errors(at) == []
    data = board(at)
    assert len(data["draws"]) == 8
    assert bool(data["trail"]) == (mode == "pipeline")
    assert (data["original"] is None) == (mode == "pipeline")
    assert bool(data["draws"][0]["frames"]) == (mode == "boxes")
    assert data["editable"] == (mode == "boxes" and picture == "photo")


@pytest.mark.usefixtures("ready")
def test_what_was_drawn_stands_below_each_draw():
    at = opened(SLUG, augment_step="rotation-degrees30", augment_seed="5")
    plan = draw(AugmentationLesson(augment_step="rotation-degrees30").pipeline, 5, 3, (9, 9, 3))
    angle = plan[0].values["angle"]
    assert board(at)["draws"][3]["caption"] == f"angle {angle:+.1f} degrees"


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("kind", KINDS)
def test_every_augmentation_has_its_controls(kind):
    at = opened(SLUG, augment_step=kind.replace("_", "."))
    assert errors(at) == []
    keys = {
        widget.key
        for name in ("select_slider", "selectbox", "toggle")
        for widget in at.get(name)
        if widget.key.startswith(f"augment_{kind}_")
    }
    names = {parameter.name for parameter in catalog()[kind].parameters}
    if getattr(step_of(kind), "fill", "") != "constant":
        names -= {"fill_value"}
    assert keys == {f"augment_{kind}_{name}" for name in (*names, "probability")}
    assert catalog()[kind].about in words(at)


@pytest.mark.usefixtures("ready")
def test_a_slider_of_the_step_changes_the_draws_and_the_link():
    at = opened(SLUG)
    before = board(at)["draws"][0]["caption"]
    at.select_slider(key="augment_rotation_degrees").set_value(90.0).run()
    assert errors(at) == []
    assert board(at)["draws"][0]["caption"] != before
    assert at.text_input(key="augment_step").value == "rotation-degrees90"
    at.button(key="augment_defaults").click().run()
    assert board(at)["draws"][0]["caption"] == before
    assert at.select_slider(key="augment_rotation_degrees").value == 20.0


@pytest.mark.usefixtures("ready")
def test_a_group_opens_with_its_first_augmentation():
    at = opened(SLUG)
    at.selectbox(key="augment_group").set_value("mixing").run()
    assert at.text_input(key="augment_step").value == "mix.up"
    assert len(board(at)["draws"][0]["shares"]) == 1  # the stand-in mixes nothing
    at.selectbox(key="augment_kind_4").set_value("mosaic").run()
    assert at.text_input(key="augment_step").value == "mosaic"


@pytest.mark.usefixtures("ready")
def test_a_new_draw_takes_another_seed():
    at = opened(SLUG)
    at.button(key="augment_again").click().run()
    assert at.select_slider(key="augment_seed").value != 0
    assert errors(at) == []


@pytest.mark.usefixtures("ready")
def test_one_augmentation_is_added_to_the_pipeline():
    at = opened(SLUG, augment_step="cutout-side40")
    at.button(key="augment_append").click().run()
    assert at.selectbox(key="augment_mode").value == "pipeline"
    assert at.text_input(key="augment_steps").value.endswith("_cutout-side40")
    assert sent(at, "pipeline_rows")["rows"][-1]["side"] == 40


@pytest.mark.usefixtures("ready")
def test_a_named_pipeline_is_taken_and_named():
    at = opened(SLUG, augment_mode="pipeline")
    at.session_state["pipeline_menu"] = True
    at.run()
    at.button(key="pipeline_flowers").click().run()
    assert errors(at) == []
    kinds = [row["kind"] for row in sent(at, "pipeline_rows")["rows"]]
    assert kinds == ["flip_horizontal", "rotation", "zoom"]
    assert PIPELINES["flowers"].about in words(at)
    assert len(board(at)["trail"]) == 4


@pytest.mark.usefixtures("ready")
def test_a_pipeline_comes_from_a_file_with_its_rule_for_boxes():
    at = opened(SLUG, augment_mode="boxes")
    spec = PIPELINES["medium"].spec.model_copy(update={"keep_boxes": 0.6})
    at.file_uploader(key="pipeline_file").set_value(
        ("medium.json", spec.model_dump_json().encode(), "application/json")
    ).run()
    assert errors(at) == []
    kinds = [row["kind"] for row in sent(at, "pipeline_rows")["rows"]]
    assert kinds == [step.kind for step in spec.steps]
    assert at.select_slider(key="augment_keep").value == 60
    at.file_uploader(key="pipeline_file").set_value(
        ("odd.json", b'{"steps": 7}', "application/json")
    ).run()
    assert any("no pipeline" in error.value for error in at.error)
    assert len(sent(at, "pipeline_rows")["rows"]) == len(spec.steps)


@pytest.mark.usefixtures("ready")
def test_boxes_are_counted_in_words():
    at = opened(SLUG, augment_mode="boxes", photo="astronaut", augment_draws="4")
    assert "Of 12 boxes in 4 draws, **12 are kept**" in words(at)
    own = opened(SLUG, augment_mode="boxes", augment_boxes="100-100-500-500-ear")
    assert [box["name"] for box in board(own)["original"]["frames"]] == ["ear"]


def test_boxes_that_cannot_be_read_are_told():
    at = opened(SLUG, augment_mode="boxes", augment_boxes="1-2-3")
    assert any("Box 1" in error.value for error in at.error)
    assert [box["name"] for box in board(at)["original"]["frames"]] == ["eye", "eye", "nose"]


@pytest.mark.parametrize("text", ["nonsense", "zoom-smallest120-largest80"])
def test_a_pipeline_that_cannot_be_applied_is_told_and_the_original_stays(text):
    at = opened(SLUG, augment_mode="pipeline", augment_steps=text, view="training")
    assert errors(at) == []
    assert "Step 1" in at.error[0].value
    assert "no pipeline to train with" in words(at)


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_for_one_and_for_many(view):
    for mode in ("one", "pipeline"):
        at = opened(SLUG, view=view, augment_mode=mode)
        assert errors(at) == []
        assert at.segmented_control(key="view").value == view


def test_a_turn_of_a_digit_is_not_safe_and_the_example_is_shown():
    at = opened(
        SLUG, view="safety", augment_picture="digit", augment_step="rotation-degrees180"
    )
    assert at.segmented_control(key="safety_shown").value == "digits"
    assert "Not safe for digits" in words(at)
    captions = [tile["caption"] for tile in sent(at, "safety_examples")["tiles"]]
    assert captions[:2] == ["6", "taken for 9"]
    safe = opened(
        SLUG, view="safety", augment_picture="digit", augment_step="rotation-degrees9"
    )
    assert "No harm to digits is known" in words(safe)


@pytest.mark.parametrize("target", taking.TARGETS)
def test_the_code_of_every_library_stands_on_the_page(target):
    at = opened(SLUG, view="code", augment_mode="pipeline")
    at.segmented_control(key="augment_code_for").set_value(target).run()
    assert errors(at) == []
    source = at.code[0].value
    compile(source, "script", "exec")
    library = {"keras": "keras", "keras_cv": "keras_cv", "tf_data": "tensorflow",
               "albumentations": "albumentations"}[target]  # fmt: skip
    assert f"import {library}" in source


def test_predicting_hides_what_was_drawn_until_the_share_is_guessed(ready):
    at = opened(SLUG, predict="true", augment_mode="pipeline", augment_steps="flip.horizontal")
    assert board(at)["draws"] == []
    assert {one["name"] for one in sent(at, "pipeline_rows")["beside"]} == {""}
    (box,) = at.number_input
    box.set_value(50.0).run()
    assert "Right: 50" in words(at)
    assert {cell["caption"] for cell in board(at)["draws"]} == {"Flip left-right", "unchanged"}


@pytest.mark.parametrize(
    "preset", [p for p in PRESETS.values() if p.lesson.page == SLUG], ids=lambda p: p.slug
)
def test_every_preset_opens_as_a_link_would(ready, preset):
    at = opened(SLUG, **query(preset.lesson))
    assert errors(at) == []
    assert not at.warning
    assert not at.error
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)
    assert len(board(at)["draws"]) == preset.lesson.augment_draws


def test_a_lesson_starts_with_its_defaults():
    at = opened(SLUG)
    shown = settings_drawn(at, AugmentationLesson())
    assert shown == {name: getattr(AugmentationLesson(), name) for name in shown}
    assert len(shown) >= 10
    assert dict(at.query_params) == {}


@given(garbage(AugmentationLesson))
@FEW
@example({"augment_step": "rotation-degrees", "augment_mode": "one"})
@example({"augment_mode": "boxes", "augment_steps": "", "augment_boxes": "0-0-9-9-"})
@example({"augment_mode": "pipeline", "augment_followed": "16", "augment_draws": "1"})
def test_any_link_opens(link):
    at = opened(SLUG, **link)
    assert errors(at) == []
    lesson, notices = AugmentationLesson.nearest(link)
    told = " ".join(warning.value for warning in at.warning)
    assert all(notice in told for notice in notices)
    shown = settings_drawn(at, lesson)
    assert {name: getattr(lesson, name) for name in shown} == shown


def test_the_same_question_is_asked_once(monkeypatch, ready):
    asked = []
    monkeypatch.setattr(asking, "ask", lambda _, request: asked.append(request) or request)
    monkeypatch.setattr(asking, "_kept", type(asking._kept)())
    at = opened(SLUG, augment_seed="77")
    at.run()
    assert len(asked) == 1
    assert json.loads(asked[0].pipeline.model_dump_json())["steps"][0]["kind"] == "rotation"


def test_an_answer_that_is_late_is_waited_for_in_words(monkeypatch, ready):
    def late(*_):
        raise TimeoutError

    class Pending:
        status = "pending"

    monkeypatch.setattr(asking, "ask", lambda *_: Pending())
    monkeypatch.setattr(asking, "answer", late)
    at = opened(SLUG, augment_seed="78")
    assert errors(at) == []
    assert asking.BUSY in words(at)
    assert board(at)["original"]["caption"] == "original"
