"""Files that come inside an installed package, found without importing it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def is_installed(package: str) -> bool:
    """Whether a top-level package is there; it is located, not imported."""
    return find_spec(package) is not None


def folder_of(package: str) -> Path | None:
    """Where a top-level package lies; None where it is not installed."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def installed_file(member: str) -> Path | None:
    """Where a file of an installed package lies; None where it is not there.

    Args:
        member: its path, with slashes, from the package's name on.
    """
    package, _, inside = member.partition("/")
    folder = folder_of(package)
    if folder is None or not (folder / inside).is_file():
        return None
    return folder / inside
