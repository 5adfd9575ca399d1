"""The well-known data sets are read as Keras reads them, and described as they are."""

import gzip
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.assets.downloads import fetch_all
from core.data import DataError, published
from core.data.cifar import read_batch
from core.data.published import CIFAR10, FASHION, FLOWERS, MNIST
from core.data.registry import REGISTRY
from core.data.spec import RECENT, DataSpec
from tests.data import published_files as made

DOWNLOADS = {slug: entry.download for slug, entry in REGISTRY.items() if entry.download}


def offered(stand_in, download, contents):
    """The same download with other contents, at the stand-in; the places stay."""
    files = []
    for file, content in zip(download.files, contents, strict=True):
        known = stand_in.offer(file.name, content, file.place)
        files.append(known)
    return replace(download, files=tuple(files))


def test_what_needs_a_network_is_what_was_promised():
    assert list(DOWNLOADS) == ["mnist", "fashion", "cifar10", "flowers"]


@pytest.mark.parametrize("slug", DOWNLOADS)
def test_every_file_is_known_to_the_last_bit(slug):
    for file in DOWNLOADS[slug].files:
        assert len(file.sha256) == 64
        assert file.size > 1000
        assert all(address.startswith(("https://", "http://")) for address in file.addresses)
        assert {address.rpartition("/")[2] for address in file.addresses} == {file.name}


@pytest.mark.parametrize("slug", DOWNLOADS)
def test_it_is_said_what_has_to_be_downloaded(slug):
    entry = REGISTRY[slug]
    assert not entry.here
    assert not entry.ships
    assert not DataSpec(dataset=slug).ships
    assert entry.unavailable.startswith("It has to be downloaded (")
    assert entry.unavailable.endswith("but there is no network, or it is blocked.")
    with pytest.raises(
        DataError, match=f"{entry.title} is not here yet: .* MB have to be downloaded"
    ):
        entry.load()


def installed(path: str) -> str:
    """A file of an installed package, without importing it."""
    return next(
        file.read_text() for folder in sys.path if (file := Path(folder) / path).is_file()
    )


@pytest.mark.tf
def test_addresses_and_checksums_are_those_of_keras_and_tensorflow_datasets():
    keras = {name: installed(f"keras/src/datasets/{name}.py") for name in ("mnist", "cifar10")}
    for source, download in ((keras["mnist"], MNIST), (keras["cifar10"], CIFAR10)):
        (file,) = download.files
        assert file.sha256 in source
        assert file.name in source
        assert file.addresses[0].removesuffix(file.name) in source
    fashion = installed("keras/src/datasets/fashion_mnist.py")
    sums = installed("tensorflow_datasets/url_checksums/fashion_mnist.txt")
    for file in FASHION.files:
        assert f'"{file.name}"' in fashion
        assert file.addresses[0].removesuffix(file.name) in fashion
        assert f"{file.addresses[1]}\t{file.size}\t{file.sha256}" in sums
    (file,) = FLOWERS.files
    flowers = installed("tensorflow_datasets/datasets/tf_flowers/checksums.tsv")
    assert f"{file.addresses[1]}\t{file.size}\t{file.sha256}" in flowers


def test_mnist_has_its_test_set_last(stand_in, monkeypatch, online):
    content = made.mnist_npz(12, 4)
    download = offered(stand_in, MNIST, [content])
    monkeypatch.setattr(published, "MNIST", download)
    fetch_all(download)
    digits = published.mnist()
    assert digits.images.shape == (16, 28, 28, 1)
    assert digits.published_test.tolist() == [12, 13, 14, 15]
    with np.load(download.files[0].path) as arrays:
        assert np.array_equal(digits.images[12:, ..., 0], arrays["x_test"])
        assert np.array_equal(digits.labels[:12], arrays["y_train"])


def test_fashion_mnist_is_read_from_its_four_files(stand_in, monkeypatch, online):
    files = made.fashion_files(10, 5)
    download = offered(stand_in, FASHION, [files[file.name] for file in FASHION.files])
    monkeypatch.setattr(published, "FASHION", download)
    fetch_all(download)
    articles = published.fashion()
    assert articles.images.shape == (15, 28, 28, 1)
    assert articles.published_test.tolist() == [10, 11, 12, 13, 14]
    packed = files["t10k-images-idx3-ubyte.gz"]
    assert articles.images[10:].tobytes() == gzip.decompress(packed)[16:]


def test_cifar10_is_read_plane_by_plane(stand_in, monkeypatch, online):
    download = offered(stand_in, CIFAR10, [made.cifar_archive(3)])
    monkeypatch.setattr(published, "CIFAR10", download)
    fetch_all(download)
    pictures = published.cifar10()
    assert pictures.images.shape == (18, 32, 32, 3)
    assert pictures.published_test.tolist() == [15, 16, 17]
    assert len(pictures.class_names) == 10


def test_a_batch_holds_red_then_green_then_blue_row_by_row():
    row = np.zeros((1, 3072), np.uint8)
    row[0, 1] = 11  # red of row 0, column 1
    row[0, 1024 + 32] = 22  # green of row 1, column 0
    row[0, 2048 + 1023] = 33  # blue of the last pixel
    images, labels = read_batch(made.cifar_batch(row, [7]))
    assert labels.tolist() == [7]
    assert images[0, 0, 1].tolist() == [11, 0, 0]
    assert images[0, 1, 0].tolist() == [0, 22, 0]
    assert images[0, 31, 31].tolist() == [0, 0, 33]


