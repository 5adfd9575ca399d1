"""One rule for each kind of step that can do harm, and the bound from which on it does.

The bounds are rules of thumb: where a person begins to hesitate, or half of an object is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from core.augment.safety.risk import SHOWN, Lookalike, Note, Shown
from core.augment.steps.base import StepModel

SIGNS: tuple[Shown, ...] = ("digits", "text")
_UPRIGHT: tuple[Shown, ...] = ("digits", "text", "scenes")


Rule = Callable[[Any], Iterator[Note]]


def notes_on(step: StepModel) -> Iterator[Note]:
    """What a step can do; of a kind without a rule, what it says of itself."""
    kind: str = step.kind  # type: ignore[attr-defined]
    rule: Rule = _RULES.get(kind, _by_itself)
    return rule(step)


def _by_itself(step: Any) -> Iterator[Note]:  # noqa: ANN401
    """What the step itself says, where there is no rule."""
    if sentence := step.risk():
        yield Note("probability", "changes", SHOWN, sentence, "leave the step out")


def _turn(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from turned("degrees", step.degrees, "A turn of up to")


def turned(parameter: str, degrees: float, what: str) -> Iterator[Note]:
    """By half a turn a 6 is a 9; from 45 degrees on it leans as no hand writes.

    Args:
        parameter: the setting that matters.
        degrees: largest turn.
        what: how the sentences begin.
    """
    if degrees > 135:
        yield Note(
            parameter, "changes", ("digits",),
            f"{what} {degrees:g} degrees stands a 6 on its head: it becomes a 9.",
            "up to 20 degrees", Lookalike("6", "half_turn"),
        )  # fmt: skip
        yield Note(
            parameter, "changes", ("text",),
            f"{what} {degrees:g} degrees turns a u into an n and a d into a p.",
            "up to 20 degrees", Lookalike("u", "half_turn"),
        )  # fmt: skip
    elif degrees > 45:
        yield Note(
            parameter, "changes", ("text",),
            f"{what} {degrees:g} degrees lays letters on their side: a Z becomes an N.",
            "up to 20 degrees",
        )  # fmt: skip
        yield Note(
            parameter, "unlikely", ("digits",),
            f"{what} {degrees:g} degrees lays digits on their side; nobody writes them so.",
            "up to 20 degrees",
        )  # fmt: skip
    if degrees > 45:
        yield Note(
            parameter, "unlikely", ("scenes",),
            f"{what} {degrees:g} degrees tips the ground over; few photos are taken so. From "
            "above (cells, satellites) it does no harm.",
            "up to 30 degrees",
        )  # fmt: skip


def _quarter_turn(_: Any) -> Iterator[Note]:  # noqa: ANN401
    for note in turned("probability", 270, "A turn of"):
        yield Note(
            note.parameter, note.harm, note.shown,
            note.sentence.replace("270", "180" if note.harm == "changes" else "90"),
            "leave the step out", note.example,
        )  # fmt: skip


def _flip_horizontal(_: Any) -> Iterator[Note]:  # noqa: ANN401
    yield Note(
        "probability", "changes", ("text",),
        "Mirrored text cannot be read, b becomes d, and an arrow points the other way.",
        "leave the step out", Lookalike("b", "mirrored"),
    )  # fmt: skip
    yield Note(
        "probability", "changes", ("digits",),
        "Most mirrored digits are none any more, and a 5 comes close to a 3.",
        "leave the step out", Lookalike("5", "mirrored"),
    )  # fmt: skip


def _flip_vertical(_: Any) -> Iterator[Note]:  # noqa: ANN401
    yield Note(
        "probability", "changes", ("text",),
        "Upside down b becomes p, u comes close to n, and M becomes W.",
        "leave the step out", Lookalike("b", "upside_down"),
    )  # fmt: skip
    yield Note(
        "probability", "changes", ("digits",),
        "Upside down a 6 is nearly a 9, and a 9 nearly a 6.",
        "leave the step out", Lookalike("9", "upside_down"),
    )  # fmt: skip
    yield Note(
        "probability", "unlikely", ("scenes",),
        "The sky is below: few photos are taken upside down. From above (cells, satellites) "
        "it does no harm.",
        "flip left-right",
    )  # fmt: skip


def _translation(step: Any) -> Iterator[Note]:  # noqa: ANN401
    name = max(("vertical", "horizontal"), key=lambda field: getattr(step, field))
    yield from _beyond(name, getattr(step, name), 30, 50)


def _beyond(name: str, most: float, signs: float, things: float) -> Iterator[Note]:
    """A shift; signs fill the picture, so less of it cuts them."""
    sentence = f"A shift by {most:g} % can push the object out of the picture; its label stays."
    if most >= signs:
        shown: tuple[Shown, ...] = SHOWN if most >= things else SIGNS
        yield Note(name, "loses", shown, sentence, f"less than {signs:g} %")


def _zoom(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if step.largest >= 150:
        left = (100 / step.largest) ** 2
        yield Note(
            "largest", "loses", SHOWN if step.largest >= 200 else SIGNS,
            f"At {step.largest} % only the middle {100 * left:.0f} % of the picture is left: "
            "what lies at the border is lost.",
            "up to 140 %",
        )  # fmt: skip
    if step.smallest <= 40:
        yield Note(
            "smallest", "unlikely", SHOWN,
            f"At {step.smallest} % the object has {step.smallest**2 / 100:.0f} % of its "
            "pixels; the rest is filled up.",
            "from 60 %",
        )  # fmt: skip


def _crop_resize(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from cropped("smallest", step.smallest / 100)


def _center_crop(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from cropped("share", (step.share / 100) ** 2)


def cropped(parameter: str, area: float, what: str = "") -> Iterator[Note]:
    """Half of an 8 is a 3; of a photo 30 % mostly show enough.

    Args:
        parameter: the setting that matters.
        area: least share of the picture that is left.
        what: how the sentences begin.
    """
    what = what or f"A part of {100 * area:.0f} %"
    if area < 0.7:
        yield Note(
            parameter, "changes", SIGNS,
            f"{what} can cut a sign: without its upper stroke a 7 is a 1, a part of an 8 is a "
            "3, and E without its foot is F.",
            "80 % of the area or more",
        )  # fmt: skip
    if area < 0.3:
        yield Note(
            parameter, "loses", ("scenes", "shapes"),
            f"{what} need not show the object; its label stays.",
            "30 % of the area or more",
        )  # fmt: skip


def _scale_jitter(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if step.largest > 100:
        yield from cropped("largest", (100 / step.largest) ** 2)


def _random_erasing(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from _hidden("largest", step.largest / 100, f"A rectangle of {step.largest} %")


def _cutout(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from _hidden("side", (step.side / 100) ** 2, f"A square of {step.side} % of the side")


def _holes(step: Any) -> Iterator[Note]:  # noqa: ANN401
    hidden = 1 - (1 - (step.side / 100) ** 2) ** step.most
    yield from _hidden("most", hidden, f"{step.most} holes hide about {100 * hidden:.0f} % and")


def _grid_mask(step: Any) -> Iterator[Note]:  # noqa: ANN401
    hidden = (step.ratio / 100) ** 2
    if hidden >= 0.5:
        yield from _hidden("ratio", hidden, f"A grid that hides {100 * hidden:.0f} %")


def _hidden(parameter: str, share: float, what: str) -> Iterator[Note]:
    """What is erased; a stroke decides between two signs."""
    if share > 0.1:
        yield Note(
            parameter, "changes", SIGNS,
            f"{what} can erase the stroke that decides: without it an 8 is a 3, a Q an O.",
            "at most a tenth of the picture",
        )  # fmt: skip
    if share >= 0.36:
        yield Note(
            parameter, "loses", ("scenes", "shapes"),
            f"{what} can hide the whole object; its label stays.",
            "less than a third of the picture",
        )  # fmt: skip


def _elastic(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if step.most > step.smoothness:
        yield Note("most", "changes", _UPRIGHT, step.risk(), f"less than {step.smoothness:g} %")


def _hue(step: Any) -> Iterator[Note]:  # noqa: ANN401
    parameter = "most" if "most" in type(step).model_fields else "hue"
    if sentence := step.risk():
        yield Note(parameter, "changes", ("scenes",), sentence, "up to 30 degrees")


def _grayscale(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield Note("probability", "loses", ("scenes",), step.risk(), "leave the step out")


def _other_colours(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield Note("probability", "changes", ("scenes",), step.risk(), "leave the step out")


def _invert(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from _other_colours(step)
    yield Note(
        "probability", "unlikely", SIGNS,
        "A negative has dark ink where it was bright. The sign stays; learn it only where both "
        "will be shown.",
        "leave the step out",
    )  # fmt: skip


def _washed_out(step: Any) -> Iterator[Note]:  # noqa: ANN401
    """Brightness, exposure and contrast at which a picture is one flat colour."""
    yield from _flat("most", step.most)


def _color_jitter(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from _flat("brightness", step.brightness)
    yield from _flat("contrast", step.contrast)
    yield from _hue(step)


def _flat(parameter: str, most: float) -> Iterator[Note]:
    if most >= 90:
        yield Note(
            parameter, "loses", SHOWN,
            f"At {most} % some pictures become one flat colour: nothing is to be seen.",
            "up to 50 %",
        )  # fmt: skip


def _too_coarse(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if step.smallest < 15:
        yield Note(
            "smallest", "loses", SHOWN,
            f"With {step.smallest} % of the pixels along a side, small things are gone.",
            "from 25 %",
        )  # fmt: skip


def _too_noisy(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if step.most >= 100:
        yield Note(
            "most", "loses", SHOWN,
            f"Noise with a standard deviation of {step.most} of 255 drowns the picture.",
            "up to 50",
        )  # fmt: skip


def _mixing(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield Note(
        "probability", "mixes", SHOWN,
        f"{step.title} changes labels with pictures: they become shares of several classes, "
        "which only a loss like cross-entropy on one-hot labels can take.",
        "give labels as shares",
    )  # fmt: skip


def _mosaic(step: Any) -> Iterator[Note]:  # noqa: ANN401
    yield from _mixing(step)
    yield Note(
        "middle", "loses", _UPRIGHT,
        f"Each of the four pictures shows a part alone, down to {step.middle} % of a side: "
        "meant for detection, where boxes tell what is left.",
        "MixUp or CutMix for classes",
    )  # fmt: skip


def _trivial_augment(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if not step.wide:
        return
    yield Note(
        "wide", "changes", SIGNS,
        "Wide ranges turn by up to 135 degrees: a leaning 6 becomes a 9.",
        "the narrow ranges", Lookalike("6", "half_turn"),
    )  # fmt: skip
    yield Note(
        "wide", "unlikely", ("scenes",),
        "Wide ranges turn by up to 135 degrees: the ground tips over.",
        "the narrow ranges",
    )  # fmt: skip


def _rand_augment(step: Any) -> Iterator[Note]:  # noqa: ANN401
    if sentence := step.risk():
        yield Note("magnitude", "loses", SHOWN, sentence, "up to 20")
    elif step.magnitude * step.operations > 40:
        yield Note(
            "operations", "loses", SHOWN,
            f"{step.operations} operations at magnitude {step.magnitude} add up: some pictures "
            "are beyond recognition.",
            "2 or 3 operations",
        )  # fmt: skip


_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "rotation": _turn,
        "quarter_turn": _quarter_turn,
        "flip_horizontal": _flip_horizontal,
        "flip_vertical": _flip_vertical,
        "translation": _translation,
        "zoom": _zoom,
        "crop_resize": _crop_resize,
        "center_crop": _center_crop,
        "scale_jitter": _scale_jitter,
        "elastic": _elastic,
        "random_erasing": _random_erasing,
        "cutout": _cutout,
        "holes": _holes,
        "grid_mask": _grid_mask,
        "hue": _hue,
        "color_jitter": _color_jitter,
        "grayscale": _grayscale,
        "channel_shuffle": _other_colours,
        "invert": _invert,
        "brightness": _washed_out,
        "exposure": _washed_out,
        "contrast": _washed_out,
        "pixelate": _too_coarse,
        "gaussian_noise": _too_noisy,
        "mix_up": _mixing,
        "cut_mix": _mixing,
        "fourier_mix": _mixing,
        "mosaic": _mosaic,
        "trivial_augment": _trivial_augment,
        "rand_augment": _rand_augment,
    }
)
"""A kind without a rule is judged by what the step says of itself."""
