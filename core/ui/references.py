"""References to what a browser has seen are sent only where it surely still has it.

A browser keeps large elements for a few runs and names them with each of its messages; the
server then sends a reference in their place. What the browser names may be gone when the
reference comes (Streamlit 1.67): its message was sent before it heard of the end of a run
without the element, and at such an end it throws the element away. "Cached ForwardMsg MISS", a
lost connection: a view that was left and opened again on a slow line was enough.

Surely there is what the latest run of the element's own fragment has sent: only the end of a
later run of that fragment can take it away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.fragment import FragmentStorage
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


def mend() -> None:
    """Have the runs of this server refer to nothing that may be gone."""
    if hasattr(ScriptRunContext.reset, "__wrapped__"):  # all sessions share the class
        return
    ScriptRunContext.reset = resetting(ScriptRunContext.reset)  # type: ignore[method-assign]
    ScriptRunContext.enqueue = noting(ScriptRunContext.enqueue)  # type: ignore[method-assign]


class Sent:
    """Hashes of the large elements that the latest run of each fragment has sent."""

    def __init__(self) -> None:
        self._by_fragment: dict[str, set[str]] = {}
        self._lock = Lock()

    def begin(self, fragments: Iterable[str] | None) -> frozenset[str]:
        """A run begins: what the browser surely has.

        Args:
            fragments: that run; None where the whole page does.
        """
        with self._lock:
            sure = frozenset[str]().union(*self._by_fragment.values())
            for fragment in [*self._by_fragment] if fragments is None else fragments:
                self._by_fragment.pop(fragment, None)
        return sure

    def note(self, fragment: str, name: str) -> None:
        """A large element is sent, or referred to."""
        with self._lock:
            self._by_fragment.setdefault(fragment, set()).add(name)


def resetting(reset: Callable[..., None]) -> Callable[..., None]:
    """A way to begin a run that believes the browser only where it cannot be too late."""

    @wraps(reset)
    def resets(self: ScriptRunContext, *given: Any, **named: Any) -> None:  # noqa: ANN401
        reset(self, *given, **named)
        sure = _sent_by(self).begin(self.fragment_ids_this_run)
        self.cached_message_hashes &= sure

    return resets


def noting(enqueue: Callable[..., None]) -> Callable[..., None]:
    """A way to send that remembers what it has sent."""

    @wraps(enqueue)
    def enqueues(self: ScriptRunContext, message: ForwardMsg) -> None:
        enqueue(self, message)
        if message.metadata.cacheable and message.hash:
            _sent_by(self).note(message.delta.fragment_id, message.hash)

    return enqueues


def _sent_by(context: ScriptRunContext) -> Sent:
    """That of a session: its fragments outlive its runs."""
    with _LOCK:
        return _SESSIONS.setdefault(context.fragment_storage, Sent())


_SESSIONS: WeakKeyDictionary[FragmentStorage, Sent] = WeakKeyDictionary()
_LOCK = Lock()
