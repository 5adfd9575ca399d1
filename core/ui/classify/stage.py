"""The stage of the page "Classify": the picture, what the networks say, and the curve."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.images.samples import SAMPLES
from core.lessons.classify import GREY, ClassifyLesson
from core.lessons.classify_case import Answered, ClassifyCase, Image, working
from core.lessons.classify_charts import challenge_chart
from core.ui import current_image, curves, predict, refresh, state
from core.ui.components import sight as sight_view
from core.ui.components import tiles
from core.ui.components import zoo as zoo_view
from core.ui.components.sight import sight
from core.ui.components.source import said
from core.ui.controls import Controls
from core.ui.predict import Conceal
from core.vision.challenges import CHALLENGES, UNCHANGED, Changes
from core.vision.looks import LOOKS
from core.vision.question import Question

STAGE = "sight"
HIDEABLE = (
    "classifier", "second", "top", "class", "seen", "challenge", "hard", "patch", "bend",
    "photo_behind",
)  # fmt: skip
CURVE_PX = 210
PATIENCE_S = 0.35
"""How long the stage waits for an answer before it shows itself without: a warm network gives
one in 30 ms."""


def load_components() -> None:
    """Send the code of the page's components, once."""
    sight_view.code.load()
    tiles.code.load()
    zoo_view.code.load()
    curves.load_components()


def draw_main(controls: Controls[ClassifyLesson]) -> None:
    """The challenge with its slider, k and the temperature; they wrap on a phone."""
    controls.react("challenge", refresh.everything)
    now = controls.lesson.challenge
    controls.row("challenge", f"hard_{now}", "top_count", "class_temperature")


def draw_settings(controls: Controls[ClassifyLesson]) -> None:
    """All other settings, in tabs."""
    now = controls.lesson
    network, challenges = st.tabs(["Network", "Challenges"])
    with network:
        controls.draw("classifier", "second_classifier", "seen_fit", "seen_scaling")
    with challenges:
        st.caption("They add up. The curve holds all but the chosen one.")
        controls.draw(*(f"hard_{slug}" for slug in CHALLENGES if slug != now.challenge))
        if now.hard_patch or now.challenge == "patch":
            controls.pair("patch_across", "patch_down")
        if now.hard_bending or now.challenge == "bending":
            controls.draw("bend_seed")
        if now.hard_clutter or now.challenge == "clutter":
            controls.draw("photo_behind")
        st.button(
            "All back to rest", icon=":material/restart_alt:", on_click=_rest, key="at_rest",
            disabled=not now.changes.positions,
        )  # fmt: skip


def _rest() -> None:
    """Every challenge where it changes nothing."""
    lesson = state.current(ClassifyLesson)
    still = {f"hard_{slug}": float(entry.neutral) for slug, entry in CHALLENGES.items()}
    state.assign(lesson.model_copy(update=still))
    refresh.everything()


def case_of(lesson: ClassifyLesson) -> ClassifyCase:
    """The lesson's picture, and what is known of it so far; the rest is asked for."""
    photo = current_image.photo()
    picture = _working(photo.digest, photo.pixels)
    behind = behind_of(lesson)
    bare = lesson.changes.at("patch", 0).bare()
    shown = _changed(photo.digest, bare, picture, behind)
    answered = [
        _answered(lesson, network, photo.digest, picture, behind) for network in lesson.networks
    ]
    return ClassifyCase(lesson, photo.title, picture, shown, answered)


@st.cache_resource(max_entries=16, show_spinner=False)
def _working(digest: str, _pixels: Image) -> Image:
    """The photo at the size in which it is changed and shown."""
    del digest
    pixels = working(_pixels)
    pixels.setflags(write=False)
    return pixels


@st.cache_resource(max_entries=64, show_spinner=False)
def _changed(digest: str, changes: Changes, _picture: Image, _behind: Image | None) -> Image:
    """The picture with its challenges; the stage and the view below want the same one."""
    del digest
    return changes.apply(_picture, _behind)


def behind_of(lesson: ClassifyLesson) -> Image | None:
    """The photo that may come up behind."""
    return None if lesson.photo_behind == GREY else _sample(lesson.photo_behind)


