"""A transfer as a Keras script: pretrained network, head, and what is learnt of both."""

from __future__ import annotations

from textwrap import dedent

from core.architecture import HEAD_DROPOUT
from core.export.augmenting_code import augmentation, pipeline
from core.export.loop_code import Fed, compiling, ending, taught
from core.export.optimizer_code import largest, loss, optimizer
from core.export.training_pictures_code import pictures_code, pictures_import
from core.training.transfer import TransferSpec
from core.zoo.entry import Pretrained
from core.zoo.registry import ZOO

BACKBONE_FILE = "backbone.keras"
"""What the script reads where neither Keras nor KerasCV has the network."""
QUICK = 0.9
"""Momentum of batch norm from scratch; the run has the same."""
AT_ONCE = 32
"""Pictures that the backbone is shown at once."""

Shape = tuple[int, int, int]


def reads_backbone(spec: TransferSpec) -> bool:
    """Whether the script needs `BACKBONE_FILE` beside it."""
    return not ZOO[spec.backbone].needs_a_hub


def transfer_script(
    spec: TransferSpec, input_shape: Shape, classes: int, first_open: str = ""
) -> str:
    """A script that does what the run did.

    Without random changes of pictures its curve is the run's; with them it has draws of its
    own. Sections are set apart by blank lines and begin with a comment.

    Args:
        spec: the run, with the changes made on the way.
        input_shape: (height, width, channels) of a picture.
        classes: number of classes.
        first_open: "finetune": name of the lowest layer of the backbone that is learnt; empty
            for none.
    """
    frozen = spec.way == "frozen"
    fed = _fed(spec)
    parts = [
        _imports(spec),
        pictures_code(spec, classes),
        backbone_code(spec),
        inputs_code(spec, input_shape),
        _body(spec),
        _head(spec, classes),
        *([] if spec.way == "scratch" else _on_features(spec, input_shape)),
        *([_head_alone(spec, classes)] if _begins_with_head(spec) else []),
        "" if frozen else _opened(spec, first_open),
        "" if frozen else augmentation(spec, input_shape, _changer(spec)),
        _trainer(spec),
        pipeline(spec),
        compiling(spec, fed),
        *taught(spec, classes, fed),
        ending(spec, fed),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _fed(spec: TransferSpec) -> Fed:
    if spec.way == "frozen":
        seen = "versions_of(seen)" if _versions(spec) > 1 else "plain[seen]"
        return Fed("head", "head", seen, "plain[validation]", "plain[test]")
    plain = spec.augmentation == "none" and not _as_in_inference(spec)
    return Fed("model" if plain else "trainer", judged_at_once=AT_ONCE)


def _as_in_inference(spec: TransferSpec) -> bool:
    """Whether the backbone learns while its batch norms go on as in inference."""
    return spec.way == "finetune" and spec.keep_statistics


def _changer(spec: TransferSpec) -> str:
    """The script's name for the model that changes pictures in training."""
    return "changing" if _as_in_inference(spec) else "trainer"


def _begins_with_head(spec: TransferSpec) -> bool:
    return spec.way == "finetune" and spec.head_epochs > 0


def _imports(spec: TransferSpec) -> str:
    lines = ["import keras"]
    if ZOO[spec.backbone].source == "keras-cv":
        lines.append("import keras_cv")
    lines.append("import numpy as np")
    if _draws(spec):
        lines.append("import tensorflow as tf")
    lines += ["from keras import layers", pictures_import(spec)]
    return "\n".join(["# Keras 3 on TensorFlow.", *lines]).rstrip()


# The network


def backbone_code(spec: TransferSpec) -> str:
    """Statements that make `backbone`, for pictures of the run's side."""
    entry = ZOO[spec.backbone]
    parts = [f"# {entry.title} ({entry.paper}), without its classes.", _loaded(entry)]
    parts.append("backbone = keras.Model(backbone.input, backbone.output)")
    side = spec.side or entry.side
    if spec.way == "scratch":
        parts.append(
            dedent(f"""
            # The same layers with random weights. Statistics of batch norm follow quickly,
            # since a few hundred pictures give few steps.
            keras.utils.set_random_seed({spec.seed})
            backbone = keras.models.clone_model(backbone, keras.Input(({side}, {side}, 3)))
            for layer in backbone.layers:
                if isinstance(layer, layers.BatchNormalization):
                    layer.momentum = {QUICK!r}""")
        )
    elif side != entry.side:
        parts.append(
            dedent(f"""
            # The same network for pictures of another size.
            resized = keras.models.clone_model(backbone, keras.Input(({side}, {side}, 3)))
            resized.set_weights(backbone.get_weights())
            backbone = resized""")
        )
    return "\n".join(parts)


def _loaded(entry: Pretrained) -> str:
    shape = f"input_shape=({entry.side}, {entry.side}, 3)"
    if entry.source == "package":
        return f'backbone = keras.saving.load_model("{BACKBONE_FILE}", compile=False)'
    if entry.source == "keras":
        arguments = f'{shape}, include_top=False, weights="imagenet"'
        return f"backbone = keras.applications.{entry.call}(\n    {arguments}\n)"
    preset = f'"{entry.call}", load_weights=True'
    if entry.classes:
        return (
            f"backbone = keras_cv.models.ImageClassifier.from_preset(\n    {preset}\n).backbone"
        )
    return f"backbone = keras_cv.models.Backbone.from_preset(\n    {preset}, {shape}\n)"


def inputs_code(spec: TransferSpec, input_shape: Shape) -> str:
    """Statements that make `inputs`, and `x` as the backbone was trained to take it."""
    entry = ZOO[spec.backbone]
    wanted, side = entry.preprocessing, spec.side or entry.side
    lines = [
        "# From pictures in 0..255 to what the network was trained with.",
        f'inputs = keras.Input({input_shape}, name="pictures")',
        "x = inputs",
    ]
    if input_shape[2] == 1:
        lines.append("x = layers.Concatenate()([x, x, x])")
    if input_shape[:2] != (side, side):
        lines.append(f"x = layers.Resizing({side}, {side})(x)")
    if wanted.bgr:
        lines.append("x = keras.ops.flip(x, axis=-1)  # blue first")
    pairs = list(zip(wanted.mean, wanted.deviation, strict=True))
    scale = ", ".join(f"1 / {deviation!r}" for _, deviation in pairs)
    offset = ", ".join(f"-{mean!r} / {deviation!r}" for mean, deviation in pairs)
    lines += ["x = layers.Rescaling(", f"    [{scale}],", f"    [{offset}],", ")(x)"]
    return "\n".join(lines)


def _body(spec: TransferSpec) -> str:
    kind = {"average": "Average", "max": "Max"}[spec.pooling]
    return dedent(f"""\
        # The features of a picture.
        features = layers.Global{kind}Pooling2D()(backbone(x))
        body = keras.Model(inputs, features)""")


def _head(spec: TransferSpec, classes: int) -> str:
    later = largest(spec, "dropout") if not spec.dropout else 0.0
    lines = [
        "# The head. The same seed gives the same first weights.",
        f"keras.utils.set_random_seed({spec.seed})",
        "x = features",
    ]
    if spec.dense:
        lines.append(f'x = layers.Dense({spec.dense}, activation="relu", name="head_dense")(x)')
    rate = spec.dropout or later
    lines += [
        f'x = layers.Dropout({rate!r}, seed={spec.seed}, name="{HEAD_DROPOUT}")(x)',
        f'logits = layers.Dense({classes}, name="output")(x)',
        'model = keras.Model(inputs, logits, name="transfer")',
        "head = keras.Model(features, logits)",
    ]
    if later:
        lines += [
            "# Made with a rate, the layer can draw later; at first it does not.",
            f'model.get_layer("{HEAD_DROPOUT}").rate = 0.0',
        ]
    return "\n".join(lines)


# Features, computed once


def _mirrors(spec: TransferSpec) -> bool:
    return spec.versions == 2 and spec.augmentation == "flip" and not spec.augments.active


def _versions(spec: TransferSpec) -> int:
    """Of each training picture; a pipeline of the page Augmentation is left out."""
    changes = spec.augmentation != "none" and spec.augmentation_strength > 0
    return spec.versions if changes else 1


def _draws(spec: TransferSpec) -> bool:
    on_features = spec.way == "frozen" or _begins_with_head(spec)
    return on_features and _versions(spec) > 1


def _on_features(spec: TransferSpec, input_shape: Shape) -> list[str]:
    if spec.way == "finetune" and not spec.head_epochs:
        return []
    plain = dedent(f"""\
        # The backbone stays as it is: what it makes of a picture is computed once.
        backbone.trainable = False
        plain = body.predict(images, batch_size={AT_ONCE}, verbose=0)""")
    if _versions(spec) == 1:
        return [plain]
    return [plain, *_changed(spec, input_shape), _drawing(spec)]


def _changed(spec: TransferSpec, input_shape: Shape) -> list[str]:
    """Features of the versions that training draws from."""
    if _mirrors(spec):
        return [
            dedent(f"""\
                # The same of the mirror images.
                mirrored = body.predict(images[:, :, ::-1], batch_size={AT_ONCE}, verbose=0)
                known = np.stack([plain, mirrored])""")
        ]
    return [
        augmentation(spec, input_shape, "changing"),
        dedent(f"""\
            # The same of {spec.copies} changed versions of each training picture.
            known = np.zeros(({spec.copies}, *plain.shape), "float32")
            for version in known:
                for at in range(0, len(training), {AT_ONCE}):
                    part = training[at : at + {AT_ONCE}]
                    changed = changing(images[part], training=True)
                    version[part] = body.predict_on_batch(changed)"""),
    ]


def _drawing(spec: TransferSpec) -> str:
    size = spec.batch_size
    return dedent(f"""\
        # Every step draws one of them for each picture.
        draws = tf.random.Generator.from_seed({spec.seed})


        def versions_of(seen):
            sizes = [len(seen[at : at + {size}]) for at in range(0, len(seen), {size})]
            drawn = [draws.uniform([size], 0, {_versions(spec)}, tf.int32) for size in sizes]
            return known[np.concatenate(drawn), seen]""")


# Fine-tuning


def _head_alone(spec: TransferSpec, classes: int) -> str:
    alone = spec.head_alone()
    seen = "versions_of(seen)" if _versions(spec) > 1 else "plain[seen]"
    lines = [
        "# First the head alone: random gradients would undo what the backbone has learnt.",
        *loss(spec),
        f"first_steps = {optimizer(alone)}",
        "head.compile(first_steps, loss)",
        f"targets = keras.utils.to_categorical(labels, {classes})",
        f"for epoch in range({alone.epochs}):",
        f"    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(training))",
        "    seen = training[order]",
        f"    given, size = {seen}, {spec.batch_size}",
        "    head.fit(given, targets[seen], batch_size=size, shuffle=False, verbose=0)",
    ]
    return "\n".join(lines)


def _opened(spec: TransferSpec, first_open: str) -> str:
    """Which layers of the backbone are learnt."""
    if spec.way == "scratch":
        return ""
    if not first_open:
        return "# No block of the backbone is learnt.\nbackbone.trainable = False"
    return dedent(f"""\
        # Then the backbone's uppermost layers as well, in small steps.
        backbone.trainable = True
        names = [layer.name for layer in backbone.layers]
        for layer in backbone.layers[: names.index("{first_open}")]:
            layer.trainable = False""")


def _trainer(spec: TransferSpec) -> str:
    """A model of its own for training; the one that is saved shares its layers.

    Inside of a functional model Keras 3 hands `training` on to every layer, whatever a layer
    was called with, so `backbone(x, training=False)` would not hold.
    """
    if not _as_in_inference(spec):
        return ""
    given = "pictures"
    if spec.augmentation != "none":
        given = "changing(pictures, training=training)"
    return dedent(f"""\
        # In training, too, batch norm has the statistics that it came with.
        class Trainer(keras.Model):
            def __init__(self):
                super().__init__()
                self.body, self.head = body, head

            def call(self, pictures, training=False):
                features = self.body({given}, training=False)
                return self.head(features, training=training)


        trainer = Trainer()""")
