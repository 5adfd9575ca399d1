"""What a transfer leaves to take home, and projects that are opened again.

For the page:

- `download(run)`: the button in the bar, with all files.
- `code(here, run, spec, shape, classes)`: the view "code": the script of the run on the stage,
  or of the run that the settings stand for.
- `reopen()`: the uploader for a project zip; it takes over settings, pictures and the run.
"""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from core import engine
from core.data.archives import MAX_TOTAL_BYTES
from core.data.uploads import Upload
from core.engine.connection import EngineError
from core.export.history_table import history_csv
from core.export.training_pictures_code import PICTURES_FILE, pictures_file, reads_pictures
from core.export.transfer_code import BACKBONE_FILE, reads_backbone, transfer_script
from core.lessons.transfer import TransferLesson
from core.training import DESK, Run, RunError, TransferSpec, exporting, project
from core.training.exporting import CLOSE, WEIGHTS, Converted, Weights
from core.ui import refresh, state
from core.ui.data import loaded
from core.ui.downloads import button, menu_of_files, show_script
from core.ui.page import Page
from core.ui.training.session import TRANSFER
from core.ui.training.taking import file_stem

TransferRun = Run[TransferSpec]
Shape = tuple[int, int, int]
_PENDING, _REFUSED = "_transfer_project", "_transfer_refused"
_MADE = "_transfer_tflite"
_MEGABYTES = MAX_TOTAL_BYTES // 10**6


def download(run: TransferRun | None) -> None:
    """A button that opens what the run on the stage leaves.

    Args:
        run: None where there is none yet.
    """
    if (menu := menu_of_files()) is None:
        return
    with menu:
        if run is None:
            st.write("There is no run yet.")
            return
        stem = file_stem(run.name)
        if run.model is None:
            st.caption("The model is here once the run has ended.")
        else:
            _models(run, run.model, stem)
        button("Class names (JSON)", lambda: classes_json(run), f"{stem}-classes.json")
        button("History (CSV)", lambda: history_csv(run.series()), f"{stem}.csv")
        button("Settings (JSON)", lambda: _settings(run), f"{stem}.json")
        st.markdown("**Script**")
        button("Training script (.py)", lambda: script_of(run), f"{stem}.py")
        _beside_the_script(run)


def _settings(run: TransferRun) -> str:
    """What repeats the run, with what was changed on the way."""
    return run.repeatable().model_dump_json(indent=2)


def _models(run: TransferRun, model: bytes, stem: str) -> None:
    """The model in its forms, and the project."""
    button("Model (.keras)", lambda: model, f"{stem}.keras")
    also = " and KerasCV" if exporting.needs_keras_cv(model) else ""
    st.caption(f"{len(model) / 1e6:.1f} MB; Keras 3{also} loads it, nothing of Receptive.")
    _lite(run, model, stem)
    button(
        "Project (.zip)",
        lambda: project.save(engine.connect(), run),
        f"{stem}-project.zip",
    )
    st.caption("Settings, curve, learnt weights, your own pictures: to be opened here again.")


def _lite(run: TransferRun, model: bytes, stem: str) -> None:
    """TensorFlow Lite: made on request, and compared."""
    weights: Weights = st.segmented_control(
        "TensorFlow Lite, weights as", WEIGHTS, default=WEIGHTS[0], key="lite_weights",
        required=True, help="For phones and small devices. float16 takes half of the room, "
        "int8 a quarter; both answer a little differently.",
    )  # fmt: skip
    made: Converted | None = st.session_state.get(_MADE, {}).get((run.id, weights))
    if made is None:
        place = st.empty()
        wanted = place.button(
            "Convert to TFLite", key="lite_convert", icon=":material/transform:"
        )
        made = _convert(run, model, weights) if wanted else None
        if made is None:
            return
        place.empty()
    content = made.content
    button("Model (.tflite)", lambda: content, f"{stem}-{weights}.tflite")
    st.caption(in_words(made))


