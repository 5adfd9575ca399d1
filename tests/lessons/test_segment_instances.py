"""Semantic against instance segmentation: blobs and objects counted as others count them."""

import numpy as np
import pytest
from scipy import ndimage

from core.lessons.segment import SegmentLesson
from core.lessons.segment_instances import instances

CORNERS = np.ones((3, 3))


@pytest.mark.parametrize("seed", range(6))
def test_blobs_are_counted_as_scipy_does(seed):
    scene = instances(SegmentLesson(inst_seed=seed, inst_shapes=8))
    assert len(scene.boxes) == len(np.unique(scene.objects)) - 1
    for counted in scene.counted:
        label = scene.names.index(counted.name)
        _, blobs = ndimage.label(scene.classes == label, structure=CORNERS)
        assert counted.blobs == blobs
        assert counted.objects == (scene.labels == label).sum()
    assert scene.blobs.max() == sum(c.blobs for c in scene.counted)
    np.testing.assert_array_equal(scene.blobs > 0, scene.classes > 0)
    np.testing.assert_array_equal(scene.objects > 0, scene.classes > 0)


def test_shapes_that_touch_are_one_blob_and_two_objects():
    """Among crowded scenes of one class there are some; without overlap there are none."""
    crowded = [
        instances(SegmentLesson(inst_seed=seed, inst_kinds=1, inst_shapes=10))
        for seed in range(10)
    ]
    assert any(c.blobs < c.objects for scene in crowded for c in scene.counted)
    apart = [
        instances(SegmentLesson(inst_seed=seed, inst_shapes=5, inst_overlap=False))
        for seed in range(10)
    ]
    assert all(not scene.touching for scene in apart)
