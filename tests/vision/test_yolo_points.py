"""YOLOv8's raw numbers as boxes: as decoded by hand, one cell after another."""

import numpy as np
import pytest

from core.arithmetic.box_decoding import Cell, decode_dfl
from core.vision.yolo_points import decode, points


def test_every_cell_as_by_hand():
    """64 pixels have 8 x 8, 4 x 4 and 2 x 2 cells."""
    random = np.random.default_rng(0)
    raw = random.normal(0, 2, (84, 64 + 3)).astype(np.float32)
    boxes, scores = decode(raw, 64)
    np.testing.assert_array_equal(scores, raw[:, 64:])
    place = 0
    for stride in (8, 16, 32):
        for row in range(64 // stride):
            for column in range(64 // stride):
                cell = Cell(row, column, 64 // stride, 64)
                found, _ = decode_dfl(raw[place, :64].reshape(4, 16), [0.0], cell)
                np.testing.assert_allclose(boxes[place], found.box, rtol=1e-4, atol=1e-3)
                place += 1
    assert place == len(points(64)[0])


def test_a_sure_edge_is_its_bin():
    """The first cell: its middle is (4, 4); 0, 0, 1 and 2 cells away are 0, 0, 8 and 16."""
    raw = np.full((21, 65), -50, np.float32)
    raw[0, [0, 16, 32 + 1, 48 + 2]] = 50
    assert decode(raw, 32)[0][0].tolist() == [4, 4, 12, 20]


@pytest.mark.parametrize("shape", [(20, 70), (21, 64), (21,), (1, 21, 70)])
def test_other_numbers_are_refused(shape):
    with pytest.raises(ValueError, match=r"A picture of 32 pixels has \(21, 64 \+ classes\)"):
        decode(np.zeros(shape), 32)
