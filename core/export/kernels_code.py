"""The page "Kernels" as a script: the same answer with OpenCV and with Keras."""

from __future__ import annotations

from textwrap import wrap

import numpy as np

from core.export.pixels_code import OWN_FILE
from core.export.source_text import grid_literal, literal
from core.images.filtering import MIDDLE
from core.kernels import KERNELS
from core.lessons.kernels_case import KernelCase

Section = list[str]

_BORDERS = {
    "zeros": "BORDER_CONSTANT",
    "constant": "BORDER_CONSTANT",
    "reflect": "BORDER_REFLECT_101",
    "edge": "BORDER_REPLICATE",
    "wrap": "BORDER_WRAP",
}
"""OpenCV's names for the borders."""


def kernels_script(case: KernelCase, sample_file: str | None) -> str:
    """A script whose `output` equals the page's answer.

    Args:
        case: of `build`.
        sample_file: the sample photo's name in scikit-image's data folder, or None for the
            person's own picture, which the script then reads from `image.png`.

    Returns:
        ASCII source; it ends with `output`, (H, W) or (H, W, 3) float64, and `picture`.
    """
    sections = [
        _imports(case, sample_file),
        _photo(case, sample_file),
        _kernel(case),
        _opencv(case),
        _keras(case),
        _picture(case),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports(case: KernelCase, sample_file: str | None) -> Section:
    height, width = case.kernel.weights.shape
    return [
        f"# {case.lesson.title}, {height} x {width}, on a photo.",
        *(["from pathlib import Path", ""] if sample_file else []),
        "import cv2",
        "import keras",
        "import numpy as np",
        *(["import skimage"] if sample_file else []),
    ]


def _photo(case: KernelCase, sample_file: str | None) -> Section:
    height, width = case.before.shape[:2]
    where = f'path = "{OWN_FILE}"  # the picture, as downloaded from the page'
    if sample_file:
        where = f'path = Path(skimage.__file__).parent / "data" / "{sample_file}"'
    section = [
        "# The photo, made small.",
        where,
        "image = keras.utils.img_to_array(keras.utils.load_img(path), dtype=np.uint8)",
        f"if image.shape[:2] != ({height}, {width}):",
        f"    image = cv2.resize(image, ({width}, {height}), interpolation=cv2.INTER_AREA)",
    ]
    if case.before.ndim == 2:
        return [*section, "photo = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[:, :, None]"]
    return [*section, "photo = image"]


def _kernel(case: KernelCase) -> Section:
    kernel = case.kernel
    # What rounding leaves of 0 would fill the grid with digits.
    weights = np.where(np.abs(kernel.weights) < 1e-15, 0.0, kernel.weights)
    return [
        *(f"# {line}" for line in wrap(_about(case), 90)),
        f'weights = np.array({grid_literal(weights)}, dtype="float64")',
        f"scale, offset = {literal(kernel.scale)}, {literal(kernel.offset)}",
    ]


def _about(case: KernelCase) -> str:
    lesson = case.lesson
    if lesson.named == "own":
        return "The kernel: your own."
    named = KERNELS[lesson.named]
    changed = ", turned or mirrored" if lesson.turn or lesson.mirror != "none" else ""
    return f"The kernel: {named.title}{changed}. Source: {named.source}."


def _opencv(case: KernelCase) -> Section:
    rows, columns = case.kernel.weights.shape
    above, before = (rows - 1) // 2, (columns - 1) // 2
    below, after = rows // 2, columns // 2
    flag = _BORDERS[case.lesson.border]
    value = case.lesson.border_value if case.lesson.border == "constant" else 0.0
    plane = "[:, :, 0]" if case.before.ndim == 2 else ""
    constant = f", value=({', '.join([literal(value)] * 4)})" if value else ""
    return [
        "# With OpenCV: make the border, slide the kernel, cut the border off. filter2D",
        "# correlates, as networks do; what it calls the anchor is the pixel answered for.",
        f"height, width = {case.before.shape[0]}, {case.before.shape[1]}",
        "padded = cv2.copyMakeBorder(",
        f"    photo.astype(\"float64\"), {above}, {below}, {before}, {after}, "
        f"cv2.{flag}{constant}",
        f").reshape(height + {rows - 1}, width + {columns - 1}, photo.shape[2])",
        f"answer = cv2.filter2D(padded, -1, weights, anchor=({before}, {above}))",
        "answer = answer.reshape(padded.shape)",
        f"answer = answer[{above}:{above} + height, {before}:{before} + width]",
        f"output = (answer / scale + offset){plane}",
    ]  # fmt: skip


def _keras(case: KernelCase) -> Section:
    rows, columns = case.kernel.weights.shape
    channels, plane = (1, "[:, :, 0]") if case.before.ndim == 2 else (3, "")
    return [
        "# With Keras: a layer whose weights are not learned; each channel by itself.",
        f"layer = keras.layers.DepthwiseConv2D(({rows}, {columns}), dtype=\"float64\")",
        "layer.build((None, *padded.shape))",
        "layer.set_weights([",
        f"    np.repeat((weights / scale)[:, :, None, None], {channels}, axis=2),",
        f"    np.full({channels}, offset, dtype=\"float64\"),",
        "])",
        "same = keras.ops.convert_to_numpy(layer(padded[None]))[0]",
        f'print("largest difference", np.abs(same{plane} - output).max())',
    ]  # fmt: skip


def _picture(case: KernelCase) -> Section:
    display = case.display
    lines = {
        "clip": ["# What does not fit into 0 to 255 is cut.", "shown = output"],
        "absolute": [
            "# Without the sign; what does not fit into 255 is cut.",
            "shown = np.abs(output)",
        ],
        "stretch": [
            "# From the smallest answer, black, to the largest, white.",
            "low, high = output.min(), output.max()",
            "shown = (output - low) * (255 / ((high - low) or 1.0))",
        ],
        "signed": [
            f"# 0 becomes {MIDDLE}, darker is negative, brighter is positive.",
            "strongest = output",
            *(
                [
                    "which = np.abs(output).argmax(axis=2)[..., None]",
                    "strongest = np.take_along_axis(output, which, axis=2)[..., 0]",
                ]
                if case.before.ndim == 3
                else []
            ),
            f"shown = np.rint(strongest * ({MIDDLE} / (np.abs(output).max() or 1.0))) "
            f"+ {MIDDLE}",
        ],
    }[display]
    order = ["picture = np.rint(shown).clip(0, 255).astype(np.uint8)"]
    grey = case.before.ndim == 2 or display == "signed"
    written = "picture" if grey else "picture[..., ::-1]"
    return [*lines, *order, f'cv2.imwrite("filtered.png", {written})', "print(output.shape)"]
