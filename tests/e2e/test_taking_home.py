"""Downloads, code, and the views below the stage."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import menu, quiet, view
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def fetch(page: Page, place: Locator, label: str) -> tuple[str, bytes]:
    """Press a download button; the file's name and content."""
    with page.expect_download() as promise:
        place.get_by_role("button", name=label).click()
    path = promise.value.path()
    return promise.value.suggested_filename, Path(path).read_bytes()


def test_picture_animation_and_numbers_of_the_stage_download(visit: Visit) -> None:
    page = visit("/convolution")
    downloads = menu(page, "Download")
    name, data = fetch(page, downloads, "Picture of the stage (PNG)")
    assert name == "stage.png"
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert Image.open(io.BytesIO(data)).width >= 400
    name, data = fetch(page, downloads, "Animation, step by step (GIF)")
    assert name == "stage.gif"
    assert data.startswith(b"GIF89a")
    # One frame at least for each of the nine windows.
    assert Image.open(io.BytesIO(data)).n_frames >= 9
    name, data = fetch(page, downloads, "All numbers (CSV)")
    assert name == "convolution.csv"
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    cells = {cell.removesuffix(".0") for row in rows for cell in row}
    assert {"12", "17", "10", "19", "9", "6", "14"} <= cells


def test_the_picture_and_the_numbers_of_the_crop_download(visit: Visit) -> None:
    page = visit("/image?picture=triples&top=0&left=0&rows=1&columns=3")
    downloads = menu(page, "Download")
    name, data = fetch(page, downloads, "Picture, made small (PNG)")
    assert name == "small.png"
    small = Image.open(io.BytesIO(data)).convert("RGB")
    assert [small.getpixel((x, 0)) for x in range(3)] == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    name, data = fetch(page, downloads, "Numbers of the crop (CSV)")
    assert name == "pixels.csv"
    assert "255" in data.decode("utf-8-sig")


def test_script_and_notebook_download_with_keras_code(visit: Visit) -> None:
    page = visit("/convolution?stride_height=2&view=code")
    main = page.locator("[data-testid='stMain']")
    code = page.locator("[data-testid='stCode']")
    expect(code).to_contain_text("import keras")
    expect(code).to_contain_text("keras.layers.Conv2D(")
    expect(code).to_contain_text("strides=(2, 2)")
    name, script = fetch(page, main, "Script (.py)")
    assert name == "convolution.py"
    ast.parse(script)
    assert b"keras.layers.Conv2D(" in script
    name, data = fetch(page, main, "Notebook (.ipynb)")
    assert name == "convolution.ipynb"
    book = json.loads(data)
    assert book["nbformat"] == 4
    assert any("keras.layers.Conv2D(" in "".join(cell["source"]) for cell in book["cells"])
    assert any("stride_height=2" in "".join(cell["source"]) for cell in book["cells"])


def test_the_matrix_and_the_stage_follow_each_other(visit: Visit) -> None:
    page = visit("/convolution?view=matrix")
    stage = Stage(page)
    matrix = page.locator(".matrix")
    expect(matrix.locator(".left h4")).to_have_text("Windows as rows, 9 x 9")
    box = matrix.locator(".product canvas.top")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] * 5.5 / 9)
    expect(matrix.locator(".said")).to_contain_text("Row 5 is the window of output [1, 2]")
    expect(stage.where).to_have_text("output [1, 2]")
    stage.expect_sum("19")
    stage.point("output", 2, 0)
    expect(matrix.locator(".said")).to_contain_text("Row 6 is the window of output [2, 0]")
    page.get_by_role("radio", name="Sparse matrix (Toeplitz)").click()
    expect(matrix.locator(".left h4")).to_have_text("Sparse matrix, 9 x 25")
    quiet(page)
    stage.point("input", 2, 2)
    expect(matrix.locator(".said")).to_contain_text("Column 12 is one input cell")
    name, data = fetch(page, matrix, "Picture of the product (PNG)")
    assert name == "toeplitz.png"
    assert data.startswith(b"\x89PNG\r\n\x1a\n")


def test_the_photo_is_shown_before_and_after(visit: Visit) -> None:
    page = visit("/convolution?view=photo&kernel=sobel&stride_height=2")
    sizes = {
        picture: page.get_by_role("img", name=f"Chelsea the cat {picture}").evaluate(
            "image => image.decode().then(() => [image.naturalHeight, image.naturalWidth])"
        )
        for picture in ("before", "after")
    }
    assert sizes["before"] == [300, 451]
    # floor((300 - 3) / 2) + 1 and floor((451 - 3) / 2) + 1, each pixel as 2 x 2 at the most.
    assert [side % n for side, n in zip(sizes["after"], (149, 225), strict=True)] == [0, 0]
    expect(page.get_by_text("Filtered, 149 x 225")).to_be_visible()
    main = page.locator("[data-testid='stMain']")
    name, data = fetch(page, main, "Filtered photo (PNG)")
    assert name == "filtered.png"
    assert Image.open(io.BytesIO(data)).size == (225, 149)


def test_the_facts_carry_their_arithmetic(visit: Visit) -> None:
    page = visit(
        "/convolution?image=random&height=32&width=32&channels=3&kernel=random&kernel_height=5"
        "&filters=10&bias=true"
    )
    Stage(page).expect_shape(28, 28)
    expect(page.get_by_text("(5*5*3 + 1) * 10 = 760")).to_be_visible()
    view(page, "notes")
    expect(page.get_by_text("What students get wrong")).to_be_visible()
    view(page, "facts")
    expect(page.get_by_text(re.compile(r"760"))).not_to_have_count(0)
