"""What the tests do on every page: wait, read the link, move sliders, choose, upload."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, TimeoutError, expect

T = TypeVar("T")

_QUIET = (
    "[data-testid='stApp'][data-test-connection-state='CONNECTED']"
    "[data-test-script-state='notRunning']"
)
_STAGES = (
    "stage",
    "pixels",
    "bench",
    "chain:not(.plain)",
    "block",
    "descent",
    "backprop",
    "softmax",
    "sight",
    "segments",
    "painter",
    "draws",
    "boxes",
    "st-key-detections .detections",
    "gridbox",
    "suppressing",
)
_COMPONENTS = ", ".join(
    [*(f".{name}[data-ready='true']" for name in _STAGES), ".st-key-run_buttons"]
)
_STILL = """async element => {
    let last = "", same = 0;
    while (same < 5) {
        await new Promise(requestAnimationFrame);
        const now = JSON.stringify(element.getBoundingClientRect());
        same = now === last ? same + 1 : 0;
        last = now;
    }
}"""


def quiet(page: Page) -> None:
    """Wait until no script runs for the page."""
    page.locator(_QUIET).wait_for()


def settled(page: Page) -> None:
    """Wait until the page is drawn and nothing in it moves any more."""
    quiet(page)
    expect(page.locator("[data-testid='stSkeleton']")).to_have_count(0)
    if urlsplit(address(page)).path.strip("/") not in ("", "home"):
        component = page.locator(_COMPONENTS)
        component.wait_for()
        component.evaluate(_STILL)


def follow(page: Page, link: str) -> None:
    """Open another link in the same browser, by its path."""
    parts = urlsplit(address(page))
    page.goto(f"{parts.scheme}://{parts.netloc}{link}")
    settled(page)


def eventually(page: Page, read: Callable[[], T], expected: T, timeout: int = 10_000) -> None:
    """Assert that `read()` becomes `expected`."""
    for _ in range(timeout // 50):
        if read() == expected:
            return
        page.wait_for_timeout(50)
    assert read() == expected


def address(page: Page) -> str:
    """The address in the browser's bar; `page.url` lags behind."""
    href: str = page.evaluate("location.href")
    return href


def path(page: Page) -> str:
    """The address without the server."""
    parts = urlsplit(address(page))
    return f"{parts.path}?{parts.query}"


def settings(page: Page) -> dict[str, str]:
    """The settings that the address carries."""
    return dict(parse_qsl(urlsplit(address(page)).query))


def expect_setting(page: Page, name: str, value: str | None) -> None:
    """The address comes to carry this setting, or not to carry it."""
    eventually(page, lambda: settings(page).get(name), value)


def switch(page: Page, name: str) -> None:
    """Turn a switch with the mouse."""
    page.locator(f".st-key-{name} label").first.click(position={"x": 12, "y": 12})


def choose(page: Page, name: str, option: str) -> None:
    """Take an entry of a select box; a redraw of the page may close it under the pointer."""
    box = page.locator(f".st-key-{name}").get_by_role("combobox")
    entry = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        if not entry.is_visible():
            box.click()
        try:
            entry.click(timeout=3_000)
        except TimeoutError:
            continue
        return
    entry.click()


def tab(page: Page, name: str) -> None:
    """Open one of the tabs beside the stage."""
    page.get_by_role("tab", name=name, exact=True).click()


def view(page: Page, name: str) -> None:
    """Open what stands below the stage."""
    page.locator(".st-key-view").get_by_role("radio", name=name, exact=True).click()


def menu(page: Page, name: str) -> Locator:
    """Open one of the menus above the stage."""
    page.get_by_role("button", name=name).click()
    return page.locator("[data-testid='stPopoverBody']")


def alerts(page: Page) -> Locator:
    """Notices, warnings and errors in the page."""
    return page.locator("[data-testid='stMain'] [data-testid='stAlert']")


def sidebar(page: Page) -> Locator:
    """The frame's sidebar with the current image."""
    return page.locator("[data-testid='stSidebar']")


def upload(page: Page, name: str, kind: str, data: bytes) -> None:
    """Hand a file to the uploader in the sidebar."""
    chooser = page.locator(".st-key-upload input[type='file']")
    chooser.set_input_files({"name": name, "mimeType": kind, "buffer": data})


class Slider:
    """One of the sliders, by the name of the setting."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.box = page.locator(f".st-key-{name}")
        self.thumb = self.box.get_by_role("slider")

    def ends(self) -> tuple[str, str]:
        """What stands at its left and its right end."""
        low, high = self.box.locator("[data-testid='stSliderTickBar'] p").all_text_contents()
        return low, high

    def expect_ends(self, low: int, high: int) -> None:
        """The range becomes low..high."""
        eventually(self.page, self.ends, (str(low), str(high)))

    def expect_value(self, value: int) -> None:
        """The slider stands, or comes to stand, at this value."""
        expect(self.thumb).to_have_attribute("aria-valuetext", str(value))

    def press(self, key: str, times: int = 1) -> None:
        """Press a key on the thumb."""
        for _ in range(times):
            self.thumb.press(key)

    def drag(self, value: int) -> None:
        """Take the thumb with the mouse to a value; the values are consecutive."""
        low, high = map(int, self.ends())
        track = self.box.locator("[role='group'] > div").first.bounding_box()
        handle = self.box.locator("[data-testid='stSliderThumbValue']").locator("..")
        grip = handle.bounding_box()
        assert track and grip
        y = grip["y"] + grip["height"] / 2
        target = track["x"] + track["width"] * (value - low) / (high - low)
        self.page.mouse.move(grip["x"] + grip["width"] / 2, y)
        self.page.mouse.down()
        self.page.mouse.move(target, y, steps=6)
        self.page.mouse.up()


def numbers_in(text: str) -> list[float]:
    """All numbers of a text, in order."""
    return [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?", text)]


_LISTENING = """
const listen = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (type, heard, ...others) {
  const later = (event) => setTimeout(() => heard(event), globalThis.late ?? 0);
  return listen.call(this, type, type === "message" ? later : heard, ...others);
};
"""


def hears_late(page: Page) -> None:
    """Load the page again as one that `late` can keep waiting."""
    page.add_init_script(_LISTENING)
    page.reload()
    settled(page)


def late(page: Page, milliseconds: int) -> None:
    """From now on what the server says comes so much later, in its order."""
    page.evaluate("time => { globalThis.late = time; }", milliseconds)