def test_a_batch_may_come_from_python_3():
    rows = made.DRAW.integers(0, 256, (2, 3072), dtype=np.uint8)
    batch = pickle.dumps({b"data": rows, b"labels": [1, 2]}, protocol=2)
    images, labels = read_batch(batch)
    assert labels.tolist() == [1, 2]
    assert images[1, 0, 0].tolist() == rows[1, [0, 1024, 2048]].tolist()


class Hostile:
    def __reduce__(self):
        return print, ("this was run",)


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps({b"data": Hostile(), b"labels": [1]}),
        made.cifar_batch(np.zeros((1, 3072), np.uint8), [1], b"os\nsystem\n"),
    ],
    ids=["reduce", "global"],
)
def test_a_batch_that_asks_for_anything_but_an_array_is_refused(content, capsys):
    with pytest.raises(DataError, match="only arrays belong in it"):
        read_batch(content)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        pickle.dumps([1, 2]),
        pickle.dumps({b"labels": [1]}),
        pickle.dumps({b"data": 5, b"labels": [1]}),
        made.cifar_batch(np.zeros((1, 3072), np.uint8), [1, 2]),
        made.cifar_batch(np.zeros((1, 3072), np.uint8), [1])[:900],
    ],
)
def test_what_is_no_batch_is_refused(content):
    with pytest.raises(DataError, match=r"no batch of CIFAR-10|labels and an array"):
        read_batch(content)


def test_flowers_are_sorted_made_square_and_remember_their_sizes(stand_in, monkeypatch, online):
    download = offered(stand_in, FLOWERS, [made.flower_archive()])
    monkeypatch.setattr(published, "FLOWERS", download)
    fetch_all(download)
    flowers = published.flowers(24)
    assert flowers.images.shape == (3, 24, 24, 3)
    assert [flowers.class_names[label] for label in flowers.labels] == [
        "daisy", "roses", "roses",
    ]  # fmt: skip
    assert flowers.original_hw.tolist() == [[50, 50], [60, 40], [40, 60]]
    # JPEG keeps one colour to within a level or two.
    assert np.allclose(flowers.images[1, 5, 5], (250, 0, 0), atol=3)
    assert np.allclose(flowers.images[2, 5, 5], (200, 0, 0), atol=3)


READERS = {
    "npz": published.read_npz,
    "idx": lambda content: published.read_idx([content] * 4),
    "cifar": published.read_cifar10,
    "photos": lambda content: published.read_photos(content, ("a",), 24),
}
BROKEN = {
    "nothing": b"",
    "text": b"<html>Not here</html>",
    "half a zip": made.mnist_npz()[:300],
    "half a gzip": made.idx(np.zeros((2, 28, 28), np.uint8))[:20],
    "other zip": b"PK\x05\x06" + bytes(18),
    "other idx": made.idx(np.zeros((2, 3, 4, 5), np.uint8)),
    "short idx": gzip.compress(b"\0\0\x08\x03" + bytes(12)),
    "empty archive": made.archive({}),
    "half an archive": made.cifar_archive()[:2000],
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_in_words(reader, kind):
    with pytest.raises(DataError):
        READERS[reader](BROKEN[kind])


def test_a_downloaded_set_is_divided_with_its_own_test_set(stand_in, monkeypatch, online):
    download = offered(stand_in, MNIST, [made.mnist_npz(600, 100)])
    monkeypatch.setattr(published, "MNIST", download)
    fetch_all(download)
    spec = DataSpec(dataset="mnist", training_share=0.6, validation_share=0.2)
    dataset, parts = spec.load()
    RECENT.clear()  # the next test's MNIST is another one
    assert sorted(parts.test) == list(range(600, 700))
    # 600 pictures three to one; every class is rounded on its own.
    assert abs(len(parts.training) - 450) <= 5
    # What is sent to a worker comes out there as it went in.
    sent, again = spec.load(dataset)
    assert sent is dataset
    assert np.array_equal(again.training, parts.training)


@pytest.mark.tf
def test_keras_finds_what_was_downloaded_and_reads_the_same(
    stand_in, monkeypatch, online, keras_home
):
    from keras.src.backend import config
    from keras.src.datasets import cifar10, fashion_mnist, mnist
    from keras.src.utils import file_utils

    archives = {
        "MNIST": [made.mnist_npz(60, 20)],
        "FASHION": [made.fashion_files(60, 20)[file.name] for file in FASHION.files],
        "CIFAR10": [made.cifar_archive(10_000)],
    }
    for name, contents in archives.items():
        download = offered(stand_in, getattr(published, name), contents)
        monkeypatch.setattr(published, name, download)
        fetch_all(download)
    stand_in.requests.clear()
    monkeypatch.setattr(config, "_KERAS_DIR", str(keras_home))
    # Ours are other files under the same names, so only the checksums cannot be asked for.
    monkeypatch.setattr(file_utils, "validate_file", lambda *_, **__: True)
    for theirs, ours in (
        (mnist, published.mnist),
        (fashion_mnist, published.fashion),
        (cifar10, published.cifar10),
    ):
        (x, y), (x_test, y_test) = theirs.load_data()
        dataset = ours()
        images = dataset.images.reshape(len(dataset), *x.shape[1:])
        assert np.array_equal(images, np.concatenate([x, x_test]))
        assert np.array_equal(dataset.labels, np.concatenate([y, y_test]).reshape(-1))
        assert dataset.published_test.tolist() == list(range(len(x), len(dataset)))
    assert stand_in.requests == []
