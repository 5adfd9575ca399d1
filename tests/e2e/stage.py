"""The convolution stage as a person uses it: pointing, clicking, reading."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages import eventually

Cell = tuple[int, int]


class Stage:
    """Grids, arithmetic and player of the page "Convolution"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".stage")
        self.where = self.root.locator(".where")
        self.terms = self.root.locator(".terms")
        self.count = self.root.locator(".count")
        self.scrubber = self.root.locator(".scrubber")
        self.spoken = self.root.locator(".spoken")
        self.editor = self.root.locator(".cell-editor")

    def grid(self, name: str) -> Locator:
        """The canvas of input, kernel or output that takes pointer and keys."""
        return self.root.locator(f".{name} canvas.top")

    def title(self, name: str) -> Locator:
        """What stands above a grid."""
        return self.root.locator(f".{name} h4")

    def button(self, name: str) -> Locator:
        """One of the player's buttons."""
        return self.root.get_by_role("button", name=name, exact=True)

    def shape(self, name: str) -> Cell:
        """Rows and columns of a grid, as its title says; with the padding."""
        sizes = re.findall(r"(\d+) x (\d+)", self.title(name).inner_text())
        return int(sizes[-1][0]), int(sizes[-1][1])

    def place(self, name: str, row: int, column: int) -> tuple[float, float]:
        """Where the middle of a cell is on the page; for grids of one plane."""
        canvas = self.grid(name)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box
        size = (box["width"] - 2) / self.shape(name)[1]
        return box["x"] + 1 + (column + 0.5) * size, box["y"] + 1 + (row + 0.5) * size

    def point(self, name: str, row: int, column: int) -> None:
        """Move the pointer to a cell."""
        self.page.mouse.move(*self.place(name, row, column))

    def click(self, name: str, row: int, column: int) -> None:
        """Click a cell."""
        self.page.mouse.click(*self.place(name, row, column))

    def double_click(self, name: str, row: int, column: int) -> None:
        """Double-click a cell."""
        self.page.mouse.dblclick(*self.place(name, row, column))

    def leave(self) -> None:
        """Take the pointer away."""
        self.page.mouse.move(1, 1)

    def rows(self) -> str:
        """The whole output as the decks write it, read by pointing at cell after cell."""
        rows, columns = self.shape("output")
        read = []
        for row in range(rows):
            line = []
            for column in range(columns):
                eventually(self.page, lambda at=(row, column): self._reads(*at), expected=True)
                line.append(self.terms.locator("b").inner_text())
            read.append(" ".join(line))
        self.leave()
        return " / ".join(read)

    def _reads(self, row: int, column: int) -> bool:
        """Whether the readout is that of an output cell, when the pointer moves in it."""
        x, y = self.place("output", row, column)
        self.page.mouse.move(x + 2, y)
        self.page.mouse.move(x, y)
        return self.where.inner_text() == f"output [{row}, {column}]"

    def expect_shape(self, rows: int, columns: int) -> None:
        """The output becomes this large."""
        expect(self.title("output")).to_contain_text(f"Output {rows} x {columns} ")

    def expect_sum(self, value: str) -> None:
        """The arithmetic on show ends in this number."""
        expect(self.terms).to_have_text(re.compile(rf"= {re.escape(value)}$"))
