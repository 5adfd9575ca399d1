"""Settings of the page "Kernels", and the numbers that they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.arithmetic.geometry import PaddingMode
from core.images.filtering import Colours
from core.images.gradients import OPERATORS
from core.kernels import KERNELS, LARGEST, PARAMETERS, Kernel
from core.kernels.pasted import parse_kernel
from core.kernels.registry import ANY
from core.kernels.weights import Divide, Mirror, can_turn, mirrored, normalised, turned
from core.lessons.base import Lesson, bounds, label, marks
from core.numbers import NumbersError, format_grid

FloatArray = npt.NDArray[np.float64]

if TYPE_CHECKING:
    Named = str
    Further = str
    Pair = str
else:
    # Written nowhere else: the registry is the list.
    Named = Literal[(*KERNELS, "own")]
    Further = Literal[("none", *KERNELS)]
    Pair = Literal[tuple(OPERATORS)]

SIDES = (64, 96, 128, 192, 256, 320, 384, 448, 512)
"""Long sides of the photo that the slider offers, in pixels."""
LARGEST_DIVISOR = 1000
EMPTY = "0 0 0 / 0 0 0 / 0 0 0"


def _whole(slug: str, title: str = "", help_text: str = "") -> Any:  # noqa: ANN401 - a Field
    """A field for a parameter of the named kernels that is a whole number."""
    p = PARAMETERS[slug]
    return Field(
        int(p.default), ge=int(p.low), le=int(p.high), title=title or p.title,
        description=help_text or p.help,
    )  # fmt: skip


def _decimal(slug: str, title: str = "", help_text: str = "") -> Any:  # noqa: ANN401
    """A field for a parameter that is a decimal number, as a slider."""
    p = PARAMETERS[slug]
    count = round((p.high - p.low) / p.step) + 1
    places = [round(p.low + k * p.step, 6) for k in range(count)]
    return Field(
        float(p.default), ge=p.low, le=p.high, title=title or p.title,
        description=help_text or p.help, json_schema_extra=marks(*places),
    )  # fmt: skip


class KernelLesson(Lesson):
    """A kernel on a photo, and what else can be done with it."""

    page: ClassVar[str] = "kernels"
    repair_order: ClassVar[tuple[str, ...]] = (
        "taps", "turn", "second_taps", "third_taps", "operator_taps", "canny_low", "learn_taps",
    )  # fmt: skip

    named: Named = Field(
        "sobel-x",
        title="Kernel",
        description="A published kernel, or your own weights. Changing a weight makes it your "
        "own.",
    )
    own_weights: str = Field(
        EMPTY,
        max_length=20_000,
        title="Own weights",
        description="Rows separated by /, for example 0 -1 0 / -1 5 -1 / 0 -1 0. Fractions, "
        "Python lists and cells of a spreadsheet can be read, too.",
    )
    taps: int = _whole("taps")
    sigma: float = _decimal("sigma")
    amount: float = _decimal("amount")
    angle: float = _decimal("angle")
    wavelength: float = _decimal("wavelength")
    phase: float = _decimal("phase")
    aspect: float = _decimal("aspect")
    turn: int = Field(
        0,
        ge=0,
        le=7,
        title="Turn (eighths)",
        description="Clockwise, 45 degrees each; odd eighths move the rings of a square.",
    )
    mirror: Mirror = Field(
        "none",
        title="Mirror",
        description="horizontal: left to right; vertical: upside down. Both together turn "
        "cross-correlation into the convolution of mathematics.",
    )
    divide: Divide = Field(
        "published",
        title="Normalise",
        description="What the sum of products is divided by: as published with the kernel, by "
        "nothing, by the weights' sum (keeps brightness), or by the sum of their magnitudes.",
    )
    divide_by: float = Field(
        1.0,
        ge=0,
        le=LARGEST_DIVISOR,
        title="Divide by",
        description="A further divisor, Pillow's scale. Less than 1 makes the answer larger.",
    )
    add_offset: float = Field(
        0.0,
        ge=-255,
        le=255,
        title="Offset",
        description="Added to every answer, in grey levels, on top of the published offset.",
    )
    colours: Colours = Field(
        "grey",
        title="Filter",
        description="grey: the luma; channels: red, green and blue, one by one.",
    )
    border: PaddingMode = Field(
        "reflect",
        title="Outside the photo",
        description="zeros; a constant; the photo mirrored (reflect), its border repeated "
        "(edge) or continued from the other side (wrap).",
    )
    border_value: float = Field(
        128.0, ge=0, le=255, title="Constant outside", description="A grey level."
    )
    display: Literal["auto", "clip", "absolute", "stretch", "signed"] = Field(
        "auto",
        title="Show as",
        description="auto: signed if the weights add up to 0, else clip; clip: cut at 0 and "
        "255, as programs do; absolute: without the sign, then cut; stretch: from black to "
        "white; signed: blue below 0, orange above.",
    )
    resolution: int = Field(
        320,
        ge=64,
        le=512,
        title="Long side (pixels)",
        description="The photo is made that small before it is filtered.",
    )
    probe: str = Field(
        "",
        max_length=7,
        pattern=r"^(\d{1,3},\d{1,3})?$",
        title="Pinned pixel",
        description="Row and column, counted from 0, for example 40,60.",
    )
    repeated: int = Field(
        1,
        ge=1,
        le=4,
        title="Times the kernel",
        description="How often the kernel above is applied before the next one.",
    )
    second: Further = Field(
        "none", title="Then", description="The kernel that is applied to the answer."
    )
    second_taps: int = _whole("taps", "Its size", "Rows and columns of the second kernel.")
    second_sigma: float = _decimal("sigma", "Its sigma", "Of the second kernel, in pixels.")
    third: Further = Field(
        "none", title="And then", description="The kernel that is applied last."
    )
    third_taps: int = _whole("taps", "The last one's size", "Rows and columns of the third.")
    third_sigma: float = _decimal("sigma", "The last one's sigma", "Of the third, in pixels.")
    operator: Pair = Field(
        "sobel", title="Operator", description="The pair of kernels that measures the gradient."
    )
    operator_taps: int = Field(
        3, ge=3, le=7, title="Sobel size", description="Rows and columns of Sobel's kernels."
    )
    smoothing: float = Field(
        1.0,
        ge=0,
        le=5,
        title="Smoothing (sigma)",
        description="Gaussian before the derivatives; 0 is none, as in OpenCV's Canny.",
        json_schema_extra=marks(*(k / 4 for k in range(21))),
    )
    canny_low: int = Field(
        60, ge=0, le=1000, title="Low threshold", description="Below it a pixel is no edge."
    )
    canny_high: int = Field(
        160,
        ge=0,
        le=1000,
        title="High threshold",
        description="Above it a pixel surely is one.",
    )
    canny_length: Literal["euclidean", "sum"] = Field(
        "euclidean",
        title="Length of the gradient",
        description="euclidean: sqrt(x^2 + y^2); sum: |x| + |y|, which is faster.",
    )
    learn_teacher: Literal["surprise", "stage"] = Field(
        "surprise",
        title="Hidden kernel",
        description="surprise: drawn by lot and not told; stage: the kernel above.",
    )
    learn_lot: int = Field(
        18, ge=0, le=99, title="Lot", description="Another number hides another kernel."
    )
    learn_picture: Literal["photo", "noise"] = Field(
        "photo",
        title="Learn from",
        description="photo: the current image, small; noise: random pixels.",
    )
    learn_scaling: Literal["standardised", "plain"] = Field(
        "standardised",
        title="Input values",
        description="standardised: mean 0 and spread 1; plain: 0 to 1, as the photo is.",
    )
    learn_taps: int = Field(
        3, ge=1, le=9, title="Learned size", description="Rows and columns that are learned."
    )
    learn_rate: float = Field(
        0.1,
        ge=0,
        le=2,
        title="Rate of learning",
        description="How far each step goes down the slope.",
        json_schema_extra=marks(
            0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2,
            0.25, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2,
        ),
    )  # fmt: skip
    learn_momentum: float = Field(
        0.0,
        ge=0,
        le=0.99,
        title="Momentum of learning",
        description="Share of the last step that is taken again.",
        json_schema_extra=marks(0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99),
    )
    learn_steps: int = Field(
        60, ge=10, le=200, title="Steps of learning", description="How many are recorded."
    )
    learn_batch: Literal["all", "256", "64", "16", "4"] = Field(
        "all",
        title="Windows in a step",
        description="all: the exact slope; fewer, drawn anew each step: the stochastic one.",
    )
    learn_noise: float = Field(
        0.0,
        ge=0,
        le=2,
        title="Noise in the target",
        description="Its spread, as a share of the target's own.",
        json_schema_extra=marks(0, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2),
    )
    learn_start: Literal["zeros", "random", "identity"] = Field(
        "zeros", title="Start from", description="The weights before the first step."
    )

    def problem(self) -> str | None:
        """Why these settings have no result, or None."""
        return next(
            (said for name in self.repair_order if (said := self._problem_of(name))), None
        )

    def _problem_of(self, name: str) -> str | None:
        """What a change of this field would solve, or None."""
        if name == "taps":
            return _size_problem(self.named, self.taps)
        if name == "turn":
            return _turn_problem(*self.shape, self.turn)
        if name == "second_taps":
            return _size_problem(self.second, self.second_taps)
        if name == "third_taps":
            return _size_problem(self.third, self.third_taps)
        if name == "operator_taps" and self.operator_taps % 2 == 0:
            return "Sobel's kernels have 3, 5 or 7 rows and columns."
        if name == "canny_low" and self.canny_low > self.canny_high:
            return f"the low threshold must not exceed the high one, {self.canny_high}."
        if name == "learn_taps" and self.learn_taps % 2 == 0:
            return "a kernel with a middle has an odd number of rows and columns."
        return None

    def _repaired_by(self, name: str, notices: list[str]) -> KernelLesson:
        """Change the field to the nearest value that solves its problem; others stay."""
        before = getattr(self, name)
        said = self._problem_of(name)
        if said is None:
            return self
        fitting = [
            value
            for value in bounds(type(self), name)
            if self.with_value(name, value)._problem_of(name) is None
        ]
        after = min(fitting, key=lambda value: abs(value - before))
        title = label(name, type(self).model_fields[name])
        notices.append(f"{title} is now {after} instead of {before}: {said}")
        return self.with_value(name, after)

    def choices(self, name: str) -> list[int]:
        """The values of a slider; long ranges go in steps that a hand can meet.

        A page asks for all of them at every step of any slider, so only the kernel's own size
        and turn are found by trying.
        """
        if name in ("taps", "turn"):
            return super().choices(name)
        span = bounds(type(self), name)
        offered: dict[str, Sequence[int]] = {
            "resolution": SIDES,
            "learn_steps": range(10, 201, 10),
            "learn_taps": range(1, 10, 2),
            "operator_taps": (3, 5, 7),
            "second_taps": _sizes(self.second),
            "third_taps": _sizes(self.third),
            "canny_low": range(0, self.canny_high + 1, 10),
            "canny_high": [n for n in range(0, 1001, 10) if n >= self.canny_low],
        }
        return sorted({*offered.get(name, span), getattr(self, name)})

    @property
    def parameters(self) -> tuple[str, ...]:
        """Fields that the named kernel depends on."""
        return () if self.named == "own" else KERNELS[self.named].parameters

    @property
    def shape(self) -> tuple[int, int]:
        """(kh, kw) before it is turned."""
        if self.named != "own":
            return _named_shape(self.named, self.taps)
        grid = _own_grid(self.own_weights)
        return (3, 3) if isinstance(grid, str) else (grid.shape[0], grid.shape[1])

    @property
    def title(self) -> str:
        """The kernel's name on the screen."""
        return "Your kernel" if self.named == "own" else KERNELS[self.named].title

    @property
    def divisor(self) -> float:
        """The further divisor; 0 counts as 1."""
        return self.divide_by or 1.0

    def text_problem(self, name: str) -> str | None:
        """What is wrong with a typed text, or None."""
        grid = _own_grid(self.own_weights) if name == "own_weights" else None
        return grid if isinstance(grid, str) else None

    def published(self) -> Kernel:
        """The kernel as it was published or typed.

        Raises:
            NumbersError: the own weights cannot be read.
        """
        if self.named != "own":
            return KERNELS[self.named].with_values(self.model_dump())
        grid = _own_grid(self.own_weights)
        if isinstance(grid, str):
            raise NumbersError(grid)
        return Kernel(grid.copy())

    def kernel(self) -> Kernel:
        """The kernel as it is used: turned, mirrored, with divisor and offset.

        Raises:
            NumbersError: the own weights cannot be read.
        """
        given = self.published()
        weights = mirrored(turned(given.weights, self.turn), self.mirror)
        kernel = normalised(Kernel(weights, given.scale, given.offset), self.divide)
        return Kernel(weights, kernel.scale * self.divisor, kernel.offset + self.add_offset)

    def with_weights(self, weights: FloatArray) -> KernelLesson:
        """The same answer from other weights: they become the person's own.

        What was published with the kernel goes along as divisor and offset, where there is room
        for it; turns and mirrors are in the weights already.

        Args:
            weights: (kh, kw), as the page shows them.
        """
        given = self.published()
        divisor, offset = self.divide_by, self.add_offset + given.offset
        if self.divide == "published":
            divisor = self.divisor * given.scale
            if divisor > LARGEST_DIVISOR:
                weights, divisor = weights / given.scale, self.divide_by
        return self.model_copy(
            update={
                "named": "own",
                "own_weights": format_grid(weights),
                "turn": 0,
                "mirror": "none",
                "divide_by": divisor,
                "add_offset": float(np.clip(offset, -255, 255)),
            }
        )

    def chain(self) -> list[tuple[str, Kernel]]:
        """Title and kernel of every step: the kernel above, as often as asked, and the rest.

        Raises:
            NumbersError: the own weights cannot be read.
        """
        steps = [(self.title, self.kernel())] * self.repeated
        for slug, taps, sigma in (
            (self.second, self.second_taps, self.second_sigma),
            (self.third, self.third_taps, self.third_sigma),
        ):
            if slug != "none":
                values = KERNELS[slug].suits | {"taps": taps, "sigma": sigma}
                steps.append((KERNELS[slug].title, KERNELS[slug].with_values(values)))
        return steps


