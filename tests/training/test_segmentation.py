"""A U-Net learns: losses in closed form, scores as elsewhere, better than the majority."""

import numpy as np
import pytest

from core.data.masked import SceneSpec
from core.training.answers import AnswerError
from core.training.mask_answers import evaluate_masks, masks_of
from core.training.segmentation import SegmentationSpec
from core.training.snapshots import size_of
from core.vision.metrics import class_ious, dice, mean_iou
from tests.training.in_process import train

pytestmark = pytest.mark.tf
SMALL = SceneSpec(
    images=160, image_size=32, shape_classes=("circle", "plus"), shape_smallest=40,
    shape_largest=70, shapes_most=1, shape_background="plain", image_noise=5,
)  # fmt: skip
TINY = {"depth": 2, "width": 8}


def small(**settings):
    return SegmentationSpec(**({"data": SMALL, "unet": TINY, "epochs": 2} | settings))


def one_hot(labels, classes):
    return np.eye(classes, dtype=np.float32)[labels]


def certain(labels, classes):
    """Logits of a network that is sure of these labels."""
    return 100 * one_hot(labels, classes)


# Losses


@pytest.fixture
def maps():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, (4, 5, 6))
    return truth, one_hot(truth, 3), rng.normal(size=(4, 5, 6, 3)).astype(np.float32)


def test_cross_entropy_is_keras(maps):
    import keras

    from core.training.worker.mask_losses import mask_loss

    truth, target, logits = maps
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(truth, logits)
    assert float(mask_loss("crossentropy", target, logits)) == pytest.approx(float(expected))


def test_focal_loss_is_keras(maps):
    import keras

    from core.training.worker.mask_losses import mask_loss

    _, target, logits = maps
    expected = keras.losses.CategoricalFocalCrossentropy(alpha=1, gamma=2, from_logits=True)
    assert float(mask_loss("focal", target, logits)) == pytest.approx(
        float(expected(target, logits)), rel=1e-5
    )


def test_dice_of_sure_answers_is_that_of_the_masks():
    from core.training.worker.mask_losses import mask_loss

    rng = np.random.default_rng(1)
    truth, said = rng.integers(0, 2, (2, 3, 40, 40))
    loss = float(mask_loss("dice", one_hot(truth, 2), certain(said, 2)))
    expected = 1 - np.mean([dice(truth == c, said == c) for c in (0, 1)])
    # 1 is added to both sides of the fraction, of about 4,800 pixels.
    assert loss == pytest.approx(expected, abs=1e-3)
    assert float(mask_loss("dice", one_hot(truth, 2), certain(truth, 2))) == pytest.approx(0)


def test_both_is_their_sum_and_pictures_are_batches_of_one(maps):
    from core.training.worker.mask_losses import mask_loss, picture_losses

    _, target, logits = maps
    parts = [float(mask_loss(kind, target, logits)) for kind in ("crossentropy", "dice")]
    assert float(mask_loss("both", target, logits)) == pytest.approx(sum(parts))
    for kind in ("crossentropy", "dice", "focal", "both"):
        alone = [mask_loss(kind, target[i : i + 1], logits[i : i + 1]) for i in range(4)]
        np.testing.assert_allclose(picture_losses(kind, target, logits), alone, rtol=1e-5)


# A run


@pytest.fixture(scope="module")
def trained():
    return train(small(epochs=12, learning_rate=0.01))


@pytest.mark.slow
def test_it_learns_more_than_the_majority(trained):
    """Who says "background" everywhere has an IoU of 0 for every other class."""
    task = trained.task
    truth = task.dataset.masks[task.split.validation]
    majority = mean_iou(truth, np.zeros_like(truth), 3)
    judged = task.judge(task.split.validation)
    assert majority < 0.34
    assert judged.accuracy > majority + 0.2
    assert (judged.class_ious[1:] > 0.2).all()
    assert trained.series.loss[-10:].mean() < 0.5 * trained.series.loss[:10].mean()


@pytest.mark.slow
def test_what_is_told_is_what_the_masks_give(trained):
    task = trained.task
    validation = task.split.validation
    said, sure = task.masks_of(validation)
    truth = task.truth[validation]
    judged = task.judge(validation)
    assert judged.accuracy == pytest.approx(mean_iou(truth, said, 3))
    np.testing.assert_allclose(judged.class_ious, class_ious(truth, said, 3), rtol=1e-6)
    last = trained.of("epoch")[-1].data
    assert last["validation_accuracy"] == pytest.approx(judged.accuracy)
    assert last["pixel_accuracy"] == pytest.approx((truth == said).mean())
    assert ((sure >= 1 / 3 - 1e-6) & (sure <= 1)).all()
    for picture, label in zip(said, judged.predicted, strict=True):
        counts = np.bincount(picture.ravel(), minlength=3)[1:]
        assert label == (counts.argmax() + 1 if counts.any() else 0)


