"""Every kind of picture becomes the RGB that an eye would see."""

import io
import struct
import zlib

import numpy as np
import PIL.Image
import PIL.JpegImagePlugin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from core.images import decode, decode_image
from core.images.samples import SAMPLES

RNG = np.random.default_rng(11)
needs_avif = pytest.mark.skipif("AVIF" not in decode.FORMATS, reason="Pillow without AVIF")


def encode(image: PIL.Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def noise(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


def grey_rgb(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[..., None], 3, axis=-1)


def over_white(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    share = alpha[..., None] / 255
    return colour * share + 255 * (1 - share)


def write_png(values: np.ndarray, depth: int, colour_type: int, *chunks: bytes) -> bytes:
    """A PNG from the specification alone; `values` (H, W[, C]), each below 2**depth."""
    height, width = values.shape[:2]
    flat = values.reshape(height, -1)
    if depth == 16:
        rows = [row.astype(">u2").tobytes() for row in flat]
    else:
        bits = (flat[..., None] >> np.arange(depth - 1, -1, -1)) & 1
        rows = [np.packbits(row.reshape(-1).astype(np.uint8)).tobytes() for row in bits]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), *chunks, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


# --- lossless formats give back what went in --------------------------------------------


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"compression": "packbits"}),
    ],
)
def test_lossless_rgb_comes_back_exactly(file_format: str, options: dict[str, object]) -> None:
    values = noise(13, 17, 3)
    image = decode_image(encode(PIL.Image.fromarray(values), file_format, **options))
    np.testing.assert_array_equal(image, values)
    assert image.flags.c_contiguous
    assert not image.flags.writeable


@pytest.mark.parametrize("file_format", ["JPEG", pytest.param("AVIF", marks=needs_avif)])
@pytest.mark.parametrize("colour", [(200, 30, 60), (0, 0, 0), (255, 255, 255), (12, 180, 240)])
def test_lossy_formats_keep_a_flat_colour(
    file_format: str, colour: tuple[int, int, int]
) -> None:
    image = decode_image(
        encode(PIL.Image.new("RGB", (33, 20), colour), file_format, quality=95)
    )
    assert image.shape == (20, 33, 3)
    # 8-bit YCbCr rounds each of three numbers by up to a half.
    assert np.abs(image.astype(int) - colour).max() <= 3


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF", "BMP"])
def test_grey_becomes_three_equal_channels(file_format: str) -> None:
    values = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (16, 1))
    image = decode_image(encode(PIL.Image.fromarray(values), file_format))
    assert (image == image[..., :1]).all()
    assert np.abs(image[..., 0].astype(int) - values).max() <= (file_format == "JPEG")


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "BMP", "GIF"])
def test_one_bit_becomes_black_and_white(file_format: str) -> None:
    values = noise(9, 21) > 127
    image = decode_image(encode(PIL.Image.fromarray(values), file_format))
    np.testing.assert_array_equal(image, grey_rgb(np.where(values, 255, 0)))


# --- more than 8 bits ---------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_all_65536_greys_are_rounded_not_clipped(file_format: str) -> None:
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    image = decode_image(encode(PIL.Image.fromarray(values), file_format))
    expected = np.rint(values / 65535 * 255).astype(np.uint8)  # no ties: 257 is odd
    np.testing.assert_array_equal(image, grey_rgb(expected))


def test_big_endian_16_bit_tiff_is_scaled() -> None:
    values = np.array([[0, 256, 32768, 65535]], dtype=">u2")
    tiff = encode(PIL.Image.fromarray(values), "TIFF")
    assert PIL.Image.open(io.BytesIO(tiff)).mode == "I;16B"
    np.testing.assert_array_equal(decode_image(tiff)[0, :, 0], [0, 1, 128, 255])


