"""No widget of a page keeps a run that the desk has let go."""

import gc
import weakref

from streamlit.testing.v1 import AppTest

from core.training import RunSpec
from core.training.run import Run
from core.ui.training.session import Seat

ON_STAGE = []


def page():
    from core.ui.training import compare, steering
    from core.ui.training.session import TRAINING
    from tests.ui.test_runs_are_let_go import ON_STAGE

    (run,) = ON_STAGE
    steering.live_controls(TRAINING, run)
    compare._row(TRAINING, run)


def going(name):
    run = Run(RunSpec(name=name), session="")
    run.wait_at(0)
    return run


def test_sliders_and_rows_keep_no_run(monkeypatch):
    monkeypatch.setattr(Seat, "runs", lambda self: list(ON_STAGE))
    ON_STAGE[:] = [going("first")]
    at = AppTest.from_function(page).run()
    assert not at.exception
    first = weakref.ref(ON_STAGE[0])
    label = f"run_name_{first().id}"
    assert at.text_input(key=label).value == "first"
    assert len(at.select_slider) >= 2
    at.text_input(key=label).set_value("another").run()
    assert first().name == "another"
    ON_STAGE[:] = [going("second")]
    at.run()
    assert not at.exception
    gc.collect()
    assert first() is None
