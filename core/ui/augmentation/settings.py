"""The controls of the page "Augmentation"."""

from __future__ import annotations

import random

import streamlit as st

from core.augment import AugmentError, PipelineSpec
from core.augment.catalog import catalog, step_of
from core.augment.pipelines import PIPELINES
from core.augment.steps.base import GROUPS, StepModel
from core.lessons.augmentation import AugmentationLesson, read_frames
from core.lessons.base import bounds
from core.ui import refresh, state
from core.ui.augmentation import step_controls
from core.ui.controls import Controls
from core.ui.downloads import button

HIDEABLE = (
    "augment_mode", "augment_step", "augment_steps", "augment_draws", "augment_seed",
    "augment_picture", "augment_scene", "augment_side", "augment_boxes", "augment_rule",
    "augment_keep", "augment_layers", "help_data", "help_images", "help_epochs", "help_seed",
)  # fmt: skip
MOST_BYTES = 200_000
"""Of a pipeline's file."""
_FILE = "pipeline_file"
_FILE_ERROR = "_pipeline_file_error"
_GROUP, _KIND = "augment_group", "augment_kind"


def draw_main(controls: Controls[AugmentationLesson]) -> None:
    """What is shown, which augmentation, how many draws; a row that wraps on a phone."""
    controls.react("augment_mode", refresh.everything)
    lesson = controls.lesson
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        controls.draw("augment_mode")
        if lesson.augment_mode == "one":
            _choose_kind(lesson)
        else:
            _draws(controls)
    if lesson.augment_mode == "one":
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            _draws(controls)


def _draws(controls: Controls[AugmentationLesson]) -> None:
    controls.draw("augment_draws", "augment_seed")
    st.button(
        "New draw", icon=":material/casino:", key="augment_again", on_click=_draw_anew,
        help="Another seed. With the seed left alone, the draws stay the same.",
    )  # fmt: skip


def _choose_kind(lesson: AugmentationLesson) -> None:
    """The group, and one of its augmentations."""
    kind: str = lesson.single.kind  # type: ignore[attr-defined]
    entries = catalog()
    if st.session_state.get(_GROUP) != entries[kind].group:
        st.session_state[_GROUP] = entries[kind].group
    st.selectbox(
        "Group", GROUPS, key=_GROUP, on_change=_use_group, width=170,
        format_func=str.capitalize,
        help=f"{len(entries)} augmentations in {len(GROUPS)} groups.",
    )  # fmt: skip
    names = [name for name, entry in entries.items() if entry.group == entries[kind].group]
    key = f"{_KIND}_{GROUPS.index(entries[kind].group)}"
    if st.session_state.get(key) != kind:
        st.session_state[key] = kind
    st.selectbox(
        "Augmentation", names, key=key, on_change=_use_kind, args=(key,), width=220,
        format_func=lambda name: entries[name].title, help=entries[kind].about,
    )  # fmt: skip


def _use_group() -> None:
    group = st.session_state[_GROUP]
    first = next(name for name, entry in catalog().items() if entry.group == group)
    _take_kind(first)


def _use_kind(key: str) -> None:
    _take_kind(st.session_state[key])


def _take_kind(kind: str) -> None:
    if refresh.sent_by(refresh.STAGE) == "no":
        return
    step_controls.assign_step(AugmentationLesson, step_of(kind))


def _draw_anew() -> None:
    lesson = state.current(AugmentationLesson)
    seeds = [n for n in bounds(AugmentationLesson, "augment_seed") if n != lesson.augment_seed]
    seed = random.choice(seeds)  # noqa: S311 - no secret
    state.assign(lesson.model_copy(update={"augment_seed": seed}))
    refresh.everything()


def draw_settings(controls: Controls[AugmentationLesson]) -> None:
    """All other settings: of the step or the pipeline, and of the picture."""
    lesson = controls.lesson
    if lesson.augment_mode == "one":
        _one(controls)
    else:
        if lesson.augment_mode == "boxes":
            _boxes(controls)
        _pipeline(controls)
    st.markdown("**Picture**")
    controls.draw("augment_picture")
    if lesson.augment_picture != "photo":
        controls.draw("augment_scene")
    if lesson.augment_picture != "digit":
        controls.draw("augment_side")
    with st.expander("Runs"):
        st.caption("For the view Training: does the pipeline help?")
        controls.draw("help_data", "help_images", "help_epochs", "help_seed")


