"""What a browser is told reaches it in an order in which it can be drawn.

Where a fragment runs again before the messages of its last run have left the server, Streamlit
(1.67) drops these: the new run sends all of them again. What others have sent after them stays,
and so do references to large elements that the browser has seen before, since they do not say
whose they are. They come before the containers that they belong in, or before their elder
siblings, and the browser gives up ("Bad delta path index", "Cannot set a node at a delta
path"): a white page, and its run ends two minutes later. With pages that refresh themselves and
eight people that took two minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


def mend() -> None:
    """Have the queues of this server keep their order."""
    if not hasattr(ForwardMsgQueue.clear, "__wrapped__"):  # all sessions share the class
        ForwardMsgQueue.clear = in_order(ForwardMsgQueue.clear)  # type: ignore[method-assign]


def in_order(clear: Callable[..., None]) -> Callable[..., None]:
    """A way to empty a queue that drops nothing where only some fragments run again.

    What waits is sent, as it is where the server was a little faster. A run of the whole page
    still drops everything.
    """

    @wraps(clear)
    def clearing(
        self: ForwardMsgQueue,
        retain_lifecycle_msgs: bool = False,
        fragment_ids_this_run: list[str] | None = None,
        **others: Any,  # noqa: ANN401 - what a later version may add
    ) -> None:
        nobodys: list[str] | None = None if fragment_ids_this_run is None else []
        clear(self, retain_lifecycle_msgs, nobodys, **others)

    return clearing
