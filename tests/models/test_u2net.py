"""U2-Net-p gives what OpenCV makes of the same file; of the file nothing else is read."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from core.assets import here
from core.zoo.entry import ZooError
from core.zoo.segmenters import SALIENCY, SEGMENTERS, VOC_CLASSES

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def u2net():
    from core.models.zoo.segmenting import load_segmenter

    return load_segmenter(SALIENCY)


def by_opencv(given):
    """The first of the file's seven outputs, (n, 320, 320)."""
    import cv2

    network = cv2.dnn.readNetFromONNX(str(here("u2net-p")))
    network.setInput(np.ascontiguousarray(given.transpose(0, 3, 1, 2)))
    return network.forward(network.getUnconnectedOutLayersNames())[0][:, 0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["coffee", "rocket"])
def test_it_gives_what_opencv_gives(u2net, name):
    from core.vision.prepare import resized
    from core.vision.worker.segment import as_trained

    picture = as_trained(resized(getattr(data, name)(), 320, "squash"))[None]
    ours = np.asarray(u2net(picture, training=False))[..., 0]
    # Two libraries add up 112 layers in another order: measured 6e-6.
    np.testing.assert_allclose(ours, by_opencv(picture), atol=1e-4)


@pytest.mark.slow
def test_compiled_it_gives_the_same(u2net):
    import keras

    from core.vision.worker.networks import compiled

    noise = np.random.default_rng(0).normal(size=(1, 320, 320, 3)).astype(np.float32)
    np.testing.assert_allclose(
        compiled(u2net)(keras.ops.convert_to_tensor(noise)),
        u2net(noise, training=False),
        atol=1e-4,
    )


def test_the_table_counts_its_parameters(u2net):
    assert u2net.count_params() == SEGMENTERS[SALIENCY].parameters
    # The paper's 1.13 million have two numbers of batch norm for each map besides.
    assert 1.12e6 < u2net.count_params() < 1.14e6
    assert sum(bool(layer.weights) for layer in u2net.layers) == 112 + 6 + 1


def test_weights_of_another_network_are_refused():
    from core.models import u2net

    model = u2net.build()
    kernels = [np.zeros((3, 3, 3, 64), np.float32)] * 119
    weights = [(kernel, np.zeros(64, np.float32)) for kernel in kernels]
    with pytest.raises(u2net.WeightsDifferError, match="has 1 convolutions, u2net_p has 119"):
        u2net.fill(model, weights[:1])
    with pytest.raises(u2net.WeightsDifferError, match="the file's next one is"):
        u2net.fill(model, weights)


# The file


def field(number, value):
    """A field of Protocol Buffers: bytes with their length, or a number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(number):
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def tensor(name, values, kind=1):
    dims = b"".join(field(1, size) for size in values.shape)
    return field(
        5, dims + field(2, kind) + field(8, name.encode()) + field(9, values.tobytes())
    )


def node(operator, *inputs):
    named = b"".join(field(1, name.encode()) for name in inputs)
    return field(1, named + field(2, b"out") + field(4, operator.encode()))


def model(*parts):
    return field(1, 6) + field(2, b"tests") + field(7, b"".join(parts))


KERNEL = np.arange(24, dtype="<f4").reshape(2, 3, 2, 2)
BIAS = np.array([5, 6], "<f4")


def test_convolutions_are_read_in_their_order_and_turned_to_keras_layout():
    from core.models.zoo.onnx_weights import convolutions

    content = model(
        node("Conv", "x", "k", "b"), node("Relu", "y"), node("Conv", "y", "k2", "b"),
        tensor("k2", KERNEL + 100), tensor("b", BIAS), tensor("k", KERNEL),
        tensor("shape", np.array([1, 2], "<i8"), kind=7),
    )  # fmt: skip
    (first, bias), (second, _) = convolutions(content)
    np.testing.assert_array_equal(first, KERNEL.transpose(2, 3, 1, 0))
    np.testing.assert_array_equal(second, KERNEL.transpose(2, 3, 1, 0) + 100)
    np.testing.assert_array_equal(bias, BIAS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not built as ONNX models are"),
        (b"\xff" * 4, "ends in the middle of a number"),
        (field(1, 6), "not built as ONNX models are"),
        (model(node("Conv", "x", "k", "b"))[:-3], "ends in the middle of a field"),
        (model(node("Conv", "x", "k")), "no kernel and bias"),
        (model(node("Conv", "x", "k", "b"), tensor("k", KERNEL)), "no kernel and bias"),
        (
            model(
                node("Conv", "x", "k", "b"), tensor("b", BIAS),
                field(5, field(1, 9) + field(2, 1) + field(8, b"k") + field(9, b"1234")),
            ),
            r"tensor k has 4 bytes for the shape \[9\]",
        ),
        (struct.pack("B", 7 << 3 | 3), "coded as 3"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_said(content, said):
    from core.models.zoo.onnx_weights import OnnxError, convolutions

    with pytest.raises(OnnxError, match=said):
        convolutions(content)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_nothing_else_is_raised(content):
    from core.models.zoo.onnx_weights import OnnxError, convolutions

    try:
        assert convolutions(field(7, content)) == []
    except OnnxError as error:
        assert str(error)


# DeepLabV3+


def test_deeplab_is_asked_of_kerascv_with_its_classes(monkeypatch):
    import keras_cv

    from core.models.zoo.segmenting import load_segmenter

    asked = {}

    class Model:
        pass

    def from_preset(preset, **options):
        asked.update(options, preset=preset)
        return Model()

    monkeypatch.setattr(keras_cv.models.segmentation.DeepLabV3Plus, "from_preset", from_preset)
    found = load_segmenter("deeplab-v3-plus-resnet50-voc")
    assert found.zoo_slug == "deeplab-v3-plus-resnet50-voc"
    assert asked == {
        "preset": "deeplab_v3_plus_resnet50_pascalvoc",
        "load_weights": True,
        "num_classes": len(VOC_CLASSES),
        "input_shape": (512, 512, 3),
    }


def test_kerascv_has_the_presets_that_the_table_names():
    import keras_cv

    for entry in SEGMENTERS.values():
        if entry.source == "keras-cv":
            preset = keras_cv.models.segmentation.DeepLabV3Plus.presets[entry.call]
            assert preset["metadata"]["params"] == entry.parameters
            assert entry.score.split()[2] in preset["metadata"]["description"]


def test_a_hub_that_cannot_be_reached_and_a_wrong_name_are_said(monkeypatch):
    import keras_cv

    from core.models.zoo.segmenting import load_segmenter

    def refuse(*_, **__):
        raise OSError("no route to www.kaggle.com")

    monkeypatch.setattr(keras_cv.models.segmentation.DeepLabV3Plus, "from_preset", refuse)
    with pytest.raises(ZooError, match=r"\(157 MB\) could not be fetched .* U2-Net-p and the"):
        load_segmenter("deeplab-v3-plus-resnet50-voc")
    with pytest.raises(ZooError, match="no segmenter 'yolo' in the zoo"):
        load_segmenter("yolo")
