"""Networks of the zoo answer as those that they were taken from; their files do no more."""

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from core.assets import AssetError, here, store
from core.models.zoo import state_dict
from core.models.zoo.state_dict import StateDictError, read_state_dict
from core.zoo.entry import ZooError
from core.zoo.imagenet import names
from core.zoo.registry import ZOO

pytestmark = pytest.mark.tf
REFERENCE = Path(__file__).parent / "efficientnet_lite0_reference.npz"


@pytest.fixture(scope="module")
def lite0():
    from core.models.zoo import load

    return load("efficientnet-lite0")


def photo(name, side):
    import cv2

    picture = getattr(data, name)()
    short = min(picture.shape[:2])
    y, x = (picture.shape[0] - short) // 2, (picture.shape[1] - short) // 2
    square = picture[y : y + short, x : x + short]
    return cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA)


# EfficientNet-Lite0


def test_lite0_gives_what_pytorch_gives(lite0):
    """The numbers are those of PyTorch 1.13 with the same file, up to rounding."""
    known = np.load(REFERENCE)
    pixels = np.random.default_rng(int(known["seed"])).integers(0, 256, (4, 224, 224, 3))
    given = ZOO["efficientnet-lite0"].preprocessing.apply(pixels.astype(np.uint8))
    np.testing.assert_allclose(lite0(given, training=False), known["logits"], atol=1e-4)


def test_lite0_without_its_top_gives_the_same_features(lite0):
    from core.models.zoo import load

    known = np.load(REFERENCE)
    pixels = np.random.default_rng(int(known["seed"])).integers(0, 256, (4, 224, 224, 3))
    given = ZOO["efficientnet-lite0"].preprocessing.apply(pixels.astype(np.uint8))
    maps = np.asarray(load("efficientnet-lite0", include_top=False)(given, training=False))
    assert maps.shape == (4, 7, 7, 1280)
    np.testing.assert_allclose(maps.mean((1, 2)), known["features_mean"], atol=1e-4)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("chelsea", {"Egyptian Mau", "tabby cat", "tiger cat"}),
        ("coffee", {"espresso", "coffee mug", "cup"}),
        ("rocket", {"missile", "space shuttle", "projectile"}),
    ],
)
def test_known_photos_are_what_they_are(lite0, name, classes):
    given = ZOO["efficientnet-lite0"].preprocessing.apply(photo(name, 224))
    logits = np.asarray(lite0(given[None], training=False))[0]
    assert names()[logits.argmax()] in classes


@pytest.mark.parametrize("name", ["efficientnet-lite0"])
def test_the_table_counts_its_parameters(lite0, name):
    assert lite0.count_params() == ZOO[name].parameters


# What cannot be had


def test_a_changed_file_is_refused(monkeypatch, tmp_path):
    from core.models.zoo import load

    content = bytearray(here("efficientnet-lite0").read_bytes())
    content[-1] ^= 1
    changed = tmp_path / "changed.pth"
    changed.write_bytes(content)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(store, "installed_file", lambda member: changed)
    with pytest.raises(AssetError, match="its checksum is off, so it is not used"):
        load("efficientnet-lite0")


def test_what_is_not_there_is_said(monkeypatch, tmp_path):
    from core.models.zoo import load

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(ZooError, match="no pretrained network 'vgg'"):
        load("vgg")
    with pytest.raises(ZooError, match="gives feature maps and no classes"):
        load("resnet50-imagenet-maps")
    with pytest.raises(AssetError, match=r"MobileNetV2, ImageNet is not on this machine"):
        load("mobilenet-v2")


def test_a_hub_that_cannot_be_reached_is_said(monkeypatch):
    import keras

    from core.models.zoo import load

    def refuse(*_, **__):
        raise Exception("URL fetch failure on https://storage.googleapis.com/x.h5: None")

    monkeypatch.setattr(keras.applications, "MobileNet", refuse)
    with pytest.raises(
        ZooError, match=r"MobileNet \(17 MB\) could not be fetched .*Lite0 is here"
    ):
        load("keras-mobilenet")


# MobileNetV2: its own file is no requirement, so the way is walked with made weights


def keras_as_torch(model):
    """A Keras model's weights in PyTorch's order and layout."""
    import keras

    state = OrderedDict()
    for index, layer in enumerate(layer for layer in model.layers if layer.weights):
        values = layer.get_weights()
        if isinstance(layer, keras.layers.BatchNormalization):
            parts = ("weight", "bias", "running_mean", "running_var")
            state |= {f"{index}.{part}": v for part, v in zip(parts, values, strict=True)}
            state[f"{index}.num_batches_tracked"] = np.array(1)
            continue
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        kernel = values[0]
        order = (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)
        state[f"{index}.weight"] = kernel.transpose(order) if kernel.ndim == 4 else kernel.T
        if len(values) > 1:
            state[f"{index}.bias"] = values[1]
    return state


