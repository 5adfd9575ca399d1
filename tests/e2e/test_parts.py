"""Components that pages share: what a person does with them outlives each change of data."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import eventually
from tests.e2e.server import Server, serving

pytestmark = pytest.mark.e2e

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WATCH = """(canvas, frames) => new Promise(done => {
    let empty = 0, left = frames;
    const pixels = canvas.getContext("2d", { willReadFrequently: true });
    const look = () => {
        const seen = pixels.getImageData(0, 0, canvas.width, canvas.height).data;
        if (!seen.some((v, k) => k % 4 === 3 && v)) empty += 1;
        left -= 1;
        left ? requestAnimationFrame(look) : done(empty);
    };
    look();
})"""
"""Counts the animation frames in which a canvas is empty."""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The components, each alone on a page."""
    log = tmp_path_factory.mktemp("parts") / "parts.log"
    with serving(log, script="tests/e2e/parts_app.py") as server:
        yield server


def runs(page: Page) -> int:
    """How often the data have changed."""
    found = re.search(r"run (\d+)", page.get_by_text(re.compile(r"^run \d+$")).inner_text())
    assert found
    return int(found[1])


def wait_for_news(page: Page, changes: int = 2) -> None:
    """Wait until the data have changed so many times more; all but the last are drawn."""
    goal = runs(page) + changes
    eventually(page, lambda: runs(page) >= goal, expected=True)


def remember(page: Page, node: Locator) -> None:
    node.evaluate("node => { window.remembered = node }")


def is_remembered(node: Locator) -> bool:
    same: bool = node.evaluate("node => node === window.remembered")
    return same


def view(page: Page) -> tuple[float, float]:
    """From where to where the curves are shown."""
    low, high = (page.locator(".curves").get_attribute("data-view") or "").split()
    return float(low), float(high)


def drag(page: Page, canvas: Locator, *way: tuple[float, float]) -> None:
    """Draw with the mouse; places are shares of the canvas."""
    box = canvas.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in way]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


# Curves