def test_16_bit_colour_is_within_one_level_of_rounding() -> None:
    values = RNG.integers(0, 65536, (12, 10, 3)).astype(np.uint16)
    values[0, :2] = [[0, 0, 0], [65535, 65535, 65535]]
    image = decode_image(write_png(values, 16, 2))
    # Pillow keeps the high byte, v // 256, instead of round(v / 257).
    assert np.abs(image - values / 257).max() <= 1.0
    np.testing.assert_array_equal(image[0, :2], [[0, 0, 0], [255, 255, 255]])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),  # fractions: 0..1
        ([0.0, 100.0, 200.0], [0, 100, 200]),  # 0..255
        ([0.0, 32896.0, 65535.0], [0, 128, 255]),  # 0..65535
        ([-1.0, 0.0, 1.0], [0, 128, 255]),  # stretched
        ([0.0, 1e6, 2e6], [0, 128, 255]),  # stretched
        ([np.nan, 0.5, np.inf], [0, 0, 255]),  # only one finite number
        ([np.nan, np.nan, np.nan], [0, 0, 0]),
    ],
)
def test_fractional_grey_is_scaled_not_clipped(
    values: list[float], expected: list[int]
) -> None:
    picture = PIL.Image.fromarray(np.array([values], dtype=np.float32))
    if np.isnan(values[0]) and not np.isnan(values[1]):
        expected = [0, 128, 255]  # 0.5 lies on the scale 0..1, infinity is white
    image = decode_image(encode(picture, "TIFF"))
    np.testing.assert_array_equal(image[0, :, 0], expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 100, 255], [0, 100, 255]),
        ([0, 256, 65535], [0, 1, 255]),
        ([-300, 0, 300], [0, 128, 255]),
        ([0, 2**30, 2**31 - 1], [0, 128, 255]),
    ],
)
def test_32_bit_grey_is_scaled_not_clipped(values: list[int], expected: list[int]) -> None:
    picture = PIL.Image.fromarray(np.array([values], dtype=np.int32))
    np.testing.assert_array_equal(decode_image(encode(picture, "TIFF"))[0, :, 0], expected)


# --- transparency -------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP"])
def test_alpha_is_laid_over_white(file_format: str) -> None:
    values = noise(20, 30, 4)
    options = {"lossless": True, "exact": True} if file_format == "WEBP" else {}
    image = decode_image(encode(PIL.Image.fromarray(values), file_format, **options))
    expected = over_white(values[..., :3].astype(float), values[..., 3])
    assert np.abs(image - expected).max() <= 0.51  # rounded, with its exact ties either way


@needs_avif
def test_alpha_in_avif_is_laid_over_white() -> None:
    picture = PIL.Image.new("RGBA", (32, 32), (200, 0, 0, 128))
    image = decode_image(encode(picture, "AVIF", quality=100))
    assert np.abs(image[16, 16] - over_white(np.array([200.0, 0, 0]), np.array(128))).max() <= 3


def test_grey_with_alpha_is_laid_over_white() -> None:
    values = noise(20, 30, 2)
    image = decode_image(encode(PIL.Image.fromarray(values, mode="LA"), "PNG"))
    expected = over_white(grey_rgb(values[..., 0]).astype(float), values[..., 1])
    assert np.abs(image - expected).max() <= 0.51


PALETTE = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30]], dtype=np.uint8)


@pytest.mark.parametrize("depth", [2, 4, 8])
def test_a_palette_becomes_its_colours(depth: int) -> None:
    values = RNG.integers(0, 4, (6, 7))
    png = write_png(values, depth, 3, chunk(b"PLTE", PALETTE.tobytes()))
    np.testing.assert_array_equal(decode_image(png), PALETTE[values])


@pytest.mark.parametrize("alphas", [[255, 0, 255, 255], [0, 85, 170, 255]])
def test_a_palette_with_transparency_is_laid_over_white(alphas: list[int]) -> None:
    values = RNG.integers(0, 4, (6, 7))
    chunks = (chunk(b"PLTE", PALETTE.tobytes()), chunk(b"tRNS", bytes(alphas)))
    expected = over_white(PALETTE[values].astype(float), np.array(alphas)[values])
    image = decode_image(write_png(values, 8, 3, *chunks))
    assert np.abs(image - expected).max() <= 0.51


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_transparent_grey_of_a_png_turns_white(depth: int) -> None:
    # Pillow states the key on the file's scale while it widens 2 and 4 bits to 8.
    highest = 2**depth - 1
    key = 0 if depth == 1 else highest // 3
    values = np.array([[0, key, highest]])
    png = write_png(values, depth, 0, chunk(b"tRNS", struct.pack(">H", key)))
    expected = np.rint(np.where(values == key, 255, values * 255 / highest))
    np.testing.assert_array_equal(decode_image(png)[..., 0], expected)


