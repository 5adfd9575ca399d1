"""Every preset shows the numbers of its lecture deck, typed here once more."""

from __future__ import annotations

import numpy as np
import pytest

from core.arithmetic.facts import layer_facts
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, build
from core.numbers import format_grid
from core.presets import DECKS, PRESETS, Expect, Preset, Presets

PHOTO = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)
CONVOLUTION = PRESETS.for_page("convolution")


def grid(text: str) -> list[list[float]]:
    return [[float(word) for word in row.split()] for row in text.split("/")]


def case(slug: str) -> ConvolutionCase:
    lesson = PRESETS[slug].lesson
    assert isinstance(lesson, ConvolutionLesson)
    return build(lesson, PHOTO)


def planes(slug: str) -> list[list[list[float]]]:
    output = case(slug).result.output
    return [output[..., f].tolist() for f in range(output.shape[2])]


PENN = "3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1"
PENN_KERNEL = "0 1 2 / 2 2 0 / 0 1 2"
X5 = "1 0 0 0 1 / 0 1 0 1 0 / 0 0 1 0 0 / 0 1 0 1 0 / 1 0 0 0 1"
GREY = (
    "60 113 56 139 85 / 73 121 54 84 128 / 131 99 70 129 127 / 80 57 115 69 134 / "
    "104 126 123 95 130"
)
NUMBERS = {
    "oslo-pattern-1": (X5, "1 0 0 / 0 1 0 / 0 0 1", "3 0 1 / 0 3 0 / 1 0 3"),
    "oslo-pattern-2": (X5, "0 0 1 / 0 1 0 / 1 0 0", "1 0 3 / 0 3 0 / 3 0 1"),
    "oslo-pattern-3": (X5, "1 0 1 / 0 1 0 / 1 0 1", "3 0 3 / 0 5 0 / 3 0 3"),
    "coimbra-binary": (
        "1 1 1 0 0 / 0 1 1 1 0 / 0 0 1 1 1 / 0 0 1 1 0 / 0 1 1 0 0",
        "1 0 1 / 0 1 0 / 1 0 1",
        "4 3 4 / 2 4 3 / 2 3 4",
    ),
    "worked-example": (PENN, PENN_KERNEL, "12 12 17 / 10 17 19 / 9 6 14"),
    "worked-first-products": (PENN, PENN_KERNEL, "12 12 17 / 10 17 19 / 9 6 14"),
    "worked-true-convolution": (PENN, PENN_KERNEL, "18 20 19 / 10 9 17 / 11 8 14"),
    "worked-stride-2": (PENN, PENN_KERNEL, "12 17 / 9 14"),
    "worked-dilation-2": (PENN, PENN_KERNEL, "14"),
    "padding-zeros": (
        PENN,
        PENN_KERNEL,
        "6 14 17 11 3 / 14 12 12 17 11 / 8 10 17 19 13 / 11 9 6 14 12 / 6 4 4 6 4",
    ),
    "padding-ones": (
        PENN,
        PENN_KERNEL,
        "11 17 20 14 8 / 16 12 12 17 15 / 10 10 17 19 17 / 13 9 6 14 16 / 11 7 7 9 9",
    ),
    "padding-reflect": (
        PENN,
        PENN_KERNEL,
        "12 16 24 16 16 / 14 12 12 17 17 / 10 10 17 19 23 / 11 9 6 14 16 / 8 4 8 12 14",
    ),
    "padding-zeros-stride-2": (PENN, PENN_KERNEL, "6 17 3 / 8 17 13 / 6 4 4"),
    "coimbra-padding": (
        GREY,
        "0 -1 0 / -1 5 -1 / 0 -1 0",
        "114 328 -26 470 158 / 53 266 -61 -30 344 / 403 116 -47 295 244 / "
        "108 -135 256 -128 344 / 314 346 279 153 421",
    ),
}


