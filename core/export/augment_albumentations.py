"""A pipeline as code for albumentations: the same ranges, but draws of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import fill, indent
from typing import Any

from core.augment.spec import PipelineSpec
from core.export.augment_frame import OWN_FILE, over_lines

Line = Callable[[Any], str]

_BORDERS = {
    "reflect": "cv2.BORDER_REFLECT",
    "constant": "cv2.BORDER_CONSTANT",
    "nearest": "cv2.BORDER_REPLICATE",
    "wrap": "cv2.BORDER_WRAP",
}


def _n(value: float) -> str:
    return f"{value:.4g}"


def _pair(low: float, high: float) -> str:
    return f"({_n(low)}, {_n(high)})"


def _around(share: float) -> str:
    """From 1 - share to 1 + share."""
    return _pair(1 - share, 1 + share)


def _outside(step: Any) -> str:  # noqa: ANN401 - any step that moves pixels
    value = f", fill={step.fill_value}" if step.fill == "constant" else ""
    return f"border_mode={_BORDERS[step.fill]}{value}"


LINES: Mapping[str, Line] = {
    "flip_horizontal": lambda s: "HorizontalFlip(",
    "flip_vertical": lambda s: "VerticalFlip(",
    "quarter_turn": lambda s: "RandomRotate90(",
    "rotation": lambda s: f"Rotate(limit={_n(s.degrees)}, {_outside(s)}, ",
    "translation": lambda s: (
        f'Affine(translate_percent={{"x": {_pair(-s.horizontal / 100, s.horizontal / 100)}, '
        f'"y": {_pair(-s.vertical / 100, s.vertical / 100)}}}, {_outside(s)}, '
    ),
    "zoom": lambda s: (
        f"Affine(scale={_pair(s.smallest / 100, s.largest / 100)}, keep_ratio=True, "
        f"{_outside(s)}, "
    ),
    "stretch": lambda s: (
        f'Affine(scale={{"x": {_pair(1 / (1 + s.most / 100), 1 + s.most / 100)}, '
        f'"y": (1, 1)}}, {_outside(s)}, '
    ),
    "shear": lambda s: (
        f'Affine(shear={{"x": {_pair(-s.sideways, s.sideways)}, '
        f'"y": {_pair(-s.upwards, s.upwards)}}}, {_outside(s)}, '
    ),
    "perspective": lambda s: f"Perspective(scale={_pair(0, s.scale / 100)}, {_outside(s)}, ",
    "crop_resize": lambda s: (
        f"RandomResizedCrop(size=(HEIGHT, WIDTH), "
        f"scale={_pair(s.smallest / 100, s.largest / 100)}, "
        f"ratio=(WIDTH / HEIGHT / {_n(1 + s.ratio / 100)}, "
        f"WIDTH / HEIGHT * {_n(1 + s.ratio / 100)}), "
    ),
    "center_crop": lambda s: f"Affine(scale={_pair(*2 * [100 / s.share])}, keep_ratio=True, ",
    "scale_jitter": lambda s: (
        f"Affine(scale={_pair(s.smallest / 100, s.largest / 100)}, keep_ratio=True, "
        f'translate_percent={{"x": (-0.25, 0.25), "y": (-0.25, 0.25)}}, {_outside(s)}, '
    ),
    "elastic": lambda s: (
        f"ElasticTransform(alpha={_n(s.most * s.smoothness * 12)}, "
        f"sigma=min(HEIGHT, WIDTH) * {_n(s.smoothness / 100)}, {_outside(s)}, "
    ),
    "lens": lambda s: f"OpticalDistortion(distort_limit={_n(s.most)}, {_outside(s)}, ",
    "grid_distortion": lambda s: (
        f"GridDistortion(num_steps={s.cells}, distort_limit={_n(s.most / 100)}, "
    ),
    "brightness": lambda s: (
        f"RandomBrightnessContrast(brightness_limit={_n(s.most / 100)}, contrast_limit=0, "
    ),
    "exposure": lambda s: f"ColorJitter({_around(s.most / 100)}, (1, 1), (1, 1), (0, 0), ",
    "contrast": lambda s: f"ColorJitter((1, 1), {_around(s.most / 100)}, (1, 1), (0, 0), ",
    "saturation": lambda s: f"ColorJitter((1, 1), (1, 1), {_around(s.most / 100)}, (0, 0), ",
    "hue": lambda s: f"HueSaturationValue({_n(s.most / 2)}, 0, 0, ",
    "color_jitter": lambda s: (
        f"ColorJitter({_around(s.brightness / 100)}, {_around(s.contrast / 100)}, "
        f"{_around(s.saturation / 100)}, {_pair(-s.hue / 360, s.hue / 360)}, "
    ),
    "gamma": lambda s: (
        f"RandomGamma({_pair(100 / (1 + s.most / 100), 100 * (1 + s.most / 100))}, "
    ),
    "temperature": lambda s: "PlanckianJitter(",
    "grayscale": lambda s: "ToGray(",
    "fade": lambda s: f"ColorJitter((1, 1), (1, 1), {_pair(1 - s.most / 100, 1)}, (0, 0), ",
    "channel_shift": lambda s: f"RGBShift({', '.join(3 * [_n(s.most * 2.55)])}, ",
    "channel_shuffle": lambda s: "ChannelShuffle(",
    "invert": lambda s: "InvertImg(",
    "solarize": lambda s: f"Solarize({_pair(min(s.lowest / 255, 1), 1)}, ",
    "posterize": lambda s: f"Posterize(({s.fewest}, 7), " if s.fewest < 7 else "Posterize(7, ",
    "equalize": lambda s: "Equalize(",
    "auto_contrast": lambda s: 'AutoContrast(method="pil", ',
    "clahe": lambda s: f"CLAHE((1, {_n(s.most)}), ({s.tiles}, {s.tiles}), ",
    "gaussian_blur": lambda s: f"GaussianBlur(sigma_limit={_pair(0, s.most)}, ",
    "motion_blur": lambda s: f"MotionBlur((3, {max(s.longest | 1, 3)}), allow_shifted=False, ",
    "sharpness": lambda s: f"Sharpen(alpha={_pair(0, min(s.most / 100, 1))}, ",
    "gaussian_noise": lambda s: f"GaussNoise(std_range={_pair(0, min(s.most / 255, 1))}, ",
    "salt_pepper": lambda s: f"SaltAndPepper(amount={_pair(0, s.most / 100)}, ",
    "jpeg_quality": lambda s: f"ImageCompression(quality_range=({s.lowest}, 100), ",
    "pixelate": lambda s: f"Downscale(scale_range={_pair(min(s.smallest, 99) / 100, 0.99)}, ",
    "random_erasing": lambda s: (
        f"Erasing(scale={_pair(s.smallest / 100, s.largest / 100)}, "
        + ('fill="random", ' if s.content == "noise" else f"fill={s.shade}, ")
    ),
    "cutout": lambda s: (
        f"CoarseDropout((1, 1), {_pair(*2 * [max(s.side, 1) / 100])}, "
        f"{_pair(*2 * [max(s.side, 1) / 100])}, fill={s.shade}, "
    ),
    "holes": lambda s: (
        f"CoarseDropout((1, {max(s.most, 1)}), {_pair(*2 * [s.side / 100])}, "
        f"{_pair(*2 * [s.side / 100])}, fill={s.shade}, "
    ),
    "grid_mask": lambda s: f"GridDropout(ratio={_n(max(s.ratio, 1) / 100)}, fill={s.shade}, ",
    "corrupt_defocus_blur": lambda s: "Defocus(",
    "corrupt_zoom_blur": lambda s: "ZoomBlur(",
    "corrupt_shot_noise": lambda s: "ShotNoise(",
}
"""What albumentations has a counterpart for; the probability comes last."""


_WITH_BOXES = """
# An example of a box and a mask: the middle of the picture.
box = [WIDTH // 4, HEIGHT // 4, 3 * WIDTH // 4, 3 * HEIGHT // 4]
mask = np.zeros((HEIGHT, WIDTH), "uint8")
mask[box[1] : box[3], box[0] : box[2]] = 1
made = pipeline(image=image, mask=mask, bboxes=[box], classes=[1])
print(made["image"].shape, made["bboxes"], np.unique(made["mask"]))
cv2.imwrite("augmented.png", made["image"][..., ::-1])
"""
_WITHOUT_BOXES = """
made = pipeline(image=image)
print(made["image"].shape, np.median(made["image"]))
cv2.imwrite("augmented.png", made["image"][..., ::-1])
"""


def albumentations_script(
    pipeline: PipelineSpec, *, seed: int = 0, sample_file: str | None = None
) -> str:
    """A script with the pipeline for albumentations 2, for pictures, masks and boxes.

    Args:
        pipeline: the steps; those that are off are left out.
        seed: of its own generator: other pictures than on the page come out.
        sample_file: a sample photo's name in scikit-image's data folder; None reads the
            person's own picture from `image.png`.

    Returns:
        ASCII source; it defines `pipeline`, and with it `made`, a dictionary.
    """
    lines, missing, moves = [], [], False
    for _, step in pipeline.active:
        kind: str = step.kind  # type: ignore[attr-defined]
        if (line := LINES.get(kind)) is None:
            missing.append(step.title)
        else:
            call = over_lines(f"A.{line(step)}p={_n(step.probability)})")
            lines.append(indent(f"{call},", " " * 8))
            moves |= step.boxes == "move" or step.group == "erasing"
    where = (
        f'"{OWN_FILE}"  # the picture, as downloaded from the page'
        if sample_file is None
        else f'str(Path(skimage.__file__).parent / "data" / "{sample_file}")'
    )
    text = "\n".join(lines)
    named = fill(f"albumentations has no counterpart: {', '.join(missing)}.", 84)
    without = indent(named, "# ") + "\n" if missing else ""
    files = ["from pathlib import Path", ""] if sample_file else []
    head = [
        '"""Augmentation with albumentations 2 (pip install albumentations==2.0.8, MIT).',
        "",
        "The ranges are those of the page. albumentations draws for itself: the same seed",
        "gives the same pictures here, but others than on the page.",
        '"""',
        "",
        *files,
        "import albumentations as A",
        "import cv2",
        "import numpy as np",
        *(["import skimage"] if sample_file else []),
        "",
        f"path = {where}",
        "image = cv2.imread(path)[..., ::-1]",
        "HEIGHT, WIDTH = image.shape[:2]",
        "",
        "",
    ]
    boxes = (
        '    bbox_params=A.BboxParams(\n        format="pascal_voc", label_fields=["classes"], '
        f"min_visibility={_n(pipeline.keep_boxes)}\n    ),\n"
        if moves
        else ""
    )
    body = (
        f"{without}pipeline = A.Compose(\n    [\n{text}\n    ],\n{boxes}    seed={seed},\n)\n"
    )
    return "\n".join(head) + body + (_WITH_BOXES if moves else _WITHOUT_BOXES)
