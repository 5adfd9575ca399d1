"""A stand-in for the servers that data and weights come from; no test asks the real ones."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.assets.reach import REACH
from core.assets.remote import MIRROR, RemoteFile


@dataclass
class StandIn:
    """What the server does.

    Attributes:
        address: of its root, without a slash at the end.
        files: content by path, such as "/mnist.npz".
        statuses: what it answers instead of 200, by path.
        breaks: after how many bytes each of the next connections breaks, first the next.
        ranges: whether it can begin in the middle.
        stated: the length that it states instead of the right one; None for the right one.
        requests: every method, path and range asked for.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    ranges: bool = True
    states_length: bool = True
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    gate: threading.Event | None = None

    def offer(self, name: str, content: bytes, place: str = "") -> RemoteFile:
        """Serve a file; gives its description."""
        self.files[f"/{name}"] = content
        return described(f"{self.address}/{name}", content, place or name)


def described(address: str, content: bytes, place: str) -> RemoteFile:
    """The description of a file with this content."""
    return RemoteFile((address,), place, len(content), hashlib.sha256(content).hexdigest())


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_HEAD(self) -> None:
        self.stand_in.requests.append(("HEAD", self.path, ""))
        self.send_response(self._status())
        self.end_headers()

    def do_GET(self) -> None:
        s = self.stand_in
        asked = self.headers.get("Range", "")
        s.requests.append(("GET", self.path, asked))
        status = self._status()
        if status >= 400:
            self.send_error(status)
            return
        if s.gate:
            s.gate.wait()
        content = s.files[self.path]
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and s.ranges else 0
        self.send_response(206 if begin else 200)
        if s.states_length:
            self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        end = begin + s.breaks.pop(0) if s.breaks else len(content)
        self.wfile.write(content[begin:end])
        self.close_connection = True

    def _status(self) -> int:
        known = self.path in self.stand_in.files
        return self.stand_in.statuses.get(self.path, 200 if known else 404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server on this machine that does as it is told."""
    served = StandIn()
    handler = type("Handler", (_Handler,), {"stand_in": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def keras_home(tmp_path, monkeypatch):
    """An empty folder of its own, and no way to the network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv(MIRROR, "http://127.0.0.1:9")
    REACH.forget()
    return tmp_path / "keras"


@pytest.fixture
def online(monkeypatch):
    """The files' own addresses are asked, which a test points at its stand-in."""
    monkeypatch.delenv(MIRROR)
