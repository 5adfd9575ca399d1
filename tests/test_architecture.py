"""Rules of the house: who imports whom, what entries and controls say, what is covered."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import core
from core.arithmetic.patterns import PATTERNS
from core.images.colour import SPACES, planes
from core.images.samples import SAMPLES
from core.images.scale import METHODS, resize
from core.kernels import BANKS, KERNELS
from core.kernels.patterns import PICTURES
from core.lessons.augmentation import AugmentationLesson
from core.lessons.augmentation_case import subject_of
from core.lessons.backprop import BackpropLesson
from core.lessons.backprop import build as build_backprop
from core.lessons.base import Lesson, bounds, options, stops
from core.lessons.boxes import BoxesLesson
from core.lessons.boxes_case import build as build_boxes
from core.lessons.classify import ClassifyLesson
from core.lessons.convolution import ConvolutionLesson
from core.lessons.convolution import build as build_convolution
from core.lessons.data import DataFields
from core.lessons.descent import DescentLesson
from core.lessons.descent_case import build as build_descent
from core.lessons.detect import DetectLesson
from core.lessons.detect_case import class_names
from core.lessons.detector import DetectorLesson
from core.lessons.kernels import KernelLesson
from core.lessons.kernels_case import build as build_kernels
from core.lessons.masks import MasksLesson
from core.lessons.masks_case import drawn as drawn_mask
from core.lessons.normalization import NormLesson
from core.lessons.normalization_case import build as build_norm
from core.lessons.pixels import PixelLesson
from core.lessons.pixels import build as build_pixels
from core.lessons.pooling import PoolingLesson
from core.lessons.pooling_case import build as build_pooling
from core.lessons.segment import SegmentLesson
from core.lessons.segment_case import classical
from core.lessons.softmax import SoftmaxLesson
from core.lessons.softmax import build as build_softmax
from core.lessons.training import TrainingLesson
from core.lessons.transfer import WAYS, TransferLesson
from core.lessons.unet import UNetLesson
from core.lessons.yolo import YoloLesson
from core.lessons.yolo_case import build as build_yolo
from core.presets import DECKS, PRESETS
from core.ui.notes import note
from core.ui.page import PAGES

ROOT = Path(__file__).parents[1]
RUNS = {
    ConvolutionLesson: lambda lesson: build_convolution(lesson, PHOTO).result.output.size,
    PixelLesson: lambda lesson: build_pixels(lesson, PHOTO).window.size,
    KernelLesson: lambda lesson: build_kernels(lesson, PHOTO).filtered.response.size,
    PoolingLesson: lambda lesson: build_pooling(lesson, PHOTO).last.size,
    NormLesson: lambda lesson: build_norm(lesson, PHOTO).output.size,
    DescentLesson: lambda lesson: build_descent(lesson).racers[0].trace.steps,
    BackpropLesson: lambda lesson: len(build_backprop(lesson).steps),
    SoftmaxLesson: lambda lesson: len(build_softmax(lesson).columns),
    TrainingLesson: lambda lesson: lesson.run_spec().steps_per_epoch(100),
    TransferLesson: lambda lesson: len([lesson.spec(way) for way in WAYS]),
    ClassifyLesson: lambda lesson: len(lesson.questions("photo", lesson.classifier)),
    UNetLesson: lambda lesson: lesson.run_spec().epochs,
    DetectorLesson: lambda lesson: lesson.run_spec().epochs,
    SegmentLesson: lambda lesson: classical(PHOTO, lesson.spec("threshold")).mask.size,
    MasksLesson: lambda lesson: drawn_mask(lesson).picture.size,
    DetectLesson: lambda lesson: len(class_names(lesson.det_method)),
    BoxesLesson: lambda lesson: len(build_boxes(lesson).both.truth),
    YoloLesson: lambda lesson: build_yolo(lesson).own.numbers,
    AugmentationLesson: lambda lesson: (
        not lesson.unreadable()
        and len(subject_of(lesson, PHOTO, "Photo", "photo", "").planned())
    ),
}
"""How each page fills in its numbers."""
LESSONS: tuple[type[Lesson], ...] = tuple(RUNS)
FIELDS = [(kind, name) for kind in LESSONS for name in kind.model_fields]
HEAVY = ("tensorflow", "keras", "keras_cv")
IN_WORKERS_ONLY = (
    "core.augment.worker", "core.insight.worker", "core.models", "core.training.worker",
    "core.vision.worker",
)  # fmt: skip
"""What engine workers load; these may import TensorFlow."""
SHARED_BY_ALL_PAGES = {"photo", "upload", "camera", "hide", "present", "predict", "view"}
WITHOUT_HELP = {"pad_top", "pad_bottom", "pad_left", "pad_right", "bias_value"}
"""Fields whose title says it all."""
PHOTO = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)


def modules() -> list[str]:
    found = pkgutil.walk_packages(core.__path__, "core.", onerror=lambda name: None)
    return [m.name for m in found if not m.name.startswith(IN_WORKERS_ONLY)]


def imports(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def loaded_by(names: list[str]) -> list[str]:
    """Top-level packages that a clean process holds after these imports."""
    code = (
        "import importlib, logging, sys\n"
        "logging.disable(logging.CRITICAL)\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()


# Who imports whom


def test_no_module_of_the_app_loads_tensorflow():
    names = modules()
    assert {"core.ui.frame", "core.lessons.pixels", "core.export.notebook"} <= set(names)
    loaded = loaded_by(["core", *names])
    assert "streamlit" in loaded
    assert set(HEAVY).isdisjoint(loaded)


def test_only_the_ui_loads_streamlit():
    names = [name for name in modules() if not name.startswith("core.ui")]
    assert len(names) > 20
    loaded = loaded_by(["core", *names])
    assert "streamlit" not in loaded
    assert set(HEAVY).isdisjoint(loaded)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "core").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_imports_run_one_way(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    names = imports(path)
    if not module.startswith("core.ui"):
        assert not [n for n in names if n.split(".")[0] == "streamlit"]
        assert not [n for n in names if n.startswith("core.ui")]
    assert not [n for n in names if n.startswith("pages")]
    if not module.startswith(IN_WORKERS_ONLY):
        assert not [n for n in names if n.split(".")[0] in HEAVY]


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.stem)
def test_pages_import_streamlit_the_ui_and_their_lesson(path):
    allowed = ("streamlit", "core.ui", "core.lessons")
    assert [
        n for n in imports(path) if not f"{n}.".startswith(tuple(f"{a}." for a in allowed))
    ] == []


def test_the_entry_point_holds_no_logic():
    path = ROOT / "streamlit_app.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 25
    assert {name.split(".")[0] for name in imports(path)} == {"streamlit", "core"}


# Registries


@pytest.mark.parametrize(
    "entry", [*PATTERNS.values(), *BANKS.values(), *PICTURES.values()], ids=lambda e: e.slug
)
def test_every_pattern_and_kernel_says_what_it_is_and_where_it_comes_from(entry):
    assert entry.title.strip()
    assert entry.source.strip()
    assert (entry.call.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("slug", KERNELS)
def test_every_named_kernel_says_what_it_is_and_where_it_comes_from(slug):
    named = KERNELS[slug]
    assert named.title.strip()
    assert named.source.strip()
    assert named.about.endswith(".")


@pytest.mark.parametrize("slug", PICTURES)
def test_every_test_picture_is_a_picture(slug):
    picture = PICTURES[slug].call()
    assert picture.shape == (64, 64)
    assert 0 <= picture.min() <= picture.max() <= 255


@pytest.mark.parametrize("slug", PATTERNS)
def test_every_pattern_runs_at_its_smallest_and_largest(slug):
    for shape in ((1, 1, 1), (5, 5, 1), (32, 32, 6), (1, 32, 2), (32, 1, 2)):
        image = PATTERNS[slug].call(*shape, 0)
        assert image.shape == shape
        assert image.dtype == np.float64
        assert np.isfinite(image).all()


@pytest.mark.parametrize("slug", BANKS)
def test_every_kernel_runs_at_its_smallest_and_largest(slug):
    for shape in ((1, 1, 1, 1), (3, 3, 1, 1), (11, 11, 6, 10), (1, 11, 2, 3)):
        bank = BANKS[slug].call(*shape, 0)
        assert bank.shape == shape
        assert bank.dtype == np.float64
        assert np.isfinite(bank).all()


def test_what_can_be_chosen_is_what_is_registered():
    assert set(options(ConvolutionLesson, "image")) == {*PATTERNS, "photo", "own"}
    assert set(options(ConvolutionLesson, "kernel")) == {*BANKS, "own"}
    assert options(KernelLesson, "named") == (*KERNELS, "own")
    assert options(KernelLesson, "second") == options(KernelLesson, "third")
    assert options(KernelLesson, "second") == ("none", *KERNELS)
    assert set(options(PixelLesson, "method")) == set(METHODS)
    assert set(options(PixelLesson, "space")) == set(SPACES)


@pytest.mark.parametrize("entry", [*METHODS.values(), *SPACES.values()], ids=lambda e: e.slug)
def test_every_method_and_space_is_explained_and_runs(entry):
    assert entry.title.strip()
    assert entry.explanation.strip().endswith(".")
    if entry.slug in METHODS:
        assert resize(PHOTO, 7, 9, entry.slug).shape == (7, 9, 3)
    else:
        assert len(planes(PHOTO, entry.slug)) == len(entry.channels)
        for channel in entry.channels:
            assert channel.title.strip()
            assert channel.explanation.strip().endswith(".")


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=lambda sample: sample.slug)
def test_every_sample_is_credited(sample):
    assert all(text.strip() for text in (sample.title, sample.credit, sample.licence))
    assert sample.path.is_file()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.slug)
def test_every_preset_has_a_page_and_runs(preset):
    assert preset.lesson.page in {page.slug for page in PAGES}
    assert preset.title.strip()
    assert preset.topic.strip()
    assert preset.look.strip().endswith((".", "?"))
    assert RUNS[type(preset.lesson)](preset.lesson)


def test_slugs_are_fit_for_links_and_stand_for_themselves():
    registries = (PATTERNS, BANKS, KERNELS, PICTURES, METHODS, SPACES, SAMPLES, PRESETS)
    for slug, entry in (item for registry in registries for item in registry.items()):
        assert slug == entry.slug
        assert slug.replace("-", "").isalnum()
        assert slug == slug.lower()
        assert slug.isascii()


# Controls


def test_no_two_lessons_share_a_name():
    """Names are widget keys and stand in links, and both outlive a change of page.

    The data set is the exception: `state.arrive` gives each page its own back.
    """
    seen: dict[str, str] = {}
    for kind, name in FIELDS:
        if name in DataFields.model_fields:
            continue
        assert seen.setdefault(name, kind.page) == kind.page, name
        assert name not in SHARED_BY_ALL_PAGES


def test_no_other_widget_has_the_key_of_a_field():
    keys = set()
    for path in (ROOT / "core" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                keys |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "key" and isinstance(word.value, ast.Constant)
                }
    assert {"photo", "upload", "hide", "present", "predict", "view", "presets"} <= keys
    assert keys.isdisjoint(name for _, name in FIELDS)


def test_lessons_of_all_pages_are_checked_here():
    assert {kind.page for kind in LESSONS} == {page.slug for page in PAGES if page.section}


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda part: getattr(part, "page", part))
def test_every_field_has_words_for_its_control(kind, name):
    info = kind.model_fields[name]
    assert info.title
    assert info.title[0].isupper()
    if name not in WITHOUT_HELP:
        assert info.description
        assert info.description.endswith(".")


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda part: getattr(part, "page", part))
def test_every_field_can_become_a_control(kind, name):
    info = kind.model_fields[name]
    assert name.replace("_", "").isalpha()
    assert name == name.lower()
    if marks := stops(kind, name):
        assert len(marks) > 1
        assert list(marks) == sorted(set(marks))
        assert [kind.parse(name, mark) for mark in (*marks, info.default)]  # within bounds
    elif info.annotation in (int, float):
        assert len(bounds(kind, name)) > 1
        assert bounds(kind, name)[0] <= info.default <= bounds(kind, name)[-1]
    elif info.annotation is str:
        assert any(getattr(rule, "max_length", 0) for rule in info.metadata)
    elif info.annotation is not bool:
        assert info.default in options(kind, name)
        assert len(set(options(kind, name))) > 1


@pytest.mark.parametrize("kind", LESSONS, ids=lambda kind: kind.page)
def test_the_defaults_have_a_result(kind):
    assert kind().problem() is None
    assert set(kind.repair_order) <= set(kind.model_fields)


# Pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_page_has_its_words(page):
    assert (ROOT / page.path).is_file()
    assert page.title
    assert page.summary.endswith(".")
    assert page.icon.startswith(":material/")
    if page.section:
        text = note(page.slug)
        for heading in ("What to look at", "What students get wrong", "Where it comes from"):
            assert f"**{heading}**" in text


def test_pages_are_listed_once():
    assert len({page.path for page in PAGES}) == len(PAGES)
    assert len({page.title for page in PAGES}) == len(PAGES)
    assert sum(page.section == "" for page in PAGES) == 1


def texts() -> dict[str, str]:
    """Everything that is written on the screen, by where it comes from."""
    found = {f"page {page.slug}": page.title + page.summary for page in PAGES}
    found |= {f"note {page.slug}": note(page.slug) for page in PAGES if page.section}
    found |= {f"preset {p.slug}": p.title + p.topic + p.look for p in PRESETS.values()}
    found |= {f"deck {deck}": about for deck, about in DECKS.items()}
    for kind, name in FIELDS:
        info = kind.model_fields[name]
        found[f"{kind.page}.{name}"] = f"{info.title}{info.description}"
    for entry in (*PATTERNS.values(), *BANKS.values(), *PICTURES.values()):
        found[f"entry {entry.slug}"] = entry.title + entry.source
    for named in KERNELS.values():
        found[f"kernel {named.slug}"] = named.title + named.source + named.about
    return found


@pytest.mark.parametrize(("where", "text"), texts().items(), ids=lambda part: part[:30])
def test_words_are_plain_text(where, text):
    """Curly quotes and long dashes come from pasting; a name with an accent is listed here."""
    assert text.isascii(), where
    assert "\t" not in text


# The lectures

LECTURES = {
    "Oslo: pattern 1, the diagonal": "oslo-pattern-1",
    "Oslo: pattern 2, the anti-diagonal": "oslo-pattern-2",
    "Oslo: pattern 3, the X": "oslo-pattern-3",
    "Oslo: several patterns, feature maps": "oslo-three-patterns",
    "Oslo and Penn: many filters": "many-filters",
    "Oslo: indices x_ijc": "oslo-indices",
    "Coimbra: red, green and blue": "coimbra-triples",
    "Coimbra: a grid of numbers": "coimbra-grid",
    "Coimbra: a binary image": "coimbra-binary",
    "Coimbra: one ring of zeros, 114": "coimbra-padding",
    "Penn and NTU: the worked example": "worked-example",
    "Penn and NTU: its first products": "worked-first-products",
    "Penn and NTU: the kernel flipped": "worked-true-convolution",
    "Penn and NTU: stride 2": "worked-stride-2",
    "Penn and NTU: dilation 2": "worked-dilation-2",
    "NTU: padding by zeros": "padding-zeros",
    "NTU: padding by ones": "padding-ones",
    "NTU: padding by reflection": "padding-reflect",
    "NTU: zeros, padding 1 and stride 2": "padding-zeros-stride-2",
    "NTU: information loss at the edges": "padding-corner-lost",
    "NTU: the edges kept": "padding-corner-kept",
    "NTU: matching output size": "padding-matching-size",
    "NTU: stride is faster": "stride-fewer-values",
    "NTU: stride ignores input": "stride-ignores-input",
    "NTU: dilation sees more": "dilation-wider-view",
    "NTU: from any depth to any other": "any-depth",
    "NTU: Sobel": "sobel-edge",
    "NTU: your own edge detector": "sobel-photo",
    "NTU: exercise 1, write your own edge detector": "ntu-edge-detector",
    "NTU: Sobel, high where there is a gradient to the right": "ntu-sobel-x",
    "NTU: Sobel, high where there is a gradient downwards": "ntu-sobel-y",
    "NTU: kernels can be learned instead of crafted": "ntu-learned-kernel",
    "Penn: one 5x5x3 filter on 32x32x3": "one-filter-32",
    "Penn: six 5x5 filters": "six-filters-32",
    "Penn: ten 5x5x6 filters": "ten-filters-28",
    "Penn: how many parameters, 760": "ten-filters-32",
    "Penn: convolution against fully connected": "convolution-or-dense",
    "Penn: translation": "penn-same-pattern-twice",
    "MLC: 4x4 filters on (32, 32, 3)": "mlc-two-inputs",
    "NTU and MLC: the up-convolution of the U-Net": "unet-up-convolution",
    "Oslo: max pooling of 0..15": "pool-max",
    "Oslo and NTU: average pooling": "pool-average",
    "Oslo and NTU: min pooling": "pool-min",
    "Penn: the figure of CS231n": "pool-cs231n",
    "NTU: unpooling": "unpool-max",
    "NTU: two learnable parameters": "norm-learnable",
    "NTU: before the activation": "norm-before",
    "NTU: after the activation": "norm-after",
    "MLC: the batch norm algorithm": "norm-algorithm",
    "MLC: batch norm against layer norm": "norm-batch-against-layer",
    "Coimbra: flattening": "flatten",
    "Coimbra: fully connected layers": "fully-connected",
    "Coimbra: learning rate as step down the hill": "step-down-the-hill",
    "MLC: learning rate too small": "rate-too-small",
    "MLC: learning rate too big": "rate-too-big",
    "MLC: learning rate too big and too small": "three-rates",
    "MLC: without gradient clipping": "cliff-without-clipping",
    "MLC: with gradient clipping": "cliff-with-clipping",
    "MLC: optimisation strategies": "optimisation-strategies",
    "NTU: Adam": "adam-step-by-step",
    "Penn: cross-entropy by stochastic gradient descent": "cross-entropy-by-sgd",
    "Coimbra: forward pass and loss": "forward-pass",
    "Coimbra: backpropagation": "backward-pass",
    "Coimbra: weight update": "weight-update",
    "NTU: softmax": "ntu-softmax",
    "NTU: log-likelihood": "ntu-log-likelihood",
    "NTU and MLC: MNIST character recognition": "mnist-characters",
    "NTU: 2 conv and 2 fully connected": "two-conv-two-fc",
    "Penn: LeNet": "penn-lenet",
    "Penn: faces versus not faces": "faces-or-not",
    "Coimbra: iterations per epoch": "iterations-per-epoch",
    "Penn: cross-entropy by SGD, on pictures": "training-cross-entropy-sgd",
    "MLC: learning rate too small, on pictures": "training-rate-too-small",
    "MLC: learning rate too big, on pictures": "training-rate-too-big",
    "Coimbra: the step down the hill": "training-step-down-the-hill",
    "MLC: optimisation strategies, on pictures": "training-optimisation-strategies",
    "MLC: without clipping, on pictures": "training-without-clipping",
    "MLC: with clipping, on pictures": "training-with-clipping",
    "MLC: dropout": "training-dropout",
    "MLC: early stopping": "training-early-stopping",
    "MLC and NTU: batch norm": "training-batch-norm",
    "MLC: layer norm": "training-layer-norm",
    "NTU and Penn: ResNet": "skip-connections",
    "Penn: viewpoint": "penn-viewpoint",
    "Penn: viewpoint, slanted": "penn-slanted",
    "Penn: illumination": "penn-illumination",
    "Penn: deformation": "penn-deformation",
    "Penn: occlusion": "penn-occlusion",
    "Penn: background clutter": "penn-clutter",
    "Penn: scale, in place of intraclass variation": "penn-scale",
    "Oslo: predict with the ImageNet head, as loaded": "oslo-levels-as-they-are",
    "Oslo: predict with the ImageNet head, preprocessed": "oslo-preprocessed",
    "MLC: IoU of boxes, threshold 0.5": "iou-threshold",
    "MLC: S x S x (B*5 + C), 1,470 numbers": "yolo-voc",
    "MLC: YOLO trained, boxes as they tighten": "detector-shapes",
    "MLC: YOLOv8, by KerasCV from its first weights": "detector-yolov8",
    "MLC: YOLO v8, predict on a picture": "detect-objects",
    "MLC: IoU of masks, threshold 0.5": "found-at-half",
    "MLC: AP as a sum over thresholds": "ap-by-hand",
    "NTU and MLC: U-Net, the class of every pixel": "unet-shapes",
    "NTU: unpooling in a network that segments": "unet-unpooling",
    "Penn: semantic and instance segmentation": "segment-instances",
    "Oslo: too little data to train from scratch": "transfer-few-pictures",
    "Oslo: freeze, or fine-tune": "transfer-three-ways",
    "Oslo: fine-tune the whole model": "transfer-deep-cut",
    "Oslo: max pooling, Dense 128, dropout 0.3, flip": "transfer-oslo-head",
    "Oslo: the tutorial's flowers": "transfer-oslo-flowers",
    "Coimbra: original, horizontal flip, vertical flip": "augment-coimbra-flips",
    "Coimbra: horizontal flip": "augment-coimbra-horizontal",
    "Coimbra: vertical flip": "augment-coimbra-vertical",
    "Oslo: albumentations": "augment-albumentations",
    "MLC: data augmentation against overfitting": "augment-against-overfitting",
    "Guide: no padding, no strides": "guide-no-padding-no-strides",
    "Guide: arbitrary padding": "guide-arbitrary-padding-no-strides",
    "Guide: half padding": "guide-half-padding-no-strides",
    "Guide: full padding": "guide-full-padding-no-strides",
    "Guide: strides": "guide-no-padding-strides",
    "Guide: padding and strides": "guide-padding-strides",
    "Guide: padding and strides, odd": "guide-padding-strides-odd",
    "Guide: dilation": "guide-dilation",
    "Guide: transposed": "guide-no-padding-no-strides-transposed",
    "Guide: transposed, arbitrary padding": "guide-arbitrary-padding-no-strides-transposed",
    "Guide: transposed, half padding": "guide-half-padding-no-strides-transposed",
    "Guide: transposed, full padding": "guide-full-padding-no-strides-transposed",
    "Guide: transposed, strides": "guide-no-padding-strides-transposed",
    "Guide: transposed, padding and strides": "guide-padding-strides-transposed",
    "Guide: transposed, odd": "guide-padding-strides-odd-transposed",
}
"""Every example on these pages that the five decks and the guide name, and its preset."""


@pytest.mark.parametrize("example", LECTURES)
def test_every_example_of_the_lectures_has_its_preset(example):
    preset = PRESETS[LECTURES[example]]
    decks = example.split(":")[0].split(" and ")
    assert set(decks) <= set(preset.decks)


def test_every_preset_of_a_deck_is_an_example_of_the_lectures():
    assert {p.slug for p in PRESETS.values() if p.decks} == set(LECTURES.values())
