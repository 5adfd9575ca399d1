"""The networks that learn masks as Keras statements: a U-Net, or an encoder and a decoder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import core
from core.architecture import HEAD_DROPOUT
from core.architecture.deeplab import (
    CONTEXT,
    DILATIONS,
    ENCODER,
    HEAD,
    HIGH_STRIDE,
    LOW_STRIDE,
    OUTLINES,
    shown_side,
)
from core.architecture.plan import MOMENTUM
from core.architecture.unet import Rung, UNet, ladder
from core.export.model_code import wrapped
from core.export.optimizer_code import largest
from core.export.source_of import bare
from core.export.transfer_code import backbone_code, inputs_code
from core.training.segmentation import SegmentationSpec
from core.training.transfer import TransferSpec

ENDS = ("block1a_project_bn", "block5c_add")
"""The last layers of the encoder's blocks whose maps are taken."""
_UNPOOLING = Path(core.__path__[0]) / "models" / "pooling.py"

Shape = tuple[int, int, int]
Size = tuple[int, int]


def network_code(spec: SegmentationSpec, input_shape: Shape, classes: int) -> list[str]:
    """Sections that make `model`; of an encoder with a decoder `trainer` as well.

    Raises:
        ArchitectureError: the size does not go through.
    """
    seed = (
        "# The same seed gives the same first weights.\n"
        f"keras.utils.set_random_seed({spec.seed})"
    )
    if spec.encoder == "lite0":
        return [*_encoder(spec, input_shape), seed, *_decoder(spec, input_shape, classes)]
    return [seed, *_unet(spec, input_shape, classes)]


def _dropout(spec: SegmentationSpec) -> tuple[str, list[str]]:
    """The layer before the output, and what is said once the model is made."""
    later = largest(spec, "dropout") if not spec.dropout else 0.0
    rate = spec.dropout or later
    layer = f'x = layers.Dropout({rate!r}, seed={spec.seed}, name="{HEAD_DROPOUT}")(x)'
    if not later:
        return layer, []
    return layer, [
        "# Made with a rate, the layer can draw later; at first it does not.",
        f'model.get_layer("{HEAD_DROPOUT}").rate = 0.0',
    ]


def _convolution(parameters: str, kernel: str, further: str, bias: bool, norm: bool) -> str:
    """The function of the script that makes a convolution with what follows it."""
    options = f"{further}, use_bias={bias}"
    lines = [
        f"def convolution({parameters}):",
        "    x = layers.Conv2D(",
        f"        maps, {kernel}, {options},",
        '        kernel_initializer="he_normal", name=name,',
        "    )(x)",
    ]
    if norm:
        name = 'f"{name}_norm"'
        lines.append(f"    x = layers.BatchNormalization(momentum={MOMENTUM}, name={name})(x)")
    return "\n".join([*lines, '    return layers.ReLU(name=f"{name}_relu")(x)\n'])


# A U-Net


def _unet(spec: SegmentationSpec, input_shape: Shape, classes: int) -> list[str]:
    unet = spec.unet
    rungs = ladder(unet, input_shape[:2], input_shape[2], classes)
    bottom = next(at for at, rung in enumerate(rungs) if rung.name.startswith("bottom"))
    top = next(at for at, rung in enumerate(rungs) if rung.kind == "up")
    after = ", batch norm" if unet.norm else ""
    function = _convolution(
        "x, maps, name", "3", f'padding="{unet.padding}"', not unet.norm, unet.norm
    )
    down = [
        f'inputs = keras.Input({input_shape}, name="image")',
        'x = layers.Rescaling(1 / 127.5, -1.0, name="rescale")(inputs)',
        *_statements(unet, rungs[1:bottom], rungs),
    ]
    dropout, said = _dropout(spec)
    total = sum(rung.parameters for rung in rungs)
    up = [
        *_statements(unet, rungs[top:-1], rungs),
        dropout,
        f'outputs = layers.Conv2D({classes}, 1, name="output")(x)',
        f"# {total:,} parameters.",
        'model = keras.Model(inputs, outputs, name="unet")',
        *said,
    ]
    size = " x ".join(map(str, input_shape))
    return [
        *([_unpooling()] if unet.up == "unpooling" else []),
        f"# 3 x 3{after} and ReLU.\n{function}",
        "\n".join([f"# The way down, from pictures of {size}, values 0 to 255.", *down]),
        "\n".join(["# The bottom.", *_statements(unet, rungs[bottom:top], rungs)]),
        "\n".join(
            ["# The way up, to a logit of each class for every pixel.", *_beside(unet), *up]
        ),
    ]


def _beside(unet: UNet) -> list[str]:
    return ["# Beside what comes up lies what was there on the way down."] if unet.skips else []


def _statements(unet: UNet, rungs: Sequence[Rung], all_of_them: Sequence[Rung]) -> list[str]:
    down = {rung.level: rung.side_hw for rung in all_of_them if rung.name.startswith("down")}
    return [line for rung in rungs for line in _rung(unet, rung, down)]


def _rung(unet: UNet, rung: Rung, down: Mapping[int, Size]) -> Iterator[str]:
    remark = f"  # {rung.side_hw[0]} x {rung.side_hw[1]} x {rung.channels}"
    kept = f"down_{rung.level}"
    if rung.kind == "convolution":
        wanted = unet.skips or unet.up == "unpooling"
        last = wanted and rung.name == f"{kept}_conv_2"
        start = f"x = {kept} = " if last else "x = "
        yield f'{start}convolution(x, {rung.channels}, "{rung.name}"){remark}'
    elif rung.kind == "pool":
        yield f'x = layers.MaxPooling2D(name="{rung.name}")(x)'
    elif rung.kind == "up":
        yield from _enlarged(unet, rung, down[rung.level], remark)
    else:
        if rung.crop_hw != (0, 0):
            yield f'{kept} = layers.Cropping2D({rung.crop_hw}, name="{rung.name}_crop")({kept})'
        yield f'x = layers.Concatenate(name="{rung.name}")([{kept}, x])'


