"""Pictures of the stage: right cells, readable numbers, all frames."""

from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.export import stage_picture
from core.export.boards import colours_of, place_board, rounded, wrapped
from core.export.stage_picture import stage_frame, stage_gif, stage_png
from core.lessons.convolution import ConvolutionCase, ConvolutionLesson, build
from core.palette import OKABE_ITO, PALETTES, blend, contrast, rgb, text_colour, value_scale

READABLE = 4.5
VISIBLE = 3.0
KINDS = {
    "start": {},
    "signed": {"kernel": "sobel", "filters": 2, "pad_height": 1},
    "many": {"channels": 3, "filters": 4, "bias": True, "image": "random"},
    "groups": {"channels": 4, "filters": 6, "groups": 2},
    "gaps": {"height": 9, "dilation_height": 3},
    "transposed": {"transposed": True, "stride_height": 3, "kernel": "sobel"},
    "cut": {"transposed": True, "pad_height": 3, "stride_height": 2},
    "one": {"height": 1, "kernel_height": 1},
    "black": {"image": "own", "kernel": "own"},
    "large": {"height": 32, "channels": 6, "filters": 10, "padding": "same",
              "kernel_height": 11, "image": "random"},
    "stretched": {"height": 8, "transposed": True, "stride_height": 8, "kernel_height": 8},
}  # fmt: skip


def case_of(name: str) -> ConvolutionCase:
    return build(ConvolutionLesson(**KINDS[name]))  # type: ignore[arg-type]


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"))


def has(picture: Image.Image, colour: str) -> bool:
    return bool((pixels(picture) == rgb(colour)).all(axis=-1).any())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_drawn_with_its_three_frames(name, theme):
    case, palette = case_of(name), PALETTES[theme]
    last = (case.result.rows.outputs - 1, case.result.columns.outputs - 1)
    picture = opened(stage_png(case, case.lesson.filters - 1, last, theme))
    assert picture.format == "PNG"
    assert 720 <= picture.width <= 1500
    assert 150 <= picture.height <= 1000
    assert len(np.unique(pixels(picture).reshape(-1, 3), axis=0)) > 10
    assert tuple(pixels(picture)[0, 0]) == rgb(palette.background)
    for colour in (palette.window, palette.kernel, palette.output):
        assert has(picture, colour)


def test_without_a_cell_nothing_is_marked():
    picture = stage_frame(case_of("start"), 0, None)
    palette = PALETTES["light"]
    assert not any(has(picture, c) for c in (palette.window, palette.kernel, palette.output))


def test_a_cell_outside_is_refused():
    with pytest.raises(IndexError, match="3 rows, 3 columns"):
        stage_frame(case_of("start"), 0, (3, 0))


def test_the_window_lies_where_its_taps_are():
    case = build(ConvolutionLesson(stride_height=2, pad_height=1))
    stage = stage_picture._stage(case, 0, "light")
    window = stage.palette.window
    found = np.argwhere((pixels(stage_frame(case, 0, (1, 2))) == rgb(window)).all(axis=-1))
    (top, left), (bottom, right) = found.min(axis=0), found.max(axis=0)
    box = stage.input.box(0, (2, 4), (4, 6))
    assert (left + 3, top + 3, right - 3, bottom - 3) == box


def test_each_cell_has_the_colour_of_its_value():
    case = case_of("start")
    stage = stage_picture._stage(case, 0, "light")
    picture = pixels(stage_frame(case, 0, None))
    for row in range(5):
        for column in range(5):
            left, top, right, bottom = stage.input.box(0, (row,), (column,))
            expected = stage.input.scale.colour(case.image[row, column, 0])
            assert tuple(picture[top + 4, left + 4]) == expected
            assert tuple(picture[bottom - 4, right - 4]) == expected


def test_the_arithmetic_is_the_lectures():
    lines = stage_picture._arithmetic(case_of("start"), 0, (0, 0), 900)
    assert lines == ["output [0, 0]: 0*3 + 1*3 + 2*2 + 2*0 + 2*0 + 0*1 + 0*3 + 1*1 + 2*2 = 12"]


def test_long_arithmetic_is_shortened_and_counted():
    lines = stage_picture._arithmetic(case_of("large"), 0, (0, 0), 1200)
    assert sum("(111 more)" in line for line in lines) == 6
    lines = stage_picture._arithmetic(
        build(ConvolutionLesson(height=12, kernel_height=9)), 0, (0, 0), 700
    )
    assert "(21 more)" in " ".join(lines)


@pytest.mark.parametrize("name", ["start", "signed", "many", "transposed", "one", "black"])
def test_an_animation_has_a_frame_for_every_output_cell(name):
    case = case_of(name)
    animation = opened(stage_gif(case, 0))
    height, width, _ = case.result.output.shape
    assert animation.n_frames == height * width
    if height * width > 1:
        assert animation.info["loop"] == 0
    assert {frame.info["duration"] for frame in ImageSequence.Iterator(animation)} == {700}


