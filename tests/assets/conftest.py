"""No test here asks the real servers."""

from tests.stand_in import keras_home, online, stand_in

__all__ = ["keras_home", "online", "stand_in"]
