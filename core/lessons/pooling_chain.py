"""What the stage of "Pooling and unpooling" shows: grids, and how each follows from others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.arithmetic.antialiasing import BlurPoolResult
from core.arithmetic.chain import Chain, Grid, Join
from core.arithmetic.geometry import AxisPlan
from core.arithmetic.links import Links, link
from core.arithmetic.pooling import PoolResult
from core.arithmetic.upsampling import Upsampled
from core.lessons.pooling import PoolingLesson

FloatArray = npt.NDArray[np.float64]

MOST_WEIGHTS = 6_000
"""Weights of a dense layer that the stage still draws."""


def make_chain(
    lesson: PoolingLesson,
    result: PoolResult,
    blurred: BlurPoolResult | None,
    output: FloatArray,
    upstream: FloatArray,
    larger: Upsampled | None,
) -> Chain:
    """The grids of the lesson's stage.

    Args:
        lesson: the settings.
        result: the pooling; with a blur the one at stride 1.
        blurred: the blur after it, or None.
        output: (OH, OW, C) the pooled map.
        upstream: (OH, OW, C) the gradient at the output.
        larger: the pooled map made larger again, or None.
    """
    if lesson.pool_shows == "gradient":
        return _gradient_chain(lesson, result, blurred, upstream)
    grids, joins = _forward(lesson, result, blurred, output)
    if larger is not None:
        grids, joins = _unpooled(lesson, grids, joins, larger)
    if lesson.pool_shows == "flatten":
        grids, joins = _flattened(lesson, grids, joins)
    signs = ("\u2192",) * (len(grids) - 1)
    return Chain(tuple(grids), tuple(joins), len(grids) - 1, signs)


def _forward(
    lesson: PoolingLesson,
    result: PoolResult,
    blurred: BlurPoolResult | None,
    output: FloatArray,
) -> tuple[list[Grid], list[Join]]:
    name = "pooled" if blurred is None else "pooled at stride 1"
    label = "Pooled" if blurred is None else "Pooled at stride 1,"
    grids = [
        _input_grid(lesson, result),
        Grid(name, f"{label} {by(result.output)}", result.output),
    ]
    joins = [_pool_join(result)]
    if blurred is not None:
        grids.append(Grid("pooled", f"Blurred, then strided {by(output)}", output))
        joins.append(Join(1, 2, blurred.links, "sum"))
    return grids, joins


def _input_grid(lesson: PoolingLesson, result: PoolResult) -> Grid:
    rows, columns = result.rows, result.columns
    title = f"Input {by(result.image)}"
    if result.padded.shape != result.image.shape:
        title += f", padded to {rows.padded} x {columns.padded}"
    return Grid(
        "input",
        title,
        result.padded,
        origin=(rows.before, columns.before),
        inner_hw=(rows.size, columns.size),
        unreached=~np.outer(rows.reached, columns.reached),
        marked=_marks(result),
        letter="x",
    )


def _marks(result: PoolResult) -> npt.NDArray[np.bool_] | None:
    """(PH, PW, C) True where some window took its value."""
    if result.argmax is None:
        return None
    rows, columns, channels = result.rows, result.columns, result.image.shape[2]
    flags = np.zeros((rows.padded, columns.padded, channels), dtype=np.bool_)
    row, column = np.divmod(result.argmax, columns.size)
    flags[row + rows.before, column + columns.before, np.arange(channels)] = True
    return flags


def _pool_join(result: PoolResult) -> Join:
    kind = result.spec.kind.removeprefix("global_")
    rules = {"max": "max", "min": "min", "average": "mean", "l2": "l2"}
    picks = None if result.argmax is None else result.argmax.ravel()
    return Join(0, 1, result.windows, rules[kind], each=True, picks=picks)  # type: ignore[arg-type]


NAMES = {
    "max": "to the remembered places",
    "nearest": "nearest",
    "bilinear": "bilinear",
    "transposed": "transposed convolution",
    "shuffle": "pixel shuffle",
}


def _unpooled(
    lesson: PoolingLesson, grids: list[Grid], joins: list[Join], larger: Upsampled
) -> tuple[list[Grid], list[Join]]:
    how = NAMES[lesson.back]
    if lesson.back != lesson.pool_back:
        how += ", for no places were remembered"
    grid = Grid("unpooled", f"Unpooled {by(larger.output)}, {how}", larger.output)
    copies = lesson.back in ("max", "nearest", "shuffle")
    join = Join(
        len(grids) - 1,
        len(grids),
        larger.links,
        "copy" if copies else "sum",
        nothing="no window took its value here"
        if lesson.back == "max"
        else "no weight of the kernel reaches this place",
    )
    return [*grids, grid], [*joins, join]


def _flattened(
    lesson: PoolingLesson, grids: list[Grid], joins: list[Join]
) -> tuple[list[Grid], list[Join]]:
    values = grids[-1].values
    n, units = values.size, lesson.pool_units
    strip = Grid("flat", f"Flattened, {n} numbers", values.reshape(1, n, 1), line=True)
    same = link(np.arange(n), np.arange(n), places=n, size=n)
    last = len(grids)
    grids = [*grids, strip]
    joins = [*joins, Join(last - 1, last, same, "copy")]
    if n * units > MOST_WEIGHTS:
        return grids, joins
    dense = dense_links(n, units, lesson.pool_seed)
    outputs = dense.apply(values).reshape(1, units, 1)
    noun = "unit" if units == 1 else "units"
    title = f"Dense layer, {units} {noun}"
    grids.append(Grid("dense", title, outputs, line=True, scale="dense"))
    return grids, [*joins, Join(last, last + 1, dense, "sum")]


def dense_weights(n: int, units: int, seed: int) -> FloatArray:
    """(n, units) small whole numbers, as a layer's weights before training; no bias."""
    draw = np.random.default_rng(seed + 3)
    return draw.integers(-1, 2, (n, units)).astype(np.float64)


