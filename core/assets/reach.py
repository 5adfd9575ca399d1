"""Whether there is a way to where data and weights are: asked in the background, remembered."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from core.assets.downloads import Download

TIMEOUT_S = 4.0
"""How long a server may take to answer, in seconds."""

REMEMBERED_S = 60.0
"""How long an answer counts, in seconds."""

PATIENCE_S = 0.5
"""How long a page waits for an answer before it shows itself without one, in seconds."""


class Reach:
    """What is known about addresses. One for the whole process: see `REACH`."""

    def __init__(self, ask: Callable[[str], str]) -> None:
        """Use `ask` to find out why an address does not answer; it gives "" where it does."""
        self._ask = ask
        self._lock = threading.Lock()
        self._answers: dict[str, tuple[float, str]] = {}
        self._questions: dict[str, threading.Thread] = {}

    def reason(self, address: str, patience: float = PATIENCE_S) -> str:
        """Why an address does not answer; empty where it does, or where that is not known yet.

        Args:
            address: what a download would ask for first.
            patience: longest wait, in seconds; the answer is remembered for the next call.
        """
        with self._lock:
            asked, answer = self._answers.get(address, (float("-inf"), ""))
            if time.monotonic() - asked < REMEMBERED_S:
                return answer
            question = self._questions.get(address)
            if question is None:
                question = threading.Thread(target=self._find_out, args=(address,), daemon=True)
                self._questions[address] = question
                question.start()
        question.join(patience)
        with self._lock:
            return self._answers.get(address, (0.0, answer))[1]

    def forget(self) -> None:
        """Ask anew from now on: a download has just gone well, or has not."""
        with self._lock:
            self._answers.clear()

    def _find_out(self, address: str) -> None:
        answer = self._ask(address)
        with self._lock:
            self._answers[address] = (time.monotonic(), answer)
            self._questions.pop(address, None)


def ask(address: str) -> str:
    """Why an address does not answer, in a few words; empty where it does."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - opened only if http
    if request.type not in ("http", "https"):
        return "its address is none of the web"
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310 - checked above
            return ""
    except urllib.error.HTTPError as error:
        error.close()
        # Some servers refuse the question and answer the download.
        refused = error.code in (http.client.METHOD_NOT_ALLOWED, http.client.NOT_IMPLEMENTED)
        return "" if refused else f"its server answers {error.code} ({error.reason})"
    except (http.client.HTTPException, OSError, ValueError):
        return "there is no network, or it is blocked"


REACH = Reach(ask)
"""What this process knows."""


def why_not(download: Download, patience: float = PATIENCE_S) -> str:
    """Why something cannot be downloaded at the moment; empty where it can.

    Returns:
        A few words, such as "there is no network, or it is blocked".
    """
    return REACH.reason(download.files[0].sources()[0], patience)
