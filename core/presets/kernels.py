"""Presets of the page "Kernels"."""

from __future__ import annotations

from typing import Any

from core.kernels import KERNELS
from core.lessons.kernels import EMPTY, KernelLesson
from core.presets.registry import PRESETS, Deck, Preset

Decks = tuple[Deck, ...]


def _add(
    slug: str, title: str, topic: str, decks: Decks, lesson: KernelLesson, look: str
) -> None:
    PRESETS.add(Preset(slug, title, topic, decks, lesson, look))


def _named(slug: str, **settings: Any) -> KernelLesson:  # noqa: ANN401 - as varied as the fields
    """A named kernel with the numbers that suit it, unless the settings say otherwise."""
    suits = {
        name: int(value) if name == "taps" else value
        for name, value in KERNELS[slug].suits.items()
    }
    return KernelLesson(**{"named": slug, **suits, **settings})


CLASSICS = "Classics"
EDGES = "Edges"
PILLOW = "Pillow's filters"
SEVERAL = "Several kernels"
LEARNED = "Learned kernels"

_add(
    "ntu-edge-detector",
    "Exercise 1: your own edge detector",
    EDGES,
    ("NTU",),
    KernelLesson(named="own", own_weights=EMPTY),
    "All weights are 0. Write some until the view Exercise says yes: silent on flat areas, "
    "loud "
    "at edges. How few weights are enough?",
)
_add(
    "ntu-sobel-x",
    "Sobel x",
    EDGES,
    ("NTU",),
    _named("sobel-x"),
    "A high value where brightness grows to the right, orange; where it falls, blue. Whiskers "
    "that lie flat are not seen at all.",
)
_add(
    "ntu-sobel-y",
    "Sobel y",
    EDGES,
    ("NTU",),
    _named("sobel-y"),
    "The same turned by a quarter: now the flat whiskers show. The view Edges puts both "
    "together.",
)
_add(
    "sobel-large",
    "Sobel, 7 x 7",
    EDGES,
    (),
    _named("sobel-x", taps=7),
    "Larger Sobel kernels blur first and then differentiate: less noise, thicker lines. Look "
    "at "
    "the view Factors: a bell times a derivative of a bell.",
)
_add(
    "scharr",
    "Scharr",
    EDGES,
    (),
    _named("scharr-x"),
    "Weights 3, 10, 3 instead of 1, 2, 1: the direction of the gradient is right to a fraction "
    "of a degree.",
)
_add(
    "kirsch-compass",
    "Kirsch's compass",
    EDGES,
    (),
    _named("kirsch"),
    "Turn it by eighths with the button under the kernel: eight kernels, one for each "
    "direction "
    "of an edge.",
)
_add(
    "laplacian-4",
    "Laplacian",
    EDGES,
    (),
    _named("laplacian"),
    "A second derivative: every edge becomes two lines, blue and orange, and the edge lies "
    "between. It hears noise more than Sobel does.",
)
_add(
    "marr-hildreth",
    "Laplacian of Gaussian",
    EDGES,
    (),
    _named("log"),
    "Blur and Laplacian in one kernel. Raise sigma: fewer and coarser edges, as Marr and "
    "Hildreth thought of the eye.",
)
_add(
    "canny",
    "Canny, step by step",
    EDGES,
    (),
    _named("gaussian", taps=7, sigma=1.5, smoothing=1.5),
    "Open the view Edges and choose Canny: gradient, thin ridges, two thresholds, hysteresis. "
    "Its thresholds are under Edges, beside the photo.",
)
_add(
    "identity-photo",
    "Identity",
    CLASSICS,
    (),
    _named("identity"),
    "One 1 in the middle: nothing happens. Move the 1 to another cell: the photo moves the "
    "other way.",
)
_add(
    "box-blur",
    "Box blur",
    CLASSICS,
    (),
    _named("box", taps=7, colours="channels"),
    "The mean of 49 pixels. Fine stripes can come back with bright and dark exchanged: see the "
    "bumps in the view Frequency.",
)
_add(
    "gaussian-blur",
    "Gaussian blur",
    CLASSICS,
    (),
    _named("gaussian", taps=13, sigma=2.0, colours="channels"),
    "Softer than the box at the same width, alike in all directions, and separable: 26 "
    "multiplications a pixel instead of 169.",
)
_add(
    "gaussian-cut-off",
    "A Gaussian cut off",
    CLASSICS,
    (),
    _named("gaussian", taps=5, sigma=6.0),
    "Sigma 6 in a kernel of 5 x 5: all weights are nearly the same, and the bell is a box.",
)
_add(
    "motion-blur",
    "Motion blur",
    CLASSICS,
    (),
    _named("motion", taps=15, angle=30.0, colours="channels"),
    "The mean along a line. Turn the angle; stripes along the line stay, stripes across it go.",
)
_add(
    "sharpen-photo",
    "Sharpen",
    CLASSICS,
    (),
    _named("sharpen", colours="channels"),
    "The weights add up to 1, so flat areas stay. Each edge gets a bright and a dark seam; so "
    "does the noise.",
)
_add(
    "unsharp-masking",
    "Unsharp masking",
    CLASSICS,
    (),
    _named("unsharp", taps=9, sigma=2.0, amount=1.5, colours="channels"),
    "Photographers' way: the photo plus what a blur takes away from it. Move the amount.",
)
_add(
    "outline-photo",
    "Outline",
    CLASSICS,
    (),
    _named("outline", display="clip"),
    "Eight times the pixel minus its neighbours. Half of the answer is negative and cut here: "
    "show it signed, under Photo.",
)
_add(
    "emboss-photo",
    "Emboss",
    CLASSICS,
    (),
    _named("emboss"),
    "Light seems to fall from one corner. Turn the kernel and it falls from another; the view "
    "Exercise says why this is only partly an edge detector.",
)
_add(
    "gabor-stripes",
    "Gabor",
    CLASSICS,
    (),
    _named("gabor", wavelength=6.0, angle=0.0, phase=90.0, divide="absolute"),
    "Stripes under a bell: it answers to one width and one direction. Networks learn such "
    "kernels in their first layer; move the angle and see other whiskers light up.",
)
for _name, _look in (
    ("BLUR", "A ring of 16 weights: ghosts of the edges appear at a distance of two pixels."),
    ("CONTOUR", "The outline on white. The offset of 255 hides half of the answer."),
    ("DETAIL", "Gently sharper: compare the sum of the weights, 6, with the divisor, 6."),
    ("EDGE_ENHANCE", "The weights add up to 2 and are divided by 2."),
    ("EDGE_ENHANCE_MORE", "The photo plus its outline: 9 in the middle instead of 8."),
    ("EMBOSS", "Two weights and an offset of 128. Pillow itself reads kernels from the bottom "
     "up: its picture is lit from another corner."),
    ("FIND_EDGES", "The outline on black; what is negative is cut, unless it is shown signed."),
    ("SHARPEN", "32 in the middle, -2 around it, divided by 16."),
    ("SMOOTH", "A mean that trusts its own pixel five times as much."),
    ("SMOOTH_MORE", "44 of 100 for the pixel itself: noise goes, edges stay almost."),
):  # fmt: skip
    _slug = f"pillow-{_name.lower().replace('_', '-')}"
    _add(_slug, f"Pillow {_name}", PILLOW, (), _named(_slug, display="clip"), _look)
