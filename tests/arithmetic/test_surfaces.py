"""Surfaces: their gradients against TensorFlow, their minima and values as published."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from core.arithmetic import landscapes
from core.arithmetic.errors import ShapeError
from core.arithmetic.surface import Surface
from core.arithmetic.surfaces import SURFACES, bowl, bowl_matrix

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
EVERY = pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda s: s.slug)


def points(surface: Surface, count: int = 40) -> list[tuple[float, float]]:
    """Random points of the window."""
    left, right, bottom, top = surface.window
    drawn = np.random.default_rng(7).uniform((left, bottom), (right, top), (count, 2))
    return [(float(x), float(y)) for x, y in drawn]


def in_tensorflow(slug: str, x, y):
    """The published formulas, written once more in TensorFlow's words."""
    import tensorflow as tf

    inputs = tf.constant(landscapes.INPUTS)
    if slug == "bowl":
        return 0.5 * (0.2 * x**2 + 2 * y**2)
    if slug == "line":
        return tf.reduce_mean((x * inputs + y - tf.constant(landscapes.TARGETS)) ** 2)
    if slug == "logistic":
        labels = tf.constant(landscapes.LABELS)
        return tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=x * inputs + y)
        )
    if slug == "cliff":
        state = tf.constant(0.5, tf.float64)
        for _ in range(50):
            state = x * tf.sigmoid(state) + y
        return (tf.sigmoid(state) - 0.7) ** 2
    if slug == "rastrigin":
        turn = 2 * math.pi
        return 20 + x**2 - 10 * tf.cos(turn * x) + y**2 - 10 * tf.cos(turn * y)
    polynomials = {
        "rosenbrock": (1 - x) ** 2 + 100 * (y - x**2) ** 2,
        "himmelblau": (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
        "saddle": 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4,
        "beale": (1.5 - x * (1 - y)) ** 2
        + (2.25 - x * (1 - y**2)) ** 2
        + (2.625 - x * (1 - y**3)) ** 2,
    }
    return polynomials[slug]


@pytest.mark.tf
@EVERY
def test_height_slope_and_curvature_are_those_of_gradient_tape(surface):
    import tensorflow as tf

    for x, y in points(surface, 12):
        place = tf.Variable([x, y], dtype=tf.float64)
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                loss = in_tensorflow(surface.slug, place[0], place[1])
            slope = inner.gradient(loss, place)
        curvature = outer.jacobian(slope, place).numpy()
        assert surface.loss((x, y)) == pytest.approx(float(loss), rel=1e-9, abs=1e-12)
        np.testing.assert_allclose(surface.gradient((x, y)), slope, rtol=1e-8, atol=1e-10)
        # Central differences: an error of about the step squared times the third derivative,
        # and at the cliff that one is huge.
        size = max(np.abs(curvature).max(), 1.0)
        if surface.slug != "cliff":
            np.testing.assert_allclose(surface.hessian((x, y)), curvature, atol=1e-6 * size)


@EVERY
def test_slopes_are_central_differences_of_the_heights(surface):
    step = 1e-6
    for x, y in points(surface):
        across = surface.loss((x + step, y)) - surface.loss((x - step, y))
        up = surface.loss((x, y + step)) - surface.loss((x, y - step))
        expected = np.array([across, up]) / (2 * step)
        size = max(float(np.abs(expected).max()), 1.0)
        np.testing.assert_allclose(surface.gradient((x, y)), expected, atol=2e-5 * size)


@EVERY
def test_arrays_of_points_have_the_values_of_the_points(surface):
    drawn = points(surface)
    x, y = np.array(drawn).T
    across, up = surface.slope(x, y)
    heights = surface.height(x, y)
    for n, point in enumerate(drawn):
        assert heights[n] == pytest.approx(surface.loss(point), rel=1e-12)
        # The cliff multiplies 50 factors, in another order for single points.
        np.testing.assert_allclose([across[n], up[n]], surface.gradient(point), rtol=1e-9)


@EVERY
def test_a_minimum_is_flat_lowest_and_found_by_scipy(surface):
    left, right, bottom, top = surface.window
    for minimum in surface.minima:
        assert left < minimum[0] < right
        assert bottom < minimum[1] < top
        assert surface.loss(minimum) == pytest.approx(surface.lowest, abs=1e-12)
        np.testing.assert_allclose(surface.gradient(minimum), 0, atol=1e-9)
        assert surface.curvatures(minimum)[0] > 0
        nearby = (minimum[0] + 0.02, minimum[1] - 0.03)
        found = optimize.minimize(
            surface.loss, nearby, jac=surface.gradient, method="BFGS", options={"gtol": 1e-9}
        )
        np.testing.assert_allclose(found.x, minimum, atol=1e-5)


@EVERY
def test_nothing_is_lower_than_the_lowest(surface):
    left, right, bottom, top = surface.window
    x, y = np.meshgrid(np.linspace(left, right, 400), np.linspace(bottom, top, 400))
    assert surface.height(x, y).min() >= surface.lowest - 1e-12
    assert surface.levels == tuple(sorted(surface.levels))
    assert len(surface.levels) >= 6


@EVERY
def test_every_surface_says_what_it_is(surface):
    assert surface.title.strip()
    assert surface.source.strip()
    assert surface.explanation.strip().endswith(".")
    left, right, bottom, top = surface.window
    assert left < surface.start[0] < right
    assert bottom < surface.start[1] < top


def test_published_values():
    assert SURFACES["rosenbrock"].loss((-1.2, 1.0)) == pytest.approx(24.2)  # Rosenbrock 1960
    assert SURFACES["himmelblau"].loss((0, 0)) == 170
    # More, Garbow & Hillstrom 1981, number 5: start (1, 1), and there 14.203125
    assert SURFACES["beale"].loss((1.0, 1.0)) == pytest.approx(14.203125)
    assert SURFACES["saddle"].loss((0, 0)) == 0
    # Nesterov 2004, example 1.2.2: from (1, 0) gradient descent ends in the saddle
    np.testing.assert_allclose(SURFACES["saddle"].gradient((1.0, 0.0)), [1, 0])


def test_the_maximum_of_himmelblau_is_where_it_is_published():
    top = (-0.270845, -0.923039)
    np.testing.assert_allclose(SURFACES["himmelblau"].gradient(top), 0, atol=1e-3)
    assert SURFACES["himmelblau"].loss(top) == pytest.approx(181.617, abs=1e-3)


def test_the_line_is_that_of_least_squares():
    slope, intercept = np.polyfit(landscapes.INPUTS, landscapes.TARGETS, 1)
    np.testing.assert_allclose(SURFACES["line"].minima[0], (slope, intercept))


@pytest.mark.parametrize("slug", ["line", "logistic"])
def test_the_gradient_is_the_mean_of_the_examples(slug):
    surface = SURFACES[slug]
    assert surface.parts is not None
    for point in points(surface, 10):
        parts = surface.parts(point)
        assert parts.shape == (surface.examples, 2) == (24, 2)
        np.testing.assert_allclose(parts.mean(axis=0), surface.gradient(point), atol=1e-12)
        batch = np.array([3, 5, 11])
        np.testing.assert_allclose(
            surface.batch_gradient(point, batch), (parts[3] + parts[5] + parts[11]) / 3
        )


def test_a_surface_without_examples_has_no_batches():
    with pytest.raises(ShapeError, match="is no mean over examples"):
        SURFACES["beale"].batch_gradient((1.0, 1.0), np.array([0]))


@given(
    st.floats(0.1, 20), st.floats(1, 1000), st.floats(0, 90),
)  # fmt: skip
def test_a_bowl_has_the_curvatures_that_were_asked_for(curvature, condition, tilt):
    surface = bowl(curvature, condition, tilt)
    low, high = np.linalg.eigvalsh(bowl_matrix(curvature, condition, tilt))
    # Along the valley the difference of two large numbers is left.
    assert low == pytest.approx(curvature / condition, rel=1e-6, abs=1e-12 * curvature)
    assert high == pytest.approx(curvature, rel=1e-9)
    angle = math.radians(tilt)
    along = (math.cos(angle), math.sin(angle))
    assert surface.loss(along) == pytest.approx(curvature / condition / 2, rel=1e-6)
    assert surface.loss((-along[1], along[0])) == pytest.approx(curvature / 2, rel=1e-6)


@pytest.mark.parametrize(("curvature", "condition"), [(0, 10), (-1, 2), (1, 0.5)])
def test_what_is_no_bowl_is_refused(curvature, condition):
    with pytest.raises(ShapeError, match="makes no bowl"):
        bowl(curvature, condition)


def test_the_cliff_is_a_wall():
    """Pascanu et al. 2013: where the gradient explodes, the curvature does so too."""
    cliff = SURFACES["cliff"]
    left, right, bottom, top = cliff.window
    x, y = np.meshgrid(np.linspace(left, right, 400), np.linspace(bottom, top, 400))
    length = np.hypot(*cliff.slope(x, y))
    assert length.max() > 100
    assert np.median(length) < 0.2


def test_the_nearest_minimum():
    surface = SURFACES["himmelblau"]
    assert surface.nearest_minimum((2.5, 2.5)) == (3.0, 2.0)
    assert surface.nearest_minimum((3.0, -2.0)) == surface.minima[3]
    assert SURFACES["cliff"].nearest_minimum((4.0, -2.0)) is None


@EVERY
def test_the_rate_that_is_suggested_brings_plain_descent_down(surface):
    point, losses = np.array(surface.start), []
    for _ in range(20 if surface.slug == "cliff" else 100):
        losses.append(surface.loss((point[0], point[1])))
        point = point - surface.rate_for("sgd") * surface.gradient((point[0], point[1]))
    assert losses[-1] - surface.lowest < 0.55 * (losses[0] - surface.lowest)
