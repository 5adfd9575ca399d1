"""The view "facts": the formulas, and what the numbers of the two boxes say."""

from __future__ import annotations

import streamlit as st

from core.lessons.boxes_case import BoxesCase
from core.lessons.boxes_lines import say
from core.vision.metrics import box_iou


def show_facts(case: BoxesCase) -> None:
    """Formulas, then remarks."""
    left, right = st.columns(2)
    with left:
        st.latex(r"\text{IoU} = \frac{|A \cap B|}{|A \cup B|}")
        st.latex(r"\text{GIoU} = \text{IoU} - \frac{|C| - |A \cup B|}{|C|}")
    with right:
        st.latex(r"\text{DIoU} = \text{IoU} - \frac{d^2}{c^2}")
        st.latex(
            r"\text{CIoU} = \text{DIoU} - \alpha v,\quad v = \frac{4}{\pi^2}\left("
            r"\arctan\frac{w_a}{h_a} - \arctan\frac{w_b}{h_b}\right)^2"
        )
    st.markdown("\n".join(f"- {text}" for text in remarks(case)))


def remarks(case: BoxesCase) -> list[str]:
    """What the numbers of a case say, in sentences."""
    v = case.values
    texts = [
        f"As a loss each is 1 - measure: {say(1 - v['iou'])} of IoU, {say(1 - v['giou'])} of "
        f"GIoU, {say(1 - v['diou'])} of DIoU, {say(1 - v['ciou'])} of CIoU."
    ]
    if not v["shared"]:
        texts.append(
            "The boxes share nothing: IoU is 0 wherever B stands, so its gradient says "
            "nothing. GIoU and DIoU still fall as B moves away."
        )
    elif min(v["area_a"], v["area_b"]) == v["shared"] < max(v["area_a"], v["area_b"]):
        texts.append(
            "One box lies within the other: the box round both is the larger one, so GIoU is "
            "IoU wherever the smaller one stands. DIoU is largest where the centres meet."
        )
    elif v["iou"] == 1:
        texts.append("The boxes are the same: all four measures are 1.")
    texts += [_other_way(case), _dice(case)]
    return texts


def _other_way(case: BoxesCase) -> str:
    """How much a pixel more or less would do."""
    plus = case.lesson.plus_pixel
    other = float(box_iou(*case.lesson.boxes, plus_one=not plus))
    now, then = ("with + 1", "without") if plus else ("without + 1", "with it")
    iou, cut = case.values["iou"], case.lesson.match_at
    text = (
        f"IoU is {say(iou)} {now} and {say(other)} {then}: the same four numbers of each box, "
        "two conventions."
    )
    if (iou >= cut) != (other >= cut):
        text += f" One of them is a hit at {say(cut)}, the other is not."
    return text


def _dice(case: BoxesCase) -> str:
    iou = case.values["iou"]
    return (
        f"Dice of the two areas is 2 IoU / (1 + IoU) = {say(2 * iou / (1 + iou))}. It sounds "
        "better and says the same."
    )
