"""Files that somebody brings for a run to learn from, kept for the session.

Where new ones cannot be read, what was there before stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.data.archives import MAX_TOTAL_BYTES, UploadError
from core.data.uploads import Skipped
from core.ui import refresh

MEGABYTES = MAX_TOTAL_BYTES // 10**6
MOST_LISTED = 8

Files = tuple[tuple[str, bytes], ...]
"""What was uploaded: path and content of each; a zip alone, or several files."""


def _never(files: Files) -> bool:
    del files
    return False


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The files of one page.

    Attributes:
        page: its name; the uploader is called "page_files".
        title: the uploader's.
    """

    page: str
    title: str

    @property
    def kept(self) -> tuple[str, Files] | None:
        """Fingerprint and files; None where there are none."""
        found: tuple[str, Files] | None = st.session_state.get(f"_{self.page}_own")
        return found

    def draw(
        self, read: Callable[[], object], *, all_the_same: Callable[[Files], bool] = _never
    ) -> None:
        """The uploader.

        Args:
            read: reads what is kept, or refuses it with an `UploadError`.
            all_the_same: whether files that were refused are to be kept nevertheless.
        """
        st.file_uploader(
            self.title, accept_multiple_files=True, key=f"{self.page}_files",
            max_upload_size=MEGABYTES, on_change=self._take, args=(read, all_the_same),
        )  # fmt: skip

    def say_error(self) -> None:
        """Why the last upload was refused, if it was."""
        if error := st.session_state.get(f"_{self.page}_own_error"):
            st.error(error, icon=":material/folder_off:")

    def _take(self, read: Callable[[], object], all_the_same: Callable[[Files], bool]) -> None:
        """Callback: keep what was uploaded if it can be read."""
        own, told = f"_{self.page}_own", f"_{self.page}_own_error"
        files: Files = tuple(
            (file.name, file.getvalue()) for file in st.session_state[f"{self.page}_files"]
        )
        st.session_state.pop(told, None)
        if not files:
            return
        before = self.kept
        st.session_state[own] = (fingerprint(files), files)
        try:
            read()
        except UploadError as error:
            if not all_the_same(files):
                st.session_state[told] = str(error)
                if before is None:
                    del st.session_state[own]
                else:
                    st.session_state[own] = before
                    st.session_state[told] += " The pictures from before stay."
        refresh.everything()


def fingerprint(files: Files) -> str:
    """The same for the same names and contents only."""
    state = hashlib.blake2b(digest_size=16)
    for name, content in files:
        for part in (name.encode(), content):
            state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def say_skipped(skipped: Sequence[Skipped], heading: str) -> None:
    """Files that could not be used, the first of them with the reason."""
    if not skipped:
        return
    listed = "".join(f"\n- `{file.name}`: {file.reason}" for file in skipped[:MOST_LISTED])
    more = len(skipped) - MOST_LISTED
    rest = f"\n- and {more} more" if more > 0 else ""
    st.warning(f"{heading}:{listed}{rest}")
