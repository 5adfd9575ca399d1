"""Tables and pictures of descent, network and softmax."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from core.export.backprop_picture import backprop_frame, backprop_gif, backprop_png
from core.export.backprop_table import backprop_csv
from core.export.descent_picture import descent_frame, descent_gif, descent_png, ticks
from core.export.descent_table import descent_csv
from core.export.softmax_picture import softmax_frame, softmax_gif, softmax_png
from core.export.softmax_table import softmax_csv
from core.lessons import backprop, softmax
from core.lessons.descent import DescentLesson
from core.lessons.descent_case import build
from core.palette import PALETTES, rgb


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_descent_table_holds_every_number_without_loss():
    case = build(DescentLesson(optimizer_a="adam", optimizer_b="sgd", descent_steps=7))
    found = rows(descent_csv(case))
    for racer in case.racers:
        mine = [row for row in found if row["racer"] == racer.lane.upper()]
        weights = [row for row in mine if row["quantity"] == "weights"]
        points = [[float(row["first"]), float(row["second"])] for row in weights]
        np.testing.assert_array_equal(points, racer.trace.points)
        losses = [float(row["first"]) for row in mine if row["quantity"] == "loss"]
        np.testing.assert_array_equal(losses, racer.trace.losses)
    alphas = [float(row["first"]) for row in found if row["quantity"] == "alpha"]
    # Kingma & Ba 2015: 0.4 * sqrt(1 - 0.999) / (1 - 0.9) at the first step
    assert alphas[0] == pytest.approx(0.4 * np.sqrt(0.001) / 0.1)
    assert len(alphas) == 7


def test_the_networks_table_holds_every_equation():
    case = backprop.build(backprop.BackpropLesson())
    found = rows(backprop_csv(case))
    assert {row["phase"] for row in found} == {"forward", "backward", "update"}
    values = {
        row["quantity"]: float(row["value"]) for row in found if row["phase"] == "forward"
    }
    assert values == dict(case.made.values)
    after = {row["quantity"]: float(row["value"]) for row in found if row["phase"] == "update"}
    assert after == case.made.updated(0.5).parameters
    slopes = [row for row in found if row["quantity"] == "dL/dw11"]
    assert len(slopes) == 2  # short, and with all its factors


def test_the_table_of_softmax_has_a_line_for_each_class():
    case = softmax.build(softmax.SoftmaxLesson(class_count=4, class_names="a b c d"))
    found = rows(softmax_csv(case))
    assert [row["class"] for row in found] == list("abcd")
    shares = [float(row["probabilities"]) for row in found]
    np.testing.assert_array_equal(shares, case.made.probabilities)
    assert {row["loss"] for row in found} == {repr(case.made.loss)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("surface", ["bowl", "cliff", "rastrigin"])
def test_the_picture_shows_paths_on_the_surface(theme, surface):
    case = build(DescentLesson(surface=surface, optimizer_b="adam").suited())
    with Image.open(io.BytesIO(descent_png(case, theme))) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert 900 < pixels.shape[1] < 1200
    assert tuple(pixels[0, 0]) == rgb(PALETTES[theme].background)
    for colour in PALETTES[theme].lines[:2]:
        near = np.abs(pixels.astype(int) - rgb(colour)).sum(axis=2) < 12
        assert near.sum() > 40


def test_a_diverging_path_can_be_drawn():
    case = build(DescentLesson(surface="rosenbrock", rate_a=1.0))
    assert case.racers[0].trace.overflowed
    assert descent_frame(case, "dark").size[0] > 900


def test_the_animation_takes_every_step_and_ends_with_the_last():
    case = build(DescentLesson(descent_steps=5))
    with Image.open(io.BytesIO(descent_gif(case))) as film:
        assert film.n_frames == 6
    case = build(DescentLesson(descent_steps=100))
    with Image.open(io.BytesIO(descent_gif(case, max_frames=10))) as film:
        assert film.n_frames <= 11


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_network_and_the_table_as_pictures(theme):
    network = backprop.build(backprop.BackpropLesson())
    scores = softmax.build(softmax.SoftmaxLesson(class_count=10))
    for data in (backprop_png(network, theme), softmax_png(scores, theme)):
        with Image.open(io.BytesIO(data)) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        assert 850 < pixels.shape[1] < 1000
        assert tuple(pixels[-1, 0]) == rgb(PALETTES[theme].background)
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50


def test_a_later_step_shows_more():
    network = backprop.build(backprop.BackpropLesson())
    scores = softmax.build(softmax.SoftmaxLesson())
    for draw, case, last in (
        (backprop_frame, network, 25),
        (softmax_frame, scores, 10),
    ):
        early, late = (np.asarray(draw(case, "light", step), dtype=float) for step in (1, last))
        assert late.shape == early.shape
        assert late.mean() < early.mean()  # more ink on white


def test_the_animations_have_a_frame_for_each_step():
    for data, frames in (
        (backprop_gif(backprop.build(backprop.BackpropLesson())), 25),
        (softmax_gif(softmax.build(softmax.SoftmaxLesson())), 10),
    ):
        with Image.open(io.BytesIO(data)) as film:
            assert film.n_frames == frames


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 50, [0, 10, 20, 30, 40, 50]),
        (-2.2, 2.2, [-2, -1, 0, 1, 2]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)
