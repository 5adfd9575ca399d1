"""A run watched in a browser, from the click to the confusion matrix."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import eventually, settings

pytestmark = pytest.mark.e2e

PATIENCE = 90_000
"""Milliseconds: the first training of a server loads TensorFlow."""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def batches(page: Page) -> int:
    """Batches done, as the status says."""
    text = page.get_by_text(re.compile(r"batch [\d,]+ of")).first.inner_text()
    return int(re.search(r"batch ([\d,]+) of", text)[1].replace(",", ""))


def expect_state(page: Page, word: str) -> None:
    expect(page.locator("strong", has_text=re.compile(f"^{word}$"))).to_be_visible(
        timeout=PATIENCE
    )


@pytest.fixture
def training(visit: Visit):
    def open_training(query: str = "") -> Page:
        return visit(f"/training{query}")

    return open_training


def test_a_run_from_the_click_to_the_confusion_matrix(training):
    page = training("?epochs=4")
    press(page, "Start")
    expect_state(page, "Running")
    expect_state(page, "Finished")
    assert batches(page) == 4 * 55
    page.get_by_role("radio", name="confusion").click()
    table = page.locator(".receptive-confusion")
    expect(table).to_contain_text("Recall")
    # Most of ten digits are told apart after four epochs; chance would be 10 %.
    accuracy = re.search(r"Accuracy ([\d.]+) %", table.inner_text())
    assert float(accuracy[1]) > 80
    table.get_by_role("gridcell").nth(0).click()
    expect(page.get_by_text(re.compile("recognised as '0'"))).to_be_visible()
    expect(page.locator(".receptive-tiles")).to_be_visible()


def test_steps_pauses_and_a_new_learning_rate(training):
    page = training("?epochs=100")
    press(page, "Start paused")
    expect_state(page, "Paused")
    assert batches(page) == 0
    for done in (1, 2, 3):
        press(page, "1 batch")
        eventually(page, lambda: batches(page), done)
    press(page, "1 epoch")
    eventually(page, lambda: batches(page), 55)
    slider = page.get_by_role("slider", name="Learning rate now")
    slider.focus()
    slider.press("ArrowRight")
    press(page, "Resume")
    expect_state(page, "Running")
    expect(page.locator(".receptive-curves").first).to_contain_text("0.002")
    marked = page.locator("[aria-label*='learning rate 0.001 -> 0.002 at 55']")
    expect(marked.first).to_be_attached()
    press(page, "Stop")
    expect_state(page, "Stopped")
    press(page, "Rewind")
    expect_state(page, "Paused")
    eventually(page, lambda: batches(page), 0)
    press(page, "Stop")
    expect_state(page, "Stopped")


def test_a_learning_rate_that_is_too_big_is_explained(training):
    page = training("?network=lenet&optimizer=sgd&learning_rate=10.0&epochs=1")
    press(page, "Start")
    # Guessing one of 10 classes has a loss of ln(10) = 2.30.
    expect(page.get_by_text(re.compile(r"has not learnt.*guessing has 2\.30"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text(re.compile("learning rate, here 10, is too large"))).to_be_visible()


def test_the_link_carries_the_settings_of_the_run(training):
    page = training("?optimizer=sgd&batch_size=32")
    assert settings(page) == {"optimizer": "sgd", "batch_size": "32"}
    expect(page.get_by_text("60,000 / 32 = 1,875 an epoch")).to_be_visible()
