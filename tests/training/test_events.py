"""What travels: events on the wire, snapshots as bytes."""

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.training.events import Event, pack, unpack
from core.training.snapshots import LARGEST_MAP, MOST_MAPS, size_of, squeeze, stretch, thin

DTYPES = st.sampled_from(["float32", "float16", "uint8", "int8", "uint16", "int32", "int64"])
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
PLAIN = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text()
NAMES = st.text(max_size=8)
DATA = st.dictionaries(
    NAMES,
    st.recursive(
        PLAIN | ARRAYS | st.lists(PLAIN, max_size=4),
        lambda inner: st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=8,
    ),
    max_size=6,
)


def on_the_wire(event):
    return unpack(msgpack.unpackb(msgpack.packb(pack(event)), use_list=False))


def same(one, other):
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
        assert not other.flags.writeable
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            same(one[name], other[name])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            same(mine, theirs)
    else:
        assert one == other or (one != one and other != other)


@given(DATA)
def test_an_event_comes_out_of_the_wire_as_it_went_in(data):
    event = Event(3, 1.5, "batches", 128, data)
    arrived = on_the_wire(event)
    assert (arrived.number, arrived.time, arrived.kind, arrived.step) == (
        3,
        1.5,
        "batches",
        128,
    )
    same(event.data, arrived.data)


def test_numpys_own_numbers_become_plain_ones():
    data = {"loss": np.float32(0.5), "best": np.bool_(True), "epoch": np.int64(2)}
    assert on_the_wire(Event(0, 0.0, "epoch", 1, data)).data == {
        "loss": 0.5,
        "best": True,
        "epoch": 2,
    }


def test_an_array_that_no_event_has_is_refused():
    array = {"dtype": "object", "shape": [1], "bytes": b"12345678"}
    message = {"number": 0, "time": 0.0, "kind": "x", "step": 0, "data": {"a": array}}
    with pytest.raises(ValueError, match="array of 'object'"):
        unpack(message)


@given(
    hnp.arrays(
        np.float32, hnp.array_shapes(max_dims=3), elements=st.floats(-1e6, 1e6, width=32)
    )
)
def test_squeezed_numbers_are_exact_to_half_a_step_of_the_largest(values):
    back = stretch(squeeze(values))
    half_a_step = np.abs(values).max() / 127 / 2
    assert np.abs(back - values).max() <= half_a_step * (1 + 1e-5) + 1e-38
    assert (np.sign(back) * np.sign(values) >= 0).all()


def test_squeezing_keeps_zero_and_the_largest():
    back = stretch(squeeze(np.array([0, -3.5, 1.0], np.float32)))
    assert back[0] == 0
    assert back[1] == np.float32(-3.5)


def test_what_is_no_number_is_said_by_the_peak():
    squeezed = squeeze(np.array([1, np.nan], np.float32))
    assert np.isnan(squeezed["peak"])
    assert not squeezed["bytes"].any()


@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 40))
def test_thinned_maps_are_some_of_the_pixels_and_never_too_large(height, width, count):
    maps = np.arange(height * width * count, dtype=np.float32).reshape(height, width, count)
    thinned = thin(maps)
    assert max(thinned.shape[:2]) <= LARGEST_MAP
    assert thinned.shape[2] == min(count, MOST_MAPS)
    assert thinned[0, 0, 0] == maps[0, 0, 0]
    step = -(-max(height, width) // LARGEST_MAP)
    np.testing.assert_array_equal(thinned, maps[::step, ::step, :MOST_MAPS])


def test_the_size_of_a_snapshot_is_that_of_its_arrays():
    snapshot = {"a": np.zeros(5, np.float32), "b": {"c": np.zeros((2, 3), np.int8)}, "d": 4}
    assert size_of(snapshot) == 5 * 4 + 6
