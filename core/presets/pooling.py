"""Presets of the page "Pooling and unpooling"."""

from __future__ import annotations

from core.lessons.pooling import PoolingLesson as Lesson
from core.presets.registry import PRESETS, Deck, Expect, Preset

CS231N = "1 1 2 4 / 5 6 7 8 / 3 2 1 0 / 1 2 3 4"
ZHANG = "0 0 1 1 0 0 1 1 0"
SPOT = "9 0 0 0 0 0 / 0 0 0 0 0 0 / 0 0 0 0 0 0 / 0 0 0 5 0 0 / 0 0 0 0 0 0 / 0 0 0 0 0 0"


def _add(
    slug: str,
    title: str,
    topic: str,
    decks: tuple[Deck, ...],
    lesson: Lesson,
    look: str,
    rows: str | None = None,
    shape: tuple[int, int, int] | None = None,
) -> None:
    """Register a preset; `rows` and `shape` are those of the last grid of the stage."""
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look, Expect(rows, shape)))


_add(
    "pool-max",
    "Max pooling, 2 x 2, stride 2",
    "Pooling",
    ("Oslo", "NTU"),
    Lesson(),
    "The feature map 0 to 15. Of each 2 x 2 window the largest value stays: a folded corner "
    "marks where it was. A quarter of the values is left.",
    "5 7 / 13 15",
    (2, 2, 1),
)
_add(
    "pool-average",
    "Average pooling",
    "Pooling",
    ("Oslo", "NTU"),
    Lesson(pool_kind="average"),
    "The same windows, and their means. No value of the result needs to occur in the input.",
    "2.5 4.5 / 10.5 12.5",
    (2, 2, 1),
)
_add(
    "pool-min",
    "Min pooling",
    "Pooling",
    ("Oslo", "NTU"),
    Lesson(pool_kind="min"),
    "The smallest value of each window. Keras has no layer for it: it is the negative maximum "
    "of the negative numbers, see Code.",
    "0 2 / 8 10",
    (2, 2, 1),
)
_add(
    "pool-cs231n",
    "The figure of CS231n",
    "Pooling",
    ("Penn",),
    Lesson(pool_input="own", pool_numbers=CS231N),
    "Four windows that do not overlap. Point at the 8 in the pooled map: index 7 of the input "
    "plane.",
    "6 8 / 3 4",
    (2, 2, 1),
)
_add(
    "pool-l2",
    "L2 pooling",
    "Pooling",
    (),
    Lesson(
        pool_kind="l2", pool_input="own", pool_numbers="3 0 5 12 / 4 0 0 0 / 8 0 0 1 / 0 6 0 0"
    ),
    "The root of the sum of squares: 3 and 4 give 5. One large value counts more than several "
    "small ones, and the sign is lost.",
    "5 13 / 10 1",
    (2, 2, 1),
)
_add(
    "pool-overlapping",
    "Overlapping windows, as in AlexNet",
    "Pooling",
    (),
    Lesson(pool_height=7, pool_width=7, pool_size=3, pool_input="random"),
    "Window 3, stride 2: the middle rows and columns are read twice, and one large value can "
    "win in several windows.",
    None,
    (3, 3, 1),
)
_add(
    "pool-global-average",
    "Global average pooling instead of a dense layer",
    "Pooling",
    (),
    Lesson(pool_kind="global_average", pool_channels=3, pool_input="random"),
    "One number a channel, whatever the size of the map. Compare the parameters of a dense "
    "layer behind it in Facts.",
    None,
    (1, 1, 3),
)
_add(
    "pool-stride-alone",
    "Stride against pooling",
    "Pooling",
    (),
    Lesson(pool_size=1),
    "Window 1, stride 2: three of four values are dropped without a look at them. Slide the "
    "window to 2 and they count.",
    "0 2 / 8 10",
    (2, 2, 1),
)
_add(
    "pool-ceil",
    "The last window hangs over",
    "Borders",
    (),
    Lesson(pool_height=6, pool_width=6, pool_size=3, pool_ceil=True),
    "6 pixels, window 3, stride 2: rounded up there are 3 windows and not 2, and the last one "
    "hangs over. So GoogLeNet comes from 112 to 56.",
    "14 16 17 / 26 28 29 / 32 34 35",
    (3, 3, 1),
)
_add(
    "pool-ceil-not-taken",
    "A window that would start in the padding",
    "Borders",
    (),
    Lesson(pool_height=3, pool_width=3, pool_pad=1, pool_ceil=True),
    "Rounded up there would be 3 windows; the third would start behind the input, so it is "
    "left out. Read the sum in Facts.",
    "0 2 / 6 8",
    (2, 2, 1),
)
_add(
    "pool-average-border",
    "What an average divides by at the border",
    "Borders",
    (),
    Lesson(
        pool_kind="average", pool_input="ones", pool_size=3, pool_stride=1, pool_pad=1,
        pool_count=True,
    ),
    "All ones, and yet the border is darker: the padding is counted as zeros, as PyTorch does "
    "unless told otherwise. Keras does not count it: switch it off under Window.",
    None,
    (4, 4, 1),
)  # fmt: skip
_add(
    "pool-same",
    'Keras\' padding "same"',
    "Borders",
    (),
    Lesson(pool_height=5, pool_width=5, pool_padding="same"),
    "5 pixels and stride 2 give ceil(5 / 2) = 3 windows. The odd pixel of padding goes to the "
    "end, and never wins.",
    "6 8 9 / 16 18 19 / 21 23 24",
    (3, 3, 1),
)
_add(
    "pool-gradient-max",
    "The gradient's way back through a maximum",
    "Gradient",
    (),
    Lesson(pool_shows="gradient"),
    "The whole gradient goes to the value that won. All others get 0: a change of theirs would "
    "change nothing.",
    "0 0 0 0 / 0 1 0 2 / 0 0 0 0 / 0 3 0 4",
    (4, 4, 1),
)
_add(
    "pool-gradient-average",
    "The gradient's way back through an average",
    "Gradient",
    (),
    Lesson(pool_shows="gradient", pool_kind="average"),
    "A quarter for each: every value of the window has the same share in the mean.",
    "0.25 0.25 0.5 0.5 / 0.25 0.25 0.5 0.5 / 0.75 0.75 1 1 / 0.75 0.75 1 1",
    (4, 4, 1),
)
_add(
    "pool-gradient-overlap",
    "Where windows overlap, gradients add up",
    "Gradient",
    (),
    Lesson(
        pool_shows="gradient", pool_size=3, pool_stride=1, pool_input="own",
        pool_numbers="0 0 0 0 / 0 9 0 0 / 0 0 1 0 / 0 0 0 0",
    ),
    "The 9 wins all four windows and gets 1 + 2 + 3 + 4. Point at it in the last grid.",
    "0 0 0 0 / 0 10 0 0 / 0 0 0 0 / 0 0 0 0",
    (4, 4, 1),
)  # fmt: skip
_add(
    "unpool-max",
    "Unpooling to the remembered places",
    "Unpooling",
    ("NTU",),
    Lesson(pool_shows="unpool", pool_input="own", pool_numbers=CS231N),
    "Each maximum returns to where it was, the rest stays 0. Segmentation networks use it: the "
    "places are remembered on the way down.",
    "0 0 0 0 / 0 6 0 8 / 3 0 0 0 / 0 0 0 4",
    (4, 4, 1),
)
_add(
    "unpool-nearest",
    "Nearest neighbour",
    "Unpooling",
    (),
    Lesson(pool_shows="unpool", pool_back="nearest", pool_kind="average"),
    "Every value becomes a block of four. Nothing to learn, and no places to remember.",
    "2.5 2.5 4.5 4.5 / 2.5 2.5 4.5 4.5 / 10.5 10.5 12.5 12.5 / 10.5 10.5 12.5 12.5",
    (4, 4, 1),
)
_add(
    "unpool-bilinear",
    "Bilinear interpolation",
    "Unpooling",
    (),
    Lesson(
        pool_shows="unpool", pool_back="bilinear", pool_kind="max", pool_size=1,
        pool_stride=1, pool_height=2, pool_width=2, pool_input="own", pool_numbers="1 2 / 3 4",
    ),
    "The example of PyTorch's documentation, 1 2 / 3 4 twice as large: three quarters of the "
    "nearer value, one of the farther. Try Align corners under Back.",
    "1 1.25 1.75 2 / 1.5 1.75 2.25 2.5 / 2.5 2.75 3.25 3.5 / 3 3.25 3.75 4",
    (4, 4, 1),
)  # fmt: skip
_add(
    "unpool-checkerboard",
    "Checkerboard: kernel 3, factor 2",
    "Unpooling",
    (),
    Lesson(
        pool_shows="unpool", pool_back="transposed", pool_input="ones", pool_taps=3,
        pool_height=8, pool_width=8,
    ),
    "All ones in, and a pattern out: some places are reached by 4 values, others by 2 or 1. "
    "Slide the kernel to 4 and it is gone.",
    None,
    (8, 8, 1),
)  # fmt: skip
_add(
    "unpool-no-checkerboard",
    "No checkerboard: kernel 4, factor 2",
    "Unpooling",
    (),
    Lesson(
        pool_shows="unpool", pool_back="transposed", pool_input="ones", pool_taps=4,
        pool_height=8, pool_width=8,
    ),
    "2 divides 4: away from the border, every place is reached by four values.",
    None,
    (8, 8, 1),
)  # fmt: skip
_add(
    "unpool-tent",
    "A transposed convolution that interpolates",
    "Unpooling",
    (),
    Lesson(
        pool_shows="unpool", pool_back="transposed", pool_weights="tent", pool_taps=4,
        pool_height=8, pool_width=8,
    ),
    "With these weights the transposed convolution is bilinear interpolation away from the "
    "border. Segmentation networks start from them, and learn on.",
    None,
    (8, 8, 1),
)  # fmt: skip
_add(
    "unpool-shuffle",
    "Pixel shuffle",
    "Unpooling",
    (),
    Lesson(
        pool_shows="unpool", pool_back="shuffle", pool_channels=4, pool_input="own",
        pool_size=1, pool_stride=1, pool_height=2, pool_width=2,
        pool_numbers="1 5 / 9 13 | 2 6 / 10 14 | 3 7 / 11 15 | 4 8 / 12 16",
    ),
    "Four channels become the four pixels of each block. No value is changed, none is mixed: "
    "the layer before it has to learn what belongs where.",
    "1 2 5 6 / 3 4 7 8 / 9 10 13 14 / 11 12 15 16",
    (4, 4, 1),
)  # fmt: skip
_add(
    "pool-invariance",
    "Some invariance: a shift within the window",
    "Translation",
    (),
    Lesson(pool_input="own", pool_numbers=SPOT, pool_height=6, pool_width=6, pool_size=3,
           pool_stride=3),
    "Open Shift: the input moves by one pixel and the pooled map stays, since both spots stay "
    "in their windows. Shift by 2 or 3 and it does not.",
    "9 0 / 0 5",
    (2, 2, 1),
)  # fmt: skip
_add(
    "pool-zhang",
    "One pixel changes everything",
    "Translation",
    (),
    Lesson(
        pool_input="own", pool_numbers=ZHANG, pool_height=1, pool_width=9, pool_apart=True,
        pool_size=1, pool_stride=1, pool_shift_right=-1,
    ),
    "Zhang's signal. Pooled in pairs it is 0 1 0 1; shifted by one pixel it is 1 1 1 1: see "
    "Shift.",
    "0 1 0 1",
    (1, 4, 1),
)  # fmt: skip
_add(
    "pool-zhang-blurred",
    "The same, anti-aliased",
    "Translation",
    (),
    Lesson(
        pool_input="own", pool_numbers=ZHANG, pool_height=1, pool_width=9, pool_apart=True,
        pool_size=1, pool_stride=1, pool_shift_right=-1, pool_blur="tri-3", pool_border="wrap",
    ),
    "A blur of 1 2 1 before values are dropped: 0.5 1 0.5 1 becomes 0.75 0.75 0.75 0.75 under "
    "the shift. The two are much closer now.",
    "0.5 1 0.5 1",
    (1, 4, 1),
)  # fmt: skip
_add(
    "pool-photo",
    "Anti-aliased pooling on the current image",
    "Translation",
    (),
    Lesson(
        pool_input="photo", pool_height=16, pool_width=16, pool_size=2, pool_stride=2,
        pool_blur="bin-5",
    ),
    "Open Shift: the table compares stride, average, maximum and blurred maximum on your photo "
    "when it moves by one pixel.",
    None,
    (8, 8, 1),
)  # fmt: skip
_add(
    "flatten",
    "Flattening",
    "Flattening",
    ("Coimbra",),
    Lesson(pool_shows="flatten", pool_channels=2, pool_input="random"),
    "The pooled map becomes one row of numbers, channel last. Point at one: who was beside "
    "whom is no longer written anywhere.",
    None,
    (1, 3, 1),
)
_add(
    "fully-connected",
    "A fully connected layer on the flattened map",
    "Flattening",
    ("Coimbra",),
    Lesson(pool_shows="flatten", pool_units=10, pool_input="random", pool_seed=1),
    "Every unit reads every number with a weight of its own. Facts counts the parameters, with "
    "and without the pooling.",
    None,
    (1, 10, 1),
)
