"""What can go wrong with a run, told to the person at the page."""

from __future__ import annotations


class RunError(ValueError):
    """A run that cannot be started or steered as asked; the message says what would work."""