@pytest.mark.parametrize("slug", NUMBERS)
def test_numbers_of_the_decks(slug: str) -> None:
    image, kernel, output = NUMBERS[slug]
    built = case(slug)
    assert built.image[..., 0].tolist() == grid(image)
    assert built.kernel[..., 0, 0].tolist() == grid(kernel)
    assert planes(slug) == [grid(output)]


def test_oslos_three_filters_at_once() -> None:
    built = case("oslo-three-patterns")
    assert built.image[..., 0].tolist() == grid(X5)
    assert planes("oslo-three-patterns") == [
        grid("3 0 1 / 0 3 0 / 1 0 3"),
        grid("1 0 3 / 0 3 0 / 3 0 1"),
        grid("3 0 3 / 0 5 0 / 3 0 3"),
    ]


def test_first_products_are_pinned() -> None:
    built = case("worked-first-products")
    assert built.lesson.cell == "0,0"
    products = built.image[:3, :3, 0] * built.kernel[..., 0, 0]
    assert products.tolist() == grid("0 3 4 / 0 0 0 / 0 1 4")


def test_first_value_of_coimbras_padding() -> None:
    assert case("coimbra-padding").result.output[0, 0, 0] == 114 == 5 * 60 - 113 - 73


LAYERS = {
    "one-filter-32": ((32, 32, 3), 5, (28, 28, 1), 76),
    "six-filters-32": ((32, 32, 3), 5, (28, 28, 6), 456),
    "ten-filters-28": ((28, 28, 6), 5, (24, 24, 10), 1510),
    "ten-filters-32": ((32, 32, 3), 5, (28, 28, 10), 760),
    "convolution-or-dense": ((32, 32, 3), 5, (28, 28, 6), 456),
    "mlc-two-inputs": ((32, 32, 3), 4, (29, 29, 10), 490),
    "any-depth": ((8, 8, 6), 1, (8, 8, 2), 14),
    "depthwise": ((8, 8, 3), 3, (6, 6, 3), 27),
    "many-filters": ((32, 32, 3), 5, (28, 28, 6), 450),
    "sobel-photo": ((32, 32, 1), 3, (32, 32, 2), 18),
}


@pytest.mark.parametrize("slug", LAYERS)
def test_sizes_and_parameters(slug: str) -> None:
    image, taps, output, parameters = LAYERS[slug]
    built = case(slug)
    assert built.image.shape == image
    assert built.kernel.shape[:2] == (taps, taps)
    assert built.result.output.shape == output
    biases = 0 if built.bias is None else built.bias.size
    assert built.kernel.size + biases == parameters


def test_dense_layer_beside_the_convolution() -> None:
    lesson = case("convolution-or-dense").lesson
    spec = lesson.conv_spec()
    facts = layer_facts((32, 32), 3, lesson.filters, spec, has_bias=lesson.bias)
    assert facts.dense.value == 14_455_392


# (input, kernel, stride, padding, dilation, output) of the figures in arXiv 1603.07285, and for
# the transposed ones (input, kernel, stride, padding, output padding, output).
FORWARD = {
    "no-padding-no-strides": (4, 3, 1, 0, 1, 2),
    "arbitrary-padding-no-strides": (5, 4, 1, 2, 1, 6),
    "half-padding-no-strides": (5, 3, 1, 1, 1, 5),
    "full-padding-no-strides": (5, 3, 1, 2, 1, 7),
    "no-padding-strides": (5, 3, 2, 0, 1, 2),
    "padding-strides": (5, 3, 2, 1, 1, 3),
    "padding-strides-odd": (6, 3, 2, 1, 1, 3),
    "dilation": (7, 3, 1, 0, 2, 3),
}
TRANSPOSED = {
    "no-padding-no-strides": (2, 3, 1, 0, 0, 4),
    "arbitrary-padding-no-strides": (6, 4, 1, 2, 0, 5),
    "half-padding-no-strides": (5, 3, 1, 1, 0, 5),
    "full-padding-no-strides": (7, 3, 1, 2, 0, 5),
    "no-padding-strides": (2, 3, 2, 0, 0, 5),
    "padding-strides": (3, 3, 2, 1, 0, 5),
    "padding-strides-odd": (3, 3, 2, 1, 1, 6),
}


