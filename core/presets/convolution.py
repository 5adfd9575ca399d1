"""Presets of the page "Convolution": every convolution example of the lecture decks."""

from __future__ import annotations

from typing import Any

from core.lessons.convolution import ConvolutionLesson
from core.presets.registry import PRESETS, Expect, Preset

DIAGONAL = "1 0 0 / 0 1 0 / 0 0 1"
ANTI_DIAGONAL = "0 0 1 / 0 1 0 / 1 0 0"
X = "1 0 1 / 0 1 0 / 1 0 1"
PENN_IMAGE = "3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1"
PENN_KERNEL = "0 1 2 / 2 2 0 / 0 1 2"
COIMBRA_BINARY = "1 1 1 0 0 / 0 1 1 1 0 / 0 0 1 1 1 / 0 0 1 1 0 / 0 1 1 0 0"
COIMBRA_GREY = (
    "60 113 56 139 85 / 73 121 54 84 128 / 131 99 70 129 127 / 80 57 115 69 134 / "
    "104 126 123 95 130"
)
SHARPEN = "0 -1 0 / -1 5 -1 / 0 -1 0"
CORNER = "9 0 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0"
TWO_CROSSES = (
    "1 0 1 0 0 0 0 0 / 0 1 0 0 0 0 0 0 / 1 0 1 0 0 0 0 0 / 0 0 0 0 0 0 0 0 / "
    "0 0 0 0 0 1 0 1 / 0 0 0 0 0 0 1 0 / 0 0 0 0 0 1 0 1 / 0 0 0 0 0 0 0 0"
)


def _lesson(**settings: Any) -> ConvolutionLesson:  # noqa: ANN401 - as varied as the fields
    return ConvolutionLesson(**settings)


def _both(**settings: int) -> dict[str, int]:
    """The same setting for both axes: `pad=1` becomes `**_both(pad=1)`."""
    return {f"{name}_{axis}": n for name, n in settings.items() for axis in ("height", "width")}


def _own(image: str, kernel: str, **settings: Any) -> ConvolutionLesson:  # noqa: ANN401
    """A lesson on given numbers, 5x5 and 3x3 unless the settings say otherwise."""
    return _lesson(
        image="own", image_numbers=image, kernel="own", kernel_numbers=kernel, **settings
    )


def _cross(kernel: str) -> ConvolutionLesson:
    return _lesson(image="cross", kernel="own", kernel_numbers=kernel)


def _worked(**settings: Any) -> ConvolutionLesson:  # noqa: ANN401
    """Penn's and NTU's 5x5 example."""
    return _own(PENN_IMAGE, PENN_KERNEL, **settings)


def _square(size: int, taps: int, /, **settings: Any) -> ConvolutionLesson:  # noqa: ANN401
    """A square input and a square kernel, with the guide's numbers unless told otherwise."""
    sizes = {"height": size, "width": size, "kernel_height": taps, "kernel_width": taps}
    return _lesson(**sizes | {"image": "guide", "kernel": "guide"} | settings)


def _layer(
    size: int, channels: int, taps: int, filters: int, image: str = "random"
) -> ConvolutionLesson:
    """A layer before training: random weights, and biases of 0, as in Keras."""
    return _square(
        size,
        taps,
        channels=channels,
        filters=filters,
        image=image,
        kernel="random",
        bias=True,
        bias_value=0.0,
    )


def _transposed(size: int, taps: int, /, **settings: Any) -> ConvolutionLesson:  # noqa: ANN401
    return _square(size, taps, image="random", transposed=True, **settings)


