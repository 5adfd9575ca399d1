"""What the gallery shows is drawn from the set, and its figures are right."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import Dataset
from core.data.resizing import fitted, resized
from core.data.statistics import Sizes, class_means, samples, sizes

DRAW = np.random.default_rng(4)


def dataset(counts: tuple[int, ...], side: int = 6) -> Dataset:
    labels = DRAW.permutation(np.repeat(np.arange(len(counts)), counts))
    images = DRAW.integers(0, 256, (len(labels), side, side, 3), dtype=np.uint8)
    return Dataset("toy", "Toy", images, labels, tuple("abcdef"[: len(counts)]), "me", "CC0")


@given(st.lists(st.integers(1, 30), min_size=1, max_size=5).map(tuple), st.integers(1, 40))
def test_samples_are_of_their_class_and_none_comes_twice(counts, each):
    toy = dataset(counts)
    for label, (have, places) in enumerate(zip(counts, samples(toy, each, 7), strict=True)):
        assert len(set(places.tolist())) == len(places) == min(have, each)
        assert (toy.labels[places] == label).all()


def test_more_samples_keep_those_shown_before():
    toy = dataset((30, 20))
    for few, many in zip(samples(toy, 4), samples(toy, 9), strict=True):
        assert few.tolist() == many[:4].tolist()
    assert samples(toy, 4, seed=1)[0].tolist() != samples(toy, 4, seed=2)[0].tolist()


def test_the_mean_picture_is_the_mean_of_the_class(monkeypatch):
    monkeypatch.setattr("core.data.statistics._PIECE", 4)
    toy = dataset((11, 5))
    for label, mean in enumerate(class_means(toy)):
        expected = np.rint(np.mean(toy.images[toy.labels == label], axis=0))
        assert np.array_equal(mean, expected)


def test_a_class_without_pictures_has_a_black_mean():
    toy = replace(dataset((3, 3)), class_names=("a", "b", "c"))
    assert class_means(toy)[2].max() == 0


def test_sizes_are_told_by_the_pictures_area():
    hw = np.array([[30, 40], [10, 10], [100, 90], [30, 40], [200, 5]])
    toy = replace(dataset((3, 2)), original_hw=hw)
    assert sizes(toy) == Sizes((10, 10), (30, 40), (100, 90), 4)
    assert str(sizes(toy)) == "10 x 10 to 90 x 100 pixels, most about 40 x 30"


def test_a_set_of_one_size_says_so():
    assert str(sizes(dataset((2, 2), side=6))) == "all 6 x 6 pixels"
    toy = replace(dataset((2, 2)), original_hw=np.full((4, 2), 20))
    assert str(sizes(toy)) == "all 20 x 20 pixels"


@pytest.mark.parametrize("channels", [1, 3])
def test_resizing_down_is_the_area_mean(channels):
    image = DRAW.integers(0, 256, (12, 8, channels), dtype=np.uint8)
    blocks = image.reshape(4, 3, 4, 2, channels).astype(float).mean(axis=(1, 3))
    assert np.abs(fitted(image, 4, 4) - blocks).max() <= 0.5


def test_resizing_keeps_all_but_the_pictures():
    toy = replace(dataset((4, 4)), original_hw=np.full((8, 2), 20))
    small = resized(toy, 3)
    assert small.shape == (3, 3, 3)
    assert small.labels.tolist() == toy.labels.tolist()
    assert small.original_hw is toy.original_hw
    assert resized(toy, 6) is toy
