"""t-SNE, done where a second or two of computing holds up no page."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from core.training.worker.answers import plainly

Floats = npt.NDArray[np.float32]


@plainly
def tsne(points: Floats, perplexity: int, seed: int) -> tuple[Floats, float]:
    """Places (n, 2), and the divergence that is left.

    Raises:
        WorkerError: so few points have no such perplexity.
    """
    if 3 * perplexity >= len(points):
        raise ValueError(
            f"A perplexity of {perplexity} needs more than {3 * perplexity} points; there are "
            f"{len(points)}. Use at most {max((len(points) - 1) // 3, 0)}."
        )
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    # Between vectors of length 1 the squared distance is twice the cosine distance.
    unit = points / np.maximum(lengths, np.finfo(np.float32).tiny)
    spread = unit.shape[1] > 1 and bool(unit.std(axis=0).any())
    init = "pca" if spread else "random"  # there are no two components to begin with
    layout = TSNE(perplexity=perplexity, init=init, random_state=seed)
    # Threads that wait for one another by spinning: on two busy cores 30 times as slow.
    with threadpool_limits(1):
        places = layout.fit_transform(unit)
    return places.astype(np.float32), float(layout.kl_divergence_)
