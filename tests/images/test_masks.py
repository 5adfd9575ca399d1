"""Masks come back from a file as they went in; what would change them is refused."""

import io

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.images import ImageError
from core.images.masks import decode_mask, encode_mask
from core.zoo.segmenters import VOC_CLASSES, VOC_IGNORED, voc_palette

SIZES = array_shapes(min_dims=2, max_dims=2, max_side=20)


def saved(picture, kind="PNG", **options):
    stream = io.BytesIO()
    picture.save(stream, format=kind, **options)
    return stream.getvalue()


@given(SIZES.flatmap(lambda shape: arrays(np.uint8, shape)), st.booleans())
def test_numbers_come_back_plain_and_with_a_palette(labels, coloured):
    palette = voc_palette() if coloured else ()
    found = decode_mask(encode_mask(labels, palette), labels.shape)
    np.testing.assert_array_equal(found.labels, labels)
    assert found.palette[: len(palette)] == palette


@given(SIZES.flatmap(lambda shape: arrays(bool, shape)))
def test_truth_values_come_back_and_can_be_seen(mask):
    file = encode_mask(mask)
    np.testing.assert_array_equal(decode_mask(file).mask, mask)
    assert set(np.unique(np.array(PIL.Image.open(io.BytesIO(file))))) <= {0, 255}
    coloured = decode_mask(encode_mask(mask, ((0, 0, 0), (255, 128, 0))))
    np.testing.assert_array_equal(coloured.labels, mask)


def test_other_programs_see_vocs_colours():
    labels = np.array([[0, 1], [15, VOC_IGNORED]], np.uint8)
    seen = np.array(
        PIL.Image.open(io.BytesIO(encode_mask(labels, voc_palette()))).convert("RGB")
    )
    # VOC's own: aeroplane dark red, person (192, 128, 128), the outlines (224, 224, 192).
    assert seen.tolist() == [
        [[0, 0, 0], [128, 0, 0]], [[192, 128, 128], [224, 224, 192]],
    ]  # fmt: skip
    assert VOC_CLASSES[15] == "person"
    assert len(set(voc_palette())) == 256


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_fewer_bits_a_pixel_are_the_same_numbers(bits):
    labels = np.arange(16, dtype=np.uint8).reshape(4, 4) % 2**bits
    picture = PIL.Image.fromarray(labels)
    picture.putpalette([level for colour in voc_palette(2**bits) for level in colour])
    np.testing.assert_array_equal(decode_mask(saved(picture, bits=bits)).labels, labels)


def test_black_and_white_is_a_mask():
    mask = np.eye(5, dtype=bool)
    found = decode_mask(saved(PIL.Image.fromarray(mask)))
    np.testing.assert_array_equal(found.labels, mask)


@pytest.mark.parametrize("bits", [2, 4])
def test_greys_of_few_bits_are_numbers_again(bits):
    import struct
    import zlib

    labels = np.arange(2**bits, dtype=np.uint8)[None]

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    width = labels.shape[1]
    packed = np.packbits(np.unpackbits(labels[0, :, None], axis=1)[:, -bits:].ravel())
    file = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, bits, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" + packed.tobytes()))
        + chunk(b"IEND", b"")
    )
    np.testing.assert_array_equal(decode_mask(file).labels, labels)


def test_colours_in_place_of_numbers_are_refused():
    colours = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(ImageError, match=r"holds colours \(RGB\), not one number a pixel"):
        decode_mask(saved(PIL.Image.fromarray(colours)))
    with pytest.raises(ImageError, match="16-bit numbers"):
        decode_mask(saved(PIL.Image.fromarray(np.zeros((4, 4), np.uint16))))
    with pytest.raises(ImageError, match="grey with transparency"):
        decode_mask(saved(PIL.Image.new("LA", (3, 3))))


def test_other_formats_are_refused():
    with pytest.raises(ImageError, match=r"no PNG file\. Other formats change the numbers"):
        decode_mask(saved(PIL.Image.new("L", (8, 8)), "JPEG"))
    with pytest.raises(ImageError, match="no PNG file"):
        decode_mask(b"")


def test_another_size_than_the_pictures_is_said():
    file = encode_mask(np.zeros((30, 40), bool))
    with pytest.raises(ImageError, match="mask has 40 x 30 pixels, the picture 41 x 30"):
        decode_mask(file, (30, 41))
    with pytest.raises(ImageError, match="mask has 40 x 30 pixels, the picture 30 x 40"):
        decode_mask(file, (40, 30))


@given(st.integers(9, 70))
def test_a_file_cut_off_is_said(length):
    labels = np.random.default_rng(0).integers(0, 256, (20, 20)).astype(np.uint8)
    with pytest.raises(ImageError, match="damaged"):
        decode_mask(encode_mask(labels)[:length])


@pytest.mark.parametrize(
    ("mask", "palette", "said"),
    [
        (np.zeros((2, 2, 3), np.uint8), (), r"shape \(2, 2, 3\) cannot be stored"),
        (np.array([[0.5]]), (), "float64 cannot be stored .* Cut it at a threshold"),
        (np.array([[0, 256]]), (), "from 0 to 256 does not fit into 8 bits"),
        (np.array([[-1]]), (), "from -1 to -1"),
        (np.array([[3]]), ((0, 0, 0),), "up to 3 needs 4 to 256 colours; the palette has 1"),
    ],
)
def test_what_cannot_be_stored_is_said(mask, palette, said):
    with pytest.raises(ImageError, match=said):
        encode_mask(mask, palette)