@pytest.mark.parametrize("name", FORWARD)
def test_animations_of_the_guide(name: str) -> None:
    size, kernel, stride, padding, dilation, output = FORWARD[name]
    built = case(f"guide-{name}")
    spec = built.lesson.conv_spec()
    assert built.image.shape == (size, size, 1)
    assert spec.kernel_size == (kernel, kernel)
    assert (spec.stride, spec.dilation) == ((stride, stride), (dilation, dilation))
    assert spec.padding == ((padding, padding), (padding, padding))
    assert not spec.transposed
    assert built.result.output.shape == (output, output, 1)


@pytest.mark.parametrize("name", TRANSPOSED)
def test_transposed_animations_of_the_guide(name: str) -> None:
    size, kernel, stride, padding, extra, output = TRANSPOSED[name]
    built = case(f"guide-{name}-transposed")
    spec = built.lesson.conv_spec()
    assert built.image.shape == (size, size, 1)
    assert spec.kernel_size == (kernel, kernel)
    assert (spec.stride, spec.dilation) == ((stride, stride), (1, 1))
    assert spec.padding == ((padding, padding), (padding, padding))
    assert (spec.transposed, spec.output_padding) == (True, (extra, extra))
    assert built.result.output.shape == (output, output, 1)


def test_reasons_of_ntu() -> None:
    assert planes("padding-corner-lost") == [grid("9 0 0 / 0 0 0 / 0 0 0")]
    assert planes("padding-corner-kept") == [
        grid("9 9 0 0 0 / 9 9 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0 / 0 0 0 0 0")
    ]
    assert case("padding-matching-size").result.output.shape == (12, 12, 1)
    assert case("stride-fewer-values").result.output.shape == (8, 8, 1)
    ignored = case("stride-ignores-input").result.rows.reached
    assert np.flatnonzero(~ignored).tolist() == [3, 7]
    taps = case("dilation-wider-view").result.rows.taps
    assert taps[0].tolist() == [0, 3, 6]


def test_sobel_finds_the_edge_in_one_direction() -> None:
    # 9 * (1 + 2 + 1) where the window stands across the edge.
    assert planes("sobel-edge") == [[[0, 0, 36, 36, 0, 0]] * 6, [[0] * 6] * 6]


def test_same_pattern_twice_answers_twice() -> None:
    output = case("penn-same-pattern-twice").result.output[..., 0]
    assert np.argwhere(output == output.max()).tolist() == [[0, 0], [4, 5]]
    assert output.max() == 5


def test_keras_and_pytorch_read_other_pixels() -> None:
    assert planes("keras-same-stride-2") == [grid("7 9 11 / 19 21 23 / 31 33 35")]
    assert planes("pytorch-padding-1-stride-2") == [grid("0 2 4 / 12 14 16 / 24 26 28")]


def test_checkerboard_counts_overlaps() -> None:
    counts = np.array([1, 1, 2, 1, 2, 1, 1])
    assert planes("checkerboard") == [np.outer(counts, counts).tolist()]


def test_up_convolution_doubles_without_overlap() -> None:
    assert case("unet-up-convolution").result.output.shape == (16, 16, 1)
    ones = case("unet-up-convolution").lesson.model_copy(
        update={"image": "ones", "kernel": "ones"}
    )
    assert build(ones).result.output.tolist() == np.ones((16, 16, 1)).tolist()


# The contract of every preset


