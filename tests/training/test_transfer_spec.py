"""What a transfer is: its rules, its way through JSON, and what is said of it."""

import numpy as np
import pytest
from pydantic import ValidationError

from core.data.dataset import Dataset
from core.training import RunError, RunSpec, TransferSpec
from core.training.anatomy import BASE, Anatomy, Part, memory_warning, step_bytes
from core.training.desk import check_run
from core.training.reading import read_spec
from core.training.transfer import EXAMPLES, OSLO, rate_warning


def pictures(*counts, side=16):
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.zeros((len(labels), side, side, 3), np.uint8)
    names = tuple("abcdefg"[: len(counts)])
    return Dataset("own", "Own", images, labels, names, "drawn", "none")


@pytest.mark.parametrize("slug", list(EXAMPLES))
def test_settings_go_through_json_and_come_back_as_the_same_kind(slug):
    spec = EXAMPLES[slug]
    assert read_spec(spec.model_dump_json()) == spec
    assert read_spec(RunSpec().model_dump_json()) == RunSpec()


def test_the_tutorial_of_oslo_is_as_the_lecture_gives_it():
    assert (OSLO.pooling, OSLO.dense, OSLO.dropout) == ("max", 128, 0.3)
    assert (OSLO.augmentation, OSLO.way) == ("flip", "frozen")


def test_five_pictures_a_class_are_enough_and_fewer_are_refused():
    spec = TransferSpec(data={"dataset": "own", "image_size": 16})
    check_run(spec, pictures(5, 5))  # the default batch is larger than all of them
    with pytest.raises(RunError, match=r"at least 5 pictures; 'b' has 4, 'c' has 3\. Add"):
        check_run(spec, pictures(9, 4, 3))


def test_more_versions_than_there_is_time_for_are_refused():
    data = {"dataset": "own", "image_size": 16}
    own = pictures(1500, 1500)  # of these 2,100 are for training
    check_run(TransferSpec(data=data, augmentation="all", copies=9), own)
    with pytest.raises(RunError, match=r"21,000 to compute .* Use 9 copies"):
        check_run(TransferSpec(data=data, augmentation="all", copies=10), own)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"backbone": "lenet"}, "no pretrained network 'lenet'. Try efficientnet-lite0"),
        ({"side": 100}, "Use 96, another size that differs from 224 by a multiple of 32"),
        ({"side": 32}, "Use 64,"),
        ({"side": 128, "backbone": "mobilenet-v2"}, "Use 129,"),
        ({"initializer": "zeros"}, "initializer is the backbone's own"),
        ({"norm_order": "after"}, "norm_order is the backbone's own"),
    ],
)
def test_what_cannot_work_is_refused_with_what_would(settings, words):
    with pytest.raises(ValidationError, match=words):
        TransferSpec(**settings)


def test_the_strength_cannot_change_once_the_features_are_computed():
    with pytest.raises(RunError, match="before the first step"):
        TransferSpec(augmentation="shift").check_live("augmentation_strength")
    TransferSpec(augmentation="shift", way="finetune").check_live("augmentation_strength")


@pytest.mark.parametrize(
    ("settings", "versions"),
    [
        ({}, 1),
        ({"augmentation": "flip"}, 2),
        ({"augmentation": "flip", "augmentation_strength": 0}, 1),
        ({"augmentation": "all", "copies": 7}, 7),
    ],
)
def test_a_frozen_backbone_sees_as_many_versions_as_are_asked_for(settings, versions):
    assert TransferSpec(**settings).versions == versions


def test_a_high_rate_of_fine_tuning_is_warned_of_and_the_default_is_not():
    assert not rate_warning(TransferSpec(way="finetune"))
    assert not rate_warning(TransferSpec(way="frozen", fine_rate=1))
    text = rate_warning(TransferSpec(way="finetune", fine_rate=0.01))
    assert text.startswith("A learning rate of 0.01 is high for fine-tuning with adam")
    assert "Try 0.0001" in text
    # With momentum 0.9 a step is ten times as long in the end: Polyak 1964.
    momentum = {"way": "finetune", "optimizer": "momentum", "fine_rate": 0.005}
    assert rate_warning(TransferSpec(**momentum))
    assert not rate_warning(TransferSpec(**momentum | {"momentum": 0.0}))


def test_fine_tuning_begins_at_its_own_rate():
    spec = TransferSpec(way="finetune", fine_rate=2e-5, learning_rate=0.003)
    assert spec.begins_at == 2e-5
    assert spec.head_alone().begins_at == 0.003


HALVED = Anatomy("efficientnet-lite0", 224, (Part("low", 10, 2, (9, 9), 8, 2**20),) * 2)
"""Two blocks that give 4 MiB of numbers each for a picture."""


def test_a_step_takes_three_times_what_the_open_blocks_give():
    mib = 2**20
    whole = TransferSpec(way="scratch", batch_size=10)
    assert step_bytes(whole, HALVED) == 2 * 4 * mib * 3 * 10
    upper = TransferSpec(way="finetune", open_blocks=1, batch_size=10)
    assert step_bytes(upper, HALVED) == 4 * mib * 3 * 10
    small = TransferSpec(way="scratch", batch_size=49, side=128)
    assert step_bytes(small, HALVED) == 2 * 4 * mib * 3 * 16  # (128 / 224)^2 = 16 / 49
    assert step_bytes(TransferSpec(), HALVED) == 0


def test_too_large_a_batch_is_warned_of_with_one_that_fits():
    spec = TransferSpec(way="scratch", batch_size=100)
    text = memory_warning(spec, HALVED, BASE + 1200 * 2**20)
    assert "about 2.3 GiB, and 1.2 GiB are free" in text
    assert "Use a batch of 50" in text
    smaller = spec.model_copy(update={"batch_size": 50})
    assert not memory_warning(smaller, HALVED, BASE + 1200 * 2**20)