def test_weights_go_over_in_order_and_the_scale_makes_up_for_the_epsilon():
    import keras

    from core.models.zoo.transfer_weights import LayersDifferError, fill

    def small():
        inputs = keras.Input((9, 9, 3))
        x = keras.layers.Conv2D(4, 3, use_bias=False)(inputs)
        x = keras.layers.BatchNormalization(epsilon=1e-3)(x)
        x = keras.layers.DepthwiseConv2D(3, use_bias=False)(x)
        x = keras.layers.Dense(5)(keras.layers.Flatten()(x))
        return keras.Model(inputs, x)

    rng = np.random.default_rng(0)
    source, target = small(), small()
    source.set_weights([rng.uniform(0.001, 1, w.shape) for w in source.get_weights()])
    state = keras_as_torch(source)
    fill(target, state, 1e-3)
    for ours, theirs in zip(target.get_weights(), source.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    # A batch norm that adds less: y = gamma (x - mean) / sqrt(var + eps) + beta.
    fill(target, state, 1e-5)
    parts = ("weight", "bias", "running_mean", "running_var")
    gamma, beta, mean, variance = (state[f"1.{part}"] for part in parts)
    x = rng.normal(size=(1, 2, 2, 4)).astype(np.float32)
    norm = next(la for la in target.layers if isinstance(la, keras.layers.BatchNormalization))
    np.testing.assert_allclose(
        norm(x, training=False),
        gamma * (x - mean) / np.sqrt(variance.astype(np.float64) + 1e-5) + beta,
        rtol=1e-4,
        atol=1e-5,
    )
    state["0.weight"] = state["0.weight"][:, :2]
    with pytest.raises(LayersDifferError, match="0 of the file does not fit into conv2d"):
        fill(target, state, 1e-5)
    del state["0.weight"]
    with pytest.raises(LayersDifferError, match="The file has 3 layers with weights"):
        fill(target, state, 1e-5)


# PyTorch's files


class _Global:
    """Pickles as a name of some module; with arguments as a call of it."""

    def __init__(self, module, name, *arguments):
        self.module, self.name, self.arguments = module, name, arguments


def pickled(parts):
    """A pickle written opcode by opcode, so that it may name what is not installed."""
    out = io.BytesIO()

    class Writer(pickle._Pickler):
        def save(self, obj, save_persistent_id=True):
            if isinstance(obj, _Global):
                self.write(f"c{obj.module}\n{obj.name}\n".encode())
                if obj.arguments:
                    super().save(obj.arguments)
                    self.write(b"R")
            elif isinstance(obj, tuple) and obj and obj[0] == "storage":
                super().save(obj)
                self.write(b"Q")
            else:
                super().save(obj)

    for part in parts:
        Writer(out, protocol=2).dump(part)
    return out.getvalue()


def tensor(key="0", count=6, shape=(2, 3), stride=(3, 1), offset=0, kind="FloatStorage"):
    storage = ("storage", _Global("torch", kind), key, "cpu", count, None)
    return _Global(
        "torch._utils", "_rebuild_tensor_v2", storage, offset, shape, stride, False, {}
    )


NUMBERS = np.arange(6, dtype="<f4")


def old_file(named, keys=("0",), numbers=NUMBERS, head=(state_dict._MAGIC, 1001, {})):
    body = b"".join(struct.pack("<q", len(numbers)) + numbers.tobytes() for _ in keys)
    return pickled([*head, named, list(keys)]) + body


def zip_file(named, numbers=NUMBERS):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("archive/data.pkl", pickled([named]))
        packed.writestr("archive/data/0", numbers.tobytes())
    return out.getvalue()


@pytest.mark.parametrize("write", [old_file, zip_file])
def test_both_formats_are_read(write):
    read = read_state_dict(write({"a": tensor(), "b": tensor(shape=(3, 2), stride=(1, 3))}))
    np.testing.assert_array_equal(read["a"], NUMBERS.reshape(2, 3))
    np.testing.assert_array_equal(read["b"], NUMBERS.reshape(2, 3).T)


@pytest.mark.parametrize(
    "at",
    ["magic", "dictionary", "key", "value"],
)
@pytest.mark.parametrize(
    "name", ["os.system", "builtins.eval", "posix.system", "subprocess.run"]
)
def test_a_file_that_wants_to_run_something_is_refused_and_does_nothing(at, name, tmp_path):
    module, _, function = name.rpartition(".")
    bad = _Global(module, function, f"touch {tmp_path / 'ran'}")
    contents = {
        "magic": old_file({"a": tensor()}, head=(bad, 1001, {})),
        "dictionary": old_file(bad),
        "key": pickled([state_dict._MAGIC, 1001, {}, {"a": tensor()}, bad]),
        "value": zip_file({"a": tensor(), "b": bad}),
    }
    with pytest.raises(StateDictError, match=rf"asks for {module}\.{function}; only tensors"):
        read_state_dict(contents[at])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no state dictionary of PyTorch"),
        (b"PK\x03\x04 broken", "no state dictionary of PyTorch"),
        (old_file({"a": tensor()})[:-4], "has 5 of 6 numbers"),
        (old_file({"a": tensor(count=7)}), "says 6 numbers instead of 7"),
        (old_file({"a": tensor()}, head=(1, 1001, {})), "does not begin as PyTorch's files do"),
        (old_file({"a": tensor(shape=(3, 3))}), "reaches beyond its storage"),
        (old_file({"a": tensor(stride=(1_000_000, 1))}), "reaches beyond its storage"),
        (old_file({"a": tensor(offset=-1)}), "reaches beyond its storage"),
        (old_file({"a": tensor(stride=(-3, 1))}), "reaches beyond its storage"),
        (zip_file({"a": 1}), "holds no dictionary of tensors"),
        (zip_file([tensor()]), "holds no dictionary of tensors"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_weights_is_said(content, said):
    with pytest.raises(StateDictError, match=said):
        read_state_dict(content)


def test_an_own_file_is_as_its_authors_meant_it():
    state = read_state_dict(here("efficientnet-lite0").read_bytes())
    # Source: Tan & Le 2019 and EfficientNet-lite: 1,280 features, 1,000 classes, 49 norms.
    assert state["_fc.weight"].shape == (1000, 1280)
    assert sum("running_var" in name for name in state) == 49
    # 4.65 million without the statistics of batch norm.
    trained = sum(v.size for k, v in state.items() if "running" not in k and "num" not in k)
    assert trained == 4_652_008