@pytest.mark.parametrize("depth", [8, 16])
def test_the_transparent_colour_of_a_png_turns_white(depth: int) -> None:
    unit = 1 if depth == 8 else 257
    values = np.array([[[9, 8, 7], [9, 8, 6], [0, 0, 0]]]) * unit
    key = struct.pack(">HHH", *(9 * unit, 8 * unit, 7 * unit))
    image = decode_image(write_png(values, depth, 2, chunk(b"tRNS", key)))
    np.testing.assert_array_equal(image[0], [[255, 255, 255], [9, 8, 6], [0, 0, 0]])


def test_the_first_frame_of_an_animation_is_shown() -> None:
    frames = [PIL.Image.new("RGB", (10, 8), colour) for colour in ("red", "lime", "blue")]
    for file_format in ("GIF", "WEBP", "TIFF", "PNG"):
        options: dict[str, object] = {"save_all": True, "append_images": frames[1:]}
        if file_format == "WEBP":
            options["lossless"] = True
        image = decode_image(encode(frames[0], file_format, **options))
        np.testing.assert_array_equal(image, np.full((8, 10, 3), (255, 0, 0)))


def test_the_transparent_part_of_a_gif_turns_white() -> None:
    picture = PIL.Image.fromarray(np.array([[0, 1, 2]], dtype=np.uint8), mode="P")
    picture.putpalette(PALETTE.tobytes())
    image = decode_image(encode(picture, "GIF", transparency=1))
    np.testing.assert_array_equal(image[0], [[255, 0, 0], [255, 255, 255], [0, 0, 255]])


# --- print and video colours --------------------------------------------------------------


@pytest.mark.parametrize(
    ("cmyk", "rgb"),
    [
        ((0, 0, 0, 0), (255, 255, 255)),
        ((255, 0, 0, 0), (0, 255, 255)),
        ((0, 255, 0, 0), (255, 0, 255)),
        ((0, 0, 255, 0), (255, 255, 0)),
        ((0, 0, 0, 255), (0, 0, 0)),
        ((0, 0, 0, 128), (127, 127, 127)),
    ],
)
@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_becomes_light(
    cmyk: tuple[int, ...], rgb: tuple[int, ...], file_format: str
) -> None:
    data = encode(PIL.Image.new("CMYK", (16, 16), cmyk), file_format)
    if file_format == "JPEG":
        assert b"Adobe" in data  # so its samples are stored inverted
    assert np.abs(decode_image(data)[8, 8].astype(int) - rgb).max() <= 2


def test_ycck_is_read_as_adobe_means_it() -> None:
    # Samples Y, Cb, Cr, K go in as they are (Pillow stores 255 - v), and the marker's
    # last byte, the transform, is set to 2: YCCK (Adobe Technical Note 5116, section 18).
    y, cb, cr, key = 150, 90, 170, 200
    inks = tuple(255 - sample for sample in (y, cb, cr, key))
    data = bytearray(encode(PIL.Image.new("CMYK", (16, 16), inks), "JPEG", quality=100))
    data[data.index(b"Adobe") + 11] = 2
    light = np.array(
        [
            y + 1.402 * (cr - 128),
            y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128),
            y + 1.772 * (cb - 128),
        ]
    )
    # The file stores inverted inks: 255 - C = 255 - red of that colour, and K likewise.
    expected = (255 - light) * key / 255
    assert np.abs(decode_image(bytes(data))[8, 8] - expected).max() <= 3


def test_lab_becomes_rgb() -> None:
    # sRGB red is L 53.24, a 80.09, b 67.20 (D65); Pillow's profile is D50: 54.29, 80.8, 69.9.
    # Pillow keeps L as 0..255 and a, b shifted by 128; in the file a and b are signed.
    picture = PIL.Image.new("LAB", (8, 8), (round(54.29 * 2.55), 81 + 128, 70 + 128))
    data = encode(picture, "TIFF")
    assert bytes([138, 81, 70]) in data  # TIFF 6.0, section 23
    assert np.abs(decode_image(data)[4, 4].astype(int) - (255, 0, 0)).max() <= 6


def test_ycbcr_tiff_becomes_rgb() -> None:
    picture = PIL.Image.new("RGB", (16, 16), (40, 160, 90))
    image = decode_image(encode(picture, "TIFF", compression="jpeg", quality=95))
    assert np.abs(image[8, 8].astype(int) - (40, 160, 90)).max() <= 3


