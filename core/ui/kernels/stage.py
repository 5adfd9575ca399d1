"""The stage of the page "Kernels": the bench, its sliders and settings, what is done on it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from core import numbers
from core.images.filtering import Colours, prepared
from core.kernels import KERNELS, LARGEST, PARAMETERS
from core.kernels.pasted import parse_kernel
from core.kernels.weights import Mirror, can_turn, resized
from core.kernels.words import short
from core.lessons.kernels import KernelLesson, with_suited
from core.lessons.kernels_case import KernelCase
from core.numbers import NumbersError
from core.ui import current_image, live_frame, predict, refresh, state
from core.ui.components import grids as grids_view
from core.ui.components import learning as learning_view
from core.ui.components import photo as photo_view
from core.ui.components import plots as plots_view
from core.ui.components.bench import bench
from core.ui.components.bench import code as bench_code
from core.ui.controls import Controls
from core.ui.predict import Conceal

BENCH = "bench"
HIDEABLE = (
    "named", "taps", "sigma", "amount", "angle", "wavelength", "phase", "aspect", "own", "turn",
    "mirror", "divide", "add", "colours", "border", "display", "resolution", "probe",
    "repeated", "second", "third", "operator", "smoothing", "canny", "learn",
)  # fmt: skip
_HISTORY = "_kernels_before"
_REFUSED = "_kernels_refused"
_MOST_BEFORE = 50
_OF_THE_KERNEL = ("named", "own_weights", "turn", "mirror", "divide", "divide_by", "add_offset")


def load_components() -> None:
    """Send the code of the page's components, once."""
    views = (grids_view, learning_view, plots_view)
    for code in (photo_view.code, bench_code, *(view.code for view in views)):
        code.load()


def draw_main(controls: Controls[KernelLesson]) -> None:
    """The kernel and the numbers that it depends on, in a row that wraps on a phone."""
    controls.react("named", _chosen)
    controls.row("named", *controls.lesson.parameters)


