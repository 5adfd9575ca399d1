"""Refusals, limits and hostile bytes: nothing but `ImageError` or a good array."""

import io
import struct
import time
import tracemalloc
import zlib

import numpy as np
import PIL.Image
import PIL.ImageFile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.images import ImageError, decode, decode_image, digest

# Pillow warns of broken EXIF and of large headers; the warnings are not the claim here.
pytestmark = pytest.mark.filterwarnings("ignore")

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
SIGNATURES = (
    *(b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x01\x00\x00WEBPVP8 ", b"GIF89a"),
    *(b"BM", b"II*\x00\x08\x00\x00\x00", b"MM\x00*", b"\x00\x00\x00\x20ftypavif", b"", b"P5 "),
)


def encode(image: PIL.Image.Image, file_format: str, **options: object) -> bytes:
    if file_format not in decode.FORMATS:
        pytest.skip(f"this Pillow cannot write {file_format}")
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def noise(height: int, width: int) -> PIL.Image.Image:
    values = np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return PIL.Image.fromarray(values)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def header_only_png(width: int, height: int) -> bytes:
    """A well-formed PNG of under 100 bytes that claims any size (8-bit RGB)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = png_chunk(b"IDAT", zlib.compress(b"\x00"))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + pixels + png_chunk(b"IEND", b"")


def assert_good_image(image: np.ndarray) -> None:
    assert image.dtype == np.uint8
    assert image.ndim == 3
    assert image.shape[2] == 3
    assert 1 <= min(image.shape[:2]) <= max(image.shape[:2]) <= decode.WORK_SIDE
    assert image.flags.c_contiguous
    assert not image.flags.writeable


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello, I am a picture", "a text"),
        (b"\xef\xbb\xbfna\xc3\xafve", "a text"),
        (b"<!DOCTYPE html><html><body></body></html>", "web page"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"PK\x03\x04\x14\x00\x00\x00", "ZIP"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00", "video"),
        (b"\x00\x00\x01\x00\x01\x00\x10\x10", "icon"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"\x80\x81\x82\x00\xff", "unknown"),
        (b"\x89PNG\r\n\x1a\n", "as PNG pictures do"),
        (b"RIFF\x00\x00\x00\x00WEBP", "as WebP pictures do"),
    ],
)
def test_what_is_no_picture_is_named_and_the_way_out_is_told(data: bytes, word: str) -> None:
    with pytest.raises(ImageError) as caught:
        decode_image(data)
    message = str(caught.value)
    assert word in message
    assert "PNG" in message
    assert message.endswith("try again.")
    assert "\n" not in message


@pytest.mark.parametrize("kind", [b"heic", b"mif1"])
def test_heic_is_told_which_formats_work(kind: bytes) -> None:
    with pytest.raises(ImageError, match=r"HEIC.*JPEG, PNG, WebP, GIF, BMP, TIFF"):
        decode_image(b"\x00\x00\x00\x18ftyp" + kind + bytes(16))


@pytest.mark.parametrize("size", [(0, 0), (0, 5), (5, 0)])
def test_a_picture_of_no_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match="no pixels"):
        decode_image(header_only_png(*size))
    gif = b"GIF89a" + struct.pack("<HH", *size) + b"\x00\x00\x00"
    with pytest.raises(ImageError):
        decode_image(gif)


def test_formats_outside_the_allow_list_stay_closed() -> None:
    assert "PPM" not in decode.FORMATS
    for closed in ("PPM", "TGA", "ICO", "EPS"):
        buffer = io.BytesIO()
        noise(8, 8).save(buffer, closed)
        with pytest.raises(ImageError):
            decode_image(buffer.getvalue())


def test_the_content_decides_not_what_the_file_claims_to_be() -> None:
    # There is no name to pass; a JPEG that a phone called .png is read as the JPEG it is.
    assert decode_image(encode(noise(8, 9), "JPEG")).shape == (8, 9, 3)


def test_one_byte_too_many_is_refused_with_both_numbers() -> None:
    png = encode(noise(4, 4), "PNG")
    full = png + bytes(decode.MAX_BYTES - len(png))
    assert decode_image(full).shape == (4, 4, 3)
    with pytest.raises(ImageError, match=r"20,971,521 bytes; at most 20,971,520 \(20 MB\)"):
        decode_image(full + b"\x00")


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (12000, 9000, "12000 x 9000 = 108 million pixels; at most 50 million work"),
        (50_000_001, 1, "50000001 x 1 = 50.1 million pixels; at most 50 million work"),
        # Beyond Pillow's own limit, which hides width and height.
        (60000, 60000, "has 3600 million pixels; at most 50 million work"),
        (2**31 - 1, 2**31 - 1, "million pixels; at most 50 million work"),
    ],
)
def test_a_bomb_is_refused_by_its_header(
    width: int, height: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(self: PIL.ImageFile.ImageFile) -> None:
        pytest.fail("pixels were decoded")

    monkeypatch.setattr(PIL.ImageFile.ImageFile, "load", load)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(ImageError, match=words):
        decode_image(header_only_png(width, height))
    elapsed = time.perf_counter() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert elapsed < 1.0


@pytest.mark.filterwarnings("error")
def test_a_bomb_is_refused_where_warnings_are_errors() -> None:
    with pytest.raises(ImageError, match="108 million pixels; at most 50 million work"):
        decode_image(header_only_png(12000, 9000))


def test_a_header_within_the_limits_without_its_pixels_is_damaged() -> None:
    with pytest.raises(ImageError, match="PNG picture of 500 x 400 pixels is damaged"):
        decode_image(header_only_png(500, 400))


def test_pillows_global_settings_are_left_alone() -> None:
    before = (PIL.ImageFile.LOAD_TRUNCATED_IMAGES, PIL.Image.MAX_IMAGE_PIXELS)
    decode_image(encode(noise(8, 8), "JPEG"))
    with pytest.raises(ImageError):
        decode_image(header_only_png(60000, 60000))
    assert before == (PIL.ImageFile.LOAD_TRUNCATED_IMAGES, PIL.Image.MAX_IMAGE_PIXELS)
    assert not PIL.ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_truncated_file_is_refused_wherever_it_is_cut(file_format: str) -> None:
    whole = encode(noise(60, 80), file_format)
    assert decode_image(whole).shape == (60, 80, 3)
    # The last bytes may be a trailer (PNG's IEND, GIF's ';') that no pixel depends on.
    cuts = {*range(0, 400, 3), *np.linspace(0, 0.98 * len(whole), 80).astype(int).tolist()}
    for cut in cuts:
        if cut < 0.98 * len(whole):
            with pytest.raises(ImageError):
                decode_image(whole[:cut])


@pytest.mark.parametrize(
    "error", [MemoryError, OverflowError, struct.error, zlib.error, KeyError]
)
def test_whatever_a_decoder_raises_becomes_one_sentence(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(self: PIL.ImageFile.ImageFile) -> None:
        raise error("from the depths")

    png = encode(noise(6, 7), "PNG")
    monkeypatch.setattr(PIL.ImageFile.ImageFile, "load", load)
    with pytest.raises(ImageError, match="PNG picture of 7 x 6 pixels") as caught:
        decode_image(png)
    assert "depths" not in str(caught.value)


@given(start=st.sampled_from(SIGNATURES), rest=st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_give_an_image_or_an_image_error(start: bytes, rest: bytes) -> None:
    try:
        image = decode_image(start + rest)
    except ImageError as error:
        assert str(error).endswith((".",))
    else:
        assert_good_image(image)


@pytest.mark.parametrize("file_format", FORMATS)
def test_flipped_bytes_give_an_image_or_an_image_error(file_format: str) -> None:
    picture = noise(24, 32)
    if file_format in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
        exif = PIL.Image.Exif()
        exif[274] = 6
        whole = encode(picture, file_format, exif=exif)
    else:
        whole = encode(picture, file_format)

    @given(
        edits=st.lists(
            st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)),
            min_size=1,
            max_size=6,
        )
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def check(edits: list[tuple[int, int]]) -> None:
        broken = bytearray(whole)
        for place, value in edits:
            # Headers decide most: half of the edits go there.
            broken[place % 200 if value % 2 and len(whole) > 200 else place] = value
        try:
            image = decode_image(bytes(broken))
        except ImageError:
            return
        assert_good_image(image)

    check()


def test_digest_tells_shape_type_and_every_value_apart() -> None:
    image = np.zeros((600, 700, 3), dtype=np.uint8)
    changed = image.copy()
    changed[599, 699, 2] = 1
    names = {
        digest(image),
        digest(changed),
        digest(image.reshape(700, 600, 3)),
        digest(image.astype(np.int8)),  # type: ignore[arg-type]
    }
    assert len(names) == 4
    assert all(len(name) == 32 for name in names)


def test_digest_does_not_depend_on_the_layout_in_memory() -> None:
    image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert digest(np.asfortranarray(image)) == digest(image)
    assert digest(image[::-1][::-1]) == digest(image)
