"""What each skip connection brings, and what every rung makes of a picture."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import streamlit as st

from core import engine
from core.data.masked import MaskedSet, Masks
from core.engine.connection import EngineError
from core.training import Run
from core.training.answers import look
from core.training.mask_answers import masks_of, silenced_skips
from core.ui import current_image
from core.ui.components import tiles
from core.ui.components.maps import Layer, maps
from core.ui.training.looks import sample_pictures
from core.ui.training.trying import as_learnt
from core.ui.unet.masks import SMALL_PX, colours, cut, enlarged, legend, masked
from core.vision.coats import coated
from core.vision.metrics import mean_iou

Pixels = npt.NDArray[np.uint8]
MAPS_A_RUNG = 8
SCENES = 6
MODEL_FIRST = "Once a run has ended, its network answers here."


def show(run: Run | None) -> None:
    """The same scenes with one skip connection silenced after the other."""
    if run is None or run.model is None:
        st.info(MODEL_FIRST, icon=":material/layers:")
        return
    dataset = masked(run)
    places = sample_pictures(run)
    try:
        said = _silenced(run.id, run.model, dataset.images[places])
    except EngineError as error:
        st.warning(str(error))
        return
    if len(said) == 1:
        st.info("This network has no skip connections. Train one with them to see their part.")
        return
    _tell(dataset, places, said)


def _tell(dataset: MaskedSet, places: npt.NDArray[np.int64], said: dict[str, Masks]) -> None:
    classes = len(dataset.class_names)
    pictures, truth = cut(dataset, places, said[ALL])
    ious = {name: mean_iou(truth, masks, classes) for name, masks in said.items()}
    st.markdown(
        f"With all skip connections the mean IoU over these {len(places)} scenes is "
        f"**{ious[ALL]:.3f}**. Below, zeros come down one of them; everything else is the same "
        "trained network. What it falls by is what this skip brings **to this network**: one "
        "that is trained without it learns to do without, see Compare."
    )
    legend(dataset.class_names)
    paints = colours(classes)
    groups, coats = [tiles.Group("Truth", SCENES)], []
    coats += [enlarged(coated(p, m, paints)) for p, m in _first(pictures, truth)]
    for name, masks in said.items():
        fall = "" if name == ALL else f", {ious[name] - ious[ALL]:+.3f}"
        groups.append(tiles.Group(_title(name), SCENES, f"mean IoU {ious[name]:.3f}{fall}"))
        coats += [enlarged(coated(p, m, paints)) for p, m in _first(pictures, masks)]
    alt = "Scenes with all skip connections and without one of them"
    tiles.show(np.stack(coats), [""] * len(coats), key="silenced_skips", groups=groups,
               side_px=SMALL_PX, alt=alt)  # fmt: skip


def _first(pictures: Pixels, masks: Masks) -> list[tuple[Pixels, Masks]]:
    return list(zip(pictures[:SCENES], masks[:SCENES], strict=True))


def _title(name: str) -> str:
    if name == ALL:
        return "All skips"
    level = int(name.removeprefix("skip_"))
    return f"Without the skip of level {level}" + (" (the topmost)" if level == 0 else "")


@st.cache_data(max_entries=16, show_spinner="Silencing one skip after the other ...")
def _silenced(run: str, _model: bytes, _pictures: Pixels) -> dict[str, Masks]:
    connected = engine.connect()
    whole, _ = masks_of(connected, _model, _pictures)
    return {ALL: whole, **silenced_skips(connected, _model, _pictures)}


def rungs(run: Run | None) -> None:
    """What every rung of the ladder gives for one picture."""
    if run is None or run.model is None:
        st.info(MODEL_FIRST, icon=":material/layers:")
        return
    dataset = run.pictures()
    source = st.segmented_control(
        "Picture", ["current image", "validation"], default="validation", key="rungs_of",
        required=True,
    )  # fmt: skip
    if source == "current image":
        picture = as_learnt(current_image.photo().pixels, dataset)
    else:
        places = sample_pictures(run).tolist()
        chosen = st.select_slider("Scene", places, key="rungs_scene")
        picture = dataset.images[chosen]
    try:
        found = _looked(run.id, _digest(picture), run.model, picture)
    except EngineError as error:
        st.warning(str(error))
        return
    tiles.show(picture[None], ["input"], key="rungs_input", alt="The picture", side_px=130)
    st.caption(
        f"Down the left side of the U, along its bottom, and up the right side; the first "
        f"{MAPS_A_RUNG} maps of each rung. Blue is below 0, orange above."
    )
    layers = [Layer(_rung(name), values[:, :, :MAPS_A_RUNG]) for name, values in found.items()]
    maps(layers, key="rungs_maps", most=MAPS_A_RUNG)


def _rung(name: str) -> str:
    return name.removesuffix("_relu").replace("_", " ")


@st.cache_data(max_entries=16, show_spinner="Looking into the network ...")
def _looked(
    run: str, digest: str, _model: bytes, _picture: Pixels
) -> dict[str, npt.NDArray[np.float32]]:
    found = look(engine.connect(), _model, _picture).maps
    rungs_alone = {name: values for name, values in found.items() if _is_rung(name)}
    return rungs_alone if len(rungs_alone) > 2 else dict(found)  # of a pretrained encoder, all


def _is_rung(name: str) -> bool:
    """Convolutions by what their ReLU lets through, pools, enlargements, skips, the output."""
    way, _, rest = name.partition("_")
    if way in ("down", "bottom") or (way == "up" and "_" in rest):
        return name.endswith("_relu")
    return way in ("pool", "output") or (way in ("up", "skip") and rest.isdigit())


def _digest(picture: Pixels) -> str:
    return hashlib.blake2b(picture.tobytes(), digest_size=16).hexdigest()


ALL = "all"
