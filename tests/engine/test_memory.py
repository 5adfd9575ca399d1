"""How a process lays out its memory, as its C library tells."""

import subprocess
import sys

import pytest

COUNTED = """
import ctypes, re, sys, tempfile, threading
from core.engine.memory import few_arenas

if "few" in sys.argv:
    few_arenas()
together = threading.Barrier(6)

def work():
    together.wait()
    kept = [bytes(5_000) for _ in range(200)]
    together.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as told:
    stream = ctypes.c_void_p(libc.fopen(told.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(len(re.findall(rb"<heap nr=", told.read())))
"""


def arenas(*words):
    """How many places a process has that lets six threads work at once."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, *words], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(
    sys.platform != "linux", reason="Other C libraries lay memory out otherwise."
)
def test_threads_take_their_memory_from_few_places():
    assert arenas() > 2
    assert arenas("few") == 2
