"""What all lesson pages are: a stage with its sliders, settings beside it, a view below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import streamlit as st

from core.lessons.base import Lesson
from core.ui import frame, page, predict, presets, refresh, share, state
from core.ui.controls import Controls
from core.ui.notes import note
from core.ui.predict import Conceal

L = TypeVar("L", bound=Lesson)
C = TypeVar("C")
CaseOf = TypeVar("CaseOf", contravariant=True)


class DrawStage(Protocol[CaseOf]):
    """Shows a case on the page's stage."""

    def __call__(self, case: CaseOf, *, conceal: Conceal, large: bool, settle: bool) -> None:
        """Draw it.

        Args:
            case: the numbers.
            conceal: what the audience has still to predict.
            large: for a projector; the stage then takes the keyboard.
            settle: whether the stage says when it rests, so that the settings follow.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[L, C]):
    """What is particular to one page. A case is a lesson with its numbers filled in.

    Attributes:
        lesson: the settings.
        case: fills in the numbers; for any settings that have no `problem`.
        sliders: the few main controls above the stage; they redraw the stage, and the view
            unless it stands `still`.
        settings: all other controls, beside the stage; they redraw the whole page.
        stage: shows the case.
        ask: draws the questions of "Predict first", gives back what is still to be hidden.
        guessed: whether all guesses are in.
        download: the button with what can be taken home.
        code: the view "code": the script with the case's numbers.
        views: what else can stand below the stage, by slug, as `PAGES` lists them. "notes"
            comes by itself.
        secret: views that would give the answers away.
        still: views that the main sliders leave as they are.
        hideable: names of fields, or of families of fields, that a link may hide.
        components: sends the code of the page's components.
    """

    lesson: type[L]
    case: Callable[[L], C]
    sliders: Callable[[Controls[L]], None]
    settings: Callable[[Controls[L]], None]
    stage: DrawStage[C]
    ask: Callable[[C], Conceal]
    guessed: Callable[[C], bool]
    download: Callable[[C], None]
    code: Callable[[page.Page, C], None]
    views: Mapping[str, Callable[[C], None]]
    secret: tuple[str, ...]
    hideable: tuple[str, ...]
    components: Callable[[], None]
    still: tuple[str, ...] = ()


def show(here: page.Page, plan: Plan[L, C]) -> None:
    """Draw a page: three fragments that run again one by one (see `refresh`).

    Args:
        here: of `page.begin`.
        plan: what is particular to it.
    """

    @st.fragment(key=refresh.STAGE)
    def stage() -> None:
        _stage_part(here, plan)

    @st.fragment(key=refresh.SETTINGS)
    def settings() -> None:
        controls = Controls(plan.lesson, refresh.SETTINGS, refresh.everything)
        controls.note_ranges()
        plan.settings(controls)
        controls.settle()

    @st.fragment(key=refresh.VIEW)
    def view() -> None:
        _view_part(here, plan)

    stage_side, settings_side = st.columns([3, 1], gap="medium")
    with stage_side:
        stage()
    with settings_side:
        settings()
    view()
    plan.components()


def _stage_part(here: page.Page, plan: Plan[L, C]) -> None:
    """The stage is sent first, what stands above it afterwards."""
    bar, sliders = st.container(horizontal=True, vertical_alignment="center"), st.container()
    controls = Controls(plan.lesson, refresh.STAGE, refresh.slid)
    case = plan.case(controls.lesson)
    conceal: Conceal = plan.ask(case) if predict.on() else ""
    large, settle = frame.presenting(), controls.ranges_moved()
    plan.stage(case, conceal=conceal, large=large, settle=settle)
    presets.describe(controls.lesson)
    controls.show_notices()
    with bar:
        presets.picker(controls.lesson)
        share.share(here, controls.lesson, plan.hideable)
        plan.download(case)
        predict.switch()
    with sliders:
        plan.sliders(controls)
    controls.settle()


def _view_part(here: page.Page, plan: Plan[L, C]) -> None:
    chosen = page.views(here)
    guessing = chosen in plan.secret and predict.on()
    refresh.stands(chosen == "notes" or (chosen in plan.still and not guessing))
    if chosen == "notes":
        st.markdown(note(here.slug))
        return
    case = plan.case(state.current(plan.lesson))
    if guessing and not plan.guessed(case):
        st.info("Hidden until the guesses are in: this would give the answer away.")
        return
    if chosen == "code":
        plan.code(here, case)
    else:
        plan.views[chosen](case)