@pytest.mark.parametrize("preset", CONVOLUTION, ids=lambda preset: preset.slug)
def test_every_preset_keeps_the_contract(preset: Preset) -> None:
    lesson = preset.lesson
    assert isinstance(lesson, ConvolutionLesson)
    # `model_copy` and the like would let a value slip past its bounds.
    assert ConvolutionLesson(**lesson.model_dump()) == lesson
    assert lesson.problem() is None
    assert all(lesson.text_problem(name) is None for name in ("image_numbers", "edits"))
    assert ConvolutionLesson.nearest(lesson.differences()) == (lesson, [])
    assert preset.look.endswith(".")
    assert len(preset.title) <= 60
    assert set(preset.decks) <= set(DECKS)
    assert preset.expect.shape == build(lesson, PHOTO).result.output.shape


@pytest.mark.parametrize("preset", CONVOLUTION, ids=lambda preset: preset.slug)
def test_what_a_preset_expects_is_what_it_shows(preset: Preset) -> None:
    built = case(preset.slug)
    lesson, output = built.lesson, built.result.output
    facts = layer_facts(
        lesson.input_hw,
        lesson.channels,
        lesson.filters,
        lesson.conv_spec(),
        has_bias=lesson.bias,
    )
    rows = " | ".join(format_grid(output[..., f]) for f in range(output.shape[2]))
    expect = preset.expect
    assert expect.rows in (None, rows)
    assert expect.parameters in (None, facts.parameters.value)
    assert expect.dense in (None, facts.dense.value)
    assert facts.output_shape == output.shape


def test_no_two_presets_are_the_same() -> None:
    assert len({preset.lesson for preset in CONVOLUTION}) == len(CONVOLUTION)
    assert len({(preset.topic, preset.title) for preset in CONVOLUTION}) == len(CONVOLUTION)


def test_every_deck_has_presets() -> None:
    by_deck = PRESETS.by_deck()
    assert set(by_deck) == {"Oslo", "Penn", "NTU", "MLC", "Coimbra", "Guide"}
    assert all(by_deck.values())
    assert PRESETS["worked-example"] in by_deck["Penn"]
    assert PRESETS["worked-example"] in by_deck["NTU"]


def test_topics_hold_every_preset_once() -> None:
    by_topic = PRESETS.by_topic()
    assert sorted(p.slug for presets in by_topic.values() for p in presets) == sorted(PRESETS)
    edges = [p.slug for p in by_topic["Edges"] if p.lesson.page == "convolution"]
    assert edges == ["sobel-edge", "sobel-photo"]


@pytest.mark.parametrize(
    ("text", "found", "missing"),
    [
        ("oslo PATTERN", "oslo-pattern-1", "coimbra-binary"),
        ("dilation worked", "worked-dilation-2", "worked-stride-2"),
        ("760", "ten-filters-32", "ten-filters-28"),
        ("1,510", "ten-filters-28", "ten-filters-32"),
        ("stride penn", "worked-stride-2", "stride-fewer-values"),
        ("checkerboard", "checkerboard", "worked-example"),
        ("dumoulin odd", "guide-padding-strides-odd", "worked-example"),
    ],
)
def test_search_wants_every_word(text: str, found: str, missing: str) -> None:
    slugs = [preset.slug for preset in PRESETS.search(text)]
    assert found in slugs
    assert missing not in slugs


def test_search_for_nothing_and_for_nonsense() -> None:
    assert PRESETS.search("  ") == list(PRESETS.values())
    assert PRESETS.search("pattern xyzzy") == []


def test_pages() -> None:
    assert len(CONVOLUTION) >= 50
    assert PRESETS.for_page("nowhere") == []


def test_slugs_are_unique() -> None:
    presets = Presets()
    preset = Preset("one", "One", "Topic", (), ConvolutionLesson(), "Look.")
    assert presets.add(preset) is preset
    assert preset.expect == Expect()
    with pytest.raises(ValueError, match="'one' is registered twice"):
        presets.add(preset)
    assert list(presets) == ["one"]
