"""Settings of an earlier run, opened again and started."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from pydantic import ValidationError

from core.data.dataset import Dataset
from core.training import RunError
from core.training.spec import Spec
from core.ui.training.session import Seat

MOST_BYTES = 200_000
"""Of a settings file."""


def repeat(
    seat: Seat,
    kind: type[Spec],
    key: str,
    name_of: Callable[[Spec], str],
    own: Callable[[], Dataset | None] = lambda: None,
) -> None:
    """An upload that starts a run.

    Args:
        seat: whose run it becomes.
        kind: of the settings.
        key: of the upload.
        name_of: what the run is called.
        own: the pictures that were uploaded, where the page takes some.
    """

    def started() -> None:
        uploaded = st.session_state.get(key)
        if uploaded is None:
            return
        try:
            spec = read_settings(uploaded.getvalue(), kind)
        except RunError as error:
            seat.say(str(error))
            return
        seat.start(spec, own(), name=name_of(spec))
        st.rerun()

    st.file_uploader(
        "Repeat a run from its settings (JSON)", type="json", key=key, max_upload_size=1,
        on_change=started, help="Same seed, same machine: the same curve.",
    )  # fmt: skip


def read_settings(content: bytes, kind: type[Spec]) -> Spec:
    """The run that a settings file describes.

    Raises:
        RunError: it is none of this kind; the message names the first line that does not fit.
    """
    if len(content) > MOST_BYTES:
        raise RunError(
            f"The file has {len(content):,} bytes; settings of a run have at most "
            f"{MOST_BYTES:,}. Use a JSON file from Download."
        )
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise RunError(
            f"These are not the settings of a run of this page: {where}: {first['msg']}. Use a "
            "JSON file from Download."
        ) from error
