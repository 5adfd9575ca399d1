"""What only a server shows that nobody has visited yet, and what it has loaded at the end."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.ui.page import PAGES
from tests.e2e.conftest import Visit
from tests.e2e.pages import eventually, expect_setting, settled, sidebar
from tests.e2e.server import Server, serving
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

WATCHED = '''
"""Streamlit's command line; SIGUSR1 writes the names of all loaded packages to a file."""
import pathlib, signal, sys

def tell(*_):
    names = sorted({name.partition(".")[0] for name in list(sys.modules)})
    target = pathlib.Path(__file__).with_name("modules.txt")
    draft = target.with_suffix(".draft")
    draft.write_text("\\n".join(names))
    draft.rename(target)

signal.signal(signal.SIGUSR1, tell)
from streamlit.web.cli import main
sys.argv[0] = "streamlit"
main()
'''


@pytest.fixture
def unvisited(tmp_path: Path) -> Iterator[Server]:
    """A server that has just started."""
    with serving(tmp_path / "app.log") as server:
        yield server


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Server]:
    """A server that tells on SIGUSR1 what it has loaded."""
    program = tmp_path / "watched.py"
    program.write_text(WATCHED)
    with serving(tmp_path / "app.log", (sys.executable, str(program))) as server:
        yield server


def test_a_deep_link_shows_its_figure_in_the_frame_as_the_very_first_visit(
    unvisited: Server, visit: Visit
) -> None:
    page = visit("/convolution?stride_height=2&cell=1,1", server=unvisited)
    stage = Stage(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Convolution")
    stage.expect_shape(2, 2)
    expect(stage.where).to_have_text("output [1, 1]")
    stage.expect_sum("14")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(sidebar(page).get_by_text("Current image")).to_be_visible()
    links = sidebar(page).get_by_role("link")
    expect(links).to_contain_text([entry.title for entry in PAGES])
    expect_setting(page, "stride_height", "2")
    expect_setting(page, "cell", "1,1")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGUSR1")
def test_the_server_never_loads_a_deep_learning_framework(
    watched: Server, visit: Visit, tmp_path: Path
) -> None:
    page = visit("/", server=watched)
    for title in ("Image as numbers", "Convolution"):
        sidebar(page).get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        settled(page)
    names = tmp_path / "modules.txt"
    watched.process.send_signal(signal.SIGUSR1)
    eventually(page, names.exists, expected=True)
    loaded = set(names.read_text().split())
    assert {"streamlit", "numpy", "core"} <= loaded
    assert not loaded & {"tensorflow", "keras", "keras_cv", "torch"}
