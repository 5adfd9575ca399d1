"""What the component of draws is sent: pictures, boxes as numbers, outlines of masks."""

import base64
import json

import cv2
import numpy as np
import pytest

from core.ui.augmentation.stage import frames_text, which_came
from core.ui.components import draws
from core.ui.components.draws import Cell, Frame, draws_data, outlines, reduced


def pictures(n, height=24, width=32, channels=3):
    generator = np.random.default_rng(n)
    return generator.integers(0, 256, (n, height, width, channels), np.uint8)


def decoded(address):
    data = np.frombuffer(base64.b64decode(address.split(",")[1]), np.uint8)
    found = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    return found[..., None] if found.ndim == 2 else found[..., ::-1]


def tiles(data):
    """The pictures again, as the browser cuts them out of the sheet."""
    sheet = data["sheet"]
    whole = decoded(sheet["src"])
    count = len(data["draws"]) + len(data["trail"])
    found = []
    for place in range(count):
        down, right = divmod(place, sheet["across"])
        top, left = down * sheet["down"], right * sheet["right"]
        found.append(whole[top : top + sheet["height"], left : left + sheet["width"]])
    return np.stack(found)


def cells(n):
    return [Cell(f"draw {place}") for place in range(n)]


def test_draws_and_trail_come_in_one_sheet_in_their_order():
    images, trail = pictures(5), pictures(3)
    data = draws_data(None, (images, cells(5)), (trail, cells(3)), alt="x")
    np.testing.assert_array_equal(tiles(data), np.concatenate([images, trail]))
    assert data["original"] is None


def test_grey_pictures_stay_grey():
    images = pictures(3, 28, 28, 1)
    data = draws_data((images[0], Cell("o")), (images, cells(3)), alt="x")
    np.testing.assert_array_equal(tiles(data), images)
    np.testing.assert_array_equal(decoded(data["original"]["src"]), images[0])


def test_large_pictures_lose_nothing_that_a_person_sees_and_no_neighbour_shines_through():
    ramp = np.linspace(0, 255, 300)[None, :, None] * np.ones((250, 1, 3))
    images = np.stack([ramp * (1, 0.5, 0), 255 - ramp, ramp * (0, 1, 1)]).astype(np.uint8)
    data = draws_data(None, (images, cells(3)), alt="x")
    assert data["sheet"]["src"].startswith("data:image/jpeg")
    assert (data["sheet"]["height"], data["sheet"]["width"]) == (250, 300)
    off = np.abs(tiles(data).astype(int) - images)
    assert off.mean() < 1.5
    assert off[:, :, -8:].mean() < 2


@pytest.mark.parametrize(("n", "side"), [(1, 384), (16, 384), (40, 1000)])
def test_no_more_is_sent_than_a_phone_can_load(n, side):
    small = reduced([np.zeros((side, side // 2, 3), np.uint8)] * n)
    assert sum(one.shape[0] * one.shape[1] for one in small) <= draws.MOST_PIXELS * 1.01
    assert max(small[0].shape) <= draws.LONGEST
    assert small[0].shape[0] == pytest.approx(2 * small[0].shape[1], abs=2)


def test_boxes_are_shares_of_the_sides():
    frame = Frame((8, 6, 24, 18), "cup", 2, partly=True)
    data = draws_data((pictures(1)[0], Cell("o", frames=[frame])), (pictures(0), []), alt="x")
    assert data["original"]["frames"] == [
        {"left": 0.25, "top": 0.25, "right": 0.75, "bottom": 0.75, "name": "cup", "number": 2,
         "partly": True}
    ]  # fmt: skip


def area(ring):
    """By the shoelace formula."""
    x, y = np.reshape(ring, (-1, 2)).T
    return (x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def test_an_outline_runs_round_its_pixels():
    mask = np.zeros((100, 200), np.uint8)
    mask[20:60, 30:130] = 3
    (found,) = outlines(mask)
    assert found["number"] == 3
    (ring,) = found["rings"]
    x, y = np.reshape(ring, (-1, 2)).T
    assert (x.min() * 200, x.max() * 200) == pytest.approx((30.25, 129.75), abs=0.03)
    assert (y.min() * 100, y.max() * 100) == pytest.approx((20.25, 59.75), abs=0.03)


def test_an_outline_holds_the_area_of_its_mask_and_leaves_holes_out():
    mask = np.zeros((200, 200), np.uint8)
    cv2.circle(mask, (90, 100), 70, 1, -1)
    cv2.circle(mask, (90, 100), 30, 0, -1)
    mask[150:190, 150:190] = 2
    one, two = outlines(mask)
    assert len(one["rings"]) == 2
    for found in (one, two):
        covered = abs(sum(area(ring) for ring in found["rings"])) * 200 * 200
        assert covered == pytest.approx((mask == found["number"]).sum(), rel=0.03)


def test_what_is_sent_is_json_with_shares_in_words():
    cell = Cell("72% of its own", shares=[("cat", 0.72), ("coffee", 0.28)], quiet=False)
    data = draws_data((pictures(1)[0], cell), (pictures(2), [cell, Cell("", quiet=True)]),
                      alt="x", followed=1, selectable=True)  # fmt: skip
    assert json.loads(json.dumps(data)) == data
    assert [one["text"] for one in data["draws"][0]["shares"]] == ["72 %", "28 %"]
    assert (data["followed"], data["selectable"], data["draws"][1]["quiet"]) == (1, True, True)


def test_before_the_first_draw_there_is_the_original_alone():
    data = draws_data((pictures(1)[0], Cell("original")), (pictures(0), []), alt="x")
    assert data["sheet"]["src"] == ""
    assert data["draws"] == data["trail"] == []
    np.testing.assert_array_equal(decoded(data["original"]["src"]), pictures(1)[0])


def test_pictures_without_words_are_refused():
    with pytest.raises(ValueError, match="2 draws with 1 cells"):
        draws_data(None, (pictures(2), cells(1)), alt="x")


# What the browser says


def test_boxes_moved_by_hand_become_the_text_of_a_link():
    assert frames_text('[[300, 20, 600, 375, "head"]]') == "300-20-600-375-head"
    two = '[[0, 0, 100, 100, "a-b"], [500, 500, 1000, 1000, "cup"]]'
    assert frames_text(two) == "0-0-100-100-a b_500-500-1000-1000-cup"


@pytest.mark.parametrize(
    "message",
    ["", "null", "{}", "[[1]]", '[["a",1,2,3,"x"]]', "[]", '[[0,0,1,1,"thin"]]', "[" * 5000],
)
def test_a_message_that_names_no_boxes_is_passed_over(message):
    assert frames_text(message) == ""


def test_few_words_say_which_steps_came():
    from core.augment.drawing import Drawn
    from core.augment.text import decode

    steps = decode("flip.horizontal_rotation_zoom_off-contrast").steps

    def said(*comes):
        return which_came(
            tuple(Drawn(step, came, {}) for step, came in zip(steps, comes, strict=True))
        )

    assert said(False, False, False, False) == "unchanged"
    assert said(True, True, True, False) == "all steps"
    assert said(True, False, False, False) == "Flip left-right"
    assert said(True, True, False, False) == "without Zoom"
