"""Own pictures with masks: who belongs to whom, what the numbers mean, what is refused."""

import io
import zipfile

import numpy as np
import PIL.Image
import PIL.ImageDraw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.archives import UnreadableError
from core.data.mask_classes import read_mask
from core.data.mask_pairs import as_zip, read_files, read_zip
from core.data.masked import SceneSpec
from core.data.uploads import UploadError
from core.zoo.segmenters import voc_palette

SIDE = 32


def saved(image, file_format="PNG", **more):
    buffer = io.BytesIO()
    image.save(buffer, file_format, **more)
    return buffer.getvalue()


def photo(width=40, height=20, file_format="PNG"):
    return saved(PIL.Image.new("RGB", (width, height), (200, 30, 60)), file_format)


def grey(levels, width=40, height=20, file_format="PNG", mode="L"):
    """A mask of upright stripes, one of each level."""
    row = np.repeat(levels, -(-width // len(levels)))[:width]
    values = np.tile(np.array(row, np.uint8), (height, 1))
    return saved(PIL.Image.fromarray(values).convert(mode), file_format)


def palette(numbers, colours, width=40, height=20):
    row = np.repeat(numbers, -(-width // len(numbers)))[:width]
    image = PIL.Image.fromarray(np.tile(np.array(row, np.uint8), (height, 1)))
    image.putpalette([level for colour in colours for level in colour])
    return saved(image)


def colours(*found, file_format="PNG", **more):
    row = np.repeat(np.array(found, np.uint8), 40 // len(found), axis=0)
    return saved(PIL.Image.fromarray(np.tile(row, (20, 1, 1))), file_format, **more)


def pack(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def of(mask, *others, extra=()):
    """What becomes of three pictures with these masks; the first one thrice."""
    masks = [mask, *others, mask, mask][: max(3, len(others) + 1)]
    files = [(f"images/{k}.jpg", photo(file_format="JPEG")) for k in range(len(masks))]
    files += [(f"masks/{k}.png", content) for k, content in enumerate(masks)]
    return read_files([*files, *extra], SIDE)


# Who belongs to whom


@pytest.mark.parametrize(
    ("picture", "mask"),
    [
        ("images/{}.jpg", "masks/{}.png"),
        ("my masks/images/{}.jpg", "my masks/masks/{}.png"),
        ("train/imgs/{}.png", "train/labels/{}.png"),
        ("images/train/{}.png", "annotations/train/{}.png"),
        ("train/{}.jpg", "train_masks/{}_mask.gif"),
        ("{}.jpg", "{}_mask.png"),
        ("photos/{}.jpg", "photos/{}.mask.png"),
        ("cells/{}.jpg", "cells/{}-label.png"),
        ("masks and more/{}.jpg", "masks and more/{}.png"),
        ("VOC2012\\JPEGImages\\{}.jpg", "VOC2012\\SegmentationClass\\{}.png"),
        ("JPEGImages/A{}.JPG", "SegmentationClass/a{}.png"),
    ],
)
def test_layouts_that_people_have(picture, mask):
    ending = "GIF" if mask.endswith("gif") else "PNG"
    files = []
    for k, level in enumerate((10, 90, 250)):
        image = PIL.Image.new("RGB", (8 + k, 8), (level, level, level))
        files.append((picture.format(k), saved(image)))
        files.append((mask.format(k), grey([0] * k + [255], 8 + k, 8, ending)))
    files.append(("VOC2012\\SegmentationObject\\0.png", b"numbers of objects"))
    upload = read_zip(pack(files), SIDE)
    own = upload.dataset
    assert own.images[:, 3, 3, 0].tolist() == [10, 90, 250]
    assert own.masks.mean((1, 2)).tolist() == pytest.approx([1, 4 / 9, 2 / 10], abs=0.02)
    assert (upload.skipped, upload.ignored) == ((), 1)
    assert (
        upload.report
        == "3 pictures with masks of 2 classes; 1 file of another kind passed over."
    )
    assert own.original_hw.tolist() == [[8, 8], [8, 9], [8, 10]]


def test_a_mask_for_each_object_of_a_picture_is_laid_together():
    files = []
    for k in range(3):
        files.append((f"train/{k}/images/{k}.png", photo()))
        for place in range(3):
            levels = [255 * (place == at and k != at) for at in range(4)]
            files.append((f"train/{k}/masks/object {place}.png", grey(levels)))
    upload = read_files(files, SIDE)
    expected = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0]]).repeat(SIDE // 4, axis=1)
    np.testing.assert_array_equal(upload.dataset.masks[:, 9], expected)
    assert upload.skipped == ()
    assert upload.said[-1] == "Of 3 pictures the masks of single objects were laid together."


def test_good_pairs_are_kept_and_the_others_named_with_the_reason():
    good = [
        (f"{folder}/{k}.png", content)
        for k in range(3)
        for folder, content in (("images", photo()), ("masks", grey([0, 255])))
    ]
    upload = read_files(
        [
            *good,
            ("images/alone.jpg", photo()),
            ("masks/lost.png", grey([0, 255])),
            ("images/small.png", photo(40, 20)),
            ("masks/small.png", grey([0, 255], 20, 10)),
            ("images/broken.png", photo()[:50]),
            ("masks/broken.png", grey([0, 255])),
            ("images/0.jpg", photo(file_format="JPEG")),
            ("images/notes.md", b"words"),
            (".git/masks/0.png", b"hidden"),
        ],
        SIDE,
    )
    reasons = {file.name: file.reason for file in upload.skipped}
    assert len(upload.dataset) == 3
    assert set(reasons) == {
        "images/alone.jpg", "masks/lost.png", "masks/small.png", "images/broken.png",
        "images/0.jpg",
    }  # fmt: skip
    assert reasons["images/alone.jpg"] == "It is a picture without a mask."
    assert reasons["masks/lost.png"] == "It is a mask without a picture."
    assert (
        "has 20 x 10 pixels, its picture images/small.png 40 x 20" in reasons["masks/small.png"]
    )
    assert "damaged" in reasons["images/broken.png"]
    assert upload.ignored == 2


def test_too_few_pairs_say_what_would_work():
    with pytest.raises(UploadError, match=r"1 pairs .* at least 3 .* folder 'masks', or name"):
        read_files([("a.jpg", photo()), ("a_mask.png", grey([0, 255]))], SIDE)
    with pytest.raises(UploadError, match=r"Not used: a.jpg. It is a picture without a mask"):
        read_files([("a.jpg", photo())], SIDE)
    with pytest.raises(UploadError, match="side 20 is out of bounds"):
        read_zip(b"", 20)
    with pytest.raises(UploadError, match="no zip archive"):
        read_zip(b"nothing")


# What the numbers mean


def test_palette_numbers_are_classes_and_vocs_void_is_told():
    upload = of(palette([0, 15, 255, 12], voc_palette()))
    own = upload.dataset
    assert own.class_names == ("background", "dog", "person")
    np.testing.assert_array_equal(own.masks[0, 5], np.repeat([0, 2, 0, 1], SIDE // 4))
    assert upload.said[0].startswith("25.0 % of all pixels, in 3 masks, are void (255")


def test_names_of_a_file_are_those_of_the_numbers():
    names = ("classes.txt", b"# mine\nwater\nroad\ntree\nroof\n")
    mask = palette([0, 2], [(9, 9, 0), (0, 90, 0), (8, 0, 8)])
    own = of(mask, extra=[names]).dataset
    assert own.class_names == ("water", "road", "tree", "roof")
    assert np.unique(own.masks).tolist() == [0, 2]
    few = of(mask, extra=[("classes.txt", b"one\ntwo\n")])
    assert few.dataset.class_names == ("background", "object")
    assert "classes.txt has 2 names for 2 classes and was not used." in few.said


@pytest.mark.parametrize(
    ("levels", "names", "expected"),
    [
        ([0, 255], ("background", "object"), [0, 1]),
        ([0, 1], ("background", "object"), [0, 1]),
        ([255, 0, 128, 64], ("background", "grey 64", "grey 128", "grey 255"), [3, 0, 2, 1]),
        ([0, 1, 2, 255], ("background", "class 1", "class 2"), [0, 1, 2, 0]),
    ],
)
def test_grey_levels_become_classes_in_their_order(levels, names, expected):
    own = of(grey(levels)).dataset
    assert own.class_names == names
    np.testing.assert_array_equal(own.masks[0, 5], np.repeat(expected, SIDE // len(levels)))


def test_black_and_white_has_many_forms():
    """One bit, a palette of greys, RGB, transparent, GIF, and JPEG, which is told."""
    clear = np.zeros((20, 40, 4), np.uint8)
    clear[:, 20:] = 255
    forms = [
        grey([0, 255], mode="1"),
        palette([0, 1], [(0, 0, 0), (255, 255, 255)]),
        grey([0, 255], mode="P"),
        grey([0, 255], mode="RGB"),
        saved(PIL.Image.fromarray(clear)),
        grey([0, 255], file_format="GIF"),
        grey([0, 255], file_format="JPEG"),
        grey([0, 255], file_format="JPEG", mode="RGB"),
    ]
    upload = of(*forms)
    expected = np.tile(np.repeat([0, 1], SIDE // 2), (len(forms), SIDE, 1))
    np.testing.assert_array_equal(upload.dataset.masks, expected)
    assert upload.said[0].startswith("2 masks were blurred by compression or smoothing")


def test_smoothed_edges_are_no_classes():
    disc = PIL.Image.new("L", (320, 160))
    PIL.ImageDraw.Draw(disc).ellipse((100, 20, 220, 140), fill=255)
    upload = of(saved(disc.resize((40, 20), PIL.Image.Resampling.BILINEAR)))
    assert upload.dataset.class_names == ("background", "object")
    share = np.pi * 60**2 / (320 * 160)
    assert upload.dataset.masks.mean() == pytest.approx(share, abs=0.03)
    assert "were blurred by compression or smoothing" in upload.said[0]


def test_colours_become_classes_and_black_is_the_background():
    red, green = (255, 0, 0), (0, 255, 0)
    own = of(colours(green, (0, 0, 0), red, red), grey([0, 0])).dataset
    assert own.class_names == ("background", "#00ff00", "#ff0000")
    np.testing.assert_array_equal(own.masks[0, 5], np.repeat([1, 0, 2, 2], SIDE // 4))
    labels = (
        "labelmap.txt",
        b"# label:color_rgb:parts:actions\nsky:255,0,0::\ngrass:0,255,0::\n",
    )
    assert of(colours(red, green), extra=[labels]).dataset.class_names == (
        "background", "grass", "sky",
    )  # fmt: skip
    voc = of(colours((0, 0, 0), (192, 128, 128), (224, 224, 192), (64, 0, 128)))
    assert voc.dataset.class_names == ("background", "dog", "person")
    assert "are void" in voc.said[0]


def test_masks_that_were_compressed_or_smoothed_are_refused_in_words():
    rng = np.random.default_rng(0)
    many = saved(PIL.Image.fromarray(rng.integers(0, 256, (20, 40, 3), dtype=np.uint8)))
    ramp = np.linspace(0, 255, 800).astype(np.uint8).reshape(20, 40)
    soft = saved(PIL.Image.fromarray(ramp))
    jpeg = colours((255, 0, 0), (0, 255, 0), file_format="JPEG")
    wide = saved(PIL.Image.fromarray(np.arange(800, dtype=np.uint16).reshape(20, 40)))
    for mask, said in (
        (many, r"colours; a mask has one for each class, at most 40.*without smoothing"),
        (soft, r"grey levels and was smoothed"),
        (jpeg, r"a JPEG in [\d,]+ colours"),
        (wide, r"numbers from 0 to 799; of 16-bit masks"),
        (b"words", "no picture, so no mask"),
    ):
        with pytest.raises(UploadError, match=said):
            of(mask)
    with pytest.raises(UploadError, match="All pixels of all masks are background"):
        of(grey([0, 0]))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PNG", "GIF", "TIFF", "BMP", "JPEG", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 255)), min_size=1, max_size=9),
    st.integers(20, 9_999),
)
@pytest.mark.filterwarnings("ignore")
def test_whatever_is_broken_in_a_mask_is_said_in_words(file_format, changes, length):
    content = bytearray(grey([0, 90, 255], file_format=file_format))
    for place, value in changes:
        content[place % len(content)] = value
    try:
        found = read_mask(bytes(content[:length]), SIDE)
    except UnreadableError as error:
        assert str(error).endswith(".")
    else:
        assert found.values.shape[:2] == (SIDE, SIDE)


def test_pictures_are_averaged_and_masks_are_not():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 200
    mask = PIL.Image.fromarray(np.tile(np.array([0, 0, 90, 90], np.uint8), (64, 16)))
    files = []
    for k in range(3):
        files.append((f"{k}.png", saved(PIL.Image.fromarray(stripes))))
        files.append((f"{k}_seg.png", saved(mask)))
    own = read_files(files, SIDE).dataset
    assert (own.images == 100).all()
    np.testing.assert_array_equal(own.masks[2, 7], np.tile([0, 1], SIDE // 2))


# There and back


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 99), st.sampled_from([32, 48]))
def test_scenes_come_back_from_their_zip_pixel_by_pixel(seed, side):
    scenes = SceneSpec(images=20, image_size=side, image_seed=seed).pictures()
    again = read_zip(as_zip(scenes, 5), side)
    np.testing.assert_array_equal(again.dataset.images, scenes.images[:5])
    np.testing.assert_array_equal(again.dataset.masks, scenes.masks[:5])
    assert again.dataset.class_names == scenes.class_names
    assert (again.skipped, again.ignored) == ((), 0)
    spec = SceneSpec(dataset="own")
    assert spec.pictures(again.dataset) is again.dataset
    part = again.dataset.subset([4, 2])
    np.testing.assert_array_equal(part.masks, scenes.masks[[4, 2]])
    assert part.original_hw.shape == (2, 2)
