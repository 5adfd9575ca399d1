"""Scripts, pictures and tables of a normalisation give the numbers of the page."""

import csv
import random
from io import BytesIO, StringIO
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.export.norm_code import norm_script
from core.export.norm_picture import norm_frame, norm_gif, norm_png
from core.export.norm_table import norm_csv
from core.lessons.base import bounds, options, stops
from core.lessons.normalization import NormLesson
from core.lessons.normalization_case import NormCase, build
from core.palette import PALETTES, rgb
from core.presets import PRESETS
from tests.export.clean_process import outputs_of

PHOTO = np.random.default_rng(7).integers(0, 256, (40, 50, 3), dtype=np.uint8)
RANDOM_LESSONS = 100


def random_case(seed: int) -> NormCase:
    draw = random.Random(seed)
    values: dict[str, object] = {
        "norm_numbers": "1 -2.25 / 5 7 | 2 2 ; 3 3",
        "norm_edits": draw.choice(["", "x.0.0.0.0=-3.5 g.0=7 b.0=0.1"]),
    }
    for name, info in NormLesson.model_fields.items():
        if info.annotation is int:
            values[name] = draw.choice(bounds(NormLesson, name))
        elif info.annotation is float:
            values[name] = draw.choice(stops(NormLesson, name))
        elif choices := options(NormLesson, name):
            values[name] = draw.choice(choices)
    # Keras computes in float32: huge numbers with hardly any spread lose it there.
    values |= {"norm_stretch": draw.choice([0.5, 1.0, 10.0]), "norm_move": draw.choice([0, 5])}
    return build(NormLesson.nearest(values)[0], PHOTO)


@pytest.fixture(scope="module")
def cases() -> dict[str, NormCase]:
    named = {
        f"case-{p.slug}": build(p.lesson, PHOTO) for p in PRESETS.for_page("normalisation")
    }
    return named | {f"case-{seed:03d}": random_case(seed) for seed in range(RANDOM_LESSONS)}


@pytest.fixture(scope="module")
def outputs(cases, tmp_path_factory) -> dict[str, np.ndarray]:
    folder = tmp_path_factory.mktemp("norms")
    scripts = ((name, norm_script(case)) for name, case in cases.items())
    return outputs_of(scripts, folder, book_each=20)


def test_every_script_gives_the_numbers_of_its_page(cases, outputs):
    assert {name.removesuffix("-book") for name in outputs} == set(cases)
    for name, output in outputs.items():
        case = cases[name.removesuffix("-book")]
        assert output.shape == case.output.shape, name
        # float32, whose rounding a small spread makes larger.
        assert np.allclose(output, case.output, rtol=1e-3, atol=2e-2), name


def test_the_random_lessons_cover_the_ways_of_writing_a_script(cases):
    lessons = [case.lesson for case in cases.values()]
    for name in ("norm_kind", "norm_place", "norm_input", "norm_over"):
        for choice in options(NormLesson, name):
            assert sum(getattr(lesson, name) == choice for lesson in lessons) >= 5, choice
    assert sum(lesson.infers for lesson in lessons) >= 5
    assert sum(lesson.undoes for lesson in lessons) >= 3


def pixels(picture: Image.Image, colour: str) -> int:
    return int((np.asarray(picture.convert("RGB")) == rgb(colour)).all(axis=2).sum())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_frames_the_cells_that_share(theme):
    colours = PALETTES[theme]
    frames = {
        kind: norm_frame(build(NormLesson(norm_kind=kind)), (0, 0, 0, 0), None, theme)
        for kind in ("batch", "layer", "instance")
    }
    framed = {kind: pixels(picture, colours.window) for kind, picture in frames.items()}
    # 12, 16 and 4 cells share.
    assert framed["instance"] < framed["batch"] < framed["layer"]
    assert all(pixels(picture, colours.output) > 60 for picture in frames.values())
    with Image.open(BytesIO(norm_png(build(NormLesson()), (0, 0, 0, 0), theme))) as stored:
        assert stored.size == frames["batch"].size


@pytest.mark.parametrize(("place", "lines"), [("alone", 4), ("before", 5), ("after", 5)])
def test_an_animation_has_one_frame_a_line(place, lines):
    case = build(NormLesson(norm_place=place))
    with Image.open(BytesIO(norm_gif(case, (1, 0, 1, 2)))) as film:
        frames = [np.asarray(f.convert("RGB")) for f in ImageSequence.Iterator(film)]
    assert len(frames) == lines
    assert all((a != b).any() for a, b in pairwise(frames))


def test_every_number_is_in_the_table():
    case = build(NormLesson(norm_kind="group", norm_place="before"))
    rows = list(csv.DictReader(StringIO(norm_csv(case))))
    assert len(rows) == case.block.size
    for row in rows:
        place = tuple(int(row[axis]) for axis in ("sample", "row", "column", "channel"))
        assert float(row["x"]) == case.block[place]
        assert int(row["set"]) == case.result.sets[place]
        assert float(row["mean"]) == case.result.means[int(row["set"])]
        assert float(row["normalize"]) == case.result.normalized[place]
        assert float(row["scale"]) == case.result.output[place]
        assert float(row["result"]) == case.output[place]
