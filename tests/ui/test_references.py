"""References to elements that a browser has seen: it must still have them."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import create_reference_msg, populate_hash_if_needed
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from core.ui import references

STAGE, VIEW = "stage", "view"
CHART, NOTES, PICTURE = ("chart" * 4_000, "notes" * 4_000, "picture" * 4_000)
KEPT_FOR = 2
"""Runs, as `global.maxCachedMessageAge` has it."""


class Browser:
    """Keeps large elements as Streamlit's browser part does (`ForwardMessageCache`)."""

    def __init__(self):
        self.kept, self.runs = {}, 0

    def hear(self, messages):
        for fragment, message in messages:
            if message.HasField("ref_hash"):
                if message.ref_hash not in self.kept:
                    raise LookupError("Cached ForwardMsg MISS")
                owner = self.kept[message.ref_hash][1]
                self.kept[message.ref_hash] = (self.runs, owner)
            elif message.metadata.cacheable:
                self.kept[message.hash] = (self.runs, fragment)

    def end(self, fragments):
        self.runs += 1
        self.kept = {
            name: (seen, owner)
            for name, (seen, owner) in self.kept.items()
            if (fragments and owner not in fragments) or self.runs - seen <= KEPT_FOR
        }


class Server:
    """Runs fragments of one session; `mended` or as Streamlit does."""

    def __init__(self, *, mended):
        self.context = SimpleNamespace(
            fragment_storage=MemoryFragmentStorage(), cached_message_hashes=frozenset()
        )
        self.out = []
        self.reset, self.enqueue = self._reset, self._enqueue
        if mended:
            self.reset = references.resetting(self._reset)
            self.enqueue = references.noting(self._enqueue)

    @staticmethod
    def _reset(context, fragments, cached):
        context.fragment_ids_this_run = fragments
        context.cached_message_hashes = cached

    def _enqueue(self, context, message):
        known = message.hash in context.cached_message_hashes
        sent = create_reference_msg(message) if known else message
        self.out.append((message.delta.fragment_id, sent))

    def run(self, fragments, drawn, told):
        """What goes to the browser.

        Args:
            fragments: that run; None for all.
            drawn: (fragment, text) of each large element.
            told: hashes that the browser has named.
        """
        self.out = []
        self.reset(self.context, fragments, frozenset(told))
        for fragment, text in drawn:
            message = ForwardMsg()
            message.delta.new_element.markdown.body = text
            message.delta.fragment_id = fragment
            populate_hash_if_needed(message)
            self.enqueue(self.context, message)
        return self.out


def left_and_opened_again(server, browser, runs_meanwhile):
    """The view changes twice, the second time before the browser has heard of the first."""
    browser.hear(server.run(None, [(STAGE, PICTURE), (VIEW, CHART)], []))
    browser.end(None)
    for _ in range(runs_meanwhile):
        browser.hear(server.run([STAGE], [(STAGE, PICTURE)], browser.kept))
        browser.end([STAGE])
    told = list(browser.kept)
    first = server.run([VIEW], [(VIEW, NOTES)], told)
    second = server.run([VIEW], [(VIEW, CHART)], told)
    for messages in (first, second):
        browser.hear(messages)
        browser.end([VIEW])
    return second


def test_streamlit_alone_refers_to_what_is_gone():
    """Should this ever fail, `references` is no longer needed."""
    with pytest.raises(LookupError):
        left_and_opened_again(Server(mended=False), Browser(), runs_meanwhile=4)


@pytest.mark.parametrize("runs_meanwhile", [0, 1, 4, 9])
def test_what_is_not_surely_there_comes_whole(runs_meanwhile):
    last = left_and_opened_again(Server(mended=True), Browser(), runs_meanwhile)
    assert [message.HasField("ref_hash") for _, message in last] == [False]


def test_what_stands_still_is_sent_once():
    server, browser = Server(mended=True), Browser()
    browser.hear(server.run(None, [(STAGE, PICTURE), (VIEW, CHART)], []))
    browser.end(None)
    for fragments in ([STAGE], [STAGE], [VIEW], [STAGE, VIEW], None, [VIEW]):
        drawn = [(STAGE, PICTURE), (VIEW, CHART)]
        run = [one for one in drawn if fragments is None or one[0] in fragments]
        messages = server.run(fragments, run, browser.kept)
        assert all(message.HasField("ref_hash") for _, message in messages)
        browser.hear(messages)
        browser.end(fragments)


def test_what_the_browser_does_not_name_comes_whole():
    server = Server(mended=True)
    server.run([VIEW], [(VIEW, CHART)], [])
    ((_, message),) = server.run([VIEW], [(VIEW, CHART)], [])
    assert not message.HasField("ref_hash")


def test_small_elements_are_not_remembered():
    server = Server(mended=True)
    server.run([VIEW], [(VIEW, "short")], [])
    assert references.Sent().begin(None) == frozenset()
    assert references._sent_by(server.context).begin(None) == frozenset()


def test_a_server_is_mended_once(monkeypatch):
    for name in ("reset", "enqueue"):
        method = getattr(ScriptRunContext, name)
        monkeypatch.setattr(ScriptRunContext, name, getattr(method, "__wrapped__", method))
    before = ScriptRunContext.reset, ScriptRunContext.enqueue
    references.mend()
    mended = ScriptRunContext.reset, ScriptRunContext.enqueue
    assert all(one is not other for one, other in zip(before, mended, strict=True))
    references.mend()
    assert mended == (ScriptRunContext.reset, ScriptRunContext.enqueue)
