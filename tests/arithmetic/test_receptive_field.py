"""Receptive fields against published networks and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.errors import ShapeError
from core.arithmetic.receptive_field import ReceptiveField, Window, receptive_fields

POOL = Window(2, 2)
CONV = Window(3, padding=1)
BLOCK_2, BLOCK_3 = [*[CONV] * 2, POOL], [*[CONV] * 3, POOL]
VGG_16 = [*BLOCK_2, *BLOCK_2, *BLOCK_3, *BLOCK_3, *BLOCK_3]
ALEXNET = [
    Window(11, 4),
    Window(3, 2),
    Window(5, padding=2),
    Window(3, 2),
    *[CONV] * 3,
    Window(3, 2),
]


def bottlenecks(blocks: int, stride: int) -> list[Window]:
    """1x1, 3x3, 1x1 a block; the first 1x1 takes the stride, as in He et al. 2015."""
    strides = [stride] + [1] * (blocks - 1)
    return [window for s in strides for window in (Window(1, s), CONV, Window(1))]


RESNET_50 = [
    Window(7, 2, padding=3),
    Window(3, 2),
    *bottlenecks(3, 1),
    *bottlenecks(4, 2),
    *bottlenecks(6, 2),
    *bottlenecks(3, 2),
]


@pytest.mark.parametrize(
    ("layers", "size", "stride", "padding"),
    [(ALEXNET, 195, 32, 64), (VGG_16, 212, 32, 90), (RESNET_50, 483, 32, 239)],
    ids=["AlexNet", "VGG-16", "ResNet-50"],
)
def test_published_networks(layers: list[Window], size: int, stride: int, padding: int) -> None:
    """Araujo et al. 2019, table: receptive field, effective stride, effective padding."""
    assert receptive_fields(layers)[-1] == ReceptiveField(size, stride, -padding)


def test_last_convolution_of_vgg_16() -> None:
    assert receptive_fields(VGG_16)[-2].size == 196


@pytest.mark.parametrize(
    ("layers", "sizes"),
    [
        ([(3, 1, 1)] * 3, [3, 5, 7]),
        ([(3, 2, 1)] * 3, [3, 7, 15]),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4)], [3, 7, 15]),
        ([(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)], [5, 6, 14, 16]),
    ],
    ids=["three 3x3 see as much as one 7x7", "strides", "dilated, Yu & Koltun 2016", "LeNet-5"],
)
def test_known_stacks(layers: list[tuple[int, int, int]], sizes: list[int]) -> None:
    assert [field.size for field in receptive_fields(layers)] == sizes


WINDOWS = st.builds(
    Window, st.integers(1, 5), st.integers(1, 3), st.integers(1, 3), st.integers(0, 3)
)
STACKS = st.lists(WINDOWS, min_size=1, max_size=5)


def seen(layers: list[Window], position: int) -> set[int]:
    """Input pixels that one output sees, by following every tap back."""
    places = {position}
    for kernel, stride, dilation, padding in reversed(layers):
        places = {
            place * stride - padding + tap * dilation
            for place in places
            for tap in range(kernel)
        }
    return places


@given(STACKS, st.integers(0, 5))
@settings(max_examples=300, deadline=None)
def test_first_and_last_pixel_are_those_of_the_composed_taps(
    layers: list[Window], position: int
) -> None:
    field = receptive_fields(layers)[-1]
    places = seen(layers, position)
    assert field.pixels(position) == (min(places), max(places))
    assert len(places) <= field.size


@given(st.lists(WINDOWS, min_size=1, max_size=5), st.integers(0, 2))
@settings(max_examples=300, deadline=None)
def test_an_impulse_reaches_the_output_exactly_from_the_pixels_seen(
    layers: list[Window], position: int
) -> None:
    """All impulses at once: row n of the identity is an impulse at pixel n."""
    bare = [window._replace(padding=0) for window in layers]
    first, last = receptive_fields(bare)[-1].pixels(position)
    signal = np.eye(last + 4)
    for kernel, stride, dilation, _ in bare:
        taps = np.arange(kernel) * dilation
        starts = np.arange(0, signal.shape[1] - taps[-1], stride)
        signal = signal[:, starts[:, None] + taps].sum(axis=2)
    reaching = np.flatnonzero(signal[:, position])
    assert (reaching[0], reaching[-1]) == (first, last)
    assert reaching.tolist() == sorted(seen(bare, position))


def test_fields_of_all_depths_are_those_of_the_shorter_stacks() -> None:
    fields = receptive_fields(RESNET_50)
    assert len(fields) == len(RESNET_50)
    assert fields[9] == receptive_fields(RESNET_50[:10])[-1]


def test_centre() -> None:
    # Without padding the first 3x3 window is centred on pixel 1, with padding 1 on pixel 0.
    assert receptive_fields([(3, 1, 1)])[0].centre == 1
    assert receptive_fields([CONV])[0].centre == 0


def test_no_layers_see_nothing_more() -> None:
    assert receptive_fields([]) == ()


@pytest.mark.parametrize("layer", [(0, 1, 1), (3, 0, 1), (3, 1, 0)])
def test_numbers_less_than_1(layer: tuple[int, int, int]) -> None:
    with pytest.raises(ShapeError, match=r"layer 2 has kernel .* at least 1"):
        receptive_fields([(3, 1, 1), layer])
