"""How a person's commands reach the training loop, within one batch."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

import tensorflow as tf


class Controls:
    """Commands come from another thread; a compiled block of steps looks at `interrupt`.

    Attributes:
        interrupt: scalar bool variable, true as soon as a command is there.
    """

    def __init__(self) -> None:
        self.interrupt = tf.Variable(initial_value=False, trainable=False)
        self._commands: deque[Mapping[str, Any]] = deque()
        self._arrived = threading.Condition()
        self._heard: dict[str, int] = {}

    def hear(self, command: Mapping[str, Any]) -> None:
        """Take a command.

        Args:
            command: `sender`, `number` (each sender's count up; one that was heard is passed
                over), `word`, and what belongs to it.
        """
        with self._arrived:
            sender, number = command["sender"], command["number"]
            if number <= self._heard.get(sender, -1):
                return
            self._heard[sender] = number
            self._commands.append(command)
            self.interrupt.assign(True)
            self._arrived.notify_all()

    def take(self) -> list[Mapping[str, Any]]:
        """All commands that have come, oldest first."""
        with self._arrived:
            self.interrupt.assign(False)
            commands = list(self._commands)
            self._commands.clear()
            return commands

    def asked(self, word: str) -> bool:
        """Whether such a command waits to be taken."""
        with self._arrived:
            return any(command["word"] == word for command in self._commands)

    def wait(self, seconds: float) -> None:
        """Until a command comes, at most this long."""
        with self._arrived:
            if not self._commands:
                self._arrived.wait(seconds)