PATTERNS = (
    Preset(
        slug="oslo-pattern-1",
        title="Pattern 1: the diagonal",
        topic="Patterns",
        decks=("Oslo",),
        lesson=_cross(DIAGONAL),
        look="The output is 3 where the window holds the whole diagonal of the kernel. It is "
        "smaller wherever only a part of the pattern is there.",
        expect=Expect(rows="3 0 1 / 0 3 0 / 1 0 3", shape=(3, 3, 1)),
    ),
    Preset(
        slug="oslo-pattern-2",
        title="Pattern 2: the other diagonal",
        topic="Patterns",
        decks=("Oslo",),
        lesson=_cross(ANTI_DIAGONAL),
        look="The image is the same and the pattern is mirrored. The 3s move to the other "
        "diagonal.",
        expect=Expect(rows="1 0 3 / 0 3 0 / 3 0 1", shape=(3, 3, 1)),
    ),
    Preset(
        slug="oslo-pattern-3",
        title="Pattern 3: the X",
        topic="Patterns",
        decks=("Oslo",),
        lesson=_cross(X),
        look="Only the middle of the image is an X like the kernel: all five 1s meet there.",
        expect=Expect(rows="3 0 3 / 0 5 0 / 3 0 3", shape=(3, 3, 1)),
    ),
    Preset(
        slug="oslo-three-patterns",
        title="Three patterns, three feature maps",
        topic="Patterns",
        decks=("Oslo",),
        lesson=_lesson(image="cross", kernel="patterns", filters=3),
        look="One image, three filters, three outputs. Each output tells where its filter's "
        "pattern is.",
        expect=Expect(
            rows="3 0 1 / 0 3 0 / 1 0 3 | 1 0 3 / 0 3 0 / 3 0 1 | 3 0 3 / 0 5 0 / 3 0 3",
            shape=(3, 3, 3),
        ),
    ),
    Preset(
        slug="coimbra-binary",
        title="A binary image",
        topic="Patterns",
        decks=("Coimbra",),
        lesson=_own(COIMBRA_BINARY, X),
        look="With only 0 and 1 the output counts: how many 1s lie under the 1s of the kernel.",
        expect=Expect(rows="4 3 4 / 2 4 3 / 2 3 4", shape=(3, 3, 1)),
    ),
    Preset(
        slug="penn-same-pattern-twice",
        title="The same pattern at two places",
        topic="Patterns",
        decks=("Penn",),
        lesson=_own(TWO_CROSSES, X, height=8, width=8),
        look="The image holds two small X. Both give a 5, each at its own place: move the "
        "pattern and its answer moves along, which is called equivariance.",
        expect=Expect(shape=(6, 6, 1)),
    ),
    Preset(
        slug="many-filters",
        title="Many filters on the current image",
        topic="Patterns",
        decks=("Oslo", "Penn"),
        lesson=_lesson(
            image="photo",
            height=32,
            width=32,
            channels=3,
            kernel="patterns",
            kernel_height=5,
            kernel_width=5,
            filters=6,
        ),
        look="Six filters look for six patterns. Go through the filters and compare which "
        "parts of the image light up.",
        expect=Expect(shape=(28, 28, 6)),
    ),
)

WORKED = (
    Preset(
        slug="worked-example",
        title="The worked example",
        topic="Worked example",
        decks=("Penn", "NTU", "Guide"),
        lesson=_worked(),
        look="Follow one window: nine products, one sum, one number of the output.",
        expect=Expect(rows="12 12 17 / 10 17 19 / 9 6 14", shape=(3, 3, 1)),
    ),
    Preset(
        slug="worked-first-products",
        title="The first nine products",
        topic="Worked example",
        decks=("Penn", "NTU"),
        lesson=_worked(cell="0,0"),
        look="The pinned cell is the first one. Its products are 0 3 4 / 0 0 0 / 0 1 4, and "
        "their sum is 12.",
        expect=Expect(rows="12 12 17 / 10 17 19 / 9 6 14", shape=(3, 3, 1)),
    ),
    Preset(
        slug="worked-true-convolution",
        title="True convolution: the kernel mirrored",
        topic="Worked example",
        decks=("Penn", "NTU"),
        lesson=_worked(flip=True),
        look="Mathematics mirrors the kernel before it slides. Almost every number changes, "
        "though the image and the weights are the same.",
        expect=Expect(rows="18 20 19 / 10 9 17 / 11 8 14", shape=(3, 3, 1)),
    ),
    Preset(
        slug="worked-stride-2",
        title="The worked example with stride 2",
        topic="Worked example",
        decks=("Penn", "NTU"),
        lesson=_worked(**_both(stride=2)),
        look="Only the four corners of the stride 1 result remain. Every other window is "
        "skipped.",
        expect=Expect(rows="12 17 / 9 14", shape=(2, 2, 1)),
    ),
    Preset(
        slug="worked-dilation-2",
        title="The worked example with dilation 2",
        topic="Worked example",
        decks=("Penn", "NTU"),
        lesson=_worked(**_both(dilation=2)),
        look="The nine taps spread over all 5 x 5 pixels, so there is a single window.",
        expect=Expect(rows="14", shape=(1, 1, 1)),
    ),
)

