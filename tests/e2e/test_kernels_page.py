"""The page "Kernels"; photos are read with Pillow and filtered with SciPy here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
import skimage
from PIL import Image
from playwright.sync_api import Page, expect

from core.kernels.pasted import parse_kernel
from tests.e2e.bench import Bench
from tests.e2e.conftest import Visit
from tests.e2e.pages import (
    Slider,
    eventually,
    expect_setting,
    menu,
    path,
    quiet,
    settings,
    settled,
    switch,
    tab,
    view,
)
from tests.e2e.server import Server, serving
from tests.e2e.test_taking_home import fetch

pytestmark = pytest.mark.e2e

CAMERA = Path(skimage.__file__).parent / "data" / "camera.png"
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
WHOLE = "/kernels?photo=camera&resolution=512"


@pytest.fixture(scope="module")
def grey() -> np.ndarray:
    """The man with the camera: grey already, 512 x 512."""
    return np.asarray(Image.open(CAMERA).convert("L")).astype(float)


@pytest.fixture
def unvisited(tmp_path: Path) -> Iterator[Server]:
    """A server that has just started."""
    with serving(tmp_path / "app.log") as server:
        yield server


def test_a_deep_link_stands_as_the_very_first_visit(unvisited: Server, visit: Visit) -> None:
    page = visit("/kernels?named=gaussian&taps=7&sigma=1.5&view=factors", server=unvisited)
    bench = Bench(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kernels")
    expect(bench.name).to_have_text("Gaussian blur, 7 x 7")
    Slider(page, "taps").expect_value(7)
    expect(page.get_by_text("7 * 7 = 49 multiplications for each pixel become")).to_be_visible()
    expect(page.locator(".grids")).to_have_attribute("data-ready", "true")


def test_pointing_at_a_pixel_shows_its_arithmetic(visit: Visit, grey: np.ndarray) -> None:
    bench = Bench(visit(WHOLE))
    expected = scipy.ndimage.correlate(grey, SOBEL, mode="mirror")
    # At this size a pixel is less than one of the screen, so the keyboard finds it.
    bench.photo.focus()
    for keys in ("ArrowRight", "ArrowDown", "Shift+ArrowUp", "Shift+ArrowLeft"):
        bench.photo.press(keys)
        row, column = map(int, re.findall(r"\d+", bench.where.inner_text())[:2])
        total = expected[row, column]
        expect(bench.terms.locator("b").first).to_have_text(f"{total:g}")
        first = grey[row - 1, column - 1]
        expect(bench.terms).to_contain_text(f"(-1)*{first:g} + 0*")


def test_the_border_is_filled_as_chosen(visit: Visit, grey: np.ndarray) -> None:
    modes = {"reflect": "mirror", "edge": "nearest", "wrap": "wrap", "zeros": "constant"}
    for border, name in modes.items():
        bench = Bench(visit(f"{WHOLE}&border={border}&probe=0,511"))
        expect(bench.where).to_have_text("pixel [0, 511]")
        expected = scipy.ndimage.correlate(grey, SOBEL, mode=name)[0, 511]
        expect(bench.terms.locator("b").first).to_have_text(f"{expected:g}")


def test_a_slider_changes_kernel_and_photo(visit: Visit) -> None:
    page = visit("/kernels?named=box")
    bench = Bench(page)
    before = bench.colour(80, 280)
    Slider(page, "taps").press("ArrowRight")
    expect(bench.name).to_have_text("Box blur, 4 x 4")
    expect(bench.facts).to_contain_text("16 multiplications a pixel")
    Slider(page, "taps").press("End")
    expect(bench.name).to_have_text("Box blur, 15 x 15")
    expect_setting(page, "taps", "15")
    eventually(page, lambda: bench.colour(80, 280) != before, expected=True)
    page.reload()
    expect(bench.name).to_have_text("Box blur, 15 x 15")


def test_the_divider_is_dragged_and_moved_by_keys(visit: Visit) -> None:
    page = visit("/kernels?named=outline&display=clip")
    bench = Bench(page)
    expect(bench.divider).to_have_attribute("aria-valuenow", "50")
    address = path(page)
    place = (100, 100)
    before = bench.colour(*place)
    box = bench.divider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    left, _ = bench.pixel(100, 32)
    page.mouse.move(left, box["y"] + 20, steps=5)
    page.mouse.up()
    expect(bench.divider).to_have_attribute("aria-valuenow", "10")
    after = bench.colour(*place)
    assert after != before
    bench.divider.press("End")
    expect(bench.divider).to_have_attribute("aria-valuenow", "100")
    assert bench.colour(*place) == before
    bench.divider.press("Home")
    bench.divider.press("Shift+ArrowRight")
    bench.divider.press("ArrowRight")
    expect(bench.divider).to_have_attribute("aria-valuenow", "12")
    assert bench.colour(*place) == after
    assert path(page) == address  # it is the browser's alone


def test_weights_are_typed_like_in_a_spreadsheet(visit: Visit) -> None:
    page = visit("/kernels?named=identity")
    bench = Bench(page)
    bench.expect_weights([0, 0, 0], [0, 1, 0], [0, 0, 0])
    page.mouse.click(*bench.cell(0, 0))
    for keys in ("-", "1", "ArrowRight", "2", "ArrowDown", "1", "/", "4", "Enter"):
        page.keyboard.press(keys)
    bench.expect_weights([-1, 2, 0], [0, 0.25, 0], [0, 0, 0])
    expect_setting(page, "named", "own")
    expect(bench.name).to_have_text("Your kernel, 3 x 3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    bench.expect_weights([-1, 2, 0], [0, 0.25, 0], [0, 2, 0])
    page.keyboard.press("Delete")
    bench.expect_weights([-1, 2, 0], [0, 0.25, 0], [0, 0, 0])
    expect(bench.facts).to_contain_text("Sum 1.25")
    expect_setting(page, "own_weights", "-1 2 0 / 0 0.25 0 / 0 0 0")
    other = Bench(visit(path(page)))
    other.expect_weights([-1, 2, 0], [0, 0.25, 0], [0, 0, 0])


def test_nonsense_in_a_weight_is_refused_in_place(visit: Visit) -> None:
    page = visit("/kernels")
    bench = Bench(page)
    page.mouse.dblclick(*bench.cell(1, 1))
    bench.editor.fill("abc")
    bench.editor.press("Enter")
    expect(bench.editor).to_have_class("cell-editor wrong")
    bench.editor.press("Escape")
    expect(bench.editor).to_have_count(0)
    bench.expect_weights([-1, 0, 1], [-2, 0, 2], [-1, 0, 1])
    expect_setting(page, "named", None)


def paste(bench: Bench, text: str) -> None:
    """Paste a text into the kernel."""
    bench.grid.evaluate(
        """(canvas, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            canvas.dispatchEvent(new ClipboardEvent("paste",
                { clipboardData, bubbles: true, composed: true, cancelable: true }));
        }""",
        text,
    )


def test_a_kernel_is_pasted_and_taken_back(visit: Visit) -> None:
    page = visit("/kernels?named=pillow-emboss")
    bench = Bench(page)
    paste(bench, "[[0, 1/2, 0],\n [1/2, -2, 1/2],\n [0, 1/2, 0]]")
    bench.expect_weights([0, 0.5, 0], [0.5, -2, 0.5], [0, 0.5, 0])
    expect(bench.facts).to_have_text(re.compile("^Sum 0. "))  # the offset of 128 is gone
    paste(bench, "no kernel")
    expect(bench.refused).to_contain_text("Not pasted. 'no' is not a number.")
    bench.expect_weights([0, 0.5, 0], [0.5, -2, 0.5], [0, 0.5, 0])
    bench.button("Take back the last change").click()
    bench.expect_weights([-1, 0, 0], [0, 1, 0], [0, 0, 0])
    expect(bench.facts).to_contain_text("Sum 0, then +128")
    expect(bench.refused).to_have_text("")
    expect(bench.button("Take back the last change")).to_be_disabled()


def test_buttons_turn_mirror_and_resize_the_kernel(visit: Visit) -> None:
    page = visit("/kernels")
    bench = Bench(page)
    bench.button("Turn clockwise").click()
    bench.expect_weights([-2, -1, 0], [-1, 0, 1], [0, 1, 2])
    bench.button("Mirror left to right").click()
    bench.expect_weights([0, -1, -2], [1, 0, -1], [2, 1, 0])
    bench.button("Turn clockwise").click()
    bench.expect_weights([1, 0, -1], [2, 0, -2], [1, 0, -1])
    bench.button("Change all signs").click()
    bench.expect_weights([-1, 0, 1], [-2, 0, 2], [-1, 0, 1])
    bench.button("One row less").click()
    bench.expect_weights([-2, 0, 2], [-1, 0, 1])
    bench.button("One column more").click()
    bench.expect_weights([-2, 0, 2, 0], [-1, 0, 1, 0])
    bench.button("All weights 0").click()
    bench.expect_weights([0, 0, 0, 0], [0, 0, 0, 0])
    for _ in range(7):
        expect(bench.button("Take back the last change")).to_be_enabled()
        bench.button("Take back the last change").click()
        quiet(page)
    bench.expect_weights([-1, 0, 1], [-2, 0, 2], [-1, 0, 1])


def test_choosing_a_kernel_brings_numbers_that_suit_it(visit: Visit) -> None:
    page = visit("/kernels")
    bench = Bench(page)
    bench.choose("gabor")
    expect(bench.name).to_have_text("Gabor, 15 x 15")
    Slider(page, "wavelength").expect_value("6.0")  # type: ignore[arg-type]
    Slider(page, "phase").press("ArrowRight")
    expect_setting(page, "phase", "15.0")
    bench.choose("pillow-smooth")
    expect(bench.name).to_have_text("Pillow SMOOTH, 3 x 3")
    expect(bench.facts).to_contain_text("Sum 13, divided by 13")


def test_the_exercise_judges_what_is_written(visit: Visit) -> None:
    page = visit("/kernels?view=exercise")
    bench = Bench(page)
    verdict = page.locator("[data-testid='stAlert']").filter(
        has_text=re.compile("An edge detector:|Not an edge detector:|Partly:")
    )
    expect(verdict).to_contain_text("An edge detector: silent where nothing changes")
    page.get_by_role("button", name="Start from zeros").click()
    expect(verdict).to_contain_text("all weights are 0")
    settled(page)
    page.mouse.click(*bench.cell(1, 1))
    for keys in ("1", "Enter"):
        page.keyboard.press(keys)
    expect(verdict).to_contain_text("Not an edge detector")
    expect(page.get_by_text("give 0, 128 and 255. The weights add up to 1.")).to_be_visible()
    settled(page)
    page.mouse.click(*bench.cell(1, 2))
    for keys in ("-", "1", "Enter"):
        page.keyboard.press(keys)
    expect(verdict).to_contain_text("An edge detector: silent where nothing changes")
    expect(page.get_by_text("It does not see changes from top to bottom")).to_be_visible()
    page.get_by_role("button", name="Repair a sharpener").click()
    expect(verdict).to_contain_text("the picture itself stays in the answer")


def test_the_hidden_kernel_is_found_step_by_step(visit: Visit) -> None:
    page = visit("/kernels?view=learn&learn_picture=noise&learn_rate=0.4&learn_steps=20")
    lesson = page.locator(".learning")
    expect(lesson).to_have_attribute("data-ready", "true")
    expect(lesson.locator(".hidden-title")).to_have_text("Hidden kernel")
    expect(lesson.locator(".count")).to_have_text("step 0 of 20")
    expect(lesson.locator(".learned-title")).to_have_text("Learned kernel, step 0")
    lesson.get_by_role("button", name="Step forward").click()
    expect(lesson.locator(".count")).to_have_text("step 1 of 20")
    text = lesson.locator(".terms").inner_text()
    now, rate, slope, after = map(
        float, re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text.partition("=")[2])[:4]
    )
    assert rate == pytest.approx(0.4)
    assert after == pytest.approx(now - rate * slope, abs=2e-3)
    lesson.get_by_role("button", name="Step back").click()
    expect(lesson.locator(".count")).to_have_text("step 0 of 20")
    lesson.get_by_role("button", name="Last step").or_(lesson.locator(".scrubber")).first.press(
        "End"
    )
    expect(lesson.locator(".count")).to_have_text("step 20 of 20")
    lesson.get_by_role("button", name="Reveal").click()
    expect(lesson.locator(".hidden-title")).to_have_text("Sobel x, turned or mirrored")
    expect(page.get_by_text("the least possible is 0.")).to_be_visible()


def test_too_large_a_rate_is_explained(visit: Visit) -> None:
    page = visit("/kernels?view=learn&learn_rate=0.5")
    expect(page.get_by_text("It diverges: at a rate of 0.5")).to_be_visible()
    expect(page.locator(".learning .count")).to_contain_text("step 0 of")


def test_canny_is_shown_stage_by_stage(visit: Visit) -> None:
    page = visit("/kernels?view=edges")
    expect(page.get_by_role("img", name="Magnitude of the gradient")).to_be_visible()
    page.get_by_role("radio", name="Canny, step by step").click()
    for stage in ("1. Smoothed", "3. Non-maximum", "5. Hysteresis", "6. Edges, as cv2.Canny"):
        expect(page.get_by_role("img", name=re.compile(re.escape(stage)))).to_be_visible()


def test_predict_first_hides_the_answer(visit: Visit) -> None:
    page = visit("/kernels?predict=true&named=box")
    bench = Bench(page)
    expect(bench.terms).to_contain_text("= ?")
    expect(page.get_by_text("Hidden until the guesses are in")).to_be_visible()
    for box, guess in zip(("Answer", "Sign"), ("100", "1"), strict=True):
        field = page.get_by_label(box, exact=True)
        field.fill(guess)
        field.press("Enter")
    expect(bench.terms).not_to_contain_text("?")
    expect(page.get_by_text(re.compile(r"Right: 100"))).to_be_visible()


def test_downloads_and_code(visit: Visit, grey: np.ndarray) -> None:
    page = visit(f"{WHOLE}&view=code")
    downloads = menu(page, "Download")
    name, data = fetch(page, downloads, "Kernel (CSV)")
    assert (name, parse_kernel(data.decode()).tolist()) == ("kernel.csv", SOBEL.tolist())
    _, data = fetch(page, downloads, "Kernel (PNG)")
    assert Image.open(io.BytesIO(data)).width > 60
    _, data = fetch(page, downloads, "Before and after (PNG)")
    both = np.asarray(Image.open(io.BytesIO(data)))
    assert both.shape == (512, 2 * 512 + 4, 3)
    np.testing.assert_array_equal(both[:, :512, 0], grey)
    _, data = fetch(page, downloads, "Photo and answers (CSV)")
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    answers = np.array([float(row["answer"]) for row in rows]).reshape(512, 512)
    np.testing.assert_allclose(answers, scipy.ndimage.correlate(grey, SOBEL, mode="mirror"))
    page.keyboard.press("Escape")
    code = page.locator("[data-testid='stCode']")
    expect(code).to_contain_text("cv2.filter2D(")
    expect(code).to_contain_text("keras.layers.DepthwiseConv2D(")


def test_the_bench_can_be_used_on_a_phone(visit: Visit) -> None:
    page = visit(
        "/kernels", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    bench = Bench(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    page.touchscreen.tap(*bench.pixel(50, 60))
    expect(bench.where).to_have_text(re.compile(r"pixel \[(49|50|51), (59|60|61)\]"))
    expect_setting_of_probe(page)


def expect_setting_of_probe(page: Page) -> None:
    """The link pins a pixel."""
    eventually(
        page, lambda: bool(re.fullmatch(r"\d+,\d+", settings(page).get("probe", ""))), True
    )


def test_views_follow_a_change_of_the_kernel(visit: Visit) -> None:
    page = visit("/kernels?view=facts")
    bench = Bench(page)
    bench.choose("sharpen")
    expect(page.get_by_text("High frequencies are raised")).to_be_visible()
    view(page, "factors")
    expect(page.get_by_text("Not separable: its rank is 2")).to_be_visible()
    view(page, "row")
    expect(page.get_by_text("One kernel so far.")).to_be_visible()
    view(page, "frequency")
    plane = page.get_by_role("img", name=re.compile("Magnitude of the frequency response"))
    expect(plane).to_be_visible()
    plane.press("ArrowRight")
    # Flat areas are multiplied by 1; the next frequency of 64 by 1 + 2 - 2 cos(2 pi / 64).
    expect(page.locator(".plots .said")).to_have_text("0.01562 across, 0 down: 1.01")


def test_the_live_camera_is_filtered_frame_by_frame(visit: Visit) -> None:
    page = visit("/kernels?named=outline&resolution=128", permissions=["camera"])
    bench = Bench(page)
    tab(page, "Photo")
    switch(page, "live_camera")
    expect(bench.root.locator(".shot h4")).to_have_text(re.compile("^Live camera, 96 x 128"))
    seen = set()
    for _ in range(60):
        seen.add(bench.root.locator(".view .base").evaluate("canvas => canvas.toDataURL()"))
        if len(seen) >= 3:
            break
        page.wait_for_timeout(200)
    assert len(seen) >= 3  # Chromium's test picture moves
    bench.button("Freeze").click()
    expect(bench.button("Go on")).to_be_visible()
    switch(page, "live_camera")
    expect(bench.root.locator(".shot h4")).to_have_text(re.compile("^Chelsea the cat"))
    expect(bench.button("Freeze")).to_be_hidden()


def test_without_a_camera_the_page_says_so(visit: Visit) -> None:
    page = visit("/kernels")
    page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = () =>
            Promise.reject(new DOMException("none", "NotFoundError")); }"""
    )
    tab(page, "Photo")
    switch(page, "live_camera")
    expect(page.locator(".bench .trouble")).to_have_text("There is no camera on this device.")
    expect(Bench(page).name).to_have_text("Sobel x, 3 x 3")
