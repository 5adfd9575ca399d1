"""The parts of an augmentation script that are the same for every pipeline."""

from __future__ import annotations

import json
from textwrap import fill
from typing import Literal

from core.images.samples import SAMPLES

Target = Literal["keras", "keras_cv", "tf_data"]

OWN_FILE = "image.png"
"""What the scripts expect the person's own picture to be called."""

_LONGEST = 80
"""Characters of a call on one line."""

_TITLES: dict[Target, str] = {
    "keras": "Augmentation with Keras 3",
    "keras_cv": "Augmentation with KerasCV",
    "tf_data": "Augmentation inside of tf.data",
}


_ABOUT: dict[Target, str] = {
    "keras": "The layers of Keras draw in one method and change pictures in another; only the "
    "second is called here, with numbers that NumPy has drawn.",
    "keras_cv": "The layers of KerasCV draw in one method and change pictures in another; only "
    "the second is called here, with numbers that NumPy has drawn. What KerasCV has no layer "
    "for, or one that cannot be given numbers, is done by Keras, OpenCV or NumPy.",
    "tf_data": "NumPy draws all numbers of an epoch beforehand; the pictures are changed in "
    "TensorFlow's graph, several batches at once.",
}


def over_lines(call: str) -> str:
    """A call, with one argument a line where it is long.

    Example:
        >>> print(over_lines("f(" + 40 * "a" + ", (1, 2), " + 40 * "b" + ")"))
        f(
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
            (1, 2),
            bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
        )
    """
    if len(call) <= _LONGEST:
        return call
    name, arguments = call.removesuffix(")").split("(", 1)
    depth, parts = 0, [""]
    for letter in arguments:
        depth += (letter in "({[") - (letter in ")}]")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    lines = "".join(f"    {part.strip()},\n" for part in parts)
    return f"{name}(\n{lines})"


def intro(target: Target, *, mixes: bool) -> str:
    """What the script is, and in which sense it gives the pictures of the page."""
    same = (
        "Each step of each picture has a generator of its own, made of seed, picture and step: "
        "the same three give the same picture, here and on the page."
    )
    if mixes:
        same += " A picture that is mixed with others depends on its batch, too."
    paragraphs = [fill(text, 88) for text in (same, _ABOUT[target])]
    return f'"""{_TITLES[target]}.\n\n' + "\n\n".join(paragraphs) + '\n"""'


def imports(text: str) -> str:
    """The modules that a script needs."""
    known = ("cv2", "keras", "keras_cv", "numpy as np", "skimage", "tensorflow as tf")
    lines = ["from pathlib import Path", ""] if "Path(" in text else []
    for module in known:
        used = f"{module.split(' as ')[-1]}."
        if used in text:
            lines.append(f"import {module}")
    return "\n".join(lines)


_NUMBERS = '''
def numbers(count, height, width, seed=SEED, first=0):
    """Draw for `count` pictures: for each step whether it comes, (count,), and its numbers."""
    table = []
    for place, probability, draw, _ in STEPS:
        comes, rows = [], []
        for picture in range(first, first + count):
            rng = np.random.default_rng([seed, picture, place])
            comes.append(rng.random() < probability)
            rows.append(draw(rng, height, width))
        columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        table.append((np.array(comes), {name: single(c) for name, c in columns.items()}))
    return tuple(table)
'''
_SINGLE = '''
def single(column):
    """Whole numbers as int32, others as float32."""
    return column.astype("int32" if column.dtype.kind in "iu" else "float32")
'''
_CHANGED = '''
def changed(images, table):
    """Pictures (n, H, W, 3) after every step."""
    images = keras.ops.convert_to_tensor(images, "float32")
    for (comes, drawn), (_, _, _, apply) in zip(table, STEPS):
        made = keras.ops.convert_to_tensor(apply(images, **drawn), "float32")
        images = keras.ops.where(comes[:, None, None, None], made, images)
    return images
'''
_CHANGED_LABELS = '''
def changed(images, labels, table):
    """Pictures (n, H, W, 3) and one-hot labels (n, classes) after every step."""
    images = keras.ops.convert_to_tensor(images, "float32")
    labels = keras.ops.convert_to_tensor(labels, "float32")
    for (comes, drawn), (_, _, _, apply) in zip(table, STEPS):
        if "shares" in drawn:
            places = others(images, drawn["partner" if "partner" in drawn else "partners"])
            mixed = mixed_labels(labels, places, drawn["shares"])
            labels = keras.ops.where(comes[:, None], mixed, labels)
        made = keras.ops.convert_to_tensor(apply(images, **drawn), "float32")
        images = keras.ops.where(comes[:, None, None, None], made, images)
    return images, labels
'''
_AUGMENT = '''
def augment(images, seed=SEED, first=0):
    """Put pictures (n, H, W, 3) uint8 through all steps; the first has the number `first`."""
    count, height, width, _ = images.shape
    made = changed(images, numbers(count, height, width, seed, first))
    return levels(made)
'''
_AUGMENT_LABELS = '''
def augment(images, labels, seed=SEED, first=0):
    """Put pictures (n, H, W, 3) uint8 and one-hot labels through all steps."""
    count, height, width, _ = images.shape
    table = numbers(count, height, width, seed, first)
    made, mixed = changed(images, labels, table)
    return levels(made), np.asarray(mixed)
'''
_LEVELS = '''
def levels(images):
    """Whole numbers from 0 to 255."""
    return np.clip(np.rint(np.asarray(images)), 0, 255).astype("uint8")
'''
_DATASET = '''
def dataset(images, labels, seed=SEED, batch_size=32):
    """A pipeline of changed pictures (n, H, W, 3) float32 and their labels.

    Another epoch needs other numbers: call it with another seed, or add the epoch to it.
    """
    count, height, width, _ = images.shape
    table = numbers(count, height, width, seed)
    data = tf.data.Dataset.from_tensor_slices((images, labels, table))
    data = data.batch(batch_size)
    change = CHANGE
    data = data.map(change, num_parallel_calls=tf.data.AUTOTUNE)
    return data.prefetch(tf.data.AUTOTUNE)
'''


