"""Every page opens: as it is, with each preset, and with any link, however odd."""

import ast
import json
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.lessons.backprop import BackpropLesson
from core.lessons.base import Lesson, bounds, options
from core.lessons.convolution import ConvolutionLesson
from core.lessons.descent import DescentLesson
from core.lessons.kernels import KernelLesson
from core.lessons.normalization import NormLesson
from core.lessons.pixels import PixelLesson
from core.lessons.pooling import PoolingLesson
from core.lessons.softmax import SoftmaxLesson
from core.presets import PRESETS, Preset
from core.ui.page import PAGES
from core.ui.share import query

ROOT = Path(__file__).parents[2]
LESSONS: dict[str, type[Lesson]] = {
    "convolution": ConvolutionLesson,
    "image": PixelLesson,
    "kernels": KernelLesson,
    "pooling": PoolingLesson,
    "normalisation": NormLesson,
    "descent": DescentLesson,
    "backprop": BackpropLesson,
    "softmax": SoftmaxLesson,
}
VIEWS = {
    "convolution": ("facts", "matrix", "photo", "code", "notes"),
    "image": ("facts", "histogram", "vector", "code", "notes"),
    "kernels": (
        "facts",
        "row",
        "factors",
        "frequency",
        "edges",
        "exercise",
        "learn",
        "code",
        "notes",
    ),
    "pooling": ("facts", "shift", "photo", "code", "notes"),
    "normalisation": ("facts", "algorithm", "running", "histograms", "code", "notes"),
    "descent": ("facts", "code", "notes"),
    "backprop": ("facts", "code", "notes"),
    "softmax": ("facts", "code", "notes"),
}
COMPONENTS = {
    "convolution": "receptive_stage",
    "image": "receptive_pixels",
    "kernels": "receptive_bench",
    "pooling": "receptive_chain",
    "normalisation": "receptive_block",
    "descent": "receptive_descent",
    "backprop": "receptive_backprop",
    "softmax": "receptive_softmax",
}
CODES = {
    "convolution": {"receptive_stage_code", "receptive_matrix_code"},
    "image": {"receptive_pixels_code"},
    "kernels": {
        "receptive_bench_code",
        "receptive_photo_code",
        "receptive_grids_code",
        "receptive_learning_code",
        "receptive_plots_code",
    },
    "pooling": {"receptive_chain_code"},
    "normalisation": {
        "receptive_block_code",
        "receptive_bars_code",
        "receptive_curves_code",
    },
    "descent": {"receptive_descent_code"},
    "backprop": {"receptive_backprop_code"},
    "softmax": {"receptive_softmax_code"},
}
BESIDE = {"kernels": {"receptive_photo"}}
"""Components that carry what the stage need not send again."""
WIDGETS = ("select_slider", "selectbox", "toggle", "number_input", "text_input")


def opened(page: str, **link: str | list[str]) -> AppTest:
    """The page as somebody finds it who follows a link to it."""
    at = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60)
    for name, value in link.items():
        at.query_params[name] = value
    return at.switch_page(f"pages/{page}.py").run()


def errors(at: AppTest) -> list[str]:
    return [exception.message for exception in at.exception]


def words(at: AppTest) -> str:
    kinds = ("markdown", "info", "success", "error", "warning", "caption", "latex", "code")
    return "\n".join(str(element.value) for kind in kinds for element in at.get(kind))


def sent(at: AppTest, key: str) -> dict:
    """What the component of that key was sent; it travels in a list of one."""
    found = [part.proto for part in at.get("bidi_component") if part.key == key]
    assert len(found) == 1
    (data,) = json.loads(found[0].json)
    return data


def settings_drawn(at: AppTest, lesson: Lesson) -> dict:
    """The value that each drawn control of the lesson shows."""
    fields = type(lesson).model_fields
    return {
        widget.key: widget.value
        for kind in WIDGETS
        for widget in at.get(kind)
        if widget.key in fields
    }


def grids(text: str) -> list[list[float]]:
    return [
        [float(word) for word in plane.replace("/", " ").split()] for plane in text.split("|")
    ]


# The pages as they are


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_page_opens_with_its_heading(page):
    at = opened(page.slug)
    assert errors(at) == []
    assert [title.value for title in at.title] == [page.title]
    assert not at.warning
    assert not at.error
    keys = {part.key for part in at.get("bidi_component")}
    assert bool(keys) == bool(page.section)
    assert at.sidebar.file_uploader


