"""The app as a server of its own: started on a free port, watched, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds until a server that does not answer counts as broken."""

_STREAMLIT = (sys.executable, "-m", "streamlit")
_ARGUMENTS = ("--server.headless", "true", "--server.fileWatcherType", "none", "--server.port")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Server:
    """A running app.

    Attributes:
        url: its address, without a slash at the end.
        process: the operating system's process.
        log: file with all that it has printed.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self, lines: int = 40) -> str:
        """The end of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


@contextmanager
def serving(
    log: Path, program: Sequence[str] = _STREAMLIT, script: str = "streamlit_app.py"
) -> Iterator[Server]:
    """Start the app, wait until it answers, end it afterwards.

    Args:
        log: file for its output.
        program: what runs Streamlit's command line.
        script: what is run, below the repository's top.
    """
    port = _free_port()
    command = [*program, "run", script, *_ARGUMENTS, str(port)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        server = Server(f"http://localhost:{port}", process, log)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The app does not answer.\n{server.last_words()}")
