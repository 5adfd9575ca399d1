"""The cascade finds the face of a known photo, wherever it is, and says how sure it is."""

import cv2
import numpy as np
from skimage import data

from core.vision.baselines.faces import ENOUGH, LEAST_PX, faces
from core.vision.candidates import Choice, choose
from core.vision.metrics import box_iou

FACE = (172, 62, 278, 172)
"""Read off the astronaut: from the brows to the chin."""


def test_the_astronauts_face_is_found_and_the_cup_has_none():
    found = choose(faces(data.astronaut()), Choice(0.5, 0.3))
    assert found.labels == ("face",)
    assert found.scores[0] == 1
    assert box_iou(found.boxes[0], FACE) > 0.6
    assert len(choose(faces(data.coffee()), Choice(0.25, 0.3))) == 0


def test_a_larger_picture_has_the_same_face_in_its_own_pixels():
    large = cv2.resize(data.astronaut(), None, fx=2.5, fy=2.5)
    found = choose(faces(large), Choice(0.5, 0.3))
    assert box_iou(found.boxes[0], np.array(FACE) * 2.5) > 0.6


def test_the_score_counts_the_windows_that_agree():
    said = faces(np.ascontiguousarray(data.astronaut()[30:230, 130:330]))
    agree = (np.asarray(box_iou(said.boxes, said.boxes)) >= 0.5).sum(axis=1)
    np.testing.assert_allclose(said.scores[:, 0], np.minimum(agree / ENOUGH, 1), rtol=1e-6)


def test_a_picture_smaller_than_a_window_has_no_candidates():
    said = faces(np.zeros((LEAST_PX - 1, 300, 3), np.uint8))
    assert (len(said), said.scores.shape) == (0, (0, 1))
    assert len(choose(said, Choice())) == 0
