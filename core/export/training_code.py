"""A run as a Keras script that gives the same curve."""

from __future__ import annotations

from core.architecture import HEAD_DROPOUT
from core.export.augmenting_code import augmentation, pipeline
from core.export.loop_code import Fed, compiling, ending, taught
from core.export.model_code import ModelSpec, model_source
from core.export.optimizer_code import largest
from core.export.training_pictures_code import pictures_code, pictures_import
from core.training.spec import RunSpec


def training_script(spec: RunSpec, input_shape: tuple[int, int, int], classes: int) -> str:
    """A script that trains as the run did: same weights at first, same order, same steps.

    Sections are set apart by blank lines and begin with a comment, as `notebook` wants them.

    Args:
        spec: the run, with the changes made on the way.
        input_shape: (height, width, channels) of a picture.
        classes: number of classes.

    Raises:
        ArchitectureError: the network does not fit; the message names the row.
    """
    fed = Fed("model" if spec.augmentation == "none" else "trainer")
    parts = [
        _imports(spec),
        pictures_code(spec, classes),
        "# The same seed gives the same first weights.\n"
        f"keras.utils.set_random_seed({spec.seed})",
        _model(spec, input_shape, classes),
        augmentation(spec, input_shape),
        pipeline(spec),
        compiling(spec, fed),
        *taught(spec, classes, fed),
        ending(spec, fed),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _imports(spec: RunSpec) -> str:
    lines = ["import keras", "import numpy as np", "from keras import layers"]
    return "\n".join(["# Keras 3 on TensorFlow.", *lines, pictures_import(spec)]).rstrip()


# Network


def _model(spec: RunSpec, input_shape: tuple[int, int, int], classes: int) -> str:
    later = 0.0 if spec.dropout else largest(spec, "dropout")
    model = ModelSpec(
        spec.architecture,
        input_shape,
        classes,
        norm_order=spec.norm_order,
        initializer=spec.initializer,
        head_dropout=spec.dropout or later,
        dropout_seed=spec.seed,
    )
    source = model_source(model)
    if not later:
        return source
    return (
        f"{source}\n\n# Made with a rate, the layer can draw later; at first it does not.\n"
        f'model.get_layer("{HEAD_DROPOUT}").rate = 0.0'
    )
