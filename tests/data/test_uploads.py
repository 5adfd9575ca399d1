"""Own pictures: what is read, what is passed over, and what is refused before it can harm."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data import archives, uploads
from core.data.uploads import UploadError, read_files, read_folder, read_zip

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


def picture(level: int = 0, side: int = 12, file_format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (side, side), (level, 0, 255 - level)).save(buffer, file_format)
    return buffer.getvalue()


def pack(entries, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


GOOD = [
    (f"{name}/{i}.png", picture(100 * k + i)) for k, name in enumerate("ab") for i in (1, 2)
]


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target


def test_a_folder_is_a_class() -> None:
    upload = read_zip(pack(GOOD), 16)
    own = upload.dataset
    assert own.images.shape == (4, 16, 16, 3)
    assert own.class_names == ("a", "b")
    np.testing.assert_array_equal(own.labels, [0, 0, 1, 1])
    # Each picture has one colour, so that resizing keeps it.
    np.testing.assert_array_equal(own.images[:, 3, 5, 0], [1, 2, 101, 102])
    assert (upload.skipped, upload.ignored) == ((), 0)
    assert upload.report == "4 pictures in 2 classes."


def test_the_folder_that_a_picture_lies_in_is_the_class_however_deep() -> None:
    wrapped = [(f"photos/train/{name}", content) for name, content in GOOD]
    assert read_zip(pack(wrapped), 8).dataset.class_names == ("a", "b")


def test_backslashes_of_windows_separate_folders() -> None:
    data = pack([(name.replace("/", "\\"), content) for name, content in GOOD])
    assert read_zip(data, 8).dataset.class_counts == (2, 2)


def test_accents_stored_apart_are_the_same_class() -> None:
    apart, composed = "cafe\u0301", "caf\u00e9"
    data = pack([(f"{apart}/1", picture()), (f"{composed}/2", picture()), *GOOD[:2]])
    assert read_zip(data, 8).dataset.class_names == ("a", composed)


def test_files_with_class_names_make_the_same_data_set() -> None:
    files = [(name.split("/")[0], content) for name, content in GOOD]
    one, other = read_files(files, 9).dataset, read_zip(pack(GOOD), 9).dataset
    np.testing.assert_array_equal(one.images, other.images)
    np.testing.assert_array_equal(one.labels, other.labels)


def test_a_small_picture_of_a_large_one_is_its_area_mean() -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 200
    buffer = io.BytesIO()
    PIL.Image.fromarray(stripes).save(buffer, "PNG")
    own = read_files([("a", buffer.getvalue())] * 2 + [("b", picture())] * 2, 8).dataset
    assert (own.images[0] == 100).all()


def test_what_systems_add_is_ignored_and_the_unreadable_is_reported() -> None:
    extra = [
        ("__MACOSX/a/._1.png", b"resource fork"),
        ("a/.DS_Store", b"finder"),
        (".git/a/1.png", picture()),
        ("readme.txt", b"no folder"),
        ("a/more.zip", pack(GOOD)),
        link("a/link.png", "../../etc/passwd"),
        ("a/broken.png", picture()[:40]),
        ("b/notes.txt", b"some text"),
    ]
    upload = read_zip(pack([*GOOD, *extra]), 8)
    assert upload.dataset.class_counts == (2, 2)
    assert upload.ignored == 6
    assert [skipped.name for skipped in upload.skipped] == ["a/broken.png", "b/notes.txt"]
    assert "a text, not a picture" in upload.skipped[1].reason
    assert upload.report == (
        "4 pictures in 2 classes; 2 could not be read (the first: a/broken.png); "
        "6 other files were ignored."
    )


@pytest.mark.parametrize(
    "name",
    [
        "../a/1.png",
        "a/../../1.png",
        "/etc/a/1.png",
        "C:\\a\\1.png",
        "..\\a\\1.png",
        "\\\\pc\\a",
    ],
)
def test_a_path_that_leaves_the_archive_is_refused(name: str) -> None:
    with pytest.raises(UploadError, match="points outside of it"):
        read_zip(pack([*GOOD, (name, picture())]), 8)


def test_a_locked_zip_is_refused() -> None:
    data = bytearray(pack(GOOD))
    # Bit 0 of the flags, in the directory: 8 bytes behind the signature.
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(UploadError, match=r"1 of 4 files in the zip are locked by a password"):
        read_zip(bytes(data), 8)


def test_a_zip_bomb_is_refused_by_its_size_before_it_is_unpacked(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "read_entry", None)
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 3_000_000)
    with pytest.raises(UploadError, match="unpacks to 5 MB; at most 3 MB work"):
        read_zip(pack([*GOOD, ("a/zeros", bytes(4_500_000))]), 8)


def test_a_zip_bomb_is_refused_by_its_ratio_before_it_is_unpacked(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "read_entry", None)
    with pytest.raises(UploadError, match="more than 100 times as many"):
        read_zip(pack([*GOOD, ("a/zeros", bytes(11_000_000))]), 8)


def test_entries_that_share_their_bytes_count_each() -> None:
    """The overlapping bomb (Fifield 2019): many directory entries, one body."""
    body = pack([("a/0", bytes(9_000_000))])
    start = body.index(b"PK\x01\x02")
    end = body.index(b"PK\x05\x06")
    entry, tail = body[start:end], bytearray(body[end:])
    struct.pack_into("<HHI", tail, 8, 30, 30, 30 * len(entry))
    with pytest.raises(UploadError, match="unpacks to 270 MB"):
        read_zip(body[:start] + entry * 30 + bytes(tail), 8)


def lie(data: bytes, name: bytes, size: int) -> bytes:
    """State another unpacked size for an entry, in its local header and in the directory."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, data.index(name) - 30 + 22, size)
    struct.pack_into("<I", changed, data.rindex(name) - 46 + 24, size)
    return bytes(changed)