_add(
    "box-three-times",
    "Three boxes are nearly a Gaussian",
    SEVERAL,
    (),
    _named("box", taps=5, repeated=3),
    "Open the view Row: the box convolved with itself becomes a bell, the central limit "
    "theorem "
    "at work.",
)
_add(
    "blur-then-laplacian",
    "Gaussian, then Laplacian",
    SEVERAL,
    (),
    _named("gaussian", taps=7, sigma=1.4, second="laplacian"),
    "In the view Row both together are one kernel of 9 x 9: the Laplacian of Gaussian. Away "
    "from the border the answers are equal.",
)
_add(
    "two-three-by-three",
    "Two 3 x 3 are one 5 x 5",
    SEVERAL,
    (),
    _named("binomial", repeated=2),
    "18 multiplications instead of 25 for the same answer: why networks stack small kernels. "
    "They put an activation between, and then no single kernel equals both.",
)
_add(
    "blur-then-sharpen",
    "Can a blur be undone?",
    SEVERAL,
    (),
    _named("gaussian", taps=7, sigma=1.5, second="sharpen"),
    "Sharpening raises what the blur has left. What it has brought to 0 in the view Frequency "
    "stays lost.",
)
_add(
    "ntu-learned-kernel",
    "Kernels can be learned",
    LEARNED,
    ("NTU",),
    KernelLesson(learn_lot=3, learn_steps=100),
    "Open the view Learn: the target was made by a hidden kernel. Press play, watch the "
    "weights "
    "find it, then reveal it.",
)
_add(
    "learning-too-fast",
    "Too large a rate",
    LEARNED,
    (),
    KernelLesson(learn_rate=0.18, learn_steps=40),
    "In the view Learn: just above the limit each step overshoots and the error grows. Go one "
    "mark down and it falls.",
)
_add(
    "learning-from-plain-values",
    "Why inputs are standardised",
    LEARNED,
    (),
    KernelLesson(learn_scaling="plain", learn_rate=0.3, learn_steps=200),
    "In the view Learn: with values from 0 to 1 one direction is thousands of times steeper "
    "than the flattest. Standardise and compare.",
)
_add(
    "learning-from-noise",
    "A bowl without a flat side",
    LEARNED,
    (),
    KernelLesson(learn_picture="noise", learn_rate=0.4, learn_steps=20),
    "In the view Learn: pixels that have nothing to do with each other make all directions "
    "equally steep. A dozen steps are enough.",
)
_add(
    "learning-too-small",
    "A kernel that does not fit",
    LEARNED,
    (),
    _named("gaussian", taps=9, sigma=2.0, learn_teacher="stage",
           learn_taps=3, learn_rate=0.05),
    "In the view Learn: nine weights try to do what 81 do. The least error is not 0, and the "
    "best 3 x 3 kernel is no piece of the bell.",
)  # fmt: skip
