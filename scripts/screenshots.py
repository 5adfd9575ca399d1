"""Take the pictures of the documentation: `make screenshots`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from scripts.serve import ROOT, served
from tests.e2e.browser import launch

FOLDER = ROOT / "docs" / "screenshots"
PORT = 8593


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how large, in which theme, after which action."""

    name: str
    path: str
    size: tuple[int, int] = (1440, 900)
    theme: Literal["light", "dark"] = "light"
    act: Callable[[Page], None] = lambda page: None


def point_at_output(page: Page) -> None:
    """Hover one output cell, so that its window is lit."""
    page.locator(".stage .output canvas.top").hover(position={"x": 90, "y": 90})


def wait_for_answer(page: Page) -> None:
    """Until the network has answered everything."""
    page.locator(".sight[data-waiting='false'] li").first.wait_for(timeout=120_000)
    page.wait_for_timeout(3000)


def wait_for_segments(page: Page) -> None:
    """The methods have answered."""
    page.locator(".segments[data-waiting='false']").wait_for(timeout=180_000)


def wait_for_boxes(page: Page) -> None:
    """The detector has answered."""
    page.locator(".detections[data-waiting='false']").wait_for(timeout=180_000)


def suppress_once(page: Page) -> None:
    """The surest box is kept, and has met the others."""
    for _ in range(2):
        page.locator(".suppressing .forward").click()


def wait_for_draws(page: Page) -> None:
    """Until the engine has started and drawn."""
    page.locator(".drawn").first.wait_for(timeout=120_000)
    page.wait_for_timeout(1500)


def show_blocks(page: Page) -> None:
    """Open the view with the network's blocks."""
    page.get_by_role("radio", name="blocks", exact=True).click()
    page.locator(".anatomy").wait_for()


def train_a_head(page: Page) -> None:
    """Train a head on frozen features, and show its pictures as points."""
    page.locator(".st-key-train_frozen button").click()
    page.locator("strong", has_text="Finished").wait_for(timeout=240_000)
    page.get_by_role("button", name="All three").wait_for(timeout=60_000)
    page.locator("[data-test-script-state='notRunning']").wait_for()
    page.get_by_role("radio", name="space", exact=True).click()
    page.locator(".space[data-ready='true']").wait_for(timeout=120_000)
    page.locator("[data-test-script-state='notRunning']").wait_for()
    page.wait_for_timeout(3000)


def train_masks(page: Page) -> None:
    """Train a U-Net for a few epochs."""
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("strong", has_text="Finished").wait_for(timeout=240_000)
    page.get_by_role("button", name="Start", exact=True).wait_for(timeout=60_000)
    page.locator(".receptive-tiles").wait_for()
    page.mouse.move(5, 5)
    page.locator("[data-test-script-state='notRunning']").wait_for()


def train_boxes(page: Page) -> None:
    """Train a detector for a few epochs."""
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("strong", has_text="Finished").wait_for(timeout=240_000)
    page.get_by_role("button", name="Start", exact=True).wait_for(timeout=60_000)
    page.locator(".st-key-detector_scenes").wait_for()
    page.mouse.move(5, 5)
    page.locator("[data-test-script-state='notRunning']").wait_for()
    page.wait_for_timeout(1500)


