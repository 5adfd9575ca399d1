"""Every tile is sent its own picture, every pixel as it is, and its words."""

import base64
import io
import json

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.components import tiles
from core.ui.components.tiles import Group, Tile, percent, sheet, shown_size, tiles_data

DRAW = np.random.default_rng(8)


def pictures(n: int, height: int = 8, width: int = 8, channels: int = 1) -> np.ndarray:
    return DRAW.integers(0, 256, (n, height, width, channels), dtype=np.uint8)


def received(data: dict) -> np.ndarray:
    """The tiles as the browser cuts them out of the sheet."""
    stored = base64.b64decode(data["sheet"].removeprefix("data:image/png;base64,"))
    whole = np.asarray(PIL.Image.open(io.BytesIO(stored)))
    w, h = data["tileWidth"], data["tileHeight"]
    cut = []
    for place in range(len(data["tiles"])):
        top, left = place // data["across"] * h, place % data["across"] * w
        cut.append(whole[top : top + h, left : left + w])
    return np.asarray(cut)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 25, 200])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_tile_gets_its_own_picture(n, channels):
    images = pictures(n, 9, 6, channels)
    data = tiles_data(images, [f"{i}" for i in range(n)])
    expected = images[..., 0] if channels == 1 else images
    assert np.array_equal(received(data), expected)
    assert [tile["caption"] for tile in data["tiles"]] == [f"{i}" for i in range(n)]


@given(st.integers(1, 40), st.integers(1, 12))
def test_a_sheet_holds_row_after_row(n, across):
    images = np.arange(n, dtype=np.uint8).repeat(6).reshape(n, 2, 3, 1)
    whole = sheet(images, across)
    rows = -(-n // across)
    assert whole.shape == (2 * rows, 3 * across, 1)
    firsts = whole[::2, ::3, 0].reshape(-1)
    assert firsts[:n].tolist() == list(range(n))
    assert not firsts[n:].any()


@given(st.integers(1, 400), st.integers(1, 400), st.integers(16, 256))
def test_a_pixel_is_a_square_of_whole_size_or_the_picture_shrinks(width, height, side):
    shown = shown_size(width, height, side)
    if max(width, height) <= side:
        assert shown[0] % width == 0
        assert shown[0] // width == shown[1] // height
        assert max(shown) <= 1.5 * side
    else:
        assert max(shown) == side
        assert min(shown) >= 1


def test_a_large_picture_is_sent_as_sharp_as_a_screen_shows_it():
    data = tiles_data(pictures(4, 256, 128, 3), list("abcd"), side_px=96)
    assert (data["width"], data["height"]) == (48, 96)
    assert (data["tileWidth"], data["tileHeight"]) == (96, 192)
    assert received(data).shape == (4, 192, 96, 3)


def test_many_large_pictures_stay_within_what_a_phone_can_load():
    images = np.zeros((200, 256, 256, 3), np.uint8)
    data = tiles_data(images, ["x"] * 200, side_px=128)
    assert 200 * data["tileWidth"] * data["tileHeight"] <= tiles.MOST_PIXELS * 1.02
    assert data["tileWidth"] > 80


def test_making_smaller_takes_the_area_mean():
    image = np.zeros((1, 512, 512, 1), np.uint8)
    image[0, ::2] = 200
    assert set(np.unique(received(tiles_data(image, ["x"], side_px=128)))) == {100}


def test_a_tile_says_what_there_is_to_say():
    bars = (("cat", 0.25), ("dog", 0.7496), ("owl", 0.0004))
    shown = Tile("dog", "loss 1.39", right=False, bars=bars, truth="cat")
    (tile,) = tiles_data(pictures(1), [shown])["tiles"]
    assert tile["state"] == "wrong"
    assert tile["alt"] == "dog, loss 1.39"
    assert [(b["name"], b["text"], b["true"]) for b in tile["bars"]] == [
        ("cat", "25 %", True), ("dog", "75 %", False), ("owl", "<1 %", False),
    ]  # fmt: skip
    assert [b["share"] for b in tile["bars"]] == [0.25, 0.7496, 0.0004]
    assert tiles_data(pictures(1), [Tile("a", right=True)])["tiles"][0]["state"] == "right"
    assert tiles_data(pictures(1), ["a"])["tiles"][0]["state"] == ""
    assert tiles_data(pictures(1), [Tile("a", alt="an a")])["tiles"][0]["alt"] == "an a"


def test_groups_hold_all_pictures():
    groups = [Group("a", 2, "2 pictures", 1.0), Group("b", 1)]
    data = tiles_data(pictures(3), ["", "", ""], groups=groups)
    assert data["groups"] == [
        {"title": "a", "size": 2, "text": "2 pictures", "share": 1.0},
        {"title": "b", "size": 1, "text": "", "share": None},
    ]
    with pytest.raises(ValueError, match="groups of 3 pictures together do not hold 2"):
        tiles_data(pictures(2), ["", ""], groups=groups)


@pytest.mark.parametrize(("n", "words"), [(3, 2), (2, 3), (201, 201)])
def test_pictures_without_words_and_too_many_are_refused(n, words):
    with pytest.raises(ValueError, match=f"{n} pictures with {words} captions"):
        tiles_data(pictures(n), ["x"] * words)


def test_no_picture_is_shown_as_nothing():
    data = tiles_data(pictures(0), [])
    assert data["sheet"] == ""
    assert data["tiles"] == []


def test_what_is_sent_is_json():
    data = tiles_data(pictures(2), [Tile("a", right=True, bars=(("a", 0.5),)), "b"], chosen=1)
    assert json.loads(json.dumps(data)) == data
    assert data["chosen"] == 1
    assert not data["selectable"]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        *((0.0, "0 %"), (0.004, "<1 %"), (0.006, "1 %"), (0.5, "50 %")),
        *((0.994, "99 %"), (0.999, ">99 %"), (1.0, "100 %")),
    ],
)
def test_a_probability_is_never_certain_that_is_not(share, text):
    assert percent(share) == text
    assert percent(np.float32(share)) == text


def test_a_click_tells_its_place(monkeypatch):
    for said, place in (({"select": 3}, 3), ({"select": 0}, 0), ({"select": None}, None)):
        monkeypatch.setattr(tiles.st, "session_state", {"key": said})
        assert tiles.selected("key") == place
    assert tiles.selected("other") is None


def test_only_a_gallery_with_an_answer_can_be_clicked(monkeypatch):
    sent = {}
    monkeypatch.setattr(tiles.code, "mount", lambda **given: sent.update(given))
    tiles.show(pictures(1), ["a"], key="gallery")
    assert not sent["data"]["selectable"]
    answer = lambda: None  # noqa: E731
    tiles.show(pictures(1), ["a"], key="gallery", on_select=answer)
    assert sent["data"]["selectable"]
    assert sent["on_select_change"] is answer
