"""The frame that every page stands in."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.lessons.base import Lesson
from core.ui import refresh, state


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation.

    Attributes:
        path: file below the repository's top.
        title: the page's heading.
        icon: a Material symbol.
        section: heading in the navigation; empty for the home page.
        summary: one sentence for the home page.
        views: slugs of what can stand below the stage.
        live: whether it follows what the engine does.
    """

    path: str
    title: str
    icon: str
    section: str
    summary: str
    views: tuple[str, ...] = ()
    live: bool = False

    @property
    def slug(self) -> str:
        """The page's name in links."""
        return self.path.removeprefix("pages/").removesuffix(".py")


PAGES = (
    Page("pages/home.py", "Receptive", ":material/home:", "", "All lessons and their presets."),
    Page(
        "pages/image.py",
        "Image as numbers",
        ":material/grid_on:",
        "See",
        "A picture is an H x W x C array. Point at a pixel and read its numbers, take bits and "
        "pixels away, change the colour space, edit a pixel.",
        ("facts", "histogram", "vector", "code", "notes"),
    ),
    Page(
        "pages/convolution.py",
        "Convolution",
        ":material/filter_center_focus:",
        "See",
        "Input, kernel and output linked cell by cell, with the arithmetic in full: stride, "
        "padding, dilation, channels, groups, transposed; forward and back, on your photo too.",
        ("facts", "matrix", "photo", "code", "notes"),
    ),
    Page(
        "pages/kernels.py",
        "Kernels",
        ":material/blur_on:",
        "See",
        "Named kernels and your own on a photo, before and after; kernels in a row, factors, "
        "frequencies; Sobel and Canny step by step; write an edge detector, learn a kernel.",
        ("facts", "row", "factors", "frequency", "edges", "exercise", "learn", "code", "notes"),
    ),
    Page(
        "pages/pooling.py",
        "Pooling and unpooling",
        ":material/compress:",
        "See",
        "Windows and what they take: max, average, L2, global, the places marked; the "
        "gradient's way back; five ways to make maps larger; what a shift by a pixel changes.",
        ("facts", "shift", "photo", "code", "notes"),
    ),
    Page(
        "pages/normalisation.py",
        "Normalisation",
        ":material/balance:",
        "See",
        "Batch, layer, instance, group and RMS norm on a block (N, H, W, C): which cells share "
        "a mean, the algorithm line by line, running statistics, before or behind a ReLU.",
        ("facts", "algorithm", "running", "histograms", "code", "notes"),
    ),
    Page(
        "pages/descent.py",
        "Descent",
        ":material/downhill_skiing:",
        "Train",
        "Optimisers race down the loss of two weights: learning rates too small, good and too "
        "large, momentum, Adam, clipping at a cliff, mini-batches; every step in numbers.",
        ("facts", "code", "notes"),
    ),
    Page(
        "pages/backprop.py",
        "Backpropagation",
        ":material/account_tree:",
        "Train",
        "Two inputs, two hidden units, one output: forward and back with every number, every "
        "factor of the chain rule, one update and many.",
        ("facts", "code", "notes"),
    ),
    Page(
        "pages/softmax.py",
        "Softmax",
        ":material/percent:",
        "Train",
        "Scores become probabilities, a loss and a gradient: drag the logits, step through the "
        "columns, see why the largest is subtracted first.",
        ("facts", "code", "notes"),
    ),
    Page(
        "pages/training.py",
        "Training",
        ":material/model_training:",
        "Train",
        "A real Keras model learns while you watch: curves, filters, feature maps, mistakes; "
        "pause, step, rewind, change the learning rate on the way; your own pictures too.",
        (
            "predictions",
            "confusion",
            "mistakes",
            "filters",
            "maps",
            "norms",
            "histograms",
            "dropout",
            "network",
            "data",
            "compare",
            "try",
            "code",
            "notes",
        ),
        live=True,
    ),
    Page(
        "pages/augmentation.py",
        "Augmentation",
        ":material/auto_awesome_motion:",
        "Train",
        "62 augmentations and pipelines of them on your picture, its boxes and masks too: what "
        "was drawn, what every step does, whether it is safe, whether it helps; the code.",
        ("facts", "safety", "training", "speed", "code", "notes"),
        live=True,
    ),
    Page(
        "pages/unet.py",
        "U-Net",
        ":material/stacks:",
        "Train",
        "A U-Net learns the class of every pixel while you watch its masks sharpen; skips on "
        "and off over one another, the ladder of sizes, 572 to 388, what each skip brings.",
        (
            "masks",
            "classes",
            "ladder",
            "rungs",
            "skips",
            "compare",
            "data",
            "filters",
            "norms",
            "histograms",
            "test",
            "code",
            "notes",
        ),
        live=True,
    ),
    Page(
        "pages/classify.py",
        "Classify",
        ":material/image_search:",
        "Pretrained",
        "A network trained on ImageNet names your image: what it really sees, right and wrong "
        "preprocessing, temperature, Penn's six challenges as sliders with a curve, two "
        "networks side by side, the zoo.",
        ("facts", "seen", "time", "zoo", "code", "notes"),
        live=True,
    ),
    Page(
        "pages/segment.py",
        "Segment",
        ":material/content_cut:",
        "Pretrained",
        "Which pixels are the object: a network against threshold, k-means, watershed, "
        "GrabCut and superpixels on your image, with IoU between any two; cut out, blur or "
        "replace what is behind.",
        ("facts", "steps", "instances", "code", "notes"),
        live=True,
    ),
    Page(
        "pages/masks.py",
        "Masks",
        ":material/brush:",
        "Pretrained",
        "Paint a mask and see each measure follow: IoU, Dice, accuracy, precision, recall, "
        "boundary F with the pixels counted in colour; a 6 x 6 example, and why 98 % accuracy "
        "can be worth nothing.",
        ("facts", "example", "imbalance", "boundary", "code", "notes"),
        live=True,
    ),
    Page(
        "pages/boxes.py",
        "Boxes",
        ":material/crop_free:",
        "Pretrained",
        "Drag two boxes and read IoU, GIoU, DIoU, CIoU and all formats; judge detections one "
        "by one, with every definition of average precision side by side; COCO's numbers; "
        "which anchors claim what.",
        ("precision", "anchors", "facts", "code", "notes"),
    ),
    Page(
        "pages/detect.py",
        "Detect",
        ":material/center_focus_strong:",
        "Pretrained",
        "What is where in your image, or in several: YOLOv3-tiny with sliders for confidence "
        "and IoU that act at once, class filter, where each box comes from, COCO and YOLO "
        "files; a face detector without a network.",
        ("facts", "thresholds", "time", "zoo", "code", "notes"),
        live=True,
    ),
    Page(
        "pages/yolo.py",
        "Inside YOLO",
        ":material/grid_view:",
        "Pretrained",
        "Press a cell of the S x S grid and see its box grow out of tx, ty, tw, th, every "
        "number written out; heads compared, 7 x 7 x 30 = 1,470; suppression step by step.",
        ("output", "facts", "code", "notes"),
        live=True,
    ),
    Page(
        "pages/detector.py",
        "Detector",
        ":material/target:",
        "Pretrained",
        "A detector learns where shapes are and what they are, and its boxes tighten while you "
        "watch: losses of box, objectness and class apart, AP after each epoch; own boxes too.",
        (
            "boxes",
            "losses",
            "classes",
            "data",
            "maps",
            "filters",
            "norms",
            "histograms",
            "compare",
            "test",
            "try",
            "code",
            "notes",
        ),
        live=True,
    ),
    Page(
        "pages/transfer.py",
        "Transfer learning",
        ":material/swap_horiz:",
        "Pretrained",
        "Teach a pretrained network your own classes, by camera or from files: from scratch, "
        "with a new head, fine-tuned; three curves in one chart, then try it live.",
        (
            "data",
            "collect",
            "blocks",
            "curves",
            "confusion",
            "mistakes",
            "predictions",
            "maps",
            "norms",
            "try",
            "space",
            "where",
            "compare",
            "code",
            "notes",
        ),
        live=True,
    ),
)


