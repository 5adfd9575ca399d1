"""Own pictures: a zip, a folder, or class by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.data.archives import MAX_TOTAL_BYTES, UploadError
from core.data.uploads import MAX_IMAGES, Upload, read_files, read_folder, read_zip
from core.ui.data.loaded import keep, upload

WAYS = ("zip", "folder", "class by class")
_ERROR = "_own_error"
_SEEN = "_own_seen"
_PENDING = "_own_pending"
_MEGABYTES = MAX_TOTAL_BYTES // 10**6


def draw() -> None:
    """Draw the ways to upload, what came of the last one, and why one failed."""
    st.caption(
        f"At most {MAX_IMAGES:,} pictures and {_MEGABYTES} MB. They stay in the memory of the "
        "server while this page is open, and are not stored."
    )
    way = st.segmented_control(
        "How", WAYS, default=WAYS[0], required=True, key="own_way", label_visibility="collapsed"
    )
    if way == "zip":
        _zip()
    elif way == "folder":
        _folder()
    else:
        _class_by_class()
    _say()


def _zip() -> None:
    file = st.file_uploader(
        "A zip with a folder for each class",
        type="zip",
        key="own_zip",
        max_upload_size=_MEGABYTES,
    )
    if file and _is_new([file]):
        _take(lambda: read_zip(file.getvalue()))


def _folder() -> None:
    files = st.file_uploader(
        "A folder with a folder for each class",
        accept_multiple_files="directory",
        key="own_folder",
        max_upload_size=_MEGABYTES,
    )
    if files and _is_new(files):
        _take(lambda: read_folder([(file.name, file.getvalue()) for file in files]))


def _class_by_class() -> None:
    pending = _pending()
    with st.form("own_class", clear_on_submit=True, border=False):
        name = st.text_input("Name of the class", max_chars=60)
        files = st.file_uploader(
            "Its pictures", accept_multiple_files=True, max_upload_size=_MEGABYTES
        )
        added = st.form_submit_button("Add this class", icon=":material/add:")
    if added:
        _add(name.strip(), [file.getvalue() for file in files or []])
    if pending:
        counts = Counter(name for name, _ in pending)
        st.caption("; ".join(f"{name}: {count}" for name, count in counts.items()))
        with st.container(horizontal=True):
            if st.button("Make the data set", key="own_make", type="primary"):
                _take(lambda: read_files(pending))
            st.button("Begin again", key="own_clear", on_click=pending.clear)


def _add(name: str, contents: Sequence[bytes]) -> None:
    """Keep the files of one class until the data set is made."""
    together = sum(len(content) for _, content in _pending()) + sum(map(len, contents))
    st.session_state.pop(_ERROR, None)
    if not name or not contents:
        lacking = "a name" if contents else "pictures"
        st.session_state[_ERROR] = f"The class needs {lacking}."
    elif together > MAX_TOTAL_BYTES:
        st.session_state[_ERROR] = (
            f"All classes together would have {together / 1e6:.0f} MB; at most {_MEGABYTES} MB "
            "work. Use fewer or smaller pictures."
        )
    else:
        _pending().extend((name, content) for content in contents)


def _pending() -> list[tuple[str, bytes]]:
    known: list[tuple[str, bytes]] = st.session_state.setdefault(_PENDING, [])
    return known


def _is_new(files: Sequence[Any]) -> bool:
    """Whether these were not read yet: an uploader holds its files from run to run."""
    identity = tuple(file.file_id for file in files)
    new = st.session_state.get(_SEEN) != identity
    st.session_state[_SEEN] = identity
    return new


def _take(read: Callable[[], Upload]) -> None:
    """Read the pictures; where that fails, those of before stay."""
    st.session_state.pop(_ERROR, None)
    try:
        with st.spinner("Reading the pictures..."):
            keep(read())
    except UploadError as error:
        stays = " The previous pictures stay." if upload() else ""
        st.session_state[_ERROR] = f"{error}{stays}"
        return
    _pending().clear()
    st.rerun()


def _say() -> None:
    if error := st.session_state.get(_ERROR):
        st.error(error, icon=":material/broken_image:")
    if known := upload():
        st.success(known.report, icon=":material/photo_library:")
        if known.skipped:
            with st.expander("What could not be read, and why"):
                st.markdown("\n".join(f"- `{s.name}`: {s.reason}" for s in known.skipped[:50]))
