"""What a run is: its arithmetic, its rules, its way through JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.architecture import PRESETS
from core.training import Change, RunSpec
from core.training.spec import BOUNDS, FINDER_STEPS


@pytest.mark.parametrize(
    ("pictures", "batch", "steps"), [(60_000, 32, 1_875), (60_000, 64, 938), (10, 10, 1)]
)
def test_an_epoch_has_as_many_steps_as_the_lecture_says(pictures, batch, steps):
    assert RunSpec(batch_size=batch).steps_per_epoch(pictures) == steps


@given(st.integers(1, 70_000), st.integers(1, 2_048))
def test_the_steps_of_an_epoch_see_every_picture_and_none_is_empty(pictures, batch):
    steps = RunSpec(batch_size=batch).steps_per_epoch(pictures)
    assert (steps - 1) * batch < pictures <= steps * batch


def test_a_search_has_its_own_number_of_steps():
    assert RunSpec(schedule="finder", epochs=500).steps(60_000) == FINDER_STEPS


def test_settings_go_through_json_and_come_back_equal():
    spec = RunSpec(
        name="second try",
        optimizer="nesterov",
        architecture=PRESETS["resnet"].architecture,
        data={"dataset": "shapes", "images": 300, "image_size": 24},
        augmentation="all",
        changes=(
            Change(step=7, setting="learning_rate", value=0.02),
            Change(step=9, setting="augmentation_strength", value=0.5),
        ),
    )
    assert RunSpec.model_validate_json(spec.model_dump_json()) == spec


def test_only_what_differs_is_named_and_never_the_name():
    one, other = RunSpec(name="a"), RunSpec(name="b", learning_rate=0.01, epochs=5)
    assert one.differences(other) == {"learning_rate": (0.001, 0.01)}
    data = RunSpec(data={"split_seed": 3})
    assert one.differences(data) == {"data.split_seed": (0, 3)}


def test_changes_come_in_the_order_of_their_steps():
    late, early = (Change(step=s, setting="learning_rate", value=0.1) for s in (9, 3))
    assert RunSpec(changes=(early, late)).changes == (early, late)
    with pytest.raises(ValidationError, match=r"\[9, 3\] are not in order"):
        RunSpec(changes=(late, early))


@pytest.mark.parametrize("setting", list(BOUNDS))
def test_a_change_out_of_bounds_is_refused_with_the_bounds(setting):
    low, high = BOUNDS[setting]
    for value in (low, high):
        assert Change(step=0, setting=setting, value=value).value == value
    with pytest.raises(ValidationError):
        Change(step=0, setting=setting, value=high + 0.1)


@pytest.mark.parametrize("optimizer", ["sgd", "adagrad"])
def test_momentum_cannot_change_where_there_is_none(optimizer):
    change = Change(step=5, setting="momentum", value=0.5)
    with pytest.raises(ValidationError, match=f"{optimizer} has no momentum"):
        RunSpec(optimizer=optimizer, changes=(change,))
    assert RunSpec(optimizer="rmsprop", changes=(change,)).changes == (change,)


def test_the_strength_of_no_augmentation_cannot_change():
    change = Change(step=5, setting="augmentation_strength", value=0.5)
    with pytest.raises(ValidationError, match="does not change its pictures"):
        RunSpec(changes=(change,))
    assert RunSpec(augmentation="flip", changes=(change,)).changes == (change,)