SHOTS = (
    Shot("home", "/"),
    Shot(
        "convolution",
        "/convolution?pad_height=1&stride_height=2&height=6&width=6",
        act=point_at_output,
    ),
    Shot("convolution-channels", "/convolution?channels=3&filters=2&bias=true&kernel=random",
         size=(1440, 1100), theme="dark"),
    Shot("convolution-matrix", "/convolution?view=matrix", size=(1440, 1250),
         act=point_at_output),
    Shot("convolution-photo", "/convolution?view=photo&kernel=sobel&image=photo"
         "&height=12&width=12", size=(1440, 1400)),
    Shot("image", "/image", size=(1440, 1000)),
    Shot("kernels", "/kernels?probe=100,240", size=(1440, 1000)),
    Shot("kernels-learn", "/kernels?view=learn&learn_lot=18", theme="dark",
         size=(1440, 1500)),
    Shot("pooling", "/pooling?pool_shows=unpool", size=(1440, 1000)),
    Shot("pooling-checkerboard", "/pooling?pool_shows=unpool&pool_back=transposed"
         "&pool_input=ones&pool_height=8&pool_width=8", theme="dark", size=(1440, 1000)),
    Shot("normalisation", "/normalisation?norm_cell=1,0,1,2", size=(1440, 1250)),
    Shot("descent", "/descent?surface=himmelblau&rate_a=0.01&optimizer_b=momentum&rate_b=0.002"
         "&optimizer_c=adam&rate_c=0.2&shown_lane=c&shown_step=7", size=(1440, 1250)),
    Shot("descent-cliff", "/descent?surface=cliff&rate_a=0.2&descent_steps=100&shown_step=55",
         theme="dark", size=(1440, 1000)),
    Shot("backprop", "/backprop", size=(1440, 1000),
         act=lambda page: page.locator(".backprop [data-name='w21']").hover()),
    Shot("softmax", "/softmax?shift_all=100.0", size=(1440, 1000)),
    Shot("classify", "/classify?challenge=patch&hard_patch=20.0&photo=coffee",
         size=(1440, 1100), act=wait_for_answer),
    Shot("classify-seen", "/classify?view=seen", theme="dark", size=(1440, 1900),
         act=wait_for_answer),
    Shot("segment", "/segment?photo=coffee&seg_second=kmeans", size=(1440, 1150),
         act=wait_for_segments),
    Shot("segment-coins", "/segment?photo=coins&seg_method=watershed&view=steps", theme="dark",
         size=(1440, 1250), act=wait_for_segments),
    Shot("unet", "/unet?scene_kinds=3&scene_side=48&scene_background=plain&scene_count=500",
         size=(1440, 1700), act=train_masks),
    Shot("unet-ladder", "/unet?view=ladder&unet_depth=4&unet_width=64&unet_up=transposed"
         "&unet_padding=valid&unet_norm=False&ladder_side=572&ladder_channels=1"
         "&ladder_classes=2", theme="dark", size=(1440, 1250)),
    Shot("masks", "/masks?mask_right=4&mask_down=3", size=(1440, 1150)),
    Shot("masks-example", "/masks?mask_truth=example&view=example", theme="dark",
         size=(1440, 1500)),
    Shot("boxes", "/boxes", size=(1440, 1000)),
    Shot("boxes-ap", "/boxes?ap_example=shapes&ap_scenes=8&ap_invented=14&ap_drawn=9",
         theme="dark", size=(1440, 1900)),
    Shot("detect", "/detect?photo=coffee&det_side=288&det_confidence=5&det_left_out=True",
         size=(1440, 1150), act=wait_for_boxes),
    Shot("detect-several", "/detect?det_pictures=samples&photo=astronaut&det_side=288",
         theme="dark", size=(1440, 1500), act=wait_for_boxes),
    Shot("yolo", "/yolo", size=(1440, 1300)),
    Shot("yolo-suppression", "/yolo?yolo_shows=suppression&nms_subject=shapes", theme="dark",
         size=(1440, 1000), act=suppress_once),
    Shot("detector", "/detector?objects_kinds=4&detector_epochs=10", size=(1440, 1380),
         act=train_boxes),
    Shot("detector-data", "/detector?view=data&shown_grid=True&objects_count=150", theme="dark",
         size=(1440, 1150)),
    Shot("transfer", "/transfer", size=(1440, 1400),
         act=show_blocks),
    Shot("transfer-trained", "/transfer?images=90", theme="dark",
         size=(1440, 1800), act=train_a_head),
    Shot("augmentation", "/augmentation?augment_step=rotation-degrees30&photo=coffee",
         size=(1440, 1000), act=wait_for_draws),
    Shot("augmentation-boxes", "/augmentation?augment_mode=boxes&photo=astronaut"
         "&augment_steps=flip.horizontal_scale.jitter_color.jitter", theme="dark",
         size=(1440, 1250), act=wait_for_draws),
    Shot("predict", "/convolution?predict=true", size=(1440, 1050)),
    Shot("present", "/convolution?present=true"),
    Shot("phone", "/convolution?pad_height=1", size=(390, 844)),
)  # fmt: skip


def take(page: Page, address: str, shot: Shot) -> None:
    """Open, wait until all is still, act, and save."""
    page.goto(address + shot.path)
    page.locator("h1").wait_for()
    if shot.path != "/":
        page.locator("[data-ready='true'], .st-key-run_buttons").first.wait_for()
    page.locator("[data-test-script-state='notRunning']").wait_for()
    page.wait_for_timeout(1500)
    shot.act(page)
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / f"{shot.name}.png")


def main() -> None:
    """Take all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served(PORT) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for shot in SHOTS:
            width, height = shot.size
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=shot.theme
            )
            take(context.new_page(), address, shot)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
