"""The blocks of the backbones that need no hub, so that a page need not ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.training.anatomy import Anatomy, Part
from core.zoo.registry import ZOO

_ROWS: Mapping[str, tuple[tuple[str, int, int, tuple[int, int], int, int], ...]] = {
    "efficientnet-lite0": (
        ("stem", 928, 64, (112, 112), 32, 1_356_099),
        ("block1a", 896, 96, (112, 112), 16, 1_605_632),
        ("block2a", 5136, 432, (56, 56), 24, 5_892_192),
        ("block2b", 8832, 624, (56, 56), 24, 3_010_560),
        ("block3a", 13_472, 656, (28, 28), 40, 2_257_424),
        ("block3b", 26_240, 1040, (28, 28), 40, 1_254_400),
        ("block4a", 32_080, 1120, (14, 14), 80, 938_800),
        ("block4b", 83_200, 2080, (14, 14), 80, 627_200),
        ("block4c", 83_200, 2080, (14, 14), 80, 627_200),
        ("block5a", 106_304, 2144, (14, 14), 112, 608_384),
        ("block5b", 170_240, 2912, (14, 14), 112, 878_080),
        ("block5c", 170_240, 2912, (14, 14), 112, 878_080),
        ("block6a", 224_160, 3072, (7, 7), 192, 706_944),
        ("block6b", 476_160, 4992, (7, 7), 192, 376_320),
        ("block6c", 476_160, 4992, (7, 7), 192, 376_320),
        ("block6d", 476_160, 4992, (7, 7), 192, 376_320),
        ("block7a", 605_440, 5248, (7, 7), 320, 370_048),
        ("top", 412_160, 2560, (7, 7), 1280, 188_160),
    ),
    "mobilenet-v2": (
        ("stem", 928, 64, (113, 113), 32, 1_225_824),
        ("expanded_conv", 896, 96, (113, 113), 16, 1_634_432),
        ("block_1", 5136, 432, (57, 57), 24, 6_038_736),
        ("block_2", 8832, 624, (57, 57), 24, 3_041_064),
        ("block_3", 10_000, 640, (29, 29), 32, 2_321_968),
        ("block_4", 14_848, 832, (29, 29), 32, 1_049_568),
        ("block_5", 14_848, 832, (29, 29), 32, 1_049_568),
        ("block_6", 21_056, 896, (15, 15), 64, 827_328),
        ("block_7", 54_272, 1664, (15, 15), 64, 561_600),
        ("block_8", 54_272, 1664, (15, 15), 64, 561_600),
        ("block_9", 54_272, 1664, (15, 15), 64, 561_600),
        ("block_10", 66_624, 1728, (15, 15), 96, 561_600),
        ("block_11", 118_272, 2496, (15, 15), 96, 842_400),
        ("block_12", 118_272, 2496, (15, 15), 96, 842_400),
        ("block_13", 155_264, 2624, (8, 8), 160, 686_336),
        ("block_14", 320_000, 4160, (8, 8), 160, 399_360),
        ("block_15", 320_000, 4160, (8, 8), 160, 399_360),
        ("block_16", 473_920, 4480, (8, 8), 320, 409_600),
        ("top", 412_160, 2560, (8, 8), 1280, 245_760),
    ),
}

PACKAGED: Mapping[str, Anatomy] = MappingProxyType(
    {
        slug: Anatomy(slug, ZOO[slug].side, tuple(Part(*row) for row in rows))
        for slug, rows in _ROWS.items()
    }
)
"""By slug; a test holds them to what the networks themselves say."""
