"""Pictures that somebody brings to the pages that learn masks and boxes."""

import io
import zipfile

import pytest

from core.data.box_files import as_zip as boxes_zip
from core.data.boxed import BoxSceneSpec
from core.data.mask_pairs import as_zip as masks_zip
from core.data.masked import SceneSpec
from core.ui.data.own_files import fingerprint
from core.ui.pictures import png
from tests.pages.test_pages import errors, opened, words

PAGES = {
    "unet": ({"unet_data": "own"}, masks_zip, SceneSpec),
    "detector": ({"objects_data": "own"}, boxes_zip, BoxSceneSpec),
}


def brought(page, *files):
    """The page after an upload, and a function for the next one."""
    at = opened(page, view="data", **PAGES[page][0])

    def bring(*more):
        # A list replaces what stands in the uploader.
        at.file_uploader(key=f"{page}_files").set_value(list(more))
        at.run()
        assert errors(at) == []
        return at

    return bring(*files), bring


def with_a_broken_picture(data):
    """The zip with one more pair or picture that is none."""
    content = io.BytesIO(data)
    with zipfile.ZipFile(content, "a") as archive:
        folder = next(name for name in archive.namelist() if name.endswith((".png", ".jpg")))
        at = folder.rpartition("/")[0]
        archive.writestr(f"{at}/broken.png".lstrip("/"), b"no picture")
        if "masks" in "".join(archive.namelist()):
            archive.writestr("masks/broken.png", b"no picture")
    return content.getvalue()


def scenes(page, count):
    """So many scenes as a zip."""
    _, as_zip, spec = PAGES[page]
    return as_zip(spec(images=count, image_seed=3).pictures())


@pytest.mark.parametrize("page", PAGES)
def test_a_zip_is_what_the_next_run_learns_from(page):
    at, _ = brought(page, ("scenes.zip", scenes(page, 24), "application/zip"))
    assert "24 pictures" in words(at)
    assert not [e.value for e in at.error]
    assert not {b.key: b for b in at.button}["run_start"].disabled


@pytest.mark.parametrize("page", PAGES)
def test_what_cannot_be_read_is_said_and_the_pictures_from_before_stay(page):
    at, bring = brought(page, ("broken.zip", b"PK no zip", "application/zip"))
    assert len(at.error) == 1
    assert "from before stay" not in at.error[0].value
    at = bring(("scenes.zip", scenes(page, 24), "application/zip"))
    assert not at.error
    at = bring(("broken.zip", b"PK no zip", "application/zip"))
    assert at.error[0].value.endswith("The pictures from before stay.")
    assert "24 pictures" in words(at)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_left_out_are_named(page):
    _, as_zip, spec = PAGES[page]
    data = with_a_broken_picture(as_zip(spec(images=24).pictures()))
    at, _ = brought(page, ("scenes.zip", data, "application/zip"))
    assert any("broken.png" in warning.value for warning in at.warning)


def test_pictures_alone_can_be_given_boxes_by_hand_and_no_masks():
    pictures = BoxSceneSpec(images=24).pictures().images
    files = [(f"{n}.png", png(pixels), "image/png") for n, pixels in enumerate(pictures)]
    at, _ = brought("detector", *files)
    assert not at.error
    assert any("Draw boxes below" in info.value for info in at.info)
    at, _ = brought("unet", *files)
    assert len(at.error) == 1


def test_a_fingerprint_tells_where_a_name_ends():
    assert fingerprint((("a", b"bc"),)) != fingerprint((("ab", b"c"),))
    assert fingerprint((("a", b""), ("b", b""))) != fingerprint((("a", b"b"),))
    assert fingerprint((("a", b"b"),)) == fingerprint((("a", b"b"),))
