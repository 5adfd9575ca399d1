"""A convolution as a Keras script that gives the numbers of the page.

The rhythm is always the same: imports, input, kernel, layer, output. Where a Keras layer cannot
do what the page shows, the script does it by hand and says why. Refusals were found with
Keras 3.15 and TensorFlow 2.21 on a CPU.
"""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import numpy.typing as npt

from core.arithmetic.convolution import ConvSpec
from core.arithmetic.geometry import span
from core.arithmetic.patterns import GUIDE as GUIDE_IMAGE
from core.arithmetic.patterns import PATTERNS
from core.export.source_text import (
    FEW_CELLS,
    WRITTEN_OUT,
    assign_cells,
    assign_image,
    assign_kernel,
    assign_vector,
    grid_literal,
)
from core.kernels import GUIDE as GUIDE_KERNEL
from core.lessons.convolution import ConvolutionCase
from core.numbers import format_number

FloatArray = npt.NDArray[np.float64]
Section = list[str]


def convolution_script(case: ConvolutionCase) -> str:
    """A script of NumPy and Keras whose `output` equals the page's output.

    Args:
        case: of `build`.

    Returns:
        ASCII source. It ends with `output`, (OH, OW, filters) float64, and prints each feature
        map. Sections are set apart by a blank line and begin with a comment.
    """
    spec = case.lesson.conv_spec()
    sections = [_imports(case), _input(case), _kernel(case, spec), *_changed_kernel(spec)]
    if case.bias is not None:
        sections.append(["# The bias: one number for each filter.", _bias(case.bias)])
    layer = _transposed(case, spec) if spec.transposed else _forward(case, spec)
    sections += [*layer, _print(case)]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports(case: ConvolutionCase) -> Section:
    name = "A transposed convolution" if case.lesson.transposed else "A convolution"
    return [
        f"# {name}: {_by(case.image.shape)} becomes {_by(case.result.output.shape)}.",
        "import keras",
        "import numpy as np",
    ]


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _input(case: ConvolutionCase) -> Section:
    short = _image_generator(case)
    return ["# The input: height, width, channels.", short or assign_image("image", case.image)]


def _image_generator(case: ConvolutionCase) -> str | None:
    """A rule for an input too large to write out, or None where there is none."""
    lesson, image = case.lesson, case.image
    if image.size <= WRITTEN_OUT or lesson.image not in PATTERNS:
        return None
    height, width, channels = image.shape
    given = PATTERNS[lesson.image].call(height, width, channels, lesson.seed)
    changes = assign_cells("image", image, given)
    if len(changes) > FEW_CELLS:
        return None
    return "\n".join([*_pattern(lesson.image, image.shape, lesson.seed), *changes])


def _pattern(slug: str, shape: tuple[int, ...], seed: int) -> Section:
    """Statements for a pattern of `core.arithmetic.patterns`."""
    height, width, channels = shape
    zeros = f"image = np.zeros({shape})"
    grid = f"row, column, channel = np.ogrid[:{height}, :{width}, :{channels}]"
    planes = f"image = np.repeat(image[:, :, None], {channels}, axis=2)"
    across = f"(column - {format_number((width - 1) / 2)}) ** 2"
    down = f"(row - {format_number((height - 1) / 2)}) ** 2"
    radius = format_number(0.375 * min(height, width))
    rules: dict[str, Section] = {
        "guide": [
            f'guide = np.array({grid_literal(GUIDE_IMAGE)}, dtype="float64")',
            grid,
            "image = guide[(row + channel) % 5, (column + 2 * channel) % 5]",
        ],
        "random": [
            f"digits = np.random.default_rng({seed}).integers(0, 10, (32, 32, 6))",
            f'image = digits[:{height}, :{width}, :{channels}].astype("float64")',
        ],
        "ramp": [
            f"image = np.arange({height * width}.0).reshape({height}, {width})",
            planes,
        ],
        "ones": [f"image = np.ones({shape})"],
        "impulse": [zeros, f"image[{height // 2}, {width // 2}] = 1"],
        "cross": [
            zeros,
            f"places = np.arange({min(height, width)})",
            "image[places, places] = 1",
            f"image[places, {width - 1} - places] = 1",
        ],
        "edge": [zeros, f"image[:, {width // 2}:] = 9"],
        "checkerboard": [
            grid,
            'image = ((row + column + 0 * channel) % 2).astype("float64")',
        ],
        "disc": [
            grid,
            f"inside = {down} + {across} + 0 * channel <= {radius} ** 2",
            "image = 9.0 * inside",
        ],
    }
    return rules[slug]


