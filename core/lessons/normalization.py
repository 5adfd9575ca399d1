"""Settings of the page "Normalisation"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from core import numbers
from core.arithmetic.normalization import Kind
from core.lessons.base import Lesson, marks


class NormLesson(Lesson):
    """One normalisation of a small block (N, H, W, C)."""

    page: ClassVar[str] = "normalisation"
    readers: ClassVar[Mapping[str, Callable[[str], object]]] = {
        "norm_numbers": numbers.parse_bank,
        "norm_edits": numbers.parse_edits,
    }
    repair_order: ClassVar[tuple[str, ...]] = ("norm_groups", "norm_channels")

    norm_kind: Kind = Field(
        "batch",
        title="Norm",
        description="Which cells share a mean and a variance. RMS has no mean.",
    )
    norm_phase: Literal["training", "inference"] = Field(
        "training",
        title="Statistics",
        description="training: of this batch; inference: running ones, kept by a batch norm. "
        "All other norms compute the same in both.",
    )
    norm_place: Literal["alone", "before", "after"] = Field(
        "alone",
        title="Activation",
        description="alone: no activation; before: the norm stands before a ReLU; after: the "
        "norm stands behind it.",
    )
    norm_input: Literal["random", "counting", "photo", "own"] = Field(
        "random",
        title="Block",
        description="random: channels with a mean and a spread of their own; counting: 0, 1, "
        "2...; photo: parts of the current image; own is typed below.",
    )
    norm_numbers: str = Field(
        "",
        max_length=20_000,
        title="Own block",
        description="Samples separated by ;, channels by |, rows by /, for example "
        "1 2 | 3 4 ; 5 6 | 7 8. Missing cells are 0.",
    )
    norm_samples: int = Field(3, ge=1, le=6, title="Samples N", description="Batch size.")
    norm_channels: int = Field(4, ge=1, le=8, title="Channels C", description="Feature maps.")
    norm_height: int = Field(2, ge=1, le=4, title="Height H", description="Rows.")
    norm_width: int = Field(2, ge=1, le=4, title="Width W", description="Columns.")
    norm_groups: int = Field(
        2, ge=1, le=8, title="Groups", description="Group norm: how many share the channels."
    )
    norm_over: Literal["sample", "position"] = Field(
        "sample",
        title="Layer and RMS norm over",
        description="sample: height, width and channels of a sample; position: the channels of "
        "one place alone, which is what Keras does unless told otherwise.",
    )
    norm_gamma: float = Field(
        1.0,
        ge=-10,
        le=10,
        title="Gamma",
        description="Learned scale of every channel; begins as 1.",
        json_schema_extra=marks(-2, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 3, 5),
    )
    norm_beta: float = Field(
        0.0,
        ge=-10,
        le=10,
        title="Beta",
        description="Learned offset of every channel; begins as 0.",
        json_schema_extra=marks(-5, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 5),
    )
    norm_epsilon: float = Field(
        0.001,
        ge=0,
        le=10,
        title="Epsilon",
        description="Added to the variance, so that nothing is divided by 0; Keras' 0.001.",
        json_schema_extra=marks(0, 1e-5, 1e-3, 0.01, 0.1, 0.5, 1, 5),
    )
    norm_momentum: float = Field(
        0.99,
        ge=0,
        le=1,
        title="Momentum",
        description="Share of the running statistics that stays at each batch, as Keras means "
        "it; PyTorch's momentum is the rest.",
        json_schema_extra=marks(0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999),
    )
    norm_batches: int = Field(
        30,
        ge=0,
        le=400,
        title="Training batches",
        description="Seen before inference; the running statistics begin as 0 and 1.",
    )
    norm_affine: Literal["set", "undo"] = Field(
        "set",
        title="Gamma and beta",
        description="set: by the sliders; undo: the values that give a batch norm's input "
        "back, gamma = sqrt(variance + epsilon) and beta = mean.",
    )
    norm_stretch: float = Field(
        1.0,
        ge=0,
        le=1000,
        title="Input times",
        description="All cells are multiplied by it, before the norm.",
        json_schema_extra=marks(0, 0.01, 0.1, 0.5, 1, 2, 10, 100),
    )
    norm_move: float = Field(
        0.0,
        ge=-1000,
        le=1000,
        title="Input plus",
        description="Is added to all cells, before the norm.",
        json_schema_extra=marks(-100, -10, -5, -1, 0, 1, 5, 10, 100),
    )
    norm_seed: int = Field(0, ge=0, le=99, title="Seed", description="Of the random numbers.")
    norm_cell: str = Field(
        "",
        max_length=7,
        pattern=r"^(\d,\d,\d,\d)?$",
        title="Pinned cell",
        description="Sample, row, column, channel, counted from 0, for example 0,1,0,2.",
    )
    norm_edits: str = Field(
        "",
        max_length=20_000,
        title="Changed cells",
        description="x.sample.row.column.channel=value for the block, g.channel=value for a "
        "gamma, b.channel=value for a beta.",
    )

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(N, H, W, C)."""
        return self.norm_samples, self.norm_height, self.norm_width, self.norm_channels

    @property
    def infers(self) -> bool:
        """Whether running statistics are used: by a batch norm at inference."""
        return self.norm_kind == "batch" and self.norm_phase == "inference"

    @property
    def undoes(self) -> bool:
        """Whether gamma and beta undo the norm; only those of a batch norm can."""
        return self.norm_kind == "batch" and self.norm_affine == "undo"

    def problem(self) -> str | None:
        """Why there is no result, or None."""
        if self.norm_kind == "group" and self.norm_channels % self.norm_groups:
            return (
                f"{self.norm_groups} groups cannot split {self.norm_channels} channels evenly."
            )
        return None

    def choices(self, name: str) -> list[int]:
        """The values of a slider; training batches go in steps that grow."""
        if name == "norm_batches":
            return sorted({*BATCHES, self.norm_batches})
        return super().choices(name)


BATCHES = (0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 400)
"""Numbers of training batches that the slider offers."""
