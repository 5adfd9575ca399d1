"""The well-known data sets that have to be downloaded: what they are, and how they are read.

Addresses, names and checksums are Keras' own, where Keras states a checksum. Fashion-MNIST's
are those of tensorflow-datasets, whose files have the same names and lengths; its authors'
own address is asked second, in case Keras' copy should differ. Nothing is unpickled, no file
of an archive is unpacked to disk.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from core.assets.downloads import Download
from core.assets.remote import DownloadError, RemoteFile
from core.data.cifar import read_batch
from core.data.dataset import DataError, Dataset, Images, Labels
from core.data.resizing import fitted
from core.images import ImageError, decode_image

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_ZALANDO = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_IMAGES_MAGIC, _LABELS_MAGIC = 2051, 2049

MNIST = Download(
    "MNIST",
    (
        RemoteFile(
            (f"{_KERAS}mnist.npz",),
            "mnist.npz",
            11_490_434,
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
    ),
)


def _fashion_file(name: str, size: int, sha256: str) -> RemoteFile:
    return RemoteFile((_KERAS + name, _ZALANDO + name), f"fashion-mnist/{name}", size, sha256)


FASHION = Download(
    "Fashion-MNIST",
    (
        _fashion_file(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        _fashion_file(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        _fashion_file(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
        _fashion_file(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
    ),
)

CIFAR10 = Download(
    "CIFAR-10",
    (
        RemoteFile(
            ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
            # The name under which Keras keeps the archive; it unpacks beside it by itself.
            "cifar-10-batches-py-target_archive",
            170_498_071,
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
)

FLOWERS = Download(
    "Flowers",
    (
        RemoteFile(
            (
                "https://storage.googleapis.com/download.tensorflow.org/example_images/"
                "flower_photos.tgz",
                "http://download.tensorflow.org/example_images/flower_photos.tgz",
            ),
            "flower_photos.tgz",
            228_813_984,
            "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
        ),
    ),
)

DIGIT_NAMES = tuple("0123456789")
FASHION_NAMES = (
    "T-shirt or top", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
CIFAR10_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer",
    "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
FLOWER_NAMES = ("daisy", "dandelion", "roses", "sunflowers", "tulips")

MNIST_SOURCE = (
    "MNIST, Y. LeCun, C. Cortes and C. J. C. Burges; 60,000 digits and 10,000 for testing, as "
    "keras.datasets.mnist gives them"
)
MNIST_LICENCE = "CC BY-SA 3.0"
FASHION_SOURCE = (
    "Fashion-MNIST, H. Xiao, K. Rasul and R. Vollgraf 2017 (Zalando); 60,000 pictures of "
    "articles and 10,000 for testing"
)
FASHION_LICENCE = "MIT"
CIFAR10_SOURCE = (
    "CIFAR-10, A. Krizhevsky 2009, 'Learning multiple layers of features from tiny images'; "
    "50,000 pictures and 10,000 for testing"
)
CIFAR10_LICENCE = "none stated; its author asks to cite the report"
FLOWERS_SOURCE = (
    "tf_flowers, The TensorFlow Team 2019; photos from Flickr, each photographer named in the "
    "archive's LICENSE.txt"
)
FLOWERS_LICENCE = "CC BY 2.0"

Halves = tuple[Images, Labels, Images, Labels]
"""Images and labels for training, images and labels for testing."""


def _contents(download: Download) -> list[bytes]:
    try:
        return download.read()
    except DownloadError as error:
        raise DataError(str(error)) from error


def mnist() -> Dataset:
    """MNIST: 70,000 digits, (28, 28, 1); the last 10,000 are its test set.

    Raises:
        DataError: its file is not here, or is another one.
    """
    (content,) = _contents(MNIST)
    return _joined(
        "mnist", "MNIST", read_npz(content), DIGIT_NAMES, MNIST_SOURCE, MNIST_LICENCE
    )


def fashion() -> Dataset:
    """Fashion-MNIST: 70,000 articles, (28, 28, 1); the last 10,000 are its test set.

    Raises:
        DataError: a file is not here, or is another one.
    """
    halves = read_idx(_contents(FASHION))
    return _joined(
        "fashion", "Fashion-MNIST", halves, FASHION_NAMES, FASHION_SOURCE, FASHION_LICENCE
    )


def cifar10() -> Dataset:
    """CIFAR-10: 60,000 pictures, (32, 32, 3); the last 10,000 are its test set.

    Raises:
        DataError: its file is not here, or is another one.
    """
    (content,) = _contents(CIFAR10)
    return _joined(
        "cifar10",
        "CIFAR-10",
        read_cifar10(content),
        CIFAR10_NAMES,
        CIFAR10_SOURCE,
        CIFAR10_LICENCE,
    )


def flowers(side: int) -> Dataset:
    """Flowers: 3,670 photos, (side, side, 3); their proportions are not kept.

    Raises:
        DataError: its file is not here, or is another one.
    """
    (content,) = _contents(FLOWERS)
    images, labels, sizes = read_photos(content, FLOWER_NAMES, side)
    return Dataset(
        "flowers",
        "Flowers",
        images,
        labels,
        FLOWER_NAMES,
        FLOWERS_SOURCE,
        FLOWERS_LICENCE,
        original_hw=sizes,
    )


def read_npz(content: bytes) -> Halves:
    """Read MNIST as Keras stores it: `x_train`, `y_train`, `x_test` and `y_test`.

    Returns:
        Images (n, 28, 28, 1) uint8 and labels (n,), twice.

    Raises:
        DataError: the arrays are not there.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            x, y, x_test, y_test = (
                arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")
            )
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise DataError("The file is not MNIST as Keras stores it.") from error
    return x[..., None], y.astype(np.int64), x_test[..., None], y_test.astype(np.int64)


