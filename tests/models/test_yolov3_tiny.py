"""YOLOv3-tiny gives what its authors' weights give; a file of other weights is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assets import path
from core.models.zoo.darknet_weights import (
    DarknetError,
    DarknetFile,
    WeightStream,
    read_darknet,
)

pytestmark = pytest.mark.tf
REFERENCE = Path(__file__).parent / "yolov3_tiny_reference.npz"


@pytest.fixture(scope="module")
def file():
    return read_darknet(path("yolov3-tiny").read_bytes())


@pytest.fixture(scope="module")
def tiny(file):
    from core.models import yolov3_tiny

    model = yolov3_tiny.build()
    yolov3_tiny.fill(model, file)
    return model


def test_it_gives_what_another_reading_of_the_same_file_gives(tiny):
    """Every third cell of the coarse map, every fifth of the fine one, and means of all."""
    known = np.load(REFERENCE)
    noise = np.random.default_rng(int(known["seed"])).random((1, 416, 416, 3))
    coarse, fine = (np.asarray(m)[0] for m in tiny(noise.astype(np.float32), training=False))
    assert coarse.shape == (13, 13, 255)
    assert fine.shape == (26, 26, 255)
    np.testing.assert_allclose(coarse[::3, ::3], known["coarse"], atol=1e-3)
    # These are kept with 11 bits, and lie between -18.5 and 2.3.
    np.testing.assert_allclose(fine[::5, ::5], known["fine"], atol=2e-2)
    np.testing.assert_allclose(coarse.mean((0, 1)), known["coarse_mean"], atol=1e-3)
    np.testing.assert_allclose(fine.mean((0, 1)), known["fine_mean"], atol=2e-3)


def test_the_file_is_what_darknet_wrote(file):
    assert file.version == (0, 2, 0)
    # Source: Darknet's cfg, `max_batches=500200`, of 64 images each; it stops a little later.
    assert file.seen / 64 == pytest.approx(500_200, abs=64)
    assert file.numbers.shape == (8_858_734,)


def test_the_network_has_as_many_numbers_as_the_file(tiny, file):
    assert tiny.count_params() == len(file.numbers)
    # Thirteen convolutions, of which eleven have a batch norm (Darknet's cfg).
    kinds = [type(layer).__name__ for layer in tiny.layers]
    assert kinds.count("Conv2D") == 13
    assert kinds.count("BatchNormalization") == 11


def test_the_norms_are_in_the_order_of_darknet(tiny):
    """A variance is never negative, and other orders of the four would put some there."""
    for name in ("conv1", "conv7", "fine_3x3"):
        _, _, mean, variance = tiny.get_layer(f"{name}_norm").get_weights()
        assert (variance >= 0).all()
        assert (mean < 0).any()


def test_sides_other_than_416_work_and_odd_ones_are_refused():
    from core.models import yolov3_tiny

    small = yolov3_tiny.build(64, classes=2)
    assert [tuple(m.shape) for m in small.outputs] == [(None, 2, 2, 21), (None, 4, 4, 21)]
    with pytest.raises(ValueError, match="100 pixels cannot be halved five times"):
        yolov3_tiny.build(100)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda n: n[:-1], "fine takes 65,280 numbers and the file has 65,279 left"),
        (lambda n: np.append(n, n[:3]), "3 of the file's 8,858,737 numbers are left over"),
        (lambda n: np.where(np.arange(len(n)) == 7, np.nan, n), "conv1 .*no finite number"),
    ],
)
def test_weights_of_another_network_are_refused(tiny, file, change, said):
    from core.models import yolov3_tiny

    model = yolov3_tiny.build()
    with pytest.raises(DarknetError, match=said):
        yolov3_tiny.fill(model, DarknetFile((0, 2, 0), 1, change(file.numbers)))


# The format


def header(major=0, minor=2, seen=64, wide=True):
    return struct.pack("<3i", major, minor, 0) + struct.pack("<q" if wide else "<i", seen)


NUMBERS = np.arange(5, dtype="<f4")


@pytest.mark.parametrize(("minor", "wide"), [(1, False), (2, True), (3, True)])
def test_the_counter_grew_with_version_0_2(minor, wide):
    read = read_darknet(header(minor=minor, seen=77, wide=wide) + NUMBERS.tobytes())
    assert (read.version, read.seen) == ((0, minor, 0), 77)
    np.testing.assert_array_equal(read.numbers, NUMBERS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes has no room"),
        (b"PK\x03\x04" * 10, "holds no weights of Darknet"),
        (b"<!DOCTYPE html><html></html>", "holds no weights of Darknet"),
        (header()[:14], "2 bytes|was probably cut off"),
        (header() + NUMBERS.tobytes()[:-1], "19 bytes, which is no whole number"),
    ],
)
def test_what_is_no_such_file_is_said(content, said):
    with pytest.raises(DarknetError, match=said):
        read_darknet(content)


@given(st.binary(max_size=64))
def test_whatever_the_bytes_are_nothing_else_is_raised(content):
    try:
        read = read_darknet(content)
    except DarknetError as error:
        assert str(error)
    else:
        assert read.numbers.nbytes <= len(content) - 16


def test_numbers_are_taken_in_order_and_all_of_them():
    stream = WeightStream(NUMBERS)
    np.testing.assert_array_equal(stream.take((2, 2), "a"), [[0, 1], [2, 3]])
    with pytest.raises(DarknetError, match="1 of the file's 5 numbers"):
        stream.finish()
    with pytest.raises(DarknetError, match="b takes 2 numbers and the file has 1 left"):
        stream.take((2,), "b")
    stream.take((1,), "c")
    stream.finish()