PADDING = (
    Preset(
        slug="padding-zeros",
        title="Padding with zeros",
        topic="Padding",
        decks=("NTU",),
        lesson=_worked(**_both(pad=1)),
        look="The output is as large as the input. Its border is small because zeros add "
        "nothing there.",
        expect=Expect(
            rows="6 14 17 11 3 / 14 12 12 17 11 / 8 10 17 19 13 / 11 9 6 14 12 / 6 4 4 6 4",
            shape=(5, 5, 1),
        ),
    ),
    Preset(
        slug="padding-ones",
        title="Padding with ones",
        topic="Padding",
        decks=("NTU",),
        lesson=_worked(**_both(pad=1), padding_mode="constant", padding_value=1.0),
        look="The inner nine numbers are those without padding. Only the border knows what was "
        "added.",
        expect=Expect(
            rows="11 17 20 14 8 / 16 12 12 17 15 / 10 10 17 19 17 / 13 9 6 14 16 / 11 7 7 9 9",
            shape=(5, 5, 1),
        ),
    ),
    Preset(
        slug="padding-reflect",
        title="Padding by reflection",
        topic="Padding",
        decks=("NTU",),
        lesson=_worked(**_both(pad=1), padding_mode="reflect"),
        look="The image continues as in a mirror that stands on its outermost pixels. Hover "
        "over an added pixel to see which one it repeats.",
        expect=Expect(
            rows="12 16 24 16 16 / 14 12 12 17 17 / 10 10 17 19 23 / 11 9 6 14 16 / "
            "8 4 8 12 14",
            shape=(5, 5, 1),
        ),
    ),
    Preset(
        slug="padding-zeros-stride-2",
        title="Padding with zeros and stride 2",
        topic="Padding",
        decks=("Penn", "NTU", "Guide"),
        lesson=_worked(**_both(pad=1, stride=2)),
        look="Every second row and column of the padded result remains: 3 x 3 out of 5 x 5.",
        expect=Expect(rows="6 17 3 / 8 17 13 / 6 4 4", shape=(3, 3, 1)),
    ),
    Preset(
        slug="coimbra-padding",
        title="Sharpening with a ring of zeros",
        topic="Padding",
        decks=("Coimbra",),
        lesson=_own(COIMBRA_GREY, SHARPEN, **_both(pad=1), cell="0,0"),
        look="The first value is 5 * 60 - 113 - 73 = 114: two of the four neighbours are "
        "padding. Sharpening also gives values below 0 and above 255.",
        expect=Expect(
            rows="114 328 -26 470 158 / 53 266 -61 -30 344 / 403 116 -47 295 244 / "
            "108 -135 256 -128 344 / 314 346 279 153 421",
            shape=(5, 5, 1),
        ),
    ),
    Preset(
        slug="padding-corner-lost",
        title="Why pad: the corner counts once",
        topic="Padding",
        decks=("NTU",),
        lesson=_lesson(image="own", image_numbers=CORNER, kernel="ones"),
        look="The bright corner pixel lies in one window only. A pixel in the middle lies in "
        "nine.",
        expect=Expect(rows="9 0 0 / 0 0 0 / 0 0 0", shape=(3, 3, 1)),
    ),
    Preset(
        slug="padding-corner-kept",
        title="Why pad: the corner counts four times",
        topic="Padding",
        decks=("NTU",),
        lesson=_lesson(image="own", image_numbers=CORNER, kernel="ones", **_both(pad=1)),
        look="With a ring of zeros four windows hold the corner pixel, so less is lost at the "
        "edge.",
        expect=Expect(
            rows="9 9 0 0 0 / 9 9 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0", shape=(5, 5, 1)
        ),
    ),
    Preset(
        slug="padding-matching-size",
        title="Why pad: the size stays",
        topic="Padding",
        decks=("NTU",),
        lesson=_square(12, 5, image="random", kernel="box", **_both(pad=2)),
        look="A 5 x 5 kernel takes 4 rows and 4 columns away. Two pixels on every side bring "
        "them back, so layers can be stacked without shrinking.",
        expect=Expect(shape=(12, 12, 1)),
    ),
)

