"""The bench of the page "Kernels" as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class Bench:
    """Photo, kernel and arithmetic."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".bench")
        self.photo = self.root.locator(".view canvas.top")
        self.grid = self.root.locator(".editor canvas.top")
        self.divider = self.root.get_by_role("slider", name="Border between before and after")
        self.where = self.root.locator(".where")
        self.terms = self.root.locator(".terms")
        self.name = self.root.locator(".editor h4")
        self.facts = self.root.locator(".facts")
        self.refused = self.root.locator(".refused")
        self.cut = self.root.locator(".cut")
        self.editor = self.root.locator(".cell-editor")

    def button(self, name: str) -> Locator:
        """One of the buttons under the kernel."""
        return self.root.get_by_role("button", name=name, exact=True)

    def shape(self) -> tuple[int, int]:
        """Rows and columns of the kernel, as its title says."""
        rows, columns = re.findall(r"(\d+) x (\d+)", self.name.inner_text())[-1]
        return int(rows), int(columns)

    def choose(self, slug: str) -> None:
        """Take another kernel; the list shows only some of them at once."""
        box = self.page.locator(".st-key-named").get_by_role("combobox")
        box.click()
        box.fill(slug)
        self.page.get_by_role("option", name=slug, exact=True).click()

    def cell(self, row: int, column: int) -> tuple[float, float]:
        """Where the middle of a weight is on the page."""
        self.grid.scroll_into_view_if_needed()
        box = self.grid.bounding_box()
        assert box
        size = (box["width"] - 2) / self.shape()[1]
        return box["x"] + 1 + (column + 0.5) * size, box["y"] + 1 + (row + 0.5) * size

    def size(self) -> tuple[int, int]:
        """Rows and columns of the photo, as its title says."""
        words = self.root.locator(".shot h4").inner_text()
        height, width = re.findall(r"(\d+) x (\d+)", words)[-1]
        return int(height), int(width)

    def pixel(self, row: int, column: int) -> tuple[float, float]:
        """Where the middle of a pixel of the photo is on the page."""
        self.photo.scroll_into_view_if_needed()
        box = self.photo.bounding_box()
        assert box
        height, width = self.size()
        return (
            box["x"] + (column + 0.5) * box["width"] / width,
            box["y"] + (row + 0.5) * box["height"] / height,
        )

    def colour(self, row: int, column: int) -> tuple[int, int, int]:
        """What the photo's canvas shows at a pixel: before or after, as the divider stands."""
        height, width = self.size()
        red, green, blue = self.root.locator(".view .base").evaluate(
            """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
                Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data]
                .slice(0, 3)""",
            [(column + 0.5) / width, (row + 0.5) / height],
        )
        return red, green, blue

    def expect_weights(self, *rows: list[float]) -> None:
        """The kernel becomes this one, read from its table."""
        self.root.locator(".tables").evaluate("details => { details.open = true; }")
        cells = self.root.locator(".tables table tbody tr")
        expected = [[f"{v:g}" for v in row] for row in rows]
        expect(cells).to_have_count(len(rows))
        for n, row in enumerate(expected):
            expect(cells.nth(n).locator("td")).to_have_text(row)