def test_the_entry_point_shows_home_and_an_image():
    at = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60).run()
    assert errors(at) == []
    assert [title.value for title in at.title] == ["Receptive"]
    assert at.sidebar.selectbox(key="photo").value == "chelsea"


def test_home_links_every_page_and_every_preset():
    at = opened("home")
    targets = [(link.proto.page, link.proto.label) for link in at.get("page_link")]
    labels = [label for _, label in targets]
    assert {f"**{page.title}**" for page in PAGES if page.section} <= set(labels)
    assert {preset.title for preset in PRESETS.values()} <= set(labels)
    at.text_input(key="preset_search").set_value("dumoulin odd").run()
    found = {link.proto.label for link in at.get("page_link")}
    assert "Padding, strides (odd)" in found
    assert "The worked example" not in found
    at.text_input(key="preset_search").set_value("xyzzy").run()
    assert "No preset has 'xyzzy'" in words(at)


@pytest.mark.parametrize("slug", LESSONS)
def test_a_lesson_starts_with_its_defaults(slug):
    at = opened(slug)
    start = LESSONS[slug]()
    shown = settings_drawn(at, start)
    assert shown == {name: getattr(start, name) for name in shown}
    assert len(shown) >= 10
    assert dict(at.query_params) == {}


@pytest.mark.parametrize(
    ("slug", "view"), [(s, v) for s, views in VIEWS.items() for v in views]
)
def test_every_view_opens(slug, view):
    at = opened(slug, view=view)
    assert errors(at) == []
    assert at.segmented_control(key="view").value == view
    assert at.segmented_control(key="view").options == list(VIEWS[slug])


def test_the_code_view_holds_the_script():
    assert "import keras" in opened("convolution", view="code").code[0].value
    assert "import keras" in opened("image", view="code").code[0].value
    assert "MaxPooling2D" in opened("pooling", view="code").code[0].value
    assert "BatchNormalization" in opened("normalisation", view="code").code[0].value
    for slug in ("descent", "backprop", "softmax"):
        assert "import keras" in opened(slug, view="code").code[0].value


def test_the_notes_are_those_of_the_page():
    assert "equivariant" in words(opened("convolution", view="notes"))
    assert "Grey is the mean" in words(opened("image", view="notes"))
    assert "Pooling has weights" in words(opened("pooling", view="notes"))
    assert "the share that stays" in words(opened("normalisation", view="notes"))
    assert "Adam needs no learning rate" in words(opened("descent", view="notes"))
    assert "Backpropagation is the learning" in words(opened("backprop", view="notes"))
    assert "from_logits" in words(opened("softmax", view="notes"))


# Presets


@pytest.mark.parametrize(
    "preset",
    [preset for preset in PRESETS.values() if preset.lesson.page in LESSONS],
    ids=lambda preset: preset.slug,
)
def test_every_preset_opens_as_a_link_would(preset: Preset):
    slug = preset.lesson.page
    number = list(PRESETS).index(preset.slug)
    view = "facts" if preset.expect.parameters else VIEWS[slug][number % len(VIEWS[slug])]
    at = opened(slug, view=view, **query(preset.lesson))
    assert errors(at) == []
    assert not at.warning
    assert not at.error
    assert len(at.title) == 1
    shown = settings_drawn(at, preset.lesson)
    assert shown == {name: getattr(preset.lesson, name) for name in shown}
    assert len(shown) >= 10
    assert any(preset.title in info.value for info in at.info)
    CHECKS[slug](at, preset)


def check_stage(at: AppTest, preset: Preset) -> None:
    data, expect = sent(at, "stage"), preset.expect
    if expect.rows is not None:
        assert data["output"] == grids(expect.rows)
    if expect.shape is not None:
        height, width, filters = expect.shape
        assert data["titles"]["output"] == f"Output {height} x {width} x {filters}"
        assert [len(plane) for plane in data["output"]] == [height * width] * filters
    for count in (expect.parameters, expect.dense):
        assert count is None or f"{count}" in words(at).replace(",", "")


def check_boards(at: AppTest, preset: Preset) -> None:
    data, lesson = sent(at, "boards"), preset.lesson
    assert isinstance(lesson, PixelLesson)
    assert (data["rows"], data["columns"]) == (lesson.rows, lesson.columns)
    assert (data["top"], data["left"]) == (lesson.top, lesson.left)
    if lesson.picture == "photo":
        assert max(data["height"], data["width"]) == lesson.side
    values = {value for pixel in data["colours"] for value in pixel}
    levels = 2**lesson.bits
    assert values <= {round(level * 255 / (levels - 1)) for level in range(levels)}


