"""A run as a Keras script that gives the same curve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import dedent, indent, wrap

from core.architecture import HEAD_DROPOUT
from core.export.model_code import ModelSpec, model_source
from core.export.training_pictures_code import pictures_code, pictures_import
from core.training.spec import (
    FINDER_RANGE,
    FINDER_STEPS,
    LARGEST_SHIFT,
    LARGEST_TURN,
    LARGEST_ZOOM,
    Change,
    RunSpec,
)

_MOMENTUM = {"rmsprop": "rho", "adam": "beta_1", "adamw": "beta_1"}
"""What Keras calls it; elsewhere "momentum"."""
LINE = 88
"""Characters in a line of the script."""


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
    parts = [
        _imports(spec),
        pictures_code(spec, classes),
        "# The same seed gives the same first weights.\n"
        f"keras.utils.set_random_seed({spec.seed})",
        _model(spec, input_shape, classes),
        _augmentation(spec, input_shape),
        _pipeline(spec),
        _compile(spec),
        *([_search(spec, classes)] if spec.finds else [_steering(spec), _loop(spec, classes)]),
        _end(spec),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _imports(spec: RunSpec) -> str:
    lines = ["import keras", "import numpy as np", "from keras import layers"]
    return "\n".join(["# Keras 3 on TensorFlow.", *lines, pictures_import(spec)]).rstrip()


def _trainer(spec: RunSpec) -> str:
    return "model" if spec.augmentation == "none" else "trainer"


# Network


def _model(spec: RunSpec, input_shape: tuple[int, int, int], classes: int) -> str:
    later = 0.0 if spec.dropout else _largest(spec, "dropout")
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


def _largest(spec: RunSpec, setting: str) -> float:
    """The largest value that a setting is changed to on the way; 0 where it is not."""
    return max((c.value for c in spec.changes if c.setting == setting), default=0.0)


def _augmentation(spec: RunSpec, input_shape: tuple[int, int, int]) -> str:
    if spec.augmentation == "none":
        return ""
    lines = indent("\n".join(_augmenting(spec)), "        ")
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


trainer = keras.Sequential([keras.Input({input_shape}), Augment(), model])"""


def _pipeline(spec: RunSpec) -> str:
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


def _augmenting(spec: RunSpec) -> Iterator[str]:
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


# Optimiser and loss


def _compile(spec: RunSpec) -> str:
    lines = [
        "# Optimiser and loss.",
        f"optimizer = {_optimizer(spec)}",
        *_velocities(spec),
        *_loss(spec),
        f'{_trainer(spec)}.compile(optimizer, loss, metrics=["accuracy"])',
    ]
    return "\n".join(lines)


def _optimizer(spec: RunSpec) -> str:
    momentum = spec.momentum or (0.5 if _velocities(spec) else 0.0)
    name, given = {
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f", momentum={momentum!r}"),
        "nesterov": ("SGD", f", momentum={momentum!r}, nesterov=True"),
        "rmsprop": ("RMSprop", f", rho={momentum!r}"),
        "adam": ("Adam", f", beta_1={momentum!r}"),
        "adamw": ("AdamW", f", beta_1={momentum!r}"),
        "adagrad": ("Adagrad", ""),
    }[spec.optimizer]
    if spec.weight_decay or spec.optimizer == "adamw":
        given += f", weight_decay={spec.weight_decay!r}"
    if spec.clipping != "off":
        bound = {"norm": "global_clipnorm", "value": "clipvalue"}[spec.clipping]
        given += f", {bound}={spec.clip!r}"
    arguments = f"learning_rate={spec.learning_rate!r}{given}"
    line = f"keras.optimizers.{name}({arguments})"
    fits = len(f"optimizer = {line}") <= LINE
    return line if fits else f"keras.optimizers.{name}(\n    {arguments}\n)"


def _velocities(spec: RunSpec) -> list[str]:
    """Statements for a momentum that is 0 at first and raised on the way."""
    rises = spec.optimizer in ("momentum", "nesterov") and _largest(spec, "momentum")
    if spec.momentum or not rises:
        return []
    return [
        "optimizer.build(model.trainable_variables)  # with velocities, which it needs later",
        "optimizer.momentum = 0.0",
    ]


def _loss(spec: RunSpec) -> list[str]:
    smooth = spec.label_smoothing
    extra = f", label_smoothing={smooth!r}" if smooth else ""
    if spec.loss == "crossentropy":
        return [f"loss = keras.losses.CategoricalCrossentropy(from_logits=True{extra})"]
    if spec.loss == "focal":
        return [f"loss = keras.losses.CategoricalFocalCrossentropy(from_logits=True{extra})"]
    value = {
        "hinge": "keras.losses.categorical_hinge(target, logits)",
        "squared_error": "keras.losses.mean_squared_error(target, keras.ops.softmax(logits))",
    }[spec.loss]
    smoothed = f"target = target * {1 - smooth!r} + {smooth!r} / target.shape[-1]"
    body = [smoothed] * bool(smooth) + [f"return {value}"]
    return ["", "", "def loss(target, logits):", *[f"    {line}" for line in body], "", ""]


# Schedule and changes


def _steers(spec: RunSpec) -> bool:
    """Whether anything is set before a step."""
    return spec.schedule != "constant" or bool(spec.warmup_epochs or spec.changes)


