"""Maps of classes over pictures: whose colour is where."""

import numpy as np
import pytest

from core.vision.coats import certainty, coated, in_colour, outlined_classes

COLOURS = [(0, 0, 0), (230, 159, 0), (86, 180, 233)]


def test_a_full_coat_is_the_colour_itself_and_the_rest_is_grey():
    image = np.random.default_rng(0).integers(0, 256, (6, 7, 3)).astype(np.uint8)
    labels = np.zeros((6, 7), np.uint8)
    labels[1:3, 2:5], labels[4, 4] = 1, 2
    shown = coated(image, labels, COLOURS, opacity=1.0)
    assert (shown[1:3, 2:5] == COLOURS[1]).all()
    assert (shown[4, 4] == COLOURS[2]).all()
    rest = shown[labels == 0]
    assert (np.ptp(rest, -1) == 0).all()


def test_a_grey_picture_takes_coats_as_well():
    labels = np.eye(4, dtype=np.uint8)
    shown = coated(np.full((4, 4, 1), 200, np.uint8), labels, COLOURS)
    assert shown.shape == (4, 4, 3)
    assert in_colour(np.full((4, 4, 1), 200, np.uint8)).shape == (4, 4, 3)


def test_an_outline_lies_on_the_inside_of_its_class():
    """A square of 4 x 4 pixels, each of them three wide, has a rim of 4 * 12 - 4 pixels."""
    labels = np.zeros((8, 8), np.uint8)
    labels[2:6, 2:6] = 1
    image = np.full((8, 8, 3), 90, np.uint8)
    shown = outlined_classes(image, labels, COLOURS, scale=3)
    rim = (shown == COLOURS[1]).all(-1)
    assert rim.sum() == 4 * 12 - 4
    assert rim[6, 6] and rim[17, 17] and not rim[5].any() and not rim[7:17, 7:17].any()


def test_an_object_at_the_edge_of_the_picture_is_outlined_there_as_well():
    shown = outlined_classes(
        np.zeros((3, 3, 3), np.uint8), np.ones((3, 3), np.uint8), COLOURS, 2
    )
    assert (shown == COLOURS[1]).all(-1).sum() == 4 * 6 - 4


def test_certainty_is_black_where_all_classes_are_equally_likely():
    shown = certainty(np.array([[0.25, 1.0, 0.625]]), classes=4)
    assert shown[0, :, 0].tolist() == [0, 255, 128]


def test_a_map_of_another_size_is_refused_in_words():
    with pytest.raises(ValueError, match="does not belong"):
        coated(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8), COLOURS)
