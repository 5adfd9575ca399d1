"""Runs exported training scripts on their own: `python run_training.py FOLDER`.

Every folder in FOLDER holds a `training.py` or a `training.ipynb`, and what it reads. What it
leaves in `curve` or in `rates` and `losses` is written to `told.json` there.
"""

import contextlib
import io
import json
import os
import sys
import traceback
from pathlib import Path

from tests.export.run_scripts import run


def main(folder):
    """Run what is in each folder, with that folder as the current one."""
    for case in sorted(path.resolve() for path in folder.iterdir()):
        os.chdir(case)
        script = next(case.glob("training.*"))
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                names = run(script)
            told = {
                name: list(names[name])
                for name in ("curve", "rates", "losses")
                if name in names
            }
        except Exception:  # whatever a script raises is a finding
            told = {"failure": traceback.format_exc(limit=4)}
        (case / "told.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
