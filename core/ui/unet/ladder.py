"""The anatomy of a U-Net: the sizes of its maps, down and up again."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import streamlit as st

from core.architecture.unet import Rung, UNet, ladder
from core.lessons.unet import UNetLesson, fitting
from core.palette import PALETTES
from core.ui.components.ladder import drawn

LEFT, RIGHT, TOP = 30, 990, 46
"""Of the drawing, in its own units."""
LEVEL, STEP, INSET, NARROW = 104, 74, 44, 52
"""Height of a level, from one box to the next, how far a level stands further in, and from box
to box along the bottom, where it is narrow."""
_INK = PALETTES["light"]


def show(lesson: UNetLesson) -> None:
    """The ladder of the network as it is set, its table, and both paddings compared."""
    side, channels, classes = lesson.shown_side, lesson.ladder_channels, lesson.ladder_classes
    rungs = ladder(lesson.network, (side, side), channels, classes)
    if side != lesson.ladder_side:
        st.caption(f":material/straighten: {lesson.ladder_side} pixels do not go through this "
                   f"network; {side} do.")  # fmt: skip
    out = rungs[-1].side_hw[0]
    total = sum(rung.parameters for rung in rungs)
    st.markdown(
        f"**{side} x {side} x {channels} in, {out} x {out} x {classes} out**, "
        f"{total:,} parameters."
    )
    drawn(drawing(rungs, lesson.network.depth), key="unet_ladder")
    st.caption(
        "Boxes are maps: their height stands for the side, their width for how many there are. "
        "Down: two convolutions and a max pooling. Up: enlarged, laid beside the maps of the "
        "way down, two convolutions."
    )
    st.markdown("**valid or same**")
    st.dataframe(compared(lesson), hide_index=True, width="stretch")
    st.caption(
        "Each valid 3 x 3 convolution takes a rim of one pixel. On the way up the maps are "
        "smaller than those of the way down at the same level, so that the skip has to be "
        "cropped, and the mask is of the middle of the picture alone. The published network "
        "took 572 to 388 with crops of 4, 16, 40 and 88; with same nothing is cropped."
    )
    with st.expander("All rungs as a table"):
        st.dataframe(table(rungs), hide_index=True, width="stretch")


def table(rungs: Sequence[Rung]) -> list[dict[str, object]]:
    """Every rung with its arithmetic."""
    return [
        {
            "rung": rung.name,
            "size": f"{rung.side_hw[0]} x {rung.side_hw[1]}",
            "maps": rung.channels,
            "parameters": rung.parameters,
            "how": rung.explanation,
        }
        for rung in rungs
    ]


def compared(lesson: UNetLesson) -> list[dict[str, object]]:
    """Both paddings level by level, each from the side that is nearest to the one set."""
    rows: list[dict[str, object]] = []
    both = {}
    for padding in ("valid", "same"):
        network = lesson.network.model_copy(update={"padding": padding, "skips": True})
        side = fitting(network, lesson.ladder_side)
        both[padding] = ladder(network, (side, side))
    for level in range(lesson.network.depth + 1):
        row: dict[str, object] = {"level": level}
        for padding, rungs in both.items():
            row |= _level(padding, rungs, level, lesson.network)
        rows.append(row)
    return rows


def _level(padding: str, rungs: Sequence[Rung], level: int, network: UNet) -> dict[str, object]:
    here = {rung.name: rung for rung in rungs if rung.level == level}
    if level == network.depth:
        bottom = here[f"bottom_{level}_conv_2"].side_hw[0]
        return {f"{padding}: down": bottom, f"{padding}: crop": None, f"{padding}: up": bottom}
    return {
        f"{padding}: down": here[f"down_{level}_conv_2"].side_hw[0],
        f"{padding}: crop": here[f"skip_{level}"].crop_hw[0],
        f"{padding}: up": here[f"up_{level}_conv_2"].side_hw[0],
    }


def drawing(rungs: Sequence[Rung], depth: int) -> str:
    """The U as SVG; a screen reader hears the sizes.

    Args:
        rungs: of `core.architecture.unet.ladder`.
        depth: of the network.
    """
    places = _places(rungs, depth)
    height = TOP + (depth + 1) * LEVEL
    parts = [_box(rung, *places[rung.name]) for rung in rungs if rung.name in places]
    lines = _lines(rungs, places)
    words = ", ".join(
        f"{rung.name.replace('_', ' ')} {rung.side_hw[0]} x {rung.side_hw[1]} x {rung.channels}"
        for rung in rungs
    )
    return (
        f'<svg viewBox="0 0 {RIGHT + LEFT} {height}" role="img" aria-label="{words}" '
        'font-size="12" fill="currentColor" text-anchor="middle">'
        f"{''.join(lines)}{''.join(parts)}</svg>"
    )


def _places(rungs: Sequence[Rung], depth: int) -> dict[str, tuple[float, float]]:
    """Middle of each box."""
    places: dict[str, tuple[float, float]] = {}
    for rung in rungs:
        y = TOP + rung.level * LEVEL + 34
        left, right = LEFT + rung.level * INSET, RIGHT - rung.level * INSET
        if rung.kind == "input" or rung.kind == "pool":
            places[rung.name] = (left + 8, y)
        elif rung.name.startswith(("down", "bottom")):
            number = int(rung.name[-1])
            places[rung.name] = (left + 8 + number * STEP, y)
        elif rung.kind == "output":
            places[rung.name] = (right, y)
        elif rung.kind == "convolution":
            number = int(rung.name[-1])
            places[rung.name] = (right - (3 - number) * STEP, y)
        elif rung.kind == "skip" or f"skip_{rung.level}" not in {r.name for r in rungs}:
            places[rung.name] = (right - 3 * STEP, y)
    pooled, low = places[f"pool_{depth - 1}"]
    middle = (LEFT + RIGHT) / 2
    for number in (0, 1):
        x = max(middle + (number - 0.5) * STEP, pooled + (number + 1) * NARROW)
        places[f"bottom_{depth}_conv_{number + 1}"] = (x, low)
    return places


def _size(rung: Rung) -> tuple[float, float]:
    """Width and height of a box."""
    wide = 6 + 4.2 * math.log2(rung.channels + 1)
    high = 8 + 5.2 * math.log2(rung.side_hw[0] + 1)
    return min(wide, 52), min(high, 62)


def _box(rung: Rung, x: float, y: float) -> str:
    wide, high = _size(rung)
    fill = {"skip": _INK.kernel, "output": _INK.output, "input": _INK.muted}.get(
        rung.kind, _INK.lines[0]
    )
    size = f"{rung.side_hw[0]} x {rung.side_hw[1]}"
    return (
        f"<g><title>{rung.name}: {rung.explanation or size}</title>"
        f'<rect x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:.1f}" '
        f'height="{high:.1f}" rx="2" fill="{fill}" fill-opacity="0.75"/>'
        f'<text x="{x:.1f}" y="{y - high / 2 - 4:.1f}" font-weight="600">{rung.channels}</text>'
        f'<text x="{x:.1f}" y="{y + high / 2 + 12:.1f}" font-size="10.5" opacity="0.85">'
        f"{size}</text></g>"
    )


def _lines(rungs: Sequence[Rung], places: dict[str, tuple[float, float]]) -> list[str]:
    """What leads from box to box, from edge to edge."""
    lines = []
    shown = [rung for rung in rungs if rung.name in places]
    for before, after in itertools.pairwise(shown):
        (x0, y0), (x1, y1) = places[before.name], places[after.name]
        if y0 == y1:
            start, end = x0 + _size(before)[0] / 2 + 2, x1 - _size(after)[0] / 2 - 3
            lines.append(_line(f"M{start:.1f} {y0:.1f}H{end:.1f}", "currentColor", "plain"))
        elif after.kind == "pool":
            start, end = y0 + _size(before)[1] / 2 + 17, y1 - _size(after)[1] / 2 - 19
            path = f"M{x0:.1f} {start:.1f}V{(start + end) / 2:.1f}H{x1:.1f}V{end:.1f}"
            lines.append(_line(path, _INK.window, "down"))
        else:
            start, end = y0 - _size(before)[1] / 2 - 19, y1 + _size(after)[1] / 2 + 18
            path = f"M{x0:.1f} {start:.1f}V{(start + end) / 2:.1f}H{x1:.1f}V{end:.1f}"
            lines.append(_line(path, _INK.output, "up"))
    lines += [_skip(rung, rungs, places) for rung in rungs if rung.kind == "skip"]
    return [_HEADS, *lines]


def _skip(rung: Rung, rungs: Sequence[Rung], places: dict[str, tuple[float, float]]) -> str:
    """The dashed line that a skip connection is, with what is cropped of it."""
    down = next(r for r in rungs if r.name == f"down_{rung.level}_conv_2")
    x0, y = places[down.name]
    start, end = x0 + _size(down)[0] / 2 + 2, places[rung.name][0] - _size(rung)[0] / 2 - 4
    says = f"crop {rung.crop_hw[0]}" if rung.crop_hw[0] else "laid beside"
    words = f'<text x="{(start + end) / 2:.1f}" y="{y - 6:.1f}" font-weight="600">{says}</text>'
    return _line(f"M{start:.1f} {y:.1f}H{end:.1f}", _INK.kernel, "skip", "6 4") + words


def _line(path: str, colour: str, head: str, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{path}" stroke="{colour}" stroke-width="1.8" fill="none"'
        f'{dashed} marker-end="url(#ladder-{head})"/>'
    )


_HEADS = "".join(
    f'<marker id="ladder-{head}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" '
    f'markerHeight="7" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8Z" '
    f'fill="{colour}"/></marker>'
    for head, colour in {
        "plain": "currentColor",
        "down": _INK.window,
        "up": _INK.output,
        "skip": _INK.kernel,
    }.items()
)