@pytest.mark.slow
def test_the_same_scenes_are_looked_at_every_time(trained):
    looks = [event.data for event in trained.of("snapshot")]
    assert len(looks) >= 2
    started = trained.of("started")[0].data
    for look in looks:
        assert look["masks"].shape == look["confidence"].shape == (8, 32, 32)
        assert look["masks"].max() < 3
        assert set(look["maps"]) == set(started["shown"])
        assert size_of(look) < 200_000
    truth = trained.task.truth[started["sample"]]
    ious = [mean_iou(t, m, 3) for t, m in zip(truth, looks[-1]["masks"], strict=True)]
    np.testing.assert_allclose(looks[-1]["sample_ious"], ious, rtol=1e-6)
    assert looks[-1]["sample_ious"].mean() > looks[0]["sample_ious"].mean()
    assert started["shown"][0] == "down_0_conv_1"
    assert {"bottom_2_conv_2", "up_1", "up_0_conv_2", "output"} <= set(started["shown"])


@pytest.mark.slow
def test_the_trained_model_comes_back_from_its_file(trained):
    from core.training.worker.answers import Kept

    pictures = trained.task.dataset.images[:5]
    said = Kept(trained.model).logits(pictures).argmax(-1)
    np.testing.assert_array_equal(said, trained.task.masks_of(np.arange(5))[0])


@pytest.mark.slow
def test_the_same_spec_gives_the_same_curve():
    spec = small(epochs=1, augmentation="flip", dropout=0.2)
    one, two = train(spec), train(spec)
    np.testing.assert_allclose(one.loss, two.loss, rtol=1e-4)
    assert not np.allclose(one.loss, train(small(epochs=1)).loss, rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("up", ["transposed", "unpooling"])
def test_every_way_up_and_every_loss_learns(up):
    for loss in ("dice", "focal"):
        run = train(small(unet=TINY | {"up": up, "skips": False}, mask_loss=loss, epochs=3))
        first, *_, last = run.of("epoch")
        assert last.data["loss"] < first.data["loss"]
        assert run.end["state"] == "finished"


@pytest.mark.slow
def test_with_valid_convolutions_the_middle_is_learnt():
    data = SMALL.model_copy(update={"image_size": 44, "images": 40})
    run = train(small(data=data, unet=TINY | {"padding": "valid"}, epochs=1, batch_size=4))
    assert run.task.model.output_shape == (None, 4, 4, 3)
    np.testing.assert_array_equal(run.task.truth, run.task.dataset.masks[:, 20:24, 20:24])
    assert np.isfinite(run.loss).all()


def test_picture_and_mask_are_mirrored_together():
    from core.training.worker.segmentation import Segmentation

    spec = small(augmentation="flip")
    dataset, parts = spec.data.load()
    task = Segmentation(spec, dataset, parts)
    indices = np.arange(40, dtype=np.int32)
    pictures, target = task.batch(indices)
    drawn, changed = (value.numpy() for value in task.drawn(pictures, target))
    seen = set()
    for i in indices:
        for turn in ((), (0,), (1,), (0, 1)):
            if np.array_equal(np.flip(pictures[i], turn), drawn[i]):
                np.testing.assert_array_equal(np.flip(target[i], turn), changed[i])
                seen.add(turn)
    assert seen == {(), (0,), (1,), (0, 1)}


@pytest.mark.slow
def test_it_goes_through_the_engine_which_then_answers(desk, engine):
    run = desk.start(small(epochs=2), "me")
    assert run.wait(240)
    assert run.state == "finished", run.reason
    assert run.model
    assert run.latest("epoch").data["class_ious"].shape == (3,)
    assert run.latest("snapshot").data["masks"].shape == (8, 32, 32)
    dataset = run.pictures()
    judged = evaluate_masks(engine, run.model, run.spec)
    np.testing.assert_array_equal(judged.indices, run.split().test)
    np.testing.assert_array_equal(judged.truth, dataset.masks[judged.indices])
    assert judged.mean_iou == pytest.approx(mean_iou(judged.truth, judged.masks, 3))
    assert judged.pixel_accuracy == pytest.approx((judged.truth == judged.masks).mean())
    labels, sure = masks_of(engine, run.model, dataset.images[judged.indices[:2]])
    np.testing.assert_array_equal(labels, judged.masks[:2])
    assert 1 / 3 - 1e-6 <= sure.min() <= sure.max() <= 1
    with pytest.raises(AnswerError, match=r"takes uint8 of shape \(n, 32, 32, 3\)"):
        masks_of(engine, run.model, dataset.images[:1, :16])


def test_a_model_of_classes_says_nothing_of_pixels(monkeypatch):
    from types import SimpleNamespace

    from core.training.errors import WorkerError
    from core.training.worker import mask_answers

    one_class_each = SimpleNamespace(model=SimpleNamespace(output_shape=(None, 10)))
    monkeypatch.setattr(mask_answers, "kept", lambda digest, content: one_class_each)
    with pytest.raises(WorkerError, match="one class for each picture and none for its pixels"):
        mask_answers.masks("", b"", np.zeros((1, 8, 8, 3), np.uint8))