def _one(controls: Controls[AugmentationLesson]) -> None:
    step = controls.lesson.single
    st.markdown(f"**{step.title}**")
    st.caption(step.about)
    step_controls.draw(step, refresh.SETTINGS, _take_step)
    with st.container(horizontal=True):
        st.button(
            "Defaults", icon=":material/restart_alt:", key="augment_defaults",
            on_click=_use_defaults, help="Every setting as it was at first.",
        )  # fmt: skip
        st.button(
            "Add to the pipeline", icon=":material/playlist_add:", key="augment_append",
            on_click=_append, help="As its last step, with these settings.",
        )  # fmt: skip
    with st.expander("As text"):
        controls.draw("augment_step")


def _take_step(step: StepModel) -> None:
    step_controls.assign_step(AugmentationLesson, step)


def _use_defaults() -> None:
    kind: str = state.current(AugmentationLesson).single.kind  # type: ignore[attr-defined]
    step_controls.assign_step(AugmentationLesson, step_of(kind))


def _append() -> None:
    lesson = state.current(AugmentationLesson)
    longer = lesson.with_steps((*lesson.own_pipeline.steps, lesson.single))
    state.assign(longer.model_copy(update={"augment_mode": "pipeline"}))
    refresh.everything()


def _boxes(controls: Controls[AugmentationLesson]) -> None:
    st.markdown("**Boxes and masks**")
    controls.draw("augment_rule")
    if controls.lesson.augment_rule == "drop":
        controls.draw("augment_keep")
    controls.draw("augment_layers")
    if controls.lesson.augment_picture == "photo":
        with st.expander("Own boxes as text"):
            controls.draw("augment_boxes")
            try:
                read_frames(controls.lesson.augment_boxes)
            except ValueError as error:
                st.error(str(error))
            st.button(
                "Back to the example's boxes", key="augment_no_boxes", on_click=_forget_boxes,
                disabled=not controls.lesson.augment_boxes,
            )  # fmt: skip


def _forget_boxes() -> None:
    state.assign(state.current(AugmentationLesson).model_copy(update={"augment_boxes": ""}))
    refresh.everything()


def _pipeline(controls: Controls[AugmentationLesson]) -> None:
    """Named pipelines, and the own one as a file and as text."""
    lesson = controls.lesson
    st.markdown("**Pipeline**")
    _named(lesson)
    spec = lesson.pipeline
    with st.expander("Save and load"):
        button("Save (JSON)", lambda: spec.model_dump_json(indent=2), "pipeline.json")
        st.file_uploader(
            "Load (JSON)", type="json", key=_FILE, on_change=_load, max_upload_size=1
        )
        if error := st.session_state.get(_FILE_ERROR):
            st.error(error)
        controls.draw("augment_steps")


def _named(lesson: AugmentationLesson) -> None:
    menu = st.popover(
        "Named pipelines", icon=":material/list_alt:", key="pipeline_menu", on_change="rerun",
        width="stretch",
    )  # fmt: skip
    if menu.open:
        with menu:
            for named in PIPELINES.values():
                st.button(
                    named.title, key=f"pipeline_{named.slug}", width="stretch",
                    help=f"{named.about} Source: {named.source}.",
                    on_click=take_steps, args=(named.spec,),
                )  # fmt: skip
    steps = lesson.own_pipeline.steps
    known = next((named for named in PIPELINES.values() if named.spec.steps == steps), None)
    if known:
        st.caption(f"**{known.title}.** {known.about} Source: {known.source}.")


def take_steps(spec: PipelineSpec) -> None:
    """Callback: make these the page's pipeline."""
    state.assign(state.current(AugmentationLesson).with_steps(spec.steps))
    refresh.everything()


def _load() -> None:
    uploaded = st.session_state.get(_FILE)
    st.session_state.pop(_FILE_ERROR, None)
    if uploaded is None:
        return
    try:
        spec = read_file(uploaded.getvalue())
    except AugmentError as error:
        st.session_state[_FILE_ERROR] = str(error)
        return
    keep = round(20 * spec.keep_boxes) * 5
    rule = {"augment_rule": "drop", "augment_keep": keep} if keep else {"augment_rule": "clip"}
    lesson = state.current(AugmentationLesson).with_steps(spec.steps)
    state.assign(lesson.model_copy(update=rule))
    refresh.everything()


def read_file(content: bytes) -> PipelineSpec:
    """The pipeline in a file that somebody brings.

    Raises:
        AugmentError: it is none; the message says why.
    """
    if len(content) > MOST_BYTES:
        raise AugmentError(
            f"The file has {len(content):,} bytes; a pipeline has at most {MOST_BYTES:,}. Use "
            "a file from Save."
        )
    return PipelineSpec.from_json(content)
