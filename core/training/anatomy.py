"""What a backbone is made of, block by block, and how much of it a transfer learns."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from core.engine.connection import Engine
from core.training.answers import ANSWER_WITHIN, AnswerError
from core.training.errors import WorkerError
from core.training.spec import BYTES_A_NUMBER, COPIES
from core.training.transfer import TransferSpec
from core.zoo.registry import ZOO

BASE = 800 * 2**20
"""Bytes that a worker takes with Keras, KerasCV and a small network."""
_QUESTION = "core.training.worker.anatomy:anatomy"


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a backbone.

    Attributes:
        name: as in its layers' names.
        parameters: what could be learnt of it: kernels, biases, scales.
        statistics: means and variances of its batch norms, which no gradient reaches.
        size_hw: height and width of its feature maps.
        channels: number of its feature maps.
        values: numbers that all its layers give for one picture.
    """

    name: str
    parameters: int
    statistics: int
    size_hw: tuple[int, int]
    channels: int
    values: int


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A backbone of the zoo.

    Attributes:
        backbone: its slug.
        side: height and width of its input, in pixels.
        parts: from the input on.
    """

    backbone: str
    side: int
    parts: tuple[Part, ...]

    @property
    def width(self) -> int:
        """Features that a head is given: the maps of the last block."""
        return self.parts[-1].channels


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a block, or of a layer of the head, is learnt.

    Attributes:
        name: of the block or the layer.
        trainable: parameters that the optimiser changes.
        frozen: all others, statistics of batch norm among them.
        in_head: whether it belongs to the head.
    """

    name: str
    trainable: int
    frozen: int
    in_head: bool = False


def anatomy(engine: Engine, backbone: str) -> Anatomy:
    """The blocks of a backbone; asked of the engine once.

    Args:
        engine: connected.
        backbone: slug of `core.zoo.registry.ZOO`.

    Raises:
        AnswerError: its weights cannot be had, or the process that answers is busy.
        EngineError: the connection is lost.
    """
    with _asking:
        if backbone not in _known:
            try:
                future = engine.submit_by_name("inference", _QUESTION, backbone)
                rows = future.result(ANSWER_WITHIN)
            except TimeoutError:
                raise AnswerError("The process that answers is busy. Ask again.") from None
            except WorkerError as error:
                raise AnswerError(error.message) from error
            _known[backbone] = Anatomy(
                backbone, ZOO[backbone].side, tuple(Part(*row) for row in rows)
            )
        return _known[backbone]


_known: dict[str, Anatomy] = {}
_asking = threading.Lock()


def shares(spec: TransferSpec, backbone: Anatomy, classes: int) -> tuple[Share, ...]:
    """What a run learns of each block and of the head, from the input on.

    Args:
        spec: the run.
        backbone: of the spec's backbone.
        classes: that the head tells apart.
    """
    count = len(backbone.parts)
    opened = _opened(spec, backbone)
    body = [
        Share(part.name, part.parameters, part.statistics)
        if place >= count - opened
        else Share(part.name, 0, part.parameters + part.statistics)
        for place, part in enumerate(backbone.parts)
    ]
    head = []
    width = backbone.width
    if spec.dense:
        head.append(Share("head_dense", (width + 1) * spec.dense, 0, in_head=True))
        width = spec.dense
    head.append(Share("output", (width + 1) * classes, 0, in_head=True))
    return (*body, *head)


def step_bytes(spec: TransferSpec, backbone: Anatomy) -> int:
    """About how much memory a step takes for the open blocks, beside Keras and the weights.

    Every number that a layer gives is kept until its gradient has been computed.

    Args:
        spec: the run.
        backbone: of the spec's backbone.
    """
    opened = _opened(spec, backbone)
    values = sum(part.values for part in backbone.parts[len(backbone.parts) - opened :])
    share = ((spec.side or backbone.side) / backbone.side) ** 2
    return round(values * share * spec.batch_size * BYTES_A_NUMBER * COPIES)


def memory_warning(spec: TransferSpec, backbone: Anatomy, limit: int) -> str:
    """What to say where a step needs more memory than there is; empty where it does not.

    Args:
        spec: the run.
        backbone: of the spec's backbone.
        limit: bytes that a worker may take.
    """
    needed, free = step_bytes(spec, backbone), limit - BASE
    if needed <= free:
        return ""
    batch = int(spec.batch_size * max(free, 0) / needed)
    cure = f"a batch of {batch}" if batch else "fewer open blocks"
    return (
        f"A step with {spec.batch_size} pictures takes about {needed / 2**30:.1f} GiB, and "
        f"{max(free, 0) / 2**30:.1f} GiB are free for it. Use {cure}, or a smaller "
        "side: half of it takes a quarter."
    )


def _opened(spec: TransferSpec, backbone: Anatomy) -> int:
    """How many of the blocks are learnt, from the top."""
    count = len(backbone.parts)
    return {"scratch": count, "frozen": 0, "finetune": min(spec.open_blocks, count)}[spec.way]
