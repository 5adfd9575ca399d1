"""A pipeline of augmentations as a script: Keras 3, KerasCV, or tf.data.

The three draw the same numbers as the page, from (seed, picture, step), and hold the very
functions that change the pictures here. So picture i of a seed is the same in all of them, up
to one level of 255 where a value lies between two.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from textwrap import indent
from typing import Literal

import core
from core.augment.spec import PipelineSpec
from core.augment.steps.base import Bend, Filling, Moving, StepModel, Warp
from core.augment.steps.mixing import FourierMix, Mixing, Mosaic
from core.augment.steps.policies import AugMix, Composite, Policy
from core.export import augment_frame as frame
from core.export.augment_layers import keras_layers, kerascv_layers
from core.export.source_of import function_text, names_in, source_of

Target = Literal["keras", "keras_cv", "tf_data"]

_LONGEST = 60
"""Characters of a call within the table of steps."""
_WORKER = Path(core.__path__[0]) / "augment" / "worker"
_LIBRARIES: dict[Target, tuple[str, ...]] = {
    "keras": ("by_keras", "by_opencv"),
    "keras_cv": ("by_keras_cv", "by_keras", "by_opencv"),
    "tf_data": ("by_keras", "by_opencv"),
}
"""Where the functions of a script come from; the first that has one is taken."""


def augment_script(
    pipeline: PipelineSpec,
    target: Target,
    *,
    seed: int = 0,
    draws: int = 8,
    side: int = 384,
    sample_file: str | None = None,
) -> str:
    """A script with a function that puts pictures through the pipeline.

    Args:
        pipeline: the steps; those that are off are left out.
        target: which library.
        seed: of all pictures.
        draws: how often the example's picture is drawn.
        side: longer side of the example's picture, in pixels.
        sample_file: a sample photo's name in scikit-image's data folder; None reads the
            person's own picture from `image.png`.

    Returns:
        ASCII source. It defines `STEPS` and `augment(images, seed, first)` for (n, H, W, 3)
        uint8, or for "tf_data" `dataset(images, labels, seed)`. Where pictures mix, `augment`
        takes one-hot labels after the images and gives both.
    """
    made = _Script(pipeline, target)
    parts = [
        frame.intro(target, mixes=pipeline.mixes),
        "",  # the imports, when all else is known
        f"SEED = {seed}",
        "# What is drawn for one picture.",
        *made.draw_functions(),
        "# What is done with it, to pictures (n, H, W, 3) from 0 to 255.",
        *made.apply_functions(),
        *made.glue(),
        made.steps(),
        *frame.run(target, mixes=pipeline.mixes),
    ]
    if target == "keras":
        parts.append(keras_layers(pipeline))
    elif target == "keras_cv":
        parts.append(kerascv_layers(pipeline))
    parts.append(frame.example(target, draws, side, sample_file, mixes=pipeline.mixes))
    parts = [part for part in parts if part]
    parts.insert(1, frame.imports("\n".join(parts)))
    return _spaced(parts) + "\n"


def _spaced(parts: list[str]) -> str:
    """Two empty lines round functions, one between short statements and after a heading."""
    text = parts[0]
    for before, part in pairwise(parts):
        heading = before.startswith("# ") and "\n" not in before
        tight = heading or (
            not before.startswith("def ") and not part.startswith(("def ", "# ", "if "))
        )
        text += ("\n\n" if tight else "\n\n\n") + part
    return text


class _Script:
    """The parts of a script that depend on the steps."""

    def __init__(self, pipeline: PipelineSpec, target: Target) -> None:
        self._places = [(number - 1, step) for number, step in pipeline.active]
        self._target = target
        self._sources = {name: source_of(_WORKER / f"{name}.py") for name in _LIBRARIES[target]}
        self._kinds = _with_parts(step for _, step in self._places)

    def draw_functions(self) -> list[str]:
        """The draws, and the maps that follow from them."""
        constants: dict[str, str] = {}
        functions: list[str] = []
        for kind, comes_itself in self._kinds.items():
            name = _name(kind)
            if comes_itself and (kind.draws or kind.takes):
                functions.append(function_text(kind.draw, f"draw_{name}"))
                constants |= _constants(kind)
            moves = issubclass(kind, Warp) and self._function(kind) == "warp"
            parts = ["matrix"] if moves or not comes_itself else []
            functions += [
                function_text(getattr(kind, part), f"{name}_{part}")
                for part in [*parts, "bend", "shares"]
                if hasattr(kind, part)
            ]
        return [*constants.values(), *functions]

    def apply_functions(self) -> list[str]:
        """Functions of the libraries that the steps need, with all that these need."""
        wanted: dict[str, list[str]] = {name: [] for name in self._sources}
        for function in self._functions():
            wanted[self._home(function)].append(function)
        texts: dict[str, str] = {}
        for name, functions in wanted.items():
            source = self._sources[name]
            for needed in source.needed(functions):
                texts.setdefault(needed, source.text(needed))
        constants = [text for name, text in texts.items() if name.isupper()]
        rest = [text for name, text in texts.items() if not name.isupper()]
        return ["\n".join(constants), *rest] if constants else rest

    def _functions(self) -> list[str]:
        """Names of the functions that the steps call."""
        plain = [kind for kind in self._kinds if not issubclass(kind, Composite)]
        found = {self._function(kind) for kind in plain}
        if any(issubclass(kind, Composite) for kind in self._kinds):
            found.add("one_after_the_other")
        if any(
            issubclass(kind, Composite) and not comes for kind, comes in self._kinds.items()
        ):
            found.add("warp")
        if any(issubclass(kind, Policy) for kind in self._kinds):
            found.add("warp")
        if any(issubclass(kind, AugMix) for kind in self._kinds):
            found.add("aug_mix")
        if any(issubclass(kind, Mixing) for kind in self._kinds):
            found |= {"others", "mixed_labels"}
        return sorted(found)

    def _function(self, kind: type[StepModel]) -> str:
        """Name of the function that does a step."""
        name = _name(kind)
        if issubclass(kind, Bend):
            return "bend"
        known = any(name in source for source in self._sources.values())
        return (
            name if known and (self._kinds.get(kind) or not issubclass(kind, Warp)) else "warp"
        )

    def _home(self, function: str) -> str:
        """The module that has the function."""
        return next(name for name, source in self._sources.items() if function in source)

    def _by_numpy(self, kind: type[StepModel]) -> bool:
        """Whether the function takes one picture, and arrays of NumPy."""
        return self._home(self._function(kind)) == "by_opencv"

    def glue(self) -> list[str]:
        """What fits functions of single pictures into batches, and branches of policies."""
        plain = [kind for kind in self._kinds if not issubclass(kind, Composite)]
        composites = [kind for kind in self._kinds if issubclass(kind, Composite)]
        parts = frame.by_numpy(self._target) if any(map(self._by_numpy, plain)) else []
        if composites:
            parts += [frame.WITH_MAPS]
        for kind in composites:
            parts += _branches(kind)
        if any(issubclass(kind, Mixing) for kind in plain):
            parts += [frame.WITH_SHARES]
        return parts

    def steps(self) -> str:
        """The table of steps."""
        rows = [indent(self._row(place, step), "    ") for place, step in self._places]
        head = "# Number of the step, probability, what is drawn, what is done with it."
        return "\n".join([head, "STEPS = [", *rows, "]"])

    def _row(self, place: int, step: StepModel) -> str:
        drawn = indent(self._drawn(step), "    ").lstrip()
        applied = indent(self._applied(step), "    ").lstrip()
        return (
            f"(\n    # {step.title}\n"
            f"    {place},\n"
            f"    {step.probability:g},\n"
            f"    lambda rng, height, width: {drawn},\n"
            f"    {applied},\n"
            "),"
        )

    def _drawn(self, step: StepModel) -> str:
        """An expression: the numbers of one picture."""
        name = _name(type(step))
        if not (step.draws or step.takes):
            return "{}"
        given = [
            n if n in ("height", "width") else f"{n}={getattr(step, n)!r}" for n in step.takes
        ]
        call = _called(f"draw_{name}", "rng", *given)
        if isinstance(step, Warp) and self._function(type(step)) == "warp":
            return (
                "{"
                + f'"matrices": {_called(f"{name}_matrix", "height", "width", f"**{call}")}'
                + "}"
            )
        if isinstance(step, Mixing):
            return _called("with_shares", f"{name}_shares", "height", "width", call)
        if isinstance(step, Composite):
            return _called("with_maps", f"{name.upper()}_MAPS", "height", "width", call)
        return call

    def _applied(self, step: StepModel) -> str:
        """An expression: a function of pictures and numbers."""
        name, kind = _name(type(step)), type(step)
        if isinstance(step, Composite):
            function = "aug_mix" if isinstance(step, AugMix) else "one_after_the_other"
            given = _outside(step) if isinstance(step, Policy) else ""
            branches = f"branches={name}_branches({given})"
            return f"lambda images, **drawn: {_called(function, 'images', '**drawn', branches)}"
        if isinstance(step, FourierMix):
            return "with_partners(by_numpy(fourier_mix))"
        if isinstance(step, Mixing):
            return f"with_places({name}{_partners_name(step)})"
        if isinstance(step, Bend):
            ways = f"*{name}_bend(*image.shape[:2], **drawn)"
            bend = _called("bend", "image", ways, _outside(step))
            return f"by_numpy(\n    lambda image, **drawn: {indent(bend, '    ').lstrip()}\n)"
        if isinstance(step, Warp) and self._function(kind) == "warp":
            return f"lambda images, matrices: warp(images, matrices, {_outside(step)})"
        if isinstance(step, Filling):
            fill, level = step.outside
            outside = f'fill="{fill}", fill_value={level}'
            return f"lambda images, **drawn: {_called(name, 'images', '**drawn', outside)}"
        return f"by_numpy({name})" if self._by_numpy(kind) else name


def _called(function: str, *args: str) -> str:
    """A call; over several lines where one would be too long."""
    line = f"{function}({', '.join(args)})"
    if len(line) <= _LONGEST and "\n" not in line:
        return line
    return f"{function}(\n" + indent(",\n".join(args), "    ") + ",\n)"


def _outside(step: Moving) -> str:
    fill, level = step.outside
    return f'"{fill}", {level}'


def _branches(kind: type[Composite]) -> list[str]:
    """The operations of a policy, and the maps of those that move pixels."""
    name = _name(kind)
    lines, maps = [], []
    for place, (branch, value, fixed) in enumerate(kind.branches):
        function = _name(branch)
        if issubclass(branch, Warp):
            lines.append("lambda image, amount, matrix: warp(image, matrix, fill, fill_value),")
            known = "".join(f", {key}={number!r}" for key, number in fixed.items())
            call = f"{function}_matrix(height, width, {value}=amount{known})"
            maps.append(f"{place}: lambda height, width, amount: {call},")
        else:
            amount = ", amount" if value else ""
            lines.append(f"lambda image, amount, matrix: {function}(image{amount}),")
    outside = "fill, fill_value" if issubclass(kind, Policy) else ""
    listed = indent("\n".join(lines), " " * 8)
    table = "\n" + indent("\n".join(maps), "    ") + "\n" if maps else ""
    return [
        f"def {name}_branches({outside}):\n"
        f'    """The operations of {kind.title}: of one picture, its amount and its map."""\n'
        f"    return [\n{listed}\n    ]",
        f"# Maps of the operations that move pixels.\n{name.upper()}_MAPS = {{{table}}}",
    ]


def _with_parts(steps: Iterable[StepModel]) -> dict[type[StepModel], bool]:
    """Kinds of steps, and of the parts of composites; whether each comes by itself."""
    found: dict[type[StepModel], bool] = {}
    for step in steps:
        if isinstance(step, Composite):
            for branch, _, _ in step.branches:
                found.setdefault(branch, False)
        found[type(step)] = True
    return found


def _partners_name(step: Mixing) -> str:
    return ', "partners"' if isinstance(step, Mosaic) else ""


def _name(kind: type[StepModel]) -> str:
    name: str = kind.model_fields["kind"].default
    return name


def _constants(kind: type[StepModel]) -> dict[str, str]:
    """Constants of the step's module that its draw reads."""
    source = source_of(Path(inspect.getsourcefile(kind) or ""))
    names = sorted(name for name in names_in(kind.draw) if name.isupper() and name in source)
    return {name: source.text(name) for name in names}
