"""The page "Image as numbers" as a script."""

from __future__ import annotations

from core.lessons.pixels import PixelCase
from core.numbers import parse_edits

OWN_FILE = "image.png"
"""What the script expects the person's own picture to be called."""

_FLAGS = {
    "nearest": "INTER_NEAREST_EXACT",
    "bilinear": "INTER_LINEAR",
    "bicubic": "INTER_CUBIC",
    "area": "INTER_AREA",
    "lanczos": "INTER_LANCZOS4",
}

_SPACES = {
    "rgb": ["planes = window"],
    "grey": ["planes = (window @ np.array([0.299, 0.587, 0.114]))[..., None]"],
    "hsv": ["planes = cv2.cvtColor((window / 255).astype(np.float32), cv2.COLOR_RGB2HSV)"],
    "lab": [
        "share = window / 255",
        "linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)",
        "to_xyz = np.array([",
        "    [0.4124564, 0.3575761, 0.1804375],",
        "    [0.2126729, 0.7151522, 0.0721750],",
        "    [0.0193339, 0.1191920, 0.9503041],",
        "])",
        "relative = linear @ (to_xyz / to_xyz.sum(axis=1, keepdims=True)).T",
        "d = 6 / 29",
        "root = np.where(relative > d**3, np.cbrt(relative), relative / (3 * d**2) + 4 / 29)",
        "x, y, z = np.moveaxis(root, -1, 0)",
        "planes = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)",
    ],
    "ycrcb": [
        "luma = window @ np.array([0.299, 0.587, 0.114])",
        "cr = (window[..., 0] - luma) / 1.402 + 128",
        "cb = (window[..., 2] - luma) / 1.772 + 128",
        "planes = np.stack([luma, cr, cb], axis=-1)",
    ],
}


def pixels_script(case: PixelCase, sample_file: str | None) -> str:
    """A script whose `planes` equal the crop on the page.

    Args:
        case: of `build`.
        sample_file: the sample photo's name in scikit-image's data folder, or None for the
            person's own picture, which the script then reads from `image.png`.

    Returns:
        ASCII source; it ends with `planes`, (rows, columns, channels), and `vector`.
    """
    lesson = case.lesson
    parts = [_imports(case, sample_file), _picture(case, sample_file)]
    if lesson.bits < 8:
        parts.append(_bits(lesson.bits))
    if changes := _changes(case):
        parts.append(["# Pixels changed by hand.", *changes])
    parts.append(
        [
            f"# The crop, {lesson.rows} x {lesson.columns}.",
            f"window = small[{lesson.top}:{lesson.top + lesson.rows}, "
            f"{lesson.left}:{lesson.left + lesson.columns}]",
        ]
    )
    parts.append([f"# Its channels in {lesson.space}.", *_SPACES[lesson.space]])
    parts.append(
        [
            "# Flattened: row by row, channel last.",
            "vector = planes.reshape(-1)",
            "print(planes.shape, vector.shape)",
            "for channel in range(planes.shape[2]):",
            "    print(np.round(planes[..., channel], 2))",
        ]
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _imports(case: PixelCase, sample_file: str | None) -> list[str]:
    height, width = case.small.shape[:2]
    photo = case.lesson.picture == "photo"
    needs_cv2 = photo or case.lesson.space == "hsv"
    shipped = photo and sample_file
    return [
        f"# A picture as numbers: {height} x {width} x 3, {case.lesson.bits} bits a channel.",
        *(["from pathlib import Path", ""] if shipped else []),
        *(["import cv2"] if needs_cv2 else []),
        *(["import keras"] if photo else []),
        "import numpy as np",
        *(["import skimage"] if shipped else []),
    ]


def _picture(case: PixelCase, sample_file: str | None) -> list[str]:
    if case.lesson.picture == "triples":
        return [
            "# Three pixels: red, green and blue.",
            "small = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)",
        ]
    height, width = case.small.shape[:2]
    where = [f'path = "{OWN_FILE}"  # the picture, as downloaded from the page']
    if sample_file:
        where = [f'path = Path(skimage.__file__).parent / "data" / "{sample_file}"']
    return [
        "# The picture: height, width, channels (red, green, blue), made small.",
        *where,
        "image = keras.utils.img_to_array(keras.utils.load_img(path), dtype=np.uint8)",
        f"small = cv2.resize(image, ({width}, {height}), "
        f"interpolation=cv2.{_FLAGS[case.lesson.method]})",
    ]


def _bits(bits: int) -> list[str]:
    return [
        f"# {bits} bits a channel: {2**bits} levels, spread over 0..255 again for the eye.",
        f"levels = small >> {8 - bits}",
        f"small = np.rint(levels * 255.0 / {2**bits - 1}).astype(np.uint8)",
    ]


def _changes(case: PixelCase) -> list[str]:
    """Assignments for the cells that were changed by hand and still exist."""
    lines = []
    for edit in parse_edits(case.lesson.changes):
        if len(edit.index) == 3 and all(
            i < n for i, n in zip(edit.index, case.small.shape, strict=True)
        ):
            row, column, channel = edit.index
            lines.append(f"small[{row}, {column}, {channel}] = {case.small[edit.index]}")
    return lines