def test_equal_windows_keep_their_own_frames():
    case = build(ConvolutionLesson(image="ones", kernel="ones", height=8))
    animation = opened(stage_gif(case, 0))
    assert animation.n_frames == 36
    drawn = [pixels(frame) for frame in ImageSequence.Iterator(animation)]
    assert all((one != other).any() for one, other in pairwise(drawn))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_frames_show_what_the_single_pictures_show(theme):
    case = case_of("signed")
    animation = opened(stage_gif(case, 1, theme))
    for place in (0, 7, 24):
        animation.seek(place)
        single = stage_frame(case, 1, divmod(place, 5), theme)
        assert animation.size == single.size
        far = np.abs(pixels(animation).astype(int) - pixels(single)).max(axis=-1) > 24
        assert far.mean() < 0.01
        for colour in ("window", "kernel", "output"):
            assert has(animation, getattr(PALETTES[theme], colour))


def test_too_many_cells_are_thinned_evenly():
    case = build(ConvolutionLesson(height=12))
    assert opened(stage_gif(case, 0, max_frames=30)).n_frames == 25
    assert stage_picture._way(case, 30)[:4] == [(0, 0), (0, 4), (0, 8), (1, 2)]


def test_animations_stay_small():
    assert len(stage_gif(case_of("signed"), 0)) < 200_000


def test_animations_keep_their_time():
    animation = opened(stage_gif(case_of("start"), 0, milliseconds=250))
    assert animation.info["duration"] == 250


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("stops", ["sequential", "diverging"])
def test_numbers_are_readable_on_every_cell(theme, stops):
    colours = [blend(getattr(PALETTES[theme], stops), n / 500) for n in range(501)]
    assert min(contrast(text_colour(c), c) for c in colours) >= READABLE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_frames_stand_out_from_the_background(theme):
    palette = PALETTES[theme]
    background = rgb(palette.background)
    for name in ("text", "muted", "right", "wrong"):
        assert contrast(rgb(getattr(palette, name)), background) >= READABLE
    for name in ("window", "kernel", "output", "hatch"):
        assert contrast(rgb(getattr(palette, name)), background) >= VISIBLE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_dark_where_it_is_low(theme):
    stops = [contrast(rgb(stop), (0, 0, 0)) for stop in PALETTES[theme].sequential]
    assert stops == sorted(stops)
    assert len(OKABE_ITO) == len(set(OKABE_ITO)) == 8


def test_contrast_is_that_of_the_standard():
    """WCAG's own extremes, and its often quoted #767676, the lightest grey on white."""
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast(rgb("#767676"), (255, 255, 255)) == pytest.approx(4.54, abs=0.005)


def test_signed_values_have_zero_in_the_middle():
    palette = PALETTES["light"]
    scale = value_scale(palette, -1, 3)
    assert scale.colour(0) == rgb(palette.diverging[3])
    assert scale.colour(3) == rgb(palette.diverging[-1])
    assert scale.colour(-3) == rgb(palette.diverging[0])
    assert scale.colour(99) == scale.colour(3)


def test_values_without_sign_begin_at_zero():
    palette = PALETTES["light"]
    assert value_scale(palette, 2, 4).colour(0) == rgb(palette.sequential[0])
    assert value_scale(palette, 2, 4).colour(4) == rgb(palette.sequential[-1])
    assert value_scale(palette, 0, 0).colour(0) == rgb(palette.sequential[0])


def test_boards_and_single_colours_agree():
    scale = value_scale(PALETTES["dark"], -2, 5)
    values = np.random.default_rng(3).uniform(-6, 6, (20, 20))
    painted = colours_of(values, scale)
    single = np.array([[scale.colour(v) for v in row] for row in values])
    assert np.abs(painted.astype(int) - single).max() <= 1


def test_planes_are_arranged_for_the_largest_cells():
    scale = value_scale(PALETTES["light"], 0, 1)
    room = (460, 420)
    place = {"left": 0, "top": 0, "room_wh": room}
    assert place_board(np.zeros((5, 5, 1)), scale, **place).cell == 44
    board = place_board(np.zeros((20, 20, 4)), scale, **place)
    assert board.across == 2
    assert board.wh[0] <= room[0]
    assert board.wh[1] <= room[1]
    assert place_board(np.zeros((900, 900, 2)), scale, **place).cell < 1


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(12.0, 2, "12"), (-0.001, 2, "0"), (2.347, 2, "2.35")]
)
def test_numbers_in_cells_are_rounded(value, decimals, text):
    assert rounded(value, decimals) == text


def test_words_are_wrapped_and_none_is_lost():
    words = ["one", "two", "three", "four", "five", "six", "seven"]
    lines = wrapped(words, 15, 90)
    assert " ".join(lines).split() == words
    assert len(lines) > 2
    assert wrapped(["unbreakable" * 9], 15, 50) == ["unbreakable" * 9]
