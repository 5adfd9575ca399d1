"""Draws for the page: asked of the engine, kept for a while, waited for in words."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TypeVar

from distributed import Future

from core import engine
from core.augment.answers import Draws, answer, ask
from core.engine import EngineError
from core.lessons.augmentation import AugmentationLesson
from core.lessons.augmentation_case import AugmentationCase, subject_of
from core.ui import current_image

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds that the page waits for draws before it says that it waits."""
MOST_KEPT = 12
"""Answers that are kept, of all sessions together; each has up to 8 MB."""
MOST_ASKED = 32
"""Questions that are remembered while nobody has fetched the answer."""
STARTING = (
    "The engine is starting: Keras is loaded, which takes about ten seconds, once. Until then "
    "this is the original."
)
BUSY = "The engine is at work on something else; the draws come as soon as it is free."

_kept: OrderedDict[str, Draws] = OrderedDict()
_asked: OrderedDict[str, Future[Draws]] = OrderedDict()
_lock = threading.Lock()


def case_of(lesson: AugmentationLesson) -> AugmentationCase:
    """The lesson with its draws, or with the reason why there are none yet."""
    photo = current_image.photo()
    bare = subject_of(lesson, photo.pixels, photo.title, photo.digest, photo.sample)
    if why := lesson.unreadable():
        return replace(bare, error=why)
    request = bare.request()
    key = request.key
    with _lock:
        known = _kept.get(key)
    if known is not None:
        return replace(bare, draws=known)
    state = engine.status()
    if state.word in ("off", "starting"):
        return replace(bare, waits=STARTING)
    if state.word == "failed":
        return replace(bare, error=state.reason)
    try:
        with _lock:
            future = _asked.get(key) or ask(engine.connect(), request)
            _remember(_asked, key, future, MOST_ASKED)
        return replace(bare, draws=_fetch(key, future))
    except TimeoutError:
        return replace(bare, waits=BUSY)
    except EngineError as error:
        return replace(bare, error=str(error))


def ready(case: AugmentationCase) -> bool:
    """Whether draws that were waited for can be had, or asked for."""
    if engine.status().word in ("off", "starting"):
        return False
    with _lock:
        future = _asked.get(case.request().key)
    return future is None or future.status != "pending"


def _fetch(key: str, future: Future[Draws]) -> Draws:
    try:
        drawn = answer(future, PATIENCE)
    except EngineError:
        _forget(key)
        raise
    with _lock:
        _remember(_kept, key, drawn, MOST_KEPT)
    _forget(key)
    return drawn


def _forget(key: str) -> None:
    with _lock:
        _asked.pop(key, None)


def _remember(store: OrderedDict[str, T], key: str, value: T, most: int) -> None:
    """Keep the newest; a question that is let go of is not worked on any more."""
    store[key] = value
    store.move_to_end(key)
    while len(store) > most:
        store.popitem(last=False)
