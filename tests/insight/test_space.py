"""Points in a plane and their neighbours, against other libraries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from core.insight.space import Points, nearest, neighbours, plane


def cloud(seed, count=30, width=6):
    rng = np.random.default_rng(seed)
    stretch = np.diag(np.linspace(3, 0.3, width))
    return (rng.normal(size=(count, width)) @ stretch + rng.normal(size=width)).astype("f4")


@given(st.integers(0, 1000))
def test_the_axes_are_the_eigenvectors_of_the_covariance(seed):
    points = cloud(seed)
    values, vectors = np.linalg.eigh(np.cov(points.T.astype(float)))
    found = plane(points)
    cosines = np.abs((vectors[:, ::-1].T[:2] * found.axes).sum(axis=1))
    np.testing.assert_allclose(cosines, 1, atol=1e-3)
    np.testing.assert_allclose(found.explained, values[::-1][:2] / values.sum(), rtol=1e-3)


def test_points_of_a_plane_keep_their_distances_in_it():
    rng = np.random.default_rng(3)
    flat = rng.normal(size=(20, 2)).astype("f4")
    turned = flat @ np.linalg.qr(rng.normal(size=(5, 5)))[0][:2].astype("f4") + 7
    found = plane(turned)
    np.testing.assert_allclose(cdist(found.places, found.places), cdist(flat, flat), atol=1e-4)
    assert found.explained.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(found.place(turned[:4]), found.places[:4], atol=1e-4)


def test_a_mirrored_axis_is_not_another_picture():
    points = cloud(1)
    once, again = plane(points), plane(points[::-1].copy())
    np.testing.assert_allclose(once.places, again.places[::-1], atol=1e-3)


def test_a_single_point_has_no_plane():
    with pytest.raises(ValueError, match="1 points of 6 numbers; 2 are needed"):
        plane(cloud(0, count=1))


@given(st.integers(0, 1000), st.integers(1, 40))
def test_the_nearest_are_those_with_the_least_cosine_distance(seed, count):
    points = cloud(seed)
    places, cosines = nearest(points[1:], points[0], count)
    distances = cdist(points[1:], points[:1], "cosine")[:, 0]
    np.testing.assert_allclose(np.sort(distances)[:count], 1 - cosines, atol=1e-5)
    np.testing.assert_allclose(distances[places], 1 - cosines, atol=1e-5)


@given(st.integers(0, 1000), st.integers(1, 40))
def test_the_neighbours_of_all_points_are_those_of_scikit_learn(seed, count):
    points = cloud(seed)
    places, distances = neighbours(points, count)
    known = min(count, len(points) - 1)
    theirs = NearestNeighbors(n_neighbors=known, metric="cosine").fit(points).kneighbors()
    assert places.shape == distances.shape == (len(points), known)
    np.testing.assert_allclose(distances, theirs[0], atol=1e-5)
    assert (places != np.arange(len(points))[:, None]).all()
    own = cdist(points, points, "cosine")
    np.testing.assert_allclose(np.take_along_axis(own, places, 1), distances, atol=1e-5)


def test_the_predicted_class_is_the_likeliest():
    shares = np.array([[0.2, 0.7, 0.1], [0.5, 0.1, 0.4]], np.float32)
    assert Points(np.zeros((2, 4), np.float32), shares).predicted.tolist() == [1, 0]
