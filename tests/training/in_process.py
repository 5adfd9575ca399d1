"""Trainings in the process of the tests, without an engine: quick, and open to look into."""

from dataclasses import dataclass, field

import numpy as np

from core.architecture import decode
from core.training import RunSpec
from core.training.events import Event
from core.training.series import Gatherer
from core.training.worker.classification import Classifier
from core.training.worker.controls import Controls
from core.training.worker.entry import loop_of, task_of
from core.training.worker.loop import Loop
from core.training.worker.preparation import Preparation

TINY = decode("conv-f4-k3-n1-b0_pool_flatten_dense-u16")
"""A convolution with batch norm, and a dense layer.

The convolution has no bias: batch norm takes it out again, so that its gradient is rounding
alone, of which Adam makes whole steps.
"""
FEW = {"dataset": "digits", "images": 200}
"""140 of the digits for training, 30 for validation."""


def tiny(**settings):
    """A run of a few seconds at most: 140 pictures in batches of 20, so 7 steps an epoch."""
    defaults = {"data": FEW, "architecture": TINY, "batch_size": 20, "epochs": 2}
    return RunSpec(**(defaults | settings))


@dataclass
class Trained:
    """What a training told and what it left.

    Attributes:
        events: in their order.
        task: the network and its pictures.
        loop: what trained it.
        model: as a `.keras` file.
    """

    events: list[Event]
    task: Classifier
    loop: Loop
    model: bytes = b""
    _gatherer: Gatherer = field(default_factory=Gatherer)

    def of(self, kind):
        return [event for event in self.events if event.kind == kind]

    @property
    def end(self):
        return self.of("ended")[0].data

    @property
    def series(self):
        gatherer = Gatherer()
        for event in self.events:
            gatherer.take(event)
        return gatherer.series()

    @property
    def loss(self):
        return self.series.loss


def train(spec, own=None, *, when=None, paused=False):
    """Do a run.

    Args:
        spec: its settings.
        own: the pictures, where they are no registered set.
        when: called with each event and a function that orders something.
        paused: begin so.
    """
    dataset, split = spec.data.load(own)
    controls = Controls()
    told, orders = [], iter(range(10**6))

    def order(word, **more):
        controls.hear({"sender": "test", "number": next(orders), "word": word, **more})

    def tell(kind, step, data):
        told.append(Event(len(told), 0.0, kind, step, data))
        if when:
            when(told[-1], order)

    preparation = Preparation(controls, tell, lambda: True)
    task = task_of(spec, dataset, split, preparation)
    loop = loop_of(spec, task, controls, tell, lambda: True, paused=paused)
    trained = Trained(told, task, loop)
    trained.model = loop.run()
    return trained


def weights(model):
    return np.concatenate([np.ravel(value) for value in model.get_weights()])