def draw_settings(controls: Controls[KernelLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    kernel_tab, photo_tab, row_tab, edges_tab, learn_tab = st.tabs(
        ["Kernel", "Photo", "Row", "Edges", "Learn"]
    )
    with kernel_tab:
        if now.named == "own":
            controls.draw("own_weights")
            if problem := now.text_problem("own_weights"):
                st.error(f"{problem} The last weights that could be read stay.")
        controls.draw("turn", "mirror", "divide")
        controls.pair("divide_by", "add_offset")
        if now.divide_by == 0:
            st.error("Dividing by 0 has no result; 1 is used instead.")
    with photo_tab:
        live_frame.switch()
        controls.draw("display", "colours", "border")
        if now.border == "constant":
            controls.draw("border_value")
        controls.draw("resolution", "probe")
    with row_tab:
        controls.draw("repeated")
        for step in ("second", "third"):
            controls.draw(step)
            _draw_step(controls, step)
    with edges_tab:
        controls.draw("operator")
        if now.operator == "sobel":
            controls.draw("operator_taps")
        controls.draw("smoothing", "canny_low", "canny_high", "canny_length")
    with learn_tab:
        controls.draw("learn_teacher", "learn_rate", "learn_momentum", "learn_steps")
        controls.pair("learn_lot", "learn_taps")
        controls.draw("learn_picture", "learn_scaling", "learn_batch", "learn_noise")
        controls.draw("learn_start")
    _send_photo(now)


def _draw_step(controls: Controls[KernelLesson], step: str) -> None:
    slug = getattr(controls.lesson, step)
    if slug != "none":
        names = KERNELS[slug].parameters
        controls.draw(*(f"{step}_{name}" for name in ("taps", "sigma") if name in names))


def _send_photo(lesson: KernelLesson) -> None:
    """The photo as the bench shows it; the steps of a slider then need not carry it along."""
    if live_frame.is_frame():
        return  # the bench brings it along
    case = case_of(lesson)
    photo_view.photo(case.before, identity=_identity(lesson), key="kernels_photo")


def _identity(lesson: KernelLesson) -> str:
    shown = live_frame.photo()
    return f"{shown.digest}-{lesson.colours}-{lesson.resolution}"


def case_of(lesson: KernelLesson) -> KernelCase:
    """The lesson's numbers, from the current image."""
    lesson, shown = readable(lesson), live_frame.photo()
    before = _prepared(shown.digest, lesson.colours, lesson.resolution, shown.pixels)
    return KernelCase(lesson, lesson.kernel(), before)


@st.cache_resource(max_entries=32, show_spinner=False)
def _prepared(
    digest: str, colours: Colours, side: int, _pixels: current_image.Pixels
) -> current_image.Pixels:
    """The photo as the kernel sees it, the same for every step of a slider."""
    del digest
    pixels = prepared(_pixels, colours, side)
    pixels.setflags(write=False)
    return pixels


def readable(lesson: KernelLesson) -> KernelLesson:
    """The lesson with unreadable weights replaced by the last ones that could be read."""
    good: dict[str, str] = st.session_state.setdefault("_readable_kernel", {})
    if lesson.text_problem("own_weights"):
        fallback = good.get("own_weights", KernelLesson().own_weights)
        turn = lesson.turn - lesson.turn % 2
        return lesson.model_copy(update={"own_weights": fallback, "turn": turn})
    good["own_weights"] = lesson.own_weights
    return lesson


def draw_stage(case: KernelCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """The bench, with its messages taken into the lesson."""
    bench(
        case,
        key=BENCH,
        identity=_identity(case.lesson),
        title=live_frame.photo().title,
        conceal=bool(conceal),
        large=large,
        settle=settle,
        undo=bool(st.session_state.get(_HISTORY)),
        refused=st.session_state.get(_REFUSED, ""),
        on_edit=_edited,
        on_paste=_pasted,
        on_act=_acted,
        on_pin=_pinned,
        on_frame=_framed,
        live=live_frame.on(),
        frame=live_frame.is_frame(),
    )


def _message(name: str) -> tuple[KernelLesson, str] | None:
    """The settings that were on show when the person acted, and what the bench says.

    The widgets may say otherwise: a message that comes while Streamlit still draws carries
    their old values along.
    """
    said = (st.session_state.get(BENCH) or {}).get(name)
    if not said:
        return None
    message = json.loads(said)
    return KernelLesson.nearest(message["settings"])[0], str(message["value"])


def _change(lesson: KernelLesson, after: KernelLesson) -> None:
    """Go on with another kernel; the present one can be taken back."""
    before: list[KernelLesson] = st.session_state.setdefault(_HISTORY, [])
    before.append(lesson)
    del before[:-_MOST_BEFORE]
    st.session_state.pop(_REFUSED, None)
    state.assign(
        after if after.problem() is None else KernelLesson.nearest(after.model_dump())[0]
    )
    refresh.everything()


def _chosen() -> None:
    """Another kernel begins with the numbers that suit it."""
    st.session_state.pop(_REFUSED, None)
    state.assign(with_suited(state.current(KernelLesson)))
    refresh.everything()


def _edited() -> None:
    if message := _message("edit"):
        lesson, changed = message
        weights = lesson.kernel().weights.copy()
        numbers.apply_edits({"k": weights}, numbers.parse_edits(changed))
        _change(lesson, lesson.with_weights(weights))


def _pasted() -> None:
    if message := _message("paste"):
        lesson, text = message
        try:
            weights = parse_kernel(text)
        except NumbersError as error:
            st.session_state[_REFUSED] = f"Not pasted. {error}"
            state.assign(lesson)
            refresh.everything()
            return
        fresh = lesson.model_copy(update={"divide_by": 1.0, "add_offset": 0.0, "named": "own"})
        _change(lesson, fresh.with_weights(weights))


def _acted() -> None:
    if message := _message("act"):
        lesson, act = message
        if act == "undo":
            _take_back(lesson)
        elif act == "turn":
            _change(lesson, _turned(lesson))
        elif act in ("horizontal", "vertical"):
            _change(lesson, lesson.model_copy(update={"mirror": _other(lesson.mirror, act)}))
        elif act in ("negate", "clear"):
            weights = lesson.kernel().weights
            _change(lesson, lesson.with_weights(-weights if act == "negate" else weights * 0))
        else:
            _resize(lesson, act)


def _turned(lesson: KernelLesson) -> KernelLesson:
    """One eighth further, or a quarter where there are no eighths, as the page shows it."""
    height, width = lesson.shape
    step = 1 if can_turn(height, width, 1) else 2
    # A kernel that is mirrored afterwards turns the other way.
    sign = -1 if lesson.mirror in ("horizontal", "vertical") else 1
    return lesson.model_copy(update={"turn": (lesson.turn + sign * step) % 8})


def _other(mirror: Mirror, act: str) -> str:
    """Mirrored once more along that axis."""
    parts = {"none": set(), "horizontal": {"horizontal"}, "vertical": {"vertical"},
             "both": {"horizontal", "vertical"}}[mirror] ^ {act}  # fmt: skip
    return "both" if len(parts) == 2 else next(iter(parts), "none")


def _resize(lesson: KernelLesson, act: str) -> None:
    weights = lesson.kernel().weights
    rows, columns = weights.shape
    change = 1 if act.endswith("+") else -1
    if act.startswith("rows"):
        rows += change
    else:
        columns += change
    if 1 <= rows <= LARGEST and 1 <= columns <= LARGEST:
        _change(lesson, lesson.with_weights(resized(weights, rows, columns)))


def _take_back(lesson: KernelLesson) -> None:
    """The kernel as it was before its last change; photo and views stay as they are."""
    before: list[KernelLesson] = st.session_state.get(_HISTORY, [])
    if before:
        earlier = before.pop()
        names = (*_OF_THE_KERNEL, *PARAMETERS)
        state.assign(lesson.model_copy(update={n: getattr(earlier, n) for n in names}))
        st.session_state.pop(_REFUSED, None)
        refresh.everything()


def _pinned() -> None:
    if message := _message("pin"):
        lesson, place = message
        state.assign(lesson.with_value("probe", place))
        refresh.everything()


def _framed() -> None:
    live_frame.take(str((st.session_state.get(BENCH) or {}).get("frame") or ""))
    refresh.stage()


def ask(case: KernelCase) -> Conceal:
    """Let the audience guess what the kernel makes of a flat area and of a pixel."""
    questions = _questions(case)
    answered = predict.ask(questions, case=_name(case))
    return "" if len(answered) == len(questions) else "values"


def guessed(case: KernelCase) -> bool:
    """Whether all guesses are in."""
    return predict.answered(_questions(case), case=_name(case))


def _name(case: KernelCase) -> str:
    """Another name for another kernel or another pixel."""
    return f"{hash((case.lesson, live_frame.photo().digest)):x}"


_FLAT = 100


def _questions(case: KernelCase) -> Sequence[predict.Question]:
    kernel, (row, column) = case.kernel, case.pixel
    total = float(kernel.weights.sum())
    flat = _FLAT * total / kernel.scale + kernel.offset
    divided = f" / {short(kernel.scale)}" if kernel.scale != 1 else ""
    added = f" + {short(kernel.offset)}" if kernel.offset else ""
    value = float(case.filtered.response.reshape(*case.before.shape[:2], -1)[row, column, -1])
    where = "" if case.before.ndim == 2 else " of the blue channel"
    return (
        predict.Question(
            "flat",
            f"What does this kernel make of a flat area of brightness {_FLAT}?",
            (round(flat, 6),),
            ("Answer",),
            f"The weights add up to {short(total)}: {_FLAT} * {short(total)}{divided}{added} = "
            f"{short(flat)}.",
        ),
        predict.Question(
            "sign",
            f"Is the answer at pixel [{row}, {column}]{where} negative (-1), zero (0) or "
            "positive (1)?",
            (float((value > _TINY) - (value < -_TINY)),),
            ("Sign",),
            f"The answer there is {short(value)}; its products stand below the photo.",
        ),
    )


_TINY = 1e-9
