"""The view "blocks": every block with its parameters, and where the cut is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.lessons.transfer import TITLES, WAYS, TransferLesson
from core.palette import PALETTES
from core.training.anatomy import Anatomy, Share, shares, step_bytes
from core.training.transfer import Way
from core.ui.downloads import theme
from core.ui.transfer import backbones
from core.ui.transfer.strip import colour_of

_KEY = "blocks_way"


def show(lesson: TransferLesson, classes: int) -> None:
    """Draw a row for each block.

    Args:
        lesson: the settings.
        classes: that the head tells apart.
    """
    anatomy = backbones.anatomy_of(lesson.backbone)
    if anatomy is None:
        backbones.ask(lesson.backbone)
        return
    way: Way = st.segmented_control(
        "Way", WAYS, default="finetune", key=_KEY, required=True, format_func=_title
    )
    found = shares(lesson.spec(way), anatomy, classes)
    st.html(table(found, anatomy, way))
    _sums(lesson, anatomy, found, way)


def _title(way: Way) -> str:
    return TITLES[way]


def _sums(lesson: TransferLesson, anatomy: Anatomy, found: Sequence[Share], way: Way) -> None:
    learnt, frozen = sum(s.trainable for s in found), sum(s.frozen for s in found)
    spec = lesson.spec(way)
    text = (
        f"**{learnt:,}** parameters are learnt, **{frozen:,}** stay as they are. A step with "
        f"{spec.batch_size} pictures keeps about {step_bytes(spec, anatomy) / 2**20:,.0f} MiB "
        "of activations of the open blocks."
    )
    if way == "frozen":
        text += " The features are computed once, so a step is two matrix products."
    st.markdown(text)
    st.caption(
        "Frozen are also the means and variances of batch norm: no gradient reaches them. In "
        "fine-tuning they stay ImageNet's, unless they are let go under The cut."
    )


def table(found: Sequence[Share], anatomy: Anatomy, way: Way) -> str:
    """Blocks from the picture to the answer as rows of HTML: maps, parameters, a bar."""
    largest = max(share.trainable + share.frozen for share in found)
    sizes = {
        part.name: f"{part.size_hw[0]} x {part.size_hw[1]} x {part.channels}"
        for part in anatomy.parts
    }
    rows = []
    for place, share in enumerate(found):
        before = found[place - 1] if place else None
        if before is not None and not before.trainable and share.trainable and way != "scratch":
            rows.append(_cut_row())
        rows.append(_row(share, sizes.get(share.name, ""), largest, way))
    head = (
        "<tr><th>Block</th><th>Feature maps</th><th class='n'>Learnt</th>"
        "<th class='n'>Frozen</th><th></th></tr>"
    )
    return f"<style>{_style()}</style><table class='anatomy'>{head}{''.join(rows)}</table>"


def _row(share: Share, size: str, largest: int, way: Way) -> str:
    everything = max(share.trainable + share.frozen, 1)
    width = max(100 * (everything / largest), 0.6)
    part = 100 * share.trainable / everything
    bar = (
        f'<div class="bar" style="width:{width:.2f}%"><i style="width:{part:.1f}%;'
        f'background:{colour_of(way)}"></i></div>'
    )
    name = escape(share.name + (" (head)" if share.in_head else ""))
    learnt = f"{share.trainable:,}" if share.trainable else "–"
    return (
        f"<tr><td>{name}</td><td>{size}</td><td class='n'>{learnt}</td>"
        f"<td class='n'>{share.frozen:,}</td><td class='w'>{bar}</td></tr>"
    )


def _cut_row() -> str:
    return "<tr class='cut'><td colspan='5'>the cut: below it weights are learnt</td></tr>"


def _style() -> str:
    palette = PALETTES[theme()]
    hatch = f"repeating-linear-gradient(45deg,{palette.hatch} 0 1px,transparent 1px 5px)"
    return (
        ".anatomy{border-collapse:collapse;width:100%;font-size:0.875rem;"
        "font-variant-numeric:tabular-nums}"
        ".anatomy th{text-align:left;font-weight:600;padding:0.15rem 0.6rem 0.3rem 0}"
        ".anatomy td{padding:0.1rem 0.6rem 0.1rem 0;white-space:nowrap}"
        ".anatomy .n{text-align:right}.anatomy .w{width:50%;padding-right:0}"
        f".anatomy .bar{{height:0.85rem;background:{hatch};"
        f"box-shadow:inset 0 0 0 1px {palette.hatch};border-radius:2px;overflow:hidden}}"
        ".anatomy .bar i{display:block;height:100%}"
        f".anatomy .cut td{{border-top:3px dashed {palette.window};color:{palette.window};"
        "font-weight:600;padding-top:0.2rem}"
        "@media (max-width:640px){.anatomy td:nth-child(2),.anatomy th:nth-child(2)"
        "{display:none}.anatomy .w{width:25%}}"
    )
