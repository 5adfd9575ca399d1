"""Settings between reruns: link, widgets, memory and presets, in this order of trust."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.errors import StreamlitAPIException
from streamlit.testing.v1 import AppTest

from core.lessons.convolution import ConvolutionLesson
from core.ui import refresh, state


def script() -> None:
    """Read the settings and keep what was found for the test."""
    import streamlit as st

    from core.lessons.convolution import ConvolutionLesson
    from core.ui import state

    if preset := st.session_state.get("_test_assign"):
        state.assign(ConvolutionLesson(**preset))
        st.session_state["_test_assign"] = None
    lesson, notices = state.read(ConvolutionLesson)
    st.session_state["_test_found"] = (lesson.model_dump(), notices)
    st.session_state["_test_hidden"] = state.hidden()
    if st.session_state.get("_test_remember"):
        state.remember(lesson)


def found(link=None, session=None) -> tuple[ConvolutionLesson, list[str], AppTest]:
    at = AppTest.from_function(script, default_timeout=60)
    for name, value in (link or {}).items():
        at.query_params[name] = value
    for name, value in (session or {}).items():
        at.session_state[name] = value
    return (*result(at.run()), at)


def result(at: AppTest) -> tuple[ConvolutionLesson, list[str]]:
    assert not at.exception
    values, notices = at.session_state["_test_found"]
    return ConvolutionLesson(**values), notices


def test_nothing_known_gives_the_defaults():
    lesson, notices, _ = found()
    assert (lesson, notices) == (ConvolutionLesson(), [])


def test_a_link_is_read():
    lesson, notices, _ = found({"stride_height": "2", "flip": "true", "bias_value": "-1.5"})
    assert lesson == ConvolutionLesson(stride_height=2, flip=True, bias_value=-1.5)
    assert notices == []


def test_a_widget_is_trusted_more_than_the_link():
    lesson, _, _ = found({"stride_height": "2", "height": "9"}, {"stride_height": 3})
    assert (lesson.stride_height, lesson.height) == (3, 9)


def test_what_is_remembered_is_trusted_more_than_the_link():
    memory = ConvolutionLesson(stride_height=3).model_dump()
    lesson, _, _ = found({"stride_height": "2"}, {"_lesson_convolution": memory})
    assert lesson.stride_height == 3


def test_a_widget_that_is_not_drawn_keeps_its_value():
    _, _, at = found({"stride_height": "2"}, {"_test_remember": True})
    del at.query_params["stride_height"]
    assert result(at.run())[0].stride_height == 2


def test_values_that_do_not_fit_are_told_and_put_right():
    lesson, notices, at = found(session={"dilation_height": 4})
    assert lesson.dilation_height == 2
    assert len(notices) == 1
    assert "Dilation is now 2 instead of 4" in notices[0]
    assert at.session_state["dilation_height"] == 2
    assert result(at.run()) == (lesson, [])


def test_a_preset_sets_every_value():
    preset = {"stride_height": 2, "height": 7, "image": "cross"}
    lesson, notices, at = found(
        {"flip": "true", "height": "4"}, {"kernel_height": 2, "_test_assign": preset}
    )
    assert (lesson, notices) == (ConvolutionLesson(**preset), [])
    for name, value in ConvolutionLesson(**preset).model_dump().items():
        assert at.session_state[name] == value


@pytest.mark.parametrize(
    ("asked", "hidden"),
    [
        (["stride", "dilation"], {"stride", "dilation"}),
        (["stride,dilation"], {"stride", "dilation"}),
        ([" stride , ,seed", "groups"], {"stride", "seed", "groups"}),
        ([], set()),
        ([","], set()),
    ],
)
def test_hide_takes_several_words_and_commas(asked, hidden):
    _, _, at = found({"hide": asked} if asked else {})
    assert at.session_state["_test_hidden"] == hidden


def test_the_chosen_words_replace_those_of_the_link():
    _, _, at = found({"hide": ["stride"]}, {"hide": []})
    assert at.session_state["_test_hidden"] == frozenset()


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("stride_height", "stride", True),
        ("stride_width", "stride_width", True),
        ("stride_height", "stride_width", False),
        ("pad_top", "pad", True),
        ("padding", "pad", False),
        ("padding_mode", "padding", True),
        ("height", "heigh", False),
        ("kernel_height", "height", False),
    ],
)
def test_a_control_is_hidden_by_its_name_or_its_family(name, word, expected):
    assert state.is_hidden(name, frozenset({word, "seed"})) == expected


@given(st.sampled_from(sorted(ConvolutionLesson.model_fields)))
def test_nothing_is_hidden_unless_asked(name):
    assert not state.is_hidden(name, frozenset())
    assert state.is_hidden(name, frozenset({name}))


def test_a_part_sets_its_widgets_once_after_a_preset():
    def parts() -> None:
        import streamlit as st

        from core.lessons.convolution import ConvolutionLesson
        from core.ui import refresh, state

        seen = [state.is_assigned(refresh.STAGE)]
        state.assign(ConvolutionLesson())
        seen += [state.is_assigned(refresh.STAGE), state.is_assigned(refresh.SETTINGS)]
        state.settled(refresh.STAGE)
        seen += [state.is_assigned(refresh.STAGE), state.is_assigned(refresh.SETTINGS)]
        st.session_state["_test_seen"] = seen

    at = AppTest.from_function(parts, default_timeout=60).run()
    assert not at.exception
    assert at.session_state["_test_seen"] == [False, True, True, False, True]


def test_notices_stand_until_the_settings_change():
    def notes() -> None:
        import streamlit as st

        from core.lessons.convolution import ConvolutionLesson
        from core.ui import state

        lesson, other = ConvolutionLesson(), ConvolutionLesson(height=6)
        state.note(lesson, ["One."])
        state.note(lesson, [])
        state.note(lesson, ["Two.", "One."])
        st.session_state["_test_notes"] = (state.notices(lesson), state.notices(other))

    at = AppTest.from_function(notes, default_timeout=60).run()
    assert not at.exception
    assert at.session_state["_test_notes"] == (["One.", "Two."], [])


# Echoes: what a message says of widgets that it was not sent for


def test_messages_are_told_apart_by_the_part_that_sent_them(monkeypatch):
    ids = {"stage_part": ["a"], "settings_part": ["b", "c"]}
    storage = SimpleNamespace(resolve_target=ids.__getitem__)
    context = SimpleNamespace(fragment_storage=storage, fragment_ids_this_run=None)
    monkeypatch.setattr(refresh, "get_script_run_ctx", lambda: context)
    told = {}
    for running in (None, ["a"], ["c"], ["a", "b"], ["timer"], ["timer", "b"]):
        context.fragment_ids_this_run = running
        told[str(running)] = refresh.sent_by(refresh.SETTINGS)
    assert list(told.values()) == ["yes", "no", "yes", "among others", "no", "among others"]


@pytest.mark.parametrize("back", [True, False])
def test_steps_in_the_history_are_known(back, monkeypatch):
    context = SimpleNamespace(is_history_navigation=back)
    monkeypatch.setattr(refresh, "get_script_run_ctx", lambda: context)
    assert refresh.by_history() is back


def test_a_part_that_was_never_drawn_sends_for_itself(monkeypatch):
    def unknown(_part):
        raise StreamlitAPIException("never drawn")

    storage = SimpleNamespace(resolve_target=unknown)
    context = SimpleNamespace(fragment_storage=storage, fragment_ids_this_run=["a"])
    monkeypatch.setattr(refresh, "get_script_run_ctx", lambda: context)
    assert refresh.sent_by(refresh.SETTINGS) == "yes"


def echoing() -> None:
    """Assign, then hear of other values, as a callback would."""
    import streamlit as st

    from core.lessons.convolution import ConvolutionLesson
    from core.ui import refresh, state

    for stride, heard, sender, *further in st.session_state["_test_story"]:
        if stride:
            state.assign(ConvolutionLesson(stride_height=stride))
        refresh.sent_by = lambda part, said=sender: said
        options = further[0] if further else {}
        back = options.get("history", False)
        refresh.by_history = lambda told=back: told
        for name, value in ({"stride_height": heard} | options.get("with", {})).items():
            st.session_state[name] = value
        if passed := options.get("seconds"):
            later = state.monotonic() + passed
            state.monotonic = lambda now=later: now
        told = state.changed(
            ConvolutionLesson,
            "stride_height",
            refresh.SETTINGS,
            follows=options.get("follows", False),
        )
        st.session_state["_test_told"] = (told, st.session_state["stride_height"])


@pytest.mark.parametrize(
    ("story", "told"),
    [
        ([(2, 1, "no")], (False, 2)),  # a timer that knew only the old value
        ([(2, 3, "no")], (False, 2)),
        ([(2, 1, "among others")], (False, 2)),  # merged with the run after `assign`
        ([(2, 3, "among others")], (True, 3)),  # nobody had assigned 3: a person
        ([(2, 1, "yes")], (True, 1)),  # back by hand
        ([(2, 2, "no"), (3, 4, "no"), (4, 2, "among others")], (False, 4)),  # two steps late
        ([(2, 1, "yes"), (0, 1, "among others")], (True, 1)),  # wanted once, wanted still
        ([(2, 1, "yes", {"follows": True})], (False, 2)),  # the stage rests, nobody did that
        ([(2, 3, "yes", {"follows": True})], (True, 3)),  # and a person meanwhile
        ([(2, 1, "yes", {"with": {"pad_height": 1}})], (False, 2)),  # of another widget
        ([(2, 3, "yes", {"with": {"pad_height": 1}})], (True, 3)),
        ([(2, 1, "yes", {"with": {"pad_height": 1}, "history": True})], (True, 1)),
        ([(2, 1, "among others", {"seconds": 60})], (True, 1)),  # nothing is so long on its way
    ],
)
def test_an_echo_does_not_undo_what_code_has_set(story, told, monkeypatch):
    for module, name in ((refresh, "sent_by"), (refresh, "by_history"), (state, "monotonic")):
        monkeypatch.setattr(module, name, getattr(module, name))
    at = AppTest.from_function(echoing, default_timeout=60)
    at.session_state["_test_story"] = story
    at.run()
    assert not at.exception
    assert at.session_state["_test_told"] == told


def two_pages() -> None:
    """Enter the page that the test names; both have a data set."""
    import streamlit as st

    from core.lessons.training import TrainingLesson
    from core.lessons.transfer import TransferLesson
    from core.ui import state

    kind = TrainingLesson if st.session_state["_test_page"] == "training" else TransferLesson
    if st.session_state.get("_test_entered") != kind.page:
        state.arrive(kind)
        st.session_state["_test_entered"] = kind.page
    if chosen := st.session_state.get("_test_assign"):
        state.assign(state.current(kind).model_copy(update=chosen))
        st.session_state["_test_assign"] = None
    st.session_state["_test_found"] = state.current(kind).model_dump()


def test_a_setting_of_the_same_name_on_another_page_changes_nothing_here():
    at = AppTest.from_function(two_pages, default_timeout=60)

    def entered(page, assign=None):
        at.session_state["_test_page"] = page
        at.session_state["_test_assign"] = assign
        at.run()
        assert not at.exception
        found = at.session_state["_test_found"]
        return found["dataset"], found["image_size"]

    assert entered("training", {"dataset": "textures", "image_size": 64}) == ("textures", 64)
    assert entered("transfer") == ("shapes", 224)
    assert entered("transfer", {"dataset": "faces"}) == ("faces", 224)
    assert entered("training") == ("textures", 64)
    assert entered("transfer") == ("faces", 224)
