"""The chain of grids as a person uses it: pointing, clicking, reading."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class ChainOfGrids:
    """Grids, arithmetic and player of the page "Pooling and unpooling"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".chain:not(.plain)")
        self.where = self.root.locator(".where")
        self.terms = self.root.locator(".terms")
        self.count = self.root.locator(".count")
        self.spoken = self.root.locator(".spoken")
        self.editor = self.root.locator(".cell-editor")
        self.tables = self.root.locator("details.tables")

    def grid(self, number: int) -> Locator:
        """The canvas of a grid that takes pointer and keys."""
        return self.root.locator(f".grid{number} canvas.top")

    def title(self, number: int) -> Locator:
        """What stands above a grid."""
        return self.root.locator(f".grid{number} h4")

    def button(self, name: str) -> Locator:
        """One of the player's buttons, or "Edit cells"."""
        return self.root.get_by_role("button", name=name, exact=True)

    def columns(self, number: int) -> int:
        """Columns of a grid, as its title says; with the padding."""
        sizes = re.findall(r"(\d+) x (\d+)", self.title(number).inner_text())
        return int(sizes[-1][1])

    def place(self, number: int, row: int, column: int) -> tuple[float, float]:
        """Where the middle of a cell is on the page; for grids of one channel."""
        canvas = self.grid(number)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        size = (box["width"] - 2) / self.columns(number)
        return box["x"] + 1 + (column + 0.5) * size, box["y"] + 1 + (row + 0.5) * size

    def point(self, number: int, row: int, column: int) -> None:
        """Move the pointer to a cell."""
        self.page.mouse.move(*self.place(number, row, column))

    def click(self, number: int, row: int, column: int) -> None:
        """Click a cell."""
        self.page.mouse.click(*self.place(number, row, column))

    def double_click(self, number: int, row: int, column: int) -> None:
        """Double-click a cell."""
        self.page.mouse.dblclick(*self.place(number, row, column))

    def leave(self) -> None:
        """Take the pointer away."""
        self.page.mouse.move(1, 1)

    def expect_reading(self, where: str, terms: str) -> None:
        """The arithmetic on show is this."""
        expect(self.where).to_have_text(where)
        expect(self.terms).to_have_text(terms)