# --- orientation --------------------------------------------------------------------------

# Exif 2.32, 4.6.4: which side of the upright picture row 0 and column 0 are. Written as
# what the camera stored, given the upright picture.
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: upright.swapaxes(0, 1)[::-1],
    7: lambda upright: upright.swapaxes(0, 1)[::-1, ::-1],
    8: lambda upright: upright.swapaxes(0, 1)[:, ::-1],
}


def with_orientation(stored: np.ndarray, orientation: int, file_format: str) -> bytes:
    exif = PIL.Image.Exif()
    exif[274] = orientation
    picture = PIL.Image.fromarray(np.ascontiguousarray(stored))
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95}}.get(file_format, {})
    return encode(picture, file_format, exif=exif, **options)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF"])
def test_orientation_turns_the_picture_upright(orientation: int, file_format: str) -> None:
    upright = noise(5, 8, 3)
    data = with_orientation(STORED[orientation](upright), orientation, file_format)
    np.testing.assert_array_equal(decode_image(data), upright)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("file_format", ["JPEG", pytest.param("AVIF", marks=needs_avif)])
def test_orientation_turns_a_lossy_picture_upright(orientation: int, file_format: str) -> None:
    corners = np.array([[[250, 0, 0], [0, 250, 0]], [[0, 0, 250], [250, 250, 250]]], np.uint8)
    upright = corners.repeat(32, axis=0).repeat(48, axis=1)
    data = with_orientation(STORED[orientation](upright), orientation, file_format)
    image = decode_image(data)
    assert image.shape == (64, 96, 3)
    found = image[8::48, 12::72].astype(int)
    assert np.abs(found - corners).max() <= 20


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_is_ignored(orientation: int) -> None:
    upright = noise(5, 8, 3)
    np.testing.assert_array_equal(
        decode_image(with_orientation(upright, orientation, "PNG")), upright
    )


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_picture_with_broken_exif_is_still_shown() -> None:
    upright = noise(5, 8, 3)
    for exif in (b"Exif\x00\x00", b"Exif\x00\x00MM\x00*\x00\x00", b"Exif\x00\x00" + bytes(40)):
        data = encode(PIL.Image.fromarray(upright), "PNG", exif=exif)
        np.testing.assert_array_equal(decode_image(data), upright)


# --- size ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1600, 1200), (1600, 1200)),
        ((1601, 900), (1600, 899)),
        ((900, 3200), (450, 1600)),
        ((20000, 3), (1600, 1)),
        ((1, 65_000), (1, 1600)),
    ],
)
@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_the_long_side_is_reduced_to_1600(
    size: tuple[int, int], expected: tuple[int, int], file_format: str
) -> None:
    data = encode(PIL.Image.new("L", size, 90), file_format)
    image = decode_image(data)
    assert image.shape == (expected[1], expected[0], 3)
    assert np.abs(image.astype(int) - 90).max() <= 1


