"""Presets of the page "Normalisation"."""

from __future__ import annotations

from core.lessons.normalization import NormLesson as Lesson
from core.presets.registry import PRESETS, Deck, Preset

BATCH = "1 ; 2 ; 3 ; 6"
FEATURES = "1 | 10 | 100 ; 2 | 20 | 200 ; 3 | 30 | 300 ; 6 | 60 | 600"


def _add(
    slug: str, title: str, topic: str, decks: tuple[Deck, ...], lesson: Lesson, look: str
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


def _numbers(text: str, samples: int, channels: int, **settings: float | str) -> Lesson:
    """A lesson on numbers without height and width, as behind a dense layer."""
    return Lesson(
        norm_input="own", norm_numbers=text, norm_samples=samples, norm_channels=channels,
        norm_height=1, norm_width=1, **settings,
    )  # fmt: skip


_add(
    "norm-algorithm",
    "The algorithm of batch norm, with numbers",
    "Algorithm",
    ("MLC",),
    _numbers(BATCH, 4, 1),
    "A mini-batch of four numbers, m = 4: 1, 2, 3 and 6. Mean 3, variance 14 / 4 = 3.5. Step "
    "through the lines; the view Algorithm has them with the formulas.",
)
_add(
    "norm-features",
    "Each feature by itself",
    "Algorithm",
    (),
    _numbers(FEATURES, 4, 3),
    "Three features of very different size. Behind batch norm the three columns are the same, "
    "but for epsilon.",
)
_add(
    "norm-batch-against-layer",
    "Batch norm against layer norm",
    "Which cells share",
    ("MLC",),
    Lesson(norm_kind="layer"),
    "Layer norm goes through all channels of one sample, batch norm through all samples of one "
    "channel. Switch between them: the hatched cells are the ones that share.",
)
_add(
    "norm-instance",
    "Instance norm",
    "Which cells share",
    (),
    Lesson(norm_kind="instance"),
    "Each channel of each sample by itself: the brightness and the contrast of a single "
    "picture are gone.",
)
_add(
    "norm-group",
    "Group norm",
    "Which cells share",
    (),
    Lesson(norm_kind="group", norm_channels=8, norm_groups=4),
    "Pairs of channels share. With 1 group it is layer norm, with 8 instance norm: slide the "
    "groups under Norm.",
)
_add(
    "norm-rms",
    "RMS norm at every position",
    "Which cells share",
    (),
    Lesson(norm_kind="rms", norm_over="position"),
    "As language models use it: no mean is subtracted, there is no beta, and each place is "
    "divided by the root of its own mean square.",
)
_add(
    "norm-layer-position",
    "What Keras calls layer norm",
    "Which cells share",
    (),
    Lesson(norm_kind="layer", norm_over="position"),
    "LayerNormalization() takes the last axis alone: the channels of one place. Over height, "
    "width and channels it needs axis=(1, 2, 3).",
)
_add(
    "norm-learnable",
    "Two learnable parameters",
    "Gamma and beta",
    ("NTU",),
    Lesson(norm_gamma=2.0, norm_beta=1.0, norm_channels=2),
    "gamma = 2 and beta = 1: every channel now has mean 1 and standard deviation 2. Change one "
    "gamma by hand below the block.",
)
_add(
    "norm-undo",
    "The values that would undo the norm",
    "Gamma and beta",
    (),
    Lesson(norm_affine="undo"),
    "With gamma = sqrt(variance + epsilon) and beta = mean the output is the input. That shows "
    "what the two could do, and not what they are.",
)
_add(
    "norm-before",
    "Before the activation",
    "Activation",
    ("NTU",),
    Lesson(norm_place="before"),
    "Mean 0, then ReLU: about half of the outputs are 0. Slide beta and watch how many are "
    "left; Histograms shows it on a larger block.",
)
_add(
    "norm-after",
    "Behind the activation",
    "Activation",
    ("NTU",),
    Lesson(norm_place="after"),
    "ReLU first: the zeros are part of the mean, and negative numbers go on to the next layer.",
)
_add(
    "norm-one-cell",
    "A batch of one number",
    "Batch size",
    (),
    Lesson(norm_samples=1, norm_height=1, norm_width=1, norm_beta=0.5),
    "Every cell is its own mean, so x - mean is 0: the output is beta, whatever comes in. "
    "Raise N to 2, or choose layer norm.",
)
_add(
    "norm-one-picture",
    "A batch of one picture",
    "Batch size",
    (),
    Lesson(norm_samples=1, norm_height=4, norm_width=4, norm_input="photo", norm_channels=3),
    "With one sample batch norm is instance norm: compare the two blocks. At inference it "
    "would take running statistics instead.",
)
_add(
    "norm-others-matter",
    "The neighbours in the batch matter",
    "Batch size",
    (),
    _numbers("1 ; 2 ; 3 ; 90", 4, 1),
    "One outlier, and the other three become almost equal. Change the 90 by hand: all four "
    "outputs move. Layer norm would not see the neighbours.",
)
_add(
    "norm-inference",
    "Inference, after 400 batches",
    "Training and inference",
    (),
    Lesson(norm_phase="inference", norm_batches=400),
    "Running statistics have settled: this batch comes out nearly as in training, and what one "
    "sample becomes no longer depends on the others.",
)
_add(
    "norm-inference-too-soon",
    "Inference, too soon",
    "Training and inference",
    (),
    Lesson(norm_phase="inference", norm_batches=10),
    "After 10 batches with momentum 0.99, 90 % of the running statistics are still what they "
    "began as, 0 and 1: the block is hardly normalised. See Running.",
)
_add(
    "norm-small-momentum",
    "A small momentum follows every batch",
    "Training and inference",
    (),
    Lesson(norm_phase="inference", norm_momentum=0.5, norm_batches=50),
    "Half of the running mean is the last batch: it comes quickly and stays restless. See "
    "Running, then raise the momentum.",
)
_add(
    "norm-scale-is-lost",
    "Ten times as much changes nothing",
    "What is lost",
    (),
    Lesson(norm_stretch=10.0, norm_move=5.0),
    "The input is multiplied by 10, and 5 is added. Set both back under More: the output stays "
    "as it is, but for epsilon.",
)
_add(
    "norm-epsilon",
    "What epsilon does",
    "What is lost",
    (),
    Lesson(norm_epsilon=5.0),
    "An epsilon as large as the variance: channel 2, which varies least, is pressed together "
    "most. Slide it down to 0.001.",
)
