"""A filtered photo agrees with OpenCV, and is shown as the closed forms say."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.errors import ShapeError
from core.arithmetic.on_photo import WORK_SIDE, picture, reduced, respond

RNG = np.random.default_rng(4)
PHOTO = RNG.integers(0, 256, (40, 56, 3), dtype=np.uint8)


def by_opencv(photo: np.ndarray, planes: np.ndarray) -> np.ndarray:
    """Each channel correlated with its plane; borders mirrored as `reflect` does."""
    return np.stack(
        [
            cv2.filter2D(
                photo[..., c].astype(np.float64),
                cv2.CV_64F,
                planes[..., c],
                borderType=cv2.BORDER_REFLECT_101,
            )
            for c in range(3)
        ],
        axis=-1,
    )


@given(st.sampled_from([1, 3, 5, 7]), st.sampled_from([1, 3, 5, 7]), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_red_green_and_blue_are_correlated_as_opencv_does(height, width, seed):
    planes = np.random.default_rng(seed).normal(size=(height, width, 3))
    down, across = height // 2, width // 2
    spec = ConvSpec(kernel_size=(height, width), padding=(down, across), padding_mode="reflect")
    response = respond(PHOTO, planes, spec).response
    expected = by_opencv(PHOTO, planes)
    assert response.shape == PHOTO.shape
    assert np.allclose(response, expected, atol=1e-8)
    valid = respond(PHOTO, planes, ConvSpec(kernel_size=(height, width))).response
    inside = expected[down : 40 - down, across : 56 - across]
    assert np.allclose(valid, inside, atol=1e-8)


def test_a_flipped_kernel_is_the_convolution_of_mathematics():
    planes = RNG.normal(size=(3, 3, 3))
    spec = ConvSpec(padding=1, padding_mode="reflect", flip=True)
    expected = by_opencv(PHOTO, planes[::-1, ::-1])
    assert np.allclose(respond(PHOTO, planes, spec).response, expected)


def test_a_stride_keeps_every_second_pixel():
    planes = RNG.normal(size=(3, 3, 3))
    full = respond(PHOTO, planes, ConvSpec(padding=1)).response
    assert np.allclose(
        respond(PHOTO, planes, ConvSpec(padding=1, stride=2)).response, full[::2, ::2]
    )


def test_no_channel_mixes_with_another_whatever_the_groups_were():
    planes = np.zeros((1, 1, 3))
    planes[0, 0] = (1, 2, -1)
    for groups in (1, 2, 3):
        spec = ConvSpec(kernel_size=1, groups=groups)
        response = respond(PHOTO, planes, spec).response
        assert np.array_equal(response, PHOTO * np.array([1.0, 2.0, -1.0]))


def test_a_transposed_layer_enlarges_and_keeps_channels_apart():
    photo = np.zeros((3, 4, 3), dtype=np.uint8)
    photo[1, 2] = (1, 10, 100)
    planes = RNG.normal(size=(2, 2, 3))
    answer = respond(photo, planes, ConvSpec(kernel_size=2, stride=2, transposed=True))
    expected = np.zeros((6, 8, 3))
    expected[2:4, 4:6] = planes * np.array([1, 10, 100])
    assert np.allclose(answer.response, expected)


@pytest.mark.parametrize("stride", [1, 2, 4, 8])
def test_a_transposed_layer_works_on_a_smaller_photo(stride):
    photo = np.zeros((300, 1024, 3), dtype=np.uint8)
    spec = ConvSpec(kernel_size=2, stride=stride, transposed=True)
    answer = respond(photo, np.ones((2, 2, 3)), spec)
    assert answer.before.shape[1] == WORK_SIDE // stride
    assert max(answer.response.shape) <= WORK_SIDE + 8


def test_a_kernel_that_does_not_fit_says_so():
    with pytest.raises(ShapeError, match="kernel 3 with dilation 1 spans 3 pixels"):
        respond(PHOTO[:2], np.ones((3, 3, 3)), ConvSpec())


def test_a_small_photo_is_not_enlarged():
    assert reduced(PHOTO, 56) is PHOTO
    assert reduced(PHOTO, 500) is PHOTO


@pytest.mark.parametrize(
    ("shape", "side", "expected"),
    [
        ((1000, 500), 512, (512, 256)),
        ((30, 60), 10, (5, 10)),
        ((1, 900), 100, (1, 100)),
        ((900, 2), 90, (90, 1)),
    ],
)
def test_a_large_photo_keeps_its_proportions(shape, side, expected):
    small = reduced(np.zeros((*shape, 3), np.uint8), side)
    assert small.shape == (*expected, 3)
    assert small.dtype == np.uint8


def test_reducing_averages():
    small = reduced(PHOTO, 28)
    mean = PHOTO.reshape(20, 2, 28, 2, 3).mean(axis=(1, 3))
    assert np.abs(small - mean).max() <= 0.5


RAMP = np.array([[[-100.0, 0, 50]], [[127.4, 255, 400]]])


def test_clip_cuts_at_black_and_white():
    assert picture(RAMP, "clip").tolist() == [[[0, 0, 50]], [[127, 255, 255]]]


def test_stretch_brings_the_extremes_to_black_and_white():
    expected = [[[0, 51, 76]], [[116, 181, 255]]]  # (v + 100) * 255 / 500; 76.5 to even
    assert picture(RAMP, "stretch").tolist() == expected


def test_signed_brings_zero_to_mid_grey():
    shown = picture(RAMP, "signed")
    assert shown[0, 0, 1] == 128  # 127.5, rounded to even
    assert shown[1, 0, 2] == 255
    assert shown[0, 0, 0] == round(127.5 - 127.5 / 4)
    mirrored = picture(-RAMP, "signed")
    assert mirrored[1, 0, 2] == 0
    assert np.abs(mirrored.astype(int) - (255 - shown)).max() <= 1


@pytest.mark.parametrize(
    ("display", "value", "level"),
    [
        ("clip", 0, 0),
        ("clip", 70, 70),
        ("stretch", 0, 0),
        ("stretch", 70, 0),
        ("signed", 0, 128),
    ],
)
def test_a_flat_response_has_no_range_to_stretch(display, value, level):
    shown = picture(np.full((2, 2, 3), float(value)), display)
    assert shown.dtype == np.uint8
    assert set(shown.reshape(-1).tolist()) == {level}


@given(st.integers(0, 999), st.sampled_from(["clip", "stretch", "signed"]))
def test_brighter_stays_brighter(seed, display):
    response = np.random.default_rng(seed).normal(scale=200, size=(4, 5, 3))
    shown = picture(response, display).reshape(-1)
    order = np.argsort(response.reshape(-1))
    assert np.all(np.diff(shown[order].astype(int)) >= 0)
