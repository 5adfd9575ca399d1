"""What can be taken home from the page "Segment"."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import streamlit as st

from core.export.segment_code import SHOWN_FILE, segment_script
from core.images.masks import encode_mask
from core.lessons.segment_case import Image, SegmentCase, label_map
from core.ui import downloads
from core.ui.page import Page
from core.ui.pictures import png
from core.vision.cutout import cut_out
from core.zoo.segmenters import voc_palette


def download(case: SegmentCase) -> None:
    """A button that opens the downloads, made when they are asked for."""
    if (menu := downloads.menu_of_files()) is None:
        return
    with menu:
        downloads.button("Picture (PNG)", lambda: png(case.picture), SHOWN_FILE)
        mask, labels = case.masks[0], label_map(case.segmented[0])
        if mask is None:
            st.caption("The rest comes with the answer.")
            return
        object_ = mask > 0.5
        downloads.button("As shown (PNG)", lambda: png(case.shown(0)), "segmented.png")
        downloads.button(
            "Cut out, background transparent (PNG)",
            lambda: rgba(cut_out(case.picture, object_, crop=True)), "cutout.png",
        )  # fmt: skip
        downloads.button("Mask (PNG)", lambda: encode_mask(object_), "mask.png")
        if labels is not None and labels.max() < 256:
            downloads.button(
                "Parts, one number a pixel (palette PNG)",
                lambda: encode_mask(labels.astype(np.uint8), voc_palette()), "parts.png",
            )  # fmt: skip


def rgba(picture: Image) -> bytes:
    """A picture with transparency as PNG."""
    stream = io.BytesIO()
    PIL.Image.fromarray(picture).save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def show_code(page: Page, case: SegmentCase) -> None:
    """The script that finds the same object."""
    st.caption(f"The script reads the picture from `{SHOWN_FILE}`: see Download.")
    downloads.show_script(page, case.lesson, segment_script(case))