def _kernel(case: ConvolutionCase, spec: ConvSpec) -> Section:
    axes = ("filter", "channel") if spec.transposed else ("channel", "filter")
    short = _kernel_generator(case)
    return [
        f"# The kernel: height, width, {axes[0]}s, {axes[1]}s{_of_group(spec, axes[0])}.",
        short or assign_kernel("kernel", case.kernel, *axes),
    ]


def _of_group(spec: ConvSpec, noun: str) -> str:
    return f" (the third counts the {noun}s of one group)" if spec.groups > 1 else ""


def _kernel_generator(case: ConvolutionCase) -> str | None:
    """A rule for a kernel too large to write out, or None where there is none."""
    lesson, kernel = case.lesson, case.kernel
    if kernel.size <= WRITTEN_OUT or lesson.kernel not in ("guide", "random"):
        return None
    rule = _guide_kernel if lesson.kernel == "guide" else _random_kernel
    statements, given = rule(kernel.shape, lesson.seed)
    if given.shape != kernel.shape:
        return None
    changes = assign_cells("kernel", kernel, given)
    return "\n".join([*statements, *changes]) if len(changes) <= FEW_CELLS else None


def _guide_kernel(shape: tuple[int, ...], _seed: int) -> tuple[Section, FloatArray]:
    """Statements for the guide's kernel, and what they give."""
    grid = ", ".join(f":{n}" for n in shape)
    statements = [
        f'guide = np.array({grid_literal(GUIDE_KERNEL)}, dtype="float64")',
        f"row, column, m, n = np.ogrid[{grid}]",
        "kernel = guide[(row + m + n) % 3, (column + m + n) % 3]",
    ]
    row, column, m, n = np.ogrid[tuple(slice(n) for n in shape)]
    return statements, GUIDE_KERNEL[(row + m + n) % 3, (column + m + n) % 3]


def _random_kernel(shape: tuple[int, ...], seed: int) -> tuple[Section, FloatArray]:
    """Statements for random weights, and what they give."""
    largest = (11, 11, 6, 10)
    cut = ", ".join(f":{n}" for n in shape)
    statements = [
        f"digits = np.random.default_rng({seed + 1}).integers(-2, 3, {largest})",
        f'kernel = digits[{cut}].astype("float64")',
    ]
    digits = np.random.default_rng(seed + 1).integers(-2, 3, largest)
    return statements, digits[tuple(slice(n) for n in shape)].astype(np.float64)


def _changed_kernel(spec: ConvSpec) -> list[Section]:
    """What the kernel needs before Keras takes it: mirroring, and zeros for a dilation."""
    sections = []
    if spec.flip:
        sections.append(
            [
                "# True convolution: Keras does not mirror the kernel, so it is done here.",
                "kernel = kernel[::-1, ::-1]",
            ]
        )
    if _spread_by_hand(spec):
        reach = _reach(spec)
        down, across = _dilation(spec)
        why = (
            "a transposed layer with dilation on a CPU"
            if spec.transposed
            else "stride and dilation in one layer"
        )
        sections.append(
            [
                f"# TensorFlow refuses {why},",
                "# so zeros go between the weights, which is what a dilation is.",
                f"dilated = np.zeros(({reach[0]}, {reach[1]}, *kernel.shape[2:]))",
                f"dilated[::{down}, ::{across}] = kernel",
                "kernel = dilated",
            ]
        )
    return sections


def _dilation(spec: ConvSpec) -> tuple[int, int]:
    """(down, across) distance between taps, 1 where there is one tap only."""
    down, across = (
        d if k > 1 else 1 for k, d in zip(spec.kernel_size, spec.dilation, strict=True)
    )
    return down, across


def _spread_by_hand(spec: ConvSpec) -> bool:
    """Whether Keras refuses this dilation."""
    return max(_dilation(spec)) > 1 and (spec.transposed or max(spec.stride) > 1)


