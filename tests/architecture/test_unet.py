"""The sizes of a U-Net: those of the paper, and sizes that do not go through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.architecture import ArchitectureError
from core.architecture.unet import (
    PUBLISHED,
    UNet,
    check_size,
    ladder,
    nearest_sizes,
    output_size,
    parameters,
)


def test_the_published_ladder():
    """Ronneberger et al. 2015, figure 1: every number that stands beside a map."""
    rungs = ladder(PUBLISHED, (572, 572), channels=1, classes=2)
    assert [rung.side_hw[0] for rung in rungs] == [
        572, 570, 568,
        284, 282, 280,
        140, 138, 136,
        68, 66, 64,
        32, 30, 28,
        56, 56, 54, 52,
        104, 104, 102, 100,
        200, 200, 198, 196,
        392, 392, 390, 388,
        388,
    ]  # fmt: skip
    assert [rung.channels for rung in rungs if rung.kind == "convolution"] == [
        64, 64, 128, 128, 256, 256, 512, 512, 1024, 1024,
        512, 512, 256, 256, 128, 128, 64, 64,
    ]  # fmt: skip
    skips = [rung for rung in rungs if rung.kind == "skip"]
    assert [rung.crop_hw for rung in skips] == [(4, 4), (16, 16), (40, 40), (88, 88)]
    assert [rung.channels for rung in skips] == [1024, 512, 256, 128]
    assert rungs[-1].channels == 2
    assert "cropped by 88" in skips[-1].explanation


def test_the_published_network_has_31_million_weights():
    # Counted from figure 1: 3 x 3 and 2 x 2 kernels, and a bias for each map.
    widths = [64, 128, 256, 512, 1024]
    down = sum(
        9 * a * b + b + 9 * b * b + b for a, b in zip([1, *widths], widths, strict=False)
    )
    up = sum(4 * 2 * b * b + b + 9 * 2 * b * b + b + 9 * b * b + b for b in widths[:-1])
    assert parameters(PUBLISHED, channels=1, classes=2) == down + up + 64 * 2 + 2 == 31_030_658


def test_same_keeps_the_size_and_crops_nothing():
    rungs = ladder(UNet(depth=4), (64, 96))
    assert rungs[-1].side_hw == (64, 96)
    assert all(rung.crop_hw == (0, 0) for rung in rungs)
    assert output_size(UNet(depth=4), (64, 96)) == (64, 96)


def test_without_skips_there_are_none():
    with_skips, without = UNet(), UNet(skips=False)
    assert not [rung for rung in ladder(without, (64, 64)) if rung.kind == "skip"]
    # What the convolutions after the skips read from them.
    saved = sum(9 * wide * wide for wide in with_skips.channels[:-1])
    assert parameters(with_skips) - parameters(without) == saved


def test_the_default_has_about_a_quarter_of_a_million_weights():
    assert 240_000 <= parameters(UNet(), classes=7) <= 260_000


@pytest.mark.parametrize(
    ("unet", "size", "said"),
    [
        (UNet(depth=3), (60, 64), r"level 2 would have to halve 15. Use a side of 56 or 64"),
        (UNet(depth=5), (100, 100), r"Use a side of 96 or 128"),
        (PUBLISHED, (512, 512), r"'valid' convolutions: level \d would have .* 508 or 524"),
        (PUBLISHED, (64, 64), r"Use a side of 188"),
    ],
)
def test_a_size_that_does_not_go_through_is_said_with_one_that_does(unet, size, said):
    with pytest.raises(ArchitectureError, match=said):
        check_size(unet, size)


@given(
    st.integers(1, 5), st.sampled_from(["same", "valid"]), st.integers(2, 600)
)  # fmt: skip
def test_the_sizes_named_do_go_through(depth, padding, side):
    unet = UNet(depth=depth, padding=padding)
    for near in nearest_sizes(unet, side):
        last = ladder(unet, (near, near))[-1]
        # Two convolutions a level lose 4 pixels of its size, on the way down and up.
        rim = sum(2 * 4 * 2**level for level in range(depth)) + 4 * 2**depth
        assert last.side_hw[0] == near - (rim if padding == "valid" else 0) > 0
