"""Start the app for a script that looks at it."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
APP = ROOT / "streamlit_app.py"


@contextmanager
def served(port: int, script: Path = APP) -> Iterator[str]:
    """Serve `script` on `port` and give its address; it ends with the block."""
    options = ("--server.headless=true", "--server.fileWatcherType=none")
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    app = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        _wait(f"{address}/_stcore/health", app)
        yield address
    finally:
        app.terminate()
        app.wait()


def _wait(health: str, app: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if app.poll() is not None:
            raise RuntimeError(f"the app ended with code {app.returncode} before it answered")
        try:
            urllib.request.urlopen(health, timeout=1)  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the app did not answer within 30 s")
