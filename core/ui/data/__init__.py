"""The data set of a page: chosen, downloaded, uploaded, divided and looked at.

A page whose lesson inherits `core.lessons.data.DataFields` draws `draw_settings` among its
settings and `show` as one of its views, and takes its pictures from `parts_of`. It sends
`load_components` once.
"""

from core.ui.data.loaded import dataset_of, own, parts_of
from core.ui.data.settings import draw_settings
from core.ui.data.view import load_components, show

__all__ = ["dataset_of", "draw_settings", "load_components", "own", "parts_of", "show"]
