"""The trained model tried: on a drawing, a photo, the camera, the test pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt
import streamlit as st

from core import engine
from core.data import resizing
from core.data.dataset import Dataset
from core.images import ImageError, decode_image
from core.images.decode import MAX_BYTES
from core.images.drawn import DrawingError, mnist_steps, read_drawing
from core.training import Run
from core.training.answers import evaluate, predict
from core.ui import current_image
from core.ui.components import lens as component
from core.ui.components import tiles
from core.ui.components.canvas import canvas
from core.ui.drawn import show_steps

Pixels = npt.NDArray[np.uint8]
Also = Callable[[Run, Pixels], None]
SOURCES = ("drawing", "current image", "camera", "upload", "test pictures")
SIDE_PX = 200
SEEN = "what the network sees"
_LENS, _LENS_ANSWER = "try_lens", "_try_lens_answer"


def show(run: Run | None, sources: Sequence[str] = SOURCES, also: Also | None = None) -> None:
    """Choose what to try the model on, and see what it says.

    Args:
        run: whose model; without one there is nothing to try.
        sources: out of `SOURCES`, the first one chosen at first.
        also: shows more of a picture that has been answered.
    """
    if run is None or run.model is None:
        st.info("Once a run has ended, its model can be tried here.", icon=":material/draw:")
        return
    source = st.segmented_control(
        "Try the model on",
        sources,
        default=sources[0],
        key="try_source",
        required=True,
        wrap=True,
    )
    if source == "drawing":
        _drawing(run, also)
    elif source == "current image":
        photo = current_image.photo()
        _answer(run, as_learnt(photo.pixels, run.pictures()), photo.title, also)
    elif source == "camera":
        _camera(run)
    elif source == "upload":
        _upload(run, also)
    else:
        _test(run)


def _drawing(run: Run, also: Also | None) -> None:
    left, right = st.columns(2)
    with left:
        text = canvas(key="try_canvas", on_drawing=_ignore)
    with right:
        if not text:
            st.caption("Draw, and the network answers after each stroke.")
            return
        try:
            _answer(run, _prepared(run, text), SEEN, also)
        except DrawingError as error:
            st.info(str(error), icon=":material/draw:")


def _prepared(run: Run, text: str) -> Pixels:
    """The drawing as the network takes it; for digits by MNIST's recipe, told step by step."""
    drawn, shape = read_drawing(text), run.pictures().shape
    if run.spec.data.dataset not in ("digits", "mnist"):
        return fitted(drawn, shape)
    steps = mnist_steps(drawn)
    with st.expander("How the drawing became a digit of MNIST"):
        show_steps(steps)
    return fitted(steps.picture, shape)


def _camera(run: Run) -> None:
    """The live camera: each frame is answered, forgotten, and followed by the next."""

    def answer() -> None:
        frame = component.frame_of(_LENS)
        if frame is not None:
            seen = as_learnt(frame, run.pictures())
            shares: npt.NDArray[np.float32] = predict(
                engine.connect(), run.model or b"", seen[None]
            )[0]
            st.session_state[_LENS_ANSWER] = (run.id, shares)

    whose, shares = st.session_state.get(_LENS_ANSWER, ("", ()))
    known = shares if whose == run.id else ()
    says = "The middle square of each frame goes to the server and is forgotten once answered."
    component.lens(run.pictures().class_names, known, key=_LENS, says=says, on_frame=answer)


def _upload(run: Run, also: Also | None) -> None:
    uploaded = st.file_uploader(
        "A picture", key="try_upload", max_upload_size=MAX_BYTES // 2**20
    )
    if uploaded is None:
        return
    try:
        picture = decode_image(uploaded.getvalue())
    except ImageError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    _answer(run, as_learnt(picture, run.pictures()), uploaded.name, also)


def _answer(run: Run, picture: Pixels, caption: str, also: Also | None) -> None:
    names = run.pictures().class_names
    shares = _probabilities(run, picture)
    best = int(shares.argmax())
    bars = tuple(zip(names, shares.tolist(), strict=True))
    tile = tiles.Tile(f"{names[best]}: {shares[best]:.0%}", detail=caption, bars=bars)
    tiles.show(picture[None], [tile], key="try_answer", alt=caption, side_px=SIDE_PX)
    if caption != SEEN:
        st.caption("A network knows its classes only: it chooses one of them for any picture.")
    if also is not None:
        also(run, picture)


def _probabilities(run: Run, picture: Pixels) -> npt.NDArray[np.float32]:
    digest = hashlib.blake2b(picture.tobytes(), digest_size=16).hexdigest()
    return _asked(run.id, digest, run.model or b"", picture)


@st.cache_data(max_entries=256, show_spinner=False)
def _asked(run: str, digest: str, _model: bytes, _picture: Pixels) -> npt.NDArray[np.float32]:
    shares: npt.NDArray[np.float32] = predict(engine.connect(), _model, _picture[None])[0]
    return shares


def _test(run: Run) -> None:
    st.caption(
        "The test pictures were neither trained on nor used for any choice. Ask once, at the "
        "end: who chooses by them makes them validation pictures."
    )
    if st.button("Judge the test pictures", key="try_test", icon=":material/gavel:"):
        judged = evaluate(engine.connect(), run.model or b"", run.spec, run.own)
        st.session_state[f"tested_{run.id}"] = (judged.accuracy, judged.loss, judged.count)
    if known := st.session_state.get(f"tested_{run.id}"):
        accuracy, loss, count = known
        one, two = st.columns(2)
        one.metric("Test accuracy", f"{accuracy:.1%}", help=f"Of {count:,} pictures.")
        two.metric("Test loss", f"{loss:.4f}")


def as_learnt(picture: Pixels, dataset: Dataset) -> Pixels:
    """A picture made small in the way of those that the network has learnt from.

    Args:
        picture: (H, W) or (H, W, 3) uint8.
        dataset: what it has learnt from.
    """
    height, width, channels = dataset.shape
    if dataset.squeezed:
        deep = picture if picture.ndim == 3 else picture[:, :, None]
        picture = resizing.fitted(deep, height, width)
        picture = picture if picture.shape[2] == 3 else picture[:, :, 0]
    return fitted(picture, (height, width, channels))


def fitted(picture: Pixels, shape: tuple[int, int, int]) -> Pixels:
    """A picture as the network takes it: cut to its middle, resized by area, grey or colour.

    Args:
        picture: (H, W) or (H, W, 3) uint8.
        shape: height, width, channels.
    """
    height, width, channels = shape
    cut = _middle(picture, width / height)
    small = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA)
    if channels == 1:
        grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        return np.asarray(grey[:, :, None], np.uint8)
    colour = small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)
    return np.asarray(colour, np.uint8)


def _middle(picture: Pixels, aspect: float) -> Pixels:
    """The largest part around the middle with this width by height."""
    height, width = picture.shape[:2]
    tall, wide = min(height, round(width / aspect)), min(width, round(height * aspect))
    top, left = (height - tall) // 2, (width - wide) // 2
    return picture[top : top + tall, left : left + wide]


def _ignore() -> None:
    """A drawing needs no answer but the next run."""
