"""The row editor in a browser: typing, moving, adding, taking back, by hand and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import choose, eventually, expect_setting, settings, view

pytestmark = pytest.mark.e2e

LENET = ["Convolution", "Pooling", "Convolution", "Pooling", "Flatten", "Dense", "Dense"]
FOCUSED = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute("aria-label") ?? at?.closest("label")?.textContent ?? at?.tagName;
}"""


SLOW = """
    const add = WebSocket.prototype.addEventListener;
    WebSocket.prototype.addEventListener = function (kind, act, options) {
        const late = (event) => setTimeout(() => act.call(this, event), 450);
        return add.call(this, kind, kind === "message" ? late : act, options);
    };
"""
"""What the server says arrives 450 milliseconds later."""


@pytest.fixture
def network(visit: Visit):
    def open_network(query: str = "", **options: object) -> Page:
        page = visit(f"/training?view=network{query}", **options)
        answered(page)
        return page

    return open_network


def answered(page: Page) -> None:
    """Wait until the page has answered the last edit."""
    page.locator(".rows[data-ready='true']:not(:has(.waiting))").wait_for()


def items(page: Page) -> Locator:
    return page.locator(".rows li:not(.fixed)")


def titles(page: Page) -> list[str]:
    return items(page).locator(".title b").all_inner_texts()


def cells(page: Page, row: int) -> list[str]:
    """Output and parameters of a row, counted from 1."""
    return items(page).nth(row - 1).locator(".value").all_inner_texts()


def field(page: Page, row: int, name: str) -> Locator:
    return items(page).nth(row - 1).get_by_label(name, exact=True)


def act(page: Page, name: str) -> Locator:
    return page.locator(".rows").get_by_role("button", name=name, exact=True)


def expect_titles(page: Page, expected: list[str]) -> None:
    eventually(page, lambda: titles(page), expected)
    answered(page)


def test_the_rows_of_lenet_stand_with_their_shapes_and_parameters(network) -> None:
    page = network()
    assert titles(page) == LENET
    assert [cells(page, row) for row in (1, 3, 6)] == [
        ["28 x 28 x 6", "156"], ["10 x 10 x 16", "2,416"], ["120", "48,120"],
    ]  # fmt: skip
    assert "(5 x 5 x 1 + 1) x 6 = 156" in items(page).first.inner_text()
    label = items(page).nth(2).get_attribute("aria-label")
    assert label == "layer 3, Convolution conv_2. Output: 10 x 10 x 16. Parameters: 2,416."


def test_typing_keeps_the_focus_while_answers_arrive(network) -> None:
    page = network()
    filters = field(page, 1, "Filters")
    filters.select_text()
    page.keyboard.type("1")
    eventually(page, lambda: cells(page, 1), ["28 x 28 x 1", "26"])
    page.keyboard.type("2")
    eventually(page, lambda: cells(page, 1), ["28 x 28 x 12", "312"])
    expect(filters).to_be_focused()
    expect(filters).to_have_value("12")
    assert cells(page, 3)[1] == "4,816"  # (5 x 5 x 12 + 1) x 16
    expect_setting(page, "network", "own")
    assert settings(page)["layers"].startswith("conv-f12-k5-atanh_pool-maverage")


def test_a_number_out_of_bounds_is_explained_and_given_up(network) -> None:
    page = network()
    filters = field(page, 1, "Filters")
    filters.fill("9999")
    problem = items(page).first.locator(".problem")
    expect(problem).to_have_text("Filters is a whole number from 1 to 512.")
    expect(filters).to_have_attribute("aria-invalid", "true")
    assert "layers" not in settings(page)
    filters.press("Tab")
    expect(problem).to_have_count(0)
    expect(filters).to_have_value("6")


def test_what_does_not_fit_is_explained_at_its_row(network) -> None:
    page = network()
    act(page, "Delete layer 5, Flatten").click()
    problem = items(page).nth(4).locator(".problem")
    expect(problem).to_have_text(
        "Dense needs a vector and gets 5 x 5 x 16: put flatten or global pooling before it."
    )
    expect(page.locator(".rows .spoken")).to_contain_text("layer 5: Dense needs a vector")
    expect(items(page).nth(5).locator(".note")).to_have_text("Waits for row 5.")
    act(page, "Undo").click()
    expect_titles(page, LENET)
    expect(page.locator(".rows .problem")).to_have_count(0)


def test_keys_alone_move_add_delete_and_take_back(network) -> None:
    page = network()
    act(page, "Move layer 2, Pooling").focus()
    page.keyboard.press("ArrowDown")
    expect_titles(page, [*LENET[:1], "Convolution", "Pooling", *LENET[3:]])
    assert page.evaluate(FOCUSED) == "Move layer 3, Pooling"
    expect(page.locator(".rows .spoken")).to_have_text("Pooling is now layer 3 of 7.")
    page.keyboard.press("Control+z")
    expect_titles(page, LENET)
    page.keyboard.press("Control+Shift+z")
    expect_titles(page, [*LENET[:1], "Convolution", "Pooling", *LENET[3:]])
    page.keyboard.press("Control+z")
    act(page, "Add a layer after layer 5, Flatten").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("drop")
    page.keyboard.press("Enter")
    expect_titles(page, [*LENET[:5], "Dropout", *LENET[5:]])
    assert page.evaluate(FOCUSED) == "Rate"
    act(page, "Move layer 6, Dropout").focus()
    page.keyboard.press("Delete")
    expect_titles(page, LENET)
    assert page.evaluate(FOCUSED) == "Move layer 6, Dense"


