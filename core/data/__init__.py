"""Data sets: generated ones, those that come with a package, and the user's own pictures.

Only what every user of a data set meets is exported here. The rest is imported by its own
module: `core.data.registry` (the built-in sets), `core.data.shapes`, `core.data.textures`,
`core.data.digits`, `core.data.faces`, `core.data.uploads`.
"""

from core.data.dataset import DataError, Dataset, Split, split

__all__ = ["DataError", "Dataset", "Split", "split"]