def read_idx(packed: list[bytes]) -> Halves:
    """Read four gzipped IDX files: labels, images, labels for testing, images for testing.

    Returns:
        Images (n, H, W, 1) uint8 and labels (n,), twice.

    Raises:
        DataError: a file is no IDX file of that kind.

    Source: yann.lecun.com/exdb/mnist, "File formats".
    """
    labels, images, test_labels, test_images = (
        _idx(content, magic)
        for content, magic in zip(packed, 2 * (_LABELS_MAGIC, _IMAGES_MAGIC), strict=True)
    )
    return (
        images[..., None],
        labels.astype(np.int64),
        test_images[..., None],
        test_labels.astype(np.int64),
    )


def read_cifar10(content: bytes) -> Halves:
    """Read the gzipped archive of CIFAR-10's Python version.

    Returns:
        Images (n, 32, 32, 3) uint8 and labels (n,), twice.

    Raises:
        DataError: a batch is missing or is none.
    """
    batches = {
        path.name: read_batch(data)
        for path, data in _archived(content)
        if path.name.startswith("data_batch_") or path.name == "test_batch"
    }
    if "test_batch" not in batches or len(batches) < 2:
        raise DataError("The archive has no batches of CIFAR-10 in it.")
    test_images, test_labels = batches.pop("test_batch")
    ordered = [batches[name] for name in sorted(batches)]
    images = np.concatenate([batch[0] for batch in ordered])
    labels = np.concatenate([batch[1] for batch in ordered])
    return images, labels, test_images, test_labels


def read_photos(
    content: bytes, class_names: tuple[str, ...], side: int
) -> tuple[Images, Labels, npt.NDArray[np.int64]]:
    """Read a gzipped archive of photos, a folder for each class, in the order of their names.

    Args:
        content: the archive.
        class_names: the folders to read.
        side: height and width that the photos are resized to, in pixels.

    Returns:
        Images (n, side, side, 3) uint8, labels (n,), and height and width of each photo as
        it was, (n, 2).

    Raises:
        DataError: there is no photo in it, or one cannot be read.
    """
    photos = []
    for path, data in _archived(content):
        if path.parent.name in class_names and path.suffix == ".jpg":
            picture = _decoded(path, data)
            label = class_names.index(path.parent.name)
            photos.append((label, path.name, fitted(picture, side, side), picture.shape[:2]))
    if not photos:
        raise DataError(f"The archive has no photos in folders named {', '.join(class_names)}.")
    photos.sort(key=lambda photo: photo[:2])
    images = np.stack([photo[2] for photo in photos])
    labels = np.array([photo[0] for photo in photos], dtype=np.int64)
    return images, labels, np.array([photo[3] for photo in photos], dtype=np.int64)


def _decoded(path: PurePosixPath, data: bytes) -> npt.NDArray[np.uint8]:
    try:
        return decode_image(data)
    except ImageError as error:
        raise DataError(f"The archive's {path} cannot be read. {error}") from error


def _joined(
    slug: str,
    title: str,
    halves: Halves,
    class_names: tuple[str, ...],
    source: str,
    licence: str,
) -> Dataset:
    images, labels, test_images, test_labels = halves
    return Dataset(
        slug,
        title,
        np.concatenate([images, test_images]),
        np.concatenate([labels, test_labels]),
        class_names,
        source,
        licence,
        published_test=np.arange(len(images), len(images) + len(test_images)),
    )


def _idx(packed: bytes, magic: int) -> Images:
    """One IDX file of bytes: its magic number, its lengths as 32-bit numbers, its values."""
    try:
        content = gzip.decompress(packed)
        found, *lengths = np.frombuffer(content, ">u4", 1 + (magic & 0xFF)).tolist()
        if found == magic:
            return np.frombuffer(content, np.uint8, offset=4 + 4 * len(lengths)).reshape(
                lengths
            )
    except (OSError, EOFError, ValueError) as error:
        raise DataError("The file is damaged: it is no gzipped IDX file.") from error
    raise DataError(f"The IDX file begins with {found}, not with {magic}.")


def _archived(content: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The plain files of a gzipped archive, one after the other."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r|gz") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isfile() else None
                if stream:
                    yield PurePosixPath(member.name), stream.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError("The archive is damaged.") from error