def _convert(run: TransferRun, model: bytes, weights: Weights) -> Converted | None:
    """Ask for it, and keep the one made last."""
    try:
        with st.spinner("TensorFlow converts it, and both are compared..."):
            pictures = exporting.compared_on(run.pictures(), run.split())
            made = exporting.tflite(engine.connect(), model, weights, pictures)
    except EngineError as error:
        st.error(str(error), icon=":material/error:")
        return None
    st.session_state[_MADE] = {(run.id, weights): made}
    return made


def in_words(made: Converted) -> str:
    """How close a converted model comes to the Keras model."""
    count = len(made.before)
    size = f"{len(made.content) / 1e6:.1f} MB"
    same = "the same class" if made.agreeing == count else f"{made.agreeing} classes the same"
    far = made.weights == "float32" and made.difference > CLOSE
    return (
        f"{size}. On {count} held-out pictures: {same}, logits differ by at most "
        f"{_small(made.difference)}{', more than usual' if far else ''}."
    )


def _small(difference: float) -> str:
    """A small number with one digit.

    >>> _small(1.2e-05), _small(0.25), _small(0.0)
    ('1e-5', '0.2', '0')
    """
    if difference >= 0.001 or difference == 0:
        return f"{difference:.1g}"
    return f"{difference:.0e}".replace("e-0", "e-")


def _beside_the_script(run: TransferRun) -> None:
    """Files that the script reads."""
    if reads_backbone(run.spec):
        slug = run.spec.backbone
        label = "Backbone of the script (.keras)"
        button(label, lambda: exporting.backbone(engine.connect(), slug), BACKBONE_FILE)
    if reads_pictures(run.spec):
        pictures = "Pictures of the script (.npz)"
        button(pictures, lambda: pictures_file(run.pictures(), run.split()), PICTURES_FILE)


def classes_json(run: TransferRun) -> str:
    """What the outputs mean, and what goes in: enough to use the model elsewhere."""
    dataset = run.pictures()
    height, width, channels = dataset.shape
    about: dict[str, Any] = {
        "class_names": list(dataset.class_names),
        "input": {
            "height": height,
            "width": width,
            "channels": channels,
            "values": "0 to 255, float32, RGB" if channels == 3 else "0 to 255, float32, grey",
            "preprocessing": "in the model",
        },
        "output": "one logit a class; softmax gives probabilities",
    }
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"


# The script


def script_of(run: TransferRun) -> str:
    """The script that does again what the run did."""
    pictures = run.pictures()
    return _script(run.repeatable(), pictures.shape, len(pictures.class_names))


def _script(spec: TransferSpec, shape: Shape, classes: int) -> str:
    return transfer_script(spec, shape, classes, _first_open(spec))


def _first_open(spec: TransferSpec) -> str:
    if spec.way != "finetune" or not spec.open_blocks:
        return ""
    return _known_first_open(spec.backbone, spec.open_blocks, spec)


@st.cache_data(max_entries=64, show_spinner="Looking which layers are learnt...")
def _known_first_open(backbone: str, open_blocks: int, _spec: TransferSpec) -> str:
    return exporting.first_open(engine.connect(), _spec)


def code(
    here: Page, run: TransferRun | None, spec: TransferSpec, shape: Shape, classes: int
) -> None:
    """The script of the run on the stage, or of the run that the settings stand for.

    Args:
        here: the page.
        run: None where there is none yet.
        spec: of the settings, for that case.
        shape: of a picture.
        classes: number of classes.
    """
    if run is not None:
        spec = run.repeatable()
        st.caption(_promise(run))
    try:
        script = script_of(run) if run is not None else _script(spec, shape, classes)
    except EngineError as error:
        st.warning(str(error))
        return
    files = [BACKBONE_FILE] * reads_backbone(spec) + [PICTURES_FILE] * reads_pictures(spec)
    if files:
        names = " and ".join(f"`{name}`" for name in files)
        st.caption(f"It reads {names}: see Download after a run.")
    show_script(here, state.current(TransferLesson), script)