def check_bench(at: AppTest, preset: Preset) -> None:
    data, lesson = sent(at, "bench"), preset.lesson
    assert isinstance(lesson, KernelLesson)
    weights = lesson.kernel().weights
    assert (data["rows"], data["columns"]) == weights.shape
    assert data["weights"] == pytest.approx(weights.ravel().tolist(), abs=1e-8)
    assert data["after"].startswith("data:image/png;base64,")
    assert data["id"] == sent(at, "kernels_photo")["id"]


def check_chain(at: AppTest, preset: Preset) -> None:
    grid, expect = sent(at, "chain")["grids"][-1], preset.expect
    if expect.rows is not None:
        assert grid["planes"] == grids(expect.rows)
    assert expect.shape == (grid["rows"], grid["columns"], len(grid["planes"]))


def check_block(at: AppTest, preset: Preset) -> None:
    data, lesson = sent(at, "block"), preset.lesson
    assert isinstance(lesson, NormLesson)
    assert data["shape"] == list(lesson.shape)
    assert data["kind"] == lesson.norm_kind
    cells = lesson.norm_samples * lesson.norm_height * lesson.norm_width * lesson.norm_channels
    assert all(len(line["values"]) == cells for line in data["lines"])
    assert len(data["kinds"]) == 5


def check_descent(at: AppTest, preset: Preset) -> None:
    data, lesson = sent(at, "descent_stage"), preset.lesson
    assert isinstance(lesson, DescentLesson)
    assert [racer["lane"] for racer in data["racers"]] == [n.upper() for n in lesson.lanes]
    for racer in data["racers"]:
        assert racer["path"][0] == data["start"]
        assert len(racer["path"]) <= lesson.descent_steps + 1
        assert racer["sentence"]


def check_backprop(at: AppTest, preset: Preset) -> None:
    data, lesson = sent(at, "backprop_stage"), preset.lesson
    assert isinstance(lesson, BackpropLesson)
    assert (len(data["steps"]), data["step"]) == (25, lesson.pass_step)
    assert data["hidden"] == lesson.hidden_activation
    if not lesson.updates_done:
        assert data["parameters"]["w11"]["raw"] == lesson.w_one_one


