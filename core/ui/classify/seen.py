"""The view "seen": what the network saw, with the numbers; right and wrong preprocessing."""

from __future__ import annotations

import cv2
import numpy as np
import streamlit as st

from core.lessons.classify import ClassifyLesson
from core.lessons.classify_case import Answered, ClassifyCase, Image
from core.ui import current_image
from core.ui.classify.stage import behind_of
from core.ui.components import tiles
from core.ui.components.sight import percent
from core.ui.pictures import png
from core.vision.classify import softmax, top
from core.vision.looks import LOOKS
from core.vision.question import Question
from core.vision.seen import Steps, believed, fits, steps
from core.vision.spec import ClassifySpec
from core.zoo.preprocessing import PREPROCESSINGS, Preprocessing

WAIT_S = 6.0
"""How long the view waits for a warm network: it is asked some ten times."""
_TILE_PX = 190
_STEP_PX = 158
"""So narrow that two stand side by side on a phone."""
_FIT_WORDS = {
    "crop": "cropped: a square from the middle",
    "squash": "squashed: the whole, out of proportion",
    "pad": "padded: the whole, filled up with grey",
}


def show_seen(case: ClassifyCase) -> None:
    """The steps of the first network, their numbers, and the answers to wrong ones."""
    answered, lesson = case.answered[0], case.lesson
    spec = lesson.spec(answered.network)
    whole = lesson.changes.apply(case.picture, behind_of(lesson))
    seen = steps(whole, spec)
    st.markdown(f"**What {answered.entry.title} is given**")
    _show_steps(seen, answered.entry.preprocessing)
    _show_numbers(seen)
    st.markdown("**The same pixels, other preprocessing**")
    st.caption(
        "Each picture is what the network must take its input for. Nothing warns: wrong input "
        "has the right shape, and the answer looks as sure as ever."
    )
    if LOOKS.failure(answered.network) or not answered.warm:
        st.caption("The answers come once the network is loaded.")
        return
    scalings = {
        slug: spec.model_copy(update={"scaling": slug, "fit": "crop"})
        for slug in PREPROCESSINGS
    }
    _compare(case, answered, seen.picture, scalings, key="seen_scalings")
    st.markdown("**The right levels, other squares**")
    right = spec.entry.takes
    squares: dict[str, ClassifySpec] = {
        fit: spec.model_copy(update={"scaling": right, "fit": fit}) for fit in fits()
    }
    _compare(case, answered, seen.picture, squares, key="seen_fits")


def _show_steps(seen: Steps, expected: Preprocessing) -> None:
    height, width = seen.picture.shape[:2]
    side = seen.pixels.shape[0]
    cut_h, cut_w = seen.cut.shape[:2]
    shown = believed(seen.given, expected)
    parts = (
        (_framed(seen), "Picture", f"{width} x {height}"),
        (seen.cut, "Square", f"{cut_w} x {cut_h}"),
        (seen.pixels, "Resized", f"{side} x {side}, levels 0 to 255"),
        (shown, "Normalised", f"{side} x {side} x 3 numbers, {_range(seen)}"),
    )
    grid = st.grid(min_column_width=_STEP_PX)
    for picture, title, words in parts:
        with grid.cell():
            st.image(png(_edged(_small(picture))), alt=f"{title}: {words}", width="stretch")
            st.markdown(f"**{title}**  \n:small[{words}]")


def _small(picture: Image) -> Image:
    """No more pixels than the column shows."""
    longest = max(picture.shape[:2])
    if longest <= _MOST_PX:
        return picture
    share = _MOST_PX / longest
    size = (round(picture.shape[1] * share), round(picture.shape[0] * share))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


_MOST_PX = 420


def _edged(picture: Image) -> Image:
    """With a grey edge, so that white is seen on white."""
    edged = picture.copy()
    edged[[0, -1]] = edged[:, [0, -1]] = _EDGE
    return edged


_EDGE = 150


def _framed(seen: Steps) -> Image:
    """The picture, dark where it is cut away."""
    x0, y0, x1, y1 = (max(place, 0) for place in seen.box_xyxy)
    dark = (seen.picture * 0.4).astype(np.uint8)
    dark[y0:y1, x0:x1] = seen.picture[y0:y1, x0:x1]
    return dark


def _range(seen: Steps) -> str:
    return f"{seen.given.min():.2f} to {seen.given.max():.2f}"


def _show_numbers(seen: Steps) -> None:
    """The mapping of one pixel in full, and how the channels are spread afterwards."""
    row, column = seen.middle
    prepared = seen.preprocessing
    st.markdown(f"Preprocessing: **{prepared.title}**. {prepared.explanation}")
    lines = [
        f"| channel | pixel [{row}, {column}] | least | largest | mean | deviation |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for (name, level, mean, deviation, value), (_, low, high, centre, spread) in zip(
        seen.arithmetic(), seen.spread(), strict=True
    ):
        terms = f"({level} - {mean:g}) / {deviation:g} = {value:.3f}"
        lines.append(
            f"| {name} | {terms} | {low:.2f} | {high:.2f} | {centre:.2f} | {spread:.2f} |"
        )
    st.markdown("\n".join(lines))


def _compare(
    case: ClassifyCase,
    answered: Answered,
    picture: Image,
    specs: dict[str, ClassifySpec],
    *,
    key: str,
) -> None:
    """A tile for each way: what the network takes it for, and its likeliest classes."""
    logits = _asked(case.lesson, case.picture, list(specs.values()))
    expected = answered.entry.preprocessing
    shown, captions = [], []
    for slug, spec in specs.items():
        seen = steps(picture, spec)
        shown.append(believed(seen.given, expected))
        captions.append(_tile(slug, spec, seen, logits.get(slug_of(spec)), case.lesson))
    tiles.show(np.stack(shown), captions, key=key, alt="Ways to prepare the picture",
               side_px=_TILE_PX)  # fmt: skip


def slug_of(spec: ClassifySpec) -> tuple[str, str]:
    """What tells the compared ways apart."""
    return spec.fit, spec.preprocessing.slug


def _asked(
    lesson: ClassifyLesson, picture: Image, specs: list[ClassifySpec]
) -> dict[tuple[str, str], np.ndarray]:
    digest, behind = current_image.photo().digest, behind_of(lesson)
    questions = {slug_of(s): Question.of(digest, s, lesson.changes) for s in specs}
    LOOKS.want(questions.values(), picture, behind)
    LOOKS.wait(list(questions.values()), WAIT_S)
    known = LOOKS.want(questions.values(), picture, behind)
    return {slug: known[question] for slug, question in questions.items() if question in known}


def _tile(
    slug: str,
    spec: ClassifySpec,
    seen: Steps,
    logits: np.ndarray | None,
    lesson: ClassifyLesson,
) -> tiles.Tile:
    words = _FIT_WORDS.get(slug) or PREPROCESSINGS[slug].title
    right = spec.is_right and slug not in _FIT_WORDS
    title = f"{words} (right)" if right else words
    if logits is None:
        return tiles.Tile(title, detail="not answered yet")
    guesses = top(softmax(logits, lesson.class_temperature), min(lesson.top_count, 5))
    first = guesses[0]
    return tiles.Tile(
        caption=title,
        detail=f"{first.name} {percent(first.probability)}; values {_range(seen)}",
        right=True if right else None,
        bars=tuple((guess.name, guess.probability) for guess in guesses),
    )