def test_a_header_that_understates_a_size_does_not_get_more_memory() -> None:
    data = lie(pack([*GOOD, ("a/bomb", bytes(50_000_000))]), b"a/bomb", 1000)
    upload = read_zip(data, 8)
    assert [(skipped.name, skipped.reason) for skipped in upload.skipped] == [
        ("a/bomb", "It is damaged in the zip.")
    ]


def test_a_directory_with_too_many_entries_is_not_even_opened(monkeypatch) -> None:
    data = pack([(f"a/{i}", b"") for i in range(60)])
    # The count that the archive states is not believed.
    lying = bytearray(data)
    struct.pack_into("<HH", lying, data.index(b"PK\x05\x06") + 8, 1, 1)
    monkeypatch.setattr(archives, "MAX_ENTRIES", 50)
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)
    with pytest.raises(UploadError, match="about 60 entries; at most 50"):
        read_zip(bytes(lying), 8)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_limit_are_not_used(method: int) -> None:
    upload = read_zip(pack(GOOD, zipfile.ZIP_STORED), 8)
    assert len(upload.dataset) == 4
    with pytest.raises(UploadError, match=r"no picture that could be read.*4 files could not"):
        read_zip(pack(GOOD, method), 8)


def test_too_many_pictures_are_refused_before_one_is_read(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_IMAGES", 3)
    monkeypatch.setattr(uploads, "decode_image", None)
    with pytest.raises(UploadError, match="4 files; at most 3 pictures"):
        read_zip(pack(GOOD), 8)


def test_an_array_too_large_is_refused_with_a_side_that_works(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_ARRAY_BYTES", 4 * 3 * 100**2)
    with pytest.raises(UploadError, match="a side of 100 or less"):
        read_zip(pack(GOOD), 128)
    assert len(read_zip(pack(GOOD), 100).dataset) == 4


def test_too_many_pixels_together_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_PIXELS", 3 * 12 * 12)
    with pytest.raises(UploadError, match="too many to decode here"):
        read_zip(pack(GOOD), 8)


def test_an_upload_too_large_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1_000_000)
    with pytest.raises(UploadError, match="The upload has 2 MB; at most 1 MB"):
        read_zip(bytes(1_000_001), 8)
    with pytest.raises(UploadError, match="The upload has 2 MB; at most 1 MB"):
        read_files([("a", bytes(400_000))] * 3, 8)


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([], "no picture that could be read"),
        (GOOD[:2], "only one class \\('a'\\).*at least 2 classes"),
        (GOOD[:3], "Only one picture of 'b' could be read; every class needs at least 2"),
        (
            [*GOOD[:3], ("b/x", b"text"), ("c/1", picture())],
            "of 'b' and of 1 more classes could be read.* 1 files could not be read",
        ),
        (
            [(f"{i:03}/{j}", picture(side=1)) for i in range(101) for j in range(2)],
            "101 classes; at most 100",
        ),
    ],
)
def test_too_few_or_too_many_classes_are_said(entries, text) -> None:
    with pytest.raises(UploadError, match=text):
        read_zip(pack(entries), 8)


