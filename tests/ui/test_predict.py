"""A guess is judged, and only then is the reasoning shown."""

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.predict import Question


def ask_two(case: str) -> None:
    """A page that asks two questions and keeps what it was told."""
    import streamlit as st

    from core.ui import predict, refresh

    questions = [
        predict.Question("size", "How large?", (3, 4), ("Height", "Width"), "5 - 3 + 1 = 3."),
        predict.Question("value", "What value?", (1 / 3,), ("Value",), "1 * 1/3."),
    ]

    @st.fragment(key=refresh.STAGE)
    def stage() -> None:
        st.session_state["_test_done"] = predict.ask(questions, case=case)
        st.session_state["_test_all"] = predict.answered(questions, case=case)
        st.session_state["_test_on"] = predict.on()
        predict.switch()

    @st.fragment(key=refresh.VIEW)
    def view() -> None:
        pass

    stage()
    view()


def asked(case: str = "a", **link: str) -> AppTest:
    at = AppTest.from_function(ask_two, default_timeout=60, args=(case,))
    for name, value in link.items():
        at.query_params[name] = value
    return at.run()


def guess(at: AppTest, *guesses: float | None) -> AppTest:
    for box, value in zip(at.number_input, guesses, strict=False):
        box.set_value(value)
    at.run()
    assert not at.exception
    return at


def done(at: AppTest) -> tuple[set[str], bool]:
    return set(at.session_state["_test_done"]), at.session_state["_test_all"]


def test_nothing_is_given_away_before_a_guess():
    at = asked()
    assert [box.label for box in at.number_input] == ["Height", "Width", "Value"]
    assert all(box.value is None for box in at.number_input)
    assert done(at) == (set(), False)
    assert not at.success
    assert not at.error
    assert "5 - 3" not in "".join(text.value for text in at.markdown)


def test_half_a_guess_is_none():
    assert done(guess(asked(), 3)) == (set(), False)


def test_a_right_guess_is_praised_with_the_reason():
    at = guess(asked(), 3, 4)
    assert [praise.value for praise in at.success] == ["Right: 3 x 4. 5 - 3 + 1 = 3."]
    assert done(at) == ({"size"}, False)


def test_a_wrong_guess_is_shown_beside_the_answer():
    at = guess(asked(), 4, 3)
    assert [told.value for told in at.error] == ["Not 4 x 3 but 3 x 4. 5 - 3 + 1 = 3."]
    assert done(at) == ({"size"}, False)


@pytest.mark.parametrize(("value", "right"), [(0.333, True), (0.334, True), (0.33, False)])
def test_three_decimals_are_enough(value, right):
    at = guess(asked(), None, None, value)
    assert bool(at.success) == right
    assert bool(at.error) != right
    assert "0.333" in (at.success or at.error)[0].value
    # Without the backslash Markdown would set what stands between two stars in italics.
    assert "1 \\* 1/3" in (at.success or at.error)[0].value


def test_when_all_is_guessed_all_may_be_shown():
    assert done(guess(asked(), 9, 9, 9)) == ({"size", "value"}, True)


def test_other_settings_start_with_empty_boxes():
    first = guess(asked("a"), 3, 4, 1)
    assert done(first)[1]
    at = AppTest.from_function(ask_two, default_timeout=60, args=("b",))
    for name in ("guess_size_0_a", "guess_size_1_a", "guess_value_0_a"):
        at.session_state[name] = 1.0
    assert done(at.run()) == (set(), False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("true", True), ("True", True), ("false", False), ("maybe", False), ("", False)],
)
def test_the_switch_is_known_before_it_is_drawn(written, expected):
    at = asked(predict=written)
    assert at.session_state["_test_on"] == expected
    assert at.toggle(key="predict").value == expected


def test_the_switch_is_trusted_more_than_the_link():
    at = asked(predict="true")
    at.toggle(key="predict").set_value(False).run()
    assert not at.session_state["_test_on"]


def test_a_question_has_a_box_for_each_answer():
    question = Question("size", "How large?", (3, 4), ("Height", "Width"), "So.")
    assert len(question.answer) == len(question.boxes)
