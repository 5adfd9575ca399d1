"""The photo is filtered with the weights that the stage shows."""

import numpy as np
import pytest

from core.lessons.convolution import ConvolutionLesson, build
from core.ui.components.stage import stage_data
from core.ui.convolution import HIDEABLE, _rgb_planes
from core.ui.state import is_hidden
from core.ui.typed import readable

SEEDS = range(120)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_photo_gets_the_weights_of_the_shown_filter(seed, convolution_case):
    case = convolution_case(seed)
    shown = stage_data(case)["weights"][case.lesson.shown_filter]
    expected = shown if len(shown) == 3 else [shown[0]] * 3
    planes = np.array(_rgb_planes(case)).reshape(*case.lesson.kernel_hw, 3)
    for c, plane in enumerate(expected):
        assert planes[..., c].reshape(-1) == pytest.approx(plane, abs=1e-6)


def test_a_transposed_depthwise_layer_shows_one_filter_and_not_three():
    weights = "1 1 / 1 1 ; 2 2 / 2 2 ; 3 3 / 3 3"
    lesson = ConvolutionLesson(
        transposed=True, channels=3, filters=3, groups=3, filter=2,
        kernel="own", kernel_numbers=weights, kernel_height=2, kernel_width=2,
    )  # fmt: skip
    assert _rgb_planes(build(lesson)) == (2.0,) * 12


def test_what_can_be_hidden_is_there():
    for word in HIDEABLE:
        assert any(
            is_hidden(name, frozenset({word})) for name in ConvolutionLesson.model_fields
        )


def test_what_is_typed_half_keeps_the_last_numbers(monkeypatch):
    monkeypatch.setattr("streamlit.session_state", {})
    whole = ConvolutionLesson(image="own", image_numbers="1 2 / 3 4")
    assert readable(whole) == whole
    half = ConvolutionLesson(image="own", image_numbers="1 2 / 3")
    assert readable(half) == whole
    assert readable(ConvolutionLesson(edits="x.0.0")).edits == ""