STRIDE_AND_DILATION = (
    Preset(
        slug="stride-fewer-values",
        title="Why stride: a quarter of the work",
        topic="Stride and dilation",
        decks=("NTU",),
        lesson=_square(
            16,
            3,
            image="disc",
            kernel="box",
            **_both(pad=1, stride=2),
        ),
        look="8 x 8 windows instead of 16 x 16: a quarter of the products and of the output.",
        expect=Expect(shape=(8, 8, 1)),
    ),
    Preset(
        slug="stride-ignores-input",
        title="The price of stride: ignored pixels",
        topic="Stride and dilation",
        decks=("NTU",),
        lesson=_square(11, 3, image="ramp", kernel="ones", **_both(stride=4)),
        look="A stride longer than the kernel jumps over pixels: rows 3 and 7 and columns 3 "
        "and 7 are in no window.",
        expect=Expect(shape=(3, 3, 1)),
    ),
    Preset(
        slug="dilation-wider-view",
        title="Why dilation: a wider view, the same work",
        topic="Stride and dilation",
        decks=("NTU",),
        lesson=_square(11, 3, image="disc", kernel="ones", **_both(dilation=3)),
        look="Nine weights look at an area of 7 x 7 pixels. A dense kernel of that size "
        "has 49.",
        expect=Expect(shape=(5, 5, 1), parameters=9),
    ),
)

SIZES = (
    Preset(
        slug="one-filter-32",
        title="One 5x5x3 filter on 32x32x3",
        topic="Sizes and parameters",
        decks=("Penn",),
        lesson=_layer(32, 3, 5, 1),
        look="The filter is as deep as its input, so three channels give one feature map. "
        "32 - 5 + 1 = 28 holds for stride 1 without padding.",
        expect=Expect(shape=(28, 28, 1), parameters=76),
    ),
    Preset(
        slug="six-filters-32",
        title="Six 5x5 filters on 32x32x3",
        topic="Sizes and parameters",
        decks=("Penn",),
        lesson=_layer(32, 3, 5, 6),
        look="Six filters, six feature maps: the output's depth is the number of filters.",
        expect=Expect(shape=(28, 28, 6), parameters=456),
    ),
    Preset(
        slug="ten-filters-28",
        title="Ten 5x5x6 filters on 28x28x6",
        topic="Sizes and parameters",
        decks=("Penn",),
        lesson=_layer(28, 6, 5, 10),
        look="The second layer reads the six feature maps of the first. Its filters are six "
        "channels deep.",
        expect=Expect(shape=(24, 24, 10), parameters=1510),
    ),
    Preset(
        slug="ten-filters-32",
        title="How many parameters? Ten 5x5 filters on 32x32x3",
        topic="Sizes and parameters",
        decks=("Penn",),
        lesson=_layer(32, 3, 5, 10),
        look="Count before you look: 5*5*3 weights and one bias make 76, and there are ten "
        "filters.",
        expect=Expect(shape=(28, 28, 10), parameters=760),
    ),
    Preset(
        slug="convolution-or-dense",
        title="Convolution against fully connected",
        topic="Sizes and parameters",
        decks=("Penn",),
        lesson=_layer(32, 3, 5, 6, image="disc"),
        look="A dense layer needs 14,455,392 parameters for what is 456 here. A convolution "
        "joins neighbours only, and uses the same weights everywhere.",
        expect=Expect(shape=(28, 28, 6), parameters=456, dense=14_455_392),
    ),
    Preset(
        slug="any-depth",
        title="From any depth to any other",
        topic="Sizes and parameters",
        decks=("NTU",),
        lesson=_layer(8, 6, 1, 2),
        look="A 1 x 1 kernel mixes the six channels of each pixel into two. It sees no "
        "neighbours.",
        expect=Expect(shape=(8, 8, 2), parameters=14),
    ),
    Preset(
        slug="mlc-two-inputs",
        title="First layer of the network with two inputs",
        topic="Sizes and parameters",
        decks=("MLC",),
        lesson=_layer(32, 3, 4, 10),
        look="The branch for 32x32x3 begins with 4 x 4 kernels: 32 - 4 + 1 = 29. The stage "
        "shows ten of its 32 filters.",
        expect=Expect(shape=(29, 29, 10)),
    ),
    Preset(
        slug="depthwise",
        title="Depthwise: each channel on its own",
        topic="Sizes and parameters",
        decks=(),
        lesson=_lesson(
            image="random",
            height=8,
            width=8,
            channels=3,
            kernel="random",
            filters=3,
            groups=3,
        ),
        look="Three groups for three channels: each filter sees one channel, so there are 27 "
        "weights instead of 81.",
        expect=Expect(shape=(6, 6, 3), parameters=27),
    ),
)

