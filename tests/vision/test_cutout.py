"""What a mask does to a picture, pixel by pixel; the blur has no halo."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from core.vision.cutout import (
    MaskError,
    box_around,
    contours,
    cut_out,
    on_blur,
    on_colour,
    on_picture,
    outlined,
    painted,
)

IMAGE = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)


def disc(height=24, width=32, radius=7):
    y, x = np.mgrid[:height, :width]
    return (y - height // 2) ** 2 + (x - width // 2) ** 2 <= radius**2


def test_what_is_cut_away_is_not_in_the_file():
    mask = disc()
    cut = cut_out(IMAGE, mask)
    np.testing.assert_array_equal(cut[..., 3], mask * 255)
    np.testing.assert_array_equal(cut[mask, :3], IMAGE[mask])
    assert not cut[~mask].any()


def test_a_soft_mask_is_the_alpha():
    soft = np.linspace(0, 1, 32, dtype=np.float32)[None].repeat(24, 0)
    np.testing.assert_array_equal(cut_out(IMAGE, soft)[..., 3], np.rint(soft * 255))


def test_cropped_it_is_the_box_around_the_object():
    mask = disc()
    rows, columns = np.where(mask)
    cut = cut_out(IMAGE, mask, crop=True)
    assert cut.shape == (np.ptp(rows) + 1, np.ptp(columns) + 1, 4)
    assert cut[..., 3].any(0).all()
    assert box_around(np.zeros((3, 3), bool)) is None
    assert cut_out(IMAGE, np.zeros((24, 32), bool), crop=True).shape == (24, 32, 4)


@given(arrays(np.uint8, (6, 7)))
def test_a_cut_out_survives_a_file_and_looks_as_on_colour(alpha):
    import io

    import PIL.Image

    soft = alpha / np.float32(255)
    stream = io.BytesIO()
    PIL.Image.fromarray(cut_out(IMAGE[:6, :7], soft)).save(stream, format="PNG")
    back = PIL.Image.open(io.BytesIO(stream.getvalue()))
    np.testing.assert_array_equal(np.array(back)[..., 3], alpha)
    white = PIL.Image.new("RGBA", back.size, (255, 255, 255, 255))
    seen = np.array(PIL.Image.alpha_composite(white, back))[..., :3].astype(int)
    ours = on_colour(IMAGE[:6, :7], soft, (255, 255, 255)).astype(int)
    assert np.abs(seen - ours).max() <= 1  # both round


def test_the_object_is_the_same_before_every_background():
    mask, other = disc(), np.full((10, 50, 3), 7, np.uint8)
    for changed in (
        on_colour(IMAGE, mask, (1, 2, 3)),
        on_picture(IMAGE, mask, other),
        on_blur(IMAGE, mask, 4.0),
    ):
        np.testing.assert_array_equal(changed[mask], IMAGE[mask])
        assert (changed[~mask] != IMAGE[~mask]).any()
    assert (on_picture(IMAGE, mask, other)[~mask] == 7).all()


def test_another_picture_fills_the_frame_in_its_proportions():
    # Left half 10, right half 200; twice as wide as needed, so its middle is shown.
    wide = np.zeros((12, 64, 3), np.uint8)
    wide[:, :32], wide[:, 32:] = 10, 200
    shown = on_picture(IMAGE, np.zeros((24, 32), bool), wide)
    assert shown.shape == IMAGE.shape
    assert (shown[:, 0] == 10).all()
    assert (shown[:, -1] == 200).all()


def test_a_blurred_background_has_no_halo():
    # A white object on black: an ordinary blur lets the white shine out around it.
    mask = disc()
    image = np.where(mask[..., None], 255, 0).astype(np.uint8).repeat(3, 2)[..., :3]
    assert on_blur(image, mask, 3.0)[~mask].max() == 0
    assert cv2.GaussianBlur(image, (0, 0), 3.0)[~mask].max() > 80


def test_a_blur_of_nothing_is_a_gaussian():
    blurred = on_blur(IMAGE, np.zeros((24, 32), bool), 2.0)
    expected = cv2.GaussianBlur(IMAGE.astype(np.float32), (0, 0), 2.0)
    assert np.abs(blurred - expected).max() <= 0.51
    np.testing.assert_array_equal(on_blur(IMAGE, disc(), 0.0), IMAGE)
    with pytest.raises(MaskError, match="blur of -1 pixels"):
        on_blur(IMAGE, disc(), -1.0)


def test_paint_covers_by_its_opacity():
    mask = disc()
    np.testing.assert_array_equal(painted(IMAGE, mask, (9, 9, 9), 0.0), IMAGE)
    full = painted(IMAGE, mask, (9, 8, 7), 1.0)
    assert (full[mask] == (9, 8, 7)).all()
    np.testing.assert_array_equal(full[~mask], IMAGE[~mask])
    half = painted(IMAGE, mask, (0, 0, 0), 0.5)[mask].astype(float)
    assert np.abs(half - IMAGE[mask] / 2).max() <= 0.51


def test_contours_go_around_parts_and_holes():
    mask = np.zeros((20, 30), bool)
    mask[2:12, 2:12] = True
    mask[5:8, 5:8] = False
    mask[15:18, 20:25] = True
    lines = contours(mask)
    assert len(lines) == 3
    # The rim of a square of 10: 36 pixels, all of the mask's.
    assert len(lines[0]) == 36
    assert set(map(tuple, lines[0])) >= {(2, 2), (11, 2), (2, 11), (11, 11)}
    drawn = outlined(IMAGE[:20, :30], mask, (255, 0, 0), 1)
    assert (drawn[2, 2:12] == (255, 0, 0)).all()
    np.testing.assert_array_equal(drawn[10, 14:19], IMAGE[10, 14:19])


def test_a_mask_of_another_picture_is_refused():
    with pytest.raises(MaskError, match="mask has 24 x 32 pixels, the picture 32 x 24"):
        cut_out(IMAGE, np.zeros((32, 24), bool))
    with pytest.raises(
        MaskError, match=r"uint8 from 0 to 3\. Use truth values, such as labels"
    ):
        cut_out(IMAGE, np.full((24, 32), 3, np.uint8) * disc())
    with pytest.raises(MaskError, match=r"from 0\.0 to 2\.0"):
        cut_out(IMAGE, 2.0 * disc())
