"""Signs that become others, against another library's nearest neighbours."""

import numpy as np
import pytest
from scipy.cluster.vq import vq

from core.augment.lookalikes import CHANGES, LETTERS, confusion, measured, taken_for
from core.augment.safety import Lookalike
from core.data import digits


@pytest.fixture(scope="module")
def images():
    return digits.load().images[..., 0]


@pytest.fixture(scope="module")
def labels():
    return digits.load().labels


def scipys(pictures, images, labels):
    """The nearest of the ten mean pictures, by SciPy."""
    rows = images.reshape(len(images), -1).astype(float)
    means = np.stack([rows[labels == digit].mean(axis=0) for digit in range(10)])
    return vq(pictures.reshape(len(pictures), -1).astype(float), means)[0]


def test_digits_are_taken_for_what_scipy_finds_nearest(images, labels):
    np.testing.assert_array_equal(taken_for(images), scipys(images, images, labels))
    # Nearest means know four digits of five; LeCun's own linear classifiers 88 to 92 %.
    assert 0.78 < (taken_for(images) == labels).mean() < 0.84


@pytest.mark.parametrize(
    ("change", "turned"),
    [
        ("half_turn", lambda images: np.rot90(images, 2, axes=(1, 2))),
        ("mirrored", lambda images: np.flip(images, axis=2)),
        ("upside_down", lambda images: np.flip(images, axis=1)),
    ],
)
def test_a_change_is_counted_over_all_digits(change, turned, images, labels):
    counts = confusion(change)
    assert counts.sum(axis=1).tolist() == [500] * 10
    after = scipys(np.ascontiguousarray(turned(images)), images, labels)
    for digit in range(10):
        np.testing.assert_array_equal(
            counts[digit], np.bincount(after[labels == digit], minlength=10)
        )


def test_a_6_on_its_head_is_a_9_more_often_than_anything_else():
    found = measured(Lookalike("6", "half_turn"))
    assert (found.said, found.said_after, found.total) == ("6", "9", 500)
    assert found.counts.argmax() == 9
    np.testing.assert_array_equal(found.after, np.rot90(found.before, 2))
    assert found.sentence == f"This 6 is taken for a 9. So are {found.counts[9]} of 500."


@pytest.mark.parametrize("change", list(CHANGES))
@pytest.mark.parametrize("sign", "0123456789")
def test_the_digit_shown_is_a_real_one_and_taken_for_what_is_said(sign, change, images, labels):
    found = measured(Lookalike(sign, change))
    assert (images[labels == int(sign)] == found.before).all(axis=(1, 2)).any()
    pair = np.stack([found.before, found.after])
    assert scipys(pair, images, labels).tolist() == [int(sign), int(found.said_after)]
    assert found.counts.sum() == found.total
    assert found.said_after != sign


@pytest.mark.parametrize(
    ("letter", "change", "other"),
    [
        ("b", "mirrored", "d"), ("d", "mirrored", "b"), ("p", "mirrored", "q"),
        ("b", "upside_down", "p"), ("q", "upside_down", "d"),
        ("u", "half_turn", "n"), ("n", "half_turn", "u"), ("d", "half_turn", "p"),
        ("b", "half_turn", "q"), ("o", "half_turn", "o"), ("x", "mirrored", "x"),
    ],
)  # fmt: skip
def test_letters_that_are_others_the_other_way_round(letter, change, other):
    found = measured(Lookalike(letter, change))
    assert (found.said, found.said_after) == (letter, other)
    assert found.before.shape == found.after.shape == (28, 28)
    assert found.signs == tuple(LETTERS)


def test_articles_and_majorities_are_right():
    assert measured(Lookalike("u", "half_turn")).sentence == "This u is taken for an n."
    most = measured(Lookalike("2", "mirrored"))
    assert most.sentence.endswith(f"Most are a 2: {most.counts[2]}.")


@pytest.mark.parametrize("sign", ["", "66", "A", "!"])
def test_another_sign_is_refused(sign):
    with pytest.raises(ValueError, match="Use 0 to 9, or a to z"):
        measured(Lookalike(sign, "mirrored"))