def _enlarged(unet: UNet, rung: Rung, below: Size, remark: str) -> Iterator[str]:
    name, maps = f'name="{rung.name}"', str(rung.channels)
    if unet.up == "transposed":
        yield wrapped(
            "x = layers.Conv2DTranspose(", [maps, "2", "strides=2", name], ")(x)" + remark
        )
        return
    yield f'x = layers.Conv2D({maps}, 1, name="{rung.name}_mix")(x)'
    if unet.up == "bilinear":
        bilinear = ['interpolation="bilinear"', name]
        yield wrapped("x = layers.UpSampling2D(", bilinear, ")(x)" + remark)
        return
    yield f'marks = MaxSwitches(name="{rung.name}_switches")(down_{rung.level})'
    cut = ((below[0] - rung.side_hw[0]) // 2, (below[1] - rung.side_hw[1]) // 2)
    if cut != (0, 0):
        named = f'name="{rung.name}_switches_crop"'
        yield f"marks = layers.Cropping2D({cut}, {named})(marks)"
    yield f"x = MaxUnpooling({name})(x, marks){remark}"


def _unpooling() -> str:
    """The two layers as `core.models` has them: read, since importing them loads Keras."""
    lines = _UNPOOLING.read_text(encoding="utf-8").splitlines()
    parts = []
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.FunctionDef):
            parts.append(bare(node, lines, node.name))
        elif isinstance(node, ast.ClassDef):
            parts.append(_class(node, lines))
    return "# Keras has no layer for unpooling.\n" + "\n\n\n".join(parts) + "\n"


def _class(node: ast.ClassDef, lines: list[str]) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
    head = "\n".join(lines[first - 1 : methods[0].lineno - 1]).rstrip()
    bodies = [f"    {bare(method, lines, method.name)}" for method in methods]
    return re.sub(r"  # type: ignore\S*", "", "\n\n".join([head, *bodies]))


# An encoder with a decoder


def _encoder(spec: SegmentationSpec, input_shape: Shape) -> list[str]:
    side = shown_side(input_shape[:2])
    # Its statements are those of fine-tuning: the pretrained network for another size.
    borrowed = TransferSpec(backbone=ENCODER, way="finetune", side=side)
    learnt = not spec.encoder_frozen
    about = "learnt, too" if learnt else "left as they are"
    names = ", ".join(f'"{name}"' for name in ENDS)
    return [
        backbone_code(borrowed),
        dedent(f"""\
            # The maps at a half and at a sixteenth of the side. Their weights are {about}.
            names = {names}
            ends = [backbone.get_layer(name).output for name in names]
            backbone = keras.Model(backbone.input, ends)
            backbone.trainable = {learnt}"""),
        inputs_code(borrowed, input_shape) + "\nencoder = keras.Model(inputs, backbone(x))",
    ]


def _decoder(spec: SegmentationSpec, input_shape: Shape, classes: int) -> list[str]:
    side = shown_side(input_shape[:2])
    deep, up = side // HIGH_STRIDE, HIGH_STRIDE // LOW_STRIDE
    dropout, said = _dropout(spec)
    last = f'layers.UpSampling2D({LOW_STRIDE}, interpolation="bilinear", name="output")'
    if input_shape[:2] != (side, side):
        height, width = input_shape[:2]
        last = f'layers.Resizing({height}, {width}, interpolation="bilinear", name="output")'
    wide = [
        f'    convolution(high, {CONTEXT}, 3, "pyramid_{rate}", {rate}),' for rate in DILATIONS
    ]
    function = _convolution(
        "x, maps, kernel, name, dilation=1",
        "kernel", 'padding="same", dilation_rate=dilation', bias=False, norm=True,
    )  # fmt: skip
    return [
        f"# A convolution, batch norm and ReLU.\n{function}",
        "\n".join(
            [
                "# The pyramid: the same maps seen in several widths at once.",
                "low, high = encoder.output",
                "seen = [",
                f'    convolution(high, {CONTEXT}, 1, "pyramid_1"),',
                *wide,
                "]",
                'x = layers.GlobalAveragePooling2D(keepdims=True, name="pyramid_mean")(high)',
                f'x = convolution(x, {CONTEXT}, 1, "pyramid_whole")',
                f'x = layers.UpSampling2D(({deep}, {deep}), name="pyramid_spread")(x)',
                'x = layers.Concatenate(name="pyramid")([*seen, x])',
                f'x = convolution(x, {CONTEXT}, 1, "context")',
            ]
        ),
        "\n".join(
            [
                "# Enlarged; maps of an early block beside it bring the outlines back.",
                f'x = layers.UpSampling2D({up}, interpolation="bilinear", name="up_0")(x)',
                f'outlines = convolution(low, {OUTLINES}, 1, "outlines")',
                'x = layers.Concatenate(name="skip_0")([outlines, x])',
                f'x = convolution(x, {HEAD}, 3, "head")',
                dropout,
                f'x = layers.Conv2D({classes}, 1, name="classes")(x)',
                f"logits = {last}(x)",
                'model = keras.Model(inputs, logits, name="deeplab")',
                "decoder = keras.Model([low, high], logits)",
                *said,
            ]
        ),
        dedent("""\
            # In training, too, the encoder's batch norm has the statistics that it came with.
            class Trainer(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.encoder, self.decoder = encoder, decoder

                def call(self, pictures, training=False):
                    low, high = self.encoder(pictures, training=False)
                    return self.decoder([low, high], training=training)


            trainer = Trainer()"""),
    ]