@lru_cache(maxsize=256)
def _named_shape(slug: str, taps: int) -> tuple[int, int]:
    named = KERNELS[slug]
    if named.sizes:
        return taps, taps
    height, width = named.with_values({}).weights.shape
    return height, width


@lru_cache(maxsize=64)
def _own_grid(text: str) -> FloatArray | str:
    """The typed weights, or what is wrong with them."""
    try:
        return parse_kernel(text)
    except NumbersError as error:
        return str(error)


def _sizes(slug: str) -> tuple[int, ...]:
    """What a named kernel may have as its size; anything where it has only one."""
    return (KERNELS[slug].sizes if slug in KERNELS else ()) or ANY


def _turn_problem(height: int, width: int, turn: int) -> str | None:
    if can_turn(height, width, turn):
        return None
    return f"a kernel of {height} x {width} has quarter turns only; use an odd square."


def _size_problem(slug: str, taps: int) -> str | None:
    """Why a named kernel cannot have that size, or None."""
    named = KERNELS.get(slug)
    if named is None or not named.sizes or taps in named.sizes:
        return None
    kind = "an odd size" if named.sizes[-1] == LARGEST else "a size"
    return f"{named.title} has {kind} from {named.sizes[0]} to {named.sizes[-1]}."


def with_suited(lesson: KernelLesson) -> KernelLesson:
    """The lesson with the numbers that suit its named kernel, for a kernel just chosen."""
    suits: Mapping[str, float] = {} if lesson.named == "own" else KERNELS[lesson.named].suits
    whole = {name: int(value) if name == "taps" else value for name, value in suits.items()}
    changed = lesson.model_copy(update={**whole, "turn": 0, "mirror": "none"})
    return changed if changed.problem() is None else KernelLesson(named=lesson.named)
