"""A detector watched in a browser, from the click to its boxes on a scene of its own."""

import io
import re
import zipfile

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.data.box_files import as_zip
from core.data.boxed import BoxSceneSpec
from tests.e2e.conftest import Visit
from tests.e2e.pages import Slider, settled, view

pytestmark = pytest.mark.e2e

PATIENCE = 180_000
"""Milliseconds: the first training of a server loads TensorFlow."""
SMALL = (
    "objects_count=300&objects_side=48&objects_kinds=2&objects_smallest=40&objects_largest=60"
    "&objects_background=plain&objects_most=2&detector_width=8&detector_epochs=8"
    "&detector_rate=0.01&shown_confidence=0.1"
)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def expect_state(page: Page, word: str) -> None:
    expect(page.locator("strong", has_text=re.compile(f"^{word}$"))).to_be_visible(
        timeout=PATIENCE
    )


def test_a_run_from_the_click_to_a_scene_of_its_own(visit: Visit) -> None:
    page = visit(f"/detector?{SMALL}")
    press(page, "Start")
    expect_state(page, "Finished")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible(timeout=PATIENCE)
    scenes = page.locator(".st-key-detector_scenes")
    expect(scenes).to_contain_text("Scene", timeout=PATIENCE)
    told = page.get_by_text(re.compile(r"boxes with a score of at least 0\.1"))
    expect(told).to_be_visible()
    before = told.inner_text()
    Slider(page, "shown_confidence").press("End")
    expect(page.get_by_text(re.compile(r"a score of at least 0\.99"))).to_be_visible()
    assert page.get_by_text(re.compile("After batch")).inner_text() != before
    view(page, "losses")
    expect(page.locator(".st-key-detector_parts")).to_contain_text("Loss by part")
    view(page, "test")
    press(page, "Judge the test pictures")
    expect(page.get_by_text("AP@[.5:.95]", exact=True).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".st-key-detector_worst")).to_contain_text("wrong", timeout=PATIENCE)
    view(page, "try")
    page.get_by_role("radio", name="new scene", exact=True).click()
    expect(page.locator(".st-key-detector_tried")).to_contain_text(
        "New scene 1", timeout=PATIENCE
    )


def test_kerascvs_network_is_watched_as_the_grid_is(visit: Visit) -> None:
    small = SMALL.replace("objects_side=48", "objects_side=64").replace(
        "detector_epochs=8", "detector_epochs=2"
    )
    page = visit(f"/detector?{small}&detector_network=yolov8&kerascv_width=8&view=losses")
    expect(page.get_by_text("within a minute, good ones within two")).to_be_visible()
    press(page, "Start")
    expect_state(page, "Finished")
    expect(page.get_by_text("Loss = 7.5 x boxes + 0.5 x classes")).to_be_visible()
    view(page, "maps")
    expect(page.get_by_text(re.compile(r"stem_1: 4 maps"))).to_be_visible(timeout=PATIENCE)
    view(page, "code")
    expect(page.get_by_text("keras_cv.models.YOLOV8Detector").first).to_be_visible()
    page.get_by_role("radio", name="YOLOv8 in five steps").click()
    expect(page.get_by_text("5. Export")).to_be_visible()


def test_own_boxes_are_read_and_a_bad_zip_changes_nothing(visit: Visit) -> None:
    page = visit("/detector?objects_data=own&view=data&objects_side=48")
    expect(page.get_by_text("no own pictures with boxes yet")).to_be_visible()
    scenes = as_zip(
        BoxSceneSpec(images=24, image_size=48, shape_classes=("circle", "star")).pictures()
    )
    chooser = page.locator(".st-key-detector_files input[type='file']")
    chooser.set_input_files(
        {"name": "scenes.zip", "mimeType": "application/zip", "buffer": scenes}
    )
    expect(page.get_by_text(re.compile("24 pictures of 48 x 48"))).to_be_visible()
    expect(page.locator(".st-key-detector_pictures")).to_contain_text("Scene")
    settled(page)
    page.get_by_role("button", name="Remove").first.click()
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("notes.md", "nothing here")
    chooser.set_input_files(
        {"name": "empty.zip", "mimeType": "application/zip", "buffer": empty.getvalue()}
    )
    expect(page.get_by_text("The pictures from before stay")).to_be_visible()
    expect(page.get_by_text(re.compile("24 pictures of 48 x 48"))).to_be_visible()


def drag_a_box(page: Page) -> None:
    """Draw one box, and wait until the page has it."""
    drawing = page.locator(".sketch[data-ready='true'] svg").first
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 120, steps=5)
    page.mouse.up()


def test_boxes_are_drawn_on_own_pictures(visit: Visit) -> None:
    page = visit("/detector?objects_data=own&view=data&objects_side=48")
    grey = cv2.imencode(".png", np.full((120, 160, 3), 90, np.uint8))[1].tobytes()
    page.locator(".st-key-detector_files input[type='file']").set_input_files(
        [{"name": f"{n}.png", "mimeType": "image/png", "buffer": grey} for n in "abc"]
    )
    expect(page.get_by_text("Draw boxes below")).to_be_visible()
    for number, name in enumerate("abc", 1):
        if number > 1:
            page.locator(".st-key-detector_draw_on input").click()
            page.get_by_role("option", name=f"{name}.png").click()
            settled(page)
        drag_a_box(page)
        told = re.compile(f"{number} of 3 pictures have drawn boxes")
        expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_text("3 pictures with 3 boxes of 1 class.")).to_be_visible()
    expect(page.locator(".st-key-detector_pictures")).to_contain_text("thing")
