"""Runs generated scripts and notebooks on their own: `python run_scripts.py FOLDER`.

Writes each `output` to `FOLDER/outputs.npz` under the file's name without its ending, and the
message of each failure to `FOLDER/failures.json`.
"""

import contextlib
import io
import json
import runpy
import sys
import traceback
from pathlib import Path

import numpy as np


def cell_by_cell(path):
    """Run a notebook's code cells in one namespace, as Jupyter does."""
    names = {"__name__": "__main__"}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], f"{path.name}#{cell['id']}", "exec"), names)
    return names


def run(path):
    """The final names of a script or notebook."""
    return cell_by_cell(path) if path.suffix == ".ipynb" else runpy.run_path(str(path))


def main(folder):
    """Run every script and notebook of the folder."""
    outputs, failures = {}, {}
    for path in sorted(folder.glob("case-*")):
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                outputs[path.stem] = run(path)["output"]
        except Exception:  # whatever a script raises is a finding
            failures[path.stem] = traceback.format_exc(limit=3)
        if path.stem in outputs and not printed.getvalue().strip():
            failures[path.stem] = "nothing was printed"
    np.savez(folder / "outputs.npz", **outputs)
    (folder / "failures.json").write_text(json.dumps(failures))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
