"""The view "data" of a page: the choice of a data set, and what is in it."""

from __future__ import annotations

import streamlit as st

from core.data import DataError
from core.data.spec import OWN
from core.lessons.data import DataFields
from core.ui import state
from core.ui.components import tiles
from core.ui.data import cards, gallery, uploading
from core.ui.data.loaded import come, own, parts_of


def show(kind: type[DataFields]) -> None:
    """Draw the data sets to choose from, own pictures, and the gallery of the chosen set.

    Args:
        kind: the page's settings.
    """
    lesson = state.current(kind)
    problem = st.empty()
    cards.choose(kind)
    missing = lesson.dataset == OWN and own() is None
    with st.expander("Own pictures", icon=":material/upload:", expanded=missing, key="own"):
        uploading.draw()
    try:
        with st.spinner("Preparing the pictures..."):
            dataset, split = parts_of(lesson)
    except DataError as error:
        problem.info(str(error), icon=":material/image_not_supported:")
        return
    come(lesson)
    gallery.show(dataset, split)


def load_components() -> None:
    """Send the code of the components of this view; call once a page."""
    tiles.code.load()
