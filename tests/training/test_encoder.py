"""Masks learnt from few pictures by a decoder on a pretrained encoder."""

import numpy as np
import pytest

from core.architecture.deeplab import ENCODER_PARAMETERS, HIGH, decoder_parameters
from core.data.masked import SceneSpec
from core.training import RunError
from core.training.mask_answers import masks_of
from core.training.segmentation import EXAMPLES, SegmentationSpec, rate_warning
from core.vision.metrics import mean_iou
from tests.training.in_process import train
from tests.training.inline import Inline

FEW = SceneSpec(images=40, image_size=96, training_share=0.5, validation_share=0.3)


def few(**settings):
    return SegmentationSpec(
        **({"data": FEW, "encoder": "lite0", "batch_size": 10, "epochs": 15} | settings)
    )


def pretrained():
    from core.models.zoo import load

    return load("efficientnet-lite0", include_top=False)


@pytest.fixture(scope="module")
def trained():
    return train(few())


def same_as_published(model):
    """Of each encoder layer with weights, by its name: whether all of them are ImageNet's."""
    published = pretrained()
    names = [
        la.name for la in model.layers if la.name.startswith(("stem", "block")) and la.weights
    ]
    assert len(names) > 60
    return {
        name: [
            np.array_equal(*both)
            for both in zip(
                model.get_layer(name).get_weights(),
                published.get_layer(name).get_weights(),
                strict=True,
            )
        ]
        for name in names
    }


@pytest.mark.tf
@pytest.mark.slow
def test_from_the_same_few_scenes_it_learns_more_than_a_network_that_knows_nothing(trained):
    task = trained.task
    truth = task.dataset.masks[task.split.validation]
    majority = mean_iou(truth, np.zeros_like(truth), 7)
    learnt = task.judge(task.split.validation).accuracy
    scratch = train(few(encoder="unet")).of("epoch")[-1].data["validation_accuracy"]
    assert len(task.split.training) == 20
    assert learnt > majority + 0.15
    assert learnt > scratch + 0.08


@pytest.mark.tf
@pytest.mark.slow
def test_a_frozen_encoder_stays_as_it_was_to_the_last_bit(trained):
    model = trained.task.model
    assert all(all(same) for same in same_as_published(model).values())
    started = trained.of("started")[0].data
    assert not any(name.startswith(("stem", "block")) for name in started["layers"])
    learnt = sum(v.shape.num_elements() for v in trained.task.trainable)
    decoder = [la for la in model.layers if not la.name.startswith(("stem", "block"))]
    assert started["trainable"] == learnt == sum(
        int(np.prod(v.shape)) for la in decoder for v in la.trainable_variables
    )  # fmt: skip
    assert started["parameters"] == ENCODER_PARAMETERS + decoder_parameters(7)
    assert {"stem", HIGH, "context", "head", "output"} <= set(started["shown"])


@pytest.mark.tf
@pytest.mark.slow
def test_of_an_encoder_that_is_learnt_only_the_statistics_stay():
    run = train(few(encoder_frozen=False, learning_rate=5e-4, epochs=1))
    same = same_as_published(run.task.model)
    for name, values in same.items():
        if name.endswith("_bn"):
            assert values == [False, False, True, True], name
        else:
            assert values == [False], name
    assert {"stem", "block1a", HIGH, "head"} <= set(run.of("started")[0].data["layers"])


@pytest.mark.tf
@pytest.mark.slow
def test_it_goes_the_way_of_every_run(trained):
    """Looks, judgement, the file, and what answers from the file."""
    looks = [event.data for event in trained.of("snapshot")]
    assert looks[-1]["masks"].shape == (8, 96, 96)
    assert set(looks[-1]["maps"]) == set(trained.of("started")[0].data["shown"])
    assert looks[-1]["sample_ious"].mean() > looks[0]["sample_ious"].mean()
    pictures = trained.task.dataset.images[:4]
    said, sure = masks_of(Inline(), trained.model, pictures)
    np.testing.assert_array_equal(said, trained.task.masks_of(np.arange(4))[0])
    assert sure.min() >= 1 / 7 - 1e-6
    again = train(few(epochs=1))
    np.testing.assert_allclose(again.loss, trained.loss[: len(again.loss)], rtol=1e-4)


@pytest.mark.tf
@pytest.mark.slow
def test_the_largest_layer_is_keras(trained):
    model, dataset = trained.task.model, trained.task.dataset
    sizes = {la.name: int(np.prod(la.output.shape[1:])) for la in model.layers}
    name, size = few(encoder_frozen=False).largest_layer(dataset)
    assert sizes[name] == max(sizes.values())
    assert size == max(sizes.values()) * 10 * 4 * 3
    name, size = few().largest_layer(dataset)
    assert size == sizes[name] * 10 * 4 * 3


def test_what_does_not_work_is_said():
    small = SceneSpec(images=40, image_size=32, shape_smallest=30, shape_largest=60)
    with pytest.raises(RunError, match="few for EfficientNet-Lite0"):
        few(data=small).refuse(*small.load())
    assert rate_warning(few()) == ""
    assert rate_warning(few(encoder_frozen=False, learning_rate=0.002)) == ""
    assert "Use 0.002 or less" in rate_warning(few(encoder_frozen=False))
    assert rate_warning(EXAMPLES["few-lite0-trained"]) == ""
