"""A history comes back event by event; what no run tells is refused."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.events import Event
from core.training.history import HistoryError, Sizes, as_json, from_json

SIZES = Sizes(pictures=20, validation=4, classes=3)
F4 = np.float32


def told():
    """A run of two steps and an epoch."""
    batch = {
        "loss": F4([1.5, 1.25]), "accuracy": F4([0.5, 1]), "learning_rate": F4([0.1, 0.1]),
        "gradient_norm": F4([1, 2]), "weight_norm": F4([3, 4]), "update_norm": F4([5, np.nan]),
        "images_per_second": 12.5, "memory": 7, "elapsed": 0.5,
    }  # fmt: skip
    epoch = {
        "epoch": 1, "loss": 1.4, "accuracy": 0.75, "validation_loss": 1.1,
        "validation_accuracy": 0.5, "elapsed": 0.6, "best": True,
        "predicted": np.uint16([0, 2, 1, 1]), "losses": F4([1, 2, 3, 4]),
    }  # fmt: skip
    started = {
        "steps_per_epoch": 2, "steps": 2, "parameters": 10, "trainable": 9, "process": 1,
        "layers": ["a", "b"], "shown": ["a"], "sample": np.int64([1, 5]),
        "probed": np.int64([2, 3]),
    }  # fmt: skip
    return [
        Event(0, 1.0, "preparing", 0, {"what": "network", "done": 0, "of": 1}),
        Event(1, 2.0, "started", 0, started),
        Event(2, 3.0, "batches", 2, batch),
        Event(3, 3.0, "changed", 2, {"setting": "dropout", "value": 0.25}),
        Event(4, 4.0, "epoch", 2, epoch),
        Event(6, 5.0, "ended", 2, {"state": "finished", "reason": "", "best": 0}),
    ]


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(
            one, other, equal_nan=one.dtype.kind == "f"
        )
    return one == other


def test_what_was_told_comes_back():
    events = told()
    again = from_json(as_json(events), SIZES)
    for one, other in zip(events, again, strict=True):
        assert (one.number, one.time, one.kind, one.step) == (
            other.number, other.time, other.kind, other.step,
        )  # fmt: skip
        assert one.data.keys() == other.data.keys()
        assert all(same(one.data[name], other.data[name]) for name in one.data)


def array(dtype, shape, content="AAAA"):
    return {"dtype": dtype, "shape": shape, "bytes": content}


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        (1, "steps", 0),
        (1, "steps", 1.5),
        (1, "layers", ["a", 3]),
        (1, "layers", "ab"),
        (1, "sample", array("int64", [1], "FAAAAAAAAAA=")),  # picture 20 of 20
        (1, "sample", array("object", [1])),
        (1, "sample", array("int64", [-1])),
        (1, "sample", array("int64", [10**12])),
        (1, "sample", array("int64", [3])),
        (1, "sample", array("int64", [1], "!!!!")),
        (1, "sample", {"dtype": "int64"}),
        (2, "loss", array("float32", [1], "AADAPw==")),
        (2, "loss", array("int32", [1], "AADAPw==")),
        (2, "memory", True),
        (2, "elapsed", "long"),
        (2, "gradient_norm", array("float32", [1], "AADAPw==")),
        (3, "setting", "epochs"),
        (3, "value", 7),
        (4, "predicted", array("uint16", [4], "AAACAAEAAwA=")),  # class 3 of 3
        (4, "predicted", array("uint16", [3], "AAACAAEA")),
        (4, "best", 1),
        (4, "validation_loss", None),
        (5, "state", "running"),
        (5, "reason", "x" * 5_000),
        (5, "reason", {"values": {}}),
        (0, "what", "trouble"),
        (0, "loss", 1.0),
    ],
)
def test_what_no_run_tells_is_refused(place, name, value):
    rows = json.loads(as_json(told()))
    rows[place]["data"][name] = value
    with pytest.raises(HistoryError, match=f"Event {place} of the history is damaged"):
        from_json(json.dumps(rows), SIZES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.pop(), "does not end"),
        (lambda rows: rows.pop(1), "comes before the start"),
        (lambda rows: rows.insert(1, copy.deepcopy(rows[1])), "out of order"),
        (lambda rows: rows[0].update(kind="shell"), "nothing of the kind 'shell'"),
        (lambda rows: rows[0].update(more=1), "other fields"),
        (lambda rows: rows[2]["data"].pop("loss"), "loss"),
        (lambda rows: rows.clear(), "no list of events"),
    ],
)
def test_events_that_do_not_follow_one_another_are_refused(change, words):
    rows = json.loads(as_json(told()))
    change(rows)
    with pytest.raises(HistoryError, match=words):
        from_json(json.dumps(rows), SIZES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, st.integers(0, 5), st.sampled_from(["number", "time", "kind", "step", "data"]))
def test_anything_in_a_field_is_taken_or_refused_and_never_breaks(value, place, field):
    rows = json.loads(as_json(told()))
    rows[place][field] = value
    try:
        events = from_json(json.dumps(rows), SIZES)
    except HistoryError:
        return
    assert [event.kind for event in events] == [event.kind for event in told()]


@given(JSON)
def test_anything_else_is_refused(value):
    with pytest.raises(HistoryError):
        from_json(json.dumps(value), SIZES)


def without_answers(event):
    told_of_each = ("predicted", "losses")
    left = {name: value for name, value in event.data.items() if name not in told_of_each}
    return Event(event.number, event.time, event.kind, event.step, left)


def test_of_each_picture_the_last_epoch_must_tell_and_earlier_ones_may():
    *before, epoch, end = told()
    again = Event(5, 4.5, "epoch", 2, epoch.data)
    history = from_json(as_json([*before, without_answers(epoch), again, end]), SIZES)
    assert "predicted" not in history[-3].data
    assert history[-2].data["predicted"].tolist() == [0, 2, 1, 1]
    with pytest.raises(HistoryError, match="nothing of the validation pictures"):
        from_json(as_json([*before, epoch, without_answers(again), end]), SIZES)
