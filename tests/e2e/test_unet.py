"""A U-Net watched in a browser, from the click to what its skips bring."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from core.data.mask_pairs import as_zip
from core.data.masked import SceneSpec
from tests.e2e.conftest import Visit
from tests.e2e.pages import settled, view

pytestmark = pytest.mark.e2e

PATIENCE = 180_000
"""Milliseconds: the first training of a server loads TensorFlow."""
SMALL = (
    "scene_count=150&scene_side=32&scene_kinds=2&scene_smallest=40&scene_largest=70&unet_depth=2"
    "&scene_background=plain&scene_most=1&unet_width=8&unet_epochs=3"
)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def expect_state(page: Page, word: str) -> None:
    expect(page.locator("strong", has_text=re.compile(f"^{word}$"))).to_be_visible(
        timeout=PATIENCE
    )


def test_two_runs_from_the_click_to_what_the_skips_bring(visit: Visit) -> None:
    page = visit(f"/unet?{SMALL}")
    press(page, "With and without skips")
    expect_state(page, "Running")
    masks = page.locator(".st-key-unet_masks")
    expect(masks).to_contain_text("mean IoU", timeout=PATIENCE)
    expect(page.get_by_text("2. Without skips")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible(timeout=PATIENCE)
    expect_state(page, "Finished")
    view(page, "compare")
    compared = page.locator(".st-key-unet_compared")
    expect(compared).to_contain_text("1. With skips")
    expect(compared).to_contain_text("2. Without skips")
    view(page, "skips")
    expect(page.get_by_text("This network has no skip connections")).to_be_visible()
    view(page, "compare")
    page.get_by_role("button", name="Show", exact=True).first.click()
    expect(page.locator(".st-key-run_status")).to_contain_text("1. With skips")
    view(page, "skips")
    silenced = page.locator(".st-key-silenced_skips")
    expect(silenced).to_contain_text("Without the skip of level 1", timeout=PATIENCE)
    view(page, "rungs")
    page.get_by_role("radio", name="current image", exact=True).click()
    rungs = page.locator(".st-key-rungs_maps")
    for name in ("down 0 conv 1", "bottom 2 conv 2", "up 1", "skip 0", "output"):
        expect(rungs.get_by_text(name, exact=True)).to_have_count(1, timeout=PATIENCE)
    view(page, "test")
    press(page, "Judge the test pictures")
    expect(page.get_by_text("Mean IoU", exact=True)).to_be_visible(timeout=PATIENCE)


def test_own_pairs_are_read_and_a_bad_zip_changes_nothing(visit: Visit) -> None:
    page = visit("/unet?unet_data=own&view=data&scene_side=32&unet_depth=2")
    expect(page.get_by_text("no own pictures with masks yet")).to_be_visible()
    pairs = as_zip(
        SceneSpec(images=24, image_size=32, shape_classes=("circle", "star")).pictures()
    )
    chooser = page.locator(".st-key-unet_files input[type='file']")
    chooser.set_input_files(
        {"name": "pairs.zip", "mimeType": "application/zip", "buffer": pairs}
    )
    expect(page.get_by_text(re.compile("24 pictures of 32 x 32"))).to_be_visible()
    expect(page.locator(".st-key-unet_pairs")).to_contain_text("circle")
    settled(page)
    page.get_by_role("button", name="Remove").first.click()
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("notes.txt", "nothing here")
    chooser.set_input_files(
        {"name": "empty.zip", "mimeType": "application/zip", "buffer": empty.getvalue()}
    )
    expect(page.get_by_text("The pictures from before stay")).to_be_visible()
    expect(page.get_by_text(re.compile("24 pictures of 32 x 32"))).to_be_visible()