def _reach(spec: ConvSpec) -> tuple[int, int]:
    down, across = (span(k, d) for k, d in zip(spec.kernel_size, spec.dilation, strict=True))
    return down, across


def _bias(bias: FloatArray) -> str:
    if len(bias) > 1 and (bias == bias[0]).all():
        return f'bias = np.full({len(bias)}, {format_number(bias[0])}, dtype="float64")'
    return assign_vector("bias", bias)


def _forward(case: ConvolutionCase, spec: ConvSpec) -> list[Section]:
    padding, by_hand = _padding(case, spec)
    arguments = [
        str(case.lesson.filters),
        str(_reach(spec) if _spread_by_hand(spec) else spec.kernel_size),
        f"strides={spec.stride}",
        f'padding="{padding}"',
    ]
    if max(_dilation(spec)) > 1 and not _spread_by_hand(spec):
        arguments.append(f"dilation_rate={_dilation(spec)}")
    if spec.groups > 1:
        arguments.append(f"groups={spec.groups}")
    name = "padded" if by_hand else "image"
    weights = "[kernel]" if case.bias is None else "[kernel, bias]"
    layer = [
        "# The layer, with the kernel as its weights.",
        *_layer("Conv2D", arguments, case),
        f"layer.build((None, *{name}.shape))",
        f"layer.set_weights({weights})",
    ]
    output = [
        "# The output: height, width, filters.",
        f"output = keras.ops.convert_to_numpy(layer({name}[None]))[0]",
    ]
    return [*by_hand, layer, output]


def _layer(name: str, arguments: list[str], case: ConvolutionCase) -> Section:
    bias = [] if case.bias is not None else ["use_bias=False"]
    lines = wrap(", ".join([*arguments, *bias, 'dtype="float64"']) + ",", 84)
    return [f"layer = keras.layers.{name}(", *(f"    {line}" for line in lines), ")"]


def _padding(case: ConvolutionCase, spec: ConvSpec) -> tuple[str, list[Section]]:
    """The layer's own padding, and the section that pads before it where it cannot."""
    rows, columns = case.result.rows, case.result.columns
    sides = ((rows.before, rows.after), (columns.before, columns.after))
    zeros = spec.padding_mode == "zeros"
    if isinstance(spec.padding, str) and (zeros or spec.padding == "valid"):
        return spec.padding, []
    if not any(map(any, sides)):
        return "valid", []
    if zeros:
        section = [
            '# A layer knows "valid" and "same" only; amounts ((top, bottom), (left, right))',
            "# are padded before it.",
            f'pad = keras.layers.ZeroPadding2D({sides}, dtype="float64")',
            "padded = keras.ops.convert_to_numpy(pad(image[None]))[0]",
        ]
        return "valid", [section]
    width = f"({sides[0]}, {sides[1]}, (0, 0))"
    same = ['# "same" works out to these amounts.'] if spec.padding == "same" else []
    how = (
        f'mode="constant", constant_values={format_number(spec.padding_value)}'
        if spec.padding_mode == "constant"
        else f'mode="{spec.padding_mode}"'
    )
    section = [
        "# Keras pads with zeros only, so NumPy does it: (top, bottom), (left, right).",
        *same,
        f"padded = np.pad(image, {width}, {how})",
    ]
    return "valid", [section]


def _transposed(case: ConvolutionCase, spec: ConvSpec) -> list[Section]:
    named = isinstance(spec.padding, str) and spec.output_padding is None
    grow = (0, 0) if named else _rows_to_grow(case, spec)
    name, grown = _grown(grow)
    padding = spec.padding if named else "valid"
    layers = _groups if spec.groups > 1 else _one_layer
    sections = [*grown, *layers(case, spec, name, str(padding))]
    cut = None if named else _cut(case, spec, grow)
    if cut:
        sections.append([_why_cut(spec), f"output = output[{cut}]"])
    return sections


def _why_cut(spec: ConvSpec) -> str:
    if isinstance(spec.padding, str) or not any(map(any, spec.padding)):
        return '# Keras\' "valid" goes on to the end of a stride, further than asked for here.'
    return '# A layer knows "valid" and "same" only; padding cuts rows and columns away.'


