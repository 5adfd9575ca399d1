"""What can be taken home: pictures, animation, numbers, code."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.export.convolution_code import convolution_script
from core.export.kernels_code import kernels_script
from core.export.kernels_picture import before_after, kernel_answer, kernel_png
from core.export.kernels_table import answers_csv, kernel_csv, learning_csv
from core.export.pixels_code import OWN_FILE, pixels_script
from core.export.pixels_table import pixels_csv
from core.export.stage_picture import stage_gif, stage_png
from core.export.tables import convolution_csv
from core.images.samples import SAMPLES
from core.lessons.base import Lesson
from core.lessons.convolution import ConvolutionCase
from core.lessons.kernels_case import KernelCase
from core.lessons.kernels_learning import learn
from core.lessons.pixels import PixelCase
from core.palette import Theme
from core.ui import current_image, live_frame
from core.ui.held_files import held, hold_button
from core.ui.page import Page
from core.ui.pictures import enlarged, png
from core.ui.share import link


def menu_of_files() -> DeltaGenerator | None:
    """The button that opens the downloads; None while it is closed, for nothing to be made."""
    menu = st.popover("Download", icon=":material/download:", key="download", on_change="rerun")
    return menu if menu.open else None


def convolution(case: ConvolutionCase) -> None:
    """A button that opens the downloads of the stage, made when they are asked for."""
    if (menu := menu_of_files()) is None:
        return
    f, cell, look = case.lesson.shown_filter, case.chosen_cell, theme()
    with menu:
        button(
            "Picture of the stage (PNG)", lambda: stage_png(case, f, cell, look), "stage.png"
        )
        button("Animation, step by step (GIF)", lambda: stage_gif(case, f, look), "stage.gif")
        button("All numbers (CSV)", lambda: convolution_csv(case), "convolution.csv")


def pixels(case: PixelCase) -> None:
    """A button that opens the downloads of the pixel boards."""
    if (menu := menu_of_files()) is None:
        return
    with menu:
        button("Picture, made small (PNG)", lambda: png(case.small), "small.png")
        button("Crop, enlarged (PNG)", lambda: png(enlarged(case.window, 512)), "crop.png")
        button("Current image (PNG)", lambda: png(current_image.photo().pixels), OWN_FILE)
        button("Numbers of the crop (CSV)", lambda: pixels_csv(case), "pixels.csv")


def kernels(case: KernelCase) -> None:
    """A button that opens the downloads of the bench."""
    if (menu := menu_of_files()) is None:
        return
    look, photo = theme(), live_frame.photo().pixels
    with menu:
        button("Answer as shown (PNG)", lambda: png(kernel_answer(case, look)), "filtered.png")
        button("Before and after (PNG)", lambda: png(before_after(case, look)), "both.png")
        button("Kernel (PNG)", lambda: kernel_png(case.kernel, look), "kernel.png")
        button("Kernel (CSV)", lambda: kernel_csv(case.kernel), "kernel.csv")
        button("Photo and answers (CSV)", lambda: answers_csv(case), "answers.csv")
        steps = "Steps of learning (CSV)"
        button(steps, lambda: learning_csv(learn(case.lesson, photo)), "learning.csv")
        button("Current image (PNG)", lambda: png(photo), OWN_FILE)


def convolution_code(page: Page, case: ConvolutionCase) -> None:
    """The Keras script with the stage's numbers."""
    show_script(page, case.lesson, convolution_script(case))


def pixels_code(page: Page, case: PixelCase) -> None:
    """The script with the crop's numbers."""
    sample = SAMPLES.get(current_image.photo().sample)
    file = sample.file if sample and sample.as_stored else None
    if file is None and case.lesson.picture == "photo":
        whose = "the picture" if sample else "your image"
        st.caption(f"The script reads {whose} from `{OWN_FILE}`: see Download.")
    show_script(page, case.lesson, pixels_script(case, file))


def kernels_code(page: Page, case: KernelCase) -> None:
    """The script with the kernel and the photo, in OpenCV and in Keras."""
    sample = SAMPLES.get(live_frame.photo().sample)
    file = sample.file if sample and sample.as_stored else None
    if file is None:
        whose = "the picture" if sample else "your image"
        st.caption(f"The script reads {whose} from `{OWN_FILE}`: see Download.")
    show_script(page, case.lesson, kernels_script(case, file))


def show_script(page: Page, lesson: Lesson, script: str) -> None:
    """A script with the page's numbers: to read, to copy, or to take along."""
    with st.container(horizontal=True):
        button("Script (.py)", lambda: script, f"{page.slug}.py")
        intro = f"From the page [{page.title}]({link(page, lesson)}) of Receptive."
        button(
            "Notebook (.ipynb)",
            lambda: _notebook(page.title, script, intro),
            f"{page.slug}.ipynb",
        )
    st.code(script, language="python")


def _notebook(title: str, script: str, intro: str) -> bytes:
    from core.export.notebook import notebook  # nbformat: not before it is needed

    return notebook(title, script, intro)


def button(label: str, make: Callable[[], bytes | str], name: str) -> None:
    """A file to take home.

    Args:
        label: what stands on the button.
        make: gives the file's content, a text or bytes, when it is asked for.
        name: of the file; also names the button.
    """
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    made = held(make, mimetype, name)
    st.download_button(
        label,
        made,
        file_name=name,
        mime=mimetype,
        on_click="ignore",
        key=f"download_{name}",
        icon=":material/download:",
    )
    hold_button(made)


def theme() -> Theme:
    """The palette that the page is shown in."""
    return "dark" if st.context.theme.type == "dark" else "light"
