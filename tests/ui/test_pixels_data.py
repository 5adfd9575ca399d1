"""What the pixel boards are sent is the picture, number by number."""

import base64
import io
import json

import numpy as np
import PIL.Image
import pytest
import skimage.color

from core.lessons.pixels import PixelLesson, build
from core.ui.components.pixels import boards_data

SEEDS = range(50)
PHOTO = np.random.default_rng(5).integers(0, 256, (24, 36, 3), dtype=np.uint8)


def decoded(url: str) -> np.ndarray:
    head, data = url.split(",", 1)
    assert head == "data:image/png;base64"
    return np.asarray(PIL.Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_picture_is_sent_without_loss(seed, pixel_case):
    case = pixel_case(seed)
    data = boards_data(case)
    assert np.array_equal(decoded(data["picture"]), case.small)
    assert (data["height"], data["width"]) == case.small.shape[:2]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_crop_is_the_part_of_the_picture_that_it_says(seed, pixel_case):
    data = boards_data(pixel_case(seed))
    picture = decoded(data["picture"])
    top, left, rows, columns = (data[name] for name in ("top", "left", "rows", "columns"))
    window = picture[top : top + rows, left : left + columns]
    assert window.shape == (rows, columns, 3)
    assert data["colours"] == window.reshape(-1, 3).tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_planes_hold_the_colours_in_the_chosen_space(seed, pixel_case):
    data = boards_data(pixel_case(seed))
    pixels = np.array([data["colours"]], dtype=np.uint8)
    expected = {
        "rgb": lambda p: p,
        "grey": lambda p: (p @ np.array([0.299, 0.587, 0.114]))[..., None],
        "hsv": lambda p: skimage.color.rgb2hsv(p) * (360, 1, 1),
        "lab": skimage.color.rgb2lab,
        # scikit-image gives YCbCr squeezed to 16..235 and 16..240; JFIF uses all of 0..255.
        "ycrcb": lambda p: (
            (skimage.color.rgb2ycbcr(p) - (16, 128, 128))[..., [0, 2, 1]]
            * (255 / 219, 255 / 224, 255 / 224)
            + (0, 128, 128)
        ),
    }[data["space"]](pixels)[0]
    found = np.array([plane["values"] for plane in data["planes"]]).T
    assert found.shape == expected.shape
    tolerance = 0.05 if data["space"] in ("lab", "ycrcb") else 0.0051
    hue = data["space"] == "hsv"
    turned = np.abs(found - expected)
    if hue:  # 360 degrees are 0
        turned[:, 0] = np.minimum(turned[:, 0], 360 - turned[:, 0])
    assert turned.max() <= tolerance


@pytest.mark.parametrize("seed", SEEDS)
def test_values_lie_within_the_range_that_is_sent(seed, pixel_case):
    data = boards_data(pixel_case(seed))
    for plane in [*data["planes"], data["grey"]]:
        assert plane["low"] <= min(plane["values"])
        assert max(plane["values"]) <= plane["high"]
        assert len(plane["values"]) == len(plane["texts"]) == data["rows"] * data["columns"]
        assert len(plane["stops"]) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_data_is_json_with_finite_numbers(seed, pixel_case):
    data = boards_data(pixel_case(seed))
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_grey_is_the_luma_that_the_decks_give():
    data = boards_data(build(PixelLesson(picture="triples", top=0, left=0), PHOTO))
    assert data["grey"]["texts"] == ["76", "150", "29"]
    assert data["titles"]["whole"] == "Picture, 1 x 3 x 3"
    assert data["titles"]["crop"] == "Crop, 1 x 3"
    assert data["titles"]["vector"].endswith(": 9 numbers")


def test_indices_count_from_the_corner_of_the_crop():
    lesson = PixelLesson(top=3, left=4, rows=2, columns=3, cells="indices")
    data = boards_data(build(lesson, PHOTO))
    assert [plane["texts"] for plane in data["planes"]] == [
        [f"{place},{c}" for place in ("0,0", "0,1", "0,2", "1,0", "1,1", "1,2")]
        for c in range(3)
    ]
    assert not any("," in text for text in data["grey"]["texts"])


def test_small_ranges_show_two_decimals():
    data = boards_data(build(PixelLesson(space="hsv"), PHOTO))
    hue, saturation, value = data["planes"]
    assert all("." not in text for text in hue["texts"])
    assert all(len(text.split(".")[1]) == 2 for text in saturation["texts"] + value["texts"])


def test_red_green_and_blue_planes_look_like_their_light():
    data = boards_data(build(PixelLesson(), PHOTO))
    assert [plane["stops"][-1] for plane in data["planes"]] == ["#FF0000", "#00FF00", "#0000FF"]
    assert data["grey"]["stops"] == ["#000000", "#FFFFFF"]


def test_large_is_for_the_projector():
    case = build(PixelLesson(pixel="1,2"), PHOTO)
    assert boards_data(case, large=True)["large"]
    assert not boards_data(case)["large"]
    assert boards_data(case)["pixel"] == "1,2"
