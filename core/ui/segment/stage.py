"""The stage of the page "Segment": the picture and what the methods make of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.images.samples import SAMPLES
from core.lessons.segment import Method, SegmentLesson
from core.lessons.segment_case import TITLES, Image, SegmentCase, per_cent
from core.ui import current_image, curves, predict, refresh, state
from core.ui.components import segments as segments_view
from core.ui.components import tiles
from core.ui.components.segments import segments
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal
from core.ui.segment.answers import answered, ask_again, working
from core.vision.baselines.picture import reduced

STAGE = "segments"
HIDEABLE = ("seg", "inst")

_OWN: dict[Method, tuple[str, ...]] = {
    "saliency": ("seg_cut",),
    "threshold": ("seg_rule", "seg_level", "seg_side"),
    "kmeans": ("seg_groups", "seg_place"),
    "watershed": ("seg_relief", "seg_side", "seg_apart"),
    "grabcut": ("seg_rounds",),
    "superpixels": ("seg_patches", "seg_compact"),
    "deeplab": (),
}
"""Settings of each method."""
_PARTED = ("kmeans", "watershed", "superpixels", "deeplab")
_MAIN: dict[Method, str] = {
    "saliency": "seg_cut",
    "threshold": "seg_level",
    "kmeans": "seg_groups",
    "watershed": "seg_apart",
    "grabcut": "seg_rounds",
    "superpixels": "seg_patches",
    "deeplab": "seg_opacity",
}
"""The slider above the stage."""


def load_components() -> None:
    """Send the code of the page's components, once."""
    segments_view.code.load()
    tiles.code.load()
    curves.load_components()


def draw_main(controls: Controls[SegmentLesson]) -> None:
    """Method, its main slider, and how the object is shown; they wrap on a phone."""
    controls.react("seg_method", refresh.everything)
    controls.react("seg_shows", refresh.everything)
    method = controls.lesson.seg_method
    main = "seg_rule" if _is_otsu(controls.lesson) else _MAIN[method]
    controls.row("seg_method", main, "seg_shows")


def _is_otsu(lesson: SegmentLesson) -> bool:
    return lesson.seg_method == "threshold" and lesson.seg_rule == "otsu"


def draw_settings(controls: Controls[SegmentLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    methods, shown, scene = st.tabs(["Methods", "Shown", "Instances"])
    above = {"seg_rule" if _is_otsu(now) else _MAIN[now.seg_method]}
    with methods:
        controls.draw("seg_second")
        own = [name for method in now.methods for name in _OWN[method] if name not in above]
        if now.seg_rule == "otsu":
            own = [name for name in own if name != "seg_level"]
        controls.draw(*dict.fromkeys(own))
        if "grabcut" in now.methods:
            st.caption("Draw a box around the object in the picture, or set it here.")
            controls.pair("seg_left", "seg_right")
            controls.pair("seg_top", "seg_bottom")
        objects = zip(("seg_object", "seg_other"), now.methods, strict=False)
        controls.draw(*(name for name, method in objects if method in _PARTED))
    with shown:
        if "seg_opacity" not in above and now.seg_shows == "paint":
            controls.draw("seg_opacity")
        elif now.seg_shows == "blur":
            controls.draw("seg_blur")
        elif now.seg_shows == "photo":
            controls.draw("seg_behind")
        else:
            st.caption("Nothing else to set for this one.")
    with scene:
        controls.draw("inst_shapes", "inst_kinds", "inst_overlap", "inst_seed")


def case_of(lesson: SegmentLesson) -> SegmentCase:
    """The lesson's picture, and what is known of it so far; the rest is asked for."""
    photo = current_image.photo()
    picture = working(photo.digest, photo.pixels)
    answers = [answered(lesson, method, photo.digest, picture) for method in lesson.methods]
    behind = _sample(lesson.seg_behind) if lesson.seg_shows == "photo" else None
    return SegmentCase(lesson, photo.title, picture, answers, behind)


@st.cache_resource(max_entries=8, show_spinner=False)
def _sample(slug: str) -> Image:
    return reduced(SAMPLES[slug].load())


def draw_stage(case: SegmentCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """Picture and parts, with their messages taken into the lesson."""
    segments(
        case,
        key=STAGE,
        conceal=bool(conceal),
        large=large,
        settle=settle,
        on_again=_look_again,
        on_parts=_switched,
        on_pick=_picked,
        on_box=_boxed,
        on_retry=_retried,
    )


def _look_again() -> None:
    """The view below waits for the same answer."""
    refresh.everything()


def _switched() -> None:
    place, _, rest = said(STAGE, "parts").partition(";")
    if rest:
        _assign(**{_object(place): rest.partition(";")[0]})


def _picked() -> None:
    place, _, rest = said(STAGE, "pick").partition(";")
    across, _, down = rest.partition(";")[0].partition(",")
    if down:
        case = case_of(state.current(SegmentLesson))
        inside = case.switched(int(place), float(across), float(down))
        _assign(**{_object(place): ", ".join(map(str, inside))})


def _object(place: str) -> str:
    return "seg_other" if int(place) else "seg_object"


def _boxed() -> None:
    box, _, _ = said(STAGE, "box").partition(";")
    sides = box.split(",")
    if len(sides) == 4:
        names = ("seg_left", "seg_top", "seg_right", "seg_bottom")
        _assign(**dict(zip(names, sides, strict=True)))


def _assign(**values: str) -> None:
    """Take values into the lesson, the nearest ones that have a result."""
    lesson = state.current(SegmentLesson)
    state.assign(SegmentLesson.nearest(lesson.model_dump() | values)[0])
    refresh.everything()


def _retried() -> None:
    if method := said(STAGE, "retry"):
        ask_again(method)
        refresh.stage()


# Predict first


def ask(case: SegmentCase) -> Conceal:
    """Let the audience guess, once the methods have answered; what must still be hidden."""
    questions = _questions(case)
    if not questions:
        st.info("The questions come with the answer.", icon=":material/hourglass:")
        return "values"
    done = predict.ask(questions, case=_name(case))
    return "" if len(done) == len(questions) else "values"


def guessed(case: SegmentCase) -> bool:
    """Whether all guesses are in."""
    questions = _questions(case)
    return bool(questions) and predict.answered(questions, case=_name(case))


def _name(case: SegmentCase) -> str:
    """Another name for another question; how it is shown changes none."""
    same = {"seg_shows": "paint", "seg_opacity": 55, "seg_blur": 12, "seg_behind": "grass"}
    lesson = case.lesson.model_copy(update=same)
    return f"{hash((lesson, current_image.photo().digest)):x}"


def _questions(case: SegmentCase) -> Sequence[predict.Question]:
    mask = case.masks[0]
    if mask is None or case.waiting:
        return ()
    tenths = round(10 * float(mask.mean()))
    found = [
        predict.Question(
            "area",
            f"How many tenths of the picture does {TITLES[case.segmented[0].method]} hold for "
            "the object? (0 to 10)",
            (float(tenths),),
            ("Tenths",),
            f"It is {per_cent(float(mask.mean()))} of the picture.",
        )
    ]
    if case.comparison is not None:
        found.append(
            predict.Question(
                "iou",
                "How many tenths is the IoU of the two methods? (0 to 10)",
                (float(round(10 * case.comparison.iou)),),
                ("Tenths",),
                f"It is {case.comparison.iou:.2f}.",
            )
        )
    return tuple(found)
