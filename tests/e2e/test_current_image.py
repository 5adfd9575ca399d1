"""The current image: uploads good, awkward and bad, on all pages, seen by their owner alone."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import choose, settled, sidebar, upload, view
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

COLOUR = (10, 200, 30)
GREY = "124"
"""0.299 * 10 + 0.587 * 200 + 0.114 * 30 = 123.81."""


def encoded(size: tuple[int, int], form: str, **options: object) -> bytes:
    """A picture of one colour; `size` is (width, height)."""
    file = io.BytesIO()
    Image.new("RGB", size, COLOUR).save(file, form, **options)
    return file.getvalue()


def noise(size: tuple[int, int], form: str) -> bytes:
    """A picture that does not compress to nothing."""
    pixels = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def expect_caption(page: Page, text: str) -> None:
    """The caption below the current image begins with this."""
    caption = sidebar(page).locator("[data-testid='stCaptionContainer']").first
    expect(caption).to_contain_text(text)


def test_an_uploaded_picture_goes_through_all_pages(visit: Visit) -> None:
    page = visit("/image")
    upload(page, "leaf.png", "image/png", encoded((8, 6), "PNG"))
    expect_caption(page, "Your image, 8 x 6")
    expect(page.locator(".pixels .what")).to_contain_text("R red 10, G green 200, B blue 30")
    sidebar(page).get_by_role("link", name="Convolution").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Convolution")
    settled(page)
    expect_caption(page, "Your image, 8 x 6")
    choose(page, "image", "photo")
    stage = Stage(page)
    stage.point("input", 2, 2)
    expect(stage.where).to_contain_text(f"input [2, 2, 0] = {GREY} feeds 9")
    view(page, "photo")
    expect(page.get_by_text("Your image, 6 x 8")).to_be_visible()


def test_a_rotated_jpeg_is_shown_upright(visit: Visit) -> None:
    page = visit("/image")
    tags = Image.Exif()
    tags[0x0112] = 6  # Orientation: the camera was turned by 90 degrees
    upload(page, "phone.jpg", "image/jpeg", encoded((60, 40), "JPEG", exif=tags))
    expect_caption(page, "Your image, 40 x 60")


def test_bad_uploads_are_refused_in_a_sentence_and_the_picture_stays(visit: Visit) -> None:
    page = visit("/image")
    upload(page, "leaf.png", "image/png", encoded((8, 6), "PNG"))
    expect_caption(page, "Your image, 8 x 6")
    error = sidebar(page).locator("[data-testid='stAlert']")
    for sentence, data in {
        "The file is a text": b"milk, bread, two dozen eggs\n" * 20,
        "damaged or incomplete": noise((64, 48), "JPEG")[:1500],
        "3600 million pixels": bomb(60_000, 60_000),
        "The file is empty": b"",
    }.items():
        upload(page, "picture.png", "image/png", data)
        expect(error).to_have_count(1)
        expect(error).to_contain_text(sentence)
        expect(error).to_contain_text("The previous image stays.")
        expect_caption(page, "Your image, 8 x 6")
    upload(page, "small.png", "image/png", encoded((5, 4), "PNG"))
    expect_caption(page, "Your image, 5 x 4")
    expect(sidebar(page).locator("[data-testid='stAlert']")).to_have_count(0)


def test_a_bad_first_upload_leaves_the_sample(visit: Visit) -> None:
    page = visit("/convolution")
    upload(page, "bomb.png", "image/png", bomb(60_000, 60_000))
    expect(sidebar(page).locator("[data-testid='stAlert']")).to_contain_text("million pixels")
    expect_caption(page, "Chelsea the cat, 451 x 300")


def test_nobody_sees_the_picture_of_another(visit: Visit) -> None:
    mine, yours = visit("/image"), visit("/image")
    upload(mine, "mine.png", "image/png", encoded((8, 6), "PNG"))
    expect_caption(mine, "Your image, 8 x 6")
    expect_caption(yours, "Chelsea the cat")
    upload(yours, "yours.png", "image/png", encoded((5, 9), "PNG"))
    expect_caption(yours, "Your image, 5 x 9")
    expect_caption(mine, "Your image, 8 x 6")
    mine.locator(".pixels canvas.top").first.press("ArrowRight")
    settled(mine)
    expect_caption(mine, "Your image, 8 x 6")
    expect(mine.locator(".pixels .whole h4")).to_contain_text("x 64 x 3")


def test_a_link_names_a_sample_photo(visit: Visit) -> None:
    page = visit("/image?photo=camera")
    expect_caption(page, "Man with a camera, 512 x 512")
    choose(page, "photo", "coffee")
    expect_caption(page, "Cup of coffee, 600 x 400")
    page = visit("/image?photo=zebra")
    expect_caption(page, "Chelsea the cat, 451 x 300")
