"""Home: the lessons, and every preset as a link."""

from core.ui import home, page

page.begin("pages/home.py")
home.introduce()
home.lessons()
home.presets()
