"""Pictures, animations and tables of a chain show what it holds."""

import csv
from io import BytesIO, StringIO
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.export.chain_picture import chain_frame, chain_gif, chain_png
from core.export.chain_table import COLUMNS, chain_csv
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import build
from core.palette import PALETTES, rgb

SHOWS = ("pool", "gradient", "unpool", "flatten")


def pixels(picture: Image.Image, colour: str) -> int:
    """How many pixels have exactly this colour."""
    return int((np.asarray(picture.convert("RGB")) == rgb(colour)).all(axis=2).sum())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("shows", SHOWS)
def test_a_picture_frames_the_window_and_its_result(theme, shows):
    case = build(PoolingLesson(pool_shows=shows, pool_kind="average"))
    colours = PALETTES[theme]
    bare = chain_frame(case.chain, None, theme)
    lit = chain_frame(case.chain, case.chosen_cell, theme)
    assert bare.size[0] == lit.size[0] >= 720
    frames = ("kernel", "output") if shows == "gradient" else ("window", "output")
    for part in frames:
        colour = getattr(colours, part)
        assert pixels(lit, colour) > pixels(bare, colour) + 100
    with Image.open(BytesIO(chain_png(case.chain, (0, 0, 0), theme))) as stored:
        assert stored.size == lit.size


def test_a_folded_corner_marks_what_was_taken():
    corner = PALETTES["light"].output
    taken = chain_frame(build(PoolingLesson()).chain, None)
    mixed = chain_frame(build(PoolingLesson(pool_kind="average")).chain, None)
    assert pixels(taken, corner) > 4 * 40
    assert pixels(mixed, corner) == 0


@pytest.mark.parametrize(
    ("shows", "steps"), [("pool", 4), ("gradient", 4), ("unpool", 16), ("flatten", 3)]
)
def test_an_animation_has_one_frame_a_cell(shows, steps):
    case = build(PoolingLesson(pool_shows=shows))
    with Image.open(BytesIO(chain_gif(case.chain))) as film:
        frames = [np.asarray(f.convert("RGB")) for f in ImageSequence.Iterator(film)]
        assert film.info["duration"] == 700
    assert len(frames) == steps
    assert all((a != b).any() for a, b in pairwise(frames))


def test_a_long_animation_is_thinned_out():
    case = build(PoolingLesson(pool_height=16, pool_width=16, pool_stride=1))
    with Image.open(BytesIO(chain_gif(case.chain, max_frames=50))) as film:
        assert film.n_frames == 45  # 225 cells, every fifth


def test_every_number_is_in_the_table():
    case = build(PoolingLesson(pool_shows="unpool", pool_pad=1, pool_size=3, pool_channels=2))
    rows = list(csv.DictReader(StringIO(chain_csv(case.chain))))
    assert tuple(rows[0]) == COLUMNS
    for grid, values in (
        ("input", case.image),
        ("pooled", case.output),
        ("unpooled", case.last),
    ):
        found = np.full(values.shape, np.nan)
        for row in (r for r in rows if r["grid"] == grid):
            place = tuple(int(row[axis]) for axis in ("row", "column", "channel"))
            found[place] = float(row["value"])
        assert np.array_equal(found, values)
    indices = [int(row["index"]) for row in rows if row["grid"] == "pooled"]
    assert case.result.argmax is not None
    assert indices == case.result.argmax.ravel().tolist()
    assert all(row["index"] == "" for row in rows if row["grid"] != "pooled")
