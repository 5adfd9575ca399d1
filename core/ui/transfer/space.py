"""The pictures of a run in its feature space: as a plane, and the nearest to a tried picture.

For the page:

- `show(run)`: the view; without a run or a model it says what is missing.
- `show(run, picture, title)`: the same, with a tried picture in it.
- `nearest(run, picture)`: thumbnails of the training pictures that are most like a tried one.
- `load_components()`: once a page.

A picture is (H, W, C) uint8 as the model takes it, see `core.ui.training.trying.as_learnt`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.engine.connection import EngineError
from core.insight.space import nearest as most_alike
from core.insight.space import neighbours
from core.insight.tsne import FEWEST, perplexities
from core.training import Run
from core.ui import current_image
from core.ui.components import space, tiles
from core.ui.components.tiles import percent
from core.ui.training.trying import as_learnt
from core.ui.transfer import known

Pixels = npt.NDArray[np.uint8]
NEIGHBOURS = 8
"""Pictures that are shown as the nearest to a point."""
NEAREST = 7
"""Pictures that are shown as the nearest to a tried one: a row."""
USUAL = 30
"""The perplexity that is taken at first, or the largest that works."""
SEEDS = tuple(range(10))
BESIDE = 0.03
"""Share of the plane's width between a picture without a place and the one it stands by."""
LAYOUTS = ("PCA", "t-SNE")
_HELP = "Puts the current image among them, with a star."


def load_components() -> None:
    """Send the code of the plane; that of the tiles comes with `core.ui.data`."""
    space.code.load()


def show(run: Run[Any] | None, picture: Pixels | None = None, title: str = "") -> None:
    """The run's pictures as points of a plane.

    Args:
        run: whose model and pictures; None where there is none yet.
        picture: a tried picture, as the model takes it.
        title: what that picture is called.
    """
    if run is None or run.model is None:
        st.info(
            "Once a run has ended, its pictures can be seen here as the network has them.",
            icon=":material/scatter_plot:",
        )
        return
    try:
        _show(run, picture, title)
    except EngineError as error:
        st.error(str(error), icon=":material/error:")


def _show(run: Run[Any], picture: Pixels | None, title: str) -> None:
    count = len(known.chosen(run)[0])
    stops = perplexities(count)
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with controls:
        layout = st.segmented_control(
            "Layout", LAYOUTS, default=LAYOUTS[0], key="space_layout", required=True
        )
        if picture is None and st.toggle("Current image", key="space_current", help=_HELP):
            photo = current_image.photo()
            picture, title = as_learnt(photo.pixels, run.pictures()), photo.title
    flat = layout == "t-SNE"
    if flat and not stops:
        st.info(f"t-SNE needs at least {FEWEST} pictures; there are {count}. PCA works.")
        return
    with controls:
        cloud = _by_tsne(run, stops) if flat else _by_pca(run)
    guest = None
    if picture is not None:
        guest = _guest(run, picture, title or "The tried picture", flat=flat)
    space.space(cloud, key="space_plane", guest=guest)
    st.caption(_caption(run, count, flat=flat, guest=picture is not None))


def _by_pca(run: Run[Any]) -> space.Cloud:
    made = known.plane_of(run)
    first, second = (percent(float(share)) for share in made.explained)
    titles = (f"PC 1: {first} of the variance", f"PC 2: {second} of the variance")
    return _cloud(run, made.places, "PCA", titles)


def _by_tsne(run: Run[Any], stops: tuple[int, ...]) -> space.Cloud:
    usual = max(stop for stop in stops if stop <= USUAL)
    if st.session_state.get("space_perplexity") not in stops:
        st.session_state["space_perplexity"] = usual
    perplexity, seed = stops[0], SEEDS[0]
    if len(stops) > 1:
        perplexity = st.select_slider(
            "Perplexity", stops, key="space_perplexity", width=220,
            help="About how many neighbours each picture has: small values show small groups, "
            f"large ones the whole. With these pictures at most {stops[-1]} works.",
        )  # fmt: skip
    seed = st.select_slider(
        "Seed", SEEDS, key="space_seed", width=160,
        help="Another seed, another layout: what is the same in all of them can be trusted.",
    )  # fmt: skip
    made = known.tsne_of(run, perplexity, seed)
    return _cloud(run, made.places, f"t-SNE, perplexity {perplexity}, seed {seed}", ("", ""))


