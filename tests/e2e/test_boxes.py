"""The page "Boxes" as a person uses it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import build
from core.lessons.boxes_lines import LINES, say, spelled
from core.ui.components.boxes import formats_of
from tests.e2e.conftest import Visit
from tests.e2e.pages import (
    Slider,
    choose,
    expect_setting,
    menu,
    quiet,
    settings,
    switch,
    tab,
)

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}


class Board:
    """Two boxes, their measures, the arithmetic and the formats."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".boxes")
        self.paper = self.root.locator(".host svg")
        self.verdict = self.root.locator(".verdict")

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the board is on the page."""
        self.paper.scroll_into_view_if_needed()
        box = self.paper.bounding_box()
        scale = float(self.paper.get_attribute("data-frame") or 0)
        view_box = [float(word) for word in (self.paper.get_attribute("viewBox") or "").split()]
        assert box
        ratio = box["width"] / view_box[2]
        return box["x"] + (x * scale + 1) * ratio, box["y"] + (y * scale + 1) * ratio

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Take the board at a place and let go at another."""
        self.page.mouse.move(*self.place(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(*end), steps=6)

    def value(self, measure: str) -> Any:
        """The number beside a measure."""
        return self.root.locator(f"[data-measure='{measure}'] .value")

    def expect_arithmetic(self, lesson: BoxesLesson, measure: str) -> None:
        """All lines of a measure are those of Python."""
        self.root.locator(f"[data-measure='{measure}']").click()
        values = build(lesson).values
        for line in LINES:
            row = self.root.locator(f".work tr[data-key='{line.key}'] td")
            if line.part in ("iou", measure):
                expect(row).to_have_text(spelled(line, values, plus_one=lesson.plus_pixel))


def test_a_box_is_dragged_and_the_numbers_follow_before_it_is_put_down(visit: Visit) -> None:
    page = visit("/boxes")
    board = Board(page)
    expect(board.value("iou")).to_have_text("0.2195")  # 9 / 41
    expect(board.verdict).to_contain_text("does not count")
    # B by two cells to the left and one up: 2,2 to 8,7.
    board.drag((8.5, 7), (6.5, 6))
    moved = BoxesLesson(box_two="2,2,8,7")
    assert build(moved).values["iou"] == 20 / 30
    expect(board.value("iou")).to_have_text("0.6667")  # the browser's number
    assert "box_two" not in settings(page)
    expect(board.root.locator(".work tr[data-key='union'] td")).to_have_text(
        "20 + 30 - 20 = 30"
    )
    page.mouse.up()
    expect_setting(page, "box_two", "2,2,8,7")
    expect(board.verdict).to_contain_text("counts as found")
    for measure in ("giou", "diou", "ciou"):
        board.expect_arithmetic(moved, measure)
    expect(page.locator(".st-key-box_two input")).to_have_value("2,2,8,7")
    # B's lower right corner, which lies in no part of A.
    board.drag((8, 7), (10, 9))
    page.mouse.up()
    expect_setting(page, "box_two", "2,2,10,9")
    board.expect_arithmetic(BoxesLesson(box_two="2,2,10,9"), "iou")


def test_the_browsers_numbers_are_pythons(visit: Visit) -> None:
    """200 pairs of boxes: every number, every format, and every number as text."""
    page = visit("/boxes")
    draw = random.Random(7)
    lessons = []
    for number in range(200):
        edges = [round(draw.uniform(0, 9) * 4) / 4 for _ in range(8)]
        one, two = (",".join(f"{v:g}" for v in part) for part in (edges[:4], edges[4:]))
        lessons.append(BoxesLesson(box_one=one, box_two=two, plus_pixel=bool(number % 2)))
    pairs = [[*lesson.boxes, int(lesson.plus_pixel)] for lesson in lessons]
    theirs = page.evaluate(
        """pairs => pairs.map(([a, b, plus]) => {
            const { measure, written, say } = globalThis.receptive.boxes.mount;
            const values = measure(a, b, plus);
            const edge = ([x1, y1, x2, y2]) => [x1, y1, x2 + plus, y2 + plus];
            const texts = {};
            for (const [name, value] of Object.entries(values)) texts[name] = say(value);
            const [one, other] = [a, b].map((box) => written(edge(box), [12, 9]));
            return { values, texts, a: one, b: other };
        })""",
        pairs,
    )
    for lesson, found in zip(lessons, theirs, strict=True):
        case = build(lesson)
        assert found["values"] == pytest.approx(case.values, abs=1e-12)
        assert found["texts"] == {name: say(value) for name, value in case.values.items()}
        for entry in formats_of(case):
            for side in "ab":
                assert found[side][entry["name"]] == pytest.approx(entry[side], abs=1e-12)


def test_arrow_keys_move_a_box_and_with_shift_its_corner(visit: Visit) -> None:
    page = visit("/boxes")
    board = Board(page)
    box = board.root.locator("[data-name='A']")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect_setting(page, "box_one", "3,3,8,7")
    page.keyboard.press("Shift+ArrowRight")
    expect_setting(page, "box_one", "3,3,9,7")
    board.expect_arithmetic(BoxesLesson(box_one="3,3,9,7"), "iou")
    expect(box).to_have_attribute("aria-label", re.compile("left 3, top 3, right 9, bottom 7"))


def test_plus_one_and_the_threshold_act_on_both(visit: Visit) -> None:
    page = visit("/boxes?box_one=4,3,6,5&box_two=5,4,7,6")
    board = Board(page)
    expect(board.value("iou")).to_have_text("0.1429")
    switch(page, "plus_pixel")
    expect(board.value("iou")).to_have_text("0.2857")
    expect(board.root.locator("[data-format='xywh'] .numbers").first).to_have_text("4, 3, 3, 3")
    expect_setting(page, "plus_pixel", "true")
    Slider(page, "match_at").press("ArrowLeft", 5)
    expect(board.verdict).to_contain_text("0.2857 ≥ 0.25")


def test_the_curve_is_drawn_one_detection_at_a_time(visit: Visit) -> None:
    page = visit("/boxes?ap_drawn=0")
    curve = page.locator(".precision")
    expect(curve.locator(".count")).to_have_text("0 of 5")
    expect(curve.locator(".chart circle")).to_have_count(0)

    def press(name: str) -> None:
        curve.get_by_role("button", name=name, exact=True).click()

    press("Step forward")
    expect(curve.locator(".where")).to_contain_text("TP. IoU")
    expect(curve.locator(".where")).to_contain_text("recall 1/3 = 0.3333")
    for _ in range(2):
        press("Step forward")
    expect(curve.locator(".where")).to_contain_text("FP, double")
    press("Step back")
    expect(curve.locator(".where")).to_contain_text("FP, IoU too low")
    expect(curve.locator(".list tr.now td").first).to_have_text("2")
    curve.locator(".list tbody tr").nth(4).click()
    expect(curve.locator(".count")).to_have_text("5 of 5")
    values = curve.locator(".methods .value")
    expect(values).to_have_text(["0.7000", "0.7333", "0.7455", "0.7347"])
    curve.locator("[data-method='lecture']").click()
    expect(curve.locator(".sum")).to_contain_text("1/3 * 1 + 1/3 * 1/2 + 1/3 * 3/5 = 0.7")
    expect_setting(page, "ap_drawn", "5")


def test_scenes_of_shapes_and_their_classes(visit: Visit) -> None:
    page = visit("/boxes")
    tab(page, "Detections")
    choose(page, "ap_example", "shapes")
    curve = page.locator(".precision")
    expect(curve.locator(".tiles image").first).to_be_attached()
    expect(curve.locator(".key")).to_contain_text("the objects (circle)")
    page.get_by_role("radio", name="triangle", exact=True).click()
    expect(curve.locator(".key")).to_contain_text("the objects (triangle)")
    expect_setting(page, "ap_label", "triangle")


def test_own_files_are_judged(visit: Visit, tmp_path: Path) -> None:
    truth = {
        "images": [{"id": 1, "width": 100, "height": 100}],
        "categories": [{"id": 1, "name": "mug"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40]}],
    }
    said = [{"image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 30], "score": 0.9}]
    for name, document in (("truth", truth), ("said", said)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    page = visit("/boxes?ap_example=files")
    for key in ("own_truth", "own_said"):
        chooser = page.locator(f".st-key-{key} input[type='file']")
        chooser.set_input_files(tmp_path / f"{key.removeprefix('own_')}.json")
        expect(page.get_by_text(re.compile(r": 1 boxes\."))).to_have_count(
            1 if key == "own_truth" else 2
        )
    curve = page.locator(".precision")
    expect(curve.locator(".where")).to_contain_text("IoU 0.75 >= 0.5")
    expect(curve.locator(".key")).to_contain_text("the objects (mug)")


def test_a_shared_link_predict_first_and_downloads(visit: Visit, tmp_path: Path) -> None:
    page = visit("/boxes?box_one=1,2,7,7&box_two=4,2,10,7&predict=true")
    board = Board(page)
    expect(board.value("iou")).to_have_text("?")
    expect(board.verdict).to_have_text("")
    guesses = page.locator("[class*='st-key-guess_'] input")
    for number, guess in enumerate(("15", "45", "0.33")):
        guesses.nth(number).fill(guess)
        guesses.nth(number).press("Tab")
    expect(board.value("iou")).to_have_text("0.3333")
    quiet(page)
    shared = menu(page, "Share")
    link = urlsplit(shared.locator("code").inner_text())
    page.keyboard.press("Escape")
    files = menu(page, "Download")
    with page.expect_download() as table:
        files.get_by_role("button", name="Judged list (CSV)").click()
    table.value.save_as(tmp_path / "judged.csv")
    assert (tmp_path / "judged.csv").read_text().startswith("rank,image,score,iou,verdict")
    other = Board(visit(f"{link.path}?{link.query}"))
    expect(other.root.locator("[data-format='xyxy'] .numbers").first).to_have_text("1, 2, 7, 7")


def test_a_finger_drags_a_box_on_a_phone(visit: Visit) -> None:
    page = visit("/boxes", viewport=PHONE, has_touch=True, is_mobile=True)
    board = Board(page)
    start, end = board.place(8.5, 7), board.place(6.5, 6)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    touch("touchStart", start)
    for step in range(1, 5):
        share = step / 4
        touch("touchMove", tuple(a + (b - a) * share for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
    touch("touchEnd")
    expect(board.value("iou")).to_have_text("0.6667")
    expect_setting(page, "box_two", "2,2,8,7")


def test_boxes_are_drawn_moved_scored_and_taken_back(visit: Visit) -> None:
    boxes = "hand_boxes=0%3A20%2C20%2C60%2C60"
    page = visit(f"/boxes?ap_example=hand&{boxes}&view=precision")
    sketch = page.locator(".sketch")
    paper, told = sketch.locator("svg"), page.locator(".precision .where")
    expect(told).to_contain_text("0 detections of cup are waiting; 1 to be found")

    def drag(start: tuple[int, int], end: tuple[int, int]) -> None:
        paper.scroll_into_view_if_needed()
        area = paper.bounding_box()
        assert area
        for n, (x, y) in enumerate((start, end)):
            page.mouse.move(
                area["x"] + x / 160 * area["width"], area["y"] + y / 120 * area["height"],
                steps=1 + 5 * n,
            )  # fmt: skip
            page.mouse.down() if n == 0 else page.mouse.up()

    sketch.get_by_role("button", name="Detection").click()
    drag((80, 70), (120, 110))
    expect(paper).to_have_attribute("data-boxes", "2")
    expect(told).to_contain_text("IoU too low")
    # Onto the object, five pixels beside it: 35 x 40 of 45 x 40 pixels are shared.
    drag((100, 90), (45, 40))
    expect(told).to_contain_text("TP. IoU 0.7778 >= 0.5")
    sketch.locator(".score input").fill("35")
    expect(told).to_contain_text("score 0.35")
    expect_setting(page, "hand_boxes", "0:20,20,60,60;0@35:25,20,65,60")
    paper.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("TP. IoU 1 >= 0.5")
    page.keyboard.press("Delete")
    expect(told).to_contain_text("0 detections of cup are waiting")
    sketch.get_by_role("button", name="Undo").click()
    expect(told).to_contain_text("TP. IoU 1 >= 0.5")


def test_objects_claim_their_anchors_forward_and_back(visit: Visit) -> None:
    page = visit("/boxes?anchor_claims=0&view=anchors")
    view = page.get_by_test_id("stMain")
    expect(view).to_contain_text("No claim is made yet.")
    page.get_by_role("button", name="Next claim").click()
    expect(view).to_contain_text("Claim 1 of 3: cat takes anchor 4, IoU 0.7459")
    page.get_by_role("button", name="Next claim").click()
    expect(view).to_contain_text("dog takes anchor 1, IoU 0.1417")
    expect(view).to_contain_text("w: ln(305.76 / 182) / 0.2 = 2.594")
    page.get_by_role("button", name="One back").click()
    expect(view).to_contain_text("Claim 1 of 3")
    page.get_by_role("button", name="All claims").click()
    expect(view).to_contain_text("3 claimed, 0 ignored, 2 background.")
    expect(view.get_by_role("row").filter(has_text="background")).to_have_count(2)
