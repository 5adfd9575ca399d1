"""The current image: chosen, uploaded, refused with one sentence, and the same on all pages."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from streamlit.testing.v1 import AppTest

from core.images import digest
from core.images.samples import SAMPLES
from core.ui.current_image import DEFAULT

ROOT = Path(__file__).parents[2]
NOISE = np.random.default_rng(3).integers(0, 256, (24, 48, 3), dtype=np.uint8)


def encoded(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


GOOD = encoded(NOISE)
BAD = {
    "text": b"This is no picture.",
    "nothing": b"",
    "header only": b"\x89PNG\r\n\x1a\n",
    "cut off": GOOD[: len(GOOD) // 2],
    "damaged": GOOD[:60] + bytes(40) + GOOD[100:],
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "html named png": b"<!doctype html><script>alert(1)</script>",
    "too many pixels": encoded(np.zeros((1, 1), np.uint8)).replace(
        b"IHDR\x00\x00\x00\x01\x00\x00\x00\x01", b"IHDR\x00\x01\x00\x00\x00\x01\x00\x00"
    ),
}


def opened(page: str = "image", **link: str) -> AppTest:
    at = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60)
    for name, value in {"side": "48", **link}.items():
        at.query_params[name] = value
    return at.switch_page(f"pages/{page}.py").run()


def uploaded(at: AppTest, data: bytes, name: str = "photo.png") -> AppTest:
    at.sidebar.file_uploader[0].set_value((name, data, "image/png"))
    at.run()
    assert not at.exception
    return at


def sent(at: AppTest, key: str) -> dict:
    """What the component of that key was sent; it travels in a list of one."""
    (data,) = json.loads(next(p.proto.json for p in at.get("bidi_component") if p.key == key))
    return data


def shown(at: AppTest) -> np.ndarray:
    """The small picture on the boards."""
    picture = base64.b64decode(sent(at, "boards")["picture"].split(",")[1])
    return np.asarray(PIL.Image.open(io.BytesIO(picture)))


def caption(at: AppTest) -> str:
    return at.sidebar.caption[0].value


def test_the_cat_comes_first():
    at = opened()
    assert DEFAULT == "chelsea"
    assert caption(at) == "Chelsea the cat, 451 x 300. Stefan van der Walt, CC0 1.0"
    assert shown(at).shape == (32, 48, 3)


@pytest.mark.parametrize("slug", SAMPLES)
def test_a_link_chooses_the_sample(slug):
    at = opened(photo=slug)
    assert not at.exception
    assert not at.warning
    sample = SAMPLES[slug]
    assert caption(at).startswith(sample.title)
    assert sample.credit in caption(at)
    assert sample.licence in caption(at)
    assert max(shown(at).shape) == 48


def test_an_upload_takes_the_samples_place():
    at = uploaded(opened(), GOOD)
    assert not at.error
    assert caption(at) == "Your image, 48 x 24"
    assert np.array_equal(shown(at), NOISE)


def test_the_name_of_a_file_is_not_trusted():
    at = uploaded(opened(), encoded(NOISE, "BMP"), "../../etc/passwd")
    assert np.array_equal(shown(at), NOISE)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_upload_is_told_in_one_sentence_and_the_sample_stays(kind):
    at = opened(photo="coffee")
    before = shown(at)
    uploaded(at, BAD[kind])
    if kind == "nothing" and not at.error:
        pytest.skip("an empty upload counts as none")
    assert len(at.error) == 1
    message = at.error[0].value
    assert message.endswith(" The previous image stays.")
    assert "\n" not in message
    assert "Traceback" not in message
    assert len(message) < 250
    assert caption(at).startswith("Cup of coffee")
    assert np.array_equal(shown(at), before)


def test_a_bad_upload_leaves_the_good_one_before_it():
    at = uploaded(opened(), GOOD)
    uploaded(at, BAD["text"], "next.png")
    assert len(at.error) == 1
    assert caption(at) == "Your image, 48 x 24"
    assert np.array_equal(shown(at), NOISE)


def test_a_good_upload_clears_the_message():
    at = uploaded(opened(), BAD["text"])
    assert len(at.error) == 1
    uploaded(at, GOOD, "next.png")
    assert not at.error
    assert np.array_equal(shown(at), NOISE)


def test_choosing_a_sample_puts_the_upload_away():
    at = uploaded(opened(), GOOD)
    at.sidebar.selectbox(key="photo").set_value("brick").run()
    assert not at.exception
    assert caption(at).startswith("Brick wall")


def test_taking_the_upload_back_brings_the_sample_back():
    at = uploaded(opened(photo="coffee"), GOOD)
    at.sidebar.file_uploader[0].set_value(None)
    at.run()
    assert not at.exception
    assert caption(at).startswith("Cup of coffee")


def test_the_image_goes_through_all_pages():
    at = uploaded(opened(), GOOD)
    at.switch_page("pages/convolution.py").run()
    at.segmented_control(key="view").set_value("photo").run()
    assert not at.exception
    assert caption(at) == "Your image, 48 x 24"
    captions = [image.captions[0] for image in at.main.image]
    assert captions[0] == "Your image, 24 x 48"
    assert captions[1].startswith("Filtered, 22 x 46")


def test_the_convolution_reads_the_image():
    at = opened("convolution", image="photo", height="24", width="32", channels="3")
    uploaded(at, encoded(np.full((24, 32, 3), (10, 200, 30), np.uint8)))
    assert [set(plane) for plane in sent(at, "stage")["input"]] == [{10}, {200}, {30}]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 300), (300, 1)])
@pytest.mark.parametrize("padding", ["amount", "same"])
def test_a_tiny_image_is_too_small_for_a_kernel_but_not_for_the_page(size, padding):
    at = opened("convolution", view="photo", padding=padding, kernel_height="3")
    uploaded(at, encoded(np.zeros((*size, 3), np.uint8)))
    told = any("too small" in info.value for info in at.info)
    assert told == (padding == "amount")
    assert bool(at.main.image) != told


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (7, 5)])
def test_a_tiny_image_can_be_read_as_numbers(size):
    at = uploaded(opened(), encoded(np.full((*size, 3), 9, np.uint8)))
    assert max(shown(at).shape[:2]) == 48
    assert set(shown(at).reshape(-1).tolist()) == {9}


def test_the_script_for_an_own_image_reads_a_file():
    at = uploaded(opened(view="code"), GOOD)
    assert 'path = "image.png"' in at.code[0].value
    assert any("your image from `image.png`" in text.value for text in at.caption)


def test_the_script_for_a_sample_with_a_colour_profile_reads_a_file():
    at = opened(view="code", photo="rocket")
    assert 'path = "image.png"' in at.code[0].value
    assert any("the picture from `image.png`" in text.value for text in at.caption)
    at = opened(view="code", photo="coffee")
    assert '"data" / "coffee.png"' in at.code[0].value
    assert not any("image.png" in text.value for text in at.caption)


def test_samples_are_shared_and_cannot_be_changed():
    from core.ui.current_image import _sample

    photo = _sample("coffee")
    assert photo is _sample("coffee")
    assert photo.digest == digest(SAMPLES["coffee"].load())
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0, 0] = 1
