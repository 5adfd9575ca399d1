"""The network of a page: chosen, put together row by row, counted, and written down.

A page whose lesson inherits `core.lessons.architecture.ArchitectureFields` draws
`draw_settings` among its settings and `show` as one of its views, and sends `load_components`
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st
from pydantic import TypeAdapter

from core.architecture import (
    INITIALIZERS,
    KINDS,
    PRESETS,
    Architecture,
    ArchitectureError,
    Row,
    RowTrace,
    totals,
    trace,
)
from core.architecture.functional import FUNCTIONAL
from core.architecture.network import MOST_ROWS
from core.export.model_code import Api, ModelSpec, model_script
from core.lessons.architecture import OWN, ArchitectureFields
from core.ui import refresh, state
from core.ui.components import rows
from core.ui.components.rows import Beside, Words
from core.ui.controls import Controls
from core.ui.downloads import button

L = TypeVar("L", bound=ArchitectureFields)
Shape = tuple[int, int, int]

EDITOR = "network_rows"
_ROW: TypeAdapter[Row] = TypeAdapter(Row)
_WORDS = Words(
    row="layer",
    headings=("Output", "Parameters"),
    empty="No layers yet: the image goes straight into the output.",
)
_BATCH = 32
"""For the memory, on pages that have no batch size."""


def draw_settings(controls: Controls[L]) -> None:
    """The named network or the own one, and how its weights begin."""
    lesson = controls.lesson
    controls.draw("network")
    if lesson.network == OWN:
        controls.draw("layers")
        if why := lesson.unreadable():
            st.error(why)
    else:
        st.caption(PRESETS[lesson.network].about)
    controls.draw("initializer")
    st.caption(INITIALIZERS[lesson.initializer].about)
    controls.draw("norm_order")


def show(kind: type[ArchitectureFields], input_shape: Shape, classes: int) -> None:
    """The editor, what the network costs, and its code.

    Args:
        kind: the page's settings.
        input_shape: (height, width, channels) of an image.
        classes: outputs of the network.
    """
    lesson = state.current(kind)
    traced = trace(lesson.built(), input_shape, classes)
    with st.container(horizontal=True, vertical_alignment="center"):
        _named_networks(kind, input_shape, classes)
        st.markdown(_description(lesson))
    if why := lesson.unreadable():
        st.error(why)
    st.markdown(_costs(lesson, traced))
    _editor(kind, lesson.built(), traced)
    _code(_model(lesson, input_shape, classes))
    _beyond_rows()


def load_components() -> None:
    """Send the code of the components of this view; call once a page."""
    rows.code.load()


# The named networks


def _named_networks(kind: type[ArchitectureFields], input_shape: Shape, classes: int) -> None:
    menu = st.popover(
        "Named networks", icon=":material/account_tree:", key="network_menu", on_change="rerun"
    )
    if not menu.open:
        return
    with menu:
        for named in PRESETS.values():
            size = totals(trace(named.architecture, input_shape, classes)).parameters
            st.button(
                f"{named.title} ({size:,})",
                key=f"network_{named.slug}",
                help=f"{named.about} {named.source}.",
                on_click=_take,
                args=(kind, named.architecture),
                width="stretch",
            )
        st.caption("In brackets: parameters for these images.")


def _take(kind: type[ArchitectureFields], architecture: Architecture) -> None:
    state.assign(state.current(kind).with_architecture(architecture))
    refresh.everything()


def _description(lesson: ArchitectureFields) -> str:
    if lesson.network == OWN:
        return "**Own network.** The link carries it."
    named = PRESETS[lesson.network]
    return f"**{named.title}.** {named.about} Source: {named.source}."


# What it costs


def _costs(lesson: ArchitectureFields, traced: Sequence[RowTrace]) -> str:
    size = totals(traced)
    batch: int = getattr(lesson, "batch_size", _BATCH)
    fixed = f" (of them {size.fixed:,} running statistics)" if size.fixed else ""
    return (
        f"**{size.parameters:,} parameters**{fixed}, {bytes_in_words(size.weight_bytes())}. "
        f"**{size.multiply_adds:,} multiply-adds** an image. Training with Adam and batches of "
        f"{batch} keeps at least **{bytes_in_words(size.training_bytes(batch))}**."
    )


def bytes_in_words(count: int) -> str:
    """A size in memory, in powers of 1,000.

    Example:
        >>> bytes_in_words(246_824), bytes_in_words(12), bytes_in_words(3_400_000)
        ('247 KB', '12 bytes', '3.4 MB')
    """
    for power, unit in ((9, "GB"), (6, "MB"), (3, "KB")):
        if count >= 10**power:
            value = count / 10**power
            return f"{value:.3g} {unit}" if value < 100 else f"{value:,.0f} {unit}"
    return f"{count} bytes"


# The editor


def _editor(
    kind: type[ArchitectureFields], architecture: Architecture, traced: Sequence[RowTrace]
) -> None:
    def edit() -> None:
        found = rows.edited(EDITOR, _ROW, MOST_ROWS)
        if found is not None:
            _take(kind, Architecture(rows=found))

    parameters = totals(traced).parameters
    first, *between, last = (beside(row, parameters) for row in traced)
    rows.rows(
        architecture.rows,
        between,
        key=EDITOR,
        kinds=KINDS,
        words=_WORDS,
        on_edit=edit,
        first=("Image", first),
        last=("Output: a logit for each class", last),
        most=MOST_ROWS,
    )


def beside(row: RowTrace, parameters: int) -> Beside:
    """What stands at a row of the editor.

    Args:
        row: its trace.
        parameters: of the whole network, for the bar.
    """
    details = []
    if row.arithmetic:
        details.append(f"Parameters: {row.arithmetic}")
    if row.cost:
        details.append(f"Multiply-adds: {row.cost}")
    count = f"{row.parameters:,}" if row.parameters else ""
    return Beside(
        row.name,
        (row.shape_text, count),
        row.parameters / parameters if parameters and row.parameters else None,
        details,
        row.problem if row.waits else row.note,
        "" if row.waits else row.problem,
    )


# The code


def _model(lesson: ArchitectureFields, input_shape: Shape, classes: int) -> ModelSpec:
    """The model that a run of these settings begins with."""
    seed: int | None = getattr(lesson, "seed", None)
    return ModelSpec(
        lesson.built(),
        input_shape,
        classes,
        lesson.norm_order,
        lesson.initializer,
        getattr(lesson, "dropout", 0.0),
        seed,
    )


def _code(spec: ModelSpec) -> None:
    panel = st.expander(
        "As Keras code", icon=":material/code:", key="network_code", on_change="rerun"
    )
    if not panel.open:
        return
    with panel:
        api: Api = st.segmented_control(
            "Written with",
            ["functional", "sequential"],
            default="functional",
            required=True,
            key="network_api",
            help="functional: layers are called on tensors, so that branches can meet again; "
            "sequential: a plain list of layers.",
        )
        try:
            script = model_script(spec, seed=spec.dropout_seed or 0, api=api)
        except ArchitectureError as error:
            st.info(str(error))
            return
        button("Script (.py)", lambda: script, "network.py")
        st.code(script, language="python")


def _beyond_rows() -> None:
    panel = st.expander(
        "What a list of layers cannot say: branches and several inputs",
        icon=":material/fork_right:",
        key="network_beyond",
        on_change="rerun",
    )
    if not panel.open:
        return
    with panel:
        slug = st.segmented_control(
            "Example",
            list(FUNCTIONAL),
            default="shared-input",
            required=True,
            key="network_example",
        )
        example = FUNCTIONAL[slug]
        st.markdown(
            f"**{example.title}: {example.parameters:,} parameters.** {example.about} "
            f"Source: {example.source}."
        )
        st.code(example.code, language="python")