def _promise(run: TransferRun) -> str:
    """What the script of a run does again."""
    spec = run.spec
    if spec.augments.active:
        return (
            f"The pictures of the run {run.name!r} were drawn by a pipeline of the page "
            "Augmentation. This script trains without it; that page writes the pipeline's code."
        )
    if spec.augmentation not in ("none", "flip") or spec.way == "scratch":
        return f"This script does what the run {run.name!r} did, with random draws of its own."
    return f"This script gives the curve of the run {run.name!r} again."


# Projects


def reopen() -> None:
    """Open a project: its settings, its pictures, its run with the model."""
    st.file_uploader(
        "Open a project (.zip)",
        type="zip",
        key="transfer_project",
        max_upload_size=_MEGABYTES,
        on_change=_opened,
        help="What Download calls a project. Its settings and pictures replace yours.",
    )
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(refused, icon=":material/folder_off:")
    pending: project.Project | None = st.session_state.pop(_PENDING, None)
    if pending is None:
        return
    try:
        with st.spinner("The network is built, with the weights of the project..."):
            run = project.reopened(engine.connect(), pending, TRANSFER.session())
    except EngineError as error:
        st.error(str(error), icon=":material/error:")
        return
    TRANSFER.be_here()
    DESK.adopt(run)
    TRANSFER.show(run)
    st.rerun()


def _opened() -> None:
    """Callback: read what was uploaded, and take its settings and pictures over."""
    uploaded = st.session_state.get("transfer_project")
    if uploaded is None:
        return
    try:
        read = project.read(uploaded.getvalue())
    except RunError as error:
        st.session_state[_REFUSED] = str(error)
        return
    if read.own is not None:
        loaded.keep(Upload(read.own, (), 0))
    state.assign(lesson_of(state.current(TransferLesson), read.spec))
    st.session_state[_PENDING] = read
    refresh.everything()


def lesson_of(now: TransferLesson, spec: TransferSpec) -> TransferLesson:
    """The page's settings that stand for a run; what the other ways need stays as it is.

    Args:
        now: the settings as they are.
        spec: the run.
    """
    values = now.model_dump() | _data_of(spec) | _of_all(spec) | _of_its_way(spec)
    return TransferLesson.nearest(values)[0]


def _data_of(spec: TransferSpec) -> dict[str, Any]:
    data = spec.data
    shared = {name: getattr(data, name) for name in type(data).model_fields}
    drawn = shared.pop("shape_classes")
    shapes = [name for name in TransferLesson.model_fields if name.startswith("shape_")]
    switches = {
        name: name.removeprefix("shape_") in drawn
        for name in shapes
        if TransferLesson.model_fields[name].annotation is bool
    }
    return shared | switches | {
        "training_percent": round(100 * data.training_share),
        "validation_percent": round(100 * data.validation_share),
    }  # fmt: skip


def _of_all(spec: TransferSpec) -> dict[str, Any]:
    return {
        "backbone": spec.backbone,
        "head_pooling": spec.pooling,
        "head_dense": spec.dense,
        "head_dropout": spec.dropout,
        "transfer_optimizer": spec.optimizer,
        "transfer_seed": spec.seed,
        "transfer_augmentation": spec.augmentation,
        "transfer_strength": spec.augmentation_strength,
        "transfer_copies": spec.copies,
        "transfer_pipeline": spec.pipeline,
        "head_epochs": max(spec.head_epochs, 1),
        "open_blocks": spec.open_blocks,
        "fine_rate": spec.fine_rate,
        "keep_statistics": spec.keep_statistics,
    }


def _of_its_way(spec: TransferSpec) -> dict[str, Any]:
    if spec.way == "scratch":
        return {
            "scratch_side": spec.side,
            "scratch_rate": spec.learning_rate,
            "scratch_epochs": spec.epochs,
            "scratch_batch": spec.batch_size,
        }
    epochs = "head_epochs" if spec.way == "frozen" else "fine_epochs"
    return {
        epochs: spec.epochs,
        "backbone_side": spec.side,
        "head_rate": spec.learning_rate,
        "transfer_batch": spec.batch_size,
    }
