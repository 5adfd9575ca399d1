"""A page for the tests of the data section and of tiles, with a slow server of its own.

Run with `streamlit run tests/e2e/data_app.py`; `/?part=tiles` shows tiles that change,
`/?part=choice` tiles to choose from, everything else the data section.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))
PIECES = 12
"""The server sends the file in so many pieces."""
PAUSE = 0.25
"""Seconds between two pieces."""


def small_mnist() -> bytes:
    """Noise in the form of MNIST."""
    draw, file = np.random.default_rng(0), io.BytesIO()
    np.savez(
        file,
        x_train=draw.integers(0, 256, (300, 28, 28), dtype=np.uint8),
        y_train=np.arange(300, dtype=np.uint8) % 10,
        x_test=draw.integers(0, 256, (50, 28, 28), dtype=np.uint8),
        y_test=np.arange(50, dtype=np.uint8) % 10,
    )
    return file.getvalue()


class Handler(BaseHTTPRequestHandler):
    """Sends one file, slowly, from where it is asked for."""

    content = small_mnist()

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_GET(self) -> None:
        begin = int(self.headers.get("Range", "bytes=0-")[6:-1])
        left = self.content[begin:]
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(left)))
        self.end_headers()
        step = len(self.content) // PIECES
        for start in range(0, len(left), step):
            try:
                self.wfile.write(left[start : start + step])
            except ConnectionError:  # the download was stopped
                return
            threading.Event().wait(PAUSE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@st.cache_resource
def prepared() -> ThreadingHTTPServer:
    """An empty folder for downloads, and a server that has MNIST, but nothing else."""
    os.environ["KERAS_HOME"] = tempfile.mkdtemp()
    from core.data import published

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here, content = f"http://127.0.0.1:{server.server_port}", Handler.content
    for name in ("MNIST", "FASHION", "CIFAR10", "FLOWERS"):
        download = getattr(published, name)
        files = tuple(
            replace(file, addresses=(f"http://127.0.0.1:9/{file.name}",))
            for file in download.files
        )
        if name == "MNIST":
            checksum = hashlib.sha256(content).hexdigest()
            address = (f"{here}/mnist.npz",)
            files = (replace(files[0], addresses=address, size=len(content), sha256=checksum),)
        setattr(published, name, replace(download, files=files))
    return server


st.set_page_config(layout="wide")
prepared()  # before the list of data sets takes their addresses

from core.lessons.data import DataFields  # noqa: E402
from core.ui import data, refresh, state  # noqa: E402
from core.ui.components import tiles  # noqa: E402
from core.ui.controls import Controls  # noqa: E402

NAMES = ("cat", "dog", "owl")


class DemoLesson(DataFields):
    """The settings of the data alone."""

    page: ClassVar[str] = "demo"


@st.fragment(key=refresh.STAGE)
def show_stage() -> None:
    """What a page has above its views."""
    st.text(state.current(DemoLesson).dataset)


@st.fragment(key=refresh.SETTINGS)
def show_settings() -> None:
    """All controls of the data."""
    controls = Controls(DemoLesson, refresh.SETTINGS, refresh.everything)
    data.draw_settings(controls)
    controls.settle()


@st.fragment(key=refresh.VIEW)
def show_view() -> None:
    """The view under test."""
    data.show(DemoLesson)


@st.fragment(run_every=0.3)
def show_tiles() -> None:
    """Twelve pictures with other answers at every run, and every third time others."""
    run: int = st.session_state.get("_runs", 0) + 1
    st.session_state["_runs"] = run
    st.text(f"run {run}")
    images = np.random.default_rng(run // 3).integers(0, 256, (12, 8, 8, 3), dtype=np.uint8)
    shown = [
        tiles.Tile(
            f"run {run}",
            "loss 0.1",
            right=(run + place) % 2 == 0,
            bars=tuple((name, (place + k) / 20) for k, name in enumerate(NAMES)),
            truth="dog",
        )
        for place in range(12)
    ]
    tiles.show(images, shown, key="tiles", alt="Predictions")


def show_choice() -> None:
    """Forty pictures, of which one is chosen."""

    def choose() -> None:
        st.session_state["_chosen"] = tiles.selected("choice")

    chosen = st.session_state.get("_chosen")
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28, 1), dtype=np.uint8)
    captions = [f"picture {place}" for place in range(40)]
    tiles.show(images, captions, key="choice", chosen=chosen, on_select=choose)
    st.text(f"chosen {chosen}")


part = st.query_params.get("part")
if part == "tiles":
    show_tiles()
elif part == "choice":
    show_choice()
else:
    if "_arrived" not in st.session_state:
        st.session_state["_arrived"] = True
        state.arrive(DemoLesson)
    show_stage()
    show_settings()
    show_view()
data.load_components()
