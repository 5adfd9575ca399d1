"""The small detector as arithmetic: sizes, receptive fields, and who answers for what."""

import numpy as np
import pytest

from core.architecture import ArchitectureError
from core.architecture.detector import (
    Detector,
    anchors,
    assign,
    convolutions,
    nearest_side,
    parameters,
    shape_ious,
)


def test_the_grid_of_the_first_yolo_has_1470_numbers_with_other_heads():
    """7 x 7 x 2 x (5 + 20) = 2,450: YOLOv1 shares its classes, 7 x 7 x (2 x 5 + 20) = 1,470."""
    rows = convolutions(Detector(stride=16, boxes=2), 112, 3, 20)
    assert (rows[-1].side, rows[-1].maps) == (7, 50)


def test_the_receptive_field_by_hand():
    """3; + 2 x 2 = 7; + 2 x 4 = 15; + 2 x 4 = 23; then 2 x 8 for each at the grid's size."""
    sees = [row.sees for row in convolutions(Detector(depth=3), 96, 3, 6)]
    assert sees == [3, 7, 15, 23, 39, 55, 71, 71]


@pytest.mark.tf
@pytest.mark.parametrize(
    "network",
    [
        Detector(),
        Detector(stride=4, depth=1, norm=False),
        Detector(stride=16, boxes=3, width=8),
    ],
    ids=str,
)
def test_parameters_and_sizes_are_those_of_keras(network):
    from core.models.detector import build

    model = build(network, (64, 64, 3), 4)
    assert model.count_params() == parameters(network, 64, 4)
    for row in convolutions(network, 64, 3, 4):
        assert model.get_layer(row.name).output.shape == (None, row.side, row.side, row.maps)


@pytest.mark.tf
def test_every_box_begins_with_an_objectness_of_one_in_a_hundred():
    from core.models.detector import build

    model = build(Detector(boxes=2), (32, 32, 3), 3)
    bias = model.get_layer("output").bias.numpy().reshape(2, 8)
    np.testing.assert_allclose(1 / (1 + np.exp(-bias[:, 4])), 0.01, rtol=1e-5)
    assert not bias[:, [0, 1, 2, 3, 5, 6, 7]].any()


def test_a_side_of_broken_cells_is_refused():
    with pytest.raises(ArchitectureError, match=r"100 pixels are no whole number.*Use 96"):
        convolutions(Detector(), 100, 3, 2)
    assert nearest_side(Detector(stride=16), 100) == 96
    assert nearest_side(Detector(stride=16), 3) == 32


def test_the_cell_of_the_centre_answers():
    """Centres (16, 24) and (95, 95): column 2, row 3, and the last cell of a grid of 12."""
    boxes, labels = [(8, 16, 24, 32), (94, 94, 96, 96)], [2, 0]
    found = assign(Detector(), 96, boxes, labels)
    assert found.lost == 0
    assert np.argwhere(found.target[..., 4]).tolist() == [[3, 2, 0], [11, 11, 0]]
    assert found.target[3, 2, 0].tolist() == [8, 16, 24, 32, 1, 2]
    assert found.target[11, 11, 0].tolist() == [94, 94, 96, 96, 1, 0]


def test_the_anchor_of_the_best_shape_answers_and_the_next_where_it_is_taken():
    """Anchors of 14.4, 28.8 and 48: IoU of 30 x 30 is best with 28.8, then 48 (900 / 2304)."""
    network = Detector(boxes=3)
    assert anchors(network, 96) == ((14.4, 14.4), (28.8, 28.8), (48, 48))
    np.testing.assert_allclose(
        shape_ious((30, 30), anchors(network, 96)), [207.36 / 900, 829.44 / 900, 900 / 2304]
    )
    one, two = (25, 25, 55, 55), (26, 26, 54, 54)  # both have their centre at (40, 40)
    target = assign(network, 96, [two, one], [0, 1]).target
    assert np.argwhere(target[..., 4]).tolist() == [[5, 5, 1], [5, 5, 2]]
    assert target[5, 5, 1].tolist() == [*one, 1, 1]  # the larger chooses first
    assert target[5, 5, 2].tolist() == [*two, 1, 0]


def test_who_finds_no_anchor_is_counted():
    boxes = [(30, 30, 50, 50), (32, 32, 48, 48), (34, 34, 46, 46)]
    found = assign(Detector(boxes=2), 96, boxes, [0, 0, 0])
    assert found.lost == 1
    assert found.target[..., 4].sum() == 2


def test_a_picture_without_objects_has_none_to_answer_for():
    assert not assign(Detector(), 96, np.zeros((0, 4)), []).target.any()