def _one_layer(case: ConvolutionCase, spec: ConvSpec, name: str, padding: str) -> list[Section]:
    weights = "[kernel]" if case.bias is None else "[kernel, bias]"
    return [
        [
            "# The layer, with the kernel as its weights.",
            *_layer("Conv2DTranspose", _arguments(spec, case.lesson.filters, padding), case),
            f"layer.build((None, *{name}.shape))",
            f"layer.set_weights({weights})",
        ],
        [
            "# The output: height, width, filters.",
            f"output = keras.ops.convert_to_numpy(layer({name}[None]))[0]",
        ],
    ]


def _groups(case: ConvolutionCase, spec: ConvSpec, name: str, padding: str) -> list[Section]:
    names = {"part": name, "weights": "kernel"}
    if case.bias is not None:
        names["offsets"] = "bias"
    splits = [f"    np.split({array}, {spec.groups}, axis=-1)," for array in names.values()]
    arguments = _arguments(spec, case.lesson.filters // spec.groups, padding)
    body = [
        *_layer("Conv2DTranspose", arguments, case),
        "layer.build((None, *part.shape))",
        f"layer.set_weights([{', '.join([*names][1:])}])",
        "outputs.append(keras.ops.convert_to_numpy(layer(part[None]))[0])",
    ]
    return [
        [
            "# Conv2DTranspose has no groups: one layer for each, their outputs side by side.",
            "outputs = []",
            "groups = zip(",
            *splits,
            ")",
            f"for {', '.join(names)} in groups:",
            *(f"    {line}" for line in body),
            "output = np.concatenate(outputs, axis=-1)",
        ]
    ]


def _arguments(spec: ConvSpec, filters: int, padding: str) -> list[str]:
    return [
        str(filters),
        str(_reach(spec)),
        f"strides={spec.stride}",
        f'padding="{padding}"',
    ]


def _valid_sizes(case: ConvolutionCase, spec: ConvSpec, grow: tuple[int, int]) -> list[int]:
    """Output height and width of Keras' "valid" over the grown input."""
    return [
        (size + more) * stride + max(reach - stride, 0)
        for size, more, stride, reach in zip(
            case.image.shape[:2], grow, spec.stride, _reach(spec), strict=True
        )
    ]


def _starts(case: ConvolutionCase, spec: ConvSpec) -> list[int]:
    """Rows and columns cut from the start of the full output."""
    plans = (case.result.rows, case.result.columns)
    return [reach - 1 - plan.before for reach, plan in zip(_reach(spec), plans, strict=True)]


def _rows_to_grow(case: ConvolutionCase, spec: ConvSpec) -> tuple[int, int]:
    """Rows and columns of zeros that the input needs so that "valid" is large enough."""
    sizes = _valid_sizes(case, spec, (0, 0))
    wanted = case.result.output.shape[:2]
    missing = [
        max(start + want - size, 0)
        for start, want, size in zip(_starts(case, spec), wanted, sizes, strict=True)
    ]
    down, across = (-(-m // stride) for m, stride in zip(missing, spec.stride, strict=True))
    return down, across


def _grown(grow: tuple[int, int]) -> tuple[str, list[Section]]:
    if grow == (0, 0):
        return "image", []
    return "grown", [
        [
            "# Output padding that Keras' own rule cannot give: zeros behind the input make",
            "# the full output longer, by pixels that hold what reaches them, or the bias.",
            f"grown = np.pad(image, ((0, {grow[0]}), (0, {grow[1]}), (0, 0)))",
        ]
    ]


def _cut(case: ConvolutionCase, spec: ConvSpec, grow: tuple[int, int]) -> str:
    """The slices that cut the full output, or nothing where it is used whole."""
    wanted = case.result.output.shape[:2]
    sizes = _valid_sizes(case, spec, grow)
    starts = _starts(case, spec)
    if starts == [0, 0] and list(wanted) == sizes:
        return ""
    return ", ".join(
        f"{start}:{start + want}" for start, want in zip(starts, wanted, strict=True)
    )


def _print(case: ConvolutionCase) -> Section:
    if case.lesson.filters == 1:
        return ["# The feature map.", "print(output[:, :, 0])"]
    return [
        "# The feature maps, one for each filter.",
        f"for n in range({case.lesson.filters}):",
        '    print(f"Filter {n + 1}:")',
        "    print(output[:, :, n])",
    ]
