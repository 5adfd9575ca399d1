"""Scenes with masks as a data set: parts, limits, and what does not fit together."""

import numpy as np
import pytest
from pydantic import ValidationError

from core.data import DataError
from core.data.masked import MaskedSet, SceneSpec, largest_classes
from core.data.shapes import scenes
from core.data.spec import OWN

FEW = {"images": 40, "image_size": 32, "shape_smallest": 30, "shape_largest": 60}


def pairs(count=5, size=16, classes=("background", "cell")):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    masks = rng.integers(0, len(classes), (count, size, size), dtype=np.uint8)
    labels = largest_classes(masks)
    return MaskedSet(OWN, "Own", images, labels, classes, "me", "mine", masks=masks)


def test_the_scenes_are_those_that_are_drawn():
    spec = SceneSpec(**FEW)
    dataset, split = spec.load()
    drawn = scenes(40, 32, 0, classes=spec.shape_classes, min_size=10, max_size=19)
    np.testing.assert_array_equal(dataset.images, drawn.images)
    np.testing.assert_array_equal(dataset.masks, drawn.masks)
    assert dataset.class_names == drawn.class_names
    assert sorted(np.concatenate([split.training, split.validation, split.test])) == list(
        range(40)
    )
    assert (len(split.training), len(split.validation), len(split.test)) == (28, 6, 6)


def test_the_label_of_a_picture_is_its_largest_class():
    masks = np.zeros((3, 4, 4), np.uint8)
    masks[0, 0] = 2
    masks[0, 1, :3] = 1
    masks[1, 2, 2] = 3
    assert largest_classes(masks).tolist() == [2, 3, 0]


def test_masks_go_with_their_pictures():
    whole = pairs()
    part = whole.subset([3, 1])
    np.testing.assert_array_equal(part.masks, whole.masks[[3, 1]])
    np.testing.assert_array_equal(part.images, whole.images[[3, 1]])
    assert not part.masks.flags.writeable
    other = MaskedSet(
        OWN, "Own", whole.images, whole.labels, whole.class_names, "me", "mine",
        masks=1 - whole.masks,
    )  # fmt: skip
    assert other.digest != whole.digest == pairs().digest


def test_shares_of_the_pixels_are_told():
    dataset = SceneSpec(**FEW).pictures()
    counts = [(dataset.masks == c).mean() for c in range(len(dataset.class_names))]
    np.testing.assert_allclose(dataset.pixel_shares, counts)
    assert dataset.pixel_shares[0] > 0.5


def test_own_pairs_are_taken_as_they_are_and_have_to_be_there():
    own = pairs()
    spec = SceneSpec(dataset=OWN)
    assert spec.pictures(own) is own
    assert not spec.ships
    assert SceneSpec().ships
    with pytest.raises(DataError, match="no own pictures with masks yet"):
        spec.pictures(None)
    with pytest.raises(DataError, match="2 pictures leave a part without one"):
        spec.divide(pairs(2))
    parts = spec.divide(pairs(3))
    assert [len(part) for part in (parts.training, parts.validation, parts.test)] == [1, 1, 1]


def test_the_seed_decides_who_goes_where():
    own = pairs(30)
    one, two = (SceneSpec(dataset=OWN, split_seed=seed).divide(own) for seed in (0, 1))
    assert not np.array_equal(one.training, two.training)
    again = SceneSpec(dataset=OWN, split_seed=0).divide(own)
    np.testing.assert_array_equal(one.training, again.training)


def test_masks_of_another_size_are_refused():
    good = pairs()
    parts = (OWN, "Own", good.images, good.labels, good.class_names, "me", "mine")
    with pytest.raises(
        DataError, match=r"need uint8 of shape \(5, 16, 16\): one mask a picture"
    ):
        MaskedSet(*parts, masks=good.masks[:, :8])
    with pytest.raises(DataError, match="masks are int64"):
        MaskedSet(*parts, masks=good.masks.astype(np.int64))
    with pytest.raises(DataError, match="numbers up to 7; with 2 class names"):
        MaskedSet(*parts, masks=np.full_like(good.masks, 7))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"dataset": "digits"}, "'digits' has no masks. Use 'scenes'"),
        ({"shapes_fewest": 5, "shapes_most": 2}, "Put the smaller number first"),
        ({"shape_smallest": 60, "shape_largest": 30}, "of 60 to 30 % do not work"),
        ({"training_share": 0.8, "validation_share": 0.2}, "leave nothing for the test"),
        ({"images": 5}, "greater than or equal to 20"),
    ],
)
def test_settings_that_do_not_work_are_said(settings, said):
    with pytest.raises(ValidationError, match=said):
        SceneSpec(**settings)
