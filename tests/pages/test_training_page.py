"""The training page: bare, with every preset, every view, odd links. No engine runs."""

import pytest

from core.lessons.training import TrainingLesson
from core.presets import PRESETS
from core.ui.page import PAGES
from core.ui.share import query
from tests.pages.test_pages import errors, opened, settings_drawn, words

PAGE = next(page for page in PAGES if page.slug == "training")


def test_it_starts_with_the_defaults_and_an_empty_link():
    at = opened("training")
    assert errors(at) == []
    shown = settings_drawn(at, TrainingLesson())
    assert len(shown) >= 15
    assert shown == {name: getattr(TrainingLesson(), name) for name in shown}
    assert dict(at.query_params) == {}
    assert {"run_start", "run_start_paused"} <= {button.key for button in at.button}
    assert any("Press **Start**" in info.value for info in at.info)


@pytest.mark.parametrize("view", PAGE.views)
def test_every_view_opens_before_there_is_a_run(view):
    at = opened("training", view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view


@pytest.mark.parametrize("preset", PRESETS.for_page("training"), ids=lambda p: p.slug)
def test_every_preset_opens_as_a_link_would(preset):
    at = opened("training", **query(preset.lesson))
    assert errors(at) == []
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert any(preset.title in info.value for info in at.info)


@pytest.mark.parametrize("preset", PRESETS.for_page("training"), ids=lambda p: p.slug)
def test_every_preset_is_a_run(preset):
    spec = preset.lesson.run_spec()
    assert spec.batch_size == preset.lesson.batch_size
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


def test_the_iterations_of_the_lecture_stand_beside_the_batch_size():
    assert "60,000 / 32 = 1,875 an epoch" in words(opened("training", batch_size="32"))


def test_the_published_network_has_its_parameters():
    text = words(opened("training", view="code"))
    assert "61,706 parameters" in text
    assert "keras.optimizers.Adam" in text


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"learning_rate": "100"}, "Learning rate cannot be '100'"),
        ({"optimizer": "magic"}, "Optimiser cannot be 'magic'"),
        ({"epochs": "-3"}, "Epochs cannot be '-3'"),
        ({"network": "own", "layers": "nonsense"}, ""),
        ({"dataset": "own"}, ""),
        ({"dataset": "mnist", "view": "data"}, ""),
    ],
)
def test_odd_links_open_and_say_what_was_wrong(link, told):
    at = opened("training", **link)
    assert errors(at) == []
    assert told in " ".join(warning.value for warning in at.warning)


def test_a_hidden_control_is_not_drawn():
    at = opened("training", hide="learning_rate")
    assert not [slider for slider in at.select_slider if slider.key == "learning_rate"]