def _steering(spec: RunSpec) -> str:
    """The callback that sets the learning rate before each step, and repeats changes."""
    if not _steers(spec):
        return ""
    about = "Every step has its learning rate"
    if spec.changes:
        about += "; what was changed by hand changes at the same steps"
    changes = indent("\n".join(_changes(spec)) + "\n", "        ") if spec.changes else ""
    return f"""\
# {about}.
STEPS_PER_EPOCH = -(-len(training) // {spec.batch_size})


def factor(step):
{indent(_factor(spec), "    ")}


class Steering(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.rate, self.step = {spec.learning_rate!r}, 0

    def on_train_batch_begin(self, batch, logs=None):
{changes}        optimizer.learning_rate = self.rate * factor(self.step)
        self.step += 1


steering = Steering()"""


def _changes(spec: RunSpec) -> Iterator[str]:
    """What was changed by hand, at the same steps."""
    for step, group in groupby(spec.changes, key=lambda change: change.step):
        changes = list(group)
        yield f"if self.step == {step}:"
        yield from (f"    {_change(spec, change)}" for change in changes)
        if any(change.setting != "learning_rate" for change in changes):
            yield "    self.model.make_train_function(force=True)  # compile anew"


def _change(spec: RunSpec, change: Change) -> str:
    if change.setting == "learning_rate":
        return f"self.rate = {change.value!r}"
    if change.setting == "momentum":
        return f"optimizer.{_MOMENTUM.get(spec.optimizer, 'momentum')} = {change.value!r}"
    if change.setting == "dropout":
        return f'model.get_layer("{HEAD_DROPOUT}").rate = {change.value!r}'
    return f"augmentation[:] = augmenting({change.value!r})"


def _factor(spec: RunSpec) -> str:
    """The body of the function that gives the schedule's factor."""
    lines = []
    if spec.warmup_epochs:
        lines = [
            f"warmup = {spec.warmup_epochs} * STEPS_PER_EPOCH",
            "if step < warmup:",
            "    return (step + 1) / (warmup + 1)",
            "step -= warmup",
        ]
    period = f"({spec.decay_epochs} * STEPS_PER_EPOCH)"
    total = f"max({spec.epochs - spec.warmup_epochs} * STEPS_PER_EPOCH, 1)"
    return "\n".join(
        lines
        + {
            "constant": ["return 1.0"],
            "step": [f"return {spec.decay!r} ** (step // {period})"],
            "exponential": [f"return {spec.decay!r} ** (step / {period})"],
            "cosine": [f"return 0.5 * (1 + np.cos(np.pi * min(step / {total}, 1)))"],
        }[spec.schedule]
    )


# The loop


def _loop(spec: RunSpec, classes: int) -> str:
    callbacks = "\n        callbacks=[steering]," if _steers(spec) else ""
    stopping = "best, best_epoch, best_weights = np.inf, 0, None\n" * spec.early_stopping
    return f"""\
# Train. Every epoch has an order of its own, always the same.
targets = keras.utils.to_categorical(labels, {classes})
held_out = (images[validation], targets[validation])
curve = []
{stopping}for epoch in range({spec.epochs}):
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(training))
    seen = training[order]
    told = {_trainer(spec)}.fit(
        images[seen],
        targets[seen],
        batch_size={spec.batch_size},
        shuffle=False,
        initial_epoch=epoch,
        epochs=epoch + 1,
        validation_data=held_out,
        validation_batch_size=256,{callbacks}
        verbose=2,
    )
    curve.append({{name: values[0] for name, values in told.history.items()}})
{_stopping(spec)}""".rstrip()


def _stopping(spec: RunSpec) -> str:
    if not spec.early_stopping:
        return ""
    restore = "if best_weights:\n    model.set_weights(best_weights)" * spec.restore_best
    return f"""\
    if curve[-1]["val_loss"] < best - 1e-4:
        best, best_epoch = curve[-1]["val_loss"], epoch
        best_weights = model.get_weights()
    elif epoch - best_epoch >= {spec.patience}:
        break
{restore}"""


def _search(spec: RunSpec, classes: int) -> str:
    """The loop of a search for a learning rate."""
    low, high = FINDER_RANGE
    trainer, size = _trainer(spec), spec.batch_size
    return f"""\
# Raise the learning rate from {low:g} to {high:g}, until the loss explodes.
targets = keras.utils.to_categorical(labels, {classes})
rates, losses = np.geomspace({low!r}, {high!r}, {FINDER_STEPS}), []
per_epoch = -(-len(training) // {size})
for step, rate in enumerate(rates):
    epoch, batch = divmod(step, per_epoch)
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(training))
    seen = training[order[batch * {size} : (batch + 1) * {size}]]
    optimizer.learning_rate = rate
    {trainer}.reset_metrics()
    losses.append(float({trainer}.train_on_batch(images[seen], targets[seen])[0]))
    print(f"learning rate {{rate:.3g}}: loss {{losses[-1]:.4g}}")
    if not np.isfinite(losses[-1]) or losses[-1] > 4 * min(losses) + 1:
        break"""


def _end(spec: RunSpec) -> str:
    if spec.finds:
        return ""
    return dedent(f"""\
        # The last word: pictures that were neither trained on nor used for a choice.
        {_trainer(spec)}.evaluate(images[test], targets[test], verbose=2)
        model.save("model.keras")""")
