"""With the network blocked, every view of every page works with what is here."""

import socket
import sys

import pytest

from core.assets.reach import Reach, ask
from core.ui.page import PAGES
from core.vision import bringing
from tests.pages.test_pages import errors, opened

VIEWS = [(page, view) for page in PAGES for view in page.views or ("",)]


@pytest.fixture(autouse=True)
def blocked(monkeypatch):
    """Every attempt to reach something outside is refused, and written down."""
    tried = []

    def refuse(_, address):
        tried.append(address)
        raise OSError(f"blocked: {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name, module in list(sys.modules.items()):
        if name.startswith("core.") and isinstance(getattr(module, "REACH", None), Reach):
            monkeypatch.setattr(
                module, "REACH", Reach(ask)
            )  # what others have heard is forgotten
    return tried


@pytest.mark.parametrize(("page", "view"), VIEWS, ids=lambda part: getattr(part, "slug", part))
def test_every_view_opens(page, view):
    at = opened(page.slug, **({"view": view} if view else {}))
    assert errors(at) == []
    assert [title.value for title in at.title] == [page.title]
    assert not at.error


def test_what_is_missing_is_said(blocked):
    at = opened("transfer", dataset="flowers")
    assert errors(at) == []
    told = " ".join(warning.value for warning in at.warning)
    assert "Flowers is not here yet" in told or "has to be downloaded" in told


def test_the_block_holds(blocked):
    with pytest.raises(OSError, match="blocked"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    assert blocked
    assert bringing.REACH.reason("https://example.org", 5)
