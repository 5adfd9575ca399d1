"""Colours can be read, in both themes, and mean what they say."""

import itertools

import numpy as np
import pytest
import skimage.color

from core.palette import (
    OKABE_ITO,
    PALETTES,
    ColourScale,
    blend,
    contrast,
    luminance,
    rgb,
    text_colour,
    value_scale,
)

THEMES = sorted(PALETTES)
WORDS = ("text", "muted", "right", "wrong")
FRAMES = ("window", "kernel", "output", "hatch")

# Linear RGB as eyes without one kind of cone see it: Machado, Oliveira & Fernandes 2009,
# "A physiologically-based model for simulation of color vision deficiency", severity 1.0.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}

CLEAR = 3 * 2.3
"""Three times the least difference that is noticed (Mahy, Van Eycken & Oosterlinck 1994)."""


def lightness(colour: tuple[int, int, int]) -> float:
    """CIE L*, 0 to 100."""
    return float(skimage.color.rgb2lab(np.array([[colour]], np.uint8))[0, 0, 0])


def difference(one: str, other: str, kind: str) -> float:
    """CIEDE2000 between two colours as such eyes see them."""
    srgb = np.array([rgb(one), rgb(other)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = (linear @ np.array(BLINDNESS[kind]).T).clip(0, 1)
    back = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    lab = skimage.color.rgb2lab(back[None])[0]
    return float(skimage.color.deltaE_ciede2000(lab[0], lab[1]))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # The greys are W3C's and WebAIM's examples of what just passes, and just fails, on white.
    [("#000000", "#FFFFFF", 21.0), ("#767676", "#FFFFFF", 4.54), ("#777777", "#FFFFFF", 4.48),
     ("#FF0000", "#FFFFFF", 4.0), ("#0000FF", "#FFFFFF", 8.59), ("#123456", "#123456", 1.0)],
)  # fmt: skip
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert contrast(rgb(one), rgb(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(rgb(one), rgb(other)) == contrast(rgb(other), rgb(one))


def test_luminance_of_the_primaries_is_their_share_of_white():
    assert luminance((255, 0, 0)) == pytest.approx(0.2126)
    assert luminance((0, 255, 0)) == pytest.approx(0.7152)
    assert luminance((0, 0, 255)) == pytest.approx(0.0722)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", WORDS)
def test_words_can_be_read_on_the_background(theme, name):
    palette = PALETTES[theme]
    assert contrast(rgb(getattr(palette, name)), rgb(palette.background)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", FRAMES)
def test_frames_can_be_seen_on_the_background(theme, name):
    """WCAG 2.2, criterion 1.4.11: 3:1 for what is no text."""
    palette = PALETTES[theme]
    assert contrast(rgb(getattr(palette, name)), rgb(palette.background)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_every_number_can_be_read_on_its_cell(theme):
    for stops in (PALETTES[theme].sequential, PALETTES[theme].diverging):
        for share in np.linspace(0, 1, 401):
            cell = blend(stops, float(share))
            assert contrast(text_colour(cell), cell) >= 4.5


def test_black_or_white_can_be_read_on_any_colour():
    steps = range(0, 256, 15)
    worst = min(contrast(text_colour(c), c) for c in itertools.product(steps, steps, steps))
    assert worst >= 4.58


@pytest.mark.parametrize("theme", THEMES)
def test_more_is_brighter_in_a_picture(theme):
    levels = [
        lightness(blend(PALETTES[theme].sequential, share)) for share in np.linspace(0, 1, 33)
    ]
    assert np.all(np.diff(levels) > 0)
    assert levels[-1] - levels[0] > 60


@pytest.mark.parametrize("theme", THEMES)
def test_zero_is_the_quietest_of_signed_numbers(theme):
    palette = PALETTES[theme]
    strength = [
        contrast(blend(palette.diverging, share), rgb(palette.background))
        for share in np.linspace(0, 1, 31)
    ]
    assert np.all(np.diff(strength[:16]) < 0)
    assert np.all(np.diff(strength[15:]) > 0)
    blue, orange = rgb(palette.diverging[1]), rgb(palette.diverging[-2])
    assert blue[2] > blue[0]
    assert orange[0] > orange[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_colour_blind_eyes_tell_the_frames_and_the_signs_apart(theme, kind):
    palette = PALETTES[theme]
    frames = (palette.window, palette.kernel, palette.output)
    for one, other in itertools.combinations(frames, 2):
        assert difference(one, other, kind) > CLEAR
    assert difference(palette.diverging[0], palette.diverging[-1], kind) > 3 * CLEAR
    assert difference(palette.right, palette.wrong, kind) > CLEAR


@pytest.mark.parametrize("theme", THEMES)
def test_every_line_can_be_seen_on_the_background(theme):
    """WCAG 2.2, criterion 1.4.11."""
    palette = PALETTES[theme]
    assert len(palette.lines) == len(set(palette.lines)) == 8
    assert min(contrast(rgb(c), rgb(palette.background)) for c in palette.lines) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_colour_blind_eyes_tell_the_lines_apart(theme, kind):
    for one, other in itertools.combinations(PALETTES[theme].lines, 2):
        assert difference(one, other, kind) > CLEAR


def test_classes_have_the_colours_of_okabe_and_ito():
    assert [rgb(colour) for colour in OKABE_ITO] == [
        (230, 159, 0),
        (86, 180, 233),
        (0, 158, 115),
        (240, 228, 66),
        (0, 114, 178),
        (213, 94, 0),
        (204, 121, 167),
        (0, 0, 0),
    ]


def test_colours_between_stops_lie_on_the_line():
    stops = ("#000000", "#6496C8", "#FFFFFF")
    assert blend(stops, 0.25) == (50, 75, 100)
    assert blend(stops, 0.5) == (100, 150, 200)
    assert (blend(stops, -3), blend(stops, 7)) == ((0, 0, 0), (255, 255, 255))


@pytest.mark.parametrize("theme", THEMES)
def test_a_negative_number_makes_the_scale_signed(theme):
    palette = PALETTES[theme]
    assert value_scale(palette, 0, 9) == ColourScale(palette.sequential, 0, 9)
    assert value_scale(palette, -2, 9) == ColourScale(palette.diverging, -9, 9)
    assert value_scale(palette, -9, -1) == ColourScale(palette.diverging, -9, 9)
    assert value_scale(palette, 0, 0).colour(0) == rgb(palette.sequential[0])
    middle = value_scale(palette, -4, 1)
    assert middle.colour(0) == rgb(palette.diverging[3])
    assert middle.colour(-4) == middle.colour(-99) == rgb(palette.diverging[0])
