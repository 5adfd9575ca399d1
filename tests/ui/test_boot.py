"""What the server does once, around the first page."""

import importlib
import subprocess
import sys

import pytest

from core.ui import boot

QUIET = "import gc, sys, logging\nlogging.disable(logging.CRITICAL)\nfrom core.ui import boot\n"


def output_of(code: str) -> str:
    """What a clean process prints."""
    done = subprocess.run(
        [sys.executable, "-c", QUIET + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", [*boot.AT_ONCE, *boot.LATER])
def test_what_is_warmed_up_can_be_imported(name):
    assert importlib.import_module(name).__name__ == name


def test_the_first_page_finds_its_modules_frozen_out_of_garbage_collection():
    printed = output_of(
        "assert gc.get_freeze_count() == 0\n"
        "first = boot.warm_up()\n"
        "print(gc.get_freeze_count(), all(name in sys.modules for name in boot.AT_ONCE))\n"
        "assert boot.warm_up() is first\n"
        "first.cancel()\n"
    )
    frozen, loaded = printed.split()
    assert int(frozen) > 30_000
    assert loaded == "True"


def test_what_views_need_is_loaded_and_frozen_when_the_page_stands():
    printed = output_of(
        "boot._PAUSE = 0.01\n"
        "timer = boot.warm_up()\n"
        "first = gc.get_freeze_count()\n"
        "assert timer.daemon\n"
        "timer.join()\n"
        "print(gc.get_freeze_count() > first, all(n in sys.modules for n in boot.LATER))\n"
    )
    assert printed == "True True"


def test_warming_up_leaves_tensorflow_alone():
    heavy = "('tensorflow', 'keras', 'keras_cv')"
    printed = output_of(
        "boot.load(boot.AT_ONCE + boot.LATER)\n"
        f"print([name for name in sys.modules if name.split('.')[0] in {heavy}])\n"
    )
    assert printed == "[]"
