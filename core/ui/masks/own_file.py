"""A mask of one's own for the current image: read with care, refused in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.images.decode import MAX_BYTES, ImageError
from core.images.masks import decode_mask
from core.ui import current_image, refresh
from core.ui.segment.answers import working
from core.vision.baselines.picture import enlarged

_KEY = "masks_file"
_OWN = "_masks_own"
_ERROR = "_masks_own_error"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class OwnMask:
    """A mask that somebody has brought.

    Attributes:
        name: of the file.
        digest: of the image that it belongs to.
        mask: (H, W) bool, of the image as it is segmented and shown.
    """

    name: str
    digest: str
    mask: Mask


def own_mask() -> OwnMask | None:
    """The mask that was uploaded for the current image."""
    own: OwnMask | None = st.session_state.get(_OWN)
    return own if own and own.digest == current_image.photo().digest else None


def draw() -> None:
    """The uploader, what is in use, and why a file was refused."""
    st.file_uploader(
        "Mask of the current image (PNG)",
        type=["png"],
        key=_KEY,
        max_upload_size=MAX_BYTES // 2**20,
        on_change=_take,
        help="One number a pixel, 0 is outside; as large as the image, or as the picture under "
        "Download. It stays in memory and is not stored.",
    )
    if error := st.session_state.get(_ERROR):
        st.error(error, icon=":material/broken_image:")
    if own := own_mask():
        st.caption(f"In use: {own.name}, {own.mask.mean():.1%} inside.")


def _take() -> None:
    """Read what the uploader holds; a file that cannot be used leaves the last one."""
    st.session_state.pop(_ERROR, None)
    file = st.session_state.get(_KEY)
    if file is None:
        return
    try:
        mask = fitting(file.getvalue())
    except ImageError as error:
        kept = " The mask before stays." if own_mask() else ""
        st.session_state[_ERROR] = f"{error}{kept}"
    else:
        st.session_state[_OWN] = OwnMask(file.name, current_image.photo().digest, mask)
    refresh.everything()


def fitting(data: bytes) -> Mask:
    """(H, W) bool: the mask in a file at the size in which the current image is shown.

    Args:
        data: of the file; as large as the image, or as the image is shown.

    Raises:
        ImageError: it is no mask, or has another size.
    """
    photo = current_image.photo()
    shown = working(photo.digest, photo.pixels)
    height, width = shown.shape[:2]
    found = decode_mask(data)
    if found.labels.shape == (height, width):
        return found.mask
    size_hw = photo.pixels.shape[0], photo.pixels.shape[1]
    return enlarged(decode_mask(data, size_hw).mask, shown)
