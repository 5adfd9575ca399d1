"""Own classes: gathered by camera or from files, then used as the data set."""

from __future__ import annotations

import hashlib

import streamlit as st

from core.data.archives import UploadError
from core.data.collection import Collection
from core.data.spec import OWN
from core.data.uploads import read_files
from core.lessons.transfer import TransferLesson
from core.training.transfer import FEWEST
from core.ui import refresh, state
from core.ui.components import collect as component
from core.ui.data.loaded import keep, upload

KEY = "collect"
_COLLECTION = "_collection"
_USED = "_collection_used"
_ERROR = "_collection_error"


def show() -> None:
    """Draw the classes and the camera, and say what is still missing."""
    st.caption(
        f"At least {FEWEST} pictures of each class; thirty are better. They stay in the memory "
        "of the server while this page is open, and are not stored."
    )
    collection = current()
    problem = collection.problem(FEWEST)
    used = _is_used(collection)
    component.collect(
        collection, key=KEY, fewest=FEWEST, says=_says(collection, problem, used=used),
        ready=not problem, used=used, on_tell=_told,
    )  # fmt: skip


def current() -> Collection:
    """What has been gathered in this session."""
    known: Collection = st.session_state.get(_COLLECTION) or Collection()
    return known


def _says(collection: Collection, problem: str, *, used: bool) -> str:
    if error := st.session_state.get(_ERROR):
        return str(error)
    if collection.refused:
        return collection.refused
    if problem:
        return problem
    total = f"{collection.count} pictures in {len(collection.classes)} classes"
    return f"{total}: press All three above." if used else f"{total}."


def _is_used(collection: Collection) -> bool:
    """Whether the page's data set is these very pictures."""
    taken = st.session_state.get(_USED) == _print_of(collection)
    return taken and upload() is not None and state.current(TransferLesson).dataset == OWN


def _print_of(collection: Collection) -> str:
    state_of = hashlib.blake2b(digest_size=16)
    for name, picture in collection.files():
        state_of.update(f"{name}\0{len(picture)}\0".encode())
        state_of.update(picture)
    return state_of.hexdigest()


def _told() -> None:
    """Callback: take what the person did, in its order."""
    acts = component.told(KEY)
    if not acts:
        return
    st.session_state.pop(_ERROR, None)
    collection = current()
    for act in acts:
        collection = collection.after(act)
    st.session_state[_COLLECTION] = collection
    if any(act.get("act") == "use" for act in acts):
        _use(collection)


def _use(collection: Collection) -> None:
    """Make them the data set of the page."""
    if collection.problem(FEWEST):
        return
    try:
        keep(read_files(collection.files()))
    except UploadError as error:
        st.session_state[_ERROR] = str(error)
        return
    st.session_state[_USED] = _print_of(collection)
    lesson = state.current(TransferLesson)
    state.assign(lesson.model_copy(update={"dataset": OWN, "images": 0}))
    refresh.everything()
