"""A transfer as a zip that can be opened again: settings, pictures, history, learnt weights.

Of a frozen backbone the zip has the head alone: the rest is published. What is opened comes
from outside, so nothing of it is run: the network is built from the settings, and its weights
are numbers one after another. Nothing is pickled, and nothing is written to the disk.

    project.json    settings, class names, shapes of the weights, length and SHA-256 of the rest
    weights.bin     float32, little-endian
    history.json    what the run told, see `core.training.history`
    pictures/       own pictures as PNG: one folder a class, in the order of the data set
    classes.txt     class names, one a line; for people
    README.txt      for people
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zipfile
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.data.archives import (
    MAX_TOTAL_BYTES,
    UnreadableError,
    UploadError,
    check_arrived,
    check_entries,
    is_special,
    open_zip,
    read_entry,
)
from core.data.dataset import DataError, Dataset
from core.data.spec import OWN
from core.data.uploads import LARGEST_SIDE, MAX_ARRAY_BYTES, MAX_IMAGES
from core.engine.connection import Engine
from core.images import ImageError, decode_image
from core.training.answers import ask, ask_model
from core.training.errors import RunError
from core.training.events import Event
from core.training.history import HistoryError, Sizes, as_json, from_json
from core.training.run import Run
from core.training.transfer import TransferSpec

FORMAT, VERSION = "receptive-transfer", 1
ABOUT, WEIGHTS, HISTORY = "project.json", "weights.bin", "history.json"
NAMES, README = "classes.txt", "README.txt"
MOST_WORDS = 10_000_000
"""Bytes of `ABOUT`, as of `HISTORY` five times as many."""
_WORKER = "core.training.worker.exporting"
_PICTURE = re.compile(r"pictures/(\d{1,3})[^/]*/(\d{5})\.png")

TransferRun = Run[TransferSpec]
Floats = npt.NDArray[np.float32]


class ProjectError(RunError):
    """A project that cannot be saved or opened; the message says why, and what would work."""


class _File(BaseModel):
    """Length and fingerprint of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    length: int = Field(ge=0, le=MAX_TOTAL_BYTES)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class _About(BaseModel):
    """What stands in `ABOUT`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["receptive-transfer"]
    version: Literal[1]
    name: str = Field(max_length=120)
    began: float = Field(ge=0, lt=1e11)
    settings: TransferSpec
    class_names: tuple[str, ...] = Field(min_length=2, max_length=1_000)
    shape: tuple[int, int, int]
    digest: str = Field(max_length=64)
    weights: dict[str, tuple[int, ...]] = Field(max_length=10_000)
    files: dict[str, _File] = Field(max_length=MAX_IMAGES + 10)


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """What a project zip holds, checked.

    Attributes:
        name: of the run.
        began: seconds since 1970.
        spec: its settings, with what was changed on the way.
        own: the pictures where they are the person's own.
        shape: height, width and channels of a picture.
        class_names: that it tells apart.
        events: what the run told, to its end.
        shapes: of the learnt weights, by path.
        numbers: the weights, float32 one after another.
    """

    name: str
    began: float
    spec: TransferSpec
    own: Dataset | None
    shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    events: tuple[Event, ...]
    shapes: dict[str, tuple[int, ...]]
    numbers: bytes

    @property
    def accuracy(self) -> float | None:
        """Of the validation pictures after the last epoch; None where no epoch has ended."""
        told = [event for event in self.events if event.kind == "epoch"]
        return float(told[-1].data["validation_accuracy"]) if told else None


# Saving


def save(engine: Engine, run: TransferRun) -> bytes:
    """The run as a zip.

    Args:
        engine: connected.
        run: one that has ended, with its model.

    Raises:
        ProjectError: the run has no model, or its pictures are too many.
        AnswerError: the weights cannot be asked for.
        EngineError: the connection is lost.
    """
    if run.model is None:
        raise ProjectError("The run has no model yet. Wait until it has ended.")
    learnt = f"{_WORKER}:learnt"
    shapes, numbers = ask_model(engine, learnt, run.model, run.spec.way)
    dataset = run.pictures()
    files = {
        WEIGHTS: numbers,
        HISTORY: as_json(_told(run)).encode(),
        NAMES: ("\n".join(dataset.class_names) + "\n").encode(),
        README: _readme(run).encode(),
    }
    if run.spec.data.dataset == OWN and run.own is not None:
        files |= _pictures(run.own)
    return _packed(files, _about(run, dataset, shapes, files))


def _told(run: TransferRun) -> list[Event]:
    """Everything but the looks into the network before the last one."""
    both = run.history() + run.snapshots()[-1:]
    return sorted(both, key=lambda event: event.number)


def _about(
    run: TransferRun, dataset: Dataset, shapes: dict[str, Any], files: dict[str, bytes]
) -> dict[str, Any]:
    spec = run.repeatable()
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": run.name[:120],
        "began": run.began,
        "settings": spec.model_dump(mode="json"),
        "class_names": list(dataset.class_names),
        "shape": list(dataset.shape),
        "digest": dataset.digest,
        "weights": {path: list(shape) for path, shape in shapes.items()},
        "files": {
            name: {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }


def _pictures(own: Dataset) -> dict[str, bytes]:
    files = {}
    for place, (picture, label) in enumerate(zip(own.images, own.labels, strict=True)):
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.shape[2] == 3 else picture
        _, data = cv2.imencode(".png", bgr)
        files[f"pictures/{_folder(own, int(label))}/{place:05d}.png"] = data.tobytes()
    return files


def _folder(own: Dataset, label: int) -> str:
    """Number and name of a class; what a file system could misunderstand is left out."""
    letters = (c if c.isalnum() or c in " -_" else "_" for c in own.class_names[label])
    return f"{label:03d} {''.join(letters)}".strip()


def _packed(files: dict[str, bytes], about: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ABOUT, json.dumps(about, indent=1))
        for name, content in files.items():
            packs = not name.endswith((".png", ".bin"))
            method = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
            archive.writestr(name, content, method)
    content = buffer.getvalue()
    if len(content) > MAX_TOTAL_BYTES:
        raise ProjectError(
            f"The project would have {len(content) / 1e6:,.0f} MB; at most "
            f"{MAX_TOTAL_BYTES / 1e6:,.0f} MB can be opened again. Take the model itself."
        )
    return content


def _readme(run: TransferRun) -> str:
    spec = run.spec
    learnt = "the head" if spec.way == "frozen" else "all weights"
    return (
        f"{run.name}\n\nA project of Receptive: open it on the page Transfer learning.\n\n"
        f"project.json  settings of the run, with what was changed on the way\n"
        f"weights.bin   {learnt} as float32, one after another; shapes in project.json\n"
        "history.json  what the run told: every batch, every epoch\n"
        "classes.txt   names of the classes, in the order of the network's outputs\n"
        "pictures/     your pictures, if they were yours; a folder for each class\n"
    )


# Opening


def read(content: bytes) -> Project:
    """What a zip holds, after everything in it has been checked.

    Raises:
        ProjectError: it is no project, of another version, changed, hostile, or too large.
    """
    try:
        check_arrived(len(content))
        with open_zip(content) as archive:
            return _read(archive)
    except (UploadError, UnreadableError) as error:
        raise ProjectError(f"This project cannot be opened. {error}") from error


def _read(archive: zipfile.ZipFile) -> Project:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    check_entries(entries)
    by_name = {entry.filename: entry for entry in entries}
    if len(by_name) < len(entries) or any(map(is_special, entries)):
        raise ProjectError("The zip has a name twice, or a link. Save the project again.")
    if ABOUT not in by_name:
        raise ProjectError(
            f"This zip has no {ABOUT}, so it is no project. A project is what the download "
            "'Project (.zip)' gives."
        )
    about = _read_about(read_entry(archive, by_name[ABOUT], MOST_WORDS))
    files = _read_files(archive, by_name, about)
    own = _read_pictures(files, about)
    dataset, split = _pictures_of(about, own)
    sizes = Sizes(len(dataset), len(split.validation), len(about.class_names))
    try:
        events = from_json(files[HISTORY], sizes)
    except HistoryError as error:
        raise ProjectError(str(error)) from error
    _check_weights(about, files[WEIGHTS])
    return Project(
        about.name,
        about.began,
        about.settings,
        own,
        about.shape,
        about.class_names,
        events,
        dict(about.weights),
        files[WEIGHTS],
    )


def _read_about(content: bytes) -> _About:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProjectError(
            f"{ABOUT} is damaged: it is no JSON. Save the project again."
        ) from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ProjectError(f"{ABOUT} is not that of a transfer. Save the project again.")
    if values.get("version") != VERSION:
        raise ProjectError(
            f"The project is of version {str(values.get('version'))[:10]}; this app reads "
            f"version {VERSION}. Open it with the app that has saved it."
        )
    try:
        return _About.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part)[:40] for part in first["loc"]) or "the file"
        raise ProjectError(f"{ABOUT} does not fit: {where}: {first['msg']}.") from error


def _read_files(
    archive: zipfile.ZipFile, by_name: dict[str, zipfile.ZipInfo], about: _About
) -> dict[str, bytes]:
    """The other files, each as long as it should be and with the right fingerprint."""
    here, wanted = by_name.keys() - {ABOUT}, about.files.keys()
    if missing := (wanted | {WEIGHTS, HISTORY}) - here:
        raise ProjectError(f"The project lacks {min(missing)}. Save it again.")
    if unknown := here - wanted:
        raise ProjectError(
            f"The project has {min(unknown)[:60]!r}, which does not belong to it. Take it out."
        )
    files = {}
    for name, stated in about.files.items():
        most = MAX_TOTAL_BYTES if name == WEIGHTS else 5 * MOST_WORDS
        content = read_entry(archive, by_name[name], most)
        fingerprint = hashlib.sha256(content).hexdigest()
        if len(content) != stated.length or fingerprint != stated.sha256:
            raise ProjectError(
                f"{name[:60]} is not as it was saved: its fingerprint is another. Take the zip "
                "as it was downloaded."
            )
        files[name] = content
    return files


def _read_pictures(files: dict[str, bytes], about: _About) -> Dataset | None:
    if about.settings.data.dataset != OWN:
        return None
    found = {name: match for name in files if (match := _PICTURE.fullmatch(name))}
    placed = {int(match[2]): (name, int(match[1])) for name, match in found.items()}
    if sorted(placed) != list(range(len(found))) or not found:
        raise ProjectError("The pictures are not numbered one by one. Save the project again.")
    _check_room(len(placed))
    images = [_picture(files[placed[k][0]], placed[k][0]) for k in range(len(placed))]
    if len({image.shape for image in images}) != 1:
        raise ProjectError("The pictures have different sizes. Save the project again.")
    labels = np.array([placed[k][1] for k in range(len(placed))], np.int64)
    try:
        return Dataset(
            slug=OWN,
            title="Own pictures",
            images=np.stack(images),
            labels=labels,
            class_names=about.class_names,
            source="project",
            licence="the uploader's",
        )
    except DataError as error:
        raise ProjectError(f"The pictures do not fit: {error}") from error


def _check_room(count: int) -> None:
    if count > MAX_IMAGES:
        raise ProjectError(f"{count:,} pictures; at most {MAX_IMAGES:,} work.")


def _picture(content: bytes, name: str) -> npt.NDArray[np.uint8]:
    try:
        image = decode_image(content)
    except ImageError as error:
        raise ProjectError(f"{name[:60]}: {error}") from error
    if max(image.shape[:2]) > LARGEST_SIDE:
        raise ProjectError(
            f"{name[:60]} has {image.shape[1]} x {image.shape[0]} pixels; a project's have at "
            f"most {LARGEST_SIDE} on a side."
        )
    return image


def _pictures_of(about: _About, own: Dataset | None) -> Any:  # noqa: ANN401 - set and split
    """The data set and its parts, the very same that the run had."""
    if own is not None and own.images.nbytes > MAX_ARRAY_BYTES:
        raise ProjectError(f"The pictures take {own.images.nbytes / 1e6:,.0f} MB.")
    try:
        dataset, split = about.settings.data.load(own)
        about.settings.refuse(dataset, split)
    except (DataError, RunError) as error:
        raise ProjectError(f"The pictures of the project are not here. {error}") from error
    same = (dataset.shape, dataset.class_names) == (about.shape, about.class_names)
    if not same or dataset.digest != about.digest:
        raise ProjectError(
            f"The pictures of {dataset.title!r} are others here than those that the run has "
            "learnt from, so its curve and its parts would not fit. Open the project where it "
            "was saved, or train again."
        )
    return dataset, split


def _check_weights(about: _About, numbers: bytes) -> None:
    counts = [math.prod(shape) for shape in about.weights.values()]
    if any(size < 1 for shape in about.weights.values() for size in shape):
        raise ProjectError(f"{ABOUT} has a weight without numbers.")
    if 4 * sum(counts) != len(numbers):
        raise ProjectError(
            f"{WEIGHTS} has {len(numbers):,} bytes; the shapes in {ABOUT} need "
            f"{4 * sum(counts):,}."
        )
    if not np.isfinite(np.frombuffer(numbers, "<f4")).all():
        raise ProjectError(f"{WEIGHTS} has numbers that are not finite.")


def reopened(engine: Engine, project: Project, session: str) -> TransferRun:
    """The run as it had ended: with its curve, and a model that answers.

    Args:
        engine: connected; it builds the network anew.
        project: of `read`.
        session: whose run it becomes.

    Raises:
        AnswerError: the weights do not fit the network, or the backbone cannot be had.
        EngineError: the connection is lost.
    """
    spec = project.spec.model_copy(update={"changes": ()})
    model: bytes = ask(
        engine,
        f"{_WORKER}:rebuilt",
        spec.model_dump_json(),
        project.shape,
        len(project.class_names),
        project.shapes,
        project.numbers,
    )
    run = Run(spec, session, project.own)
    run.name, run.began = project.name, project.began
    for event in project.events:
        run.take(event)
    run.keep_model(model)
    run.settle()
    return run
