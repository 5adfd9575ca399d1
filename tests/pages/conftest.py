"""Pages run in their frame, except on a first visit."""

from tests.ui.conftest import first_visit, navigation

__all__ = ["first_visit", "navigation"]