def check_softmax(at: AppTest, preset: Preset) -> None:
    data, lesson = sent(at, "softmax_stage"), preset.lesson
    assert isinstance(lesson, SoftmaxLesson)
    assert len(data["names"]) == lesson.class_count
    columns = {column["key"]: column["values"] for column in data["columns"]}
    assert sum(columns["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert data["right"] == lesson.right


CHECKS = {
    "convolution": check_stage,
    "image": check_boards,
    "kernels": check_bench,
    "pooling": check_chain,
    "normalisation": check_block,
    "descent": check_descent,
    "backprop": check_backprop,
    "softmax": check_softmax,
}


def test_coimbras_triples_are_on_the_boards():
    data = sent(opened("image", **query(PRESETS["coimbra-triples"].lesson)), "boards")
    assert data["colours"] == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    planes = {plane["title"][0]: plane["values"] for plane in data["planes"]}
    assert planes == {"R": [255, 0, 0], "G": [0, 255, 0], "B": [0, 0, 255]}
    assert data["grey"]["texts"] == ["76", "150", "29"]


def test_oslos_indices_are_on_the_boards():
    data = sent(opened("image", **query(PRESETS["oslo-indices"].lesson)), "boards")
    for channel, plane in enumerate(data["planes"]):
        assert plane["texts"][0] == f"0,0,{channel}"
        assert plane["texts"][5 * 3 + 4] == f"3,4,{channel}"
        assert len(plane["texts"]) == 25


def test_a_click_on_a_preset_sets_the_page():
    at = opened("convolution")
    at.session_state["presets"] = True
    at.run()
    at.button(key="preset_Padding_padding-zeros").click().run()
    assert errors(at) == []
    assert at.select_slider(key="pad_height").value == 1
    assert sent(at, "stage")["output"][0][:5] == [6, 14, 17, 11, 3]


# Links


def garbage(kind: type[Lesson]) -> st.SearchStrategy[dict[str, str]]:
    readable = st.text(string.printable.strip() + " äß%&é", max_size=12)
    value = st.sampled_from(
        ["", "-1", "0", "1e9", "nan", "inf", "true", "None", "own", "photo", "99", "x.0.0.0=7"]
    )
    return st.dictionaries(st.sampled_from(sorted(kind.model_fields)), value | readable,
                           min_size=1, max_size=8)  # fmt: skip


FEW = settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # each example opens a page: no shrinking
)


@given(garbage(ConvolutionLesson))
@FEW
@example({"filter": "5", "filters": "3"})
@example({"image": "own", "image_numbers": "1 2 / 3"})
@example({"height": "32", "kernel_height": "11", "dilation_height": "8"})
def test_any_link_to_the_convolution_opens(link):
    check_odd_link("convolution", link)


@given(garbage(PixelLesson))
@FEW
@example({"picture": "triples", "top": "511", "rows": "16"})
@example({"changes": "x.0.0=1"})
def test_any_link_to_the_image_opens(link):
    check_odd_link("image", link)


@given(garbage(KernelLesson))
@FEW
@example({"named": "own", "own_weights": "1 2 / 3"})
@example({"named": "own", "own_weights": "1 2", "turn": "3"})
@example({"named": "sobel-x", "taps": "4", "turn": "7", "canny_low": "900"})
@example({"divide_by": "0", "second": "gabor", "second_taps": "2", "learn_taps": "8"})
@example({"probe": "999,999", "resolution": "65", "sigma": "0.77"})
def test_any_link_to_the_kernels_opens(link):
    check_odd_link("kernels", link)


@given(garbage(NormLesson))
@FEW
@example({"norm_kind": "group", "norm_groups": "3", "norm_channels": "4"})
@example({"norm_input": "own", "norm_numbers": "1 2 / 3", "norm_gamma": "0.37"})
@example({"norm_kind": "rms", "norm_epsilon": "0", "norm_stretch": "0"})
def test_any_link_to_the_normalisation_opens(link):
    check_odd_link("normalisation", link)


@given(garbage(PoolingLesson))
@FEW
@example({"pool_input": "own", "pool_numbers": "1 2 / 3", "pool_edits": "x.0.0.0=z"})
@example({"pool_shows": "unpool", "pool_back": "shuffle", "pool_factor": "3"})
@example({"pool_size": "8", "pool_pad": "4", "pool_blur": "bin-5", "pool_ceil": "true"})
def test_any_link_to_the_pooling_opens(link):
    check_odd_link("pooling", link)


@given(garbage(DescentLesson))
@FEW
@example({"start": "9,9", "rate_a": "0.123", "shown_step": "300", "descent_steps": "3"})
@example({"surface": "rosenbrock", "rate_a": "10"})
def test_any_link_to_the_descent_opens(link):
    check_odd_link("descent", link)


@given(garbage(BackpropLesson))
@FEW
@example({"x_one": "0.123", "gate": "xor", "updates_done": "4999", "step_rate": "100"})
@example({"error": "cross_entropy", "output_activation": "relu", "y_target": "-3"})
def test_any_link_to_backpropagation_opens(link):
    check_odd_link("backprop", link)


@given(garbage(SoftmaxLesson))
@FEW
@example({"class_count": "2", "right_class": "9", "logit_a": "1000", "shift_all": "-2000"})
@example({"class_names": "<b>a</b> b", "temperature": "0.01", "number_format": "float16"})
def test_any_link_to_softmax_opens(link):
    check_odd_link("softmax", link)


def check_odd_link(slug: str, link: dict[str, str]) -> None:
    at = opened(slug, **link)
    assert errors(at) == []
    lesson, notices = LESSONS[slug].nearest(link)
    told = " ".join(warning.value for warning in at.warning)
    assert bool(told) == bool(notices)
    assert all(notice in told for notice in notices)
    shown = settings_drawn(at, lesson)
    ranges = {name: getattr(lesson, name) for name in shown}
    if slug == "image":  # the crop is moved to where the picture is
        ranges = {n: v for n, v in ranges.items() if n not in ("top", "left")}
    if slug == "convolution":
        ranges["filter"] = min(lesson.filter, lesson.filters)
    if slug == "softmax":
        ranges["right_class"] = min(lesson.right_class, lesson.class_count)
    if slug == "descent":
        ranges["shown_step"] = min(lesson.shown_step, lesson.descent_steps)
    assert {name: shown[name] for name in ranges} == ranges


def test_a_number_out_of_range_is_told_and_replaced():
    at = opened("convolution", height="900", stride_height="2")
    assert errors(at) == []
    assert [warning.value for warning in at.warning] == [
        "Input height cannot be '900': it is a number of at least 1 and of at most 32. "
        "It is now 5."
    ]
    assert at.select_slider(key="height").value == 5
    assert at.select_slider(key="stride_height").value == 2


def test_what_a_link_could_not_have_is_told_even_if_the_crop_has_to_move():
    at = opened("image", left="99", cells="None")
    assert at.select_slider(key="left").value < 99
    assert [warning.value for warning in at.warning] == [
        "Cells show cannot be 'None': it is one of values, indices. It is now values."
    ]


def test_numbers_that_do_not_go_together_are_told():
    at = opened("convolution", dilation_height="4")
    assert "Dilation is now 2 instead of 4" in at.warning[0].value
    assert at.select_slider(key="dilation_height").value == 2


@pytest.mark.parametrize("slug", LESSONS)
@pytest.mark.parametrize("name", ["view", "present", "predict", "hide", "camera", "nonsense"])
def test_nonsense_in_what_all_pages_share_falls_back(slug, name):
    at = opened(slug, **{name: "%%nonsense"})
    assert errors(at) == []
    assert at.segmented_control(key="view").value == "facts"
    assert not at.toggle(key="present").value
    assert not at.toggle(key="predict").value


def test_a_photo_that_is_not_there_is_told():
    at = opened("image", photo="mona-lisa")
    assert errors(at) == []
    assert at.warning[0].value == "There is no sample photo 'mona-lisa'. It is now chelsea."
    assert at.selectbox(key="photo").value == "chelsea"


@pytest.mark.usefixtures("first_visit")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_the_very_first_visit_finds_the_frame(page):
    at = opened(page.slug)
    assert errors(at) == []
    assert [title.value for title in at.title] == [page.title]
    assert at.sidebar.selectbox(key="photo").value == "chelsea"


@pytest.mark.usefixtures("first_visit")
def test_the_very_first_visit_carries_the_whole_link():
    at = opened("convolution", stride_height="2", hide=["groups", "seed"], photo="coffee")
    assert [title.value for title in at.title] == ["Convolution"]
    assert at.select_slider(key="stride_height").value == 2
    assert not {"groups", "seed"} & {slider.key for slider in at.select_slider}
    assert at.sidebar.selectbox(key="photo").value == "coffee"


@pytest.mark.usefixtures("first_visit")
def test_the_very_first_visit_is_told_what_the_link_could_not_have():
    at = opened("convolution", height="900", photo="mona-lisa")
    told = " ".join(warning.value for warning in at.warning)
    assert "Input height cannot be '900'" in told
    assert "There is no sample photo 'mona-lisa'" in told


def test_a_link_inside_the_app_replaces_the_settings_of_last_time():
    at = opened("convolution", stride_height="2", kernel_height="2")
    at.switch_page("pages/home.py").run()
    at.query_params.clear()
    at.query_params["height"] = "9"
    at.switch_page("pages/convolution.py").run()
    assert errors(at) == []
    shown = {slider.key: slider.value for slider in at.select_slider}
    assert (shown["height"], shown["stride_height"], shown["kernel_height"]) == (9, 1, 3)


def test_coming_back_without_a_link_finds_the_page_as_it_was():
    at = opened("convolution", stride_height="2")
    at.switch_page("pages/home.py").run()
    at.query_params.clear()
    at.switch_page("pages/convolution.py").run()
    assert errors(at) == []
    assert at.select_slider(key="stride_height").value == 2
    assert sent(at, "stage")["rowTaps"] == [[0, 1, 2], [2, 3, 4]]


# What all lessons have


@pytest.mark.parametrize(
    "hide",
    [["stride", "dilation"], ["stride,dilation"], ["stride_height", "dilation_height"]],
    ids=["apart", "with commas", "by field"],
)
def test_hide_takes_controls_away_and_keeps_their_values(hide):
    at = opened("convolution", hide=hide, stride_height="2")
    for _ in range(2):
        assert errors(at) == []
        drawn = {slider.key for slider in at.select_slider}
        assert not {"stride_height", "dilation_height"} & drawn
        assert {"kernel_height", "height", "groups"} <= drawn
        assert sent(at, "stage")["rowTaps"] == [[0, 1, 2], [2, 3, 4]]
        at.run()


def test_hide_takes_settings_of_the_image_away():
    at = opened("image", hide=["bits", "top", "left"], bits="1")
    drawn = {slider.key for slider in at.select_slider}
    assert "side" in drawn
    assert not {"bits", "top", "left"} & drawn
    assert {v for pixel in sent(at, "boards")["colours"] for v in pixel} <= {0, 255}


def test_predict_first_hides_what_would_give_the_answer_away():
    at = opened("convolution", predict="true")
    boxes = [box.key for box in at.number_input if box.key.startswith("guess_")]
    assert len(boxes) == 4
    data = sent(at, "stage")
    assert (data["conceal"], data["output"]) == ("size", [])
    assert "? x ?" in data["titles"]["output"]
    assert "Hidden until the guesses are in" in words(at)
    assert not at.latex
    for key, guess in zip(boxes[:2], (3, 3), strict=True):
        at.number_input(key=key).set_value(guess)
    at.run()
    assert sent(at, "stage")["conceal"] == "values"
    assert "Hidden until the guesses are in" in words(at)
    for key, guess in zip(boxes[2:], (10, 12), strict=True):
        at.number_input(key=key).set_value(guess)
    at.run()
    assert errors(at) == []
    assert [answer.value.split(".")[0] for answer in at.success] == [
        "Right: 3 x 3",
        "Right: 12",
    ]
    assert at.error[0].value.startswith("Not 10 but 9.")
    data = sent(at, "stage")
    assert data["conceal"] == ""
    assert data["output"][0] == [12, 12, 17, 10, 17, 19, 9, 6, 14]
    assert "Hidden until the guesses are in" not in words(at)
    assert at.latex


def test_other_settings_are_guessed_anew():
    at = opened("convolution", predict="true")
    for box, guess in zip(at.number_input, (3, 3, 9, 12), strict=True):
        box.set_value(guess)
    at.run()
    assert sent(at, "stage")["conceal"] == ""
    at.select_slider(key="kernel_height").set_value(2).run()
    assert sent(at, "stage")["conceal"] == "size"


@pytest.mark.parametrize("view", ["facts", "code"])
def test_predict_first_hides_facts_and_code(view):
    at = opened("convolution", predict="true", view=view)
    assert "Hidden until the guesses are in" in words(at)
    assert not at.code


def test_predict_first_on_the_image():
    at = opened("image", predict="true", picture="triples", bits="4")
    assert "Hidden until the guesses are in" in words(at)
    for box, guess in zip(at.number_input, (9, 4096), strict=True):
        box.set_value(guess)
    at.run()
    assert errors(at) == []
    assert len(at.success) == 2
    assert "Hidden until the guesses are in" not in words(at)
    assert "uint8" in words(at)


def test_predict_first_on_the_descent():
    at = opened("descent", predict="true", rate_a="1.1", descent_steps="5")
    data = sent(at, "descent_stage")
    assert (data["conceal"], len(data["racers"][0]["path"])) == ("values", 1)
    assert [row["name"] for row in data["racers"][0]["rows"]] == ["gradient"]
    assert "Hidden until the guesses are in" in words(at)
    # From (-2.2, 1.6) with the gradient (-0.44, 3.2): 1.1 * 0.44 on, 1.1 * 3.2 back.
    for box, guess in zip(at.number_input, (-1.716, -1.92, 1), strict=True):
        box.set_value(guess)
    at.run()
    assert errors(at) == []
    assert len(at.success) == 2
    assert len(sent(at, "descent_stage")["racers"][0]["path"]) == 6
    assert "Hidden until the guesses are in" not in words(at)


def test_predict_first_on_backpropagation():
    at = opened("backprop", predict="true")
    data = sent(at, "backprop_stage")
    assert (data["conceal"], data["values"], data["gradients"]) == ("values", {}, {})
    assert "Hidden until the guesses are in" in words(at)
    # 0.4 * 1 + 0.3 * 0.5 + 0.1 = 0.65; the answer is too small, so v1 grows.
    for box, guess in zip(at.number_input, (0.65, 1), strict=True):
        box.set_value(guess)
    at.run()
    assert errors(at) == []
    assert len(at.success) == 2
    assert sent(at, "backprop_stage")["values"]["z1"] == "0.65"


def test_predict_first_on_softmax():
    at = opened("softmax", predict="true", logit_a="0.0", logit_b="0.0", logit_c="0.0")
    data = sent(at, "softmax_stage")
    assert {column["texts"][0] for column in data["columns"][1:6]} == {"?"}
    assert "Hidden until the guesses are in" in words(at)
    for box, guess in zip(at.number_input, (0.333, 1), strict=True):
        box.set_value(guess)
    at.run()
    assert errors(at) == []
    assert len(at.success) == 2
    assert sent(at, "softmax_stage")["columns"][5]["texts"] == ["0.3333"] * 3


def test_going_on_from_the_weights_shown_begins_to_count_anew():
    at = opened("backprop", updates_done="20", view="code")
    before = sent(at, "backprop_stage")["parameters"]["v1"]["text"]
    press(at, "Go on from the weights shown")
    assert at.select_slider(key="updates_done").value == 0
    assert sent(at, "backprop_stage")["parameters"]["v1"]["text"] == before
    press(at, "Draw weights at random")
    assert sent(at, "backprop_stage")["parameters"]["b1"]["raw"] == 0


def test_what_goes_wrong_in_the_tiny_network_is_said():
    lost = opened("backprop", **query(PRESETS["rate-of-hundred"].lesson))
    assert "each step overshoots" in sent(lost, "backprop_stage")["remark"]
    assert "Hidden unit 1 is off" in words(
        opened("backprop", **query(PRESETS["dead-unit"].lesson))
    )
    saturated = words(opened("backprop", **query(PRESETS["saturated"].lesson)))
    assert "Hidden unit 1 is saturated" in saturated
    alike = words(opened("backprop", **query(PRESETS["symmetric-start"].lesson)))
    assert "Both hidden units have the same weights" in alike


def test_what_breaks_without_subtracting_the_largest_is_said():
    data = sent(opened("softmax", shift_all="100.0"), "softmax_stage")
    assert data["naive"]["broken"]
    assert "e^102 is more than 3.403e+38" in data["naive"]["verdict"]
    assert not sent(opened("softmax"), "softmax_stage")["naive"]["broken"]
    low = sent(opened("softmax", shift_all="-1000.0"), "softmax_stage")
    assert "0 / 0 is not a number" in low["naive"]["verdict"]


def test_a_new_surface_brings_its_own_start_and_rates():
    at = opened("descent", start="1,1", rate_a="0.9", optimizer_b="adam", rate_b="2.0")
    at.selectbox(key="surface").set_value("rosenbrock").run()
    assert errors(at) == []
    assert at.text_input(key="start").value == ""
    rates = (at.select_slider(key=f"rate_{lane}").value for lane in "ab")
    assert tuple(rates) == (0.001, 0.05)
    assert sent(at, "descent_stage")["start"] == [-1.2, 1.0]


def test_a_race_of_everybody_and_of_three_learning_rates():
    at = opened("descent")
    press(at, "All seven optimisers")
    assert len(sent(at, "descent_stage")["racers"]) == 7
    press(at, "A alone")
    assert len(sent(at, "descent_stage")["racers"]) == 1
    press(at, "Learning rates: a tenth, this, ten times")
    racers = sent(at, "descent_stage")["racers"]
    assert [racer["rate"] for racer in racers] == [0.04, 0.4, 4.0]
    assert [racer["how"] for racer in racers] == ["still on its way", "arrives", "diverges"]


def press(at: AppTest, label: str) -> None:
    """Click the button of that label."""
    next(button for button in at.button if button.label == label).click().run()
    assert errors(at) == []


def test_presenting_makes_the_stage_large():
    assert sent(opened("convolution", present="true"), "stage")["large"]
    assert not sent(opened("convolution"), "stage")["large"]
    assert sent(opened("image", present="true"), "boards")["large"]


@pytest.mark.parametrize("slug", LESSONS)
def test_the_components_are_those_of_the_page(slug):
    parts = {
        part.proto.component_name: part.proto for part in opened(slug).get("bidi_component")
    }
    beside = {*BESIDE.get(slug, ()), "receptive_follow"}
    assert set(parts) == {COMPONENTS[slug], *CODES[slug], *beside}
    # What is sent at every step of a slider must not carry the scripts along.
    assert len(parts[COMPONENTS[slug]].js_content) < 2000
    for name in CODES[slug]:
        assert "mount" in parts[name].js_content
        assert not parts[name].json or "[" not in parts[name].json


def test_the_matrix_is_linked_beside_the_stage():
    at = opened("convolution", view="matrix")
    assert {"stage", "matrix"} <= {part.key for part in at.get("bidi_component")}
    assert sent(at, "matrix")["kind"] == "im2col"
    at = opened("convolution", view="matrix", height="32", width="32", kernel_height="11")
    assert "matrix" not in {part.key for part in at.get("bidi_component")}
    assert "22 x 22" in sent(at, "stage")["titles"]["output"]
    assert f"{22 * 22 * 121:,} entries" in words(at)


def test_the_photo_is_filtered_channel_by_channel():
    at = opened("convolution", view="photo", kernel="box")
    captions = [image.captions[0] for image in at.main.image]
    assert captions[-2] == "Chelsea the cat, 300 x 451"
    assert captions[-1].startswith("Filtered, 298 x 449, values ")
    assert [image.proto.imgs[0].alt for image in at.main.image][-1] == "Chelsea the cat after"


@pytest.mark.parametrize(
    "link",
    [
        {"filters": "6", "channels": "6", "groups": "3", "transposed": "true"},
        {"filters": "3", "channels": "3", "groups": "3", "transposed": "true", "filter": "2"},
        {"filters": "2", "channels": "3", "kernel": "random", "filter": "2"},
        {"padding": "same", "padding_mode": "reflect", "height": "1", "width": "1"},
    ],
    ids=["transposed groups", "transposed depthwise", "three channels", "reflect"],
)
@pytest.mark.parametrize("view", VIEWS["convolution"])
def test_awkward_layers_open_in_every_view(link, view):
    assert errors(opened("convolution", view=view, **link)) == []


def test_every_slider_end_opens():
    """The first and the last value of each slider, one after the other on one page."""
    at = opened("convolution", height="7", width="7", channels="2", filters="2")
    for name in ("kernel_height", "stride_height", "pad_height", "dilation_height", "groups"):
        for end in (-1, 0):
            slider = at.select_slider(key=name)
            slider.set_value(int(slider.options[end])).run()
            assert errors(at) == [], (name, end)
            at.run()  # the change alone draws only the parts that follow it
            assert at.select_slider(key=name).value == int(slider.options[end])


# How the pages are written


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.stem)
def test_a_page_reads_as_a_lesson_plan(page):
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    modules = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules.add(str(node.module))
    allowed = ("streamlit", "core.ui", "core.lessons")
    assert [m for m in modules if not any(f"{m}.".startswith(f"{a}.") for a in allowed)] == []
    assert f'page.begin("pages/{page.name}"' in text