def dense_links(n: int, units: int, seed: int) -> Links:
    """Every unit reads every number."""
    weights = dense_weights(n, units, seed)
    targets = np.repeat(np.arange(units), n)
    sources = np.tile(np.arange(n), units)
    return link(targets, sources, weights.T.ravel(), places=units, size=n)


def _gradient_chain(
    lesson: PoolingLesson,
    result: PoolResult,
    blurred: BlurPoolResult | None,
    upstream: FloatArray,
) -> Chain:
    given = replace(_input_grid(lesson, _unpadded(result)), title=f"Input {by(result.image)}")
    title = f"Gradient at the output {by(upstream)}"
    grids = [given, Grid("gradient", title, upstream, letter="g", scale="gradient")]
    joins: list[Join] = []
    values = upstream
    if blurred is not None:
        back = blurred.links.backwards()
        values = back.apply(values).reshape(result.output.shape)
        grids.append(
            Grid(
                "gradient at stride 1",
                f"Before the blur {by(values)}",
                values,
                scale="gradient",
            )
        )
        joins.append(Join(1, 2, back, "sum", nothing="the blur read nothing here"))
    back = result.slopes.backwards()
    values = back.apply(values).reshape(result.image.shape)
    took = "took its value" if result.argmax is not None else "reads"
    grids.append(
        Grid(
            "gradient at the input",
            f"Gradient at the input {by(values)}",
            values,
            scale="gradient",
        )
    )
    last = len(grids) - 1
    joins.append(Join(last - 1, last, back, "sum", nothing=f"no window {took} here"))
    joins.append(Join(0, last, _identity(result.image.size), "place"))
    signs = ("", *("\u2192",) * (len(grids) - 2))
    return Chain(tuple(grids), tuple(joins), 1, signs)


def _unpadded(result: PoolResult) -> PoolResult:
    """The same without padding, for a picture in which only the input stands."""
    rows, columns = (
        AxisPlan(plan.size, 0, 0, 1, _kept_taps(plan)) for plan in (result.rows, result.columns)
    )
    return replace(result, padded=result.image, rows=rows, columns=columns)


def _kept_taps(plan: AxisPlan) -> npt.NDArray[np.intp]:
    """(1, n) the places of the input that some window reads."""
    reached = plan.reached[plan.before : plan.before + plan.size]
    return np.flatnonzero(reached)[None, :]


def _identity(n: int) -> Links:
    return link(np.arange(n), np.arange(n), places=n, size=n)


def by(values: FloatArray) -> str:
    """The size of a volume in words: `4 x 4 x 1`."""
    return " x ".join(str(n) for n in values.shape)
