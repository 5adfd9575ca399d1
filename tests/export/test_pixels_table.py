"""The table of a crop holds every number once, in the order of the flattened vector."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest

from core.export.pixels_table import COLUMNS, pixels_csv
from core.images.colour import SPACES
from core.lessons.pixels import PixelCase, PixelLesson, build

PHOTO = np.random.default_rng(2).integers(0, 256, (30, 40, 3), dtype=np.uint8)


def case_of(**values: object) -> PixelCase:
    return build(PixelLesson(side=40, **values), PHOTO)  # type: ignore[arg-type]


def table(case: PixelCase) -> pd.DataFrame:
    return pd.read_csv(StringIO(pixels_csv(case)))


def test_red_green_and_blue_as_a_table():
    assert pixels_csv(build(PixelLesson(picture="triples"), PHOTO)).splitlines() == [
        "row,column,channel,value,index",
        "0,0,r,255,0",
        "0,0,g,0,1",
        "0,0,b,0,2",
        "0,1,r,0,3",
        "0,1,g,255,4",
        "0,1,b,0,5",
        "0,2,r,0,6",
        "0,2,g,0,7",
        "0,2,b,255,8",
    ]


@pytest.mark.parametrize("space", SPACES)
def test_every_value_stands_once_and_in_order(space):
    found = table(case := case_of(space=space, top=3, left=5, rows=4, columns=6))
    assert tuple(found.columns) == COLUMNS
    channels = len(SPACES[space].channels)
    assert found["index"].tolist() == list(range(4 * 6 * channels))
    vector = np.stack([plane.values for plane in case.planes], axis=-1).reshape(-1)
    assert np.array_equal(found["value"].to_numpy(np.float32), vector)
    assert found["row"].min() == 3
    assert found["row"].max() == 6
    assert found["column"].min() == 5
    assert found["column"].max() == 10
    assert set(found["channel"]) == {channel.slug for channel in SPACES[space].channels}


def test_rows_and_columns_are_those_of_the_picture():
    found = table(case_of(top=7, left=2, rows=5, columns=5))
    for row in found.sample(40, random_state=1).itertuples():
        assert row.value == PHOTO[row.row, row.column, "rgb".index(row.channel)]


def test_changed_pixels_are_in_the_table():
    found = table(case_of(top=0, left=0, changes="x.1.2.0=77"))
    place = (found["row"] == 1) & (found["column"] == 2) & (found["channel"] == "r")
    assert found[place]["value"].tolist() == [77]


def test_lines_end_as_every_spreadsheet_reads_them():
    text = pixels_csv(case_of())
    assert text.endswith("\n")
    assert "\r" not in text
    assert text.isascii()
