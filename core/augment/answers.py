"""Draws of one picture, asked of the engine: the app itself never loads TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from distributed import Future
from distributed.scheduler import KilledWorker

from core.augment.drawing import Drawn
from core.augment.result import Boxes
from core.augment.spec import PipelineSpec
from core.engine.connection import Engine, EngineError
from core.training.errors import WorkerError

_WORKER = "core.augment.worker.answers:draws"

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What is to be drawn.

    Attributes:
        images: (1 + p, H, W, C) uint8: the picture, then those that mixing may take from.
        pipeline: the steps.
        seed: of all draws, 0 or more.
        draws: how often the picture goes through the pipeline.
        followed: which draw is kept after every step; None for none.
        boxes: of each of the pictures, (k, 4) xyxy; None where there are none.
        masks: (1 + p, H, W) uint8 class ids; None where there are none.
    """

    images: Images
    pipeline: PipelineSpec
    seed: int
    draws: int
    followed: int | None = None
    boxes: tuple[Floats, ...] | None = None
    masks: Images | None = None

    @property
    def key(self) -> str:
        """A fingerprint: the same for the same draws, and for no others."""
        parts = (self.pipeline.model_dump_json(), self.seed, self.draws, self.followed)
        made = hashlib.blake2b(repr((*parts, self.images.shape)).encode(), digest_size=16)
        made.update(self.images.tobytes())
        for own in self.boxes or ():
            made.update(repr(own.tolist()).encode())
        if self.masks is not None:
            made.update(self.masks.tobytes())
        return made.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What came out.

    Attributes:
        images: (n, H, W, C) uint8.
        drawn: for each draw what was drawn for each step.
        boxes: for each draw, the picture's own first; None where none went in.
        masks: (n, H, W) uint8 class ids; None where none went in.
        shares: (n, 1 + p): how much of the label is the picture's, and of the others'.
        trail: (1 + steps, H, W, C) uint8: the followed draw as it went in and after each step.
        seconds: that the worker took.
    """

    images: Images
    drawn: tuple[tuple[Drawn, ...], ...]
    boxes: tuple[Boxes, ...] | None
    masks: Images | None
    shares: Floats
    trail: Images
    seconds: float


class DrawError(EngineError):
    """There are no draws; the message says why, and what would work."""


def ask(engine: Engine, request: Request) -> Future[Draws]:
    """Send a request to the engine; `answer` waits for what comes of it.

    Raises:
        EngineError: the connection is lost.
    """
    return engine.submit_by_name("inference", _WORKER, request)


def answer(future: Future[Draws], within: float) -> Draws:
    """The draws.

    Args:
        future: of `ask`.
        within: seconds to wait.

    Raises:
        TimeoutError: they are not here yet; ask again.
        DrawError: the pipeline cannot be applied, or the process that draws has ended.
    """
    try:
        drawn: Draws = future.result(within)
    except TimeoutError:
        raise
    except CancelledError as error:
        raise DrawError(
            "The connection to the engine was lost while it drew. Change a setting, or load "
            "the page again."
        ) from error
    except KilledWorker as error:
        raise DrawError(
            "The process that draws has ended: it was killed, or it took too much memory. A "
            "new one is started; change a setting, or load the page again."
        ) from error
    except WorkerError as error:
        raise DrawError(f"The pictures could not be drawn: {error.message}") from error
    except ValueError as error:
        raise DrawError(str(error)) from error
    return drawn


def words(drawn: Sequence[Drawn]) -> list[str]:
    """What was drawn for one picture, step by step; steps that did not come are left out."""
    return [one.words or one.step.title.lower() for one in drawn if one.comes]
