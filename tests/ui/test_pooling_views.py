"""What the page "Pooling and unpooling" says is what it measures."""

import numpy as np
import pytest

from core.arithmetic.antialiasing import shift_test
from core.arithmetic.errors import ShapeError
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import build, pooled
from core.ui.pooling import facts_of, overlap_words
from core.ui.pooling_views import LAYERS, _back_on_photo, _measured, _shift_chain, _shift_words


def shifted(**settings):
    lesson = PoolingLesson(**settings)
    case = build(lesson)
    down, right = lesson.pool_shift_down, lesson.pool_shift_right
    return case, shift_test(case.image, lambda x: pooled(lesson, x), down, right)


def test_the_change_is_the_difference_of_both_maps():
    case, test = shifted()
    grids = _shift_chain(case, test).grids
    assert [grid.name for grid in grids] == ["shifted input", "after", "before", "change"]
    assert np.array_equal(grids[3].values, grids[1].values - grids[2].values)
    assert grids[2].values.tolist() == case.output.tolist()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "no multiple of the stride 2 x 2"),
        ({"pool_shift_right": 2}, "equivariance, not invariance"),
        ({"pool_kind": "global_max"}, "does not see where a value is"),
    ],
)
def test_what_a_shift_does_is_put_in_words(settings, words):
    case, test = shifted(**settings)
    assert words in _shift_words(case.lesson, test)


def test_the_layers_that_are_compared_are_what_they_are_called():
    image = np.random.default_rng(0).normal(size=(32, 32, 1)).cumsum(axis=1)
    found = {name: _measured(image, name, (2, 2), (2, 2), (0, 1)) for name in LAYERS}
    assert all(measured is not None for measured in found.values())
    # A blur makes the outputs steadier: the wider, the more.
    sharp, soft, softest = (found[LAYERS[n]][1] for n in (2, 3, 4))
    assert softest < soft < sharp
    assert _measured(image[:1, :1], "Maximum", (2, 2), (2, 2), (0, 1)) is None


def test_the_checkerboard_is_foretold():
    assert "Use a kernel of 2 or 4 or 6" in overlap_words(PoolingLesson(pool_taps=3))
    assert "No checkerboard" in overlap_words(PoolingLesson(pool_taps=4))
    assert "reached by 4 values" in overlap_words(PoolingLesson(pool_taps=4))


def test_facts_follow_the_blur():
    facts = facts_of(build(PoolingLesson(pool_blur="tri-3", pool_height=8, pool_width=8)))
    assert facts.rows.text == "ceil(7 / 2) = 4, of 7 at stride 1"


def test_what_a_photo_cannot_do_is_said():
    image = np.zeros((8, 8, 3))
    small = np.zeros((4, 4, 3))
    shuffle = PoolingLesson(pool_back="shuffle", pool_channels=4)
    with pytest.raises(ShapeError, match="a photo has 3"):
        _back_on_photo(shuffle, image, small)
    picture, how = _back_on_photo(PoolingLesson(), image, small)
    assert picture.shape == image.shape
    assert "remembered places" in how
