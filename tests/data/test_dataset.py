"""A data set says what does not fit; a split is disjoint, exhaustive and stratified."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import DataError, Dataset, split


def dataset(counts: tuple[int, ...]) -> Dataset:
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.zeros((len(labels), 2, 3, 1), np.uint8)
    names = tuple(f"class {index}" for index in range(len(counts)))
    return Dataset("toy", "Toy", images, labels, names, "the test", "CC0")


@settings(max_examples=80, deadline=None)
@given(
    counts=st.lists(st.integers(3, 40), min_size=1, max_size=5).map(tuple),
    training=st.floats(0.05, 0.9),
    rest=st.floats(0.1, 0.9),
    seed=st.integers(0, 2**32),
)
def test_a_split_is_disjoint_exhaustive_and_stratified(counts, training, rest, seed) -> None:
    validation = (1 - training) * rest
    toy = dataset(counts)
    parts = split(toy, training, validation, seed)
    together = np.concatenate([parts.training, parts.validation, parts.test])
    assert sorted(together) == list(range(len(toy)))
    shares = (training, validation, 1 - training - validation)
    for part, share in zip((parts.training, parts.validation, parts.test), shares, strict=True):
        found = np.bincount(toy.labels[part], minlength=len(counts))
        assert found.min() >= 1
        # Within a rounding of each border, or moved by the image that each part must have.
        assert (np.abs(found - share * np.array(counts)) <= 2).all()


def test_the_default_split_of_a_hundred_is_70_15_15() -> None:
    parts = split(dataset((100, 100)))
    assert [len(part) for part in (parts.training, parts.validation, parts.test)] == [
        *(140, 30, 30)
    ]


def test_the_seed_decides_the_split() -> None:
    toy = dataset((30, 30))
    np.testing.assert_array_equal(split(toy, seed=5).test, split(toy, seed=5).test)
    assert not np.array_equal(split(toy, seed=5).training, split(toy, seed=6).training)


def test_a_part_is_mixed_and_not_sorted_by_class() -> None:
    toy = dataset((50, 50))
    first = toy.labels[split(toy).training[:20]]
    assert 0 < first.sum() < 20


def test_a_class_of_two_is_refused_with_its_name_and_number() -> None:
    with pytest.raises(DataError, match=r"at least 3 images in a class; 'class 1' has 2"):
        split(dataset((9, 2)))


@pytest.mark.parametrize(
    ("training", "validation"), [(0, 0.5), (0.5, 0), (0.8, 0.2), (-1, 0.5), (float("nan"), 0.1)]
)
def test_shares_that_leave_a_part_empty_are_refused(training, validation) -> None:
    with pytest.raises(DataError, match="Each part needs more than 0"):
        split(dataset((9, 9)), training, validation)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(DataError, match="seed -1 is negative"):
        split(dataset((9, 9)), seed=-1)


def test_a_data_set_counts_its_classes_and_cannot_be_changed() -> None:
    toy = dataset((4, 0, 2))
    assert toy.class_counts == (4, 0, 2)
    assert toy.shape == (2, 3, 1)
    assert len(toy) == 6
    with pytest.raises(ValueError, match="read-only"):
        toy.images[0] = 1


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"images": np.zeros((2, 4, 4), np.uint8)}, "not \\(count, height, width, channels\\)"),
        ({"images": np.zeros((2, 4, 4, 3), np.float32)}, "float32, not uint8"),
        ({"images": np.zeros((2, 4, 4, 2), np.uint8)}, "1 or 3 channels"),
        ({"labels": np.array([0])}, "of shape \\(1,\\); 2 images need"),
        ({"labels": np.array([0.0, 1.0])}, "whole numbers"),
        ({"labels": np.array([0, 2])}, "can go from 0 to 1"),
        ({"labels": np.array([-1, 1])}, "labels go from -1 to 1"),
        ({"class_names": ("a", "a")}, "repeat"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change, text) -> None:
    parts = {
        "slug": "toy",
        "title": "Toy",
        "images": np.zeros((2, 4, 4, 3), np.uint8),
        "labels": np.array([0, 1]),
        "class_names": ("a", "b"),
        "source": "the test",
        "licence": "CC0",
    }
    with pytest.raises(DataError, match=text):
        Dataset(**{**parts, **change})


def numbered(counts: tuple[int, ...], aside: int = 0) -> Dataset:
    """Every picture holds its own number; the last `aside` of each class are for testing."""
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    ends = np.cumsum(counts)
    test = np.concatenate([np.arange(end - aside, end) for end in ends])
    names = tuple(f"class {index}" for index in range(len(counts)))
    return Dataset("toy", "Toy", images, labels, names, "the test", "CC0", test)


def test_a_subset_holds_what_was_asked_for_in_that_order() -> None:
    toy = replace(numbered((4, 4), aside=1), original_hw=np.arange(16).reshape(8, 2))
    part = toy.subset([7, 0, 3])
    assert part.images.reshape(-1).tolist() == [7, 0, 3]
    assert part.labels.tolist() == [1, 0, 0]
    assert part.class_names == toy.class_names
    assert part.published_test.tolist() == [0, 2]
    assert part.original_hw is not None
    assert part.original_hw.tolist() == [[14, 15], [0, 1], [6, 7]]


@given(
    counts=st.lists(st.integers(3, 60), min_size=1, max_size=4).map(tuple),
    count=st.integers(1, 250),
    seed=st.integers(0, 1000),
)
def test_a_limited_set_keeps_the_shares_of_the_classes(counts, count, seed) -> None:
    toy = numbered(counts)
    part = toy.limited(count, seed)
    if count >= len(toy):
        assert part is toy
        return
    kept = part.images.reshape(-1).tolist()
    assert kept == sorted(set(kept))
    assert len(part) == max(count, 3 * len(counts))
    assert part.limited(count, seed) is part or len(part) > count
    for have, now in zip(counts, part.class_counts, strict=True):
        # One more or less than the share, or fewer where other classes get their least three.
        assert now == 3 or now <= have * count / len(toy) + 1


def test_a_share_of_large_classes_is_rounded() -> None:
    assert numbered((100, 60, 40)).limited(50).class_counts == (25, 15, 10)
    assert numbered((101, 99)).limited(20).class_counts == (10, 10)


@given(
    counts=st.lists(st.integers(1, 60), min_size=1, max_size=4).map(tuple),
    count=st.integers(1, 250),
)
def test_limiting_twice_is_limiting_once(counts, count) -> None:
    once = numbered(counts).limited(count)
    assert once.limited(count).digest == once.digest


@given(less=st.integers(1, 99), more=st.integers(1, 99), seed=st.integers(0, 1000))
def test_fewer_pictures_are_some_of_more(less, more, seed) -> None:
    toy = numbered((50, 30, 20))
    few, many = (toy.limited(n, seed).images.reshape(-1).tolist() for n in sorted((less, more)))
    assert set(few) <= set(many)


def test_a_published_test_set_stays_the_test_set() -> None:
    toy = numbered((60, 60), aside=20)
    parts = split(toy, 0.6, 0.2, seed=4)
    assert sorted(parts.test) == sorted(toy.published_test)
    # 80 images are left, divided three to one.
    assert (len(parts.training), len(parts.validation)) == (60, 20)
    together = np.concatenate([parts.training, parts.validation, parts.test])
    assert sorted(together) == list(range(120))


def test_a_limited_set_keeps_the_share_of_the_published_test_set() -> None:
    part = numbered((60, 60), aside=10).limited(60)
    assert len(part) == 60
    assert len(part.published_test) == 10
    assert (part.images.reshape(-1)[part.published_test] % 60 >= 50).all()


def test_a_class_without_pictures_beside_the_published_test_set_is_refused() -> None:
    with pytest.raises(DataError, match="'class 0' has 1"):
        split(numbered((3, 9), aside=2))


def test_the_digest_tells_sets_apart_by_all_that_a_run_sees() -> None:
    toy = numbered((4, 4))
    assert toy.digest == numbered((4, 4)).digest
    assert len(toy.digest) == 32
    others = (
        toy.subset([1, 0, 2, 3, 4, 5, 6, 7]),
        replace(toy, labels=toy.labels[::-1]),
        replace(toy, class_names=("a", "b")),
        replace(toy, images=toy.images.reshape(4, 2, 1, 1).repeat(2, axis=0)),
        replace(toy, published_test=np.array([3])),
    )
    assert len({toy.digest, *(other.digest for other in others)}) == 6
    # The title is for the screen only.
    assert replace(toy, title="Other").digest == toy.digest
