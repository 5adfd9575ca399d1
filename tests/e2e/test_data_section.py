"""The data section from a click to the gallery, and tiles that change without a flicker."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import PIL.Image
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import address, eventually, quiet
from tests.e2e.server import Server, serving

pytestmark = pytest.mark.e2e

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WATCH = """(list, frames) => new Promise(done => {
    const troubles = new Set();
    let left = frames;
    const look = () => {
        for (const item of list.children) {
            const canvas = item.querySelector("canvas");
            const pixels = canvas.getContext("2d");
            const seen = pixels.getImageData(0, 0, canvas.width, canvas.height).data;
            if (!seen.some((v, k) => k % 4 === 3 && v)) troubles.add("an empty picture");
        }
        const texts = new Set([...list.querySelectorAll(".caption")].map((p) => p.textContent));
        if (texts.size !== 1) troubles.add(`captions of ${texts.size} runs at once`);
        left -= 1;
        left ? requestAnimationFrame(look) : done([...troubles]);
    };
    look();
})"""
"""Gives what goes wrong in some animation frames."""


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The data section on a page of its own."""
    log = tmp_path_factory.mktemp("data") / "data.log"
    with serving(log, script="tests/e2e/data_app.py") as server:
        yield server


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} button")


def gallery(page: Page) -> Locator:
    return page.locator(".tiles[data-ready='true']")


def no_sideways(page: Page) -> bool:
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


def test_a_download_can_be_watched_stopped_and_ends_in_a_gallery(
    visit: Visit, section: Server
) -> None:
    page = visit("/?dataset=mnist", server=section)
    expect(page.get_by_text("MNIST is not here yet").first).to_be_visible()
    expect(button(page, "download_fashion")).to_be_disabled()
    button(page, "download_mnist").click()
    expect(page.get_by_text(re.compile(r"^0\.\d+ MB of 0\.2\d MB$"))).to_be_visible()
    button(page, "stop_mnist").click()
    go_on = button(page, "download_mnist").get_by_text("Go on")
    go_on.click()
    # From here on the page hears of the end by itself.
    expect(gallery(page)).to_be_visible(timeout=30_000)
    expect(gallery(page).locator("header h4")).to_have_text([*"0123456789"])
    expect(page.get_by_text("50 of them are the test set")).to_be_visible()
    expect(page.get_by_text(re.compile(r"training, \d+ validation, 50 test"))).to_be_visible()
    expect(button(page, "use_mnist")).to_be_disabled()


def test_a_card_changes_set_link_controls_and_gallery(visit: Visit, section: Server) -> None:
    page = visit("/", server=section)
    expect(gallery(page).locator("header h4").first).to_have_text("0")
    button(page, "use_shapes").click()
    expect(gallery(page).locator("header h4").first).to_have_text("circle")
    eventually(page, lambda: "dataset=shapes" in address(page), expected=True)
    expect(page.get_by_role("slider", name="Noise")).to_be_visible()
    page.reload()
    expect(gallery(page).locator("header h4").first).to_have_text("circle")


def test_own_pictures_come_as_a_zip(visit: Visit, section: Server) -> None:
    page = visit("/?dataset=own", server=section)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for place in range(12):
            picture = io.BytesIO()
            PIL.Image.new("RGB", (30, 20), (20 * place, 0, 90)).save(picture, "PNG")
            archive.writestr(
                f"{'red' if place > 5 else 'blue'}/{place}.png", picture.getvalue()
            )
    upload = page.locator(".st-key-own_zip input[type=file]")
    upload.set_input_files({"name": "x.zip", "mimeType": "", "buffer": packed.getvalue()})
    expect(gallery(page).locator("header h4")).to_have_text(["blue", "red"])
    expect(page.get_by_text("12 pictures in 2 classes.").first).to_be_visible()
    upload.set_input_files({"name": "y.zip", "mimeType": "", "buffer": b"no zip"})
    expect(page.get_by_text("The previous pictures stay.")).to_be_visible()
    expect(gallery(page).locator("header h4")).to_have_text(["blue", "red"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_on_a_phone(visit: Visit, section: Server, scheme: str) -> None:
    page = visit("/?dataset=shapes", server=section, color_scheme=scheme, **PHONE)
    expect(gallery(page)).to_be_visible()
    assert no_sideways(page)
    page = visit("/?part=tiles", server=section, color_scheme=scheme, **PHONE)
    expect(gallery(page)).to_be_visible()
    assert no_sideways(page)


def test_tiles_change_without_a_flicker(visit: Visit, section: Server) -> None:
    page = visit("/?part=tiles", server=section)
    tiles = gallery(page)
    first = tiles.locator("li").first
    first.evaluate("node => { window.remembered = node }")
    before = first.locator(".caption").inner_text()
    assert tiles.locator("ul").evaluate(WATCH, 120) == []
    assert first.locator(".caption").inner_text() != before
    assert first.evaluate("node => node === window.remembered")
    expect(first).to_have_class(re.compile("right|wrong"))
    expect(first.locator("canvas")).to_have_attribute(
        "aria-label", re.compile(r"^run \d+, loss 0\.1; (right|wrong)$")
    )
    expect(first.locator(".bars span.true")).to_have_text("✓ dog")


def test_a_tile_is_chosen_by_mouse_and_by_keyboard(visit: Visit, section: Server) -> None:
    page = visit("/?part=choice", server=section)
    items = gallery(page).get_by_role("option")
    expect(items).to_have_count(40)
    items.nth(5).click()
    expect(page.get_by_text("chosen 5")).to_be_visible()
    expect(items.nth(5)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(items.nth(6)).to_be_focused()
    page.keyboard.press("ArrowDown")
    below = items.nth(6).bounding_box(), page.locator(".tiles li:focus").bounding_box()
    assert below[0] and below[1]
    assert below[1]["x"] == below[0]["x"]
    assert below[1]["y"] > below[0]["y"]
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_text("chosen 39")).to_be_visible()
    expect(gallery(page).locator("[aria-selected='true']")).to_have_count(1)
    quiet(page)
