"""The pixel boards as a person uses them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class Boards:
    """Picture, crop, planes and vector of the page "Image as numbers"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".pixels")
        self.where = self.root.locator(".where")
        self.what = self.root.locator(".what")
        self.picture = self.root.locator(".whole canvas.top")
        self.strip = self.root.locator(".strip canvas.top")
        self.editor = self.root.locator(".cell-editor")

    def titles(self) -> list[str]:
        """What stands above the planes."""
        return self.root.locator(".stacks h4").all_inner_texts()

    def plane(self, title: str) -> Locator:
        """The canvas of a plane ("R red") or of the crop ("Crop")."""
        sections = self.root.locator("section")
        named = sections.filter(has=self.page.get_by_role("heading", name=title))
        return named.locator("canvas.top")

    def crop(self) -> tuple[int, int]:
        """Rows and columns of the crop, as its title says."""
        words = self.root.locator(".cropped h4").inner_text()
        rows, columns = map(int, re.findall(r"\d+", words))
        return rows, columns

    def place(self, title: str, row: int, column: int) -> tuple[float, float]:
        """Where the middle of a plane's cell is on the page."""
        canvas = self.plane(title)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        size = (box["width"] - 2) / self.crop()[1]
        return box["x"] + 1 + (column + 0.5) * size, box["y"] + 1 + (row + 0.5) * size

    def point(self, title: str, row: int, column: int) -> None:
        """Move the pointer to a cell of a plane."""
        self.page.mouse.move(*self.place(title, row, column))

    def pixel_of_picture(self, row: int, column: int) -> tuple[float, float]:
        """Where a pixel of the whole picture is on the page."""
        words = self.root.locator(".whole h4").inner_text()
        width = int(re.findall(r"\d+", words)[1])
        self.picture.scroll_into_view_if_needed()
        box = self.picture.bounding_box()
        assert box
        scale = box["width"] / width
        return box["x"] + (column + 0.5) * scale, box["y"] + (row + 0.5) * scale

    def expect_pixel(self, red: int, green: int, blue: int) -> None:
        """The readout gives this colour."""
        expect(self.what).to_contain_text(f"R red {red}, G green {green}, B blue {blue};")
