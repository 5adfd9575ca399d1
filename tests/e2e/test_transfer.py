"""From three uploaded classes to a prediction, in a browser."""

import io
import re

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Locator, Page, expect

from core.data.spec import DataSpec
from tests.e2e.conftest import Visit
from tests.e2e.pages import eventually, menu, quiet, view

pytestmark = pytest.mark.e2e

PATIENCE = 240_000
"""Milliseconds: the first run of a server loads TensorFlow, KerasCV and the network."""
QUICK = "head_epochs=20&backbone_side=96&image_size=96"
NAMES = ("circle", "square", "triangle")


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def shapes() -> dict[str, list[bytes]]:
    """Nine pictures of each of three shapes; the last is kept for the prediction."""
    spec = DataSpec(
        dataset="shapes", images=90, image_size=96, image_noise=5, shape_smallest=60
    )
    dataset = spec.pictures()
    found = {}
    for name in NAMES:
        label = dataset.class_names.index(name)
        found[name] = [png(p) for p in dataset.images[dataset.labels == label][:9]]
    return found


def card(page: Page, place: int) -> Locator:
    return page.locator(".collect .class").nth(place)


def fill(page: Page, place: int, name: str, pictures: list[bytes]) -> None:
    """Name a class and give it files."""
    box = card(page, place).locator("input.name")
    box.fill(name)
    box.press("Enter")
    files = [
        {"name": f"{name}{n}.png", "mimeType": "image/png", "buffer": picture}
        for n, picture in enumerate(pictures)
    ]
    card(page, place).locator("input[type=file]").set_input_files(files)
    expect(card(page, place).locator(".thumbs button")).to_have_count(len(pictures))
    expect(box).to_have_value(name)


def finished(page: Page, name: str) -> None:
    """The run of this name comes to its end, with its model."""
    status = page.locator(".st-key-run_status")
    expect(status).to_contain_text(name, timeout=PATIENCE)
    expect(status).to_contain_text("Finished", timeout=PATIENCE)
    expect(page.get_by_role("button", name="All three")).to_be_visible(timeout=PATIENCE)


def test_from_three_uploaded_classes_to_a_prediction(visit: Visit, shapes) -> None:
    page = visit(f"/transfer?view=collect&{QUICK}")
    says = page.locator(".collect .says")
    expect(says).to_contain_text("at least 5 pictures")
    page.get_by_role("button", name="Add a class").click()
    expect(page.locator(".collect .class")).to_have_count(3)
    for place, name in enumerate(NAMES):
        fill(page, place, name, shapes[name][:4])
    expect(says).to_contain_text("'circle' has 4, 'square' has 4, 'triangle' has 4")
    use = page.locator(".collect .use")
    expect(use).to_be_disabled()
    for place, name in enumerate(NAMES):
        card(page, place).locator("input[type=file]").set_input_files(
            [{"name": f"{n}.png", "mimeType": "image/png", "buffer": picture}
             for n, picture in enumerate(shapes[name][4:8])]
        )  # fmt: skip
        expect(card(page, place).locator(".count")).to_have_text("8 pictures")
    expect(says).to_have_text("24 pictures in 3 classes.")
    use.click()
    expect(use).to_have_text("These pictures are in use")
    view(page, "data")
    expect(page.locator(".tiles[data-ready='true'] header h4")).to_have_text([*NAMES])

    page.locator(".st-key-train_frozen button").click()
    finished(page, "Frozen backbone, new head")
    expect(page.locator(".st-key-way_frozen")).to_contain_text("of the validation pictures")
    expect(page.locator(".receptive-curves").first).to_contain_text("Accuracy")
    view(page, "confusion")
    expect(page.locator(".receptive-confusion")).to_contain_text("triangle", timeout=20_000)

    view(page, "try")
    page.get_by_role("radio", name="upload", exact=True).click()
    page.locator(".st-key-try_upload input[type=file]").set_input_files(
        {"name": "new.png", "mimeType": "image/png", "buffer": shapes["square"][8]}
    )
    answer = page.locator(".tiles .caption").first
    expect(answer).to_have_text(re.compile(r"^square: \d+%$"), timeout=60_000)
    expect(page.locator(".tiles .bars b")).to_have_count(3)

    # The camera plays a test picture: any class is right, as long as it answers on and on.
    page.get_by_role("radio", name="camera", exact=True).click()
    lens = page.locator(".lens[data-ready='true']")
    lens.get_by_role("button", name="Camera on").click()
    expect(lens.locator("h4")).to_have_text(re.compile(r"(circle|square|triangle): "),
                                            timeout=60_000)  # fmt: skip
    before = int(str(lens.get_attribute("data-answers")))
    eventually(page, lambda: int(str(lens.get_attribute("data-answers"))) > before + 2, True)
    lens.get_by_role("button", name="Camera off").click()


