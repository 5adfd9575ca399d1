"""A pooling, and the way back, as a Keras script that gives the numbers of the page."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.arithmetic.antialiasing import TAPS
from core.arithmetic.geometry import AxisPlan, plan_axis
from core.arithmetic.pooling import PoolSpec
from core.export.source_text import assign_image, grid_literal
from core.lessons.pooling_case import PoolingCase, transposed_kernel
from core.lessons.pooling_chain import MOST_WEIGHTS

FloatArray = npt.NDArray[np.float64]
Section = list[str]

_WORDS = {
    "max": "Max pooling",
    "average": "Average pooling",
    "min": "Min pooling",
    "l2": "L2 pooling",
    "global_max": "Global max pooling",
    "global_average": "Global average pooling",
}


def pooling_script(case: PoolingCase) -> str:
    """A script of NumPy and Keras whose `output` equals the last grid of the page's stage.

    Args:
        case: of `build`.

    Returns:
        ASCII source. Sections are set apart by a blank line and begin with a comment.
    """
    sections = [_imports(case), _input(case), *_layer(case)]
    shows = case.lesson.pool_shows
    if shows == "gradient":
        sections += _gradient(case)
    else:
        sections.append(_run(shows))
    if shows == "unpool":
        sections += _unpool(case)
    if shows == "flatten":
        sections += _flatten(case)
    sections.append(_print(case))
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _imports(case: PoolingCase) -> Section:
    into = " x ".join(str(n) for n in case.output.shape)
    given = " x ".join(str(n) for n in case.image.shape)
    needs_tape = case.lesson.pool_shows == "gradient"
    return [
        f"# {_WORDS[case.lesson.pool_kind]}: {given} becomes {into}.",
        "import keras",
        "import numpy as np",
        *(["import tensorflow as tf"] if needs_tape else []),
    ]


def _input(case: PoolingCase) -> Section:
    return ["# The input: height, width, channels.", assign_image("image", case.image)]


# The layer


def _layer(case: PoolingCase) -> list[Section]:
    """A function of a batch (N, H, W, C), made of operations that have a gradient."""
    spec = case.result.spec
    if spec.is_global:
        if spec.kind == "global_max" and case.lesson.pool_shows == "gradient":
            # Keras' global layer would share the gradient among equal values.
            body = [
                f'return keras.layers.MaxPooling2D({case.image.shape[:2]}, dtype="float64")(x)'
            ]
            return [_function("The layer: one window over each channel.", body)]
        name = "GlobalMaxPooling2D" if spec.kind == "global_max" else "GlobalAveragePooling2D"
        body = [f'return keras.layers.{name}(keepdims=True, dtype="float64")(x)']
        return [_function("The layer: one window over each channel.", body)]
    before, body = _pooling(case)
    sections = [before] if before else []
    if case.blurred is not None:
        body = _with_blur(case, body)
    return [*sections, _function("The layer, for a batch (N, H, W, C).", body)]


def _function(comment: str, body: Section) -> Section:
    return [f"# {comment}", "def pooling(x):", *(f"    {line}" for line in body)]


def _pooling(case: PoolingCase) -> tuple[Section, Section]:
    """What stands before the function, and its body."""
    spec = case.result.spec
    own_same = spec.padding == "same" and (
        spec.kind in ("max", "min") or (spec.kind == "average" and not spec.count_include_pad)
    )
    arguments = f"{spec.size}, strides={spec.steps}"
    if own_same:
        arguments += ', padding="same"'
    pads = None if own_same else _pads(case.result.rows, case.result.columns)
    name = "AveragePooling2D" if spec.kind in ("average", "l2") else "MaxPooling2D"
    make = f'layer = keras.layers.{name}({arguments}, dtype="float64")'
    before = ["# Keras' layer.", make]
    if spec.kind == "l2":
        before[0] = (
            "# Keras has no L2 pooling: the mean of the squares, times the window's size."
        )
    if spec.kind == "min":
        before[0] = "# Keras has no min pooling: the maximum of the negative numbers."
    counts = _counts(case, pads)
    return [*before, *counts], _body(spec, pads, counted=bool(counts))


def _pads(rows: AxisPlan, columns: AxisPlan) -> str | None:
    """Padding of a batch, what hangs over included, as `np.pad` takes it."""
    sides = ((rows.before, rows.after), (columns.before, columns.after))
    if not any(map(any, sides)):
        return None
    return f"((0, 0), {sides[0]}, {sides[1]}, (0, 0))"


def _body(spec: PoolSpec, pads: str | None, *, counted: bool) -> Section:
    holds = {"max": "-np.inf", "min": "-np.inf"}.get(spec.kind, "0.0")
    body = ["x = -x"] if spec.kind == "min" else []
    if spec.kind == "l2":
        body.append("x = x**2")
    if pads:
        body.append(f"x = keras.ops.pad(x, {pads}, constant_values={holds})")
    if spec.kind == "min":
        return [*body, "return -layer(x)"]
    if spec.kind == "l2":
        # The root has an infinite slope at 0, which would make the gradient no number.
        total = f"{spec.size[0] * spec.size[1]} * layer(x)"
        return [*body, f"return keras.ops.sqrt(keras.ops.maximum({total}, 1e-300))"]
    return [*body, "return layer(x) / counted" if counted else "return layer(x)"]


def _counts(case: PoolingCase, pads: str | None) -> Section:
    """The share of each window that an average counts, where that is not all of it."""
    spec, rows, columns = case.result.spec, case.result.rows, case.result.columns
    if spec.kind != "average" or pads is None:
        return []
    own = [
        (plan.before, spec.padding_after(axis, plan))
        for axis, plan in enumerate((rows, columns))
    ]
    over = [
        (0, plan.after - after) for plan, (_, after) in zip((rows, columns), own, strict=True)
    ]
    if spec.count_include_pad and not any(map(any, over)):
        return []
    lines = ["# The share of each window that counts: padding holds zeros and is not counted."]
    start = "np.ones_like(image[None])"
    if spec.count_include_pad:
        lines = ["# The share of each window that counts: what hangs over is not counted."]
        start = f"np.pad({start}, ((0, 0), {own[0]}, {own[1]}, (0, 0)), constant_values=1)"
        pads = f"((0, 0), {over[0]}, {over[1]}, (0, 0))"
    return [*lines, f"inside = np.pad({start}, {pads})", "counted = layer(inside)"]


def _with_blur(case: PoolingCase, body: Section) -> Section:
    """Pooling at stride 1, then a blur that keeps every n-th value."""
    lesson = case.lesson
    if lesson.pool_blur == "none":
        return body
    taps = TAPS[lesson.pool_blur]
    sides = ((len(taps) - 1) // 2, len(taps) // 2)
    plans = [plan_axis(n, len(taps), padding=sides) for n in case.result.output.shape[:2]]
    down, across = lesson.stride_hw
    first = body[-1].replace("return ", "x = ", 1)
    if lesson.border == "zeros":
        border = [f"x = keras.ops.pad(x, ((0, 0), {sides}, {sides}, (0, 0)))"]
    else:
        rows, columns = (plan.source(lesson.border).tolist() for plan in plans)
        border = [
            f"x = keras.ops.take(x, {rows}, axis=1)  # the border: {lesson.border}",
            f"x = keras.ops.take(x, {columns}, axis=2)",
        ]
    return [
        *body[:-1],
        first,
        *border,
        f"taps = np.array({list(taps)}) / {sum(taps)}",
        "blur = np.outer(taps, taps)[:, :, None, None] * np.ones((1, 1, x.shape[-1], 1))",
        'x = keras.ops.depthwise_conv(x, blur, padding="valid")',
        f"return x[:, ::{down}, ::{across}]  # only now values are dropped",
    ]


def _run(shows: str) -> Section:
    name = "output" if shows == "pool" else "pooled"
    return [
        "# The pooled map: height, width, channels.",
        f"{name} = keras.ops.convert_to_numpy(pooling(image[None]))[0]",
    ]


# The ways back


def _gradient(case: PoolingCase) -> list[Section]:
    return [
        [
            "# The gradient at the output: what comes back from the layers behind.",
            assign_image("upstream", case.upstream),
        ],
        [
            "# Its way back to the input.",
            "x = tf.constant(image[None])",
            "with tf.GradientTape() as tape:",
            "    tape.watch(x)",
            "    y = pooling(x)",
            "output = tape.gradient(y, x, output_gradients=upstream[None]).numpy()[0]",
        ],
    ]


def _unpool(case: PoolingCase) -> list[Section]:
    lesson = case.lesson
    if lesson.back == "max":
        return [_to_places(case)]
    if lesson.back == "transposed":
        return _transposed(case)
    if lesson.back == "shuffle":
        return [_shuffle(lesson.pool_factor)]
    if lesson.back == "bilinear" and lesson.pool_align:
        return [_aligned(lesson.pool_factor)]
    return [
        [
            f"# {lesson.pool_factor} times larger.",
            f"larger = keras.layers.UpSampling2D({lesson.pool_factor}, "
            f'interpolation="{lesson.back}", dtype="float64")',
            "output = keras.ops.convert_to_numpy(larger(pooled[None]))[0]",
        ]
    ]


def _to_places(case: PoolingCase) -> Section:
    spec, rows, columns = case.result.spec, case.result.rows, case.result.columns
    down, across = (0, 0) if spec.is_global else spec.steps
    height, width = rows.taps.shape[1], columns.taps.shape[1]
    sides = f"(({rows.before}, {rows.after}), ({columns.before}, {columns.after}), (0, 0))"
    find, holds = ("argmin", "np.inf") if spec.kind == "min" else ("argmax", "-np.inf")
    return [
        "# Each value back to the place that it was taken from; 0 everywhere else.",
        f"padded = np.pad(image, {sides}, constant_values={holds})",
        "output = np.zeros_like(padded)",
        "for (row, column, channel), value in np.ndenumerate(pooled):",
        f"    top, left = row * {down}, column * {across}",
        f"    window = padded[top:top + {height}, left:left + {width}, channel]",
        f"    i, j = np.unravel_index(window.{find}(), window.shape)",
        "    output[top + i, left + j, channel] = value",
        f"output = output[{rows.before}:{rows.before + rows.size}, "
        f"{columns.before}:{columns.before + columns.size}]  # without the padding",
    ]


def _transposed(case: PoolingCase) -> list[Section]:
    lesson = case.lesson
    kernel = transposed_kernel(lesson)
    ones = lesson.pool_weights == "ones"
    grid = f"np.ones({kernel.shape})" if ones else f"np.array({grid_literal(kernel)})"
    return [
        ["# The kernel of the transposed convolution.", f"kernel = {grid}"],
        [
            "# The transposed convolution, one channel after the other.",
            f"larger = keras.layers.Conv2DTranspose(1, {kernel.shape}, "
            f"strides={lesson.pool_factor},",
            '    padding="same", use_bias=False, dtype="float64")',
            "larger.build((None, *pooled.shape[:2], 1))",
            "larger.set_weights([kernel[:, :, None, None]])",
            "planes = np.moveaxis(pooled, 2, 0)[..., None]",
            "output = keras.ops.convert_to_numpy(larger(planes))[..., 0]",
            "output = np.moveaxis(output, 0, 2)",
        ],
    ]


def _shuffle(factor: int) -> Section:
    return [
        "# Channels become pixels, in the order of tf.nn.depth_to_space.",
        "height, width, channels = pooled.shape",
        f"blocks = pooled.reshape(height, width, {factor}, {factor}, -1)",
        f"output = blocks.transpose(0, 2, 1, 3, 4).reshape(height * {factor}, "
        f"width * {factor}, -1)",
    ]


def _aligned(factor: int) -> Section:
    return [
        "# Interpolation with the corners in the corners; Keras' own does not align them.",
        "def stretched(line):",
        f"    places = np.linspace(0, len(line) - 1, len(line) * {factor})",
        "    return np.interp(places, np.arange(len(line)), line)",
        "",
        "output = np.apply_along_axis(stretched, 0, pooled)",
        "output = np.apply_along_axis(stretched, 1, output)",
    ]


def _flatten(case: PoolingCase) -> list[Section]:
    lesson, n = case.lesson, case.output.size
    flat = [
        "# Flattened: row by row, channel last.",
        "flat = keras.ops.convert_to_numpy(keras.layers.Flatten()(pooled[None]))[0]",
    ]
    if n * lesson.pool_units > MOST_WEIGHTS:
        return [[*flat, "output = flat"]]
    return [
        flat,
        [
            f"# A dense layer of {lesson.pool_units}, with small whole numbers as weights.",
            f"digits = np.random.default_rng({lesson.pool_seed + 3})",
            f'weights = digits.integers(-1, 2, ({n}, {lesson.pool_units})).astype("float64")',
            f'dense = keras.layers.Dense({lesson.pool_units}, use_bias=False, dtype="float64")',
            f"dense.build((None, {n}))",
            "dense.set_weights([weights])",
            "output = keras.ops.convert_to_numpy(dense(flat[None]))[0]",
        ],
    ]


def _print(case: PoolingCase) -> Section:
    if case.lesson.pool_shows == "flatten":
        return ["# The result.", "print(output)"]
    if case.last.shape[2] == 1:
        return ["# The result.", "print(output[:, :, 0])"]
    return [
        "# The result, channel by channel.",
        "for channel in range(output.shape[2]):",
        "    print(output[:, :, channel])",
    ]
