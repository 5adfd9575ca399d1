"""Where a run's model looks: Grad-CAM over a picture, for any class and layer.

For the page:

- `show(run)`: heat map, opacity, classes with their bars, layers, of a picture chosen there.
- `show(run, picture, title)`: the same of this picture.
- `load_components()`: once a page.

A picture is (H, W, C) uint8 as the model takes it, see `core.ui.training.trying.as_learnt`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.engine.connection import EngineError
from core.insight.where import Heat, MapLayer
from core.training import Run
from core.ui.components import heat
from core.ui.transfer import known, picked

Pixels = npt.NDArray[np.uint8]
KEY, _LABEL, _LAYER = "where_heat", "_where_label", "where_layer"


def load_components() -> None:
    """Send the code of what is shown here."""
    heat.code.load()


def show(
    run: Run[Any] | None, picture: Pixels | None = None, title: str = "The picture"
) -> None:
    """The heat map of a picture, beside the probabilities.

    Args:
        run: whose model; None where there is none yet.
        picture: (H, W, C) uint8, as the model takes it; None lets the person choose.
        title: what the picture is called.
    """
    if run is None or run.model is None:
        st.info(
            "Once a run has ended, it can be seen here where its network looks.",
            icon=":material/visibility:",
        )
        return
    if picture is None:
        chosen = picked.choose(run, key="where", on_change=likeliest)
        if chosen is None:
            return
        picture, title = chosen
    try:
        _show(run, picture, title)
    except EngineError as error:
        st.error(str(error), icon=":material/error:")


def _show(run: Run[Any], picture: Pixels, title: str) -> None:
    layers = known.layers_of(run.id, run)
    if not layers:
        st.info(
            "This network has no feature maps, so nothing says where it looks. Use a network "
            "with a convolution."
        )
        return
    names = run.pictures().class_names
    layer = _choose_layer(layers)
    asked = st.session_state.get(_LABEL)
    label = asked if asked is not None and asked < len(names) else None
    found = known.heat_of(run, picture, label, layer.name)
    bars = list(zip(names, found.probabilities.tolist(), strict=True))
    heat.heat(
        picture,
        found.heat,
        found.coarse,
        bars,
        found.label,
        key=KEY,
        title=title,
        note=f"{layer.name}: {layer.maps} maps of {layer.height} x {layer.width}.",
        on_class=lambda: _choose_class(len(names)),
    )
    st.caption(_in_words(found, layer, names))


def _choose_layer(layers: Sequence[MapLayer]) -> MapLayer:
    """The layer that a person wants to see; at first the last one."""
    by_name = {layer.name: layer for layer in layers}
    stops = list(by_name)
    if st.session_state.get(_LAYER) not in by_name:
        st.session_state[_LAYER] = stops[-1]
    if len(stops) == 1:
        return layers[0]
    name = st.select_slider(
        "Layer", stops, key=_LAYER,
        help="The end of each block, from the input on. The last one knows most of the classes "
        "and least of the place; Grad-CAM is meant for it.",
    )  # fmt: skip
    return by_name[name]


def _choose_class(classes: int) -> None:
    label = heat.clicked(KEY, classes)
    if label is not None:
        st.session_state[_LABEL] = label


def likeliest() -> None:
    """Callback: explain the likeliest class again, since another picture was chosen."""
    st.session_state.pop(_LABEL, None)


def _in_words(found: Heat, layer: MapLayer, names: Sequence[str]) -> str:
    return (
        f"Grad-CAM (Selvaraju et al. 2017): the {layer.maps} maps of {layer.name}, each "
        f"weighed by the mean gradient of the logit of {names[found.label]!r}, added up, cut "
        "at 0 and enlarged. It shows what the answer rests on, not whether it is right."
    )