def _cloud(
    run: Run[Any], places: npt.NDArray[np.float32], what: str, axes: tuple[str, str]
) -> space.Cloud:
    indices, parts = known.chosen(run)
    seen = known.points_of(run)
    near, far = _neighbours(run.id, seen.features)
    dataset = run.pictures()
    return space.Cloud(
        images=dataset.images[indices],
        places=places,
        labels=dataset.labels[indices],
        predicted=seen.predicted,
        sure=seen.probabilities.max(axis=1),
        parts=parts,
        neighbours=near,
        distances=far,
        class_names=dataset.class_names,
        part_names=known.PARTS,
        numbers=indices,
        what=what,
        x_title=axes[0],
        y_title=axes[1],
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _neighbours(
    run_id: str, _features: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    return neighbours(_features, NEIGHBOURS)


def _guest(run: Run[Any], picture: Pixels, title: str, *, flat: bool) -> space.Guest:
    """The tried picture; t-SNE has no place for it, so it stands by the nearest."""
    seen, own = known.points_of(run), known.point_of(run, picture)
    near, cosines = most_alike(seen.features, own.features[0], NEIGHBOURS)
    if flat:
        layout = st.session_state.get("space_perplexity", 0), st.session_state["space_seed"]
        places = known.tsne_of(run, *layout).places
        beside = np.array([BESIDE * np.ptp(places[:, 0]), 0], np.float32)
        place = places[near[0]] + beside
    else:
        place = known.plane_of(run).place(own.features)[0]
    name = run.pictures().class_names[int(own.predicted[0])]
    says = f"{title}: {name}, {percent(float(own.probabilities.max()))}"
    return space.Guest(picture, place, says, near, 1 - cosines)


def _caption(run: Run[Any], count: int, *, flat: bool, guest: bool) -> str:
    total = len(run.pictures())
    some = f"{count} of {total:,} pictures, of each part its share. " if count < total else ""
    depth = known.points_of(run).features.shape[1]
    what = f"{some}Each picture is {depth:,} numbers: what the network's last layer is given. "
    if not flat:
        return what + "PCA shows the two directions in which they differ most."
    star = " The star stands by the picture nearest to the tried one." if guest else ""
    return (
        f"{what}t-SNE keeps neighbours together; how large a group is, and how far from "
        f"another, means nothing.{star}"
    )


def nearest(run: Run[Any], picture: Pixels, *, key: str = "space_nearest") -> None:
    """The training pictures that are most like a tried one, with distance and class.

    Args:
        run: one that has ended, with its model.
        picture: (H, W, C) uint8, as the model takes it.
        key: of the component.
    """
    try:
        seen, own = known.points_of(run), known.point_of(run, picture)
    except EngineError as error:
        st.error(str(error), icon=":material/error:")
        return
    indices, parts = known.chosen(run)
    learnt = np.flatnonzero(parts == 0)
    near, cosines = most_alike(seen.features[learnt], own.features[0], NEAREST)
    dataset, of = run.pictures(), indices[learnt[near]]
    predicted = int(own.predicted[0])
    names = dataset.class_names
    shown = [
        tiles.Tile(
            names[label],
            detail=f"distance {1 - cosine:.3f}",
            alt=f"{names[label]}, distance {1 - cosine:.3f}",
        )
        for label, cosine in zip(dataset.labels[of], cosines, strict=True)
    ]
    alike = int((dataset.labels[of] == predicted).sum())
    st.markdown(
        f"**Nearest training pictures in feature space**: {alike} of {len(of)} are "
        f"{names[predicted]!r}, which is what the network says."
    )
    tiles.show(
        dataset.images[of], shown, key=key, alt="The nearest training pictures", side_px=88
    )
