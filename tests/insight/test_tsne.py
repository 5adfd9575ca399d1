"""t-SNE keeps neighbours together, the same way every time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.manifold import TSNE, trustworthiness

from core.insight.tsne import FEWEST, STOPS, perplexities, tsne
from core.training.answers import AnswerError
from tests.training.inline import Inline

pytestmark = pytest.mark.tf


def groups(seed=0, count=60):
    """Points in three directions, whatever their lengths."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    directions = np.eye(12)[labels] * 3 + rng.normal(size=(count, 12)) * 0.3
    return (directions * rng.uniform(0.2, 5, (count, 1))).astype("f4"), labels


@given(st.integers(1, 2_000))
def test_a_perplexity_never_wants_more_neighbours_than_there_are(count):
    stops = perplexities(count)
    assert stops == STOPS[: len(stops)]
    assert all(3 * stop <= count - 1 for stop in stops)
    assert bool(stops) == (count >= FEWEST)


def test_it_is_that_of_scikit_learn_on_directions():
    points, _ = groups()
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    made = tsne(Inline(), points, 8, seed=3)
    theirs = TSNE(perplexity=8, init="pca", random_state=3)
    np.testing.assert_allclose(made.places, theirs.fit_transform(unit), rtol=1e-4, atol=1e-3)
    assert made.divergence == pytest.approx(theirs.kl_divergence_, rel=1e-4)


def test_groups_stay_groups_and_neighbours_neighbours():
    points, labels = groups(1)
    made = tsne(Inline(), points, 12)
    gaps = np.linalg.norm(made.places[:, None] - made.places, axis=-1)
    np.fill_diagonal(gaps, np.inf)
    assert (labels[gaps.argmin(axis=1)] == labels).all()
    # Venna & Kaski 2001: 1 where no point has a neighbour that it had not before.
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    assert trustworthiness(unit, made.places, n_neighbors=5) > 0.9


def test_the_seed_decides():
    points, _ = groups(2, 30)
    one, again = (tsne(Inline(), points, 5, seed=1) for _ in range(2))
    np.testing.assert_array_equal(one.places, again.places)


def test_too_few_points_are_said():
    with pytest.raises(AnswerError, match="A perplexity of 5 needs more than 15 points; there"):
        tsne(Inline(), groups(count=15)[0], 5)


@pytest.mark.parametrize("points", [np.ones((12, 4)), np.arange(12.0)[:, None] + 1])
def test_points_without_two_directions_are_laid_out_too(points):
    assert np.isfinite(tsne(Inline(), points.astype("f4"), 3).places).all()
