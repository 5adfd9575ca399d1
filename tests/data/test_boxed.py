"""Pictures with boxes: scenes whose boxes are exact, and sets that do not fit together."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from core.data import DataError, shapes
from core.data.boxed import BoxedSet, BoxSceneSpec, largest_labels
from core.data.masked import SceneSpec

SMALL = BoxSceneSpec(images=30, image_size=48, shapes_most=3)


def test_the_boxes_are_those_of_the_drawn_shapes():
    dataset = SMALL.pictures()
    drawn = shapes.scenes(30, 48, 0, count=(1, 3), min_size=10, max_size=19)
    np.testing.assert_array_equal(dataset.images, drawn.images)
    assert dataset.class_names == shapes.CLASSES
    for ours, theirs in zip(dataset.boxes, drawn.boxes, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(dataset.box_labels, drawn.labels, strict=True):
        np.testing.assert_array_equal(ours, theirs - 1)
    assert dataset.box_counts.sum() == sum(len(boxes) for boxes in dataset.boxes)
    first = dataset.records([3])[0]
    assert first["image"] == 3
    assert first["box"] == dataset.boxes[3][0].tolist()


def test_masks_and_boxes_are_divided_in_the_same_way():
    settings = {"images": 30, "image_size": 48}
    one, two = BoxSceneSpec(**settings).load()[1], SceneSpec(**settings).load()[1]
    np.testing.assert_array_equal(one.test, two.test)
    assert sorted(np.concatenate([one.training, one.validation, one.test])) == [*range(30)]


def test_the_label_is_that_of_the_largest_box():
    boxes = [np.float32([(0, 0, 2, 2), (0, 0, 3, 2)]), np.zeros((0, 4), np.float32)]
    assert largest_labels(boxes, [np.array([4, 2]), np.zeros(0, int)]).tolist() == [2, 0]


def test_a_subset_keeps_boxes_with_their_pictures_and_has_another_digest():
    dataset = SMALL.pictures()
    part = dataset.subset([5, 2])
    np.testing.assert_array_equal(part.boxes[1], dataset.boxes[2])
    np.testing.assert_array_equal(part.box_labels[0], dataset.box_labels[5])
    moved = replace(dataset, boxes=(dataset.boxes[0] * np.float32(0.5), *dataset.boxes[1:]))
    assert len({dataset.digest, part.digest, moved.digest}) == 3
    sent = copy.deepcopy(part)  # as it travels
    assert (type(sent), sent.digest) == (BoxedSet, part.digest)


@pytest.mark.parametrize(
    ("box", "label", "why"),
    [
        ((0, 0, 5, 49), 0, "leaves its 48 x 48 pixels"),
        ((5, 5, 5, 9), 0, "has a box that is empty"),
        ((0, 0, 5, 5), 6, "labels from 6 to 6; with 6 class names"),
    ],
)
def test_what_does_not_fit_together_is_refused(box, label, why):
    dataset = SMALL.pictures()
    boxes = (np.float32([box]), *dataset.boxes[1:])
    labels = (np.array([label]), *dataset.box_labels[1:])
    with pytest.raises(DataError, match=why):
        replace(dataset, boxes=boxes, box_labels=labels)
    with pytest.raises(DataError, match="there are boxes for 29"):
        replace(dataset, boxes=dataset.boxes[1:])


def test_own_pictures_have_to_be_there():
    with pytest.raises(DataError, match="no own pictures with boxes yet"):
        BoxSceneSpec(dataset="own").pictures(SceneSpec(images=20).pictures())
    with pytest.raises(ValueError, match=r"'digits' has no boxes. Use 'scenes'"):
        BoxSceneSpec(dataset="digits")
    own = replace(SMALL.pictures(), slug="own")
    assert isinstance(own, BoxedSet)
    assert BoxSceneSpec(dataset="own").pictures(own) is own