def begin(path: str, lesson: type[Lesson] | None = None) -> Page:
    """Call first in every page: lead a deep link through `streamlit_app.py`, draw the heading.

    Until somebody has opened `/`, Streamlit serves the files of `pages/` on their own, without
    the entry point's frame. The link is kept and followed once the frame stands.

    Args:
        path: the page's file.
        lesson: its settings, which a link may carry.
    """
    if "_framed" not in st.session_state:
        st.session_state["_deep_link"] = (path, _all_query_params())
        st.switch_page("streamlit_app.py")
    page = next(page for page in PAGES if page.path == path)
    if lesson and st.session_state.get("_here") != path:
        state.arrive(lesson, [*_odd_view(page), *_odd_switches(), *_odd_hiding(lesson)])
    st.session_state["_here"] = path
    with st.container(horizontal=True, vertical_alignment="center", key="heading"):
        st.title(page.title, anchor=False)
        st.toggle(
            "Present",
            key="present",
            bind="query-params",
            help="For a projector: larger type, the sidebar folded, the keyboard on the stage.",
        )
    return page


def follow_deep_link() -> None:
    """Call in `streamlit_app.py` after `st.navigation`: go where `begin` was asked to go."""
    if link := st.session_state.pop("_deep_link", None):
        path, query = link
        st.switch_page(path, query_params=query)


def _all_query_params() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _odd_view(page: Page) -> list[str]:
    view = st.query_params.get("view", page.views[0])
    if view in page.views:
        return []
    return [
        f"View cannot be {view[:20]!r}: it is one of {', '.join(page.views)}. "
        f"It is now {page.views[0]}."
    ]


def _odd_switches() -> list[str]:
    return [
        f"{name.capitalize()} cannot be {value[:20]!r}: it is true or false. It is now false."
        for name in ("present", "predict")
        if (value := st.query_params.get(name, "false")).lower() not in ("true", "false")
    ]


def _odd_hiding(lesson: type[Lesson]) -> list[str]:
    return [
        f"There is no control {word[:20]!r} to hide."
        for word in sorted(state.hidden())
        if not any(state.is_hidden(name, frozenset([word])) for name in lesson.model_fields)
    ]


def views(page: Page) -> str:
    """The choice of what stands below the stage; only the chosen view is computed."""
    chosen: str = st.segmented_control(
        "View",
        page.views,
        default=page.views[0],
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )
    refresh.drawn(refresh.VIEW)
    return chosen
