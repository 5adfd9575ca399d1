"""Settings of the page "Classify": a network, and how it is given a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from core.images.samples import SAMPLES
from core.lessons.base import Lesson, marks
from core.vision.challenges import CHALLENGES, Changes
from core.vision.prepare import Fit
from core.vision.question import Question
from core.vision.spec import RIGHT, ClassifySpec
from core.zoo.preprocessing import PREPROCESSINGS
from core.zoo.registry import DEFAULT, ZOO

CLASSIFIERS = tuple(slug for slug, entry in ZOO.items() if entry.classes)
NONE = "none"
GREY = "grey"

if TYPE_CHECKING:
    Classifier = str
    Second = str
    Scaling = str
    Which = str
    Behind = str
else:
    # Written nowhere else: the registries are the lists.
    Classifier = Literal[CLASSIFIERS]
    Second = Literal[(NONE, *CLASSIFIERS)]
    Scaling = Literal[(RIGHT, *PREPROCESSINGS)]
    Which = Literal[tuple(CHALLENGES)]
    Behind = Literal[(GREY, *SAMPLES)]


def _challenge(slug: str, help_text: str) -> Any:  # noqa: ANN401 - a Field
    """A field for the slider of a challenge."""
    entry = CHALLENGES[slug]
    return Field(
        float(entry.neutral), ge=entry.stops[0], le=entry.stops[-1],
        title=f"{entry.title} ({entry.unit})", json_schema_extra=marks(*entry.stops),
        description=f"{entry.reason}: {help_text}",
    )  # fmt: skip


class ClassifyLesson(Lesson):
    """An image before a pretrained network."""

    page: ClassVar[str] = "classify"

    classifier: Classifier = Field(
        DEFAULT, title="Network",
        description="EfficientNet-Lite0 is here. The others are fetched when you ask for them: "
        "see the view Zoo for sizes and accuracies.",
    )  # fmt: skip
    second_classifier: Second = Field(
        NONE, title="Second network",
        description="Answers beside the first one, for the same picture.",
    )  # fmt: skip
    top_count: int = Field(
        5, ge=1, le=20, title="Classes shown (k)",
        description="The k likeliest of ImageNet's 1,000 classes.",
    )  # fmt: skip
    class_temperature: float = Field(
        1.0, ge=0.1, le=20, title="Temperature (T)",
        json_schema_extra=marks(0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20),
        description="Logits are divided by it before softmax: below 1 sharpens, above 1 evens "
        "out. The network does not run again, and the order of the classes stays.",
    )  # fmt: skip
    seen_fit: Fit = Field(
        "crop", title="Fit",
        description="How the picture becomes a square: crop takes the middle, squash loses the "
        "proportions, pad fills up with grey.",
    )  # fmt: skip
    seen_scaling: Scaling = Field(
        RIGHT, title="Preprocessing",
        description="What becomes of the levels 0..255. Right is what the network was trained "
        "with; the view Seen compares all of them.",
    )  # fmt: skip
    challenge: Which = Field(
        "rotation", title="Challenge",
        description="Whose slider stands here, and over which the curve is drawn.",
    )  # fmt: skip
    hard_rotation: float = _challenge("rotation", "turned counter-clockwise about the middle.")
    hard_shear: float = _challenge("shear", "slanted about the middle row.")
    hard_light: float = _challenge("light", "each stop doubles the light.")
    hard_bending: float = _challenge(
        "bending", "the farthest pixel moves by this share of the shorter side."
    )
    hard_patch: float = _challenge("patch", "a grey patch; drag it in the picture.")
    hard_clutter: float = _challenge("clutter", "another photo comes up around the middle.")
    hard_size: float = _challenge(
        "size", "below 100 smaller on grey, above 100 the middle enlarged."
    )
    patch_across: int = Field(
        50, ge=0, le=100, title="Patch across (%)",
        description="Middle of the patch, from the left edge. Dragging it in the picture is "
        "easier.",
    )  # fmt: skip
    patch_down: int = Field(
        50, ge=0, le=100, title="Patch down (%)",
        description="Middle of the patch, from the upper edge.",
    )  # fmt: skip
    bend_seed: int = Field(
        0, ge=0, le=99, title="Field of the bending",
        description="Which random field the pixels move along.",
    )  # fmt: skip
    photo_behind: Behind = Field(
        "coffee", title="Photo behind",
        description="What comes up around the middle when Another photo is above 0.",
    )  # fmt: skip

    @property
    def networks(self) -> tuple[str, ...]:
        """Slugs of the one or two networks that are asked."""
        second = self.second_classifier
        both = (self.classifier, second) if second != NONE else (self.classifier,)
        return tuple(dict.fromkeys(both))

    def spec(self, network: str) -> ClassifySpec:
        """How a network is asked."""
        return ClassifySpec(
            network=network,
            fit=self.seen_fit,
            scaling=self.seen_scaling,
            temperature=self.class_temperature,
        )

    @property
    def position(self) -> float:
        """Where the slider of the chosen challenge stands."""
        value: float = getattr(self, f"hard_{self.challenge}")
        return value

    @property
    def changes(self) -> Changes:
        """What is done to the picture."""
        made = Changes(
            patch_xy=(self.patch_across / 100, self.patch_down / 100),
            seed=self.bend_seed,
            behind="" if self.photo_behind == GREY else self.photo_behind,
        )
        for slug in CHALLENGES:
            made = made.at(slug, getattr(self, f"hard_{slug}"))
        return made

    def questions(self, digest: str, network: str) -> dict[float, Question]:
        """What is asked for the curve, by the position of the chosen challenge's slider."""
        spec, changes = self.spec(network), self.changes
        places = sorted({*CHALLENGES[self.challenge].stops, self.position})
        return {
            place: Question.of(digest, spec, changes.at(self.challenge, place))
            for place in places
        }