def run(target: Target, *, mixes: bool) -> list[str]:
    """Functions that draw for a batch and put it through the steps."""
    parts = [_SINGLE, _NUMBERS, _CHANGED_LABELS if mixes else _CHANGED]
    if target == "tf_data":
        change = (
            "changed"
            if mixes
            else "lambda images, labels, table: (changed(images, table), labels)"
        )
        parts.append(_DATASET.replace("CHANGE", change))
    else:
        parts += [_LEVELS, _AUGMENT_LABELS if mixes else _AUGMENT]
    return [part.strip("\n") for part in parts]


_PLAIN = '''
def plain(value):
    """One number of NumPy as one of Python, several in double precision."""
    value = np.asarray(value)
    return value.astype("float64") if value.ndim else value.item()
'''
_EAGER = '''
def by_numpy(function):
    """A function of one picture as one of a batch."""

    def apply(images, **drawn):
        columns = {name: np.asarray(column) for name, column in drawn.items()}
        made = [
            function(image, **{name: plain(c[place]) for name, c in columns.items()})
            for place, image in enumerate(np.asarray(images))
        ]
        return np.stack(made).astype("float32")

    return apply
'''
_IN_GRAPH = '''
def by_numpy(function):
    """A function of one picture as one of a batch, called from TensorFlow's graph."""

    def apply(images, **drawn):
        def run(images, *columns):
            made = [
                function(image, **{name: plain(value) for name, value in zip(drawn, row)})
                for image, *row in zip(images, *columns)
            ]
            return np.stack(made).astype("float32")

        made = tf.numpy_function(run, [images, *drawn.values()], tf.float32)
        made.set_shape(images.shape)
        return made

    return apply
'''


def by_numpy(target: Target) -> list[str]:
    """What fits a function of one picture into a batch."""
    made = _IN_GRAPH if target == "tf_data" else _EAGER
    return [_PLAIN.strip("\n"), made.strip("\n")]


WITH_MAPS = '''
def with_maps(maps, height, width, drawn):
    """The numbers, and a map for each operation: where it moves nothing, the identity."""
    ops, amounts = np.asarray(drawn["ops"]), np.asarray(drawn["amounts"])
    matrices = np.broadcast_to(np.eye(3), (*ops.shape, 3, 3)).copy()
    for at in np.ndindex(*ops.shape):
        if int(ops[at]) in maps:
            matrices[at] = maps[int(ops[at])](height, width, amounts[at])
    return {**drawn, "matrices": matrices}
'''.strip("\n")

WITH_SHARES = '''
def with_shares(shares, height, width, drawn):
    """The numbers, and how much of the new label each picture has."""
    return {**drawn, "shares": np.array(shares(height, width, **drawn))}


def with_places(function, name="partner"):
    """A function that mixes, given places in the batch instead of shares of it."""

    def apply(images, shares, **drawn):
        drawn[name] = others(images, drawn[name])
        return function(images, **drawn)

    return apply


def with_partners(function):
    """A function of a picture and another one, given shares of the batch."""

    def apply(images, shares, partner, **drawn):
        other = keras.ops.take(images, others(images, partner), axis=0)
        return function(images, other=other, **drawn)

    return apply
'''.strip("\n")


def example(
    target: Target, draws: int, side: int, sample_file: str | None, *, mixes: bool
) -> str:
    """What runs when the script is started: one picture, several draws, side by side.

    Args:
        target: which library.
        draws: how many.
        side: longer side, in pixels.
        sample_file: see `augment_code.augment_script`.
        mixes: whether other pictures are needed.
    """
    own = sample_file is None
    where = (
        f'"{OWN_FILE}"  # the picture, as downloaded from the page'
        if own
        else f'Path(skimage.__file__).parent / "data" / "{sample_file}"'
    )
    lines = [
        f"path = {where}",
        'image = keras.utils.img_to_array(keras.utils.load_img(path), dtype="uint8")',
        f"scale = {side} / max(image.shape[:2])",
        "size = round(image.shape[1] * scale), round(image.shape[0] * scale)",
        "image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)",
    ]
    if mixes:
        files = [s.file for s in SAMPLES.values() if s.as_stored and s.file != sample_file][:3]
        lines += [
            "# It is mixed with these.",
            f"names = {json.dumps(files)}",
            'folder = Path(skimage.__file__).parent / "data"',
            "partners = [cv2.imread(str(folder / name))[..., ::-1] for name in names]",
            "images = np.stack([image, *(cv2.resize(p, size) for p in partners)])",
            "labels = np.eye(len(images))",
        ]
        call = "images, labels"
    else:
        lines.append(f"images = np.repeat(image[None], {draws}, axis=0)")
        call = "images"
    if target == "tf_data":
        given = call if mixes else "images, np.zeros(len(images))"
        lines += [
            f"for pictures, _ in dataset({given}):",
            "    print(pictures.shape)",
            "    sheet = np.concatenate(list(np.rint(pictures)), axis=1)",
        ]
    else:
        made = "made, shares = augment(images, labels)" if mixes else "made = augment(images)"
        lines += [made, "print(shares.round(2))" if mixes else "print(made.shape)"]
        lines.append("sheet = np.concatenate(list(made), axis=1)")
    lines.append('keras.utils.save_img("augmented.png", sheet, scale=False)')
    return 'if __name__ == "__main__":\n' + "\n".join(f"    {line}" for line in lines)
