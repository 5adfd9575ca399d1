"""How fast a pipeline is inside of tf.data: the code that the page gives, on one worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.augment.spec import AugmentError, PipelineSpec
from core.engine.connection import Engine, EngineError
from core.training.errors import WorkerError

LARGEST_BATCH = 256
LONGEST = 10.0
"""Seconds that a measurement may take, beside the compilation."""
_WORKER = "core.augment.worker.throughput:measure"
_COMPILED_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Throughput:
    """What was measured, all by one process with its threads.

    Attributes:
        images_per_second: through the pipeline, in batches.
        bare_per_second: the same pictures through a pipeline without steps.
        drawn_per_second: for how many pictures NumPy draws the numbers in a second; they are
            drawn beforehand.
        compile_seconds: until the first batch, in which TensorFlow compiles the graph.
        batches: how many were counted.
        batch_size: pictures of a batch.
        height: of a picture, in pixels.
        width: of a picture, in pixels.
        cores: processors of the machine.
    """

    images_per_second: float
    bare_per_second: float
    drawn_per_second: float
    compile_seconds: float
    batches: int
    batch_size: int
    height: int
    width: int
    cores: int

    @property
    def step_ms(self) -> float:
        """Milliseconds of a batch."""
        return 1000 * self.batch_size / self.images_per_second

    @property
    def sentence(self) -> str:
        """The measurement for a person."""
        return (
            f"{self.images_per_second:,.0f} pictures a second of {self.width} x {self.height} "
            f"pixels, {self.step_ms:.0f} ms a batch of {self.batch_size}, on {self.cores} "
            f"cores; {self.bare_per_second:,.0f} a second without any step."
        )


def throughput(
    engine: Engine,
    images: npt.NDArray[np.uint8],
    pipeline: PipelineSpec,
    *,
    batch_size: int = 32,
    seconds: float = 2.0,
) -> Throughput:
    """Measure a pipeline where networks are trained.

    Args:
        engine: connected. A worker for trainings measures; it waits for one that is busy.
        images: (n, H, W, 3) uint8; they are repeated to fill batches.
        pipeline: the steps.
        batch_size: pictures of a batch, 2 to `LARGEST_BATCH`.
        seconds: how long is counted, up to `LONGEST`.

    Raises:
        AugmentError: the pictures, the steps or the numbers do not go together.
        EngineError: there was no answer, or the connection is lost.
    """
    if why := pipeline.problem():
        raise AugmentError(why)
    if not 2 <= batch_size <= LARGEST_BATCH or not 0 < seconds <= LONGEST:
        raise AugmentError(
            f"batches of {batch_size} for {seconds:g} seconds cannot be measured. Use 2 to "
            f"{LARGEST_BATCH} pictures, and up to {LONGEST:g} seconds."
        )
    if images.ndim != 4 or images.shape[3] != 3 or images.dtype != np.uint8 or not len(images):
        raise AugmentError(
            f"{images.dtype} of shape {images.shape} cannot be measured. Use uint8 of shape "
            "(n, height, width, 3)."
        )
    future = engine.submit_by_name("training", _WORKER, images, pipeline, batch_size, seconds)
    try:
        measured: Throughput = future.result(_COMPILED_WITHIN + 2 * seconds)
    except TimeoutError:
        future.cancel()  # type: ignore[no-untyped-call]
        raise EngineError(
            f"Nothing was measured within {_COMPILED_WITHIN:.0f} seconds: a training goes on, "
            "or the pipeline is too long to compile. Try again when it has ended, or with "
            "fewer steps."
        ) from None
    except WorkerError as error:
        raise EngineError(f"Nothing was measured: {error.message}") from error
    return measured
