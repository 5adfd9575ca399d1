"""Pictures as arrays: safe decoding of uploads, sample photos, colour, size and levels.

Only the border is exported here. The lessons import what they need by its own module:
`core.images.samples`, `core.images.pixels`, `core.images.scale`, `core.images.levels`,
`core.images.colour`.
"""

from core.images.decode import ImageError, decode_image, digest

__all__ = ["ImageError", "decode_image", "digest"]
