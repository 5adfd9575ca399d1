"""A running app, a browser, and pages that are watched for errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.browser import launch
from tests.e2e.pages import settled
from tests.e2e.server import Server, serving

Visit = Callable[..., Page]

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app that most tests share."""
    with serving(tmp_path_factory.mktemp("app") / "app.log") as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """`visit("/image?side=32")` opens an address in a browser of its own.

    Each call is a person of its own: nothing is shared but the server. `server=` names another
    one than the shared, all other arguments go to the browser's context.
    """
    people: list[Person] = []

    def open_page(path: str, *, server: Server | None = None, **options: Any) -> Page:
        server = server or request.getfixturevalue("app")
        person = Person(browser, server, options)
        people.append(person)
        person.page.goto(server.url + path)
        settled(person.page)
        return person.page

    yield open_page
    failed = bool(getattr(request.node, "failed", False))
    troubles = []
    for number, person in enumerate(people):
        if failed:
            person.testify(tmp_path / f"page{number}.png")
        troubles += person.troubles()
        person.page.context.close()
    assert not troubles, "\n".join(troubles)


class Person:
    """A browser context with one page, whose errors are written down."""

    def __init__(self, browser: Browser, server: Server, options: dict[str, Any]) -> None:
        size = {"width": 1440, "height": 900}
        self.server = server
        self.page = browser.new_context(**{"viewport": size} | options).new_page()
        self.page.set_default_timeout(20_000)
        self._said: list[str] = []
        self.page.on("pageerror", lambda error: self._said.append(f"page error: {error}"))
        self.page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        # What could not be fetched is the network's matter: deep links make Streamlit ask for
        # its health at a wrong address first.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._said.append(f"console: {message.text}")

    def troubles(self) -> list[str]:
        """What went wrong in the page, seen or unseen."""
        shown = self.page.locator("[data-testid='stException']").all_inner_texts()
        return self._said + [f"exception: {text}" for text in shown]

    def testify(self, picture: Path) -> None:
        """Leave a picture and the server's last words for whoever reads the failure."""
        self.page.screenshot(path=picture)
        print(f"{self.page.evaluate('location.href')}: see {picture}")
        print(self.server.last_words())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Tell fixtures whether the test has failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report