def test_every_page_file_is_in_the_navigation():
    files = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}
    assert files == {page.path for page in PAGES}


def test_sliders_and_choices_are_bound_to_their_fields():
    """A link that names every field at its default opens the bare page."""
    for slug, kind in LESSONS.items():
        everything = {name: str(value) for name, value in kind().model_dump().items()}
        at = opened(slug, **everything)
        assert errors(at) == []
        assert not at.warning
        assert all(
            options(kind, name) or info.annotation in (bool, float, str) or bounds(kind, name)
            for name, info in kind.model_fields.items()
        )


@pytest.mark.parametrize(
    ("link", "words_of_the_notice"),
    [
        ({"view": "nonsense"}, "View cannot be 'nonsense'"),
        ({"present": "maybe"}, "Present cannot be 'maybe'"),
        ({"predict": "7"}, "Predict cannot be '7'"),
        ({"hide": "stride,colour"}, "no control 'colour' to hide"),
    ],
)
def test_nonsense_beside_the_settings_is_said_too(link, words_of_the_notice):
    at = opened("convolution", **link)
    assert errors(at) == []
    assert words_of_the_notice in at.warning[0].value


@pytest.mark.parametrize(
    ("slug", "name", "button"),
    [
        ("convolution", "edits", "Take back the last change of a cell"),
        ("pooling", "pool_edits", "Take back the last change"),
        ("normalisation", "norm_edits", "Take back the last change"),
        ("image", "changes", "Take back the last change"),
    ],
)
def test_changes_that_cannot_be_read_lose_none_of_those_before(slug, name, button):
    cell = "x.0.0.0.0" if slug == "normalisation" else "x.0.0.0"
    at = opened(slug, **{name: f"{cell}=7 {cell}=9"})
    assert errors(at) == []
    at.text_input(key=name).set_value(f"{cell}=seven").run()
    said = [error.value for error in at.error]
    assert any(text.endswith("The last numbers that could be read stay.") for text in said)
    next(b for b in at.button if b.label == button).click().run()
    assert errors(at) == []
    assert at.text_input(key=name).value == f"{cell}=7"