def test_a_model_shows_its_space_and_where_it_looks_and_is_opened_again(visit: Visit) -> None:
    page = visit(f"/transfer?{QUICK}&images=60&view=space")
    page.locator(".st-key-train_frozen button").click()
    finished(page, "Frozen backbone, new head")
    plane = page.locator(".space[data-ready='true']")
    expect(plane).to_have_attribute("data-what", "PCA", timeout=60_000)
    plane.locator(".plane").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(plane.locator(".near h4")).to_contain_text("the nearest in feature space")
    expect(plane.locator(".near li")).to_have_count(8)
    page.get_by_role("radio", name="t-SNE", exact=True).click()
    expect(plane).to_have_attribute("data-what", re.compile("^t-SNE, perplexity"),
                                    timeout=120_000)  # fmt: skip

    view(page, "where")
    heat = page.locator(".heat[data-ready='true']")
    classes = heat.get_by_role("option")
    expect(classes).to_have_count(6, timeout=60_000)
    chosen = int(str(heat.get_attribute("data-chosen")))
    other = (chosen + 1) % 6
    classes.nth(other).click()
    expect(heat).to_have_attribute("data-chosen", str(other), timeout=30_000)

    menu(page, "Download")
    with page.expect_download(timeout=60_000) as promise:
        page.get_by_role("button", name="Project (.zip)").click()
    project = promise.value.path().read_bytes()
    other_page = visit("/transfer?view=data")
    other_page.locator(".st-key-transfer_project input[type=file]").set_input_files(
        {"name": "project.zip", "mimeType": "application/zip", "buffer": project}
    )
    known = page.locator(".st-key-way_frozen").inner_text()
    share = re.search(r"[\d.]+ ?%", known)
    assert share is not None
    again = other_page.locator(".st-key-way_frozen")
    expect(again).to_contain_text(share[0], timeout=PATIENCE)
    expect(other_page).to_have_url(re.compile("images=60"))
    view(other_page, "try")
    answer = other_page.locator(".tiles .caption").first
    expect(answer).to_have_text(re.compile(r"^[a-z]+: \d+%$"), timeout=60_000)


def test_a_held_button_records_into_its_class(visit: Visit) -> None:
    page = visit("/transfer?view=collect")
    hold = card(page, 1).locator(".hold")
    hold.scroll_into_view_if_needed()
    hold.hover()
    page.mouse.down()
    count = card(page, 1).locator(".count")
    expect(count).to_have_class(re.compile("enough"), timeout=30_000)
    page.mouse.up()
    quiet(page)
    expect(card(page, 1).locator(".thumbs button").nth(4)).to_be_visible()
    expect(card(page, 0).locator(".count")).to_have_text("0 pictures")
    taken = card(page, 1).locator(".thumbs button")
    before = count.inner_text()
    taken.first.click()
    expect(count).not_to_have_text(before)


def test_a_chain_is_stopped_as_a_whole_and_the_rate_changes_on_the_way(visit: Visit) -> None:
    page = visit(f"/transfer?{QUICK}&images=60&fine_epochs=100&open_blocks=1")
    page.locator(".st-key-train_finetune button").click()
    status = page.locator(".st-key-run_status")
    expect(status).to_contain_text("Running", timeout=PATIENCE)
    slider = page.get_by_role("slider", name="Learning rate now")
    slider.focus()
    slider.press("ArrowRight")
    view(page, "curves")
    marked = page.locator("[aria-label*='learning rate 0.0001 -> 0.0002']")
    expect(marked.first).to_be_attached(timeout=30_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(status).to_contain_text("Paused", timeout=30_000)
    page.get_by_role("button", name="Resume", exact=True).click()
    expect(status).to_contain_text("Running", timeout=30_000)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(status).to_contain_text("Stopped", timeout=30_000)

    page.get_by_role("button", name="All three").click()
    expect(page.get_by_text("Next: fine-tuning, then from scratch")).to_be_visible(
        timeout=30_000
    )
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(status).to_contain_text("Stopped", timeout=PATIENCE)
    expect(page.get_by_role("button", name="All three")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Next: ")).to_have_count(0)
