"""What is said about a pooling is what it does."""

import numpy as np
import pytest

from core.arithmetic.antialiasing import blur_pool
from core.arithmetic.errors import ShapeError
from core.arithmetic.pool_facts import pool_facts
from core.arithmetic.pooling import PoolSpec, pool


def facts(length: int = 4, channels: int = 1, **spec: object):
    result = pool(np.zeros((length, length, channels)), PoolSpec(**spec))
    shape = result.output.shape
    return pool_facts(result, (shape[0], shape[1], shape[2]))


@pytest.mark.parametrize(
    ("size", "spec", "text"),
    [
        (4, {}, "floor((4 - 2) / 2) + 1 = 2"),
        (5, {"size": 3, "stride": 2, "padding": 1}, "floor((5 + 1 + 1 - 3) / 2) + 1 = 3"),
        (6, {"size": 3, "stride": 2, "ceil_mode": True}, "ceil((6 - 3) / 2) + 1 = 3"),
        (
            3,
            {"size": 2, "padding": 1, "ceil_mode": True},
            "ceil((3 + 1 + 1 - 2) / 2) + 1 = 3, less 1 = 2: "
            "the last window would start behind the input",
        ),
        (5, {"padding": "same"}, "ceil(5 / 2) = 3"),
        (4, {"kind": "global_max"}, "1: one window over the whole plane"),
    ],
)
def test_the_size_is_calculated_in_full(size, spec, text):
    found = facts(size, **spec)
    assert found.rows.text == found.columns.text == text


def test_the_number_at_the_end_is_the_size():
    for size in range(1, 12):
        for window in (1, 2, 3, 5):
            for stride in (1, 2, 3):
                for pad in range(window // 2 + 1):
                    for ceil in (False, True):
                        spec = PoolSpec(size=window, stride=stride, padding=pad, ceil_mode=ceil)
                        try:
                            result = pool(np.zeros((size, size, 1)), spec)
                        except ShapeError:
                            continue
                        height, width, _ = result.output.shape
                        found = pool_facts(result, (height, width, 1)).rows
                        assert found.value == height
                        assert f"= {height}" in found.text
                        assert f"= {height}" in found.latex


def test_costs():
    found = facts(8, 3)
    assert found.kept == "48 / 192 = 25.0%"
    assert found.reads.text == "16 * 4 * 3 = 192"
    assert found.dense.text == "(4 * 4 * 3 + 1) * 10 = 490"
    assert found.dense_before.value == (8 * 8 * 3 + 1) * 10
    assert found.dense_global.text == "(1 * 1 * 3 + 1) * 10 = 40"


def said(*words: str, **spec: object) -> bool:
    text = " ".join(facts(7, **spec).sentences)
    return all(word in text for word in words)


def test_remarks():
    assert said("No parameters")
    assert said("Windows overlap: window 3 x 3, stride 2 x 2", size=3, stride=2)
    assert not said("overlap", size=2)
    # Columns 2 and 5 (and rows) of 7 are skipped, 6 is behind the last window but one of 2.
    assert said("places of 49 in each channel no window reads", size=2, stride=3)
    assert said("A window of 1 is the stride alone", size=1, stride=2)
    assert said("sees 6 x 6 pixels", size=2)
    assert said("Padding never wins", size=3, stride=2, padding=1)
    assert said("is counted as zeros", kind="average", size=3, padding=1,
                count_include_pad=True)  # fmt: skip
    assert said("is not counted", kind="average", size=3, padding=1)
    assert said("hangs over", size=2, ceil_mode=True)
    assert said("spread evenly", kind="average")
    assert said("x / output", kind="l2")
    assert said("goes to the place of the value", kind="min")


def test_a_blurred_pooling_sees_further():
    result = blur_pool(np.zeros((8, 8, 1)), PoolSpec(), "tri-3")
    height, width, _ = result.output.shape
    found = pool_facts(result.dense, (height, width, 1), blur="tri-3", steps=(2, 2))
    assert found.rows.text == "ceil(7 / 2) = 4, of 7 at stride 1"
    text = " ".join(found.sentences)
    assert "blurred with 1 2 1 in both directions, divided by 16" in text
    # Window 2, then taps 3: 4 pixels; a 3 x 3 convolution adds 2 steps of 2.
    assert "sees 8 x 8 pixels" in text