EDGES = (
    Preset(
        slug="sobel-edge",
        title="Sobel on a vertical edge",
        topic="Edges",
        decks=("NTU",),
        lesson=_lesson(image="edge", height=8, width=8, kernel="sobel", filters=2),
        look="The first filter answers where brightness changes to the right. The second one "
        "looks downwards and finds nothing.",
        expect=Expect(
            rows=" | ".join(" / ".join([row] * 6) for row in ("0 0 36 36 0 0", "0 0 0 0 0 0")),
            shape=(6, 6, 2),
        ),
    ),
    Preset(
        slug="sobel-photo",
        title="Your own edge detector",
        topic="Edges",
        decks=("NTU",),
        lesson=_lesson(
            image="photo",
            height=32,
            width=32,
            kernel="sobel",
            filters=2,
            padding="same",
            padding_mode="edge",
        ),
        look="High values are edges from dark to bright, low values edges from bright to dark. "
        "Change the weights and see what they find.",
        expect=Expect(shape=(32, 32, 2)),
    ),
)

FRAMEWORKS = (
    Preset(
        slug="keras-same-stride-2",
        title='Keras: "same" with stride 2',
        topic="Frameworks",
        decks=(),
        lesson=_square(
            6,
            3,
            image="ramp",
            kernel="identity",
            padding="same",
            **_both(stride=2),
        ),
        look="Keras adds one row below and one column to the right, none before. The middle "
        "weight reads pixel 1, 1 first.",
        expect=Expect(rows="7 9 11 / 19 21 23 / 31 33 35", shape=(3, 3, 1)),
    ),
    Preset(
        slug="pytorch-padding-1-stride-2",
        title="PyTorch: padding 1 with stride 2",
        topic="Frameworks",
        decks=(),
        lesson=_square(
            6,
            3,
            image="ramp",
            kernel="identity",
            **_both(pad=1, stride=2),
        ),
        look="One pixel on every side gives the same size as Keras. The middle weight reads "
        "pixel 0, 0 first, so every number differs.",
        expect=Expect(rows="0 2 4 / 12 14 16 / 24 26 28", shape=(3, 3, 1)),
    ),
)


def _guide(
    slug: str, title: str, lesson: ConvolutionLesson, look: str, shape: tuple[int, int, int]
) -> Preset:
    """One of the animations that go with the guide."""
    topic = "Transposed convolution" if lesson.transposed else "The guide's animations"
    return Preset(f"guide-{slug}", title, topic, ("Guide",), lesson, look, Expect(shape=shape))


