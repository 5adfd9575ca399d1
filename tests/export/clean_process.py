"""Generated scripts and notebooks, run in a process that knows nothing of this project."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from core.export.notebook import notebook

DRIVER = Path(__file__).with_name("run_scripts.py")


def outputs_of(
    scripts: Iterable[tuple[str, str]], folder: Path, *, book_each: int
) -> dict[str, np.ndarray]:
    """What each script leaves as `output`, by its name; notebooks as "name-book".

    Args:
        scripts: names and texts.
        folder: where they may lie; nothing is in it.
        book_each: of every so many scripts one is run as a notebook, too.
    """
    for number, (name, script) in enumerate(scripts):
        (folder / f"{name}.py").write_text(script, encoding="ascii")
        if number % book_each == 0:
            book = notebook("A lesson", script, "Made for a test.")
            (folder / f"{name}-book.ipynb").write_bytes(book)
    run_alone(folder)
    assert json.loads((folder / "failures.json").read_text()) == {}
    with np.load(folder / "outputs.npz") as found:
        return dict(found)


def run_alone(folder: Path) -> None:
    """Run the folder's scripts where this repository cannot be imported."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-I", str(DRIVER), str(folder)],
        cwd=folder,
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
