"""The page "Inside YOLO" as a person uses it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import build
from core.lessons.yolo_lines import STEPS, lines_of
from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, choose, expect_setting, menu, switch

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}


class Grid:
    """The picture with its grid, the steps and the arithmetic."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".gridbox")
        self.paper = self.root.locator(".paper svg")

    def place(self, row: int, column: int, cells: int) -> dict[str, float]:
        """The middle of a cell, from the corner of the picture."""
        self.paper.scroll_into_view_if_needed()
        box = self.paper.bounding_box()
        assert box
        unit = box["width"] / 420  # 416 pixels and two beside them on each side
        x, y = ((n + 0.5) * 416 / cells + 2 for n in (column, row))
        return {"x": x * unit, "y": y * unit}

    def button(self, name: str) -> None:
        """Press a button of the player."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def expect_arithmetic(self, lesson: YoloLesson) -> None:
        """All lines of all steps are those of Python."""
        cell = build(lesson).cell
        assert cell
        for step in STEPS[cell.shape.kind]:
            for line in lines_of(step, cell.decoded.values):
                row = self.root.locator(f".work tr[data-key='{line.key}'] td")
                expect(row).to_have_text(f"{line.text} = {line.result}")


def test_a_cell_is_pressed_and_its_box_grows_step_by_step(visit: Visit) -> None:
    page = visit("/yolo")
    grid = Grid(page)
    grid.expect_arithmetic(YoloLesson())
    grid.paper.click(position=grid.place(5, 4, 7))
    expect_setting(page, "yolo_row", "5")
    expect_setting(page, "yolo_column", "4")
    grid.expect_arithmetic(YoloLesson(yolo_row=5, yolo_column=4))
    expect(grid.root.locator(".object")).to_contain_text("Its centre is in this cell")
    grid.paper.focus()
    page.keyboard.press("ArrowUp")
    expect_setting(page, "yolo_row", "4")
    # Back to the cell alone, then forward: centre, anchor, box, score.
    grid.button("First step")
    expect(grid.root.locator(".work tr")).to_have_count(1)
    expect(grid.root.locator(".paper .centre")).to_have_count(0)
    grid.button("Step forward")
    expect(grid.root.locator(".paper .centre")).to_be_attached()
    expect(grid.root.locator(".paper .anchor")).to_have_count(0)
    grid.button("Step forward")
    expect(grid.root.locator(".paper .anchor")).to_be_attached()
    grid.button("Step forward")
    box = grid.root.locator(".paper .box")
    cell = build(YoloLesson(yolo_row=4, yolo_column=4)).cell
    assert cell
    left, _, right, _ = cell.decoded.box
    expect(box).to_have_attribute("width", str(right - left))  # when it has grown
    grid.button("Step back")
    expect(box).to_have_count(0)


def test_other_heads_and_boxes_with_the_same_sliders(visit: Visit) -> None:
    page = visit("/yolo")
    grid = Grid(page)
    grid.button("Anchor 2: 60 x 60")
    expect_setting(page, "yolo_box", "2")
    grid.expect_arithmetic(YoloLesson(yolo_box=2))
    choose(page, "yolo_head", "v8")
    grid.expect_arithmetic(YoloLesson(yolo_head="v8"))
    expect(grid.root.locator(".bins figure")).to_have_count(4)
    expect(grid.root.locator(".vector h4")).to_have_text(
        "The 67 numbers of this cell: 4 * 16 + 3"
    )


def test_suppression_goes_forward_and_back(visit: Visit, tmp_path: Path) -> None:
    page = visit("/yolo?yolo_shows=suppression")
    board = page.locator(".suppressing")

    def press(name: str) -> None:
        board.get_by_role("button", name=name, exact=True).click()

    expect(board.locator(".count")).to_have_text("0 of 11")
    press("Step forward")
    expect(board.locator(".where")).to_contain_text("#1 dog, score 0.9, is kept")
    press("Step forward")
    expect(board.locator(".where")).to_contain_text("suppresses #2 (IoU 0.7467)")
    second = board.locator("tr[data-box='2']")
    expect(second).to_have_class("gone")
    expect(second).to_contain_text("suppressed by #1: 0.7467 > 0.5")
    expect(board.locator("tr[data-box='7']")).to_contain_text("stays: 0.5 is not above 0.5")
    expect(board.locator(".paper rect.gone")).to_have_count(1)
    press("Step back")
    expect(second).to_have_class("waits")
    expect(board.locator(".paper rect.gone")).to_have_count(0)
    board.locator("tr[data-box='4']").click()
    expect(board.locator(".where")).to_contain_text("#3 meets 2 boxes and suppresses #4")
    board.locator("tr[data-box='1']").click()
    # Just below 0.5 the seventh goes, too.
    Slider(page, "nms_iou").press("ArrowLeft")
    expect_setting(page, "nms_iou", "0.45")
    press("Step forward")
    expect(board.locator("tr[data-box='7']")).to_have_class("gone")
    switch(page, "nms_classwise")
    board.locator(".scrubber").press("End")
    expect(board.locator("tr[data-box='6']")).to_contain_text("suppressed by #3")
    files = menu(page, "Download")
    with page.expect_download() as table:
        files.get_by_role("button", name="Every meeting (CSV)").click()
    table.value.save_as(tmp_path / "meetings.csv")
    lines = (tmp_path / "meetings.csv").read_text().splitlines()
    rows = list(csv.DictReader(lines))
    assert (rows[0]["kept"], rows[0]["met"], rows[0]["suppressed"]) == ("1", "2", "1")


def test_a_finger_presses_a_cell_on_a_phone(visit: Visit) -> None:
    page = visit("/yolo", viewport=PHONE, has_touch=True, is_mobile=True)
    grid = Grid(page)
    grid.paper.tap(position=grid.place(2, 5, 7))
    expect_setting(page, "yolo_row", "2")
    expect_setting(page, "yolo_column", "5")
    grid.expect_arithmetic(YoloLesson(yolo_row=2, yolo_column=5))
    choose(page, "yolo_shows", "suppression")
    expect(page.locator(".suppressing[data-ready='true']")).to_be_visible()
    overhang = page.locator("[data-testid='stMain']").evaluate(
        "main => main.scrollWidth - main.clientWidth"
    )
    assert overhang <= 0
