"""What waits for a browser while a part of the page runs again."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import create_reference_msg, populate_hash_if_needed
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from core.ui import sending

VIEW = "view"
LARGE = "x" * 20_000
FINISHED = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
STREAMLIT = getattr(ForwardMsgQueue.clear, "__wrapped__", ForwardMsgQueue.clear)


def block(*path, fragment=""):
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.add_block.allow_empty = True
    message.delta.fragment_id = fragment
    return message


def text(*path, fragment="", body="a"):
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.new_element.markdown.body = body
    message.delta.fragment_id = fragment
    populate_hash_if_needed(message)
    return message


def finished():
    message = ForwardMsg()
    message.script_finished = FINISHED
    return message


class Browser:
    """Puts elements in their places, as the real one does, and refuses what it refuses."""

    def __init__(self, *drawn):
        self.tree = {}
        self.take(drawn)

    def take(self, messages):
        for message in messages:
            if message.WhichOneof("type") not in {"delta", "ref_hash"}:
                continue
            *above, last = message.metadata.delta_path
            children = self.tree
            for place in above:
                if place not in children:
                    raise IndexError("Cannot set a node at a delta path")
                children = children[place]
            if last > len(children):
                raise IndexError(f"Bad delta path index {last}")
            children.setdefault(last, {})
        return self.tree


def view():
    """A container, a slider, and a large picture that the browser has seen before."""
    return [
        block(0, 0, fragment=VIEW),
        text(0, 0, 0, fragment=VIEW),
        create_reference_msg(text(0, 0, 1, fragment=VIEW, body=LARGE)),
    ]


def slider_before_the_view():
    return [*view(), finished()]


def page_around_the_view():
    """What comes after the fragment belongs to nobody."""
    return [*view(), text(0, 1)]


def redrawn(waiting, clear, flushed=0):
    """The view runs again while `waiting` has not left, but for its first messages."""
    queue, browser = ForwardMsgQueue(), Browser(block(0))
    browser.take(waiting[:flushed])
    for message in waiting[flushed:]:
        queue.enqueue(message)
    clear(queue, retain_lifecycle_msgs=True, fragment_ids_this_run=[VIEW])
    for message in view():
        queue.enqueue(message)
    left = queue.flush()
    return left, browser.take(left)


@pytest.mark.parametrize("waiting", [slider_before_the_view, page_around_the_view])
def test_streamlit_alone_breaks_the_page(waiting):
    """Should this ever fail, `sending` is no longer needed."""
    with pytest.raises(IndexError, match="delta path"):
        redrawn(waiting(), STREAMLIT)


@pytest.mark.parametrize("flushed", range(4))
@pytest.mark.parametrize("waiting", [slider_before_the_view, page_around_the_view])
def test_whatever_has_left_the_page_can_be_drawn(waiting, flushed):
    _, tree = redrawn(waiting(), sending.in_order(STREAMLIT), flushed)
    whole = Browser(block(0), *waiting(), *view()).tree
    assert tree == whole


def test_the_run_before_counts_as_cut_short():
    """Else the browser would take away what that run has not drawn."""
    left, _ = redrawn(slider_before_the_view(), sending.in_order(STREAMLIT))
    ends = [m.script_finished for m in left if m.WhichOneof("type") == "script_finished"]
    assert ends == [ForwardMsg.FINISHED_EARLY_FOR_RERUN]


def test_a_run_of_the_whole_page_begins_with_an_empty_queue():
    queue = ForwardMsgQueue()
    for message in view():
        queue.enqueue(message)
    sending.in_order(STREAMLIT)(queue, retain_lifecycle_msgs=True)
    assert queue.is_empty()


def test_a_server_is_mended_once(monkeypatch):
    monkeypatch.setattr(ForwardMsgQueue, "clear", STREAMLIT)
    sending.mend()
    mended = ForwardMsgQueue.clear
    assert mended is not STREAMLIT
    sending.mend()
    assert ForwardMsgQueue.clear is mended