def test_the_menu_of_kinds_is_searched_and_left(network) -> None:
    page = network()
    add = act(page, "Add a layer")
    add.click()
    search = page.get_by_role("combobox", name="Kind of the new layer")
    expect(search).to_be_focused()
    expect(page.locator(".rows .option")).to_have_count(15)
    page.keyboard.type("pool")
    assert page.locator(".rows .option").first.inner_text().startswith("Pooling")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".rows .option[aria-selected='true']")
    expect(chosen).to_contain_text("Global pooling")
    search.fill("nothing like it")
    expect(page.locator(".rows .none")).to_have_text("No kind is called nothing like it.")
    page.keyboard.press("Escape")
    expect(search).to_be_hidden()
    expect(add).to_be_focused()
    assert titles(page) == LENET


def test_a_row_is_dragged_to_its_place(network) -> None:
    page = network(viewport={"width": 1440, "height": 1600})
    grip = act(page, "Move layer 3, Convolution")
    grip.scroll_into_view_if_needed()
    box, target = grip.bounding_box(), act(page, "Move layer 1, Convolution").bounding_box()
    assert box
    assert target
    page.mouse.move(box["x"] + 15, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 15, box["y"] - 30, steps=5)
    page.mouse.move(target["x"] + 15, target["y"], steps=8)
    expect(page.locator(".rows .dragged")).to_have_count(1)
    page.mouse.up()
    eventually(page, lambda: cells(page, 1), ["24 x 24 x 16", "416"])
    expect_titles(page, ["Convolution", "Convolution", "Pooling", *LENET[3:]])


def test_escape_leaves_a_dragged_row_where_it_was(network) -> None:
    page = network(viewport={"width": 1440, "height": 1600})
    grip = act(page, "Move layer 1, Convolution")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    page.mouse.move(box["x"] + 15, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 15, box["y"] + 320, steps=8)
    page.keyboard.press("Escape")
    expect(page.locator(".rows .dragged")).to_have_count(0)
    page.mouse.up()
    assert titles(page) == LENET
    assert cells(page, 1) == ["28 x 28 x 6", "156"]
    assert "layers" not in settings(page)


def test_a_row_is_switched_off_and_duplicated(network) -> None:
    page = network()
    items(page).nth(1).get_by_role("switch").focus()
    page.keyboard.press("Space")
    eventually(page, lambda: cells(page, 3), ["24 x 24 x 16", "2,416"])
    assert cells(page, 2) == ["28 x 28 x 6", ""]
    expect(items(page).nth(1)).to_have_class(re.compile(r"\boff\b"))
    assert "_off-pool-maverage_" in settings(page)["layers"]
    act(page, "Duplicate layer 7, Dense").click()
    expect_titles(page, [*LENET, "Dense"])
    eventually(page, lambda: cells(page, 8), ["84", "7,140"])


def test_named_networks_are_taken_and_taken_back(network) -> None:
    page = network()
    page.get_by_role("button", name="Named networks").click()
    page.get_by_role("button", name="Logistic regression (7,850)").click()
    expect_titles(page, ["Flatten"])
    expect_setting(page, "network", "logistic")
    page.keyboard.press("Escape")
    act(page, "Undo").click()
    expect_titles(page, LENET)
    expect_setting(page, "network", None)  # LeNet has its name back
    assert "layers" not in settings(page)


def test_what_was_done_outlives_another_view_and_a_reload(network) -> None:
    page = network()
    act(page, "Delete layer 7, Dense").click()
    expect_titles(page, LENET[:-1])
    view(page, "code")
    expect(page.locator(".rows")).to_have_count(0)
    view(page, "network")
    expect_titles(page, LENET[:-1])
    act(page, "Undo").click()
    expect_titles(page, LENET)
    act(page, "Redo").click()
    expect_titles(page, LENET[:-1])
    expect_setting(page, "network", "own")
    page.reload()
    expect_titles(page, LENET[:-1])


def test_settings_beside_and_rows_follow_each_other(network) -> None:
    page = network()
    page.locator("summary:visible", has_text="Network").first.click()
    choose(page, "network", "two-conv")
    expect_titles(
        page, ["Convolution", "Pooling", "Convolution", "Pooling", "Flatten", "Dense"]
    )
    field(page, 6, "Units").fill("32")
    expect_setting(page, "network", "own")
    text = page.get_by_role("textbox", name="Own rows")
    expect(text).to_have_value(re.compile("flatten_dense-u32$"))
    text.fill("flatten_dense-u7")
    text.press("Enter")
    expect_titles(page, ["Flatten", "Dense"])
    assert cells(page, 2) == ["7", "5,495"]


def test_rows_become_cards_on_a_phone(network) -> None:
    page = network(
        "&network=resnet", viewport={"width": 390, "height": 844}, has_touch=True,
        is_mobile=True,
    )  # fmt: skip
    card = items(page).nth(1)
    card.scroll_into_view_if_needed()
    expect(card.get_by_text("Parameters", exact=True)).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    for button in card.locator("button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, criterion 2.5.8
    card.get_by_role("button", name="Delete layer 2").tap()
    eventually(page, lambda: len(titles(page)), 7)


def test_a_slow_line_undoes_no_edit(network) -> None:
    """While an answer is on its way, timers go on telling the server what the page knew."""
    page = network()
    page.add_init_script(SLOW)
    page.reload()
    answered(page)
    seen: list[int] = []
    filters = field(page, 1, "Filters")
    for count in range(7, 13):
        filters.fill(str(count))
        for _ in range(12):
            page.wait_for_timeout(100)
            seen.append(int(filters.input_value()))
    answered(page)
    assert seen == sorted(seen)
    assert cells(page, 1) == ["28 x 28 x 12", "312"]