def test_a_choice_outlives_new_data(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves", server=parts)
    root = page.locator(".curves")
    loss = root.locator("canvas.top").first
    remember(page, loss)
    drag(page, loss, (0.4, 0.5), (0.6, 0.5))
    low, high = view(page)
    assert low > 0
    root.get_by_role("button", name="Training, per batch").click()
    root.get_by_role("button", name="Logarithmic scale of Loss").click()
    wait_for_news(page, 3)
    assert is_remembered(loss)
    assert view(page) == (low, high)
    for name, pressed in (
        ("Training, per batch", "false"),
        ("Training, per epoch", "true"),
        ("Logarithmic scale of Loss", "true"),
    ):
        expect(root.get_by_role("button", name=name)).to_have_attribute("aria-pressed", pressed)
    root.get_by_role("button", name="All").click()
    eventually(page, lambda: view(page)[0], 0)
    assert view(page)[1] > high


def test_no_frame_is_empty_while_data_come_in(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves", server=parts)
    before = runs(page)
    assert page.locator(".curves canvas").first.evaluate(WATCH, 90) == 0
    assert page.locator(".bars canvas").first.evaluate(WATCH, 30) == 0
    assert runs(page) > before


def test_a_view_of_the_newest_moves_on_with_it(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves", server=parts)
    drag(page, page.locator(".curves canvas.top").first, (0.6, 0.5), (0.98, 0.5))
    low, high = view(page)
    wait_for_news(page, 3)
    later = view(page)
    assert later[0] > low
    assert later[1] - later[0] == pytest.approx(high - low)
    assert later[1] >= 180 + 20 * 3


def test_the_cursor_reads_every_curve_at_its_place(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves&still=1", server=parts)
    plots = page.locator(".curves .plots")
    plots.focus()
    page.keyboard.press("End")
    spoken = page.locator(".curves .spoken")
    expect(spoken).to_have_text(
        "Batch 200, epoch 4.00. Loss, Training, per batch: 0.005000. "
        "Loss, Training, per epoch: 0.005000. Loss, Validation, per epoch: 0.01000. "
        "Accuracy, Training, per batch: 0.9950. Accuracy, Training, per epoch: 0.9950. "
        "Accuracy, Validation, per epoch: 0.9900"
    )
    page.keyboard.press("Home")
    expect(spoken).to_contain_text("Batch 1, epoch 0.02. Loss, Training, per batch: 1.")
    for _ in range(99):
        page.keyboard.press("ArrowRight")
    expect(spoken).to_contain_text("Batch 100, epoch 2.00. Loss, Training, per batch: NaN.")
    expect(page.locator(".curves .tip")).to_contain_text("Batch 100, epoch 2.00")
    page.keyboard.press("Escape")
    expect(page.locator(".curves .tip")).to_be_hidden()


def test_keys_zoom_in_and_out(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves&still=1", server=parts)
    page.locator(".curves .plots").focus()
    whole = view(page)
    page.keyboard.press("+")
    inside = view(page)
    assert whole[0] < inside[0] < inside[1] < whole[1]
    page.keyboard.press("0")
    assert view(page) == whole


def test_curves_have_words_and_a_table(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves&still=1", server=parts)
    plots = page.locator(".curves .plots")
    expect(plots).to_have_accessible_name(
        re.compile(r"Loss by batch: Training, per batch 0\.005 at batch 200 .*Marked: learning")
    )
    root = page.locator(".curves")
    root.get_by_text("Numbers as a table").click()
    # Every epoch is a row: 1 / 50 to 1 / 200.
    rows = root.locator("tbody tr")
    expect(rows).to_have_count(4)
    assert rows.nth(3).locator("td").all_inner_texts() == [
        *("0.005000", "0.005000", "0.01000"),
        *("0.9950", "0.9950", "0.9900"),
    ]


def test_a_double_click_leaves_one_curve_alone(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves&still=1", server=parts)
    legend = page.locator(".curves .legend button")
    legend.nth(2).dblclick()
    pressed = [legend.nth(k).get_attribute("aria-pressed") for k in range(3)]
    assert pressed == ["false", "false", "true"]


def test_a_histogram_reads_its_bins(visit: Visit, parts: Server) -> None:
    page = visit("/?part=curves&still=1", server=parts)
    page.locator(".bars .host").focus()
    page.keyboard.press("Home")
    expect(page.locator(".bars .said")).to_have_text(
        re.compile(r"Weights: \d+ of 10,000 \([\d.]+ %\) lie between −4 and −3$")
    )


# The confusion table


def test_pointing_at_a_cell_says_it_in_words(visit: Visit, parts: Server) -> None:
    page = visit("/?part=confusion&still=1", server=parts)
    said = page.locator(".confusion .said")
    page.locator("[data-place='0,2']").hover()
    expect(said).to_have_text("8 of 53 pictures of '4' were taken for '9' (15.1 %).")
    expect(page.locator(".confusion .band")).to_have_count(2)
    for band in page.locator(".confusion .band").all():
        expect(band).to_be_visible()
    expect(page.locator("th.lit")).to_have_text(["9", "4"])
    page.locator("[data-place='1,1']").hover()
    expect(said).to_have_text("50 of 50 pictures of '7' were recognised (100 %).")
    page.locator("[data-margin='precision,2']").hover()
    expect(said).to_have_text("Precision: of 68 pictures taken for '9', 88.2 % were '9'.")


def test_a_chosen_cell_reaches_python_and_stays(visit: Visit, parts: Server) -> None:
    page = visit("/?part=confusion", server=parts)
    cell = page.locator("[data-place='0,2']")
    remember(page, cell)
    cell.click()
    expect(page.get_by_text("chosen (0, 2)")).to_be_visible()
    before = int(cell.inner_text())
    wait_for_news(page)
    assert is_remembered(cell)
    assert int(cell.inner_text()) > before
    expect(cell).to_have_class(re.compile("chosen"))
    expect(cell).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("chosen (1, 1)")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("chosen None")).to_be_visible()


# The canvas


def test_a_stroke_reaches_python(visit: Visit, parts: Server) -> None:
    page = visit("/?part=canvas", server=parts)
    expect(page.get_by_text("empty")).to_be_visible()
    sheet = page.locator(".canvas canvas.top")
    drag(page, sheet, (0.25, 0.5), (0.75, 0.5))
    # The brush is 24 wide: rows 128 to 151, columns 58 to 221.
    expect(page.get_by_text("ink 128 58 152 222 of 280 x 280")).to_be_visible()
    drag(page, sheet, (0.5, 0.25), (0.5, 0.75))
    expect(page.get_by_text("ink 58 58 222 222 of 280 x 280")).to_be_visible()
    root = page.locator(".canvas")
    root.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("ink 128 58 152 222")).to_be_visible()
    root.get_by_role("button", name="Redo").click()
    expect(page.get_by_text("ink 58 58 222 222")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("ink 128 58 152 222")).to_be_visible()
    root.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("empty")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("ink 128 58 152 222")).to_be_visible()


def test_the_eraser_takes_ink_away(visit: Visit, parts: Server) -> None:
    page = visit("/?part=canvas", server=parts)
    sheet = page.locator(".canvas canvas.top")
    drag(page, sheet, (0.25, 0.5), (0.75, 0.5))
    page.locator(".canvas").get_by_role("button", name="Eraser").click()
    drag(page, sheet, (0.25, 0.4), (0.25, 0.6))
    # Columns 58 to 81 are gone.
    expect(page.get_by_text("ink 128 82 152 222")).to_be_visible()


def test_keys_draw_too(visit: Visit, parts: Server) -> None:
    page = visit("/?part=canvas", server=parts)
    page.locator(".canvas canvas.top").focus()
    page.keyboard.press(" ")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    # From the middle (140) four steps of 10 to the right, with 12 round it.
    expect(page.get_by_text("ink 128 128 152 192")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.get_by_text("empty")).to_be_visible()


def test_a_drawing_is_there_again_after_another_view(visit: Visit, parts: Server) -> None:
    page = visit("/?part=canvas", server=parts)
    drag(page, page.locator(".canvas canvas.top"), (0.25, 0.5), (0.75, 0.5))
    expect(page.get_by_text("ink 128 58 152 222")).to_be_visible()
    toggle = page.locator(".st-key-another label").first
    toggle.click(position={"x": 12, "y": 12})
    expect(page.locator(".canvas")).to_have_count(0)
    toggle.click(position={"x": 12, "y": 12})
    expect(page.locator(".canvas .prompt")).to_be_hidden()
    drag(page, page.locator(".canvas canvas.top"), (0.5, 0.25), (0.5, 0.75))
    expect(page.get_by_text("ink 58 58 222 222")).to_be_visible()


def test_python_can_put_a_picture_on_the_canvas(visit: Visit, parts: Server) -> None:
    page = visit("/?part=canvas", server=parts)
    page.get_by_role("button", name="Put a bar").click()
    expect(page.get_by_text("ink 100 40 140 240")).to_be_visible()
    drag(page, page.locator(".canvas canvas.top"), (0.5, 0.7), (0.5, 0.75))
    expect(page.get_by_text("ink 100 40 222 240")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("ink 100 40 140 240")).to_be_visible()


def test_a_finger_draws_and_does_not_scroll(visit: Visit, parts: Server) -> None:
    page = visit("/?part=canvas", server=parts, **PHONE)
    box = page.locator(".canvas canvas.top").bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
    wire = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
            for x, y in places
        ]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0.5, 0.25))
    for k in range(1, 11):
        touch("touchMove", (0.5, 0.25 + 0.05 * k))
    touch("touchEnd")
    expect(page.get_by_text("ink 58 128 222 152 of 280 x 280")).to_be_visible()
    assert page.locator("[data-testid='stMain']").evaluate("main => main.scrollTop") == 0


# Maps


def test_the_number_under_the_pointer_follows_the_data(visit: Visit, parts: Server) -> None:
    page = visit("/?part=maps&still=1", server=parts)
    strip = page.locator(".maps .strip").first
    strip.locator("canvas.top").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    # 0 - 2 to 3 + 4 / 10 - 2
    expect(strip.locator(".reading")).to_have_text("Map 2: from −2.000 to 1.400")
    page.keyboard.press("Enter")
    large = page.locator(".maps .large")
    expect(large.locator("h4")).to_have_text("conv_1, 2")
    large.locator("canvas.top").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(strip.locator(".reading")).to_have_text("Map 2, row 1, column 1: −0.9000")
    large.get_by_text("Numbers as a table").click()
    row = large.locator("tbody tr").nth(3)
    assert row.locator("td").all_inner_texts() == ["1", "1.1", "1.2", "1.3", "1.4"]
    page.locator(".maps .close").click()
    expect(large).to_be_hidden()


def test_an_enlarged_map_stays_open_while_numbers_change(visit: Visit, parts: Server) -> None:
    page = visit("/?part=maps", server=parts)
    strip = page.locator(".maps .strip").nth(1)
    sheet = strip.locator("canvas.top")
    remember(page, sheet)
    sheet.click(position={"x": 20, "y": 20})
    large = page.locator(".maps .large")
    expect(large.locator("h4")).to_have_text("conv_2, 0")
    wait_for_news(page)
    assert is_remembered(sheet)
    expect(large.locator("h4")).to_have_text("conv_2, 0")
    sheet.hover(position={"x": 20, "y": 100})
    before = strip.locator(".reading").inner_text()
    wait_for_news(page)
    after = strip.locator(".reading").inner_text()
    assert before.split(":")[0] == after.split(":")[0]
    assert before != after


# All of them


@pytest.mark.parametrize("part", ["curves", "confusion", "canvas", "maps"])
def test_nothing_is_wider_than_a_phone(visit: Visit, parts: Server, part: str) -> None:
    page = visit(f"/?part={part}&still=1", server=parts, **PHONE)
    root = page.locator(f".{part}").first
    expect(root).to_have_attribute("data-ready", "true")
    overhang = page.locator("[data-testid='stMain']").evaluate(
        "main => main.scrollWidth - main.clientWidth"
    )
    assert overhang <= 0
    box = root.bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE["viewport"]["width"]


@pytest.mark.parametrize("part", ["curves", "confusion", "canvas", "maps"])
def test_whatever_takes_the_keyboard_has_a_name(visit: Visit, parts: Server, part: str) -> None:
    page = visit(f"/?part={part}&still=1", server=parts)
    root = page.locator(f".{part}").first
    expect(root).to_have_attribute("data-ready", "true")
    takers = root.locator("[tabindex='0'], button, input, summary")
    visible = [taker for taker in takers.all() if taker.is_visible()]
    assert visible
    for taker in visible:
        expect(taker).to_have_accessible_name(re.compile(r"\w"))
