"""Learning rates against Keras' own schedules."""

import keras
import numpy as np
import pytest

from core.training import RunSpec
from core.training.schedule import factors, finder_rate
from core.training.spec import FINDER_RANGE, FINDER_STEPS

pytestmark = pytest.mark.tf

PER_EPOCH = 7
STEPS = 60
FLOAT32 = 1e-5
"""Keras computes powers and cosines in float32."""


def rates(**settings):
    spec = RunSpec(learning_rate=0.1, **settings)
    return 0.1 * factors(spec, 0, STEPS, PER_EPOCH)


def keras_rates(schedule, steps=STEPS):
    return np.array([float(schedule(step)) for step in range(steps)])


@pytest.mark.parametrize(("name", "staircase"), [("exponential", False), ("step", True)])
@pytest.mark.parametrize("decay_epochs", [1, 3])
def test_decay_is_exponential_decay(name, staircase, decay_epochs):
    expected = keras.optimizers.schedules.ExponentialDecay(
        0.1, decay_epochs * PER_EPOCH, 0.7, staircase=staircase
    )
    ours = rates(schedule=name, decay=0.7, decay_epochs=decay_epochs)
    np.testing.assert_allclose(ours, keras_rates(expected), rtol=FLOAT32)


def test_cosine_is_cosine_decay_to_nothing():
    expected = keras.optimizers.schedules.CosineDecay(0.1, decay_steps=8 * PER_EPOCH)
    ours = rates(schedule="cosine", epochs=8)
    np.testing.assert_allclose(ours, keras_rates(expected), rtol=FLOAT32, atol=1e-8)


def test_warm_up_rises_in_equal_steps_to_the_rate_and_the_schedule_counts_from_there():
    ours = rates(schedule="exponential", decay=0.5, decay_epochs=1, warmup_epochs=2)
    rise = 2 * PER_EPOCH
    np.testing.assert_allclose(np.diff(ours[: rise + 1]), 0.1 / (rise + 1), rtol=FLOAT32)
    assert ours[0] == pytest.approx(0.1 / (rise + 1))
    assert ours[rise] == pytest.approx(0.1)
    after = keras.optimizers.schedules.ExponentialDecay(0.1, PER_EPOCH, 0.5)
    np.testing.assert_allclose(ours[rise:], keras_rates(after, STEPS - rise), rtol=FLOAT32)


def test_cosine_with_warm_up_ends_with_the_run():
    spec = RunSpec(schedule="cosine", epochs=8, warmup_epochs=3)
    end = 8 * PER_EPOCH
    last, beyond = factors(spec, end - 1, 2, PER_EPOCH)
    assert 0 < last < 0.01
    assert beyond == 0


def test_a_search_goes_through_its_range_in_equal_ratios():
    spec = RunSpec(schedule="finder", learning_rate=0.004)
    found = 0.004 * factors(spec, 0, FINDER_STEPS, PER_EPOCH)
    np.testing.assert_allclose(found, np.geomspace(*FINDER_RANGE, FINDER_STEPS), rtol=FLOAT32)
    assert finder_rate(0) == FINDER_RANGE[0]
    assert finder_rate(FINDER_STEPS - 1) == pytest.approx(FINDER_RANGE[1])


def test_a_block_of_factors_is_part_of_the_whole():
    spec = RunSpec(schedule="cosine", epochs=9, warmup_epochs=1)
    whole = factors(spec, 0, STEPS, PER_EPOCH)
    np.testing.assert_array_equal(factors(spec, 11, 30, PER_EPOCH), whole[11:41])
