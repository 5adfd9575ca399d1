"""The network's view: what stands beside rows, what it costs, the named networks, the code."""

import pytest
from streamlit.testing.v1 import AppTest

from core.architecture import PRESETS, decode, totals, trace
from core.ui.architecture import beside, bytes_in_words

MNIST = (28, 28, 1)


def page() -> None:
    """A page with nothing but the network on it."""
    import streamlit as st

    from core.lessons.architecture import ArchitectureFields
    from core.ui import architecture, refresh, state
    from core.ui.controls import Controls

    class Lesson(ArchitectureFields):
        page = "scratch"

    @st.fragment(key=refresh.STAGE)
    def stage() -> None:
        """Nothing."""

    @st.fragment(key=refresh.SETTINGS)
    def settings() -> None:
        controls = Controls(Lesson, refresh.SETTINGS, refresh.everything)
        architecture.draw_settings(controls)
        controls.settle()

    @st.fragment(key=refresh.VIEW)
    def view() -> None:
        architecture.show(Lesson, (28, 28, 1), 10)

    stage()
    settings()
    view()
    architecture.load_components()
    st.session_state["_test_lesson"] = state.current(Lesson).model_dump()


def opened(**link: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=60)
    for name, value in link.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def texts(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.error))


def test_lenet_is_described_and_counted():
    text = texts(opened())
    assert "**LeNet-5.**" in text
    assert "LeCun et al. 1998" in text
    assert "**61,706 parameters**, 247 KB" in text
    assert "**416,520 multiply-adds**" in text
    assert "batches of 32" in text


def test_running_statistics_are_counted_apart():
    assert "(of them 560 running statistics)" in texts(opened(network="resnet"))


def test_a_link_brings_own_rows():
    at = opened(network="own", layers="flatten_dense-u20")
    assert at.session_state["_test_lesson"]["layers"] == "flatten_dense-u20"
    assert "**15,910 parameters**" in texts(at)  # 785 x 20 + 21 x 10
    assert at.text_input(key="layers").value == "flatten_dense-u20"


def test_own_rows_that_cannot_be_read_are_explained_and_kept():
    at = opened(network="own", layers="konv-f6")
    assert at.text_input(key="layers").value == "konv-f6"
    assert len(at.error) == 2  # at the text, and above the editor
    assert all("'konv' is no kind of row" in error.value for error in at.error)


def test_a_click_takes_a_named_network():
    at = opened()
    at.session_state["network_menu"] = True
    at.run()
    at.button(key="network_vit").click().run()
    assert not at.exception
    assert at.session_state["network"] == "vit"
    assert "**19,594 parameters**" in texts(at)


def test_the_menu_counts_the_parameters_of_every_network():
    at = opened()
    at.session_state["network_menu"] = True
    at.run()
    for slug, named in PRESETS.items():
        count = totals(trace(named.architecture, MNIST, 10)).parameters
        button = at.button(key=f"network_{slug}")
        assert button.label == f"{named.title} ({count:,})"
        assert named.source in button.help


def test_the_code_is_the_networks():
    at = opened(initializer="he_normal")
    at.session_state["network_code"] = True
    at.run()
    assert not at.exception
    (code,) = at.code
    assert "# 61,706 parameters." in code.value
    assert 'kernel_initializer="he_normal"' in code.value
    at.segmented_control(key="network_api").set_value("sequential").run()
    assert "keras.Sequential(" in at.code[0].value


def test_code_that_cannot_be_written_says_why():
    at = opened(network="resnet")
    at.session_state["network_code"] = True
    at.run()
    at.segmented_control(key="network_api").set_value("sequential").run()
    assert not at.code
    assert "residual_1 has a skip connection" in at.info[0].value


def test_examples_that_rows_cannot_say():
    at = opened()
    at.session_state["network_beyond"] = True
    at.run()
    assert "**Two branches on one input: 415,045 parameters.**" in texts(at)
    assert "layers.Concatenate()" in at.code[0].value


def test_a_row_is_shown_with_its_arithmetic_and_share():
    rows = trace(PRESETS["lenet"].architecture, MNIST, 10)
    shown = [beside(row, 61_706) for row in rows]
    assert shown[1].cells == ("28 x 28 x 6", "156")
    assert shown[1].details == [
        "Parameters: (5 x 5 x 1 + 1) x 6 = 156",
        "Multiply-adds: 28 x 28 x 6 x (5 x 5 x 1) = 117,600",
    ]
    assert shown[2].cells == ("14 x 14 x 6", "")
    assert sum(one.share or 0 for one in shown) == pytest.approx(1)


def test_a_problem_stands_at_its_row_and_the_others_wait():
    shown = [beside(row, 0) for row in trace(decode("conv_dense_dense"), MNIST, 10)]
    assert "Dense needs a vector" in shown[2].problem
    assert [one.problem for one in shown[3:]] == ["", ""]
    assert [one.note for one in shown[3:]] == ["Waits for row 2.", "Waits for row 2."]
    assert all(one.share is None for one in shown)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 KB"), (246_824, "247 KB"),
     (61_706 * 4 * 400, "98.7 MB"), (320_000_000, "320 MB"), (2_500_000_000, "2.5 GB")],
)  # fmt: skip
def test_memory_is_told_in_three_figures(count, text):
    assert bytes_in_words(count) == text
