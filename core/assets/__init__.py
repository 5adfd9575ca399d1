"""Weights and data that are not in the repository: where they are, and how they get here.

`path(name)` gives a file of the manifest, fetched where it is not here; `here(name)` gives it
only if it is. `python -m core.assets list` shows what there is.
"""

from core.assets.store import AssetError, here, path, unavailable

__all__ = ["AssetError", "here", "path", "unavailable"]
