"""Draw the app's icon: a grid of cells, one window of it lit."""

from pathlib import Path

from PIL import Image, ImageDraw

from core.palette import PALETTES

TARGET = Path(__file__).parents[1] / "core" / "ui" / "icon.png"
SIDE, CELLS, GAP = 512, 5, 12


def draw() -> Image.Image:
    """The icon, 128 x 128 RGBA."""
    colours = PALETTES["light"]
    icon = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(icon)
    pen.rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), 96, fill="#12324F")
    size = (SIDE - 2 * 56) / CELLS
    for row in range(CELLS):
        for column in range(CELLS):
            inside = 1 <= row <= 3 and 1 <= column <= 3
            fill = colours.diverging[-3] if inside else colours.sequential[1]
            left, top = 56 + column * size, 56 + row * size
            pen.rounded_rectangle(
                (left + GAP / 2, top + GAP / 2, left + size - GAP / 2, top + size - GAP / 2),
                10,
                fill="#FFFFFF" if row == column == 2 else fill,
            )
    return icon.resize((128, 128), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    draw().save(TARGET, optimize=True)
