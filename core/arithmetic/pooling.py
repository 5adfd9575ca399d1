"""Pooling as PyTorch, ONNX and Keras compute it: float64, with every window traceable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, model_validator

from core.arithmetic.errors import ShapeError
from core.arithmetic.geometry import AxisPlan, pad_axis, plan_axis, plan_overhanging_axis
from core.arithmetic.layer import Padding, Pair, Sides, as_image, every
from core.arithmetic.links import Links, link, window_links

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Kind = Literal["max", "average", "min", "l2", "global_max", "global_average"]

PICKS = ("max", "min", "global_max")
"""Kinds that take one value of the window, and so know where it was."""
_PADDING_HOLDS: dict[Kind, float] = {"max": -np.inf, "min": np.inf}
"""What never wins; the other kinds are padded with 0."""


class PoolSpec(BaseModel):
    """Settings of one pooling layer.

    Attributes:
        kind: what becomes of a window: its largest value, its mean, its smallest value, or the
            root of the sum of its squares (L2). The global kinds take each plane whole; all
            other settings then stand aside.
        size: (height, width) of the window in pixels; one int means both.
        stride: (down, right) step in pixels; None: the window's size.
        padding: pixels as one int, (vertical, horizontal) or ((top, bottom), (left, right)), at
            most half of the window; or "valid" (none) or "same" as Keras means them. Padding
            never wins a maximum.
        ceil_mode: whether a last window may hang over the end, if it starts in the input or in
            the padding before it.
        count_include_pad: whether an average divides by the padded places, too. What hangs
            over the padding is never counted.

    Source: PyTorch documentation of `MaxPool2d`, `AvgPool2d` and `LPPool2d`; ONNX operators
    `MaxPool`, `AveragePool` and `LpPool`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = "max"
    size: Pair = (2, 2)
    stride: Pair | None = None
    padding: Padding = "valid"
    ceil_mode: bool = False
    count_include_pad: bool = False

    @model_validator(mode="after")
    def _rules_between_fields(self) -> Self:
        if self.is_global:
            return self
        if self.padding == "same" and self.ceil_mode:
            raise ValueError(
                'padding "same" already gives ceil(input / stride) windows. '
                "Use ceil_mode=False, or padding as a number of pixels."
            )
        if not isinstance(self.padding, str):
            self._check_padding(self.padding)
        return self

    def _check_padding(self, padding: Sides) -> None:
        for sides, size in zip(padding, self.size, strict=True):
            if max(sides) > size // 2:
                raise ValueError(
                    f"padding {max(sides)} is more than half of the window {size}: a window "
                    f"could then hold nothing else. Use padding <= {size // 2} or a window "
                    f">= {2 * max(sides)}."
                )

    @property
    def is_global(self) -> bool:
        """Whether each plane is one window."""
        return self.kind.startswith("global")

    @property
    def steps(self) -> tuple[int, int]:
        """(down, right) step in pixels."""
        return self.stride or self.size

    def plan(self, height: int, width: int) -> tuple[AxisPlan, AxisPlan]:
        """Window positions (down, right) over an input of that size.

        Raises:
            ShapeError: no window fits.
        """
        return self._plan_axis(0, height), self._plan_axis(1, width)

    def _plan_axis(self, axis: int, length: int) -> AxisPlan:
        if self.is_global:
            return AxisPlan(length, 0, 0, 1, np.arange(length)[None, :])
        size, stride = self.size[axis], self.steps[axis]
        padding = self.padding if isinstance(self.padding, str) else self.padding[axis]
        if self.ceil_mode:
            amounts = (0, 0) if isinstance(padding, str) else padding
            return plan_overhanging_axis(length, size, stride=stride, padding=amounts)
        return plan_axis(length, size, stride=stride, padding=padding)

    def padding_after(self, axis: int, plan: AxisPlan) -> int:
        """Pixels of padding behind the input, without what hangs over."""
        if self.ceil_mode and not self.is_global:
            return 0 if isinstance(self.padding, str) else self.padding[axis][1]
        return plan.after


