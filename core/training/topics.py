"""Names of the topics that a run is told and steered on."""

from __future__ import annotations


def events_of(run: str) -> str:
    """What the run tells."""
    return f"run-{run}"


def looks_of(run: str) -> str:
    """Its snapshots; of these only the latest are kept."""
    return f"run-{run}-looks"


def commands_of(run: str) -> str:
    """What is asked of it."""
    return f"run-{run}-commands"
