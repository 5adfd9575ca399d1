"""Random changes of training pictures as Keras statements."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent, wrap

from core.training.spec import (
    LARGEST_SHIFT,
    LARGEST_TURN,
    LARGEST_ZOOM,
    TrainingSpec,
)


def augmentation(
    spec: TrainingSpec, input_shape: tuple[int, int, int], name: str = "trainer"
) -> str:
    """Statements that make the layers, and a model that changes pictures in training alone.

    Args:
        spec: the run.
        input_shape: of a picture.
        name: of that model; "trainer" goes on with `model`, others give the changed pictures.
    """
    if spec.augmentation == "none":
        return ""
    lines = indent("\n".join(_augmenting(spec)), "        ")
    behind = ", model" if name == "trainer" else ""
    return f"""\
# Pictures are changed at random before each step, not outside of training.
def augmenting(strength):
    return [
{lines}
    ]


augmentation = augmenting({spec.augmentation_strength!r})


class Augment(layers.Layer):
    def call(self, pictures, training=False):
        for layer in augmentation if training else ():
            pictures = layer(pictures, training=True)
        return pictures


{name} = keras.Sequential([keras.Input({input_shape}), Augment(){behind}])"""


def pipeline(spec: TrainingSpec) -> str:
    """What the script leaves out: the page that made the pipeline writes its code."""
    if not spec.augments.active:
        return ""
    steps = ", ".join(step.title for _, step in spec.augments.active)
    about = (
        f"In the run every batch also went through a pipeline of augmentations: {steps}. This "
        "script trains without it. The page Augmentation writes its code as a function "
        f"augment(images, seed, first); as text the pipeline is {spec.pipeline}"
    )
    return "\n".join(f"# {line}" for line in wrap(about, 94))


def _augmenting(spec: TrainingSpec) -> Iterator[str]:
    kinds = ("shift", "rotate", "zoom", "flip")
    wanted = kinds if spec.augmentation == "all" else (spec.augmentation,)
    seed = spec.seed
    if "shift" in wanted:
        share = f"{LARGEST_SHIFT!r} * strength"
        yield f'layers.RandomTranslation({share}, {share}, "nearest", seed={seed}),'
    if "rotate" in wanted:
        turn = f"{LARGEST_TURN!r} * strength"
        yield f'layers.RandomRotation({turn}, "nearest", seed={seed + 1}),'
    if "zoom" in wanted:
        share = f"{LARGEST_ZOOM!r} * strength"
        yield f'layers.RandomZoom({share}, fill_mode="nearest", seed={seed + 2}),'
    if "flip" in wanted:
        flip = f'layers.RandomFlip("horizontal", seed={seed + 3})'
        yield f"*([{flip}] if strength > 0 else []),"