@dataclass(frozen=True, slots=True, eq=False)
class PoolResult:
    """A pooled feature map with everything needed to retrace it.

    Attributes:
        spec: the settings.
        image: (H, W, C) float64, what was pooled.
        output: (OH, OW, C) float64.
        argmax: (OH, OW, C) flat index row * W + column into the input plane of the value that
            was taken, the first in reading order where several are equal; None for kinds that
            mix the values.
        padded: (PH, PW, C) float64, what the window slides over. The padding of a maximum holds
            -inf, of a minimum inf, of all others 0.
        rows: window positions down the padded input; `rows.taps[oh, kh]` is a row of `padded`.
        columns: the same to the right.
        divisors: (OH, OW) what an average divides by; 1 for all other kinds.
    """

    spec: PoolSpec
    image: FloatArray
    output: FloatArray
    argmax: IntArray | None
    padded: FloatArray
    rows: AxisPlan
    columns: AxisPlan
    divisors: FloatArray

    @property
    def windows(self) -> Links:
        """From each place of one output plane to the places of one padded plane it reads.

        The weight is 1 where the value counts and 0 where it does not: in padding, unless an
        average includes it, and in what hangs over.
        """
        height, width = self.rows.taps.shape[1], self.columns.taps.shape[1]
        rows = AxisPlan(self.rows.padded, 0, 0, 1, self.rows.taps)
        columns = AxisPlan(self.columns.padded, 0, 0, 1, self.columns.taps)
        links = window_links(rows, columns, np.ones((height, width)), channels=1)
        counted = np.outer(
            _places_counted(self.spec, 0, self.rows),
            _places_counted(self.spec, 1, self.columns),
        )
        weights = counted.ravel()[links.sources].astype(np.float64)
        return Links(links.starts, links.sources, weights, links.size)

    @property
    def slopes(self) -> Links:
        """How much each output value changes with each input value: the gradient's way.

        A maximum passes everything to the place of the value that it took, an average an equal
        share to every place, L2 the share x / output.
        """
        if self.argmax is not None:
            return unpool_links(self.argmax, self.image.shape[:2]).backwards()
        height, width = self.rows.taps.shape[1], self.columns.taps.shape[1]
        channels = self.image.shape[2]
        ones = np.ones((height, width))
        links = window_links(self.rows, self.columns, ones, channels=channels)
        return Links(links.starts, links.sources, self._shares(links), links.size)

    def _shares(self, links: Links) -> FloatArray:
        targets = links.targets
        if self.spec.kind == "l2":
            total = self.output.reshape(-1)[targets]
            values = self.image.reshape(-1)[links.sources]
            return np.divide(values, total, out=np.zeros_like(values), where=total != 0)
        shares: FloatArray = 1 / self.divisors.reshape(-1)[targets // self.image.shape[2]]
        return shares


def pool(feature_map: npt.ArrayLike, spec: PoolSpec) -> PoolResult:
    """Pool every channel of a feature map on its own.

    Args:
        feature_map: (H, W, C), any real dtype; computed in float64.
        spec: the layer's settings.

    Returns:
        The output (OH, OW, C) float64 and its trace.

    Raises:
        ShapeError: no window fits, or the feature map has other axes.

    Example:
        >>> import numpy as np
        >>> result = pool(np.arange(16.0).reshape(4, 4, 1), PoolSpec())
        >>> result.output[..., 0].tolist(), result.argmax[..., 0].tolist()
        ([[5.0, 7.0], [13.0, 15.0]], [[5, 7], [13, 15]])
    """
    image = as_image(feature_map)
    rows, columns = spec.plan(*image.shape[:2])
    constant = _PADDING_HOLDS.get(spec.kind, 0.0)
    tall = pad_axis(image, 0, rows.before, rows.after, "constant", constant)
    padded = pad_axis(tall, 1, columns.before, columns.after, "constant", constant)
    divisors = np.ones((rows.outputs, columns.outputs))
    places = None
    if spec.is_global:
        output, places = _whole_planes(image, spec.kind)
        divisors *= image.shape[0] * image.shape[1] if places is None else 1
    elif spec.kind in PICKS:
        output, places = _pick(padded, rows, columns, sign=1 if spec.kind == "max" else -1)
        places = _in_input(places, rows, columns)
    elif spec.kind == "average":
        divisors = np.outer(_counted(spec, 0, rows), _counted(spec, 1, columns))
        output = _sum(padded, rows, columns) / divisors[..., None]
    else:
        output = np.sqrt(_sum(padded**2, rows, columns))
    return PoolResult(spec, image, output, places, padded, rows, columns, divisors)


def _whole_planes(image: FloatArray, kind: Kind) -> tuple[FloatArray, IntArray | None]:
    if kind == "global_average":
        return image.mean(axis=(0, 1), keepdims=True), None
    places = image.reshape(-1, image.shape[2]).argmax(axis=0)[None, None]
    return image.max(axis=(0, 1), keepdims=True), places


def _pick(
    padded: FloatArray, rows: AxisPlan, columns: AxisPlan, *, sign: int
) -> tuple[FloatArray, IntArray]:
    """The largest (sign 1) or smallest (-1) value of each window, and its flat padded place."""
    best = np.full((rows.outputs, columns.outputs, padded.shape[2]), -np.inf)
    places = np.zeros(best.shape, dtype=np.intp)
    for down in rows.taps.T:
        for across in columns.taps.T:
            band = sign * padded[every(down), every(across)]
            better = band > best
            place = down[:, None] * padded.shape[1] + across[None, :]
            np.copyto(places, place[..., None], where=better)
            np.copyto(best, band, where=better)
    return sign * best, places


def _in_input(places: IntArray, rows: AxisPlan, columns: AxisPlan) -> IntArray:
    """From flat places of the padded plane to those of the input plane."""
    row, column = np.divmod(places, columns.padded)
    flat: IntArray = (row - rows.before) * columns.size + column - columns.before
    return flat


def _sum(padded: FloatArray, rows: AxisPlan, columns: AxisPlan) -> FloatArray:
    total = np.zeros((rows.outputs, columns.outputs, padded.shape[2]))
    for down in rows.taps.T:
        for across in columns.taps.T:
            total += padded[every(down), every(across)]
    return total


def _counted(spec: PoolSpec, axis: int, plan: AxisPlan) -> FloatArray:
    """(outputs,) how many places of each window an average counts along one axis."""
    counts: FloatArray = _places_counted(spec, axis, plan)[plan.taps].sum(axis=1).astype(float)
    return counts


def _places_counted(spec: PoolSpec, axis: int, plan: AxisPlan) -> npt.NDArray[np.bool_]:
    """(padded,) True where a place of the padded axis counts."""
    place = np.arange(plan.padded)
    if spec.kind == "average" and spec.count_include_pad:
        return place < plan.before + plan.size + spec.padding_after(axis, plan)
    return (place >= plan.before) & (place < plan.before + plan.size)


def max_unpool(
    values: npt.ArrayLike, indices: npt.ArrayLike, output_shape: tuple[int, ...]
) -> FloatArray:
    """Put pooled values back to the places that they came from; 0 everywhere else.

    Args:
        values: (OH, OW, C), pooled and perhaps changed since.
        indices: (OH, OW, C) flat index row * W + column into the plane, as `pool` gives it in
            `argmax`. Where windows overlap, two may name one place; the later value stays.
        output_shape: (H, W) or (H, W, C) of what was pooled.

    Returns:
        (H, W, C) float64.

    Raises:
        ShapeError: values and indices differ in shape, or an index is outside of the plane.

    Example:
        >>> import numpy as np
        >>> max_unpool([[[5.0]]], [[[3]]], (2, 2))[..., 0].tolist()
        [[0.0, 0.0], [0.0, 5.0]]

    Source: Zeiler & Fergus 2014, section 2.1 ("switches"); PyTorch documentation of
    `torch.nn.MaxUnpool2d`.
    """
    values = as_image(values)
    places = np.asarray(indices, dtype=np.intp)
    height, width = output_shape[:2]
    channels = values.shape[2]
    if places.shape != values.shape or output_shape[2:] not in ((), (channels,)):
        raise ShapeError(
            f"values {values.shape}, indices {places.shape} and output {output_shape} do not "
            "fit together: every value needs an index, and the channels stay."
        )
    if places.min() < 0 or places.max() >= height * width:
        raise ShapeError(
            f"an index of {places.min()}..{places.max()} is outside of a plane of {height} x "
            f"{width} = {height * width} places. Use the shape of what was pooled."
        )
    plane = np.zeros((height * width, channels))
    plane[places.reshape(-1, channels), np.arange(channels)] = values.reshape(-1, channels)
    return plane.reshape(height, width, channels)


def unpool_links(indices: IntArray, hw: tuple[int, ...]) -> Links:
    """From an unpooled map (H, W, C) to the pooled one (OH, OW, C): one link or none.

    Where several windows took the same value, all of them are linked.

    Args:
        indices: (OH, OW, C), of `pool`.
        hw: (H, W) of what was pooled.
    """
    channels = indices.shape[2]
    targets = indices * channels + np.arange(channels)
    return link(
        targets.ravel(),
        np.arange(indices.size),
        places=hw[0] * hw[1] * channels,
        size=indices.size,
    )


def pool_gradient(result: PoolResult, upstream: npt.ArrayLike) -> FloatArray:
    """Bring a gradient at the output back to the input.

    Args:
        result: of `pool`.
        upstream: (OH, OW, C) dLoss / dOutput.

    Returns:
        (H, W, C) float64, dLoss / dInput: sums where windows overlap.

    Raises:
        ShapeError: the gradient has another shape than the output.

    Source: Goodfellow, Bengio & Courville 2016, "Deep Learning", sections 6.5 and 9.3.
    """
    gradient = as_image(upstream)
    if gradient.shape != result.output.shape:
        raise ShapeError(
            f"the gradient has shape {gradient.shape} and the output {result.output.shape}. "
            "Give one number for each output value."
        )
    return result.slopes.backwards().apply(gradient).reshape(result.image.shape)