GUIDE = (
    _guide(
        "no-padding-no-strides",
        "No padding, no strides",
        _square(4, 3),
        "Two positions fit along each axis: 4 - 3 + 1.",
        (2, 2, 1),
    ),
    _guide(
        "arbitrary-padding-no-strides",
        "Arbitrary padding, no strides",
        _square(5, 4, **_both(pad=2)),
        "Two pixels on every side make the output larger than the input.",
        (6, 6, 1),
    ),
    _guide(
        "half-padding-no-strides",
        "Half padding, no strides",
        _square(5, 3, **_both(pad=1)),
        "Half of the kernel, rounded down, on every side: the size stays.",
        (5, 5, 1),
    ),
    _guide(
        "full-padding-no-strides",
        "Full padding, no strides",
        _square(5, 3, **_both(pad=2)),
        "Every window that touches the image at all is counted, even by one corner.",
        (7, 7, 1),
    ),
    _guide(
        "no-padding-strides",
        "No padding, strides",
        _square(5, 3, **_both(stride=2)),
        "The window moves by two pixels, so two positions fit.",
        (2, 2, 1),
    ),
    _guide(
        "padding-strides",
        "Padding, strides",
        _square(5, 3, **_both(pad=1, stride=2)),
        "Three positions fit into 7 padded pixels, without a remainder.",
        (3, 3, 1),
    ),
    _guide(
        "padding-strides-odd",
        "Padding, strides (odd)",
        _square(6, 3, **_both(pad=1, stride=2)),
        "The image is one pixel larger and the output is not: no window reaches the last "
        "padded row and column.",
        (3, 3, 1),
    ),
    _guide(
        "dilation",
        "No padding, no stride, dilation",
        _square(7, 3, **_both(dilation=2)),
        "The taps stand two pixels apart: nine weights span 5 x 5 pixels.",
        (3, 3, 1),
    ),
    _guide(
        "no-padding-no-strides-transposed",
        "No padding, no strides, transposed",
        _transposed(2, 3),
        "From 2 x 2 back to the 4 x 4 of the first animation. Only the size comes back, not "
        "the numbers.",
        (4, 4, 1),
    ),
    _guide(
        "arbitrary-padding-no-strides-transposed",
        "Arbitrary padding, no strides, transposed",
        _transposed(6, 4, **_both(pad=2)),
        "Padding that the convolution added is now cut off: 6 x 6 becomes 5 x 5.",
        (5, 5, 1),
    ),
    _guide(
        "half-padding-no-strides-transposed",
        "Half padding, no strides, transposed",
        _transposed(5, 3, **_both(pad=1)),
        "What keeps the size forwards keeps it backwards.",
        (5, 5, 1),
    ),
    _guide(
        "full-padding-no-strides-transposed",
        "Full padding, no strides, transposed",
        _transposed(7, 3, **_both(pad=2)),
        "The transpose of full padding needs no padding at all: 7 x 7 becomes 5 x 5.",
        (5, 5, 1),
    ),
    _guide(
        "no-padding-strides-transposed",
        "No padding, strides, transposed",
        _transposed(2, 3, **_both(stride=2)),
        "A zero stands between neighbouring pixels, and the window moves by one.",
        (5, 5, 1),
    ),
    _guide(
        "padding-strides-transposed",
        "Padding, strides, transposed",
        _transposed(3, 3, **_both(pad=1, stride=2)),
        "Zeros between the pixels enlarge, the padding cuts one pixel off every side.",
        (5, 5, 1),
    ),
    _guide(
        "padding-strides-odd-transposed",
        "Padding, strides, transposed (odd)",
        _transposed(3, 3, **_both(pad=1, stride=2, output_padding=1)),
        "Inputs of 5 and of 6 both shrink to 3. The output padding says that it was 6.",
        (6, 6, 1),
    ),
)

TRANSPOSED = (
    Preset(
        slug="checkerboard",
        title="The checkerboard of a transposed convolution",
        topic="Transposed convolution",
        decks=(),
        lesson=_square(3, 3, image="ones", kernel="ones", transposed=True, **_both(stride=2)),
        look="All inputs and weights are 1, so the output counts the products of each pixel. "
        "Stride 2 does not divide kernel 3: some pixels get one, others two or four.",
        expect=Expect(
            rows="1 1 2 1 2 1 1 / 1 1 2 1 2 1 1 / 2 2 4 2 4 2 2 / 1 1 2 1 2 1 1 / "
            "2 2 4 2 4 2 2 / 1 1 2 1 2 1 1 / 1 1 2 1 2 1 1",
            shape=(7, 7, 1),
        ),
    ),
    Preset(
        slug="unet-up-convolution",
        title="The up-convolution of the U-Net",
        topic="Transposed convolution",
        decks=("NTU", "MLC"),
        lesson=_transposed(8, 2, **_both(stride=2)),
        look="A 2 x 2 kernel with stride 2 turns every pixel into a block of four. The blocks "
        "do not overlap, so there is no checkerboard.",
        expect=Expect(shape=(16, 16, 1)),
    ),
)

for _preset in (
    *PATTERNS,
    *WORKED,
    *PADDING,
    *STRIDE_AND_DILATION,
    *SIZES,
    *EDGES,
    *FRAMEWORKS,
    *GUIDE,
    *TRANSPOSED,
):
    PRESETS.add(_preset)
