"""The settings of a U-Net's training: what they are read back as, what they refuse."""

import pytest
from pydantic import ValidationError

from core.architecture.unet import UNet
from core.data.dataset import split
from core.data.masked import SceneSpec
from core.data.registry import REGISTRY
from core.data.spec import DataSpec
from core.training import RunError, RunSpec, TransferSpec
from core.training.reading import read_spec
from core.training.segmentation import EXAMPLES, SegmentationSpec

FEW = SceneSpec(images=40, image_size=32, shape_smallest=30, shape_largest=60)


@pytest.mark.parametrize(
    "spec", [SegmentationSpec(), *EXAMPLES.values(), RunSpec(), TransferSpec()]
)
def test_every_kind_of_run_is_read_back_as_it_was_written(spec):
    again = read_spec(spec.model_dump_json())
    assert type(again) is type(spec)
    assert again == spec


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"loss": "hinge"}, "loss plays no part .* what is made small is told by mask_loss"),
        ({"label_smoothing": 0.1}, "label_smoothing plays no part"),
        ({"augmentation": "rotate"}, "would move the picture and not its mask. Use 'flip'"),
        ({"data": {"dataset": "digits"}}, "has no masks"),
    ],
)
def test_settings_that_play_no_part_are_refused(settings, said):
    with pytest.raises(ValidationError, match=said):
        SegmentationSpec(**settings)


def test_a_mirror_has_no_strength():
    with pytest.raises(RunError, match="has no strength"):
        SegmentationSpec(augmentation="flip").check_live("augmentation_strength")
    SegmentationSpec().check_live("learning_rate")


def test_pictures_that_do_not_go_through_are_refused():
    dataset, parts = FEW.load()
    SegmentationSpec(data=FEW).refuse(dataset, parts)
    deep = SegmentationSpec(data=FEW, unet=UNet(depth=4, padding="valid"))
    with pytest.raises(
        RunError, match=r"32 x 32 pixels do not go through .* Use a side of 188"
    ):
        deep.refuse(dataset, parts)
    with pytest.raises(RunError, match="A batch of 32 needs more than the 28 training"):
        SegmentationSpec(data=FEW, batch_size=32).refuse(dataset, parts)
    shapes = DataSpec(dataset="shapes", images=40)
    assert "shapes" in REGISTRY
    without = shapes.pictures()
    with pytest.raises(RunError, match="has a class for each picture and no masks"):
        SegmentationSpec().refuse(without, split(without))


def test_the_largest_layer_is_the_widest_at_full_size():
    dataset, _ = FEW.load()
    name, size = SegmentationSpec(data=FEW, unet=UNet(width=8, depth=2)).largest_layer(dataset)
    # 8 maps from the way down beside 8 from below, 32 x 32, 16 pictures, 4 bytes, 3 copies.
    assert (name, size) == ("skip_0", 32 * 32 * 16 * 16 * 4 * 3)


def test_two_runs_differ_by_what_was_set():
    found = EXAMPLES["skips"].differences(EXAMPLES["no-skips"])
    assert set(found) == {"unet"}