@pytest.mark.parametrize("data", [b"", b"no zip", picture(), pack(GOOD)[:-30], pack(GOOD)[60:]])
def test_what_is_no_zip_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UploadError):
        read_zip(data, 8)


@pytest.mark.parametrize("side", [7, 257])
def test_a_side_out_of_bounds_is_refused(side: int) -> None:
    with pytest.raises(UploadError, match="Use 8 to 256 pixels"):
        read_zip(pack(GOOD), side)


def test_a_file_without_a_class_is_refused() -> None:
    with pytest.raises(UploadError, match="1 files have no class"):
        read_files([("a", picture()), (" \x00", picture())], 8)


ARCHIVE = pack([(name, content) for name, content in GOOD], zipfile.ZIP_STORED)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(ARCHIVE) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    cut=st.integers(0, 30),
)
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_zip_gives_a_data_set_or_a_sentence(changes, cut) -> None:
    data = bytearray(ARCHIVE)
    for place, value in changes:
        data[place] = value
    try:
        upload = read_zip(bytes(data[: len(data) - cut]), 8)
    except UploadError as error:
        assert str(error).endswith(".")
    else:
        assert min(upload.dataset.class_counts) >= 2


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(
        st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30
    )
)
def test_no_name_of_an_entry_breaks_anything(name: str) -> None:
    try:
        upload = read_zip(pack([*GOOD, (name, picture())]), 8)
    except UploadError as error:
        assert str(error)
    else:
        assert {"a", "b"} <= set(upload.dataset.class_names)


def test_nothing_is_written(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for forbidden in ("extract", "extractall"):
        monkeypatch.setattr(zipfile.ZipFile, forbidden, None)
    read_zip(pack([*GOOD, link("a/link", "/etc/passwd")]), 8)
    assert list(tmp_path.iterdir()) == []


def sized(width: int, height: int, file_format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (width, height), (9, 9, 9)).save(buffer, file_format, **options)
    return buffer.getvalue()


def test_the_sizes_before_resizing_are_kept_for_the_gallery() -> None:
    turned = PIL.Image.Exif()
    turned[274] = 6  # a quarter turn: 50 x 20 as stored is 20 x 50 as seen
    entries = [
        *(("a/1.png", sized(30, 20)), ("a/2.png", b"broken"), ("a/3.png", sized(40, 40))),
        *(("b/1.jpg", sized(50, 20, "JPEG", exif=turned)), ("b/2.png", sized(2000, 1000))),
    ]
    own = read_zip(pack(entries), 16).dataset
    assert own.original_hw.tolist() == [[20, 30], [40, 40], [50, 20], [1000, 2000]]


def test_a_side_left_open_keeps_every_pixel_where_there_is_room(monkeypatch) -> None:
    entries = [(name, sized(28, 20)) for name, _ in GOOD]
    assert read_zip(pack(entries)).dataset.shape == (28, 28, 3)
    assert read_zip(pack([*entries, ("a/l.png", sized(90, 700))])).dataset.shape[0] == 256
    monkeypatch.setattr(uploads, "ROOMY_BYTES", 4 * 3 * 24**2)
    assert read_zip(pack(entries)).dataset.shape == (24, 24, 3)
    assert read_files([("a", content) for _, content in entries[:2]] * 2 + [
        ("b", content) for _, content in entries[2:]
    ]).dataset.shape[0] < 24  # fmt: skip


def test_pictures_that_fit_come_through_unchanged() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 3), dtype=np.uint8)
    entries = []
    for place, image in enumerate(pixels):
        buffer = io.BytesIO()
        PIL.Image.fromarray(image).save(buffer, "PNG")
        entries.append((f"{'aabb'[place]}/{place}.png", buffer.getvalue()))
    np.testing.assert_array_equal(read_zip(pack(entries)).dataset.images, pixels)


def test_a_folder_is_read_like_a_zip_of_it() -> None:
    files = [*GOOD, ("a/.hidden.png", picture()), ("loose.png", picture()), ("a/x.txt", b"x")]
    zipped, folder = read_zip(pack(files), 16), read_folder(files, 16)
    assert folder.dataset.digest == zipped.dataset.digest
    assert folder.report == zipped.report
    assert folder.report.endswith("(the first: a/x.txt); 2 other files were ignored.")


def test_a_path_that_climbs_out_of_the_folder_is_ignored() -> None:
    climbing = [(f"../{name}", content) for name, content in GOOD]
    upload = read_folder([*GOOD, *climbing], 16)
    assert (len(upload.dataset), upload.ignored) == (4, 4)
