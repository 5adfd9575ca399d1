"""The error that a person at the slider can act on."""


class ShapeError(ValueError):
    """Arrays and settings do not fit together; the message says what would."""