@st.cache_resource(max_entries=8, show_spinner=False)
def _sample(slug: str) -> Image:
    return working(SAMPLES[slug].load())


def _answered(
    lesson: ClassifyLesson,
    network: str,
    digest: str,
    picture: Image,
    behind: Image | None,
) -> Answered:
    places = lesson.questions(digest, network)
    now, base = places[lesson.position], Question.of(digest, lesson.spec(network), UNCHANGED)
    known = LOOKS.want([now, base], picture, behind, urgent=True)
    if now not in known and LOOKS.is_warm(network):
        LOOKS.wait([now], PATIENCE_S)
        known = LOOKS.want([now, base], picture, behind, urgent=True)
    curve = LOOKS.want(places.values(), picture, behind)
    return Answered(
        network,
        lesson.class_temperature,
        known.get(now),
        known.get(base),
        {place: curve[question] for place, question in places.items() if question in curve},
        len(places),
        LOOKS.failure(network),
        LOOKS.is_warm(network),
        (coming.done, coming.total) if (coming := LOOKS.coming(network)) else None,
    )


def draw_stage(case: ClassifyCase, *, conceal: Conceal, large: bool, settle: bool) -> None:
    """Picture, answers and curve, with their messages taken into the lesson."""
    sight(
        case,
        key=STAGE,
        conceal=bool(conceal),
        large=large,
        settle=settle,
        on_again=refresh.stage,
        on_patch=_patched,
        on_retry=_retried,
    )
    if conceal:
        return
    if all(answered.curve for answered in case.answered):
        curves.show(challenge_chart(case), key="challenge_curve", height_px=CURVE_PX)
    else:  # as high as the curve, so that nothing moves when it comes
        with st.container(height=CURVE_PX + 75, border=False):
            st.caption(f"Here comes the curve over all of {case.challenge.title}.")


def _patched() -> None:
    place, _, how = said(STAGE, "patch").partition(";")
    across, _, down = place.partition(",")
    if not down:
        return
    moved = {"patch_across": round(100 * float(across)), "patch_down": round(100 * float(down))}
    lesson = state.current(ClassifyLesson)
    state.assign(ClassifyLesson.nearest(lesson.model_dump() | moved)[0])
    if how == "drag":  # the settings and the link follow when the drag is over
        refresh.stage()
    else:
        refresh.everything()


def _retried() -> None:
    if network := said(STAGE, "retry"):
        LOOKS.try_again(network)
        refresh.stage()


# Predict first


def ask(case: ClassifyCase) -> Conceal:
    """Let the audience guess, once the networks have answered; what must still be hidden."""
    questions = _questions(case)
    if not questions:
        st.info("The questions come with the network's answer.", icon=":material/hourglass:")
        return "values"
    done = predict.ask(questions, case=_name(case))
    return "" if len(done) == len(questions) else "values"


def guessed(case: ClassifyCase) -> bool:
    """Whether all guesses are in."""
    questions = _questions(case)
    return bool(questions) and predict.answered(questions, case=_name(case))


def _name(case: ClassifyCase) -> str:
    """Another name for another question; the number of classes shown changes none."""
    lesson = case.lesson.model_copy(update={"top_count": 5})
    return f"{hash((lesson, current_image.photo().digest)):x}"


def _questions(case: ClassifyCase) -> Sequence[predict.Question]:
    answered = case.answered[0]
    rows, kept = answered.rows(1), answered.kept()
    if not rows or kept is None:
        return ()
    challenge, places = case.challenge, len(answered.curve)
    first = answered.rows(1)[0]
    low, high = min(answered.curve), max(answered.curve)
    return (
        predict.Question(
            "tenths",
            "How sure is the network: how many tenths does its first class get? (0 to 10)",
            (float(round(10 * first.probability)),),
            ("Tenths",),
            f"It says {first.name} with {sight_view.percent(first.probability)}.",
        ),
        predict.Question(
            "kept",
            f"{challenge.title} goes from {low:g} to {high:g} {challenge.unit}: at how many of "
            f"the {places} positions does the unchanged picture's class stay first?",
            (float(kept),),
            ("Positions",),
            "The curve below shows where it is overtaken.",
        ),
    )
