"""The one picture that goes through all pages: a sample, an upload or a camera shot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.images import ImageError, decode_image, digest
from core.images.decode import MAX_BYTES
from core.images.samples import SAMPLES

Pixels = npt.NDArray[np.uint8]
DEFAULT = next(iter(SAMPLES))
"""The sample that is shown first."""
_OWN = "_own_image"
_SET_ASIDE = "_image_set_aside"
_ERROR = "_image_error"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its name and fingerprint.

    Attributes:
        title: for captions.
        credit: who made it, under what licence; empty for the person's own.
        pixels: (H, W, 3) uint8 RGB, read-only.
        digest: fingerprint of the pixels, for caches.
        sample: slug of a sample photo, empty for the person's own.
    """

    title: str
    credit: str
    pixels: Pixels
    digest: str
    sample: str = ""


def photo() -> Photo:
    """The current image."""
    own: Photo | None = st.session_state.get(_OWN)
    return own or _sample(_chosen_sample())


def choose() -> None:
    """Draw the chooser: sample photos, upload, camera."""
    slugs = list(SAMPLES)
    st.markdown("**Current image**")
    st.image(_thumbnail(photo()), alt=f"Current image: {photo().title}", width="stretch")
    st.caption(_caption(photo()))
    _say_unknown_sample()
    st.selectbox(
        "Sample photo",
        slugs,
        index=0,
        key="photo",
        bind="query-params",
        on_change=_use_sample,
        help="Photos that come with scikit-image.",
    )
    st.file_uploader(
        "Your own image",
        key="upload",
        max_upload_size=MAX_BYTES // 2**20,
        on_change=_use_upload,
        help="JPEG, PNG, WebP, GIF (first frame), BMP, TIFF or AVIF. It stays in the memory of "
        "the server while this page is open, and is not stored.",
    )
    if st.toggle("Camera", key="camera_on", help="Takes one picture."):
        st.camera_input("Take a picture", key="camera", on_change=_use_camera)
    if error := st.session_state.get(_ERROR):
        st.error(error, icon=":material/broken_image:")


def _caption(shown: Photo) -> str:
    height, width = shown.pixels.shape[:2]
    size = f"{shown.title}, {width} x {height}"
    return f"{size}. {shown.credit}" if shown.credit else size


def _say_unknown_sample() -> None:
    """Say that the link names a photo that there is not; gone with the next change."""
    asked = st.query_params.get("photo")
    if asked and asked not in SAMPLES:
        shown = asked if len(asked) <= 20 else f"{asked[:20]}..."
        st.warning(
            f"There is no sample photo {shown!r}. It is now {DEFAULT}.",
            icon=":material/link_off:",
        )


def _chosen_sample() -> str:
    slug = str(st.session_state.get("photo") or st.query_params.get("photo"))
    return slug if slug in SAMPLES else DEFAULT


@st.cache_resource(show_spinner=False, max_entries=32)
def _sample(slug: str) -> Photo:
    sample = SAMPLES[slug]
    pixels = sample.load()
    pixels.setflags(write=False)
    return Photo(
        sample.title, f"{sample.credit}, {sample.licence}", pixels, digest(pixels), slug
    )


def _thumbnail(shown: Photo) -> Pixels:
    step = max(max(shown.pixels.shape[:2]) // 480, 1)
    return shown.pixels[::step, ::step]


def _use_sample() -> None:
    for name in (_OWN, _SET_ASIDE, _ERROR):
        st.session_state.pop(name, None)


def _use_upload() -> None:
    """Take what the uploader holds; it lets go of one file before it takes the next."""
    if file := st.session_state.get("upload"):
        _use(file.getvalue(), "Your image")
    elif not st.session_state.pop(_ERROR, None):  # a refused file goes without a trace
        st.session_state[_SET_ASIDE] = st.session_state.pop(_OWN, None)


def _use_camera() -> None:
    if shot := st.session_state.get("camera"):
        _use(shot.getvalue(), "Camera picture")


def _use(data: bytes, title: str) -> None:
    """Decode; on failure keep what was shown before and say why."""
    try:
        pixels = decode_image(data)
    except ImageError as error:
        st.session_state[_ERROR] = f"{error} The previous image stays."
        if before := st.session_state.pop(_SET_ASIDE, None):
            st.session_state[_OWN] = before
        return
    pixels.setflags(write=False)
    for name in (_SET_ASIDE, _ERROR):
        st.session_state.pop(name, None)
    st.session_state[_OWN] = Photo(title, "", pixels, digest(pixels))