@given(
    width=st.integers(1, 7000),
    height=st.integers(1, 60),
    rows=st.integers(1, 40),
    tall=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_strips_reduce_as_pillow_does_in_one_piece(
    width: int, height: int, rows: int, tall: bool
) -> None:
    picture = PIL.Image.fromarray(noise(height, width, 3))
    if tall:
        picture = picture.transpose(PIL.Image.Transpose.TRANSPOSE)
    longest = max(picture.size)
    scale = min(1.0, 1600 / longest)
    target = tuple(max(1, round(side * scale)) for side in picture.size)
    expected = picture.resize(target, PIL.Image.Resampling.LANCZOS, reducing_gap=2.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "_STRIP_PIXELS", rows * picture.width)
        image = decode_image(encode(picture, "BMP"))
    np.testing.assert_array_equal(image, np.asarray(expected))


def test_alpha_is_respected_when_a_picture_is_reduced() -> None:
    # Transparent red beside opaque blue: no red may bleed into the reduced picture.
    values = np.zeros((100, 6400, 4), dtype=np.uint8)
    values[:, ::2] = (255, 0, 0, 0)
    values[:, 1::2] = (0, 0, 255, 255)
    image = decode_image(encode(PIL.Image.fromarray(values), "PNG"))
    assert image.shape == (25, 1600, 3)
    assert np.abs(image[12, 800].astype(int) - (128, 128, 255)).max() <= 2


def test_a_large_jpeg_is_decoded_at_reduced_size(monkeypatch: pytest.MonkeyPatch) -> None:
    slope = np.linspace(0, 255, 6500).astype(np.uint8)
    data = encode(PIL.Image.fromarray(np.tile(slope, (800, 1))), "JPEG", quality=95)
    decoded: list[tuple[int, int]] = []
    load = PIL.JpegImagePlugin.JpegImageFile.load

    def spy(self: PIL.JpegImagePlugin.JpegImageFile) -> object:
        decoded.append(self.size)
        return load(self)

    monkeypatch.setattr(PIL.JpegImagePlugin.JpegImageFile, "load", spy)
    image = decode_image(data)
    assert decoded[0] == (1625, 200)
    assert image.shape == (197, 1600, 3)
    assert np.abs(image[100, :, 0] - np.linspace(0, 255, 1600)).max() <= 3


# --- colour profiles ----------------------------------------------------------------------


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """sRGB with the tags of red and blue exchanged: what is stored as red is blue light."""
    profile = srgb_profile()
    for old, new in ((b"rXYZ", b"????"), (b"bXYZ", b"rXYZ"), (b"????", b"bXYZ")):
        profile = profile.replace(old, new, 1)
    return profile


def linear_grey_profile() -> bytes:
    """Smallest grey profile: white point D50 and an identity curve (ICC.1:2001-04)."""
    white = b"XYZ \x00\x00\x00\x00" + struct.pack(">3i", 63190, 65536, 54061)
    curve = b"curv\x00\x00\x00\x00\x00\x00\x00\x00"
    table = struct.pack(">I", 2)
    table += b"wtpt" + struct.pack(">II", 156, len(white))
    table += b"kTRC" + struct.pack(">II", 156 + len(white), len(curve))
    body = table + white + curve
    header = struct.pack(">I4sI4s4s4s", 128 + len(body), bytes(4), 0x02100000, *(
        b"mntr", b"GRAY", b"XYZ ",
    ))  # fmt: skip
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\x00") + body


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP"])
def test_a_profile_with_swapped_colours_swaps_them_back(file_format: str) -> None:
    values = noise(12, 15, 3)
    options = {"lossless": True} if file_format == "WEBP" else {}
    picture = PIL.Image.fromarray(values)
    image = decode_image(encode(picture, file_format, icc_profile=swapped_profile(), **options))
    assert np.abs(image.astype(int) - values[..., ::-1]).max() <= 2


def test_an_srgb_profile_changes_nothing_at_all() -> None:
    # The profile of most cameras, from a sample's file. Applied, it moves 1 value in 800 by
    # a level, since its curve is a table.
    with PIL.Image.open(SAMPLES["chelsea"].path) as photo:
        profile = photo.info["icc_profile"]
    values = noise(200, 200, 3)
    for srgb in (srgb_profile(), profile):
        data = encode(PIL.Image.fromarray(values), "PNG", icc_profile=srgb)
        np.testing.assert_array_equal(decode_image(data), values)


def test_linear_grey_is_encoded_for_the_screen() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    data = encode(PIL.Image.fromarray(values), "PNG", icc_profile=linear_grey_profile())
    light = values / 255
    # IEC 61966-2-1, the inverse transfer function of sRGB.
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(decode_image(data)[..., 0] - 255 * curve).max() <= 2


@pytest.mark.parametrize(
    "profile", [b"broken", srgb_profile()[:200], linear_grey_profile(), bytes(500)]
)
def test_a_broken_or_unfitting_profile_is_ignored(profile: bytes) -> None:
    values = noise(9, 9, 3)
    data = encode(PIL.Image.fromarray(values), "PNG", icc_profile=profile)
    np.testing.assert_array_equal(decode_image(data), values)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_a_large_32_bit_picture_has_one_scale_for_all_strips(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Dark above, bright below: strips scaled on their own would both reach white.
    values = np.repeat(np.arange(20)[:, None], 7000, axis=1) * 100_000
    picture = PIL.Image.fromarray(values.astype(np.float32 if mode == "F" else np.int32))
    assert picture.mode == mode
    monkeypatch.setattr(decode, "_STRIP_PIXELS", 4 * 7000)
    image = decode_image(encode(picture, "TIFF"))[..., 0]
    assert image.shape == (5, 1600)
    assert image[0].max() < 40
    assert image[-1].min() > 215
